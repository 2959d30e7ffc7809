//! Everything the lists show, in one consistent snapshot.

use serde::Serialize;
use ts_rs::TS;

use crate::{CapabilitiesView, ErrorView, KeyView, OverviewView, PolicyView, RotationView, RuleView};

/// All organisations, environments, accounts, keys and open rotations as of `now`.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryView {
    /// Keywheel's clock: the demo's in a demo data directory.
    pub now: String,
    /// All keys, each environment, and every narrower scope for which something is set.
    pub rules: Vec<RuleView>,
    pub orgs: Vec<OrgView>,
    pub environments: Vec<EnvironmentView>,
    pub accounts: Vec<AccountView>,
    /// Urgency first, then age, then name.
    pub keys: Vec<KeyView>,
    /// Rotations (and other acts) that are not finished.
    pub rotations: Vec<RotationView>,
    /// Keys at a provider that nobody accounts for yet.
    pub unaccounted: Vec<UnaccountedView>,
    pub overview: OverviewView,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrgView {
    pub id: String,
    pub name: String,
}

/// Decides the badge: PROD solid, STG outlined, DEV dashed, others plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentTierView {
    Production,
    Staging,
    Development,
    Ci,
    Own,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentView {
    pub id: String,
    pub name: String,
    pub tier: EnvironmentTierView,
    /// At most five letters for the badge: PROD, STG, DEV, CI, or the start of the user's own word.
    pub badge: String,
    pub policy: PolicyView,
}

/// One workspace at one provider.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    pub id: String,
    pub org_id: String,
    pub org_name: String,
    pub provider_id: String,
    pub provider_name: String,
    pub label: String,
    /// Non-secret fields as the definition names them, e.g. `org_id`.
    pub fields: std::collections::BTreeMap<String, String>,
    /// Id of the credential scheme in use.
    pub scheme: String,
    pub scheme_label: String,
    /// When the management credential itself stops working, where that is known.
    pub credential_expires_at: Option<String>,
    /// Only where the user gave the account an address of its own.
    pub base_url: Option<String>,
    pub capabilities: CapabilitiesView,
    /// What any key of this account can do, in the provider's terms.
    pub scope_note: String,
    /// "Keys have no expiry." or the like.
    pub expiry_note: String,
    pub sync: SyncView,
    pub key_count: u32,
    /// Where its provider's definition means something else now: it goes on by the former one until that is accepted.
    pub changed: Option<DefinitionChangeView>,
}

/// What a definition says otherwise than the one that an account goes by.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionChangeView {
    /// Names the present definition: what is accepted is what was looked at.
    pub digest: String,
    pub sentence: String,
    /// A line each: `path: before → now`.
    pub differences: Vec<String>,
}

/// The last reading of an account's key list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SyncView {
    Never,
    Listed {
        at: String,
    },
    /// The list could not be read; what is shown is as of `last_listed_at`.
    Failed {
        at: String,
        last_listed_at: Option<String>,
        error: ErrorView,
    },
}

/// When the list of one account was last read.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListedView {
    pub account_id: String,
    pub sync: SyncView,
}

/// A key at the provider of which Keywheel cannot say whose it is.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnaccountedView {
    pub id: String,
    pub account_id: String,
    pub account_label: String,
    pub provider_name: String,
    /// The rotation whose answer was lost, where there is one.
    pub rotation_id: Option<String>,
    /// The provider's id, where its list shows the key.
    pub remote_id: Option<String>,
    pub hint: Option<String>,
    /// It was created after this moment…
    pub window_from: String,
    /// …and before this one.
    pub window_to: String,
    /// What is known and what to do, one or two sentences.
    pub message: String,
}
