//! `cargo xtask demo`: Keywheel on the sample world, for a person, or driven through its main job.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tests::provider::Provider;
use tests::sample;
use tests::window::{Look, Outcome, Window};
use tests::{company, journey, window};

struct Arguments {
    desktop: PathBuf,
    sim: PathBuf,
    shots: PathBuf,
    interactive: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let shown = match arguments() {
        Ok(arguments) => show(&arguments).await,
        Err(what) => Err(what),
    };
    match shown {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("the demo stopped: {what}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, String> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        given
            .iter()
            .position(|one| one == name)
            .and_then(|at| given.get(at + 1))
            .map(PathBuf::from)
    };
    Ok(Arguments {
        desktop: after("--desktop").ok_or("--desktop is missing")?,
        sim: after("--sim").ok_or("--sim is missing")?,
        shots: after("--shots").unwrap_or_else(|| PathBuf::from("target/shots")),
        interactive: given.iter().any(|one| one == "--interactive"),
    })
}

async fn show(arguments: &Arguments) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let dir = folder.path().join("demo");
    if arguments.interactive {
        let provider = company::provider(&arguments.sim, folder.path()).await?;
        println!(
            "A simulator on this machine plays all providers, at {}.",
            provider.address
        );
        println!("Thirteen days pass in the demo's company; that takes some seconds.");
        company::fill(&dir, &provider).await?;
        println!("A demo data directory holds 5 organisations, 20 providers and 140 keys.");
        return interactive(&arguments.desktop, &dir).await;
    }
    let provider = Provider::start(&arguments.sim, sample::NOW).await?;
    println!("The provider is a simulator on this machine, at {}.", provider.address);
    sample::fill(&dir, &provider).await?;
    println!("A demo data directory holds 3 organisations, 4 environments and 40 keys.");
    std::fs::create_dir_all(&arguments.shots).map_err(|error| error.to_string())?;
    let look = Look {
        pictures: true,
        ..Look::default()
    };
    let window = Window::open_as(&arguments.desktop, &dir, look).await?;
    let done = journey::main_job(&window, &provider, Some(&arguments.shots)).await;
    if done.is_err() {
        // What the window shows says more than the sentence that follows.
        let _: window::Outcome = window.picture(&arguments.shots.join("stopped-here.png")).await;
    }
    window.close().await?;
    done?;
    println!("All of it happened. The pictures are in {}.", arguments.shots.display());
    Ok(())
}

async fn interactive(desktop: &Path, dir: &Path) -> Outcome {
    println!("Look for the stale keys, open one, and press Rotate. Close the window to end the demo.");
    let ended = tokio::process::Command::new(desktop)
        .arg("--data-dir")
        .arg(dir)
        .status()
        .await;
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the window ended with {status}")),
        Err(error) => Err(format!("the window does not start: {error}")),
    }
}
