//! Prints the TypeScript declarations: `cargo xtask bindings` writes them to `ui/src/ipc/types.ts`.

fn main() {
    print!("{}", keywheel_wire::typescript());
}
