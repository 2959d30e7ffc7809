//! A key that exists before the first request.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A key that exists before the first request, with what the provider does not know about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeedKey {
    /// `key_id`; two entries share it where a key was replaced under its id.
    pub key_id: String,
    /// Organisation or account.
    pub org_id: String,
    /// Value, which no endpoint of the provider returns.
    pub value: String,
    /// When it was minted.
    pub created_at: Timestamp,
    /// When it was revoked.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
    /// Name for whoever sets up a demonstration; no endpoint of Overten lists it.
    #[serde(default)]
    pub suggested_name: Option<String>,
    /// Environment for whoever sets up a demonstration; no endpoint of Overten lists it.
    #[serde(default)]
    pub environment: Option<String>,
    /// What else its provider knows of it.
    #[serde(flatten)]
    pub grant: Grant,
}

/// What a key was given when it was made; Overten has none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Permissions, in the provider's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// What it is for (AI API, "Creating Multiple Keys").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Its place among two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// When it stops by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}
