//! What the command line says: where the data lies.

use std::path::PathBuf;

/// The arguments of the window.
#[derive(Debug, Clone)]
pub struct Arguments {
    pub data_dir: PathBuf,
}

impl Arguments {
    /// Reads `--data-dir DIR`; everything else is ignored, as a desktop may add arguments of its own.
    pub fn read() -> Arguments {
        let mut arguments = std::env::args_os().skip(1);
        let mut given = None;
        while let Some(argument) = arguments.next() {
            if argument == "--data-dir" {
                given = arguments.next().map(PathBuf::from);
            }
        }
        Arguments {
            data_dir: given.unwrap_or_else(usual_data_dir),
        }
    }
}

/// The per-user data directory; the CLI names the same one.
fn usual_data_dir() -> PathBuf {
    dirs::data_dir().unwrap_or_else(|| PathBuf::from(".")).join("keywheel")
}
