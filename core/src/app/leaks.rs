//! A value that was seen where it should not be: whose it is, and what to do now.
//!
//! Deliberately absent: asking a provider, and keeping the value. It is compared and dropped.

use std::time::Duration;

use super::App;
use super::inventory::KeyFacts;
use super::pasted::PastedHandle;
use crate::failure::{Code, Failure};
use crate::model::{Account, Hint, KeyVersion, Secret, VersionState};
use crate::policy::Standing;
use crate::provider::{Candidate, Definition, ProviderStep, Strategy};
use crate::store::Pick;
use crate::vault::VaultState;

/// What a value is found to be.
#[derive(Debug, Clone)]
pub struct Identified {
    pub hint: Hint,
    pub length: usize,
    /// Whose key it may be by its form, best first.
    pub candidates: Vec<Candidate>,
    /// Which of our keys it is or was; those that still serve first.
    pub ours: Vec<Ours>,
}

/// A key of ours that has or had the value.
#[derive(Debug, Clone)]
pub struct Ours {
    pub facts: KeyFacts,
    pub version: KeyVersion,
    /// None: the key, or its account, was removed from Keywheel.
    pub account: Option<Account>,
    /// The very value; else only its beginning, as the provider lists it.
    pub certain: bool,
    pub remedy: Remedy,
}

/// The fastest safe way to end a leaked value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It has ended already.
    Ended,
    /// A second key first, then revoke: nothing stands still. Where `revocable`, revoking first is faster, and
    /// stops what uses it.
    Overlap { revocable: bool },
    /// As an overlap that is revocable, but the provider says to revoke first.
    RevokeFirst,
    /// The old key has to go before the new one comes, or goes with it: programs stop until they have the new one.
    AtOnce,
    /// A replacement leaves the old value alive for so long; revoking ends it now, where that can be done.
    Outlives { by: Duration, revocable: bool },
    /// A rotation of it is under way: finish that.
    UnderWay,
    /// Nothing is known of its provider, or it is not in Keywheel any more: on the provider's own page.
    OnThePage,
}

impl App {
    /// Finds out what a value is. It is neither sent nor kept.
    pub async fn identify(&self, handle: &PastedHandle, keychain: VaultState) -> Result<Identified, Failure> {
        let secret = self.take_pasted(handle, "key")?;
        let found = self.ours(&secret, keychain).await;
        match found {
            Ok(ours) => Ok(Identified {
                hint: Hint::of(&secret),
                length: secret.len(),
                candidates: self.catalog.recognise(&secret),
                ours,
            }),
            Err(failure) => {
                self.put_back(handle.clone(), secret);
                Err(failure)
            }
        }
    }

    async fn ours(&self, secret: &Secret, keychain: VaultState) -> Result<Vec<Ours>, Failure> {
        let fingerprint = self.fingerprints().await?.of(secret);
        let mut found: Vec<(KeyVersion, bool)> = Vec::new();
        for version in self.store.versions_of_value(&fingerprint).await? {
            found.push((version, true));
        }
        for version in self.store.versions_by_beginning().await? {
            let begins = version
                .prefix
                .as_deref()
                .is_some_and(|prefix| secret.expose().starts_with(prefix));
            if begins {
                found.push((version, false));
            }
        }
        let (accounts, listed) = (self.store.accounts().await?, self.store.keys(Pick::All).await?);
        let mut ours = Vec::new();
        for (version, certain) in found {
            let facts = self.key_facts(version.key_id, keychain).await?;
            let account = accounts
                .iter()
                .find(|(account, _)| account.id == facts.row.key.account_id);
            let account = account.filter(|_| listed.iter().any(|row| row.key.id == version.key_id));
            let account = account.map(|(account, _)| account.clone());
            let definition = account.as_ref().and_then(|one| self.definitions.of(one));
            ours.push(Ours {
                remedy: remedy(&facts, &version, definition.as_deref()),
                facts,
                version,
                account,
                certain,
            });
        }
        ours.sort_by_key(|one| (one.remedy == Remedy::Ended, !one.certain));
        Ok(ours)
    }
}

fn remedy(facts: &KeyFacts, version: &KeyVersion, definition: Option<&Definition>) -> Remedy {
    let ended = matches!(version.state, VersionState::Revoked | VersionState::Compromised);
    if ended && version.ended_at.is_some() {
        return Remedy::Ended;
    }
    if matches!(facts.standing, Standing::Rotating(_)) {
        return Remedy::UnderWay;
    }
    let stands = facts
        .row
        .version
        .as_ref()
        .is_some_and(|standing| standing.id == version.id);
    // A keychain that is locked now is unlocked then.
    let never = matches!(
        facts.acts.rotate,
        Err(Code::ProviderNotAble | Code::ProviderUnknown | Code::KeyManagedByHand | Code::KeyEnded)
    );
    let Some(definition) = definition.filter(|_| stands && !never) else {
        return Remedy::OnThePage;
    };
    match definition.strategy() {
        Strategy::Overlap if definition.revokes_leaked_first() => Remedy::RevokeFirst,
        Strategy::Overlap => Remedy::Overlap { revocable: true },
        Strategy::TwoSlot => Remedy::Overlap { revocable: false },
        Strategy::ReplaceFirst | Strategy::Roll => Remedy::AtOnce,
        Strategy::RollWithGrace => Remedy::Outlives {
            by: definition.grace().map_or(Duration::ZERO, |grace| grace.span),
            revocable: definition.performer(ProviderStep::Revoke).is_some(),
        },
    }
}
