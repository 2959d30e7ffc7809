//! A provider as its definition describes it, enough to draw the connect form.

use serde::Serialize;
use ts_rs::TS;

use crate::StepActorView;

/// One provider of the catalogue.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    pub id: String,
    pub name: String,
    pub monogram: String,
    pub docs: String,
    pub dashboard: Option<String>,
    pub capabilities: CapabilitiesView,
    /// Strategy id: `overlap`.
    pub strategy: String,
    /// "A second key is created. The old key works until you revoke it."
    pub sentence: String,
    pub scope_note: String,
    pub expiry_note: String,
    /// The visible shape of a key: `sk_live_…`.
    pub key_shape: String,
    /// What a key's value consists of, where it has several parts: an id first, then secrets.
    pub parts: Vec<PartView>,
    /// Non-secret facts an account needs, e.g. the provider's organisation id.
    pub account_fields: Vec<FieldView>,
    /// Ways to authenticate key management, best first.
    pub schemes: Vec<SchemeView>,
    /// Whether managing keys needs a credential: not so where a person does all of it.
    pub needs_credential: bool,
    /// Each account has an address of its own.
    pub own_address: bool,
    /// What keys may be allowed to do, where the provider has permissions.
    pub permissions: Vec<PermissionView>,
    /// Permissions for common uses, narrowest first.
    pub presets: Vec<PresetView>,
    /// A key acts for one person: it has an owner.
    pub personal: bool,
    /// How often the provider takes a call, in its own words.
    pub pace: Option<String>,
    /// The address to write to.
    pub contact: Option<String>,
    /// How the provider advises to name keys, with `{environment}` and `{service}`: `{service}-Key`.
    pub key_name: Option<String>,
    /// Fields of the sign-up form, where the provider's API can open an organisation.
    pub signup_fields: Option<Vec<FieldView>>,
    /// What of this definition is not confirmed by the provider's documents.
    pub unconfirmed: Vec<String>,
}

/// What the provider's API can do, and who does what it cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CapabilitiesView {
    pub list: bool,
    pub mint: bool,
    pub verify: bool,
    pub revoke: bool,
    pub reports_last_use: bool,
    pub signup: bool,
    /// Who creates a key; null where nobody can.
    pub mint_by: Option<StepActorView>,
    /// Who replaces a key in place.
    pub roll_by: Option<StepActorView>,
    /// Who ends a key.
    pub revoke_by: Option<StepActorView>,
}

/// One way to authenticate key management.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SchemeView {
    pub id: String,
    pub label: String,
    /// One or two sentences: where to get it and how long it lasts.
    pub help: String,
    pub fields: Vec<FieldView>,
}

/// One input of a form. A secret one is never typed: it is taken from the clipboard or a prompt.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    pub name: String,
    pub label: String,
    pub secret: bool,
    pub required: bool,
    pub help: Option<String>,
    pub example: Option<String>,
    /// Where only certain words are allowed.
    pub choices: Vec<String>,
}

/// One part of a key's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartView {
    pub name: String,
    /// The environment variable in which programs look for it: `AWS_ACCESS_KEY_ID`.
    pub variable: String,
}

/// Something that a key may be allowed to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PermissionView {
    pub name: String,
    pub grants: String,
}

/// Permissions that the provider recommends together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresetView {
    pub name: String,
    pub permissions: Vec<String>,
}
