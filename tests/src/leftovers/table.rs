//! Which state was kept in which row, and why the others were not.

use std::collections::BTreeMap;
use std::fmt;

/// States that a rotation can rest in, in the order of its course; the words are those of the database.
const STATES: [&str; 17] = [
    "ready",
    "doing",
    "failed",
    "unknown",
    "awaiting_person",
    "awaiting_time",
    "asking",
    "restoring",
    "restore_doing",
    "restore_failed",
    "discarding",
    "discard_doing",
    "discard_awaiting",
    "discard_unknown",
    "completed",
    "undone",
    "stopped",
];

/// What is replaced, added or ended, and by whom.
const ROWS: [&str; 14] = [
    "overlap-api",
    "overlap-person",
    "roll-api",
    "roll-person",
    "roll_with_grace-api",
    "roll_with_grace-person",
    "replace_first-api",
    "replace_first-person",
    "two_slot-api",
    "two_slot-person",
    "create-api",
    "create-person",
    "revoke-api",
    "revoke-person",
];

/// Why a row has none of a state: beginnings of rows, beginnings of states, the reason. The first that fits counts.
pub const UNREACHED: &[(&[&str], &[&str], &str)] = &[
    (
        &["revoke"],
        &["asking", "undone", "discard", "restor"],
        "an end without a successor makes nothing that could be asked about or taken back",
    ),
    (&["create"], &["restor"], "a new key is in no file yet"),
    (
        &["create-api", "revoke-api"],
        &["awaiting_person"],
        "there is nothing that a person has to do",
    ),
    (
        &["revoke-person"],
        &["failed"],
        "what a person deletes is asked for until they say so; it does not fail",
    ),
    (
        &[
            "overlap-person",
            "roll-person",
            "roll_with_grace-person",
            "replace_first-person",
            "two_slot-person",
            "create-person",
            "revoke-person",
        ],
        &["unknown", "asking"],
        "nothing that a person does is unknown: it was said, or was not said yet",
    ),
    (
        &["roll", "replace_first"],
        &["undone", "restor"],
        "the point of no return comes before there is a new value: nothing is taken back",
    ),
    (
        &["roll"],
        &["discard"],
        "in place there is nothing to discard: a lost value is rolled once more",
    ),
    (
        &["replace_first-person"],
        &["discard"],
        "nothing is taken back past its first step, and what a person made is handed over again",
    ),
    (
        &["roll-api", "two_slot-api"],
        &["asking"],
        "a lost value is replaced once more in its place, and nobody is asked",
    ),
    (
        &["two_slot-api"],
        &["discard_awaiting", "discard_unknown"],
        "a slot is not taken away: its new value is forgotten at once, without a request",
    ),
    (
        &["overlap-person", "two_slot", "create-person"],
        &["restor", "discard", "undone"],
        "kept once: the same code as in overlap-api and overlap-person, after the same records",
    ),
    (
        &["create-api"],
        &["discard_doing", "discard_awaiting", "discard_unknown"],
        "kept once: the same code as in overlap-api, after the same records",
    ),
    (
        &["overlap-api", "replace_first-api"],
        &["discard_awaiting"],
        "kept once: where nobody knows the new key's id, in overlap-api",
    ),
];

/// How often each state was kept in each row.
#[derive(Debug, Default)]
pub struct Table {
    kept: BTreeMap<(&'static str, &'static str), usize>,
    others: usize,
}

impl Table {
    /// Enters a leftover by its name and where it rests.
    pub fn enter(&mut self, name: &str, rests: &str) {
        let row = ROWS.iter().find(|row| name.starts_with(&format!("{row}-")));
        // `discarding_to_mint` before `discarding`: what follows is no state of its own here.
        let state = STATES.iter().rev().find(|state| {
            let word = rests.split(' ').next().unwrap_or_default();
            word == **state || word.strip_prefix(**state).is_some_and(|rest| rest.starts_with("_to_"))
        });
        match row.zip(state) {
            Some((row, state)) => *self.kept.entry((row, state)).or_default() += 1,
            None => self.others += 1,
        }
    }

    /// Cells that are empty, and for which no reason is known.
    pub fn unexplained(&self) -> Vec<String> {
        let cells = ROWS
            .iter()
            .flat_map(|row| STATES.iter().map(move |state| (*row, *state)));
        let empty = cells.filter(|cell| !self.kept.contains_key(cell));
        let unexplained = empty.filter(|(row, state)| why(row, state).is_none());
        unexplained.map(|(row, state)| format!("{row}: {state}")).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<18}", "rests as")?;
        for row in ROWS {
            let (what, by) = row.rsplit_once('-').unwrap_or((row, ""));
            let what: String = what
                .split('_')
                .filter_map(|word| word.get(..4.min(word.len())))
                .collect();
            write!(
                f,
                " {:>12}",
                format!("{} {by}", what.chars().take(6).collect::<String>())
            )?;
        }
        writeln!(f)?;
        for state in STATES {
            write!(f, "{state:<18}")?;
            for row in ROWS {
                let cell = match (self.kept.get(&(row, state)), why(row, state)) {
                    (Some(kept), _) => kept.to_string(),
                    (None, Some(_)) => "-".to_owned(),
                    (None, None) => "?".to_owned(),
                };
                write!(f, " {cell:>12}")?;
            }
            writeln!(f)?;
        }
        writeln!(
            f,
            "{} others: mixed, or without a rotation\n\nwhat - stands for:",
            self.others
        )?;
        for (rows, states, why) in UNREACHED {
            writeln!(f, "{} · {}: {why}", rows.join(", "), states.join(", "))?;
        }
        Ok(())
    }
}

fn why(row: &str, state: &str) -> Option<&'static str> {
    let begins = |with: &[&str], text: &str| with.iter().any(|start| text.starts_with(start));
    let fits = |(rows, states, _): &&(&[&str], &[&str], &'static str)| begins(rows, row) && begins(states, state);
    UNREACHED.iter().find(fits).map(|(_, _, why)| *why)
}
