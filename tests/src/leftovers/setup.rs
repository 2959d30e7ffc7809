//! How the invented provider of a leftover replaces keys, and what it tells.

use provider_sim::{GraceFrom, Strategy};

use crate::lab;

/// Who makes and deletes keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Api,
    Person,
}

/// What the provider's list tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    Names,
    NoNames,
    /// There is no list.
    Nothing,
}

/// The provider of a leftover, and what Keywheel knows of the slot.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub strategy: Strategy,
    pub from: GraceFrom,
    pub by: By,
    /// Who deletes, where that is another than who makes.
    pub revoked_by: By,
    pub lists: Lists,
    /// Whether a call tells if a value works.
    pub verifies: bool,
    /// Whether a mint tells the new key's id.
    pub tells_id: bool,
    /// How long its parts may disagree.
    pub lag_seconds: u32,
    /// Whether Keywheel holds the slot's first value.
    pub held: bool,
    /// So many files hold the slot's value.
    pub files: usize,
}

impl Setup {
    pub const fn of(strategy: Strategy, by: By) -> Setup {
        Setup {
            strategy,
            from: GraceFrom::Roll,
            by,
            revoked_by: by,
            lists: Lists::Names,
            verifies: true,
            tells_id: true,
            lag_seconds: 60,
            held: true,
            files: 0,
        }
    }

    /// What a user would write for it.
    pub fn definition(&self) -> String {
        let (strategy, from) = (self.strategy, self.from);
        let mut text = match (self.by, self.lists) {
            (By::Person, _) => lab::by_person(strategy, from),
            (By::Api, Lists::Names) => lab::definition(strategy, from),
            (By::Api, Lists::NoNames) => lab::unnamed(strategy, from),
            (By::Api, Lists::Nothing) => lab::unlisted(strategy, from),
        };
        if self.by == By::Api && self.revoked_by == By::Person {
            let page = lab::by_person(strategy, from);
            let revoke = &page[page.find("\n[revoke]").expect("a strategy that revokes")..];
            text = lab::without(&text, "revoke]") + revoke;
        }
        if !self.verifies {
            text = lab::without(&text, "verify]");
        }
        if !self.tells_id {
            text = text.replace(
                "secret = [\"/secret\"]\nremote_id = [\"/id\"]\n",
                "secret = [\"/secret\"]\n",
            );
        }
        let lag = format!("propagation_seconds = {}", self.lag_seconds);
        text.replace("propagation_seconds = 60", &lag)
    }
}
