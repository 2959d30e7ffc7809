//! The share of the long sweeps that a run takes: its seed is the commit's, so each commit takes another one.

use std::process::Command;

use crate::{command, place::Place};

/// The variable that `tests::Share` and the page's browser checks read.
const VARIABLE: &str = "KEYWHEEL_SHARE";

/// Which share; none: everything.
#[derive(Debug)]
pub struct Share(Option<String>);

impl Share {
    /// No share: the whole.
    pub fn whole() -> Share {
        Share(None)
    }

    /// The one that the variable names, or that of the commit.
    pub fn of(place: &Place) -> Share {
        let named = std::env::var(VARIABLE)
            .ok()
            .filter(|seed| u64::from_str_radix(seed, 16).is_ok());
        let commit = || command::text(place.command("git").args(["rev-parse", "--short=8", "HEAD"]));
        let seed = named.or_else(|| commit().ok()).map(|seed| seed.trim().to_owned());
        // An unpacked archive knows no commit.
        let fits = |seed: &String| u64::from_str_radix(seed, 16).is_ok();
        Share(Some(seed.filter(fits).unwrap_or_else(|| "0".to_owned())))
    }

    /// Gives a program its seed.
    pub fn dress<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match &self.0 {
            Some(seed) => command.env(VARIABLE, seed),
            None => command.env_remove(VARIABLE),
        }
    }

    /// How to have the same again.
    pub fn told(&self) -> String {
        format!("{VARIABLE}={}", self.0.as_deref().unwrap_or("none"))
    }
}
