//! A key that exists already, added by hand; and what people say of any key.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::App;
use super::pasted::PastedHandle;
use super::places::named;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{
    About, Account, AccountId, EnvironmentId, KeyId, KeyVersion, Name, Secret, VersionId, VersionState,
};
use crate::provider::Definition;
use crate::store::{ActivityResult, NewActivity};
use crate::vault::VaultRef;

/// A key that exists at the provider, and its value.
#[derive(Debug, Clone)]
pub struct ExistingKey {
    pub account: AccountId,
    pub environment: EnvironmentId,
    pub name: String,
    pub pasted: PastedHandle,
    /// The day it was created, as the person says; its age is a lower bound without.
    pub created: Option<Date>,
    pub about: Description,
    /// The person has looked: it is taken although it is not how keys of the provider usually look.
    pub anyway: bool,
}

/// What is said of a key anew. None: as before; an empty text or list: nothing is said any more.
#[derive(Debug, Clone, Default)]
pub struct Description {
    pub owner: Option<String>,
    pub used_for: Option<String>,
    pub permissions: Option<Vec<String>>,
    pub preset: Option<String>,
}

impl App {
    /// Adds a key that exists already. A refusal leaves the pasted value in place.
    pub async fn add_key(&self, form: ExistingKey) -> Result<KeyId, Failure> {
        self.has_the_keys().await?;
        let secret = self.take_pasted(&form.pasted, "key")?;
        match self.import(&form, &secret).await {
            Ok(id) => {
                // The provider's list tells its id, by how the value begins; one that cannot be read tells it later.
                if let Err(failure) = self.refresh_account(form.account).await {
                    tracing::info!(
                        code = failure.code.as_str(),
                        "an imported key is not matched with the list yet"
                    );
                }
                Ok(id)
            }
            Err(failure) => {
                self.put_back(form.pasted, secret);
                Err(failure)
            }
        }
    }

    async fn import(&self, form: &ExistingKey, secret: &Secret) -> Result<KeyId, Failure> {
        let account = self.store.account(form.account).await?;
        let definition = self.definitions.require(&account)?;
        let mut environments = self.store.environments().await?.into_iter();
        if environments.all(|known| known.id != form.environment) {
            return Err(Failure::new(Code::NotFound).field("environment"));
        }
        let key = self.named_key(account.id, form.environment, &form.name)?;
        let now = self.clock.now();
        let created = form.created.map(|day| created(day, now)).transpose()?;
        let about = described(About::default(), &form.about, &definition)?;
        self.check_form(&definition, secret, form.anyway)?;
        if !form.anyway {
            self.check_unlisted(&account, secret).await?;
        }
        // The pinned keychain is looked at before anything is written.
        let fingerprint = self.fingerprints().await?.of(secret);
        if !form.anyway && self.store.is_of_another_key(&fingerprint).await? && in_place(Guard::HeldOnce) {
            return Err(Failure::new(Code::InputHeldAlready).field("key"));
        }
        let (ms, random) = self.id_parts();
        let version = KeyVersion {
            state: VersionState::Live,
            created_at: created,
            ..KeyVersion::pending(VersionId::new(ms, random), key.id, now)
        };
        // Its row first, so that whatever a kill leaves is known by it; then the keychain, read back equal.
        let told = created.is_some();
        self.store.add_existing_key(&key, &about, &version, told).await?;
        if let Err(failure) = self.put(&VaultRef::version(version.id), secret).await {
            if self.takes_back(version.id, &failure).await {
                self.store.drop_key(key.id).await?;
            }
            return Err(failure);
        }
        let arrived = self.arrived(version.id, secret).await?;
        self.store.note_held(&arrived).await?;
        let imported = NewActivity {
            key_id: Some(key.id),
            version_id: Some(version.id),
            ..NewActivity::new(&self.who.who, "key.imported", ActivityResult::Done)
        };
        self.store.note(&imported, now).await?;
        Ok(key.id)
    }

