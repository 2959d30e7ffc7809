//! The ways a value leaves or enters: copied, revealed, pasted in.

use super::App;
use super::pasted::PastedHandle;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Account, Answer, Hint, Key, KeyId, KeyVersion, Purpose, Secret, UnaccountedId, VersionId};
use crate::provider::Strategy;
use crate::rotation::{Copied, Workspaces};
use crate::store::{ActivityResult, Arrived, NewActivity};
use crate::vault::VaultRef;

impl App {
    /// Puts the value on the shell's clipboard.
    pub async fn copy(&self, id: VersionId) -> Result<Copied, Failure> {
        self.put_out(id, None).await
    }

    /// Puts one part of the value there, by the definition's name of it.
    pub async fn copy_part(&self, id: VersionId, part: &str) -> Result<Copied, Failure> {
        self.put_out(id, Some(part)).await
    }

    /// Which value a person means who copies a key, or has it shown: the new one while a rotation waits for it to be put to
    /// use, else the one that serves; `old`: the one that is replaced, or the only one that is kept beside it.
    pub async fn meant(&self, id: KeyId, old: bool) -> Result<VersionId, Failure> {
        let row = self.store.key(id).await?;
        let rotation = match row.open_rotation() {
            Some(open) => Some(self.rotation(open).await?),
            None => None,
        };
        let serves = row.version.map(|version| version.id);
        match (rotation, old) {
            (Some(rotation), false) => {
                let new = rotation.subject.new.as_ref().filter(|new| new.held);
                let put_to_use = new.filter(|_| rotation.waits_to_be_replaced()).map(|new| new.id);
                put_to_use.or(serves)
            }
            (Some(rotation), true) => rotation.subject.old.as_ref().map(|old| old.id).or(serves),
            (None, false) => serves,
            (None, true) => {
                let mut spares = self.spares(id).await?.into_iter();
                match (spares.next(), spares.next()) {
                    (Some(spare), None) => Some(spare.id),
                    (Some(_), Some(_)) => return Err(Failure::new(Code::InputAmbiguous).field("old")),
                    (None, _) => return Err(Failure::new(Code::KeyNotKept).field("old")),
                }
            }
        }
        .ok_or_else(|| Failure::new(Code::KeyEnded))
    }

    /// Lends the value for the one timed reveal.
    pub async fn reveal(&self, id: VersionId) -> Result<Secret, Failure> {
        self.lend(id, None).await
    }

    /// Lends one part of the value, by the definition's name of it.
    pub async fn reveal_part(&self, id: VersionId, part: &str) -> Result<Secret, Failure> {
        self.lend(id, Some(part)).await
    }

    async fn put_out(&self, id: VersionId, part: Option<&str>) -> Result<Copied, Failure> {
        let (version, secret) = self.value(id).await?;
        let key = self.store.key(version.key_id).await?.key;
        let out = self.going_out(&key, &secret, part).await?;
        let what = Copied {
            version_id: id,
            key_name: key.name.to_string(),
            hint: Hint::of(&secret),
        };
        self.clipboard().put(&out, &what).await?;
        self.note_value(&version, "key.copied").await?;
        Ok(what)
    }

    async fn lend(&self, id: VersionId, part: Option<&str>) -> Result<Secret, Failure> {
        let (version, secret) = self.value(id).await?;
        let key = self.store.key(version.key_id).await?.key;
        let out = self.going_out(&key, &secret, part).await?;
        self.note_value(&version, "key.revealed").await?;
        Ok(out)
    }

    /// The value as people and programs take it.
    async fn going_out(&self, key: &Key, secret: &Secret, part: Option<&str>) -> Result<Secret, Failure> {
        let account = self.store.account(key.account_id).await?;
        let definition = self.definitions.of(&account);
        match (definition, part) {
            (Some(definition), None) => Ok(definition.written_out(secret)),
            (None, None) => Ok(Secret::new(secret.expose().to_owned())),
            (definition, Some(name)) => {
                let part = definition.and_then(|definition| definition.part_of(secret, name));
                part.ok_or_else(|| Failure::new(Code::InputInvalid).field("part"))
            }
        }
    }

