//! A provider as data: what a definition says, after it has been read and checked.
//!
//! Deliberately absent: scripts, includes, conditions. What cannot be said here is refused, not guessed.

mod act;
mod address;
mod check;
mod field;
mod file;
mod guidance;
mod idempotency;
mod key;
mod locate;
mod matcher;
mod meaning;
mod operation;
mod part;
mod problem;
mod request;
mod scheme;
mod step;
mod strategy;
mod turnover;

pub use field::{Field, FieldKind};
pub use guidance::{BoundTo, Permission, Preset};
pub use meaning::Meaning;
pub(super) use meaning::digest;
pub use part::Part;
pub use problem::{DefinitionProblem, Reason};
pub use scheme::Scheme;
pub use step::{Guide, Performer, ProviderStep};
pub use strategy::{Reconcile, ReconcileBy, Strategy};
pub use turnover::{Grace, GraceStarts, Pace};

pub(in crate::provider) use act::Act;
pub(in crate::provider) use check::pattern;
pub(in crate::provider) use idempotency::Idempotency;
pub(in crate::provider) use key::{KeyFormat, LEAST_KEY};
pub(in crate::provider) use matcher::{Matcher, Said};
pub(in crate::provider) use operation::Operation;
pub(in crate::provider) use request::Body;
pub(in crate::provider) use scheme::SchemeKind;

use std::collections::{BTreeMap, BTreeSet};

use guidance::Guidance;
use jiff::civil::Date;
use step::Step;
use url::Url;

use super::template::Placeholder;
use crate::http::Format;
use crate::http::auth::{Carrier, SigV4};

/// Longest definition that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// A definition that passed every check.
#[derive(Debug)]
pub struct Definition {
    id: String,
    name: String,
    monogram: String,
    docs: Url,
    dashboard: Option<Url>,
    key_page: Option<Url>,
    checked_on: Option<Date>,
    hosts: Vec<String>,
    /// Absent where each account has its own.
    base_url: Option<Url>,
    format: Format,
    strategy: Strategy,
    live_limit: Option<u32>,
    slots: Option<[String; 2]>,
    grace: Option<Grace>,
    pace: Option<Pace>,
    guidance: Guidance,
    reconcile: Reconcile,
    unconfirmed: Vec<String>,
    key: KeyFormat,
    account_fields: Vec<Field>,
    schemes: Vec<Scheme>,
    key_carriers: Vec<Carrier>,
    error_pointers: Vec<String>,
    known_codes: Vec<String>,
    verify: Option<Operation>,
    list: Option<Operation>,
    mint: Option<Step>,
    roll: Option<Step>,
    deactivate: Option<Operation>,
    revoke: Option<Step>,
    last_used: Option<Operation>,
    signup: Option<Operation>,
}

/// What the provider's API can do: the operations that its definition has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    pub list: bool,
    pub mint: bool,
    pub verify: bool,
    pub roll: bool,
    pub revoke: bool,
    /// The list, or a call of its own, tells when a key was last used.
    pub reports_last_use: bool,
    pub signup: bool,
}

impl Definition {
    /// Reads and checks a definition.
    pub fn parse(text: &str) -> Result<Definition, DefinitionProblem> {
        if text.len() > MAX_BYTES {
            return Err(DefinitionProblem::new("file", Reason::TooLarge));
        }
        let file = toml::from_str(text).map_err(|error| locate::problem(text, &error))?;
        check::definition(file)
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// One or two letters for a small mark.
    pub fn monogram(&self) -> &str {
        &self.monogram
    }

    pub fn docs(&self) -> &str {
        self.docs.as_str()
    }

    pub fn dashboard(&self) -> Option<&str> {
        self.dashboard.as_ref().map(Url::as_str)
    }

    /// The page on which a person sees and creates keys; the dashboard where there is no nearer one.
    pub fn key_page(&self) -> Option<&str> {
        self.key_page.as_ref().or(self.dashboard.as_ref()).map(Url::as_str)
    }

    /// The day on which its statements were last compared with their sources.
    pub fn checked_on(&self) -> Option<Date> {
        self.checked_on
    }

    /// All hosts that requests go to.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Where requests go; none where each account has an address of its own.
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_ref().map(Url::as_str)
    }

    pub fn strategy(&self) -> Strategy {
        self.strategy
    }

    /// How many keys may live at once, where the provider says so.
    pub fn live_limit(&self) -> Option<u32> {
        self.live_limit
    }

    /// The names of the two slots that are replaced in turn.
    pub fn slots(&self) -> Option<&[String; 2]> {
        self.slots.as_ref()
    }

    /// How long an old value works after a roll.
    pub fn grace(&self) -> Option<Grace> {
        self.grace
    }

    /// How fast a key may be used, where that is slow.
    pub fn pace(&self) -> Option<Pace> {
        self.pace.clone()
    }

    /// Who does the step; none where the definition has no such operation.
    pub fn performer(&self, step: ProviderStep) -> Option<Performer> {
        self.step(step).map(Step::performer)
    }

    /// Whether an account needs a credential that manages its keys: some operation is authenticated by one.
    pub fn needs_credential(&self) -> bool {
        Act::ALL
            .into_iter()
            .filter_map(|act| self.operation(act))
            .any(|operation| !operation.by_key)
    }