    /// Says what is known of a key: whose it is, what for, what it may do.
    pub async fn describe_key(&self, id: KeyId, anew: &Description) -> Result<(), Failure> {
        let row = self.store.key(id).await?;
        let account = self.store.account(row.key.account_id).await?;
        let definition = self.definitions.require(&account)?;
        let about = described(row.about, anew, &definition)?;
        self.store.describe_key(id, &about).await?;
        let noted = NewActivity {
            key_id: Some(id),
            ..NewActivity::new(&self.who.who, "key.described", ActivityResult::Done)
        };
        self.store.note(&noted, self.clock.now()).await
    }

    /// An unknown form is refused where the provider has one form only, and asked about where it may have others; a person
    /// who has looked may know that its form has changed.
    /// So is a value that looks like a key of another provider: a call would show it to the wrong one.
    fn check_form(&self, definition: &Definition, secret: &Secret, anyway: bool) -> Result<(), Failure> {
        if !(definition.may_be_key(secret) || anyway && definition.may_take_other_form(secret)) {
            return Err(Failure::new(Code::InputWrongKeyFormat).field("key"));
        }
        let candidates = self.catalog.recognise(secret);
        let own = |id: &str| id == definition.id();
        let others = !candidates.is_empty()
            && !candidates
                .iter()
                .any(|one| one.definition().is_some_and(|known| own(known.id())));
        if (others || !definition.matches_key(secret)) && !anyway {
            return Err(Failure::new(Code::InputUnusualKey).field("key"));
        }
        Ok(())
    }

    /// A listed key without a value that begins like this one is most likely this very key.
    async fn check_unlisted(&self, account: &Account, secret: &Secret) -> Result<(), Failure> {
        let known = self.store.known_versions(account.id).await?;
        let known = known.iter().filter(|known| !known.removed);
        let listed = known.map(|known| &known.version).any(|version| {
            let begins = version.prefix.as_deref().filter(|prefix| !prefix.is_empty());
            let serves = matches!(version.state, VersionState::Live | VersionState::Retiring);
            serves && !version.held && begins.is_some_and(|prefix| secret.expose().starts_with(prefix))
        });
        match listed {
            true => Err(Failure::new(Code::InputListedKey).field("key")),
            false => Ok(()),
        }
    }
}

/// The beginning of the day in UTC. East of it a day begins earlier, so tomorrow may be today; it counts as now.
fn created(day: Date, now: Timestamp) -> Result<Timestamp, Failure> {
    let wrong = || Failure::new(Code::InputInvalid).field("created");
    let begins = day.to_zoned(TimeZone::UTC).map_err(|_| wrong())?.timestamp();
    let tomorrow = now.to_zoned(TimeZone::UTC).date().tomorrow().map_err(|_| wrong())?;
    match day > tomorrow {
        true => Err(wrong()),
        false => Ok(begins.min(now)),
    }
}

pub(super) fn described(former: About, anew: &Description, definition: &Definition) -> Result<About, Failure> {
    let name = |former: Option<Name>, text: &Option<String>, field: &str| match text.as_deref().map(str::trim) {
        None => Ok(former),
        Some("") => Ok(None),
        Some(text) => named(text, field).map(Some),
    };
    let permissions = match &anew.permissions {
        None => former.permissions,
        Some(given) => permitted(given, definition)?,
    };
    let preset = match anew.preset.as_deref().map(str::trim) {
        None => former.preset,
        Some("") => None,
        Some(text) => {
            let wanted = text.to_lowercase();
            let mut presets = definition.presets().iter();
            let found = presets.find(|preset| preset.name.to_lowercase() == wanted);
            let found = found.ok_or_else(|| Failure::new(Code::InputInvalid).field("preset"))?;
            Some(found.name.clone())
        }
    };
    Ok(About {
        owner: name(former.owner, &anew.owner, "owner")?,
        used_for: name(former.used_for, &anew.used_for, "use")?,
        permissions,
        preset,
    })
}

/// The given permissions in the definition's order, each once; one that it does not know is refused.
fn permitted(given: &[String], definition: &Definition) -> Result<Vec<String>, Failure> {
    let given: Vec<&str> = given
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    let known = || definition.permissions().iter().map(|one| one.name.as_str());
    if given.iter().any(|name| known().all(|one| one != *name)) {
        return Err(Failure::new(Code::InputInvalid).field("permission"));
    }
    Ok(known().filter(|one| given.contains(one)).map(str::to_owned).collect())
}