    /// Keeps the value of a key that was not held. It has to be that key's.
    pub async fn hold(&self, id: KeyId, handle: &PastedHandle) -> Result<(), Failure> {
        self.has_the_keys().await?;
        let secret = self.take_pasted(handle, "key")?;
        match self.hold_value(id, &secret).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                self.put_back(handle.clone(), secret);
                Err(failure)
            }
        }
    }

    pub(super) async fn hold_value(&self, id: KeyId, secret: &Secret) -> Result<(), Failure> {
        let row = self.store.key(id).await?;
        let version = row.version.ok_or_else(|| Failure::new(Code::KeyEnded))?;
        let at = VaultRef::version(version.id);
        // What the keychain has lost can be given again, and what lies in its place and was not stored there makes way.
        let there = match version.held {
            true => self.vault.get(&at).await?,
            false => None,
        };
        let fingerprints = self.fingerprints().await?;
        let is_stored = |there: &Secret| {
            let stored = version.fingerprint.as_ref();
            stored.is_none_or(|stored| stored.is_lost() || *stored == fingerprints.of(there))
        };
        if there.as_ref().is_some_and(is_stored) {
            return Err(Failure::new(Code::KeyHeld));
        }
        let account = self.store.account(row.key.account_id).await?;
        let definition = self.definitions.require(&account)?;
        if row.key.purpose == Purpose::Service && !definition.may_be_key(secret) {
            return Err(Failure::new(Code::InputWrongKeyFormat).field("key"));
        }
        let fingerprint = fingerprints.of(secret);
        let stored = version
            .fingerprint
            .as_ref()
            .filter(|known| version.held && !known.is_lost());
        let begins = version.prefix.as_deref();
        let other = begins.is_some_and(|prefix| !secret.expose().starts_with(prefix))
            || stored.is_some_and(|stored| *stored != fingerprint);
        // What the keychain has lost may have been replaced in place meanwhile: a call tells, and nothing else could.
        let in_place_of = matches!(
            definition.strategy(),
            Strategy::Roll | Strategy::RollWithGrace | Strategy::TwoSlot
        );
        if other && !(version.held && in_place_of && self.is_accepted(&account, secret).await?) {
            return Err(Failure::new(Code::InputOtherKey).field("key"));
        }
        // Two ids of one account have two values. With another key's value this one would be called, put out and proven.
        let account = row.key.account_id;
        if self.store.is_known_otherwise(account, version.id, &fingerprint).await? && in_place(Guard::HeldOnce) {
            return Err(Failure::new(Code::InputKnownValue).field("key"));
        }
        if !self.store.begin_arriving(version.id, self.clock.now()).await? && in_place(Guard::OneHolds) {
            return Err(Failure::new(Code::KeyArriving));
        }
        // Somebody may have been faster.
        let now = self.vault.get(&at).await?;
        let is_another = |now: &Secret| !now.same_as(secret) && !there.as_ref().is_some_and(|there| there.same_as(now));
        if now.as_ref().is_some_and(is_another) && in_place(Guard::OneHolds) {
            self.store.note_not_arrived(version.id).await?;
            return Err(Failure::new(Code::KeyHeld));
        }
        // Whose it is nobody knows: it goes to a place of its own.
        if let Some(strange) = there.filter(|there| !there.same_as(secret)) {
            let (ms, random) = self.id_parts();
            self.put(&VaultRef::version(VersionId::new(ms, random)), &strange)
                .await?;
        }
        if let Err(failure) = self.put(&at, secret).await {
            if failure.effect == Effect::NotApplied {
                self.store.note_not_arrived(version.id).await?;
            }
            return Err(failure);
        }
        let arrived = Arrived {
            version: version.id,
            hint: Hint::of(secret),
            fingerprint,
        };
        self.store.note_held(&arrived).await?;
        self.note_value(&version, "key.held").await
    }

    /// Whether a call with the value is accepted now, where one can be made.
    async fn is_accepted(&self, account: &Account, secret: &Secret) -> Result<bool, Failure> {
        let workspace = self.workspaces.using(account).await?;
        let verifies = workspace.definition.verifies(&workspace.fields);
        Ok(verifies && self.provider.verify(&workspace, secret).await.answer == Answer::Live)
    }

    /// Versions of a key that have ended and whose values are kept, because nothing proves that they are dead.
    pub async fn kept(&self, id: KeyId) -> Result<Vec<KeyVersion>, Failure> {
        let versions = self.store.versions(id).await?;
        Ok(versions.into_iter().filter(KeyVersion::is_kept).collect())
    }

    /// Versions of a key that do not serve and whose values are held: kept ones, and those that a person left beside the one
    /// that serves.
    pub async fn spares(&self, id: KeyId) -> Result<Vec<KeyVersion>, Failure> {
        let versions = self.store.versions(id).await?;
        Ok(versions.into_iter().filter(KeyVersion::is_spare).collect())
    }

    /// Takes a kept value out of the keychain, by a person's order; at a later tick where it does not let it go now. At the
    /// provider nothing changes. Returns whether it is out.
    pub async fn remove_kept(&self, id: VersionId) -> Result<bool, Failure> {
        let version = self.store.version(id).await?;
        if !version.is_kept() {
            return Err(Failure::new(Code::KeyNotKept));
        }
        let is_new = self.store.note_to_be_forgotten(id).await?;
        self.forget_what_may_go().await;
        // Only its row tells what became of the order.
        let is_out = !self.store.version(id).await?.held;
        if is_out {
            self.note_value(&version, "key.value_removed").await?;
        } else if is_new {
            self.note_value(&version, "key.value_to_go").await?;
        }
        Ok(is_out)
    }

    /// Brings a kept value back as the one that serves: where a call with it is accepted now, and no other value of the key
    /// serves; `anyway`: by the person's word, where no call can be made. An order that the value leaves the keychain is taken
    /// back first, so that nobody takes out meanwhile what is called with.
    pub async fn restore_kept(&self, id: VersionId, anyway: bool) -> Result<(), Failure> {
        let version = self.store.version(id).await?;
        if !version.is_spare() {
            return Err(Failure::new(Code::KeyNotKept));
        }
        let ordered_out = self.store.keep(id).await?;
        let restored = self.restore(&version, anyway).await;
        if restored.is_err() && ordered_out && self.store.version(id).await?.is_kept() {
            self.store.forget_after_all(id).await?;
        }
        restored
    }

    async fn restore(&self, version: &KeyVersion, anyway: bool) -> Result<(), Failure> {
        let row = self.store.key(version.key_id).await?;
        let account = self.store.account(row.key.account_id).await?;
        let workspace = self.workspaces.using(&account).await?;
        let present = row.version.filter(|present| present.id != version.id && present.held);
        let instead_of = present.as_ref().map(|present| present.id);
        if !workspace.definition.verifies(&workspace.fields) {
            if !anyway {
                return Err(Failure::new(Code::ProviderNoCall));
            }
            self.value(version.id).await?;
            return self.restored(version, instead_of).await;
        }
        // What was answered once says nothing of now.
        if let Some(present) = present
            && let Some(value) = self.vault.get(&VaultRef::version(present.id)).await?
        {
            let verdict = self.provider.verify(&workspace, &value).await;
            self.store.note_verdict(present.id, &verdict).await?;
            match verdict.answer {
                Answer::Live => return Err(Failure::new(Code::KeyServes)),
                Answer::Undetermined => return Err(Failure::new(Code::ProviderUndetermined)),
                Answer::Dead => {}
            }
        }
        let (_, secret) = self.value(version.id).await?;
        let verdict = self.provider.verify(&workspace, &secret).await;
        self.store.note_verdict(version.id, &verdict).await?;
        match verdict.answer {
            Answer::Live => self.restored(version, instead_of).await,
            Answer::Dead => Err(Failure::new(Code::KeyRefused)),
            Answer::Undetermined => Err(Failure::new(Code::ProviderUndetermined)),
        }
    }

    async fn restored(&self, version: &KeyVersion, instead_of: Option<VersionId>) -> Result<(), Failure> {
        let (ms, random) = self.id_parts();
        let entry = UnaccountedId::new(ms, random);
        self.store.restore(version, instead_of, entry, self.clock.now()).await?;
        // That it serves is said of what is there.
        self.value(version.id).await?;
        self.note_value(version, "key.value_restored").await
    }

    async fn value(&self, id: VersionId) -> Result<(KeyVersion, Secret), Failure> {
        let version = self.store.version(id).await?;
        if !version.held {
            return Err(Failure::new(Code::KeyNotHeld));
        }
        let secret = self.value_of(&version).await?;
        Ok((version, secret))
    }

    /// The value of a version: what was stored, or none. Another one in its place is nobody's business here.
    pub(super) async fn value_of(&self, version: &KeyVersion) -> Result<Secret, Failure> {
        let Some(secret) = self.vault.get(&VaultRef::version(version.id)).await? else {
            // In another keychain it is not missing.
            self.fingerprints().await?;
            return Err(Failure::new(Code::KeychainMissing));
        };
        if let Some(stored) = &version.fingerprint
            && *stored != self.fingerprints().await?.of(&secret)
        {
            return Err(Failure::new(Code::KeychainMismatch));
        }
        Ok(secret)
    }

    async fn note_value(&self, version: &KeyVersion, verb: &'static str) -> Result<(), Failure> {
        let noted = NewActivity {
            key_id: Some(version.key_id),
            version_id: Some(version.id),
            ..NewActivity::new(&self.who.who, verb, ActivityResult::Done)
        };
        self.store.note(&noted, self.clock.now()).await
    }
}
