//! Whether the old key may still be in use, as its provider tells. Asked anew right before each revocation.
//!
//! Told by the provider's own clock, which dates the uses too and which nobody here can set; but no more silence counts
//! than this machine's clock allows, for a provider's date can be wrong as well.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{Entry, Learnt, Settled};
use super::plan::StepKind;
use super::proof::NotInUse;
use super::retire::old_version;
use super::scene::{Scene, parked};
use super::state::{Event, State, only_a_person_knows};
use crate::failure::{Code, Failure, Family};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, KeyVersion, Verdict};

/// How far the stamp of a call of ours may lie from when we had its answer: two clocks, and the way there.
const OURS: SignedDuration = SignedDuration::from_mins(2);

/// What is known of a key's use.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    /// What the provider's clock showed when it was asked.
    pub at: Timestamp,
    /// What this machine's clock showed then.
    pub here: Timestamp,
    /// None: never.
    pub last_used_at: Option<Timestamp>,
    pub born: Timestamp,
    /// When our own last call with it was answered.
    pub called_at: Option<Timestamp>,
}

/// What that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Nobody has used it for long enough.
    Silent,
    /// It is gone from the list, and a call with it is refused: nobody can use it.
    Dead,
    /// It has to stay silent for so long still.
    Used {
        left: Duration,
        /// The use may be a call of ours. What it hides may not: it counts from there all the same.
        ours: bool,
    },
}

impl Told {
    /// Decides it; `lag` is how late a use may show.
    pub fn heard(self, quiet: Duration, lag: Duration) -> Heard {
        let lag = SignedDuration::try_from(lag).unwrap_or(SignedDuration::MAX);
        let quiet = SignedDuration::try_from(quiet).unwrap_or(SignedDuration::MAX);
        // A use that does not show yet may be as late as this.
        let now = match in_place(Guard::BothClocks) {
            true => self.at.min(self.here),
            false => self.at,
        };
        let silent = now.duration_since(self.last_used_at.unwrap_or(self.born).max(self.born));
        match Duration::try_from(quiet.saturating_add(lag).saturating_sub(silent)) {
            Ok(left) if !left.is_zero() => Heard::Used {
                left,
                ours: self.is_ours(lag),
            },
            _ => Heard::Silent,
        }
    }

    fn is_ours(self, lag: SignedDuration) -> bool {
        let away = self
            .last_used_at
            .zip(self.called_at)
            .map(|(used, called)| used.duration_since(called).abs());
        away.is_some_and(|away| away <= OURS.saturating_add(lag.min(OURS)))
    }
}

/// Whether its provider has told of a use that can be no call of ours: that is later than the last one.
pub(super) fn is_used_by_others(version: &KeyVersion) -> bool {
    let called = version.verdict.as_ref().map_or(version.born().0, called_at);
    let used = version.last_used_at.filter(|_| in_place(Guard::NewUseSeen));
    used.is_some_and(|used| used.duration_since(called) > OURS)
}

/// When a call of ours was answered: by the provider's clock, which dates the uses too, where it has told what that showed.
pub(super) fn called_at(verdict: &Verdict) -> Timestamp {
    verdict.told_at.unwrap_or(verdict.at)
}

