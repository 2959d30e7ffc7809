//! What people say of a key, what is amiss with it, and how a program uses it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that is amiss with a key beside its age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FlagView {
    /// Stable: `in_tracked_file`, `same_value_two_orgs`, `same_value_two_environments`, `same_value_two_keys`,
    /// `shared_between_people`, `broader`, `owner_unknown`.
    pub code: String,
    /// One sentence.
    pub sentence: String,
}

/// What is said of a key anew. Null: as before; an empty text or list: nothing is said any more.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DescriptionRequest {
    pub owner: Option<String>,
    pub used_for: Option<String>,
    /// By the names of the provider's definition.
    pub permissions: Option<Vec<String>>,
    /// The name of one of the provider's presets: what the key is meant to be enough for.
    pub preset: Option<String>,
}

/// Adds a key that exists already.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportKeyRequest {
    pub account_id: String,
    pub environment_id: String,
    pub name: String,
    /// A handle from *Take from clipboard*.
    pub pasted: String,
    /// The day it was created, `2026-08-01`, where the person knows it.
    pub created: Option<String>,
    pub about: DescriptionRequest,
    /// The person confirmed a form that is unusual, or that this is another key than the listed one.
    pub anyway: bool,
}

/// How a program uses the key: every form names the variable, none holds the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SnippetsView {
    pub variable: String,
    /// Sets the variable in a POSIX shell.
    pub sh: String,
    /// Sets it in the Windows Command Prompt.
    pub cmd: String,
    /// Sets it in PowerShell.
    pub powershell: String,
    /// Calls the provider with it.
    pub curl: String,
    pub javascript: String,
    pub python: String,
}
