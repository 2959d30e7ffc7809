//! Another Keywheel that replaces the same key. Nothing can lock it out; names in the provider's list tell of it.

use jiff::Timestamp;

use super::drive::Driver;
use super::journal::Rotation;
use super::moves::{Learnt, Settled};
use super::nonce;
use super::plan::{Act, StepKind};
use super::scene::Scene;
use crate::failure::{Code, Failure, Family};
use crate::guard::{Guard, in_place};
use crate::model::Answer;
use crate::provider::{ReconcileBy, RemoteKey, Strategy};

/// Nobody else replaces the key, as far as its provider's list tells.
#[derive(Debug)]
pub(super) struct NoRival(());

impl NoRival {
    /// Where the old key goes first, after a leak above all, nothing holds that up; nor where a person has decided.
    pub(super) fn unasked(scene: &Scene<'_>) -> Option<NoRival> {
        let rotation = scene.rotation;
        let at_once = rotation.act() != Act::Rotate || rotation.plan.strategy == Strategy::ReplaceFirst;
        let unasked = at_once || scene.history.is_decided(Code::KeyReplacedElsewhere) || !in_place(Guard::NoRival);
        unasked.then_some(NoRival(()))
    }
}

/// Shows that nobody else replaces the key, or says why it waits.
pub(super) fn settle(scene: &Scene<'_>, has_rival: Result<bool, Failure>) -> Settled {
    let kind = StepKind::RevokeOld;
    match has_rival {
        Ok(false) => Settled::learnt(Learnt::NoRival(NoRival(()))),
        Ok(true) => Settled::one(scene.park(kind, Code::KeyReplacedElsewhere, vec![])),
        // Time does not cure a credential.
        Err(failure) if failure.code.family() == Family::Credential => scene.held_up(kind, failure),
        Err(failure) => Settled::one(scene.undetermined(kind, &failure, vec![])),
    }
}

impl Driver {
    pub(super) async fn has_rival(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let definition = &workspace.definition;
        // In a slot, a value that is refused already was replaced by somebody: what is there now is in use. Where the use of
        // the slot is told, that shows it.
        if rotation.plan.strategy == Strategy::TwoSlot
            && !rotation.plan.listens()
            && definition.verifies(&workspace.fields)
            && let Some(old) = rotation.subject.old.as_ref().filter(|old| old.held)
            && let Some(verdict) = self.asked(rotation, old.id).await?
            && verdict.answer == Answer::Dead
        {
            return Ok(true);
        }
        if definition.reconcile().by != ReconcileBy::Name || !definition.capabilities().list {
            return Ok(false);
        }
        let listed = self.effects.provider.list(&workspace).await?;
        let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.as_deref());
        let theirs = old.and_then(|old| listed.entry(old));
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
            old: old.map(str::to_owned),
            born: rotation.subject.old.as_ref().map(|old| old.born().0),
            minted: self.journal.mint_names(rotation.id).await?,
        };
        Ok(listed.keys().iter().any(|key| known.is_rival(key)))
    }
}

/// What is known of the key and its account. A list that was read meanwhile has put the other's key into the inventory:
/// only names tell whose it is.
struct Known {
    /// What the key is called, without marks.
    names: Vec<String>,
    /// Ids that were there before.
    before: Vec<String>,
    /// The id of the old key, and since when there is that key.
    old: Option<String>,
    born: Option<Timestamp>,
    /// Names that mints of ours have carried.
    minted: Vec<String>,
}

impl Known {
    /// Whether another Keywheel made it for the same key: since the snapshot, or before it and later than the old one, as who
    /// began first and has not come to its end.
    fn is_rival(&self, key: &RemoteKey) -> bool {
        let Some(name) = key.name.as_ref() else { return false };
        let is_same = |base: &str| self.names.iter().any(|ours| ours.eq_ignore_ascii_case(base));
        let same = nonce::base(name).is_some_and(is_same);
        let later = key.created_at.zip(self.born).is_some_and(|(theirs, old)| theirs > old);
        let is_old = self.old.as_deref() == Some(&*key.remote_id);
        let new = !self.before.contains(&key.remote_id) || later;
        same && new && !is_old && !self.minted.iter().any(|sent| nonce::is(name, sent))
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
            before: vec!["old".to_owned(), "first".to_owned()],
            old: Some("old".to_owned()),
            born: Timestamp::from_second(1_795_000_000).ok(),
            minted: vec![nonce::name("backend", &[1; 10])],
        };
        let rival = |key: RemoteKey| known.is_rival(&key);
        assert!(rival(key("new", named("backend", 2))));
        assert!(rival(key("new", named("prod", 2))));
        let in_other_letters = |mark: u8| named("backend", mark).map(|name| name.to_ascii_lowercase());
        assert!(rival(key("new", in_other_letters(2))));
        assert!(!rival(key("new", in_other_letters(1))), "we made it");
        assert!(!rival(key("old", named("backend", 2))), "it was there before");
        assert!(!rival(key("new", named("backend", 1))), "we made it");
        let first = |after: i64| RemoteKey {
            created_at: Timestamp::from_second(1_795_000_000 + after).ok(),
            ..key("first", named("backend", 2))
        };
        assert!(rival(first(60)), "they began before us");
        assert!(!rival(first(-60)), "it is older than the old key");
        assert!(!rival(key("new", named("frontend", 2))), "it replaces another key");
        assert!(!rival(key("new", Some("backend".to_owned()))), "a person made it");
        assert!(!rival(key("new", None)));
    }
}
