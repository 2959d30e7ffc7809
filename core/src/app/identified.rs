//! The provider's id of a key, told by a person where no list could be matched.

use super::App;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{About, KeyId, KeyVersion, RemoteKey, VersionState};
use crate::provider::{KeyList, Strategy};
use crate::rotation::Workspaces;
use crate::store::{ActivityResult, KnownVersion, NewActivity};

impl App {
    /// Takes the id as that of the key's one version that has none, or one that its provider does not list. Where the provider lists its keys, it has to list this
    /// one, and not as one whose value begins otherwise; a key that only its list has told of until now is the same one, and
    /// goes. Returns how the list shows it, where there is one: a person sees by that whether it is the right one.
    pub async fn tell_id(&self, id: KeyId, remote_id: &str) -> Result<Option<RemoteKey>, Failure> {
        let row = self.store.key(id).await?;
        let account = self.store.account(row.key.account_id).await?;
        let definition = self.definitions.require(&account)?;
        let wrong = |code| Err(Failure::new(code).field("id"));
        let is_one = match definition.slots() {
            Some(slots) => slots.iter().any(|slot| slot == remote_id),
            None => definition.matches_remote_id(remote_id),
        };
        if !is_one {
            return wrong(Code::InputInvalid);
        }
        let lists = definition.capabilities().list;
        let listed = match lists {
            true => {
                let workspace = self.workspaces.managing(&account).await?;
                Some(self.provider.list(&workspace).await?)
            }
            false => None,
        };
        let version = self.without_id(id, listed.as_ref()).await?;
        let known = self.store.known_versions(account.id).await?;
        let has_it = |one: &&KnownVersion| one.version.remote_id.as_deref() == Some(remote_id) && !one.removed;
        let others: Vec<&KnownVersion> = known.iter().filter(has_it).collect();
        let mut listed_only = None;
        for other in others {
            match self.is_only_listed(other).await? && definition.strategy() != Strategy::TwoSlot {
                true => listed_only = Some(other.version.key_id),
                false if in_place(Guard::ToldIdIsFree) => return wrong(Code::KeyIdKnown),
                false => {}
            }
        }
        let mut remote = RemoteKey {
            remote_id: remote_id.to_owned(),
            ..RemoteKey::default()
        };
        if let Some(listed) = &listed {
            if !listed.shows(remote_id)? {
                return wrong(Code::ProviderKeyGone);
            }
            remote = listed.entry(remote_id).cloned().unwrap_or(remote);
        }
        if let Some(begins) = remote.prefix.as_deref().filter(|_| version.held)
            && !self.value_of(&version).await?.expose().starts_with(begins)
        {
            return wrong(Code::InputOtherKey);
        }
        let identified = NewActivity {
            key_id: Some(id),
            version_id: Some(version.id),
            word: Some(remote_id.to_owned()),
            ..NewActivity::new(&self.who.who, "key.identified", ActivityResult::Done)
        };
        let now = self.clock.now();
        self.store
            .identify(
                version.id,
                (version.remote_id.as_deref(), &remote),
                listed_only,
                (&identified, now),
            )
            .await?;
        Ok(lists.then_some(remote))
    }

    /// The one version of a key that lives, or may, and has no id, or one that the list lacks: its mint's answer may have told
    /// another key's.
    async fn without_id(&self, id: KeyId, listed: Option<&KeyList>) -> Result<KeyVersion, Failure> {
        let versions = self.store.versions(id).await?.into_iter();
        let lives = |version: &KeyVersion| {
            version.ended_at.is_none() && matches!(version.state, VersionState::Live | VersionState::Retiring)
        };
        let lacks = |id: &str| listed.is_some_and(|listed| listed.shows(id) == Ok(false));
        let is_open = |version: &KeyVersion| version.remote_id.as_deref().is_none_or(lacks);
        let mut without = versions.filter(|version| lives(version) && is_open(version));
        match (without.next(), without.next()) {
            (Some(version), None) => Ok(version),
            (None, _) => Err(Failure::new(Code::KeyIdKnown)),
            (Some(_), Some(_)) => Err(Failure::new(Code::InputAmbiguous).field("key")),
        }
    }

    /// Whether nothing but a list has ever told of the key: it has no value, no other version, nobody has said anything of it,
    /// and nothing was done with it.
    async fn is_only_listed(&self, known: &KnownVersion) -> Result<bool, Failure> {
        let id = known.version.key_id;
        Ok(!known.version.held
            && known.version.ended_at.is_none()
            && self.store.versions(id).await?.len() == 1
            && self.store.bindings_of(id).await?.is_empty()
            && self.store.key(id).await?.about == About::default()
            && self.store.newest_rotation(id).await?.is_none())
    }
}
