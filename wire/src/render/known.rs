//! What a call, a list or a person has said of the two keys of a rotation. Sentences claim no more than this.

use jiff::Timestamp;
use keywheel_core::Code;
use keywheel_core::model::{Answer, KeyVersion, Receipt};
use keywheel_core::rotation::{Actor, Claim, Claims, Event, Record, Rotation, StepKind};

/// What is known of the old key, where nothing tells of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Old {
    /// The newest call with it was accepted, and nothing was sent since that may have ended it.
    Accepted,
    /// The newest call with it was refused.
    Refused,
    /// Nothing was sent that may have ended it, and no call tells whether it works.
    Untouched,
    /// Something was sent that may have ended it, and nobody has asked since.
    MayHaveEnded,
}

/// Decides it by the records and the newest answer.
pub(super) fn old(rotation: &Rotation) -> Old {
    let verdict = rotation.subject.old.as_ref().and_then(|old| old.verdict.as_ref());
    let touched = touched_at(rotation);
    match verdict.filter(|verdict| touched.is_none_or(|at| verdict.at >= at)) {
        Some(verdict) if verdict.answer == Answer::Live => Old::Accepted,
        Some(verdict) if verdict.answer == Answer::Dead => Old::Refused,
        _ if touched.is_some() => Old::MayHaveEnded,
        _ => Old::Untouched,
    }
}

/// Whether something was sent, or told, that may have ended the old key.
pub(super) fn touched(rotation: &Rotation) -> bool {
    touched_at(rotation).is_some()
}

/// When something was last sent, or told, that may have ended the old key; none where it is shown not to have had an
/// effect.
fn touched_at(rotation: &Rotation) -> Option<Timestamp> {
    let plan = &rotation.plan;
    let ends = |kind: StepKind| kind == StepKind::RevokeOld || kind == StepKind::Mint && plan.rolls();
    let (mut sent, mut lost, mut unclear) = (None, None, false);
    for record in &rotation.records {
        match record.event {
            Event::Intended(kind) if ends(kind) && plan.sends(kind) => (sent, unclear) = (Some(record.at), false),
            Event::Unclear(kind, _) if ends(kind) => unclear = true,
            // No answer came, and a list showed it still: what was sent may yet arrive.
            Event::NotApplied(kind, _) if ends(kind) && unclear => lost = sent.take().or(lost),
            Event::Applied(kind) | Event::ByHand(kind) if ends(kind) => sent = sent.or(Some(record.at)),
            Event::NotApplied(kind, _) if ends(kind) => sent = None,
            // The next one settles only itself.
            Event::ValueLost | Event::AnsweredAbsent => lost = sent.take().or(lost),
            _ => {}
        }
    }
    sent.or(lost)
}

/// The newest answer to a call with the new value; none where nobody called.
pub(super) fn new_answer(rotation: &Rotation) -> Option<Answer> {
    let verdict = rotation.subject.new.as_ref().and_then(|new| new.verdict.as_ref());
    verdict.map(|verdict| verdict.answer)
}

/// Whether a call can tell if the new value works.
pub(super) fn can_ask(rotation: &Rotation) -> bool {
    rotation.plan.index(StepKind::VerifyNew).is_some()
}

/// One sentence about the old key, where nothing tells of its end.
pub(super) fn old_now(rotation: &Rotation, provider: &str) -> String {
    match old(rotation) {
        Old::Accepted => format!("{provider} accepted the old key when it was last asked."),
        Old::Refused => format!("{provider} refused the old key when it was last asked."),
        Old::Untouched => "Keywheel did not touch the old key.".to_owned(),
        Old::MayHaveEnded => "Nobody has asked since whether the old key works.".to_owned(),
    }
}

/// What tells that a mint did nothing, where nothing came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nothing {
    /// None was sent.
    NotSent,
    /// Its answer is all there is: who refuses a request may have carried it out.
    Answered,
    /// The same, or the pace that its provider has set held it back.
    Paced,
    /// Something was created, and discarded since.
    Discarded,
    /// An answer was lost, and nobody has said or shown since what became of it.
    Lost,
    /// A person has said it.
    Said,
}

fn nothing(records: &[Record]) -> Nothing {
    let (mut lost, mut word) = (None, Nothing::NotSent);
    for record in records {
        match record.event {
            Event::Unclear(StepKind::Mint, _) => lost = Some(Nothing::Lost),
            Event::AnsweredAbsent => lost = Some(Nothing::Said),
            Event::Discarded => (lost, word) = (None, Nothing::Discarded),
            Event::NotApplied(StepKind::Mint, code) if is_answered(code) => word = Nothing::Answered,
            Event::NotApplied(StepKind::Mint, Code::ProviderRateLimited)
            | Event::Parked {
                step: StepKind::Mint,
                code: Some(Code::ProviderRateLimited),
                ..
            } if word == Nothing::NotSent => word = Nothing::Paced,
            _ => {}
        }
    }
    lost.unwrap_or(word)
}

