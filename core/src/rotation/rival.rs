//! Another Keywheel that replaces the same key. Nothing can lock it out; names in the provider's list tell of it.

use super::drive::Driver;
use super::journal::{Fence, Rotation};
use super::nonce;
use super::plan::{Act, StepKind};
use super::proof::is_decided;
use super::state::Event;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::provider::{ReconcileBy, RemoteKey, Strategy};

/// Nobody else replaces the key, as far as its provider's list tells.
#[derive(Debug)]
pub(super) struct NoRival(());

impl Driver {
    /// Shows that nobody else replaces the key; else it is written down why it waits, and nothing is shown.
    pub(super) async fn look_for_rival(&self, fence: Fence, rotation: &Rotation) -> Result<Option<NoRival>, Failure> {
        let kind = StepKind::RevokeOld;
        // Where the old key goes first, after a leak above all, nothing holds that up.
        let at_once = rotation.act() != Act::Rotate || rotation.plan.strategy == Strategy::ReplaceFirst;
        if at_once || is_decided(&rotation.records) || !in_place(Guard::NoRival) {
            return Ok(Some(NoRival(())));
        }
        match self.has_rival(rotation).await {
            Ok(false) => return Ok(Some(NoRival(()))),
            Ok(true) => {
                self.park(fence, kind, rotation, Code::KeyReplacedElsewhere, vec![])
                    .await?;
            }
            // Time does not cure a credential.
            Err(failure) if failure.code.as_str().starts_with("credential.") => {
                self.record(fence, Event::Intended(kind), vec![]).await?;
                let failure = failure.with_effect(Effect::NotApplied);
                self.not_applied(fence, kind, &failure, false).await?;
            }
            Err(failure) => self.undetermined(fence, rotation, kind, &failure, vec![]).await?,
        }
        Ok(None)
    }

    async fn has_rival(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let definition = &workspace.definition;
        if definition.reconcile().by != ReconcileBy::Name || !definition.capabilities().list {
            return Ok(false);
        }
        let listed = self.effects.provider.list(&workspace).await?;
        let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.as_deref());
        let theirs = listed.iter().find(|key| Some(&*key.remote_id) == old);
        let known = Known {
            // Here it may have another name than at the provider, and elsewhere too.
            names: [
                Some(rotation.subject.key.name.as_str()),
                theirs.and_then(|key| key.name.as_deref()),
            ]
            .into_iter()
            .flatten()
            .map(|name| nonce::base(name).unwrap_or(name).to_owned())
            .collect(),
            before: self.journal.snapshot(rotation.id).await?,
            minted: self.journal.mint_names(rotation.id).await?,
        };
        Ok(listed.iter().any(|key| known.is_rival(key)))
    }
}

/// What is known of the key and its account. A list that was read meanwhile has put the other's key into the inventory:
/// only names tell whose it is.
struct Known {
    /// What the key is called, without marks.
    names: Vec<String>,
    /// Ids that were there before.
    before: Vec<String>,
    /// Names that mints of ours have carried.
    minted: Vec<String>,
}

impl Known {
    /// Whether another Keywheel made it for the same key since the snapshot.
    fn is_rival(&self, key: &RemoteKey) -> bool {
        let Some(name) = key.name.as_ref() else { return false };
        let same = nonce::base(name).is_some_and(|base| self.names.iter().any(|ours| ours == base));
        same && !self.before.contains(&key.remote_id) && !self.minted.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rival_has_our_name_another_mark_and_was_not_there_before() {
        let key = |remote_id: &str, name: Option<String>| RemoteKey {
            remote_id: remote_id.to_owned(),
            name,
            ..RemoteKey::default()
        };
        let named = |name: &str, mark: u8| Some(nonce::name(name, &[mark; 10]));
        let known = Known {
            names: vec!["backend".to_owned(), "prod".to_owned()],
            before: vec!["old".to_owned()],
            minted: vec![nonce::name("backend", &[1; 10])],
        };
        let rival = |key: RemoteKey| known.is_rival(&key);
        assert!(rival(key("new", named("backend", 2))));
        assert!(rival(key("new", named("prod", 2))));
        assert!(!rival(key("old", named("backend", 2))), "it was there before");
        assert!(!rival(key("new", named("backend", 1))), "we made it");
        assert!(!rival(key("new", named("frontend", 2))), "it replaces another key");
        assert!(!rival(key("new", Some("backend".to_owned()))), "a person made it");
        assert!(!rival(key("new", None)));
    }
}
