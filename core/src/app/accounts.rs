//! Connecting accounts, and giving them another credential.

use std::collections::BTreeMap;

use super::pasted::PastedHandle;
use super::places::named;
use super::{App, Pasted};
use crate::failure::{Code, Failure};
use crate::http;
use crate::model::{
    Account, AccountId, Answer, Credential, EnvironmentId, Key, KeyId, KeyVersion, Org, OrgId, Purpose, Secret,
    Verdict, VersionId, VersionState,
};
use crate::provider::{Accepted, Field, Scheme};
use crate::rotation::Workspaces;
use crate::store::{ActivityResult, NewActivity};
use crate::vault::VaultRef;

/// An organisation that exists, or a new one by name.
#[derive(Debug, Clone)]
pub enum OrgChoice {
    Existing(OrgId),
    New(String),
}

/// The filled-in connect form.
#[derive(Debug, Clone)]
pub struct Connect {
    pub org: OrgChoice,
    pub provider_id: String,
    pub label: String,
    /// How key management is authenticated; empty where the provider has no API for it.
    pub scheme: String,
    /// Non-secret fields by name.
    pub fields: BTreeMap<String, String>,
    /// Secret fields by name.
    pub pasted: BTreeMap<String, PastedHandle>,
    pub base_url: Option<String>,
    /// Where keys found in the list are put at first.
    pub environment: EnvironmentId,
}

/// What connecting found.
pub struct Connected {
    pub account: Account,
    pub accepted: Accepted,
    /// None: the list could not be read, and why.
    pub found: Result<Vec<KeyId>, Failure>,
}

/// A form that was read: everything in it has the right shape.
pub(super) struct ReadForm {
    pub account: Account,
    /// The management credential and the field it came in, where the provider has an API for managing keys.
    pub secret: Option<(PastedHandle, String)>,
}

impl App {
    /// Proves the credential, then stores it and the account, then reads the key list.
    pub async fn connect(&self, form: Connect) -> Result<Connected, Failure> {
        let read = self.read_form(&form, None, true).await?;
        let (account, accepted) = self.establish(&form, read).await?;
        let found = self.refresh_account(account.id).await;
        Ok(Connected {
            account,
            accepted,
            found,
        })
    }

    /// Proves another credential, then replaces the former one with it.
    pub async fn replace_credential(&self, id: AccountId, form: Connect) -> Result<Connected, Failure> {
        let former = self.store.account(id).await?;
        let read = self.read_form(&form, Some(&former), true).await?;
        let (account, accepted) = self.establish(&form, read).await?;
        let found = self.refresh_account(account.id).await;
        Ok(Connected {
            account,
            accepted,
            found,
        })
    }

    /// Takes the account out of Keywheel: its credential goes, its keys are no longer listed; nothing is revoked. What a
    /// keychain does not let go now leaves it at a later tick.
    pub async fn remove_account(&self, id: AccountId) -> Result<(), Failure> {
        let account = self.store.account(id).await?;
        let removed = NewActivity {
            account_id: Some(id),
            word: Some(account.label.to_string()),
            ..NewActivity::new(&self.who.who, "account.removed", ActivityResult::Done)
        };
        self.store.remove_account(id, self.clock.now(), &removed).await?;
        self.forget_what_may_go().await;
        Ok(())
    }

