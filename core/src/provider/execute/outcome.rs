//! What an answer, or its absence, means for the outside world.

use jiff::Timestamp;
use serde_json::Value;

use crate::failure::{Code, Effect, Failure, SafeDetail};
use crate::guard::{Guard, in_place};
use crate::http::{Response, TransportFailure};
use crate::provider::definition::{Act, Definition, Matcher, Operation, Said};
use crate::provider::template::Placeholder;

/// What came of a request.
pub(super) type Sent = Result<Response, TransportFailure>;

/// Returns the answer that says it was applied. Everything that is not surely one or the other is unknown.
pub(super) fn of_mutation(
    definition: &Definition,
    act: Act,
    operation: &Operation,
    sent: Sent,
    now: Timestamp,
) -> Result<Response, Failure> {
    let answer = sent.map_err(|failed| {
        let effect = match failed {
            TransportFailure::NotSent
            | TransportFailure::NotTrusted
            | TransportFailure::NoRoots
            | TransportFailure::NotAllowed => Effect::NotApplied,
            TransportFailure::NoAnswer | TransportFailure::TooLarge if in_place(Guard::SilenceIsUnknown) => {
                Effect::Unknown
            }
            TransportFailure::NoAnswer | TransportFailure::TooLarge => Effect::NotApplied,
        };
        failed.of_read().with_effect(effect)
    })?;
    let body = looked_at(definition, operation, &answer);
    let code = error_code(definition, answer.status, body.as_ref());
    let said = Said {
        status: answer.status,
        code: code.as_deref(),
        body: body.as_ref(),
    };
    let fits = |list: &[Matcher]| list.iter().any(|one| one.fits(said));
    // A secret may stand in any 2xx, and nowhere else: it is looked for before the answer is called wrong.
    let may_hold_secret = act.gives() && (200..300).contains(&answer.status);
    if fits(&operation.success) || may_hold_secret {
        return Ok(answer);
    }
    let (known, effect) = match answer.status {
        _ if act.is_of_one_key() && fits(&operation.absent) => (Code::ProviderKeyGone, Effect::NotApplied),
        401 => (Code::CredentialRefused, Effect::NotApplied),
        403 => (Code::CredentialNotAllowed, Effect::NotApplied),
        429 if operation.safe_429 => (Code::ProviderRateLimited, Effect::NotApplied),
        429 => (Code::ProviderRateLimited, Effect::Unknown),
        _ if fits(&operation.refused) => (Code::ProviderRefused, Effect::NotApplied),
        300..=399 => (Code::ProviderRedirected, Effect::Unknown),
        500..=599 => (Code::ProviderServerError, Effect::Unknown),
        _ => (Code::ProviderUnexpected, Effect::Unknown),
    };
    Err(described(known, &answer, code, definition, now).with_effect(effect))
}

/// Returns the good answer of a request that changes nothing.
pub(super) fn of_read(
    definition: &Definition,
    operation: &Operation,
    sent: Sent,
    now: Timestamp,
) -> Result<Response, Failure> {
    let answer = sent.map_err(TransportFailure::of_read)?;
    let body = looked_at(definition, operation, &answer);
    let code = error_code(definition, answer.status, body.as_ref());
    let said = Said {
        status: answer.status,
        code: code.as_deref(),
        body: body.as_ref(),
    };
    let fits = |list: &[Matcher]| list.iter().any(|one| one.fits(said));
    if fits(&operation.success) {
        return Ok(answer);
    }
    let absent = fits(&operation.absent);
    let known = match answer.status {
        401 => Code::CredentialRefused,
        403 => Code::CredentialNotAllowed,
        429 => Code::ProviderRateLimited,
        300..=399 => Code::ProviderRedirected,
        400..=499 => Code::ProviderRefused,
        500..=599 => Code::ProviderServerError,
        _ => Code::ProviderUnexpected,
    };
    let mut failure = described(known, &answer, code, definition, now);
    if absent {
        // What is asked for by name and not there is the organisation or project of the account.
        failure.field = operation.placeholders().find_map(|placeholder| match placeholder {
            Placeholder::Account(name) => Some(name.clone()),
            _ => None,
        });
    }
    Err(failure)
}

/// The body, where a code or a matcher looks into it; a success that may hold a secret is not read for less.
fn looked_at(definition: &Definition, operation: &Operation, answer: &Response) -> Option<Value> {
    let asked = answer.status >= 400 || operation.success.iter().any(|one| one.body.is_some());
    asked.then(|| answer.read(definition.answers())).flatten()
}

/// Returns the error code of the answer, if the definition knows it.
pub(super) fn error_code(definition: &Definition, status: u16, body: Option<&Value>) -> Option<String> {
    let body = body.filter(|_| status >= 400)?;
    let found = definition
        .error_pointers()
        .iter()
        .filter_map(|pointer| body.pointer(pointer).and_then(Value::as_str));
    let known = definition.known_codes();
    found
        .into_iter()
        .find_map(|code| known.iter().find(|word| *word == code))
        .cloned()
}

fn described(known: Code, answer: &Response, code: Option<String>, definition: &Definition, now: Timestamp) -> Failure {
    let advice = definition.advice(Some(answer.status), code.as_deref());
    let mut failure = Failure::new(known)
        .detail(SafeDetail::HttpStatus(answer.status))
        .advised(advice);
    failure
        .details
        .extend(code.and_then(|code| SafeDetail::provider_code(&code, definition.known_codes())));
    if matches!(answer.status, 429 | 503) {
        failure.retry_at = answer.retry_at(now);
    }
    failure
}
