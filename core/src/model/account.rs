//! Accounts and what manages their keys.

use std::collections::BTreeMap;

use super::{AccountId, KeyId, Name, OrgId, Secret};

/// One workspace at one provider, under an organisation of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub org_id: OrgId,
    /// Id of the provider's definition.
    pub provider_id: String,
    pub label: Name,
    /// Names the text of the definition that it was connected with; none where an earlier version connected it.
    pub definition: Option<String>,
    /// Non-secret facts the definition asks for, e.g. the provider's organisation id.
    pub fields: BTreeMap<String, String>,
    /// Id of the credential scheme, as the definition names it.
    pub scheme: String,
    /// Address of its own, where the user gave one.
    pub base_url: Option<String>,
    /// The management credential is a key too: it has an age and a row.
    pub management_key_id: Option<KeyId>,
}

/// What authenticates key management: the scheme's non-secret fields and its one secret.
#[derive(Debug)]
pub struct Credential {
    pub scheme: String,
    pub fields: BTreeMap<String, String>,
    pub secret: Secret,
}
