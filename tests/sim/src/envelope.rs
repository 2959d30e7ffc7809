//! The form of an error, where a provider's documents name only its codes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::account::Provider;

/// Where the code of an error stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Envelope {
    /// `{"success":false,"error":{"code":"…","message":"…"}}`
    #[default]
    Nested,
    /// `{"code":"…","message":"…"}`
    Flat,
    /// `{"error":"…","message":"…"}`
    Named,
}

impl Envelope {
    /// Puts a code and a message into it.
    pub(crate) fn hold(self, code: &str, message: &str) -> Value {
        match self {
            Self::Nested => json!({"success": false, "error": {"code": code, "message": message}}),
            Self::Flat => json!({"code": code, "message": message}),
            Self::Named => json!({"error": code, "message": message}),
        }
    }
}

/// The forms chosen; only On-Page and Optiverse leave theirs open.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Envelopes {
    pub(crate) on_page: Envelope,
    pub(crate) optiverse: Envelope,
}

impl Envelopes {
    /// Chooses one; the other providers' forms are documented and stay.
    pub(crate) fn set(&mut self, provider: Provider, envelope: Envelope) {
        match provider {
            Provider::OnPage => self.on_page = envelope,
            Provider::Optiverse => self.optiverse = envelope,
            Provider::Authenta | Provider::AiApi | Provider::Lab => {}
        }
    }
}
