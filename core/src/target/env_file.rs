//! One value of a `.env` file: read, and replaced in the file that was agreed on.

use std::path::Path;

use super::dotenv::{DotEnv, Problem};
use super::file::Open;
use crate::failure::{Code, Failure, SafeDetail};
use crate::guard::{Guard, in_place};
use crate::model::{EnvFile, Secret};

/// Finds the file that the path leads to. It has to assign to the name, in a way that can be changed.
pub(super) fn find(path: &Path, name: &str) -> Result<EnvFile, Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(plain) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Failure::new(Code::InputInvalid).field("name"));
    }
    let found = EnvFile {
        path: path.to_owned(),
        file: resolved(path)?,
        name: name.to_owned(),
    };
    Open::to_look(&found.file)?.check()?;
    look(&found)?;
    Ok(found)
}

pub(super) fn look(at: &EnvFile) -> Result<Secret, Failure> {
    let open = open(at, Open::to_look)?;
    let value = DotEnv::parse(open.bytes()).and_then(|file| file.get(&at.name).map(str::to_owned));
    value.map(Secret::new).map_err(refused)
}

/// The names that the file assigns the value to, or a longer one that it stands in.
pub(super) fn names_of(at: &EnvFile, value: &Secret) -> Result<Vec<String>, Failure> {
    let open = open(at, Open::to_look)?;
    let file = DotEnv::parse(open.bytes()).map_err(refused)?;
    Ok(file.names_of(value.expose()))
}

/// Whether the value can be replaced there: it is the one that stands there.
pub(super) fn check(at: &EnvFile, held: &Secret) -> Result<(), Failure> {
    let open = open(at, Open::to_look)?;
    open.check()?;
    let file = DotEnv::parse(open.bytes()).map_err(refused)?;
    let ours = file.get(&at.name).map_err(refused)? == held.expose();
    match ours || !in_place(Guard::NoDrift) {
        true => Ok(()),
        false => Err(Failure::new(Code::TargetDrifted)),
    }
}

/// Replaces the one value by the other, and reads it back; `false` where neither stands there.
pub(super) fn replace(at: &EnvFile, from: &Secret, to: &Secret) -> Result<bool, Failure> {
    let file = open(at, Open::at)?;
    let changed = {
        let parsed = DotEnv::parse(file.bytes()).map_err(refused)?;
        let there = parsed.get(&at.name).map_err(refused)?;
        if there == to.expose() {
            return Ok(true);
        }
        if there != from.expose() && in_place(Guard::TheirValue) {
            return Ok(false);
        }
        parsed.set(&at.name, to.expose()).map_err(refused)?
    };
    file.replace(&changed)?;
    match look(at)?.same_as(to) {
        true => Ok(true),
        false => Err(Failure::new(Code::TargetChanged)),
    }
}

/// The path has to lead where it led when it was added.
fn open(at: &EnvFile, read: impl FnOnce(&Path) -> Result<Open, Failure>) -> Result<Open, Failure> {
    let same = resolved(&at.path)? == at.file;
    match same || !in_place(Guard::SamePlace) {
        true => read(&at.file),
        false => Err(Failure::new(Code::TargetMoved)),
    }
}

fn resolved(path: &Path) -> Result<std::path::PathBuf, Failure> {
    if !path.is_absolute() {
        return Err(Failure::new(Code::InputInvalid).field("path"));
    }
    path.canonicalize().map_err(|error| {
        Failure::new(match error.kind() {
            std::io::ErrorKind::NotFound => Code::TargetGone,
            std::io::ErrorKind::PermissionDenied => Code::TargetRefused,
            _ => Code::TargetFailed,
        })
    })
}

fn refused(problem: Problem) -> Failure {
    let line = |line: usize| SafeDetail::Line(line);
    match problem {
        Problem::NotText => Failure::new(Code::TargetUnclear).detail(SafeDetail::Part("it is not text")),
        Problem::Unclosed { line: at } => Failure::new(Code::TargetUnclear)
            .detail(SafeDetail::Part("a quote is not closed"))
            .detail(line(at)),
        Problem::Unclear { line: at } => Failure::new(Code::TargetUnclear).detail(line(at)),
        Problem::Missing => Failure::new(Code::TargetNoName),
        Problem::Twice { first, again } => Failure::new(Code::TargetTwice).detail(line(first)).detail(line(again)),
        Problem::Unwritable => Failure::new(Code::TargetValue),
    }
}