    /// Whether a value of an account with these facts can be verified: the request may need an optional one.
    pub fn verifies(&self, fields: &BTreeMap<String, String>) -> bool {
        let given = |placeholder: &Placeholder| match placeholder {
            Placeholder::Account(name) => fields.get(name).is_some_and(|value| !value.is_empty()),
            _ => true,
        };
        self.verify
            .as_ref()
            .is_some_and(|verify| verify.placeholders().all(given))
    }

    pub fn reconcile(&self) -> Reconcile {
        self.reconcile
    }

    /// What of it the provider's documents do not confirm: whole sentences.
    pub fn unconfirmed(&self) -> &[String] {
        &self.unconfirmed
    }

    /// The visible shape of a key: `sk_live_…`.
    pub fn key_shape(&self) -> &str {
        &self.key.shape
    }

    /// Longest value, in bytes; the keychain must be able to hold it.
    pub fn max_key_bytes(&self) -> usize {
        self.key.max_bytes
    }

    pub fn expiry_note(&self) -> &str {
        &self.key.expiry
    }

    pub fn scope_note(&self) -> &str {
        &self.key.scope
    }

    /// What to do about a leaked key beyond revoking it.
    pub fn leak_note(&self) -> Option<&str> {
        self.key.leak.as_deref()
    }

    /// The provider says that a leaked key is to be revoked before it has a successor; the person may still choose.
    pub fn revokes_leaked_first(&self) -> bool {
        self.key.revokes_leaked_first
    }

    /// Non-secret facts that an account needs.
    pub fn account_fields(&self) -> &[Field] {
        &self.account_fields
    }

    /// Ways to authenticate key management, best first.
    pub fn schemes(&self) -> &[Scheme] {
        &self.schemes
    }

    pub fn scheme(&self, id: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| scheme.id() == id)
    }

    /// Fields of the sign-up form, where the API can open an organisation.
    pub fn signup_fields(&self) -> Option<&[Field]> {
        self.signup.as_ref().map(|signup| signup.fields.as_slice())
    }

    /// Sets of sign-up fields of which exactly one is given.
    pub fn signup_one_of(&self) -> &[Vec<String>] {
        self.signup.as_ref().map_or(&[], |signup| signup.one_of.as_slice())
    }

    /// Names of the further secrets that opening an organisation gives.
    pub fn signup_others(&self) -> Vec<&str> {
        let others = self.signup.iter().flat_map(|signup| &signup.answer.others);
        others.map(|(name, _)| name.as_str()).collect()
    }

    /// The account's fields that decide whose keys a list shows.
    pub fn listed_by(&self) -> BTreeSet<&str> {
        let named = self.list.iter().flat_map(Operation::placeholders);
        let fields = named.filter_map(|placeholder| match placeholder {
            Placeholder::Account(name) => Some(name.as_str()),
            _ => None,
        });
        fields.collect()
    }

    pub fn capabilities(&self) -> Capabilities {
        let api = |act| self.operation(act).is_some();
        Capabilities {
            list: api(Act::List),
            mint: api(Act::Mint),
            verify: api(Act::Verify),
            roll: api(Act::Roll),
            revoke: api(Act::Revoke),
            reports_last_use: self.last_used.is_some()
                || self
                    .list
                    .as_ref()
                    .is_some_and(|list| !list.answer.last_used_at.is_empty()),
            signup: api(Act::Signup),
        }
    }

    /// Whether a call of its own, for each key, tells when it was last used.
    pub fn tells_last_use_apart(&self) -> bool {
        self.last_used.is_some()
    }

    /// What a key's own signature is good for, where keys sign.
    pub fn signature(&self) -> Option<&SigV4> {
        self.key_carriers.iter().find_map(|carrier| match carrier {
            Carrier::Signature(signature) => Some(signature),
            Carrier::Header(_) => None,
        })
    }

    /// Whether a key is switched off before it is revoked. Then its refusal does not tell that it is gone.
    pub fn deactivates(&self) -> bool {
        self.deactivate.is_some()
    }

    pub(in crate::provider) fn format(&self) -> &KeyFormat {
        &self.key
    }

    pub(in crate::provider) fn address(&self) -> Option<&Url> {
        self.base_url.as_ref()
    }

    /// What answers are written in.
    pub(in crate::provider) fn answers(&self) -> Format {
        self.format
    }

    pub(in crate::provider) fn key_carriers(&self) -> &[Carrier] {
        &self.key_carriers
    }

    pub(in crate::provider) fn error_pointers(&self) -> &[String] {
        &self.error_pointers
    }

    pub(in crate::provider) fn known_codes(&self) -> &[String] {
        &self.known_codes
    }

    pub(in crate::provider) fn operation(&self, which: Act) -> Option<&Operation> {
        match which {
            Act::Verify => self.verify.as_ref(),
            Act::List => self.list.as_ref(),
            Act::Mint => self.mint.as_ref()?.operation(),
            Act::Roll => self.roll.as_ref()?.operation(),
            Act::Deactivate => self.deactivate.as_ref(),
            Act::Revoke => self.revoke.as_ref()?.operation(),
            Act::LastUsed => self.last_used.as_ref(),
            Act::Signup => self.signup.as_ref(),
        }
    }

    fn step(&self, step: ProviderStep) -> Option<&Step> {
        match step {
            ProviderStep::Mint => self.mint.as_ref(),
            ProviderStep::Roll => self.roll.as_ref(),
            ProviderStep::Revoke => self.revoke.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests;
