//! The desktop shell: window, IPC, clipboard, timer.
//!
//! Deliberately absent: SQL, decisions, values. A command parses, calls [`keywheel_core::App`] and shows.

mod args;
mod clipboard;
mod commands;
mod desktop;
mod dto;
mod leaving;
mod names;
mod progress;
mod ticking;
mod window;

pub use names::COMMANDS;

/// Opens the window and runs until it is closed.
pub fn run() {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("KEYWHEEL_LOG"))
        .with_writer(std::io::stderr)
        .init();
    let arguments = args::Arguments::read();
    let built = window::builder(arguments).build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(leaving::on_event),
        Err(error) => {
            tracing::error!("the window could not be opened: {error}");
            std::process::exit(1);
        }
    }
}
