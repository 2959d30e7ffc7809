//! What the command line says: where the data lies, and which window is wanted.

use std::path::PathBuf;

/// The arguments of the window.
#[derive(Debug, Clone)]
pub struct Arguments {
    pub data_dir: PathBuf,
    /// Quick access instead of the main window.
    pub quick: bool,
}

/// Asks for quick access; also of the process that runs already.
const QUICK: &str = "--quick";

impl Arguments {
    /// Reads `--data-dir DIR` and `--quick`; everything else is ignored, as a desktop may add arguments of its own.
    pub fn read() -> Arguments {
        let mut arguments = std::env::args_os().skip(1);
        let (mut given, mut quick) = (None, false);
        while let Some(argument) = arguments.next() {
            if argument == "--data-dir" {
                given = arguments.next().map(PathBuf::from);
            }
            quick |= argument == QUICK;
        }
        Arguments {
            data_dir: given.unwrap_or_else(usual_data_dir),
            quick,
        }
    }

    /// Whether a second start asks the running process for quick access.
    pub fn want_quick(arguments: &[String]) -> bool {
        arguments.iter().any(|argument| argument == QUICK)
    }
}

/// The per-user data directory; the CLI names the same one.
fn usual_data_dir() -> PathBuf {
    dirs::data_dir().unwrap_or_else(|| PathBuf::from(".")).join("keywheel")
}
