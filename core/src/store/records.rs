//! Events as rows of the journal, and back.

use std::borrow::Cow;

use jiff::Timestamp;

use super::time::{from_ms, to_ms};
use crate::failure::Code;
use crate::rotation::{Claims, Ending, Event, StepKind};

/// The columns of one event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub event: &'static str,
    pub step: Option<&'static str>,
    pub code: Option<&'static str>,
    pub until: Option<i64>,
    pub word: Option<Cow<'static, str>>,
}

pub(super) fn write(event: Event) -> Columns {
    let plain = |event| Columns {
        event,
        ..Columns::default()
    };
    let step = |event, kind: StepKind| Columns {
        step: Some(kind.as_str()),
        ..plain(event)
    };
    let coded = |event, kind, code: Code| Columns {
        code: Some(code.as_str()),
        ..step(event, kind)
    };
    let with = |event, code: Code| Columns {
        code: Some(code.as_str()),
        ..plain(event)
    };
    match event {
        Event::Opened => plain("opened"),
        Event::Intended(kind) => step("intended", kind),
        Event::Applied(kind) => step("applied", kind),
        Event::NotApplied(kind, code) => coded("not_applied", kind, code),
        Event::Unclear(kind, code) => coded("unclear", kind, code),
        Event::Interrupted(kind) => step("interrupted", kind),
        Event::Parked {
            step: kind,
            until,
            code,
        } => Columns {
            until: until.map(to_ms),
            code: code.map(Code::as_str),
            ..step("parked", kind)
        },
        Event::Skipped(kind, code) => coded("skipped", kind, code),
        Event::Woken => plain("woken"),
        Event::Confirmed => plain("confirmed"),
        Event::CutShort => plain("cut_short"),
        Event::Anyway => plain("anyway"),
        Event::Retried => plain("retried"),
        Event::Repeated => plain("repeated"),
        Event::CheckedAgain => plain("checked_again"),
        Event::Asked(code) => with("asked", code),
        Event::AnsweredDiscard => plain("answered_discard"),
        Event::AnsweredAbsent => plain("answered_absent"),
        Event::ValueLost => plain("value_lost"),
        Event::PasteAgain => plain("paste_again"),
        Event::RevokeAgain => plain("revoke_again"),
        Event::ByHand(kind) => step("by_hand", kind),
        Event::UndoBegun => plain("undo_begun"),
        Event::UndoAnyway => plain("undo_anyway"),
        Event::RestoreIntended(kind) => step("restore_intended", kind),
        Event::Restored(kind) => step("restored", kind),
        Event::NotRestored(kind, code) => coded("not_restored", kind, code),
        Event::DiscardIntended => plain("discard_intended"),
        Event::DiscardParked => plain("discard_parked"),
        Event::DiscardConfirmed => plain("discard_confirmed"),
        Event::Discarded => plain("discarded"),
        Event::DiscardNotApplied(code) => with("discard_not_applied", code),
        Event::DiscardUnclear(code) => with("discard_unclear", code),
        Event::Settled(claims) => Columns {
            word: Some(claims.word().into()),
            ..plain("settled")
        },
        Event::Closed(ending) => Columns {
            word: Some(ending_word(ending).into()),
            ..plain("closed")
        },
    }
}

