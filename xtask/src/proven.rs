//! At which commit each of the long proofs last went well. It is kept with the sources, so that a run goes on where
//! another one ended: on another day, or on another machine.

use std::{collections::BTreeMap, fs, path::PathBuf};

use crate::{
    command::{self, Outcome},
    place::Place,
};

/// What a proof is about: everything but text for people.
const PROVEN: &[&str] = &[".", ":(exclude)docs", ":(exclude)*.md"];

/// One line a proof, the latest last: its name and its commit, with a tab between them.
pub struct Proven<'p> {
    place: &'p Place,
    /// The commit and its day: whatever is committed while a proof runs, it is of this one.
    now: String,
    lines: Vec<(String, String)>,
}

impl<'p> Proven<'p> {
    /// Reads what is kept; nothing where nothing is.
    pub fn of(place: &'p Place) -> Proven<'p> {
        let kept = fs::read_to_string(file(place)).unwrap_or_default();
        let lines = kept.lines().filter_map(|line| line.split_once('\t'));
        let shown = ["show", "--no-patch", "--format=%h %cs", "HEAD"];
        let now = command::text(place.command("git").args(shown)).unwrap_or_default();
        Proven {
            place,
            now: now.trim().to_owned(),
            lines: lines.map(|(name, at)| (name.to_owned(), at.to_owned())).collect(),
        }
    }

    /// A proof is of a commit.
    ///
    /// # Errors
    /// Something that is not text for people was changed and is not committed.
    pub fn begin(&self) -> Outcome {
        let changed = command::text(
            self.place
                .command("git")
                .args(["status", "--porcelain", "--"])
                .args(PROVEN),
        )?;
        match changed.is_empty() {
            true => Ok(()),
            false => Err(format!("a proof is of a commit: commit these first\n{changed}")),
        }
    }

    /// The commit and the day of that proof, if nothing that it is about was changed since.
    pub fn at(&self, name: &str) -> Option<&str> {
        let (_, at) = self.lines.iter().find(|(kept, _)| kept == name)?;
        self.is_same(at, &self.now).then_some(at)
    }

    /// Notes that it went well just now.
    pub fn keep(&mut self, name: &str) -> Outcome {
        self.lines.retain(|(kept, _)| kept != name);
        self.lines.push((name.to_owned(), self.now.clone()));
        let text: String = self.lines.iter().map(|(name, at)| format!("{name}\t{at}\n")).collect();
        let file = file(self.place);
        fs::write(&file, text).map_err(|cause| format!("{}: {cause}", file.display()))
    }

    /// When they last went well, in words; `all` are their names.
    pub fn told(&self, all: &[&str]) -> String {
        let Some((_, latest)) = self.lines.last() else {
            return "`cargo xtask proofs`, which runs the whole, has not been run yet".to_owned();
        };
        // Most stand at one commit, and git is asked once for each.
        let mut same = BTreeMap::new();
        let there = self.lines.iter().filter(|(name, at)| {
            let is_same = *same.entry(at).or_insert_with(|| self.is_same(at, latest));
            is_same && all.contains(&name.as_str())
        });
        let parts = match there.count() {
            count if count == all.len() => "whole".to_owned(),
            count => format!("{count} of its {} parts", all.len()),
        };
        let range = format!("{}..HEAD", commit(latest));
        let since = command::text(self.place.command("git").args(["rev-list", "--count", &range]));
        let since = since.map_or(String::new(), |count| format!(", {} commits ago", count.trim()));
        format!("`cargo xtask proofs` last ran {parts} at {latest}{since}")
    }

    /// Whether two commits differ in nothing that a proof is about; one that is not known differs.
    fn is_same(&self, one: &str, other: &str) -> bool {
        let (one, other) = (commit(one), commit(other));
        let mut diff = self.place.command("git");
        diff.args(["diff", "--quiet", one, other, "--"]).args(PROVEN);
        diff.stderr(std::process::Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// Of a commit and its day.
fn commit(at: &str) -> &str {
    at.split(' ').next().unwrap_or_default()
}

fn file(place: &Place) -> PathBuf {
    place.root.join("docs/proofs.last")
}
