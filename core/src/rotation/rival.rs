//! Another Keywheel that replaces the same key. Nothing can lock it out; names in the provider's list tell of it.

use jiff::Timestamp;

use super::drive::Driver;
use super::journal::Rotation;
use super::nonce;
use crate::failure::Failure;
use crate::model::Answer;
use crate::provider::{KeyList, RemoteKey, Strategy, Workspace};

impl Driver {
    /// Whether somebody has replaced what is in the old key's slot: a value that is refused already was, and what is there now
    /// is in use. Where the use of the slot is told, that shows it.
    pub(super) async fn is_slot_filled(&self, rotation: &Rotation, workspace: &Workspace) -> Result<bool, Failure> {
        let verifies = workspace.definition.verifies(&workspace.fields);
        let old = rotation.subject.old.as_ref().filter(|old| old.held && verifies);
        match old.filter(|_| rotation.plan.strategy == Strategy::TwoSlot && !rotation.plan.listens()) {
            Some(old) => {
                let verdict = self.asked(rotation, old.id).await?;
                Ok(verdict.is_some_and(|verdict| verdict.answer == Answer::Dead))
            }
            None => Ok(false),
        }
    }

    /// Whether the list shows a key that another Keywheel has made for the same one.
    pub(super) async fn shows_rival(&self, rotation: &Rotation, listed: &KeyList) -> Result<bool, Failure> {
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
            new: rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone()),
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
    /// The id of the new one.
    new: Option<String>,
    /// Names that mints of ours have carried.
    minted: Vec<String>,
}

impl Known {
    /// Whether another Keywheel made it for the same key: since the snapshot, or before it and later than the old one, as who
    /// began first and has not come to its end.
    fn is_rival(&self, key: &RemoteKey) -> bool {
        let Some(name) = key.name.as_ref() else { return false };
        let same = self.names.iter().any(|ours| nonce::may_be_for(name, ours));
        // Where no moment is told, nothing shows that it is older.
        let older = key.created_at.zip(self.born).is_some_and(|(theirs, old)| theirs <= old);
        let is = |id: &Option<String>| id.as_deref() == Some(&*key.remote_id);
        let new = !self.before.contains(&key.remote_id) || !older;
        let is_ours = is(&self.new) || self.minted.iter().any(|sent| nonce::shows(name, sent));
        same && new && !is(&self.old) && !is_ours
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
            new: Some("made".to_owned()),
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
        assert!(
            rival(key("first", named("backend", 2))),
            "nothing shows that it is older"
        );
        assert!(rival(key("new", Some("backend ~k08…".to_owned()))), "cut off");
        assert!(!rival(key("made", Some("backend ~…".to_owned()))), "ours, cut off");
    }
}
