//! Connecting accounts, and giving them another credential.

use std::collections::BTreeSet;

use super::connect_form::{Connect, OrgChoice, ReadForm};
use super::places::named;
use super::{App, Pasted};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{
    Account, AccountId, Answer, Credential, Key, KeyId, KeyVersion, Org, Purpose, Secret, Verdict, VersionId,
    VersionState,
};
use crate::provider::{Accepted, RemoteKey, Workspace};
use crate::rotation::{Workspaces, nonce};
use crate::store::{ActivityResult, Exchange, NewActivity};
use crate::vault::VaultRef;

/// What connecting found.
pub struct Connected {
    pub account: Account,
    pub accepted: Accepted,
    /// Keys that are known since; or why the list could not be read.
    pub found: Result<Vec<KeyId>, Failure>,
    /// Whether another credential served before, which is kept.
    pub former: bool,
}

/// Whose keys a list shows by the ids of ours.
enum Shown {
    /// Some are ours by more than their ids.
    Ours,
    /// None is listed.
    Nobodys,
    /// They are named, made or begin otherwise.
    Others,
    /// Nothing but the ids tells.
    IdsAlone,
}

impl App {
    /// Proves the credential, then stores it and the account, then reads the key list.
    pub async fn connect(&self, form: Connect) -> Result<Connected, Failure> {
        self.has_the_keys().await?;
        let read = self.read_form(&form, None, true).await?;
        if !form.anyway {
            self.is_first(&read.account).await?;
        }
        let (account, accepted) = self.establish(&form, read).await?;
        Ok(Connected {
            found: self.found_since(account.id, &BTreeSet::new()).await,
            account,
            accepted,
            former: false,
        })
    }

    /// Proves another credential, then puts it in the place of the former one, which is kept: a list that was read does not
    /// show that this one may create and revoke keys.
    pub async fn replace_credential(&self, id: AccountId, form: Connect) -> Result<Connected, Failure> {
        self.has_the_keys().await?;
        let former = self.store.account(id).await?;
        let read = self.read_form(&form, Some(&former), true).await?;
        let before = self.service_keys(id).await?;
        let (account, accepted) = self.establish(&form, read).await?;
        Ok(Connected {
            found: self.found_since(account.id, &before).await,
            account,
            accepted,
            former: former.management_key_id.is_some(),
        })
    }

    /// Reads the list; returns the keys that were not known before, whoever has read them into the inventory meanwhile.
    async fn found_since(&self, id: AccountId, before: &BTreeSet<KeyId>) -> Result<Vec<KeyId>, Failure> {
        match self.refresh_account(id).await {
            // What could be read was.
            Err(failure) if failure.code == Code::ProviderEntryUnread => {}
            read => read?,
        }
        Ok(self.service_keys(id).await?.difference(before).copied().collect())
    }

    async fn service_keys(&self, id: AccountId) -> Result<BTreeSet<KeyId>, Failure> {
        let known = self.store.known_versions(id).await?.into_iter();
        let service = known.filter(|known| known.purpose == Purpose::Service);
        Ok(service.map(|known| known.version.key_id).collect())
    }

    /// Takes the account out of Keywheel: its credential goes, its keys are no longer listed; nothing is revoked. What a
    /// keychain does not let go now leaves it at a later tick. Refused while keys of it are open that nobody accounts for: with
    /// it goes all that could show them, and look after them.
    pub async fn remove_account(&self, id: AccountId) -> Result<(), Failure> {
        self.take_out(id, !in_place(Guard::AccountIsSettled)).await
    }

    /// The same, whatever is open there, where a person has just said so.
    pub(super) async fn take_out(&self, id: AccountId, anyway: bool) -> Result<(), Failure> {
        let account = self.store.account(id).await?;
        let removed = NewActivity {
            account_id: Some(id),
            word: Some(account.label.to_string()),
            ..NewActivity::new(&self.who.who, "account.removed", ActivityResult::Done)
        };
        let now = self.clock.now();
        self.store.remove_account(id, (anyway, now), &removed).await?;
        self.forget_what_may_go().await;
        Ok(())
    }

    /// Proves the credential and stores all of it. A refusal leaves the pasted value in place.
    pub(super) async fn establish(&self, form: &Connect, read: ReadForm) -> Result<(Account, Accepted), Failure> {
        let ReadForm { mut account, secret } = read;
        self.demo_is_true().await?;
        let Some((handle, secret_field)) = secret else {
            return self.establish_bare(form, account).await;
        };
        let secret = self.take_pasted(&handle, &secret_field)?;
        let credential = Credential {
            scheme: account.scheme.clone(),
            fields: account.fields.clone(),
            secret,
        };
        let mut workspace = self.workspaces.with(&account, Some(credential))?;
        let accepted = match self.provider.authenticate(&workspace).await {
            Ok(accepted) => {
                let shown = self.is_of(&account, &workspace, form.anyway).await;
                shown.map(|shown| (accepted, shown))
            }
            Err(refused) => Err(refused),
        };
        let secret = match workspace.credential.take() {
            Some(credential) => credential.secret,
            None => return Err(Failure::new(Code::CredentialMissing).field(&secret_field)),
        };
        let (mut accepted, shown) = match accepted {
            Ok(accepted) => accepted,
            Err(failure) => {
                self.put_back(handle, secret);
                let at_fault = match &failure.field {
                    _ if workspace.base_url.is_some() && is_of_address(failure.code) => "base_url".to_owned(),
                    Some(field) => field.clone(),
                    None => secret_field,
                };
                return Err(failure.field(at_fault));
            }
        };
        let stored = accepted.renewed.take().unwrap_or(secret);
        let proven = (&accepted, shown);
        match self.store_account(form, &mut account, proven, &stored).await {
            Ok(()) => Ok((account, accepted)),
            Err(failure) => {
                self.put_back(handle, stored);
                Err(failure)
            }
        }
    }

