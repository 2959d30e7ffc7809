//! A value that was seen where it should not be: whose it is, and what to do now.
//!
//! Deliberately absent: asking a provider, and keeping the value. It is compared and dropped.

use std::time::Duration;

use jiff::Timestamp;

use super::App;
use super::inventory::KeyFacts;
use super::pasted::PastedHandle;
use crate::failure::{Code, Failure};
use crate::model::{Account, Answer, Hint, KeyVersion, Receipt, Secret, UnaccountedId, VersionState};
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
    /// It has ended already, and a call with it has shown that.
    Ended,
    /// It is said to have ended, and nothing shows it; or it is listed again.
    Unproven {
        /// The entry that it is to be revoked by.
        back: Option<UnaccountedId>,
        /// Whether its account's list would show it.
        lists: bool,
        /// Whether its key has no other value by now: it can be put back in its place, and be revoked from there.
        alone: bool,
    },
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
            let remedy = match has_ended(&version) {
                Some(since) => self.ended(&facts, &version, since, definition.as_deref()).await?,
                None => remedy(&facts, &version, definition.as_deref()),
            };
            ours.push(Ours {
                remedy,
                facts,
                version,
                account,
                certain,
            });
        }
        let unproven = |one: &Ours| matches!(one.remedy, Remedy::Unproven { .. });
        ours.sort_by_key(|one| (one.remedy == Remedy::Ended, !one.certain, unproven(one)));
        Ok(ours)
    }

    /// What is known of the end of a version. A list that shows it again, or a call that was accepted, speaks against
    /// whatever was told before.
    async fn ended(
        &self,
        facts: &KeyFacts,
        version: &KeyVersion,
        since: Timestamp,
        definition: Option<&Definition>,
    ) -> Result<Remedy, Failure> {
        let standing = facts.row.version.as_ref();
        let standing = standing.filter(|standing| standing.ended_at.is_none() && standing.id != version.id);
        // Where values are replaced in place, an id is listed on for the one that came after.
        let own = version.remote_id.as_deref();
        let own = own.filter(|id| standing.and_then(|one| one.remote_id.as_deref()) != Some(*id));
        let again = match own {
            Some(id) => {
                let account = facts.row.key.account_id;
                self.store.is_listed_again(account, id, since).await?
            }
            None => None,
        };
        let accepted = version.verdict.as_ref();
        let accepted = accepted.is_some_and(|verdict| verdict.answer == Answer::Live && verdict.at > since);
        let proven = version.receipt.as_ref().is_some_and(Receipt::is_proof);
        Ok(match proven && again.is_none() && !accepted {
            true => Remedy::Ended,
            false => Remedy::Unproven {
                back: again.flatten(),
                lists: own.is_some() && definition.is_some_and(|one| one.capabilities().list),
                alone: standing.is_none() && version.held,
            },
        })
    }
}

fn has_ended(version: &KeyVersion) -> Option<Timestamp> {
    let ended = matches!(version.state, VersionState::Revoked | VersionState::Compromised);
    version.ended_at.filter(|_| ended)
}

fn remedy(facts: &KeyFacts, version: &KeyVersion, definition: Option<&Definition>) -> Remedy {
    if facts.row.under_way.is_some() {
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
