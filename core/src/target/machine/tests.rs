//! Real files and real commands.

mod ending;

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Machine;
use crate::failure::{Code, Effect, Failure};
use crate::model::{Command, EnvFile, Secret, Target};
use crate::target::{Targets, Way};

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn machine(data_dir: &Path) -> Machine {
    Machine::new(data_dir, |name| match name {
        "PATH" => Some(OsString::from("/usr/bin:/bin")),
        "HOME" => Some(OsString::from("/nowhere")),
        _ => None,
    })
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    /// What a process with its data directory here writes with.
    fn machine(&self) -> Machine {
        machine(&self.at("data"))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().expect("a folder").join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.at(name), text).expect("it is written");
        self.at(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_default()
    }

    /// A program that the test writes.
    fn script(&self, name: &str, body: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = self.file(name, &format!("#!/bin/sh\n{body}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("it may be run");
        path.to_str().expect("text").to_owned()
    }
}

fn command(write: &str) -> Command {
    Command {
        write: vec![write.to_owned()],
        confirm: None,
        restore: None,
        allowed: None,
    }
}

async fn found(path: &Path) -> EnvFile {
    machine(path).find(path, "KEY", false).await.expect("a target")
}

fn code<T>(done: Result<T, Failure>) -> Option<Code> {
    done.err().map(|failure| failure.code)
}

#[tokio::test]
async fn a_value_is_replaced_once_and_comes_back() {
    let place = Place::new();
    let path = place.file(".env", "A=1\r\nKEY='old'\r\n");
    let target = Target::EnvFile(found(&path).await);
    let (old, new) = (secret("old"), secret("new"));
    place.machine().check(&target, &old).await.expect("it can be replaced");
    for _ in 0..2 {
        place
            .machine()
            .replace(&target, &old, &new, Way::Deploy)
            .await
            .expect("it is replaced");
        assert_eq!(place.read(".env"), "A=1\r\nKEY='new'\r\n");
    }
    assert_eq!(
        code(place.machine().check(&target, &old).await),
        Some(Code::TargetDrifted)
    );
    let back = place.machine().replace(&target, &new, &old, Way::Restore).await;
    back.expect("it is put back");
    assert_eq!(place.read(".env"), "A=1\r\nKEY='old'\r\n");
}

#[tokio::test]
async fn a_value_of_somebody_else_is_left_there() {
    let place = Place::new();
    let target = Target::EnvFile(found(&place.file(".env", "KEY=theirs\n")).await);
    let done = place
        .machine()
        .replace(&target, &secret("old"), &secret("new"), Way::Deploy)
        .await;
    assert_eq!(code(done), Some(Code::TargetDrifted));
    let back = place
        .machine()
        .replace(&target, &secret("new"), &secret("old"), Way::Restore)
        .await;
    assert!(!back.expect("there is nothing of ours to take back"));
    assert_eq!(place.read(".env"), "KEY=theirs\n");
}

#[tokio::test]
async fn a_link_stays_a_link_and_may_not_lead_elsewhere() {
    let place = Place::new();
    place.file("real", "KEY=old\n");
    place.file("other", "KEY=old\n");
    symlink(place.at("real"), place.at(".env")).unwrap();
    let target = Target::EnvFile(found(&place.at(".env")).await);
    let done = place
        .machine()
        .replace(&target, &secret("old"), &secret("new"), Way::Deploy)
        .await;
    done.expect("it is replaced");
    assert!(fs::symlink_metadata(place.at(".env")).unwrap().is_symlink());
    assert_eq!(
        (place.read("real"), place.read("other")),
        ("KEY=new\n".to_owned(), "KEY=old\n".to_owned())
    );
    fs::remove_file(place.at(".env")).unwrap();
    symlink(place.at("other"), place.at(".env")).unwrap();
    let done = place
        .machine()
        .replace(&target, &secret("new"), &secret("old"), Way::Restore)
        .await;
    assert_eq!(code(done), Some(Code::TargetMoved));
    assert_eq!(place.read("other"), "KEY=old\n");
}

#[tokio::test]
async fn a_file_that_git_tracks_is_a_target_only_when_that_is_said() {
    let place = Place::new();
    let path = place.file(".env", "KEY=old\n");
    let git = |arguments: &[&str]| {
        let ran = std::process::Command::new("git")
            .arg("-C")
            .arg(place.0.path())
            .args(arguments)
            .output();
        assert!(ran.expect("git").status.success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    found(&path).await;
    git(&["add", ".env"]);
    let refused = place.machine().find(&path, "KEY", false).await.map(drop);
    assert_eq!(code(refused), Some(Code::TargetTracked));
    place.machine().find(&path, "KEY", true).await.expect("it was said");
}

#[tokio::test]
async fn a_command_gets_the_value_on_standard_input_and_nowhere_else() {
    let place = Place::new();
    let to = |name: &str| place.at(name).to_str().unwrap().to_owned();
    let body = format!(
        "cat > {}; env > {}; echo \"$@\" > {}; pwd > {}",
        to("value"),
        to("env"),
        to("args"),
        to("pwd")
    );
    let mut one = command(&place.script("write", &body));
    one.write
        .extend(["$(id)".to_owned(), "a b; c".to_owned(), "*".to_owned()]);
    let value = "sk_live_canary'\"$x";
    let done = place
        .machine()
        .replace(&Target::Command(one), &secret("old"), &secret(value), Way::Deploy)
        .await;
    done.expect("it is run");
    assert_eq!(place.read("value"), value, "no line end is added");
    assert_eq!(place.read("args"), "$(id) a b; c *\n", "no shell reads the arguments");
    assert_eq!(place.read("pwd"), "/\n");
    let mut names: Vec<_> = place
        .read("env")
        .lines()
        .map(|line| line.split('=').next().unwrap().to_owned())
        .collect();
    names.retain(|name| !["PWD", "_", "SHLVL", "OLDPWD"].contains(&name.as_str()));
    names.sort();
    assert_eq!(names, ["HOME", "PATH"], "a shell's own aside");
}

#[tokio::test]
async fn a_command_is_confirmed_and_restored_by_commands() {
    let place = Place::new();
    let store = place.at("store").to_str().unwrap().to_owned();
    let hook = Command {
        confirm: Some(vec![
            place.script("confirm", &format!("[ \"$(cat)\" = \"$(cat {store})\" ]")),
        ]),
        restore: Some(vec![
            place.script("restore", &format!("cat > {store}; echo >> {store}.restored")),
        ]),
        ..command(&place.script("write", &format!("cat > {store}")))
    };
    fs::write(place.at("store"), "old").unwrap();
    let target = Target::Command(hook.clone());
    let (old, new) = (secret("old"), secret("new"));
    place.machine().check(&target, &old).await.expect("it is there");
    assert_eq!(
        code(place.machine().check(&target, &new).await),
        Some(Code::TargetDrifted)
    );
    place
        .machine()
        .replace(&target, &old, &new, Way::Deploy)
        .await
        .expect("it is put there");
    assert_eq!(place.read("store"), "new");
    place
        .machine()
        .replace(&target, &new, &old, Way::Restore)
        .await
        .expect("it is put back");
    assert_eq!(
        (place.read("store"), place.read("store.restored")),
        ("old".to_owned(), "\n".to_owned())
    );
    let forgetful = Command {
        write: vec!["/bin/true".to_owned()],
        ..hook
    };
    let done = place
        .machine()
        .replace(&Target::Command(forgetful), &old, &new, Way::Deploy)
        .await;
    assert_eq!(code(done), Some(Code::TargetNotThere));
}

#[tokio::test]
async fn a_command_that_fails_or_hangs_is_ended_and_may_have_done_its_work() {
    let place = Place::new();
    let failed = command(&place.script("no", "exit 3"));
    let done = place
        .machine()
        .replace(&Target::Command(failed), &secret("old"), &secret("new"), Way::Deploy)
        .await;
    let failure = done.expect_err("it says so");
    assert_eq!(
        (failure.code, failure.effect),
        (Code::TargetCommandFailed, Effect::Unknown)
    );
    let pids = place.at("pids").to_str().unwrap().to_owned();
    let hangs = command(&place.script("hang", &format!("sleep 300 & echo $! > {pids}; wait")));
    let hasty = place.machine().with_deadline(Duration::from_secs(2));
    let done = hasty
        .replace(&Target::Command(hangs), &secret("old"), &secret("new"), Way::Deploy)
        .await;
    assert_eq!(code(done), Some(Code::TargetTooLong));
    let child = place.read("pids").trim().to_owned();
    let ended = |_: &u32| fs::read_to_string(format!("/proc/{child}/stat")).map_or(true, |stat| stat.contains(") Z "));
    for round in 0..100 {
        if ended(&round) {
            return;
        }
        tokio::task::spawn_blocking(|| fs::read_dir("/proc").map(Iterator::count))
            .await
            .unwrap()
            .unwrap();
    }
    assert!(ended(&0), "what it started is ended with it");
}

#[tokio::test]
async fn much_output_and_a_value_that_nobody_reads_hold_nothing_up() {
    let place = Place::new();
    let loud = command(&place.script(
        "loud",
        "exec 0<&-; head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2",
    ));
    let long = secret(&"x".repeat(500_000));
    place
        .machine()
        .replace(&Target::Command(loud), &secret("old"), &long, Way::Deploy)
        .await
        .expect("it ends with 0");
}

#[tokio::test]
async fn another_word_or_another_script_is_another_command() {
    let place = Place::new();
    let of = async |command: &Command| {
        place
            .machine()
            .contents(command)
            .await
            .expect("contents")
            .expose()
            .to_owned()
    };
    let script = place.script("write", "cat > /dev/null");
    let (mut one, asked) = (command(&script), of(&command(&script)).await);
    assert_eq!(of(&one).await, asked);
    one.write.push("--prod".to_owned());
    assert_ne!(of(&one).await, asked);
    let confirmed = Command {
        confirm: Some(vec![script.clone()]),
        ..command(&script)
    };
    assert_ne!(of(&confirmed).await, asked);
    let interpreted = Command {
        write: vec!["/bin/sh".to_owned(), script.clone()],
        ..command("")
    };
    let settings = Command {
        write: vec!["/bin/sh".to_owned(), format!("--rcfile={script}")],
        ..command("")
    };
    let (before, within) = (of(&interpreted).await, of(&settings).await);
    place.script("write", "cat > /dev/null; true");
    assert_ne!(of(&command(&script)).await, asked);
    assert_ne!(of(&interpreted).await, before, "the script of an interpreter too");
    assert_ne!(of(&settings).await, within, "and a file that a word ends with");
    let gone = place.machine().contents(&command("/nowhere/at/all")).await.map(drop);
    assert_eq!(code(gone), Some(Code::TargetGone));
    let relative = place.machine().contents(&command("sh")).await.map(drop);
    assert_eq!(code(relative), Some(Code::TargetGone), "a program is named by its path");
}
