//! The desktop shell: window, IPC, clipboard, lock, notifications, timer.
//!
//! Deliberately absent: SQL, decisions, values. A command parses, calls [`keywheel_core::App`] and shows.

#[cfg(all(feature = "fail-points", not(debug_assertions)))]
compile_error!("the feature fail-points lets values out: it is for tests, not for an optimised build");

#[cfg(target_os = "linux")]
mod again;
mod ahead;
mod args;
mod clipboard;
mod commands;
mod desktop;
mod dto;
mod elsewhere;
mod gesture;
#[cfg(feature = "fail-points")]
mod leaks;
mod leaving;
mod lock;
mod memory;
mod names;
mod new_file;
#[cfg(target_os = "linux")]
mod notices;
mod progress;
mod quick;
#[cfg(unix)]
mod requests;
mod shortcut;
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
        Ok(app) => app.run(|handle, event| {
            quick::on_event(handle, &event);
            leaving::on_event(handle, event);
        }),
        Err(error) => {
            #[cfg(target_os = "linux")]
            again::start(&error);
            tracing::error!("the window could not be opened: {error}");
            std::process::exit(1);
        }
    }
}
