//! Requests of the forms, and what connecting found.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

use crate::DescriptionRequest;

/// An organisation that exists, or a new one by name.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OrgChoice {
    Existing { id: String },
    New { name: String },
}

/// A value taken from the clipboard. It stays in Rust; the page holds only this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastedView {
    /// Opaque; good for one use within ten minutes.
    pub handle: String,
    /// Visible shape, e.g. `sk_live_…x9F2`, or `•••• (16)` for short values.
    pub hint: String,
    pub length: u32,
}

/// Connects an account, or gives a connected one a new management credential.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectRequest {
    pub org: OrgChoice,
    pub provider_id: String,
    pub label: String,
    pub scheme: String,
    /// Non-secret fields by name: account fields and scheme fields.
    pub fields: BTreeMap<String, String>,
    /// Secret fields by name, each a handle from *Take from clipboard*.
    pub pasted: BTreeMap<String, String>,
    pub base_url: Option<String>,
    /// Environment that keys found in the list are put in at first.
    pub environment_id: String,
    /// The person has looked: a new credential is taken although its list lacks the keys that are known.
    pub anyway: bool,
}

/// What connecting found out, line by line.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectView {
    pub account_id: String,
    pub lines: Vec<ConnectLineView>,
    /// Keys found in the provider's list, to be mapped to names and environments.
    pub found_key_ids: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectLineView {
    pub ok: bool,
    pub message: String,
}

/// Opens an organisation at the provider, with its first key.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignupRequest {
    pub org: OrgChoice,
    pub provider_id: String,
    pub label: String,
    pub scheme: String,
    /// Scheme fields and sign-up fields that are not secret.
    pub fields: BTreeMap<String, String>,
    pub pasted: BTreeMap<String, String>,
    pub base_url: Option<String>,
    pub environment_id: String,
    pub key_name: String,
}

/// Creates one more key in an account.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewKeyRequest {
    pub account_id: String,
    pub environment_id: String,
    pub name: String,
    pub about: DescriptionRequest,
}
