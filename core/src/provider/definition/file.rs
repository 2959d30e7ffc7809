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
    pub hosts: Option<Vec<String>>,
    pub base_url: Option<String>,
    #[serde(default)]
    pub own_base_url: bool,
    pub answers: Option<String>,
    pub strategy: String,
    pub live_limit: Option<i64>,
    pub slots: Option<Vec<String>>,
    pub grace: Option<GraceFile>,
    pub pace: Option<PaceFile>,
    pub contact: Option<String>,
    pub key_name: Option<String>,
    pub bound_to: Option<String>,
    #[serde(default)]
    pub purposes: Vec<String>,
    #[serde(default)]
    pub permission: Vec<PermissionFile>,
    #[serde(default)]
    pub preset: Vec<PresetFile>,
    #[serde(default)]
    pub advice: Vec<AdviceFile>,
    #[serde(default)]
    pub unconfirmed: Vec<String>,
    pub key: KeyFile,
    pub reconcile: Option<ReconcileFile>,
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
    pub roll: Option<OperationFile>,
    pub deactivate: Option<OperationFile>,
    pub revoke: Option<OperationFile>,
    pub last_used: Option<OperationFile>,
    pub signup: Option<OperationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub pattern: Option<String>,
    #[serde(default)]
    pub part: Vec<PartFile>,
    pub shape: String,
    pub max_bytes: i64,
    pub id_pattern: Option<String>,
    pub expiry: String,
    pub scope: String,
    pub leak: Option<String>,
    pub after_leak: Option<String>,
    pub other_prefixes: Option<String>,
}

/// One part of a value that has several.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartFile {
    pub name: String,
    pub variable: String,
    pub pattern: String,
    #[serde(default)]
    pub secret: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GraceFile {
    pub seconds: i64,
    pub starts: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaceFile {
    pub requests: i64,
    pub seconds: i64,
    pub field: Option<String>,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionFile {
    pub name: String,
    pub grants: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresetFile {
    pub name: String,
    pub permissions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdviceFile {
    pub on: String,
    pub say: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReconcileFile {
    pub by: String,
    #[serde(default)]
    pub list_lag_seconds: i64,
    #[serde(default = "one_minute")]
    pub propagation_seconds: i64,
    #[serde(default = "one_hour")]
    pub last_used_lag_seconds: i64,
}

fn one_minute() -> i64 {
    60
}

fn one_hour() -> i64 {
    3600
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
    pub sign: Option<SignFile>,
    pub field: Vec<FieldFile>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthFile {
    #[serde(default)]
    pub key: Vec<HeaderFile>,
    pub sign: Option<SignFile>,
}

/// What a signature is good for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignFile {
    pub service: String,
    pub region: String,
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
    pub base_url: Option<String>,
    pub auth: String,
    pub body: Option<toml::Value>,
    pub form: Option<toml::Table>,
    pub ok: Vec<Status>,
    pub applied: Vec<Status>,
    pub live: Vec<Status>,
    pub dead: Vec<Status>,
    pub restricted: Vec<Status>,
    pub suspended: Vec<Status>,
    pub exhausted: Vec<Status>,
    pub expired: Vec<Status>,
    pub limited: Vec<Status>,
    pub refused: Vec<Status>,
    pub absent: Vec<Status>,
    #[serde(rename = "429_is_safe")]
    pub safe_429: Option<bool>,
    pub idempotency: Option<IdempotencyFile>,
    pub items: Vec<String>,
    pub secret: Vec<String>,
    pub parts: BTreeMap<String, Vec<String>>,
    pub remote_id: Vec<String>,
    pub name: Vec<String>,
    pub prefix: Vec<String>,
    pub created_at: Vec<String>,
    pub expires_at: Vec<String>,
    pub last_used_at: Vec<String>,
    pub switched_off: Option<StandsFile>,
    pub page: Option<toml::Value>,
    pub say: Option<String>,
    pub field: Vec<FieldFile>,
    pub one_of: Vec<Vec<String>>,
    pub fields: BTreeMap<String, Vec<String>>,
    pub others: BTreeMap<String, Vec<String>>,
}

/// What stands at one of some places of a list's entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StandsFile {
    pub at: Vec<String>,
    pub is: Vec<toml::Value>,
}

/// By what a provider knows a request again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdempotencyFile {
    pub header: HeaderFile,
    pub replays_secret: bool,
    pub ttl_seconds: i64,
    #[serde(default = "conflict")]
    pub in_progress: Vec<Status>,
}

fn conflict() -> Vec<Status> {
    vec![Status::Number(409)]
}

/// How a list says that it goes on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageFile {
    pub next: String,
    pub more: Option<String>,
    pub field: String,
}

/// `204`, `"401 invalid_api_key"`, or `{ status = 200, at = "/success", is = true }`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Status {
    Number(i64),
    WithCode(String),
    WithBody(StatusFile),
}

/// A status together with what stands at one place of the body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusFile {
    pub status: i64,
    pub at: String,
    pub is: toml::Value,
}
