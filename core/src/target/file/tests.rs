//! A replacement keeps all that a file has, or is refused; it never leaves half a file.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::Open;
use crate::failure::Code;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn file(folder: &Path, text: &str) -> PathBuf {
    let path = folder.canonicalize().expect("a folder").join(".env");
    fs::write(&path, text).expect("it is written");
    path
}

fn replace(path: &Path, text: &str) -> Result<(), Code> {
    let open = Open::at(path).map_err(|failure| failure.code)?;
    let bytes = Zeroizing::new(text.as_bytes().to_vec());
    open.replace(&bytes).map_err(|failure| failure.code)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string();
    entries.map(|entry| name(entry).expect("a name")).collect()
}

#[test]
fn the_mode_and_the_group_are_kept() {
    for mode in [0o600, 0o640, 0o644, 0o400 | 0o200] {
        let folder = folder();
        let path = file(folder.path(), "A=1");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let before = fs::metadata(&path).unwrap();
        assert_eq!(replace(&path, "A=2"), Ok(()));
        let after = fs::metadata(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "A=2");
        assert_eq!(after.mode(), before.mode());
        assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
        assert_eq!(names(folder.path()), [".env"], "nothing else is left there");
    }
}

#[test]
fn extended_attributes_are_kept() {
    use rustix::fs::{XattrFlags, getxattr, setxattr};
    let folder = folder();
    let path = file(folder.path(), "A=1");
    if setxattr(&path, "user.keywheel.test", b"kept", XattrFlags::empty()).is_err() {
        // This file system has none to lose.
        return;
    }
    assert_eq!(replace(&path, "A=2"), Ok(()));
    let mut value = [0u8; 16];
    let size = getxattr(&path, "user.keywheel.test", &mut value).expect("it is there");
    assert_eq!(&value[..size], b"kept");
}

#[test]
fn what_a_replacement_would_lose_is_refused() {
    let folder = folder();
    let path = file(folder.path(), "A=1");
    fs::hard_link(&path, folder.path().join("second")).unwrap();
    assert_eq!(replace(&path, "A=2"), Err(Code::TargetNotSafe));
    fs::remove_file(folder.path().join("second")).unwrap();
    let link = path.with_file_name("link");
    symlink(&path, &link).unwrap();
    assert_eq!(
        replace(&link, "A=2"),
        Err(Code::TargetMoved),
        "a link is never replaced"
    );
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(replace(&path, "A=2"), Err(Code::TargetNotSafe));
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(replace(&path, "A=2"), Err(Code::TargetRefused), "read-only is a wish");
    assert_eq!(replace(folder.path(), "A=2"), Err(Code::TargetNotSafe));
    assert_eq!(replace(&path.with_file_name("none"), "A=2"), Err(Code::TargetGone));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, vec![b'a'; (1 << 20) + 1]).unwrap();
    assert_eq!(replace(&path, "A=2"), Err(Code::TargetNotSafe));
}

#[test]
fn a_file_that_changes_meanwhile_is_left_to_the_other() {
    let folder = folder();
    let path = file(folder.path(), "A=1");
    let open = Open::at(&path).unwrap();
    fs::write(&path, "A=theirs").unwrap();
    let refused = open.replace(&Zeroizing::new(b"A=2".to_vec()));
    assert_eq!(refused.map_err(|failure| failure.code), Err(Code::TargetChanged));
    assert_eq!(fs::read_to_string(&path).unwrap(), "A=theirs");
    let open = Open::at(&path).unwrap();
    fs::rename(&path, path.with_file_name("gone")).unwrap();
    let refused = open.replace(&Zeroizing::new(b"A=2".to_vec()));
    assert_eq!(refused.map_err(|failure| failure.code), Err(Code::TargetGone));
    assert_eq!(names(folder.path()), ["gone"], "no draft is left");
}

/// The name of a draft of `.env`, of which one state of a file is said to be the draft and another one what was read.
fn draft(own: &Path, read: &Path) -> String {
    let stat = |path: &Path| rustix::fs::stat(path).expect("it is there");
    let name = super::draft::named(".env".as_ref(), &stat(own), &stat(read));
    name.into_string().expect("text")
}

