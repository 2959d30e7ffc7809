//! A text in a file that was not there: whole or not at all, for the person alone to read.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use keywheel_core::failure::{Code, Failure};
use tempfile::NamedTempFile;

/// Writes it beside its place first, so that a full disk leaves nothing behind. Never in the place of another file.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|_| path.is_absolute());
    let folder = folder.ok_or_else(|| Failure::new(Code::InputInvalid).field("path"))?;
    let written = NamedTempFile::new_in(folder).and_then(|mut draft| {
        draft.write_all(text.as_bytes())?;
        draft.as_file().sync_all()?;
        draft.persist_noclobber(path).map(drop).map_err(|failed| failed.error)
    });
    written.map_err(|error| Failure::new(code(&error)).field("path"))
}

fn code(error: &io::Error) -> Code {
    match error.kind() {
        ErrorKind::AlreadyExists => Code::InputDuplicateName,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::TargetFull,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Code::TargetRefused,
        _ => Code::InputInvalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> (Code, Option<String>) {
        let failure = write(path, "a,b\n").expect_err("it is refused");
        (failure.code, failure.field)
    }

    #[test]
    fn a_file_is_written_for_its_owner_alone_and_never_over_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("activity.csv");
        write(&path, "a,b\n").expect("it is written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = path.metadata().expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let field = Some("path".to_owned());
        std::fs::write(&path, "theirs").expect("another writes there");
        assert_eq!(refused(&path), (Code::InputDuplicateName, field.clone()));
        assert_eq!(std::fs::read_to_string(&path).expect("it stays"), "theirs");
        assert_eq!(refused(&folder.path().join("no/such/folder.csv")).0, Code::InputInvalid);
        assert_eq!(refused(Path::new("activity.csv")), (Code::InputInvalid, field));
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 1, "no draft is left");
    }

    #[test]
    fn no_room_is_told_as_that() {
        let told = |kind: ErrorKind| code(&io::Error::from(kind));
        assert_eq!(told(ErrorKind::StorageFull), Code::TargetFull);
        assert_eq!(told(ErrorKind::QuotaExceeded), Code::TargetFull);
        assert_eq!(told(ErrorKind::PermissionDenied), Code::TargetRefused);
    }
}
