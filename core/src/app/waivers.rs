//! Findings that a person puts off or accepts, with a reason and an end.

use jiff::{SignedDuration, Timestamp};

use super::App;
use super::places::named;
use crate::failure::{Code, Failure, SafeDetail};
use crate::model::{KeyId, Waiver, WaiverKind};
use crate::store::{ActivityResult, NewActivity};
use crate::vault::VaultState;

impl App {
    /// Waives what is found with a key now, for so many days. It ends by itself, and when the key stands worse.
    pub async fn waive(&self, id: KeyId, kind: WaiverKind, reason: &str, days: u32) -> Result<Waiver, Failure> {
        let reason = named(reason, "reason")?;
        if !(1..=kind.longest_days()).contains(&days) {
            let longest = SafeDetail::Count {
                what: "days at most",
                n: u64::from(kind.longest_days()),
            };
            return Err(Failure::new(Code::InputInvalid).field("days").detail(longest));
        }
        let facts = self.key_facts(id, VaultState::Ready).await?;
        let status = facts.standing.status();
        if !status.is_finding() {
            return Err(Failure::new(Code::KeyNoFinding));
        }
        let now = self.clock.now();
        let waiver = Waiver {
            kind,
            reason,
            covers: status,
            since: now,
            until: later(now, days),
        };
        self.store.set_waiver(id, &waiver).await?;
        let verb = match kind {
            WaiverKind::Snooze => "key.snoozed",
            WaiverKind::AcceptRisk => "key.risk_accepted",
        };
        self.note_waiver(id, verb, Some(format!("{days} d, {}", waiver.reason)))
            .await?;
        Ok(waiver)
    }

    /// Ends it before its day.
    pub async fn end_waiver(&self, id: KeyId) -> Result<(), Failure> {
        if !self.store.waivers().await?.contains_key(&id) {
            return Err(Failure::new(Code::NotFound).field("waiver"));
        }
        self.store.end_waiver(id).await?;
        self.note_waiver(id, "key.waiver_ended", None).await
    }

    async fn note_waiver(&self, id: KeyId, verb: &'static str, word: Option<String>) -> Result<(), Failure> {
        let noted = NewActivity {
            key_id: Some(id),
            word,
            ..NewActivity::new(&self.who.who, verb, ActivityResult::Done)
        };
        self.store.note(&noted, self.clock.now()).await
    }
}

fn later(now: Timestamp, days: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(i64::from(days) * 24))
        .unwrap_or(Timestamp::MAX)
}
