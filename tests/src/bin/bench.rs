//! `cargo xtask bench`: measures an optimised build, prints the figures, and keeps them.

use std::path::PathBuf;
use std::process::ExitCode;

use tests::bench::{self, Programs, figure};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match measure(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments: the window, the empty window, the package, the page that keeps the figures, and where only an idle
/// window is to be measured, for how many minutes.
async fn measure(mut arguments: Vec<PathBuf>) -> Result<(), String> {
    let minutes = arguments.get(4).map(|text| text.to_string_lossy().parse());
    let minutes: Option<u32> = minutes.transpose().map_err(|_| "minutes are a number")?;
    arguments.truncate(4);
    let arguments: [PathBuf; 4] = arguments.try_into().map_err(|_| "four paths are needed")?;
    let [desktop, empty, package, page] = arguments;
    let programs = Programs {
        desktop,
        empty,
        package,
    };
    let figures = match minutes {
        Some(minutes) => bench::idle(&programs, minutes).await?,
        None => bench::measure(&programs).await?,
    };
    println!("{}", figure::table(&figures));
    figure::keep(&page, &figures)?;
    println!("kept in {}", page.display());
    Ok(())
}
