//! The `keywheel` command: every use case of Keywheel from a terminal or a script.
//!
//! Deliberately absent: SQL, requests and decisions. It reads arguments, calls [`keywheel_core::App`] and
//! prints. A value comes in by a prompt or standard input and goes out by `copy` or `reveal`, never by argument.

#[cfg(all(feature = "fail-points", not(debug_assertions)))]
compile_error!("the feature fail-points lets values out: it is for tests, not for an optimised build");

mod args;
mod ask;
mod clipboard;
mod commands;
mod echo;
mod exit;
#[cfg(feature = "fail-points")]
mod fail_points;
mod interrupts;
#[cfg(feature = "fail-points")]
mod leaks;
mod live;
mod places;
mod render;
mod secret_input;
mod session;
mod table;
mod words;

use std::process::exit;

/// Wipes what is freed, so that a value does not outlive its use in this process's memory.
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() {
    keywheel_core::leave_no_core_file();
    let arguments = match args::read() {
        Ok(arguments) => arguments,
        Err(end) => exit(end.code()),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(_) => exit(exit::Exit::Failed.code()),
    };
    let end = runtime.block_on(commands::run(arguments));
    // A keychain that does not answer must not hold up the exit.
    runtime.shutdown_background();
    exit(end.code());
}
