//! Whether keys are too old: an answer for scripts.

use clap::Args;
use keywheel_wire::{KeyView, StatusView};
use serde::Serialize;

use super::key::list::{flags, table};
use crate::exit::{Exit, Stop};
use crate::session::Session;

const HELP: &str = "\
Exit: 0 no key is stale, 3 at least one is, 2 wrong usage.
What else is amiss with a key is printed and does not count for the exit code.
Ages are those that Keywheel knows; read the lists first with `keywheel account refresh`.";

/// What there is to look at: a key may be both.
#[derive(Serialize)]
struct Checked<'a> {
    stale: &'a [KeyView],
    /// Each with what else is amiss with it.
    flagged: Vec<KeyView>,
}

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Check {
    /// Stale from this age on, instead of what the policies say
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    max_age: Option<u32>,
}

impl Check {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let keys = session.inventory().await?.keys;
        let all = keys
            .iter()
            .filter(|key| !matches!(key.status, StatusView::Revoked { .. }))
            .count();
        let stale: Vec<KeyView> = keys.iter().filter(|key| self.is_stale(key)).cloned().collect();
        let flagged = keys.iter().filter(|key| !key.flags.is_empty()).cloned().collect();
        session.out.value(&Checked { stale: &stale, flagged });
        if !stale.is_empty() {
            table(&stale).print(&session.out);
        }
        flags(&keys, &session.out);
        if stale.is_empty() {
            session.out.line(format!("None of {all} keys is stale."));
            return Ok(Exit::Done);
        }
        session.out.line(format!("{} of {all} keys are stale.", stale.len()));
        Ok(Exit::Found)
    }

    /// A key whose rotation is under way is as old as ever until it is replaced.
    fn is_stale(&self, key: &KeyView) -> bool {
        match key.status {
            StatusView::Revoked { .. } => false,
            StatusView::Expired { .. } => true,
            _ => key.age.days >= self.max_age.unwrap_or(key.age.limit_days),
        }
    }
}