    /// Refuses a credential that is to take another one's place where nothing shows that it reads the list of the same account;
    /// returns whether a key of the account is shown by more than its id. Nothing is written of what it reads.
    pub(super) async fn is_of(&self, account: &Account, workspace: &Workspace, anyway: bool) -> Result<bool, Failure> {
        let lists = workspace.is_placed() && workspace.definition.capabilities().list;
        if account.management_key_id.is_none() || !lists || anyway || !in_place(Guard::CredentialOfAccount) {
            return Ok(false);
        }
        let listed = self.provider.list(workspace).await?;
        let listed = listed.keys();
        if self.is_doubtful(account, listed).await? {
            return Err(Failure::new(Code::CredentialElsewhere));
        }
        match self.shown_by(account, workspace, listed).await? {
            Shown::Others => Err(Failure::new(Code::CredentialElsewhere)),
            Shown::IdsAlone if in_place(Guard::IdsAreAnywhere) => Err(Failure::new(Code::CredentialUnsure)),
            Shown::Ours => Ok(true),
            // A list that shows none of ours tells nothing of what was asked for and not answered.
            Shown::IdsAlone | Shown::Nobodys => self.has_its_answers(account.id).await.map(|()| false),
        }
    }

    /// Whose keys a list shows by the ids of ours: in each organisation of a provider they may be the same.
    async fn shown_by(&self, account: &Account, workspace: &Workspace, listed: &[RemoteKey]) -> Result<Shown, Failure> {
        let (mut same, mut other, mut listed_at_all) = (0, 0, false);
        let known = self.store.known_versions(account.id).await?.into_iter();
        for known in known.filter(|known| !known.removed) {
            let version = &known.version;
            let serves = version.held && version.ended_at.is_none();
            let entry = listed
                .iter()
                .find(|entry| Some(&entry.remote_id) == version.remote_id.as_ref());
            listed_at_all |= entry.is_some();
            let made = entry.and_then(|entry| entry.created_at).filter(|_| !known.told);
            if let Some((made, ours)) = made.zip(version.created_at) {
                match made == ours {
                    true => same += 1,
                    false => other += 1,
                }
            }
            let named = entry.and_then(|entry| entry.name.as_deref());
            if let Some(named) = named.filter(|_| version.ended_at.is_none()) {
                let ours = self.store.key(version.key_id).await?.key.name;
                match nonce::base(named).unwrap_or(named) == ours.as_str() {
                    true => same += 1,
                    false => other += 1,
                }
            }
            let begins = entry.and_then(|entry| entry.prefix.as_deref()).filter(|_| serves);
            // What lies in its place and is not what was stored says nothing of it.
            if let Some(begins) = begins
                && let Ok(value) = self.value_of(version).await
            {
                match value.expose().starts_with(begins) {
                    true => same += u32::from(workspace.definition.shows(begins, &value)),
                    false => return Ok(Shown::Others),
                }
            }
        }
        // One may have been named anew, here or there; all of them are those of another workspace.
        Ok(match (same, other) {
            (0, 1..) => Shown::Others,
            (0, 0) if listed_at_all => Shown::IdsAlone,
            (0, 0) => Shown::Nobodys,
            _ => Shown::Ours,
        })
    }

    /// Without an API for managing keys there is nothing to prove, and nothing to keep but the account itself.
    async fn establish_bare(&self, form: &Connect, account: Account) -> Result<(Account, Accepted), Failure> {
        let (org, pinned) = (new_org(form, &account)?, self.definitions.present(&account.provider_id));
        let begun = self
            .store
            .begin_account(org.as_ref(), (&account, pinned.as_ref()), None)
            .await;
        begun.map_err(|failure| at_org(failure, org.as_ref()))?;
        self.note_connected(&account).await?;
        let accepted = Accepted {
            expires_at: None,
            renewed: None,
            asked: false,
        };
        Ok((account, accepted))
    }

