//! What a person says about keys that nobody accounts for.

use std::collections::BTreeMap;
use std::time::Duration;

use super::App;
use super::open::PATIENCE;
use super::rotations::not_now;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Account, RotationId, UnaccountedId};
use crate::provider::RemoteKey;
use crate::rotation::{Act, Change, Ending, Event, Plan, Rotation, State, Workspaces};
use crate::store::{ActivityResult, NewActivity, NewRotation};

/// What a person says about a key that nobody accounts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is ours and its value is lost: revoke it.
    Revoke { remote_id: String },
    /// It is somebody's: leave it, and list it.
    Keep,
    /// It is not there.
    Absent,
    /// End here: whatever was created stays as it is, and shown.
    Leave,
}

impl App {
    /// Settles a rotation's question.
    pub async fn answer(&self, id: RotationId, answer: Answer) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        if rotation.position.state != State::Asking {
            return Err(not_now(&rotation));
        }
        let driver = self.driver().await?;
        let told = match answer {
            Answer::Revoke { remote_id } => {
                let open = self.store.unaccounted().await?;
                let asked_about = open.iter().any(|one| {
                    let of_account = one.account_id == rotation.subject.account.id && one.rotation_id.is_some();
                    of_account && one.remote_id.as_deref() == Some(remote_id.as_str())
                });
                let Some(new) = rotation.subject.new.as_ref().filter(|_| asked_about) else {
                    return Err(Failure::new(Code::NotFound).field("remote_id"));
                };
                self.serves_nobody(&rotation.subject.account, &remote_id).await?;
                let minted = Change::Minted {
                    version: new.id,
                    remote_id: Some(remote_id),
                    created_at: None,
                    expires_at: None,
                };
                driver.tell(id, Event::AnsweredDiscard, vec![minted], PATIENCE).await?
            }
            Answer::Keep => {
                self.keep_unaccounted(&rotation).await?;
                let kept = Change::Accounted {
                    remote_id: None,
                    settled_as: "kept",
                };
                driver.tell(id, Event::AnsweredAbsent, vec![kept], PATIENCE).await?
            }
            Answer::Absent => {
                let absent = Change::Accounted {
                    remote_id: None,
                    settled_as: "absent",
                };
                driver.tell(id, Event::AnsweredAbsent, vec![absent], PATIENCE).await?
            }
            Answer::Leave => {
                let stopped = Event::Closed(Ending::Stopped);
                driver
                    .tell(
                        id,
                        stopped,
                        rotation.never(self.clock.now()).into_iter().collect(),
                        PATIENCE,
                    )
                    .await?
            }
        };
        self.tidy(&told).await?;
        Ok(told)
    }

    /// The candidates are somebody's: they are listed like any other key.
    async fn keep_unaccounted(&self, rotation: &Rotation) -> Result<(), Failure> {
        let open = self.store.unaccounted().await?;
        for one in open.into_iter().filter(|one| one.rotation_id == Some(rotation.id)) {
            if let Some(remote_id) = one.remote_id {
                let remote = unlisted(&remote_id, one.prefix);
                self.adopt(&rotation.subject.account, &remote).await?;
            }
        }
        Ok(())
    }

    /// Settles an entry whose rotation is over.
    pub async fn settle_unaccounted(&self, id: UnaccountedId, answer: Answer) -> Result<(), Failure> {
        let open = self.store.unaccounted().await?;
        let entry = open.into_iter().find(|entry| entry.id == id);
        let entry = entry.ok_or_else(|| Failure::new(Code::NotFound).field("unaccounted"))?;
        if let Some(rotation) = entry.rotation_id
            && self.journal.load(rotation).await?.position.state == State::Asking
        {
            return self.answer(rotation, answer).await.map(drop);
        }
        let account = self.store.account(entry.account_id).await?;
        let (word, verb) = match (&answer, &entry.remote_id) {
            (Answer::Revoke { remote_id }, Some(known)) if remote_id == known => {
                self.has_the_keys().await?;
                self.serves_nobody(&account, known).await?;
                return self.revoke_unaccounted(&account, known, entry.prefix).await;
            }
            (Answer::Revoke { .. }, _) => return Err(Failure::new(Code::NotFound).field("remote_id")),
            (Answer::Keep, _) => ("kept", "unaccounted.kept"),
            (Answer::Absent, _) => ("absent", "unaccounted.absent"),
            (Answer::Leave, _) => return Ok(()),
        };
        self.store.settle_unaccounted(id, word, self.clock.now()).await?;
        let settled = NewActivity {
            account_id: Some(account.id),
            ..NewActivity::new(&self.who.who, verb, ActivityResult::Done)
        };
        self.store.note(&settled, self.clock.now()).await
    }

    /// Refuses an id by which a key is held that serves, in this account or another one of the same workspace: that key goes
    /// by its own plan.
    async fn serves_nobody(&self, account: &Account, remote_id: &str) -> Result<(), Failure> {
        match self.store.serves_by_id(account.id, remote_id).await? && in_place(Guard::ServingIsNoOrphan) {
            true => Err(Failure::new(Code::KeyHeldAndServes).field("remote_id")),
            false => Ok(()),
        }
    }

    /// Refuses an id that the provider does not list: only the answer to a mint may have told it, and whose it is nobody knows.
    async fn is_listed_now(&self, account: &Account, remote_id: &str) -> Result<(), Failure> {
        let definition = self.definitions.require(account)?;
        if !definition.capabilities().list || !in_place(Guard::ListedId) {
            return Ok(());
        }
        let workspace = self.workspaces.managing(account).await?;
        match self.provider.list(&workspace).await?.shows(remote_id)? {
            true => Ok(()),
            false => Err(Failure::new(Code::ProviderKeyGone).field("remote_id")),
        }
    }

    /// Lists it as a key and revokes it like any other: with an intent before, and a proof after.
    async fn revoke_unaccounted(
        &self,
        account: &Account,
        remote_id: &str,
        prefix: Option<String>,
    ) -> Result<(), Failure> {
        let known = self.store.known_versions(account.id).await?;
        let known = known.into_iter().filter(|known| !known.removed);
        let mut newest_first = known.rev().map(|known| known.version);
        let listed = newest_first.find(|version| version.remote_id.as_deref() == Some(remote_id));
        // This very version: its key may have another one by now, which works.
        let old = match listed {
            Some(version) => version,
            None => {
                self.is_listed_now(account, remote_id).await?;
                let key = self.adopt(account, &unlisted(remote_id, prefix)).await?;
                let adopted = self.store.key(key).await?.version;
                adopted.ok_or_else(|| Failure::new(Code::KeyEnded))?
            }
        };
        let key_id = old.key_id;
        let open = self.rotation_of(key_id).await?.filter(|one| !one.position.is_closed());
        let id = match open {
            Some(rotation) if rotation.subject.old.as_ref().is_some_and(|it| it.id == old.id) => rotation.id,
            Some(_) => return Err(Failure::new(Code::KeyBusy)),
            None => {
                let facts = self.plan_facts(Act::Revoke, account, old.held, Duration::ZERO)?;
                self.open_rotation(NewRotation {
                    id: self.rotation_id(),
                    plan: Plan::decide(facts),
                    key_id,
                    account_id: account.id,
                    old: Some(old.id),
                    new: None,
                    new_key: None,
                    inputs: BTreeMap::new(),
                })
                .await?
            }
        };
        let rotation = self.go_on(id).await?;
        match rotation.position.state {
            // Settled with the rotation's end.
            State::Closed(Ending::Completed) => Ok(()),
            state => Err(Failure::new(state.code().unwrap_or(Code::KeyStillAccepted))),
        }
    }
}

/// A key at the provider of which its list said so much, once.
fn unlisted(remote_id: &str, prefix: Option<String>) -> RemoteKey {
    RemoteKey {
        remote_id: remote_id.to_owned(),
        prefix,
        ..RemoteKey::default()
    }
}
