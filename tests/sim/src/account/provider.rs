//! The providers beside Overten, by the names of their keys and pages.

use serde::{Deserialize, Serialize};

use crate::material::{ALPHANUMERIC, DIGITS, Material};

/// Length of what follows a key's beginning; no document says one.
const LENGTH: usize = 32;

/// A provider beside Overten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// on-page.ai.
    OnPage,
    /// Authenta.
    Authenta,
    /// The "AI-powered API" under `api.example.com`.
    AiApi,
    /// Optiverse.
    Optiverse,
    /// Invented, for the strategies that no document of ours has.
    Lab,
}

impl Provider {
    /// Those that have a dashboard.
    pub(crate) const IN_DASHBOARDS: [Self; 4] = [Self::OnPage, Self::Authenta, Self::AiApi, Self::Optiverse];

    /// The first segment of its dashboard's address.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::OnPage => "on-page",
            Self::Authenta => "authenta",
            Self::AiApi => "ai-api",
            Self::Optiverse => "optiverse",
            Self::Lab => "lab",
        }
    }

    /// The name on its pages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OnPage => "on-page.ai",
            Self::Authenta => "Authenta",
            Self::AiApi => "AI API",
            Self::Optiverse => "Optiverse",
            Self::Lab => "Lab (invented)",
        }
    }

    /// What each value begins with: documented by On-Page and Optiverse, seen in Authenta's examples. The AI API
    /// has none; the lab's is invented.
    pub(crate) fn beginning(self) -> &'static str {
        match self {
            Self::OnPage => "op_live_",
            Self::Authenta => "api_",
            Self::AiApi => "",
            Self::Optiverse => "optiuser_v1_",
            Self::Lab => "lab_",
        }
    }

    /// How much of a value its lists show (unconfirmed everywhere).
    pub(crate) fn shown(self) -> usize {
        self.beginning().len() + 4
    }

    /// What an account's id begins with (invented).
    pub(crate) fn account_kind(self) -> &'static str {
        match self {
            Self::OnPage => "org",
            Self::Authenta | Self::Optiverse => "usr",
            Self::AiApi => "acc",
            Self::Lab => "prj",
        }
    }

    /// Draws a new value.
    pub(crate) fn value(self, material: &mut Material) -> String {
        format!("{}{}", self.beginning(), material.pick(ALPHANUMERIC, LENGTH))
    }

    /// Draws a new key id: `key_` and ten digits at the AI API, as in its example; elsewhere invented.
    pub(crate) fn key_id(self, material: &mut Material) -> String {
        match self {
            Self::AiApi => format!("key_{}", material.pick(DIGITS, 10)),
            _ => material.id("key"),
        }
    }
}
