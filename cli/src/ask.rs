//! A yes or no of the person at the terminal.

use std::io::{BufRead, IsTerminal, Write};

use crate::exit::{Exit, Stop};
use crate::render::Out;

/// Asks, unless `yes` was given. Where nobody can be asked, nothing is done.
pub fn confirm(out: &Out, question: &str, yes: bool) -> Result<(), Stop> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || out.json {
        return Err(Stop::about(
            "yes",
            "nobody can be asked here; look at the plan and give --yes",
        ));
    }
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "{} [y/N] ", crate::render::escape(question)).and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    out.aside("Nothing was done.");
    Err(Stop::Quiet(Exit::Later))
}
