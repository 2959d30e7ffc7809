//! The key by which a provider knows a request again, and answers as it did before instead of acting twice.
//!
//! Source: draft-ietf-httpapi-idempotency-key-header. Nothing of it can be assumed: a definition says what its
//! provider documents.

use std::time::Duration;

use http::HeaderName;
use http::header::AUTHORIZATION;

use super::file::IdempotencyFile;
use super::matcher::{Matcher, client_side};
use super::{Act, DefinitionProblem, Operation, Reason, check, turnover};
use crate::http::auth::HeaderScheme;

/// What the provider documents of it for one operation.
#[derive(Debug)]
pub(in crate::provider) struct Idempotency {
    /// Carries the nonce of the intent.
    pub header: HeaderScheme,
    /// The answer that is given again has the value in it.
    pub replays_secret: bool,
    /// How long the provider knows a key.
    pub ttl: Duration,
    /// What it answers while it still acts on the first request.
    pub in_progress: Vec<Matcher>,
}

/// Longest time for which a key may be known, in seconds.
const LONGEST: i64 = 30 * 86_400;

impl Idempotency {
    pub(super) fn read(file: IdempotencyFile, act: Act) -> Result<Idempotency, DefinitionProblem> {
        let at = |field: &str| format!("{}.idempotency.{field}", act.as_str());
        let header = check::header(&file.header, "{nonce}", &at("header"))?;
        let in_progress = file.in_progress.into_iter();
        let in_progress = in_progress.map(|status| Matcher::read(status, client_side));
        let in_progress: Result<Vec<_>, _> = in_progress.collect();
        let ttl = turnover::number(file.ttl_seconds, 1, LONGEST, &at("ttl_seconds"))?;
        Ok(Idempotency {
            header,
            replays_secret: file.replays_secret,
            ttl: Duration::from_secs(ttl),
            in_progress: in_progress.map_err(|reason| DefinitionProblem::new(at("in_progress"), reason))?,
        })
    }
}

/// Refuses a header that authenticates: it would be sent over it.
pub(super) fn apart(
    operation: &Operation,
    act: Act,
    authenticates: impl Fn(&HeaderName) -> bool,
) -> Result<(), DefinitionProblem> {
    match &operation.idempotency {
        Some(key) if *key.header.name() == AUTHORIZATION || authenticates(key.header.name()) => {
            let at = format!("{}.idempotency.header.name", act.as_str());
            Err(DefinitionProblem::new(at, Reason::BadHeader))
        }
        _ => Ok(()),
    }
}