#[test]
fn what_a_killed_process_left_behind_is_taken_away() {
    let folder = folder();
    let path = file(folder.path(), "A=1");
    let aside = folder.path().join("aside");
    for (own, read) in [(&aside, &path), (&path, &aside)] {
        fs::write(&aside, "A=half").unwrap();
        let left = folder.path().join(draft(own, read));
        fs::rename(&aside, left).unwrap();
        assert_eq!(
            replace(&path, "A=2"),
            Ok(()),
            "the draft, or what it came in the place of"
        );
        assert_eq!(names(folder.path()), [".env"]);
    }
    fs::write(folder.path().join("..env.keywheel-new"), "A=ha").unwrap();
    assert_eq!(replace(&path, "A=3"), Ok(()), "a draft that is not whole");
    assert_eq!(names(folder.path()), [".env"]);
}

#[test]
fn what_another_program_has_saved_is_not_taken_for_a_draft() {
    let folder = folder();
    let path = file(folder.path(), "A=1");
    let read = folder.path().join("read");
    fs::write(&read, "A=0").unwrap();
    let left = folder.path().join(draft(&path, &read));
    fs::remove_file(&read).unwrap();
    // Killed after the exchange: what came out was saved in the last moment.
    fs::write(&left, "A=0\nOTHER=only-copy\n").unwrap();
    assert_eq!(replace(&path, "A=2"), Err(Code::TargetNotSafe), "a person is told");
    let looked = Open::to_look(&path).map(drop).map_err(|failure| failure.code);
    assert_eq!(looked, Err(Code::TargetNotSafe));
    assert_eq!(fs::read_to_string(&left).unwrap(), "A=0\nOTHER=only-copy\n");
    fs::rename(&left, &path).unwrap();
    assert_eq!(replace(&path, "A=2"), Ok(()), "it was put back");
}

#[test]
fn a_reader_never_sees_half_a_file() {
    let folder = folder();
    let long = |letter: &str| format!("A={}", letter.repeat(9000));
    let path = file(folder.path(), &long("0"));
    let reader = {
        let path = path.clone();
        std::thread::spawn(move || {
            let whole = |text: String| text.len() == 9002 && text[2..].bytes().all(|byte| byte == text.as_bytes()[2]);
            (0..2000).all(|_| fs::read_to_string(&path).is_ok_and(whole))
        })
    };
    for round in 0..200 {
        assert_eq!(replace(&path, &long(&(round % 10).to_string())), Ok(()));
    }
    assert!(reader.join().unwrap());
}

#[test]
fn two_that_replace_at_once_do_so_one_after_the_other() {
    let folder = folder();
    let path = file(folder.path(), "0");
    let count = |path: PathBuf| {
        for _ in 0..50 {
            let open = Open::at(&path).unwrap();
            let next: u32 = std::str::from_utf8(open.bytes()).unwrap().parse().unwrap();
            open.replace(&Zeroizing::new((next + 1).to_string().into_bytes()))
                .unwrap();
        }
    };
    let others: Vec<_> = (0..4)
        .map(|_| {
            std::thread::spawn({
                let path = path.clone();
                move || count(path)
            })
        })
        .collect();
    others.into_iter().for_each(|other| other.join().unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), "200");
}

/// Another program saves: by a new file in its place, or into the one that is there.
#[cfg(target_os = "linux")]
fn save(path: &Path, by_rename: bool, text: &str) {
    match by_rename {
        true => {
            let new = path.with_file_name("new");
            fs::write(&new, text).unwrap();
            fs::rename(new, path).unwrap();
        }
        false => fs::write(path, text).unwrap(),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn of_several_saves_between_two_exchanges_the_newest_stands_and_none_is_lost() {
    for (first, second) in [(true, true), (true, false), (false, true), (false, false)] {
        let folder = folder();
        let path = file(folder.path(), "A=1");
        let open = Open::at(&path).unwrap();
        let draft = open.write(b"A=2").unwrap();
        save(&path, first, "A=1\nFIRST=1\n");
        let mut exchanges = 0;
        let done = open.exchange_beside(&draft, || {
            exchanges += 1;
            if exchanges == 1 {
                save(&path, second, "A=1\nFIRST=1\nSECOND=2\n");
            }
        });
        assert_eq!(done.map_err(|failure| failure.code), Err(Code::TargetChanged));
        assert_eq!(fs::read_to_string(&path).unwrap(), "A=1\nFIRST=1\nSECOND=2\n");
        let aside = folder.path().join(&draft);
        assert_eq!(fs::read_to_string(&aside).unwrap(), "A=1\nFIRST=1\n");
        drop(open);
        assert_eq!(replace(&path, "A=3"), Err(Code::TargetNotSafe), "it is said");
        assert!(aside.exists());
    }
}
