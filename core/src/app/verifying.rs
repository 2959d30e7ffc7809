//! Keys that are verified by themselves, as their policies want it.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::App;
use super::inventory::KeyFacts;
use crate::failure::{Code, Failure, Family};
use crate::model::{AccountId, Answer, KeyId};
use crate::policy;
use crate::store::Pick;
use crate::vault::VaultState;

/// What told nothing is asked again after this time, unless its provider names a later one.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Keys whose turn is put off, since nothing could be told of them, and until when.
#[derive(Debug, Default)]
pub struct PutOff(HashMap<KeyId, Timestamp>);

impl App {
    /// Keys that their policies want verified now. Not where a list is read that tells when keys were last used: the
    /// call would stand there as a use, and the list tells already what is gone.
    pub async fn due_to_verify(&self, keychain: VaultState) -> Result<Vec<KeyId>, Failure> {
        let rules = self.rules(keychain).await?;
        let mut counted = HashSet::new();
        for (account, _) in &rules.accounts {
            if account.management_key_id.is_some() && self.tells_use(account)? {
                counted.insert(account.id);
            }
        }
        let due = |facts: &&KeyFacts| {
            let Some(version) = &facts.row.version else {
                return false;
            };
            let counts = version.remote_id.is_some() && counted.contains(&facts.row.key.account_id);
            let wanted = policy::verify_due(version, facts.standing, &facts.policy, rules.now);
            wanted && !counts && facts.acts.verify.is_ok()
        };
        let days = i64::from(policy::fewest_verify_days(&rules.policies));
        let pick = Pick::NotLiveSince(rules.now - SignedDuration::from_hours(24 * days));
        let judged = self.judged(pick, &rules).await?;
        Ok(judged.iter().filter(due).map(|facts| facts.row.key.id).collect())
    }

    /// Verifies each of them, one after the other; returns how many told something. What tells nothing, as without a
    /// network, changes nothing: its key stays as it was known.
    pub async fn verify_what_is_due(&self, put_off: &mut PutOff, keychain: VaultState) -> Result<usize, Failure> {
        let mut told = 0;
        let mut silent: HashSet<AccountId> = HashSet::new();
        for id in self.due_to_verify(keychain).await? {
            let now = self.clock.now();
            if put_off.0.get(&id).is_some_and(|until| now < *until) {
                continue;
            }
            let row = self.store.key(id).await?;
            let former = row.version.as_ref().and_then(|version| version.verdict.clone());
            let account = row.key.account_id;
            if row.under_way.is_some() || silent.contains(&account) {
                continue;
            }
            match self.ask(row).await {
                Ok((version, verdict)) if verdict.answer != Answer::Undetermined => {
                    put_off.0.remove(&id);
                    self.store.note_verdict(version, &verdict).await?;
                    // What stays as it was known is no event.
                    if former.is_none_or(|former| former.answer != verdict.answer) {
                        self.note_verified(id, version, &verdict).await?;
                    }
                    told += 1;
                }
                Ok((_, verdict)) => {
                    // Its other keys would wait for the same nobody.
                    silent.extend(verdict.status.is_none().then_some(account));
                    put_off.0.insert(id, later(now, verdict.retry_at));
                }
                // The other keys lie in the same keychain.
                Err(failure) if is_keychain_away(failure.code) => return Ok(told),
                Err(failure) => {
                    tracing::info!(code = failure.code.as_str(), "a key could not be verified");
                    silent.extend((failure.code == Code::ProviderRateLimited).then_some(account));
                    put_off.0.insert(id, later(now, failure.retry_at));
                }
            }
        }
        Ok(told)
    }
}

fn is_keychain_away(code: Code) -> bool {
    code.family() == Family::Keychain && code != Code::KeychainMissing
}

fn later(now: Timestamp, named: Option<Timestamp>) -> Timestamp {
    let again = now + AGAIN;
    named.map_or(again, |named| named.max(again))
}
