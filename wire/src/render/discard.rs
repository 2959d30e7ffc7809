//! What became of a new key that is not wanted. Nobody is told that it lives on where a revocation of it may have arrived.

use keywheel_core::failure::Code;
use keywheel_core::model::KeyVersion;
use keywheel_core::rotation::{Act, Event, Record, Rotation, StepKind};

use super::known::old_now;

/// What is known of a discard that has not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing was sent, or what was sent was refused.
    Lives(Option<Code>),
    /// A revocation was sent, or a person has said that the key is deleted, and nothing shows that it lives on for good.
    Unknown(Option<Code>),
}

/// Decides it by the records. A later attempt that did nothing says nothing of an earlier one.
fn fate(records: &[Record]) -> Fate {
    let (mut may_be_gone, mut is_open, mut why) = (false, false, None);
    for record in records {
        match record.event {
            // Another key.
            Event::Discarded | Event::Intended(StepKind::Mint) => (may_be_gone, is_open, why) = (false, false, None),
            Event::DiscardIntended => is_open = true,
            Event::DiscardConfirmed => (may_be_gone, is_open) = (true, false),
            Event::DiscardUnclear(code) => (may_be_gone, is_open, why) = (true, false, Some(code)),
            Event::DiscardNotApplied(code) => {
                (may_be_gone, is_open, why) = (may_be_gone || was_taken(code), false, Some(code));
            }
            _ => {}
        }
    }
    match may_be_gone || is_open {
        true => Fate::Unknown(why),
        false => Fate::Lives(why),
    }
}

/// Whether the provider took the revocation, or may have, and shows the key all the same: what shows it may lag. Or it knows no
/// such key, and nothing else tells.
fn was_taken(code: Code) -> bool {
    matches!(
        code,
        Code::KeyStillAccepted | Code::KeyStillListed | Code::KeyEndUnknown | Code::ProviderKeyGone
    )
}

fn says(fate: Fate, provider: &str) -> String {
    let (said, why) = match fate {
        Fate::Lives(None) => return "The new key is not discarded yet.".to_owned(),
        Fate::Unknown(None) => return "The new key may or may not have been discarded.".to_owned(),
        Fate::Lives(Some(why)) => ("is not discarded", why),
        Fate::Unknown(Some(why)) => ("may or may not have been discarded", why),
    };
    let why = match why {
        Code::KeyStillListed => format!("{provider} still lists it"),
        Code::KeyStillAccepted => format!("{provider} still accepts it"),
        Code::KeyInactive => format!("{provider} has switched it off, and did not delete it"),
        code => code.message().to_owned(),
    };
    format!("The new key {said}: {why}.")
}

/// Where nobody goes on with it.
pub(super) fn held_up(rotation: &Rotation, provider: &str) -> String {
    let said = says(fate(&rotation.records), provider);
    format!("{said} {}", old_now(rotation, provider))
}

/// Whether nobody knows if it is gone.
pub(super) fn is_unknown(rotation: &Rotation) -> bool {
    matches!(fate(&rotation.records), Fate::Unknown(_))
}

/// Where a person is to delete it.
pub(super) fn awaited(rotation: &Rotation, provider: &str) -> String {
    let still = match fate(&rotation.records) {
        Fate::Unknown(Some(Code::KeyStillListed)) => "lists",
        Fate::Unknown(Some(Code::KeyStillAccepted)) => "accepts",
        _ => return format!("Delete the new key on {provider}'s page, then say so."),
    };
    format!("{provider} still {still} the new key. Delete it there, then say so.")
}

pub(super) fn undone(rotation: &Rotation, provider: &str) -> String {
    let new = rotation.subject.new.as_ref();
    let kept = match new.is_some_and(KeyVersion::is_kept) {
        true => " Nothing proves that the new one is dead: its value is kept.",
        false => "",
    };
    match rotation.act() {
        Act::Rotate if rotation.is_in_use() => format!(
            "The new key was discarded. Programs that have it fail until they have the old one again. {}{kept}",
            old_now(rotation, provider)
        ),
        Act::Rotate => format!("The new key was discarded. {}{kept}", old_now(rotation, provider)),
        Act::Create | Act::SignUp | Act::Revoke => format!("The new key was discarded.{kept}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, fate, says};
    use jiff::Timestamp;
    use keywheel_core::failure::Code;
    use keywheel_core::rotation::{Event, Record, StepKind};

    const REFUSED: Code = Code::CredentialNotAllowed;
    const SILENT: Code = Code::ProviderServerError;
    const LISTED: Code = Code::KeyStillListed;

    fn of(events: &[Event]) -> Fate {
        let numbered = (0..).zip(events);
        let records: Vec<Record> = numbered
            .map(|(seq, event)| Record {
                seq,
                at: Timestamp::UNIX_EPOCH,
                event: *event,
            })
            .collect();
        fate(&records)
    }

    #[test]
    fn of_a_key_that_nobody_knows_of_nothing_is_denied_or_claimed() {
        use Event::{DiscardConfirmed, DiscardIntended, DiscardNotApplied, DiscardUnclear, UndoBegun};
        let unknown: [(&[Event], Option<Code>); 8] = [
            (&[UndoBegun, DiscardIntended], None),
            (&[DiscardIntended, DiscardUnclear(SILENT)], Some(SILENT)),
            (&[DiscardIntended, DiscardUnclear(REFUSED)], Some(REFUSED)),
            (&[DiscardIntended, DiscardNotApplied(LISTED)], Some(LISTED)),
            (
                &[DiscardIntended, DiscardNotApplied(Code::KeyEndUnknown)],
                Some(Code::KeyEndUnknown),
            ),
            (&[DiscardConfirmed], None),
            // What was sent first may have arrived, whatever becomes of what is sent next.
            (
                &[
                    DiscardIntended,
                    DiscardUnclear(SILENT),
                    DiscardNotApplied(LISTED),
                    DiscardIntended,
                    DiscardNotApplied(REFUSED),
                ],
                Some(REFUSED),
            ),
            (
                &[DiscardIntended, DiscardNotApplied(REFUSED), DiscardIntended],
                Some(REFUSED),
            ),
        ];
        for (events, why) in unknown {
            assert_eq!(of(events), Fate::Unknown(why), "{events:?}");
            let said = says(of(events), "Acme");
            assert!(
                said.starts_with("The new key may or may not have been discarded"),
                "{said}"
            );
        }
    }

    #[test]
    fn it_is_not_discarded_where_nothing_was_sent_or_the_provider_refused_it() {
        use Event::{DiscardIntended, DiscardNotApplied, DiscardUnclear, Discarded, UndoBegun};
        let lives: [&[Event]; 4] = [
            &[UndoBegun],
            &[DiscardIntended, DiscardNotApplied(REFUSED)],
            &[DiscardIntended, DiscardNotApplied(Code::KeyPredecessorRefused)],
            // That was the key before it.
            &[
                DiscardIntended,
                DiscardUnclear(SILENT),
                Discarded,
                Event::Intended(StepKind::Mint),
                UndoBegun,
            ],
        ];
        for events in lives {
            let said = says(of(events), "Acme");
            assert!(said.starts_with("The new key is not discarded"), "{events:?}: {said}");
        }
    }
}
