//! The person: gives one command after the other, as the last one said, until there is an end.

use serde_json::Value;
use tests::real::{KEY, Said};

use crate::bench::Bench;
use crate::row::{HOUR, Row};
use crate::sweep::Act;

/// A command that may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Rotate,
    Create,
    /// Hands over a value made on the provider's page.
    Take,
    Replaced,
    /// Goes on once the provider's grace has run out.
    Wait,
    /// Says that a key is deleted on the provider's page.
    Deleted,
    Undo,
    /// Says which further key is the lost one.
    Answer,
    /// Goes on after an interruption.
    Resume,
}

impl Verb {
    /// Those that a sweep cuts.
    pub const CUT: [Verb; 8] = [
        Verb::Rotate,
        Verb::Take,
        Verb::Replaced,
        Verb::Wait,
        Verb::Deleted,
        Verb::Undo,
        Verb::Answer,
        Verb::Create,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Verb::Rotate => "rotate",
            Verb::Create => "create",
            Verb::Take => "take",
            Verb::Replaced => "replaced",
            Verb::Wait => "wait",
            Verb::Deleted => "deleted",
            Verb::Undo => "undo",
            Verb::Answer => "answer",
            Verb::Resume => "resume",
        }
    }
}

/// What the last command said of the rotation; nothing, before the first one.
#[derive(Default)]
pub struct Told(Value);

impl Told {
    pub fn by(said: &Said) -> Told {
        Told(serde_json::from_str(&said.out).unwrap_or_default())
    }

    /// `no view` where it was killed.
    pub fn state(&self) -> &str {
        self.0["state"]["kind"].as_str().unwrap_or("no view")
    }

    pub fn is_over(&self) -> bool {
        matches!(self.state(), "completed" | "undone" | "stopped")
    }

    /// What a person does now.
    pub fn next(&self, act: Act) -> Verb {
        match (self.state(), self.0["task"]["kind"].as_str()) {
            ("asking", _) => Verb::Answer,
            ("awaiting_person", Some("create" | "roll")) => Verb::Take,
            ("awaiting_person", Some(_)) => Verb::Deleted,
            ("awaiting_person", None) if act.takes_back() => Verb::Undo,
            ("awaiting_person", None) => Verb::Replaced,
            ("awaiting_time", _) => Verb::Wait,
            _ => Verb::Resume,
        }
    }

    fn discards(&self) -> bool {
        self.0["task"]["kind"] == "discard"
    }

    fn candidate(&self) -> Option<&str> {
        self.0["question"]["candidates"][0]["remoteId"].as_str()
    }
}

impl Bench {
    /// Does what comes before a command, and returns the command with its input. `name`: of a key that is added.
    pub async fn prepare(&mut self, verb: Verb, told: &Told, name: &str) -> (Vec<String>, String) {
        let words = |words: &[&str]| (words.iter().map(|word| (*word).to_owned()).collect(), String::new());
        match verb {
            Verb::Rotate if self.row == Row::RevokeFirst => words(&["rotate", KEY, "--revoke-first", "--yes"]),
            Verb::Rotate => words(&["rotate", KEY, "--yes"]),
            Verb::Create => words(&["key", "add", "main", name, "--env", "ci"]),
            Verb::Replaced => words(&["replaced", KEY]),
            Verb::Undo => words(&["undo", KEY]),
            Verb::Take => {
                let mints = self.stands().await.1;
                let id = self.old_id();
                let page = self.page.as_mut().expect("a provider's page");
                let value = page.make(mints, (self.row == Row::RollByPerson).then_some(&*id)).await;
                (words(&["take", KEY]).0, value)
            }
            Verb::Deleted => {
                let page = self.page.as_ref().expect("a provider's page");
                match told.discards() {
                    true => page.delete(page.made()).await,
                    false => page.delete(&self.old_id()).await,
                }
                words(&["deleted", KEY])
            }
            Verb::Answer => match told.candidate() {
                Some(id) => {
                    let shown = self.home.json(&["unaccounted", "list"]).await;
                    assert!(shown[0]["remoteId"] == id, "what is asked about is shown: {shown}");
                    words(&["resume", KEY, "--revoke-extra", id])
                }
                None => words(&["resume", KEY, "--absent"]),
            },
            Verb::Wait => {
                self.home.pass(HOUR).await;
                words(&["resume", KEY])
            }
            Verb::Resume => {
                // A person is not back within a second; lists and caches have settled by then.
                self.home.pass(120).await;
                let added = format!("acme/ci/{name}");
                words(&["resume", if name.is_empty() { KEY } else { &added }])
            }
        }
    }

    /// The provider's id of the key that served when this rotation began.
    pub fn old_id(&self) -> String {
        let record = self.home.sim.key_by_value(&self.serves);
        record.expect("the provider's own").key_id
    }
}
