//! Figures of an optimised build: how long a start, a rotation, a listing, a keystroke and a keychain call take, and
//! how much memory the window needs, each beside the least that it could be.
//!
//! Deliberately absent: any judgement. Nothing fails here because it is slow.

mod crowd;
pub mod figure;
mod idle;
mod inventory;
mod keychain;
mod listing;
mod process;
mod rotation;
mod typing;
mod window;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::window::Outcome;
use figure::Figure;

/// What a call takes at the simulated provider.
const CALL: Duration = Duration::from_millis(80);

/// The optimised programs.
pub struct Programs {
    /// Keywheel's window, which lets a driver in.
    pub desktop: PathBuf,
    /// The window with nothing in it.
    pub empty: PathBuf,
    /// The package that people install.
    pub package: PathBuf,
}

/// Measures a window that nobody touches for so many minutes.
pub async fn idle(programs: &Programs, minutes: u32) -> Outcome<Vec<Figure>> {
    idle::measure(&programs.desktop, minutes).await
}

/// Measures everything else, and says each figure as soon as it is there: the whole takes minutes.
pub async fn measure(programs: &Programs) -> Outcome<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut keep = |what: &str, found: Outcome<Vec<Figure>>| {
        let found = found.map_err(|error| format!("{what}: {error}"))?;
        for figure in &found {
            eprintln!("{}", figure.row());
        }
        figures.extend(found);
        Outcome::Ok(())
    };
    keep("package", package(&programs.package))?;
    keep("keychain", keychain::measure().await)?;
    keep("inventory", inventory::measure().await)?;
    keep("rotation", rotation::measure().await)?;
    keep("listing", listing::measure().await)?;
    keep("window", window::measure(&programs.empty, &programs.desktop).await)?;
    Ok(figures)
}

fn package(file: &Path) -> Outcome<Vec<Figure>> {
    let size = std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mib = size.len() as f64 / (1024.0 * 1024.0);
    Ok(vec![Figure::plain("the .deb", format!("{mib:.1} MiB")).aim("≤ 10")])
}

/// The one in the middle, of values that are in no order.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