/// Whether only a provider's refusal of a mint ends with that code.
fn is_answered(code: Code) -> bool {
    matches!(
        code,
        Code::CredentialRefused | Code::CredentialNotAllowed | Code::ProviderRefused | Code::ProviderKeyGone
    )
}

/// Whether a mint was sent that its provider has refused, and nothing else tells what became of it.
pub(super) fn is_refused_by_word(rotation: &Rotation) -> bool {
    rotation.plan.actor(StepKind::Mint) != Some(Actor::Person) && nothing(&rotation.records) == Nothing::Answered
}

/// What Keywheel did itself, where nothing came of the rotation. What a person did meanwhile nobody asked.
pub(super) fn nothing_changed(rotation: &Rotation, provider: &str) -> String {
    match (rotation.plan.actor(StepKind::Mint), nothing(&rotation.records)) {
        (Some(Actor::Person), _) => format!("Keywheel changed nothing at {provider}."),
        (_, Nothing::Lost) => "An answer was lost; nothing that it made was found since.".to_owned(),
        (_, Nothing::Said) => "Nothing was created, as you said; nothing else was changed.".to_owned(),
        (_, Nothing::Answered) => {
            format!("{provider} answered that it did nothing; Keywheel changed nothing else.")
        }
        (_, Nothing::Paced) => format!("As far as {provider} said, nothing was changed."),
        (_, Nothing::Discarded) => "What was created was discarded; nothing else was changed.".to_owned(),
        (_, Nothing::NotSent) => "Nothing was changed.".to_owned(),
    }
}

/// What a person said of the keys of a rotation, as a part of a sentence.
pub(super) fn said(claims: Claims) -> String {
    let one = |key: &str, claim: Claim| match claim {
        Claim::Works => format!("{key} works"),
        Claim::Gone => format!("{key} is gone"),
        Claim::Leave => format!("nothing is said of {key}"),
    };
    let old = claims.old.map(|claim| one("the old key", claim));
    let new = claims
        .new
        .map(|claim| one(if old.is_some() { "the new one" } else { "the new key" }, claim));
    let said: Vec<String> = [old, new].into_iter().flatten().collect();
    match said.is_empty() {
        true => "nothing was created".to_owned(),
        false => said.join(", "),
    }
}

/// What a person said of one key.
pub(super) fn claimed(claim: Claim) -> &'static str {
    match claim {
        Claim::Works => "it works, as you said",
        Claim::Gone => "it is gone, as you said",
        Claim::Leave => "left as it is; nothing was said of it",
    }
}

/// What tells of a version's end, as a word and a sentence without its end.
pub(super) fn end(version: &KeyVersion, provider: &str) -> (&'static str, String) {
    let kept = match (version.is_kept(), version.held || version.fingerprint.is_none()) {
        (true, _) => "; its value is kept",
        (false, false) => "; its value is out of the keychain",
        (false, true) => "",
    };
    match &version.receipt {
        Some(Receipt::Refused { .. }) => ("dead", format!("proven: {provider} refused it{kept}")),
        Some(Receipt::Unlisted { .. }) => (
            "unlisted",
            format!("{provider} no longer lists it, nothing is proven{kept}"),
        ),
        Some(Receipt::Word { .. }) => ("ended", format!("as told, nothing is proven{kept}")),
        None => ("ended", format!("nothing is proven{kept}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Nothing, nothing};
    use jiff::Timestamp;
    use keywheel_core::failure::Code;
    use keywheel_core::rotation::{Event, Record, StepKind};

    #[test]
    fn that_a_sent_mint_did_nothing_is_told_as_its_providers_word() {
        let mint = StepKind::Mint;
        let not_applied = |code| vec![Event::Intended(mint), Event::NotApplied(mint, code)];
        let parked = Event::Parked {
            step: mint,
            until: Some(Timestamp::UNIX_EPOCH),
            code: Some(Code::ProviderRateLimited),
        };
        let cases = [
            (not_applied(Code::CredentialRefused), Nothing::Answered),
            (not_applied(Code::CredentialNotAllowed), Nothing::Answered),
            (not_applied(Code::ProviderRefused), Nothing::Answered),
            (not_applied(Code::ProviderKeyGone), Nothing::Answered),
            (not_applied(Code::ProviderRateLimited), Nothing::Paced),
            (vec![Event::Intended(mint), parked], Nothing::Paced),
            (not_applied(Code::ProviderUnreachable), Nothing::NotSent),
            (not_applied(Code::KeychainLocked), Nothing::NotSent),
            (vec![], Nothing::NotSent),
            (vec![Event::Unclear(mint, Code::ProviderUnreachable)], Nothing::Lost),
            (vec![Event::Applied(mint), Event::Discarded], Nothing::Discarded),
        ];
        for (events, is) in cases {
            let numbered = (0..).zip(&events);
            let records: Vec<Record> = numbered
                .map(|(seq, event)| Record {
                    seq,
                    at: Timestamp::UNIX_EPOCH,
                    event: *event,
                })
                .collect();
            assert_eq!(nothing(&records), is, "{events:?}");
        }
    }
}