    /// Rows first, so that whatever a kill leaves in the keychain is known by them; then the keychain; then that it is held.
    async fn store_account(
        &self,
        form: &Connect,
        account: &mut Account,
        (accepted, shown): (&Accepted, bool),
        secret: &Secret,
    ) -> Result<(), Failure> {
        // The pinned keychain is looked at before anything is written.
        self.fingerprints().await?;
        let (ms, random) = self.id_parts();
        let id = VersionId::new(ms, random);
        match account.management_key_id {
            Some(key_id) => {
                let version = self.credential(id, key_id, VersionState::Pending, accepted);
                let known = self.exchange(account.id, shown).await?;
                self.exchange_credential(account, &version, secret, known).await?;
            }
            None => {
                let version = self.credential(id, self.key_id(), VersionState::Live, accepted);
                self.add_account(form, account, &version, secret).await?;
            }
        }
        self.note_connected(account).await
    }

    fn credential(&self, id: VersionId, key_id: KeyId, state: VersionState, accepted: &Accepted) -> KeyVersion {
        let now = self.clock.now();
        KeyVersion {
            state,
            expires_at: accepted.expires_at,
            verdict: accepted.asked.then(|| Verdict::new(Answer::Live, now)),
            ..KeyVersion::pending(id, key_id, now)
        }
    }

    async fn add_account(
        &self,
        form: &Connect,
        account: &mut Account,
        version: &KeyVersion,
        secret: &Secret,
    ) -> Result<(), Failure> {
        let org = new_org(form, account)?;
        let key = Key {
            id: version.key_id,
            account_id: account.id,
            environment_id: form.environment,
            name: named("Management credential", "name")?,
            purpose: Purpose::Management,
        };
        account.management_key_id = Some(key.id);
        let pinned = self.definitions.present(&account.provider_id);
        let (pinned, credential) = ((&*account, pinned.as_ref()), Some((&key, version)));
        let begun = self.store.begin_account(org.as_ref(), pinned, credential).await;
        begun.map_err(|failure| at_org(failure, org.as_ref()))?;
        if let Err(failure) = self.put(&VaultRef::version(version.id), secret).await {
            if self.takes_back(version.id, &failure).await {
                self.store.drop_account(org.as_ref(), account, key.id).await?;
            }
            return Err(failure);
        }
        let arrived = self.arrived(version.id, secret).await?;
        self.store.note_held(&arrived).await
    }

    async fn exchange_credential(
        &self,
        account: &Account,
        version: &KeyVersion,
        secret: &Secret,
        known: Exchange,
    ) -> Result<(), Failure> {
        self.store.begin_credential(version).await?;
        if let Err(failure) = self.put(&VaultRef::version(version.id), secret).await {
            if self.takes_back(version.id, &failure).await {
                self.store.drop_version(version.id).await?;
            }
            return Err(failure);
        }
        let arrived = self.arrived(version.id, secret).await?;
        let known = (known, self.clock.now());
        self.store.exchange_credential(account, version, &arrived, known).await
    }

    async fn note_connected(&self, account: &Account) -> Result<(), Failure> {
        let connected = NewActivity {
            account_id: Some(account.id),
            ..NewActivity::new(&self.who.who, "account.connected", ActivityResult::Done)
        };
        self.store.note(&connected, self.clock.now()).await
    }

    pub(super) fn account_id(&self) -> AccountId {
        let (ms, random) = self.id_parts();
        AccountId::new(ms, random)
    }

    pub(super) fn key_id(&self) -> KeyId {
        let (ms, random) = self.id_parts();
        KeyId::new(ms, random)
    }

    /// Asks the provider whether an account's credential is still accepted, without any effect.
    pub async fn authenticate(&self, id: AccountId) -> Result<Accepted, Failure> {
        self.demo_is_true().await?;
        let account = self.store.account(id).await?;
        let workspace = self.workspaces.managing(&account).await?;
        let accepted = self.provider.authenticate(&workspace).await?;
        if let Some((credential, successor)) = workspace.credential.as_ref().zip(accepted.renewed.as_ref()) {
            self.workspaces.renewed(&account, &credential.secret, successor).await?;
        }
        Ok(accepted)
    }
}

/// What a CLI reads from standard input goes the same way as what a window takes from the clipboard.
impl App {
    pub fn paste_for(&self, field: &str, text: String) -> Result<Pasted, Failure> {
        self.paste(field, text)
    }
}

/// Whether an answer says that somebody else answers there, and nothing of the credential.
fn is_of_address(code: Code) -> bool {
    matches!(
        code,
        Code::ProviderUnreachable
            | Code::ProviderNotTrusted
            | Code::ProviderRedirected
            | Code::ProviderRefused
            | Code::ProviderTooLarge
            | Code::ProviderUnexpected
    )
}

/// The organisation that comes with the account.
fn new_org(form: &Connect, account: &Account) -> Result<Option<Org>, Failure> {
    match &form.org {
        OrgChoice::New(name) => Ok(Some(Org {
            id: account.org_id,
            name: named(name, "org")?,
        })),
        OrgChoice::Existing(_) => Ok(None),
    }
}

/// A name that is taken is that of the organisation where there is a new one of it.
fn at_org(failure: Failure, org: Option<&Org>) -> Failure {
    match failure.field.as_deref() {
        Some("name") if org.is_some() => failure.field("org"),
        _ => failure,
    }
}
