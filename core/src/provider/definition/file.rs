//! The TOML shapes, as they are written. What they mean is checked in [`super::check`].

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub schema: i64,
    pub id: String,
    pub name: String,
    pub monogram: String,
    pub docs: String,
    pub dashboard: Option<String>,
    pub key_page: Option<String>,
    pub checked_on: Option<String>,
    pub hosts: Vec<String>,
    pub base_url: String,
    pub strategy: String,
    #[serde(default)]
    pub unconfirmed: Vec<String>,
    pub key: KeyFile,
    pub reconcile: ReconcileFile,
    #[serde(default)]
    pub account_field: Vec<FieldFile>,
    #[serde(default)]
    pub scheme: Vec<SchemeFile>,
    #[serde(default)]
    pub auth: AuthFile,
    #[serde(default)]
    pub errors: ErrorsFile,
    pub verify: Option<OperationFile>,
    pub list: Option<OperationFile>,
    pub mint: Option<OperationFile>,
    pub revoke: Option<OperationFile>,
    pub signup: Option<OperationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub pattern: String,
    pub shape: String,
    pub max_bytes: i64,
    pub id_pattern: Option<String>,
    pub expiry: String,
    pub scope: String,
    pub leak: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReconcileFile {
    pub by: String,
    #[serde(default)]
    pub list_lag_seconds: i64,
    #[serde(default = "one_minute")]
    pub propagation_seconds: i64,
}

fn one_minute() -> i64 {
    60
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldFile {
    pub name: String,
    pub label: String,
    pub help: Option<String>,
    pub example: Option<String>,
    pub pattern: Option<String>,
    #[serde(default)]
    pub secret: bool,
    #[serde(default = "yes")]
    pub required: bool,
    #[serde(default)]
    pub choices: Vec<String>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeFile {
    pub id: String,
    pub label: String,
    pub help: String,
    pub kind: String,
    pub header: Option<HeaderFile>,
    pub field: Vec<FieldFile>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthFile {
    #[serde(default)]
    pub key: Vec<HeaderFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderFile {
    pub name: String,
    pub value: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorsFile {
    #[serde(default)]
    pub code: Vec<String>,
    #[serde(default)]
    pub known: Vec<String>,
}

/// One operation. Which fields have a meaning depends on the operation.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OperationFile {
    pub request: String,
    pub auth: String,
    pub body: Option<toml::Value>,
    pub ok: Vec<Status>,
    pub applied: Vec<Status>,
    pub live: Vec<Status>,
    pub dead: Vec<Status>,
    pub refused: Vec<Status>,
    pub absent: Vec<Status>,
    #[serde(rename = "429_is_safe")]
    pub safe_429: Option<bool>,
    pub items: Vec<String>,
    pub secret: Vec<String>,
    pub remote_id: Vec<String>,
    pub name: Vec<String>,
    pub prefix: Vec<String>,
    pub created_at: Vec<String>,
    pub expires_at: Vec<String>,
    pub last_used_at: Vec<String>,
    pub page: Option<toml::Value>,
    pub field: Vec<FieldFile>,
    pub one_of: Vec<Vec<String>>,
    pub fields: BTreeMap<String, Vec<String>>,
    pub others: BTreeMap<String, Vec<String>>,
}

/// `204`, or `"401 invalid_api_key"`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Status {
    Number(i64),
    WithCode(String),
}
