//! Which definition an account goes by: the one that it was connected with, until a person has accepted another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::App;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Account, AccountId};
use crate::provider::{Catalog, Definition, Meaning};
use crate::store::{ActivityResult, NewActivity, Pinned, Store};

/// Definitions by account.
pub struct Definitions {
    store: Arc<Store>,
    catalog: Arc<Catalog>,
    /// Those that are not in the catalogue any more, by digest.
    former: Mutex<HashMap<String, Arc<Definition>>>,
}

/// A definition that says something else than the one that an account goes by.
#[derive(Debug, Clone)]
pub struct ChangedDefinition {
    pub account: Account,
    /// Names the present one, so that only what was looked at is accepted.
    pub digest: String,
    /// One line a statement, with what it says by the account's definition and by the present one.
    pub differences: Vec<String>,
}

impl Definitions {
    pub(super) fn new(store: Arc<Store>, catalog: Arc<Catalog>) -> Definitions {
        Definitions {
            store,
            catalog,
            former: Mutex::default(),
        }
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The definition that the account goes by; none where none is known.
    pub fn of(&self, account: &Account) -> Option<Arc<Definition>> {
        let current = || self.catalog.get(&account.provider_id);
        let Some(digest) = account
            .definition
            .as_ref()
            .filter(|_| in_place(Guard::PinnedDefinition))
        else {
            return current();
        };
        if self.catalog.digest(&account.provider_id) == Some(digest.as_str()) {
            return current();
        }
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = former.get(digest) {
            return Some(known.clone());
        }
        let source = self.store.definition_source(digest)?;
        let read = Arc::new(Definition::parse(&source).ok()?);
        former.insert(digest.clone(), read.clone());
        Some(read)
    }

    pub fn require(&self, account: &Account) -> Result<Arc<Definition>, Failure> {
        self.of(account)
            .ok_or_else(|| Failure::new(Code::ProviderUnknown).field("provider"))
    }

    /// The present definition of a provider, to be pinned.
    pub(super) fn present(&self, provider_id: &str) -> Option<Pinned> {
        let source = self.catalog.source(provider_id)?;
        Some(Pinned {
            digest: self.catalog.digest(provider_id)?.to_owned(),
            source: source.to_owned(),
        })
    }

    /// Whether there is a definition of that provider now that could be read.
    pub fn present_is_there(&self, provider_id: &str) -> bool {
        self.present(provider_id).is_some()
    }

    /// Those of the accounts whose present definition means something else than the one that they go by.
    pub(super) fn changed<'a>(&self, accounts: impl Iterator<Item = &'a Account>) -> Vec<ChangedDefinition> {
        let changed = accounts.filter_map(|account| {
            let change = self.change(account).filter(|change| !change.same)?;
            Some(ChangedDefinition {
                account: account.clone(),
                digest: change.present.digest,
                differences: change.differences,
            })
        });
        changed.collect()
    }

    /// What the present definition says otherwise than the one that the account goes by.
    fn change(&self, account: &Account) -> Option<Change> {
        let present = self.present(&account.provider_id)?;
        let digest = account
            .definition
            .as_ref()
            .filter(|digest| **digest != present.digest)?;
        let pinned = Meaning::of(&self.store.definition_source(digest)?)?;
        let meant = Meaning::of(&present.source)?;
        Some(Change {
            same: pinned == meant,
            // Keywheel's own definitions are as trusted as Keywheel, as long as no value goes elsewhere.
            trusted: self.catalog.is_built_in(&account.provider_id) && pinned.reaches_as(&meant),
            differences: told(&pinned, &meant),
            present,
        })
    }
}

struct Change {
    present: Pinned,
    same: bool,
    trusted: bool,
    differences: Vec<String>,
}

fn told(pinned: &Meaning, present: &Meaning) -> Vec<String> {
    let side = |said: Option<&str>| said.unwrap_or("nothing").to_owned();
    let differences = pinned.differences(present).into_iter();
    let line = |(path, before, now)| format!("{path}: {} → {}", side(before), side(now));
    differences.map(line).collect()
}

impl App {
    /// Which definition each account goes by.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Pins what is not pinned yet, and follows a definition that means the same, or that came with Keywheel and sends
    /// values nowhere else. An account with an open rotation goes on as it was planned.
    pub(super) async fn follow_definitions(&self) -> Result<(), Failure> {
        for (account, _) in self.store.accounts().await? {
            let Some(present) = self.definitions.present(&account.provider_id) else {
                continue;
            };
            if account.definition.is_none() {
                self.store.pin_definition(account.id, &present).await?;
                continue;
            }
            let Some(change) = self.definitions.change(&account) else {
                continue;
            };
            let busy = !self.store.open_rotations_of(account.id).await?.is_empty();
            if busy || !(change.same || change.trusted) {
                continue;
            }
            self.store.pin_definition(account.id, &change.present).await?;
            if !change.same {
                self.note_definition(account.id, "definition.updated").await?;
            }
        }
        Ok(())
    }

    /// Accounts whose provider's definition has changed in what it means, and that go on by the former one.
    pub async fn changed_definitions(&self) -> Result<Vec<ChangedDefinition>, Failure> {
        let accounts = self.store.accounts().await?;
        Ok(self.definitions.changed(accounts.iter().map(|(account, _)| account)))
    }

    /// The person has looked at the present definition, which that digest names: the account goes by it from now on.
    pub async fn accept_definition(&self, id: AccountId, digest: &str) -> Result<(), Failure> {
        let account = self.store.account(id).await?;
        if !self.store.open_rotations_of(id).await?.is_empty() {
            return Err(Failure::new(Code::KeyBusy));
        }
        let present = self.definitions.present(&account.provider_id);
        let present = present.ok_or_else(|| Failure::new(Code::ProviderUnknown).field("provider"))?;
        // Changed once more since it was looked at.
        if present.digest != digest {
            return Err(Failure::new(Code::InputInvalid).field("accept"));
        }
        self.store.pin_definition(id, &present).await?;
        self.note_definition(id, "definition.accepted").await
    }

    async fn note_definition(&self, account: AccountId, verb: &'static str) -> Result<(), Failure> {
        let noted = NewActivity {
            account_id: Some(account),
            ..NewActivity::new(&self.who.who, verb, ActivityResult::Done)
        };
        self.store.note(&noted, self.clock.now()).await
    }
}
