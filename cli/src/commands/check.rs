//! Whether keys are too old: an answer for scripts.

use clap::Args;
use keywheel_wire::{KeyView, StatusView, WaiverKindView};
use serde::Serialize;

use super::key::list::{flags, table};
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words;

const HELP: &str = "\
Exit: 0 no key is stale, 3 at least one is, 2 wrong usage. One that has expired, that its provider refuses, or whose
old value was revoked while no new one is in its place, is stale.
What else is amiss with a key is printed and does not count for the exit code; nor does a key whose risk is accepted
(`keywheel key accept-risk`).
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

fn is_accepted(key: &KeyView) -> bool {
    key.waiver
        .as_ref()
        .is_some_and(|waiver| waiver.kind == WaiverKindView::AcceptRisk)
}

impl Check {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let keys = session.inventory().await?.keys;
        let all = keys
            .iter()
            .filter(|key| !matches!(key.status, StatusView::Revoked { .. }))
            .count();
        let (accepted, stale): (Vec<KeyView>, Vec<KeyView>) = keys
            .iter()
            .filter(|key| self.is_stale(key))
            .cloned()
            .partition(is_accepted);
        let flagged = keys.iter().filter(|key| !key.flags.is_empty()).cloned().collect();
        session.out.value(&Checked { stale: &stale, flagged });
        if !stale.is_empty() {
            table(&stale).print(&session.out);
        }
        for key in &accepted {
            let full = words::full_name(&key.org_name, &key.environment_name, &key.name);
            let waiver = key.waiver.as_ref().map(words::waiver).unwrap_or_default();
            session
                .out
                .line(Line::new().look(Look::Quiet, format!("{full}: {waiver}")));
        }
        flags(&keys, &session.out);
        if stale.is_empty() {
            let words = match accepted.len() {
                0 => format!("None of {all} keys is stale."),
                accepted => format!("None of {all} keys is stale, beside {accepted} whose risk is accepted."),
            };
            session.out.line(words);
            return Ok(Exit::Done);
        }
        let replaced = stale.iter().filter(|key| key.rotation_id.is_some()).count();
        let under_way = match replaced {
            0 => String::new(),
            1 => " One of them is being replaced.".to_owned(),
            many => format!(" {many} of them are being replaced."),
        };
        session
            .out
            .line(format!("{} of {all} keys are stale.{under_way}", stale.len()));
        Ok(Exit::Found)
    }

    /// A key whose rotation is under way is as old as ever until it is replaced.
    fn is_stale(&self, key: &KeyView) -> bool {
        match key.status {
            StatusView::Revoked { .. } => false,
            StatusView::Expired { .. } | StatusView::Refused { .. } | StatusView::NotReplaced { .. } => true,
            _ => key.age.days >= self.max_age.unwrap_or(key.age.limit_days),
        }
    }
}