    /// Reads the form against the definition; names the first field that is wrong. `placed`: the fields
    /// that find the workspace are needed too.
    pub(super) async fn read_form(
        &self,
        form: &Connect,
        former: Option<&Account>,
        placed: bool,
    ) -> Result<ReadForm, Failure> {
        let definition = match former {
            Some(former) => self.definitions.require(former)?,
            None => self.catalog.require(&form.provider_id)?,
        };
        let scheme = match definition.scheme(&form.scheme) {
            None if !definition.needs_credential() && form.scheme.is_empty() => None,
            None => return Err(Failure::new(Code::InputInvalid).field("scheme")),
            scheme => scheme,
        };
        let label = named(&form.label, "label")?;
        let mut fields = BTreeMap::new();
        for field in definition.account_fields().iter().filter(|_| placed) {
            read_field(field, form, &mut fields)?;
        }
        for field in scheme.iter().flat_map(|scheme| scheme.fields()) {
            if !field.is_secret() {
                read_field(field, form, &mut fields)?;
            }
        }
        let secret = match scheme {
            Some(scheme) => Some(pasted_secret(scheme, form)?),
            None => None,
        };
        let base_url = match form.base_url.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(base_url(text)?),
            // Without a call there is nowhere to send it.
            None if definition.base_url().is_none()
                && (definition.needs_credential() || definition.verifies(&fields)) =>
            {
                return Err(Failure::new(Code::InputMissing).field("base_url"));
            }
            None => None,
        };
        let (org_id, id) = match (former, &form.org) {
            (Some(former), _) => (former.org_id, former.id),
            (None, OrgChoice::Existing(id)) => (*id, self.account_id()),
            // Known only once the credential is proven and the organisation is made.
            (None, OrgChoice::New(name)) => {
                named(name, "org")?;
                let (ms, random) = self.id_parts();
                (OrgId::new(ms, random), self.account_id())
            }
        };
        let account = Account {
            id,
            org_id,
            provider_id: form.provider_id.clone(),
            label,
            fields,
            scheme: form.scheme.clone(),
            base_url,
            management_key_id: former.and_then(|former| former.management_key_id),
            definition: match former {
                Some(former) => former.definition.clone(),
                None => self.catalog.digest(&form.provider_id).map(str::to_owned),
            },
        };
        Ok(ReadForm { account, secret })
    }

    /// Proves the credential and stores all of it. A refusal leaves the pasted value in place.
    pub(super) async fn establish(&self, form: &Connect, read: ReadForm) -> Result<(Account, Accepted), Failure> {
        let ReadForm { mut account, secret } = read;
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
        let accepted = self.provider.authenticate(&workspace).await;
        let secret = match workspace.credential.take() {
            Some(credential) => credential.secret,
            None => return Err(Failure::new(Code::CredentialMissing).field(&secret_field)),
        };
        let mut accepted = match accepted {
            Ok(accepted) => accepted,
            Err(failure) => {
                self.put_back(handle, secret);
                let at_fault = failure.field.clone().unwrap_or(secret_field);
                return Err(failure.field(at_fault));
            }
        };
        let stored = accepted.renewed.take().unwrap_or(secret);
        match self.store_account(form, &mut account, &accepted, &stored).await {
            Ok(()) => Ok((account, accepted)),
            Err(failure) => {
                self.put_back(handle, stored);
                Err(failure)
            }
        }
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
        };
        Ok((account, accepted))
    }

    /// Rows first, so that whatever a kill leaves in the keychain is known by them; then the keychain; then that it is held.
    async fn store_account(
        &self,
        form: &Connect,
        account: &mut Account,
        accepted: &Accepted,
        secret: &Secret,
    ) -> Result<(), Failure> {
        // The pinned keychain is looked at before anything is written.
        self.fingerprints().await?;
        let (ms, random) = self.id_parts();
        let id = VersionId::new(ms, random);
        match account.management_key_id {
            Some(key_id) => {
                let version = self.credential(id, key_id, VersionState::Pending, accepted);
                self.exchange_credential(account, &version, secret).await?;
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
            verdict: Some(Verdict::new(Answer::Live, now)),
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
    ) -> Result<(), Failure> {
        self.store.begin_credential(version).await?;
        if let Err(failure) = self.put(&VaultRef::version(version.id), secret).await {
            if self.takes_back(version.id, &failure).await {
                self.store.drop_version(version.id).await?;
            }
            return Err(failure);
        }
        let arrived = self.arrived(version.id, secret).await?;
        let now = self.clock.now();
        self.store.exchange_credential(account, version, &arrived, now).await?;
        self.forget_what_may_go().await;
        Ok(())
    }

    async fn note_connected(&self, account: &Account) -> Result<(), Failure> {
        let connected = NewActivity {
            account_id: Some(account.id),
            ..NewActivity::new(&self.who.who, "account.connected", ActivityResult::Done)
        };
        self.store.note(&connected, self.clock.now()).await
    }

    fn account_id(&self) -> AccountId {
        let (ms, random) = self.id_parts();
        AccountId::new(ms, random)
    }

    pub(super) fn key_id(&self) -> KeyId {
        let (ms, random) = self.id_parts();
        KeyId::new(ms, random)
    }

    /// Asks the provider whether an account's credential is still accepted, without any effect.
    pub async fn authenticate(&self, id: AccountId) -> Result<Accepted, Failure> {
        let account = self.store.account(id).await?;
        let workspace = self.workspaces.managing(&account).await?;
        let accepted = self.provider.authenticate(&workspace).await?;
        if let Some(successor) = &accepted.renewed {
            self.workspaces.renewed(&account, successor).await?;
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

fn pasted_secret(scheme: &Scheme, form: &Connect) -> Result<(PastedHandle, String), Failure> {
    let field = scheme
        .secret_field()
        .ok_or_else(|| Failure::new(Code::DefinitionInvalid))?
        .name();
    match form.pasted.get(field) {
        Some(handle) => Ok((handle.clone(), field.to_owned())),
        None => Err(Failure::new(Code::InputMissing).field(field)),
    }
}

fn read_field(field: &Field, form: &Connect, into: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    let text = form
        .fields
        .get(field.name())
        .map(|text| text.trim())
        .unwrap_or_default();
    if text.is_empty() {
        return match field.required() {
            true => Err(Failure::new(Code::InputMissing).field(field.name())),
            false => Ok(()),
        };
    }
    if !field.accepts(text) {
        return Err(Failure::new(Code::InputInvalid).field(field.name()));
    }
    into.insert(field.name().to_owned(), text.to_owned());
    Ok(())
}

/// An address of the account's own: https, or plain http on this machine.
fn base_url(text: &str) -> Result<String, Failure> {
    match url::Url::parse(text) {
        Ok(url) if (url.scheme() == "https" || http::is_loopback(&url)) && url.password().is_none() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        Ok(_) => Err(Failure::new(Code::InputNotHttps).field("base_url")),
        Err(_) => Err(Failure::new(Code::InputInvalid).field("base_url")),
    }
}
