//! Values of keys in files that git tracks.

mod tracked;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words::full_name;

const HELP: &str = "\
Looks through the files that git tracks under FOLDER, as they lie there now; not through former commits.
Prints where a value stands and whose it is, never the value. Exit: 0 none was found, 3 at least one was.";

/// Larger files are counted and passed over.
const LARGEST: u64 = 5 * 1024 * 1024;

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Scan {
    /// A folder in a git repository
    folder: PathBuf,
}

/// What was found, and what was not looked at.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    found: Vec<Place>,
    files: usize,
    /// Larger than 5 MB.
    too_large: usize,
    /// Links, folders of other repositories, and what cannot be read.
    not_read: usize,
    values: usize,
    /// Keys whose value Keywheel does not hold.
    not_held: usize,
    too_short: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    path: String,
    line: usize,
    key_id: String,
    key: String,
}

impl Scan {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (app, out) = (&session.app, &session.out);
        let paths = tracked::list(&self.folder)?;
        let scanner = app.scanner().await?;
        let names = session.names().await?;
        let inventory = session.inventory().await?;
        let mut found = Found {
            values: scanner.values(),
            not_held: scanner.not_held,
            too_short: scanner.too_short,
            ..Found::default()
        };
        for path in paths {
            match tracked::read(&self.folder.join(&path), LARGEST) {
                tracked::Read::Bytes(bytes) => {
                    found.files += 1;
                    for hit in scanner.look(&bytes) {
                        let shown = inventory.keys.iter().find(|key| key.id == hit.key.id.to_string());
                        let org = shown.map(|key| key.org_name.clone()).unwrap_or_default();
                        let environment = names.environment(hit.key.environment_id);
                        found.found.push(Place {
                            path: shown_path(&path),
                            line: hit.line,
                            key_id: hit.key.id.to_string(),
                            key: full_name(&org, &environment, hit.key.name.as_str()),
                        });
                    }
                }
                tracked::Read::TooLarge => found.too_large += 1,
                tracked::Read::Not => found.not_read += 1,
            }
        }
        out.value(&found);
        tell(session, &found);
        Ok(if found.found.is_empty() {
            Exit::Done
        } else {
            Exit::Found
        })
    }
}

fn shown_path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn tell(session: &Session, found: &Found) {
    let out = &session.out;
    for place in &found.found {
        out.line(
            Line::new()
                .look(Look::Bad, format!("{}:{}", place.path, place.line))
                .text(format!("  {}", place.key)),
        );
    }
    let places = match found.found.len() {
        0 => "No value was found".to_owned(),
        1 => "1 place".to_owned(),
        many => format!("{many} places"),
    };
    out.line(format!("{places}: {} values in {} files.", found.values, found.files));
    for (count, what) in [
        (found.too_large, "files are larger than 5 MB and were passed over"),
        (found.not_read, "entries are no files that can be read"),
        (
            found.not_held,
            "keys are not held, so that their values could not be looked for",
        ),
        (found.too_short, "values are too short to look for"),
    ] {
        if count > 0 {
            out.line(Line::new().look(Look::Quiet, format!("{count} {what}.")));
        }
    }
    if !found.found.is_empty() {
        out.line("A value in a repository has leaked: `keywheel leaked` says what to do.");
    }
}
