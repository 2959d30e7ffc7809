//! Values of keys in files that git tracks.

use std::path::PathBuf;

use clap::Args;
use keywheel_wire::ScanView;
use keywheel_wire::render::scan_view;

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};
use crate::session::Session;

const HELP: &str = "\
Looks through the files that git tracks under FOLDER, as they lie there now; not through former commits.
Prints where a value stands and whose it is, never the value, and flags its key until the next scan. Exit: 0 none was found, 3 at least one was.";

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Scan {
    /// A folder in a git repository
    folder: PathBuf,
}

impl Scan {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let folder = std::path::absolute(&self.folder).map_err(|_| Stop::about("folder", "it has no whole path"))?;
        let scanned = session.app.scan(&folder).await?;
        let view = scan_view(&scanned, &session.names().await?);
        session.out.value(&view);
        tell(&session.out, &view);
        Ok(match view.found.is_empty() {
            true => Exit::Done,
            false => Exit::Found,
        })
    }
}

fn tell(out: &Out, view: &ScanView) {
    for place in &view.found {
        out.line(
            Line::new()
                .look(Look::Bad, format!("{}:{}", place.path, place.line))
                .text(format!("  {}", place.key)),
        );
    }
    out.line(view.message.as_str());
    for passed in &view.passed_over {
        out.line(Line::new().look(Look::Quiet, passed));
    }
    if !view.found.is_empty() {
        out.line("A value in a repository has leaked; its key is flagged. `keywheel leaked` says what to do.");
    }
}