pub(super) fn read(
    event: &str,
    step: Option<&str>,
    code: Option<&str>,
    until: Option<i64>,
    word: Option<&str>,
) -> Option<Event> {
    let kind = step.and_then(StepKind::parse);
    let code = code.and_then(Code::parse);
    let until: Option<Timestamp> = until.map(from_ms);
    Some(match event {
        "opened" => Event::Opened,
        "intended" => Event::Intended(kind?),
        "applied" => Event::Applied(kind?),
        "not_applied" => Event::NotApplied(kind?, code?),
        "unclear" => Event::Unclear(kind?, code?),
        "interrupted" => Event::Interrupted(kind?),
        "parked" => Event::Parked {
            step: kind?,
            until,
            code,
        },
        "skipped" => Event::Skipped(kind?, code?),
        "woken" => Event::Woken,
        "confirmed" => Event::Confirmed,
        "cut_short" => Event::CutShort,
        "anyway" => Event::Anyway,
        "retried" => Event::Retried,
        "repeated" => Event::Repeated,
        "checked_again" => Event::CheckedAgain,
        "asked" => Event::Asked(code?),
        "answered_discard" => Event::AnsweredDiscard,
        "answered_absent" => Event::AnsweredAbsent,
        "value_lost" => Event::ValueLost,
        "paste_again" => Event::PasteAgain,
        "revoke_again" => Event::RevokeAgain,
        "by_hand" => Event::ByHand(kind?),
        "restore_intended" => Event::RestoreIntended(kind?),
        "restored" => Event::Restored(kind?),
        "not_restored" => Event::NotRestored(kind?, code?),
        "undo_begun" => Event::UndoBegun,
        "undo_anyway" => Event::UndoAnyway,
        "discard_intended" => Event::DiscardIntended,
        "discard_parked" => Event::DiscardParked,
        "discard_confirmed" => Event::DiscardConfirmed,
        "discarded" => Event::Discarded,
        "discard_not_applied" => Event::DiscardNotApplied(code?),
        "discard_unclear" => Event::DiscardUnclear(code?),
        "settled" => Event::Settled(Claims::read(word?)?),
        "closed" => Event::Closed(match word? {
            "completed" => Ending::Completed,
            "undone" => Ending::Undone,
            "stopped" => Ending::Stopped,
            "settled" => Ending::Settled,
            _ => return None,
        }),
        _ => return None,
    })
}

fn ending_word(ending: Ending) -> &'static str {
    match ending {
        Ending::Completed => "completed",
        Ending::Undone => "undone",
        Ending::Stopped => "stopped",
        Ending::Settled => "settled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rotation::Claim;

    #[test]
    fn every_event_is_read_back_as_it_was_written() {
        let (kind, code, at) = (StepKind::Mint, Code::ProviderNoAnswer, from_ms(1_795_000_000_123));
        for event in [
            Event::Opened,
            Event::Intended(kind),
            Event::Applied(kind),
            Event::NotApplied(kind, code),
            Event::Unclear(kind, code),
            Event::Interrupted(kind),
            Event::Parked {
                step: kind,
                until: Some(at),
                code: Some(code),
            },
            Event::Parked {
                step: kind,
                until: None,
                code: None,
            },
            Event::Skipped(kind, code),
            Event::Woken,
            Event::Confirmed,
            Event::CutShort,
            Event::Anyway,
            Event::Retried,
            Event::Repeated,
            Event::CheckedAgain,
            Event::Asked(code),
            Event::AnsweredDiscard,
            Event::AnsweredAbsent,
            Event::ValueLost,
            Event::PasteAgain,
            Event::RevokeAgain,
            Event::UndoBegun,
            Event::UndoAnyway,
            Event::Intended(StepKind::Deploy(0)),
            Event::Applied(StepKind::Deploy(15)),
            Event::ByHand(StepKind::Deploy(1)),
            Event::RestoreIntended(StepKind::Deploy(9)),
            Event::Restored(StepKind::Deploy(9)),
            Event::NotRestored(StepKind::Deploy(9), code),
            Event::DiscardIntended,
            Event::DiscardParked,
            Event::DiscardConfirmed,
            Event::Discarded,
            Event::DiscardNotApplied(code),
            Event::DiscardUnclear(code),
            Event::Settled(Claims::default()),
            Event::Settled(Claims {
                old: Some(Claim::Gone),
                new: None,
            }),
            Event::Settled(Claims {
                old: Some(Claim::Leave),
                new: Some(Claim::Works),
            }),
            Event::Closed(Ending::Completed),
            Event::Closed(Ending::Undone),
            Event::Closed(Ending::Stopped),
        ] {
            let columns = write(event);
            let back = read(
                columns.event,
                columns.step,
                columns.code,
                columns.until,
                columns.word.as_deref(),
            );
            assert_eq!(back, Some(event));
        }
    }
}
