//! What lies on disk: every file below a folder.

use std::path::Path;

use super::{Finding, Scanner};

/// Looks through all files below a folder, their names too. Returns how many were read, and what was seen.
pub fn files(folder: &Path, scanner: &Scanner) -> (usize, Vec<Finding>) {
    let (mut read, mut found) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, Ok(kind)) = (entry.path(), entry.file_type()) else {
            continue;
        };
        let place = path.display().to_string();
        found.extend(scanner.plainly(&format!("the name of {place}"), entry.file_name().as_encoded_bytes()));
        if kind.is_dir() {
            let (below, seen) = files(&path, scanner);
            read += below;
            found.extend(seen);
        } else if kind.is_file() {
            // A rollback journal may be gone by now.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            read += 1;
            found.extend(scanner.find(&place, &bytes));
        }
    }
    (read, found)
}
