fn main() {
    keywheel_desktop::run();
}
