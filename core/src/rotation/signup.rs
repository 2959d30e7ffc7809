//! What a sign-up's answer says beside its values: kept with them until it is recorded.
//!
//! The id of the new organisation comes in that one answer. Without it nobody could find the organisation again.

use std::collections::BTreeMap;

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::plan::Act;
use crate::failure::Failure;
use crate::model::{Secret, VersionId};
use crate::vault::VaultRef;

/// Name of the answer's own id among the fields that are kept.
const REMOTE_ID: &str = "=remote_id";

impl Driver {
    /// Keeps it in the keychain; one that refuses loses nothing that the person could not look up.
    pub(super) async fn keep_answer(
        &self,
        version: VersionId,
        fields: &BTreeMap<String, String>,
        remote_id: Option<&str>,
    ) {
        let mut all: BTreeMap<&str, &str> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        all.extend(remote_id.map(|id| (REMOTE_ID, id)));
        let Ok(text) = serde_json::to_string(&all) else { return };
        if let Err(failure) = self
            .effects
            .vault
            .put(&VaultRef::answer(version), &Secret::new(text))
            .await
        {
            tracing::warn!(code = failure.code.as_str(), "what the sign-up answered is not kept");
        }
    }

    /// Forgets it once all of it is recorded.
    pub(super) async fn drop_answer(&self, rotation: &Rotation, version: VersionId) {
        if rotation.act() == Act::SignUp
            && let Err(failure) = self.effects.vault.delete(&VaultRef::answer(version)).await
        {
            tracing::info!(
                code = failure.code.as_str(),
                "what a sign-up answered is still in the keychain"
            );
        }
    }

    /// Reads back what was kept: the changes that the lost record would have made, and the key's id.
    pub(super) async fn kept_answer(
        &self,
        rotation: &Rotation,
        version: VersionId,
    ) -> Result<(Vec<Change>, Option<String>), Failure> {
        if rotation.act() != Act::SignUp {
            return Ok((Vec::new(), None));
        }
        let kept = self.effects.vault.get(&VaultRef::answer(version)).await?;
        let mut fields: BTreeMap<String, String> = kept
            .and_then(|text| serde_json::from_str(text.expose()).ok())
            .unwrap_or_default();
        let remote_id = fields.remove(REMOTE_ID);
        let mut changes: Vec<Change> = account_fields(rotation, fields).into_iter().collect();
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        for name in workspace.definition.signup_others() {
            let id = version.further(name);
            if let Some(secret) = self.effects.vault.get(&VaultRef::version(id)).await? {
                let added = self.further_key(rotation, version, name);
                changes.push(Change::Added(Box::new(added)));
                changes.push(self.held(id, &secret));
            }
        }
        Ok((changes, remote_id))
    }
}

/// The account's facts, with what the answer added.
pub(super) fn account_fields(rotation: &Rotation, fields: BTreeMap<String, String>) -> Option<Change> {
    (!fields.is_empty()).then(|| {
        let mut all = rotation.subject.account.fields.clone();
        all.extend(fields);
        Change::AccountFields(all)
    })
}
