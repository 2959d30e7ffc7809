//! A text in a file that was not there: whole or not at all, for the person alone to read, where the desktop's dialog says.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use keywheel_core::clock::Entropy;
use keywheel_core::failure::{Code, Failure};
use tempfile::NamedTempFile;

/// The place that a person has chosen last, until a file is written there. The page has a word for it, and no say in it.
#[derive(Default)]
pub struct Chosen(Mutex<Option<(String, PathBuf)>>);

impl Chosen {
    /// Returns the word for it; that of a former place is none any more.
    pub fn keep(&self, path: PathBuf, entropy: &dyn Entropy) -> String {
        let mut bytes = [0u8; 16];
        entropy.fill(&mut bytes);
        let handle: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((handle.clone(), path));
        handle
    }

    /// The place, once.
    pub fn take(&self, handle: &str) -> Result<PathBuf, Failure> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = kept.take_if(|(word, _)| word.as_str() == handle);
        let path = taken.map(|(_, path)| path);
        path.ok_or_else(|| Failure::new(Code::InputInvalid).field("path"))
    }
}

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
    fn a_place_is_the_one_that_was_chosen_and_is_used_once() {
        use keywheel_core::clock::SystemEntropy;
        let chosen = Chosen::default();
        assert!(chosen.take("").is_err(), "none was chosen");
        assert!(chosen.take("/home/dana/package.json").is_err());
        let first = chosen.keep(PathBuf::from("/home/dana/first.csv"), &SystemEntropy);
        let second = chosen.keep(PathBuf::from("/home/dana/second.csv"), &SystemEntropy);
        assert!(chosen.take(&first).is_err(), "another one was chosen since");
        let place = chosen.take(&second).expect("the last one");
        assert_eq!(place, PathBuf::from("/home/dana/second.csv"));
        assert!(chosen.take(&second).is_err(), "it was used");
    }

    #[test]
    fn no_room_is_told_as_that() {
        let told = |kind: ErrorKind| code(&io::Error::from(kind));
        assert_eq!(told(ErrorKind::StorageFull), Code::TargetFull);
        assert_eq!(told(ErrorKind::QuotaExceeded), Code::TargetFull);
        assert_eq!(told(ErrorKind::PermissionDenied), Code::TargetRefused);
    }
}