impl Rotation {
    /// Why the old key is not revoked yet, where that is because of its use or of another machine.
    pub fn spared(&self) -> Option<Code> {
        let here = self.position.step(&self.plan) == Some(StepKind::RevokeOld);
        match self.position.state {
            State::AwaitingTime { code: Some(code), .. } if here => match code {
                Code::KeyReplacedElsewhere => Some(code),
                Code::KeyStillUsed | Code::KeyUsedByUs | Code::KeyUseUnknown if self.plan.listens() => Some(code),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the person may have it revoked whatever uses it: Keywheel waits for its silence or for what another machine does, or may not ask.
    pub fn may_revoke_anyway(&self) -> bool {
        let refused = |code: Code| code.family() == Family::Credential;
        let unasked = matches!(self.position.state, State::Failed(code) if refused(code) || only_a_person_knows(code));
        let waits = self.spared().is_some() || unasked;
        // One that was for another reason is asked for once more.
        let told = self.position.state.code();
        let decided = told.is_some_and(|code| self.history().is_waived(code));
        waits && !decided && self.position.after(&self.plan, Event::Anyway).is_ok()
    }
}

/// Shows that the old key is not in use, or says why it waits.
pub(super) fn settle(scene: &Scene<'_>, told: Result<(Option<Timestamp>, Heard), Failure>) -> Result<Settled, Failure> {
    let (kind, old) = (StepKind::RevokeOld, scene.old_version()?.id);
    Ok(match told {
        Ok((last_used_at, heard)) => {
            if let Some(shown) = NotInUse::shown_by(&scene.rotation.plan, &scene.history, Some(heard)) {
                return Ok(Settled::learnt(Learnt::NotInUse(shown)));
            }
            let (left, code) = match heard {
                Heard::Used { left, ours: true } => (left, Code::KeyUsedByUs),
                Heard::Used { left, ours: false } => (left, Code::KeyStillUsed),
                Heard::Silent | Heard::Dead => (Duration::ZERO, Code::KeyUseUnknown),
            };
            let seen = last_used_at.map(|at| Change::Used { version: old, at });
            Settled::one(Entry::new(
                parked(kind, scene.after(left), Some(code)),
                seen.into_iter().collect(),
            ))
        }
        // Time cures neither a credential nor an id.
        Err(failure) if failure.code.family() == Family::Credential || failure.code == Code::KeyIdAnothers => {
            scene.held_up(kind, failure)
        }
        Err(failure) if failure.retry_at.is_some() => Settled::one(scene.undetermined(kind, &failure, vec![])),
        Err(failure) => {
            tracing::info!(
                code = failure.code.as_str(),
                "whether the old key is in use is not known"
            );
            Settled::one(scene.park(kind, Code::KeyUseUnknown, vec![]))
        }
    })
}

impl Driver {
    /// When the provider last saw it, and what that means.
    pub(super) async fn ask_use(&self, rotation: &Rotation) -> Result<(Option<Timestamp>, Heard), Failure> {
        let old = old_version(rotation)?;
        let remote_id = old.remote_id.as_deref();
        let remote_id = remote_id.ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let used = match self.effects.provider.last_used(&workspace, remote_id).await {
            Err(failure) if failure.code == Code::ProviderKeyGone => match self.asked(rotation, old.id).await? {
                Some(verdict) if verdict.answer == Answer::Dead => return Ok((None, Heard::Dead)),
                // A list may lag.
                _ => return Err(failure),
            },
            used => used?,
        };
        let at = match in_place(Guard::TheirClock) {
            true => used.told_at,
            false => Some(self.effects.clock.now()),
        };
        let told = Told {
            at: at.ok_or_else(|| Failure::new(Code::KeyUseUnknown))?,
            here: self.effects.clock.now(),
            // A use that was told once was one, whatever is told now.
            last_used_at: match in_place(Guard::UseStays) {
                true => used.at.max(old.last_used_at),
                false => used.at,
            },
            born: old.born().0,
            called_at: old.verdict.as_ref().map(called_at),
        };
        let heard = told.heard(rotation.plan.quiet, workspace.definition.reconcile().last_used_lag);
        if matches!(heard, Heard::Used { .. }) && self.is_of_another(rotation, &workspace, old).await? {
            return match self.came_late(rotation).await? {
                true => Ok((None, Heard::Dead)),
                false => Err(Failure::new(Code::KeyIdAnothers)),
            };
        }
        Ok((told.last_used_at, heard))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const LAG: Duration = Duration::from_secs(30);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).expect("a moment")
    }

    fn told(asked: i64, used: Option<i64>, called: Option<i64>) -> Heard {
        let told = Told {
            at: at(asked),
            here: at(asked),
            last_used_at: used.map(at),
            born: at(0),
            called_at: called.map(at),
        };
        told.heard(HOUR, LAG)
    }

    fn left(heard: Heard) -> Option<(u64, bool)> {
        match heard {
            Heard::Silent | Heard::Dead => None,
            Heard::Used { left, ours } => Some((left.as_secs(), ours)),
        }
    }

    #[test]
    fn a_key_is_silent_when_the_whole_time_has_passed_and_what_may_show_late() {
        assert_eq!(left(told(10_000, Some(9_000), None)), Some((2_630, false)));
        assert_eq!(left(told(12_629, Some(9_000), None)), Some((1, false)));
        assert_eq!(left(told(12_630, Some(9_000), None)), None);
        assert_eq!(
            left(told(3_629, None, None)),
            Some((1, false)),
            "never used, and born just now"
        );
        assert_eq!(left(told(3_630, None, None)), None);
        assert_eq!(
            left(told(10_000, Some(20_000), None)),
            Some((13_630, false)),
            "a stamp of the future"
        );
    }

    #[test]
    fn no_clock_that_runs_ahead_ends_a_silence_that_the_other_has_not_seen() {
        let told = |asked: i64, here: i64| Told {
            at: at(asked),
            here: at(here),
            last_used_at: Some(at(9_000)),
            born: at(0),
            called_at: None,
        };
        let heard = |asked, here| left(told(asked, here).heard(HOUR, LAG));
        assert_eq!(
            heard(2_000_000_000, 10_000),
            Some((2_630, false)),
            "a date of the year 2090"
        );
        assert_eq!(
            heard(10_000, 2_000_000_000),
            Some((2_630, false)),
            "a machine that is set ahead"
        );
        assert_eq!(heard(12_630, 12_630), None);
    }

    #[test]
    fn a_call_of_ours_is_named_and_counts_all_the_same() {
        assert_eq!(left(told(10_000, Some(9_000), Some(9_001))), Some((2_630, true)));
        assert_eq!(
            left(told(10_000, Some(9_000), Some(8_000))),
            Some((2_630, false)),
            "somebody used it since"
        );
        assert_eq!(
            left(told(10_000, Some(9_000), Some(9_900))),
            Some((2_630, false)),
            "ours does not count there"
        );
        assert_eq!(left(told(20_000, Some(9_000), Some(9_001))), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whoever_waits_for_what_is_left_finds_it_silent_and_not_before(asked in 0i64..100_000, used in 0i64..100_000) {
            if let Heard::Used { left, .. } = told(asked, Some(used), None) {
                let left = i64::try_from(left.as_secs()).expect("small");
                prop_assert_eq!(told(asked + left, Some(used), None), Heard::Silent);
                prop_assert!(told(asked + left - 1, Some(used), None) != Heard::Silent);
                prop_assert!(told(asked, Some(used + 1), None) != Heard::Silent, "a later use never ends it earlier");
            }
        }
    }
}
