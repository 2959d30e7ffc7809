//! An intent without an outcome: ask the world, then decide. Nothing is repeated before.

use std::time::Duration;

use super::difference::new_keys;
use super::drive::{Driver, Next, new_version};
use super::fresh::Fresh;
use super::journal::{Change, Fence, Record, Rotation};
use super::plan::StepKind;
use super::state::{Event, State};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, UnaccountedId};
use crate::provider::{ReconcileBy, RemoteKey, SignedUp, Strategy, Workspace};
use crate::vault::VaultRef;

/// What asking found out about a mint.
pub(super) enum Found {
    /// The provider gave its answer again.
    Given(Box<SignedUp>),
    /// It was never created.
    Nothing,
    /// Ours, and its value is in the keychain.
    Stored(Option<RemoteKey>),
    /// Ours by its name, and nobody holds its value.
    Lost(RemoteKey),
    /// Replaced in place or not, its value is nowhere: it is replaced once more.
    LostInPlace,
    /// One or more keys that may be ours: only a person can say.
    Candidates(Vec<RemoteKey>),
    /// The provider cannot tell at all.
    CannotTell,
    /// Its list may still lag for so long; ask again then.
    TooEarly(Duration),
}

/// A lag that is waited out on the spot.
const WAITS_ITSELF: Duration = Duration::from_secs(60);
/// Longest time that a request may take (`Transport::send`).
pub(super) const LONGEST_ANSWER: Duration = Duration::from_secs(60);

impl Driver {
    pub(super) async fn reconcile(
        &self,
        fence: Fence,
        rotation: &Rotation,
        fresh: &mut Fresh<'_>,
    ) -> Result<Next, Failure> {
        match rotation.position.step(&rotation.plan) {
            Some(StepKind::Mint) => self.reconcile_mint(fence, rotation, fresh).await,
            Some(StepKind::RevokeOld) => self.reconcile_revoke(fence, rotation).await,
            _ => Err(Failure::new(Code::RotationIllegal)),
        }
    }

    async fn reconcile_mint(&self, fence: Fence, rotation: &Rotation, fresh: &mut Fresh<'_>) -> Result<Next, Failure> {
        let kind = StepKind::Mint;
        let version = new_version(rotation)?;
        let found = match self.look_for(fence, rotation, fresh).await {
            Ok(found) => found,
            Err(failure) => return self.still_unknown(fence, rotation, kind, failure.code).await,
        };
        match found {
            Found::Nothing => {
                self.record(fence, Event::NotApplied(kind, Code::ProviderNoAnswer), vec![])
                    .await?;
                // It is now known that nothing was created, so a second intent is safe, once.
                if rotation.mints < 2 || !in_place(Guard::OneRepeat) {
                    self.record(fence, Event::Retried, vec![]).await?;
                }
                Ok(Next::Go)
            }
            Found::Given(answer) => {
                let changes = self.keep(rotation, version, *answer, fresh).await;
                self.record(fence, Event::Applied(kind), changes).await?;
                fresh.settle();
                Ok(Next::Go)
            }
            Found::Stored(remote) => {
                let (kept, id) = self.kept_answer(rotation, version).await?;
                let mut changes = vec![Change::Minted {
                    version,
                    remote_id: remote.as_ref().map(|key| key.remote_id.clone()).or(id),
                    created_at: remote.as_ref().and_then(|key| key.created_at),
                    expires_at: remote.as_ref().and_then(|key| key.expires_at),
                }];
                changes.extend(kept);
                if let Some(secret) = self.effects.vault.get(&VaultRef::version(version)).await? {
                    changes.push(self.held(version, &secret));
                }
                self.record(fence, Event::Applied(kind), changes).await?;
                Ok(Next::Go)
            }
            Found::Lost(key) => {
                let changes = vec![Change::Minted {
                    version,
                    remote_id: Some(key.remote_id),
                    created_at: key.created_at,
                    expires_at: key.expires_at,
                }];
                self.record(fence, Event::Applied(kind), changes).await?;
                Ok(Next::Go)
            }
            Found::LostInPlace => {
                self.record(fence, Event::ValueLost, vec![]).await?;
                Ok(Next::Go)
            }
            Found::Candidates(keys) => self.ask(fence, rotation, keys).await,
            Found::CannotTell => self.ask(fence, rotation, Vec::new()).await,
            Found::TooEarly(left) if left <= WAITS_ITSELF => {
                self.effects.clock.sleep(left).await;
                Ok(Next::Go)
            }
            Found::TooEarly(_) => self.still_unknown(fence, rotation, kind, Code::ProviderNoAnswer).await,
        }
    }

    async fn look_for(&self, fence: Fence, rotation: &Rotation, fresh: &mut Fresh<'_>) -> Result<Found, Failure> {
        let version = new_version(rotation)?;
        let stored = self.effects.vault.get(&VaultRef::version(version)).await?;
        if stored.is_none()
            && let Some(found) = self.ask_again(fence, rotation, fresh).await?
        {
            return Ok(found);
        }
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let reconcile = workspace.definition.reconcile();
        // What was sent may still be carried out for as long as the provider's parts take to agree.
        let (by, lag) = (reconcile.by, reconcile.lag());
        if rotation.plan.rolls() || rotation.plan.strategy == Strategy::TwoSlot {
            return Ok(self.look_in_place(rotation, &workspace, stored.is_some(), lag));
        }
        // Where the lost answer would have told where to look, there is nothing to list.
        if by == ReconcileBy::None || !workspace.is_placed() {
            return Ok(match stored {
                Some(_) => Found::Stored(None),
                // A person who looks before it has arrived says that there is nothing.
                None => self.lag_left(rotation, lag).map_or(Found::CannotTell, Found::TooEarly),
            });
        }
        let listed = self.effects.provider.list(&workspace).await?;
        let before = self.journal.snapshot(rotation.id).await?;
        let known = self.journal.known_remote_ids(rotation.id).await?;
        let mut new = new_keys(listed, &before, &known);
        if let Some(secret) = stored {
            let value = secret.expose();
            let begins = |prefix: &str| value.starts_with(prefix) || !in_place(Guard::PrefixFits);
            new.retain(|key| key.prefix.as_deref().is_some_and(begins));
            return Ok(Found::Stored(if new.len() == 1 { new.pop() } else { None }));
        }
        if by == ReconcileBy::Name && in_place(Guard::NamedByUs) {
            let name = rotation.mint_name.as_deref().unwrap_or_default();
            new.retain(|key| key.name.as_deref() == Some(name));
        }
        match new.len() {
            0 => Ok(self.lag_left(rotation, lag).map_or(Found::Nothing, Found::TooEarly)),
            1 if by == ReconcileBy::Name => Ok(new.pop().map_or(Found::Nothing, Found::Lost)),
            _ => Ok(Found::Candidates(new)),
        }
    }

    /// Whether it was replaced or not, nobody has the value: it is replaced once more with the management
    /// credential, once what was sent can no longer arrive and end what came after it. Only where that could end a
    /// grace that is running, a person decides.
    fn look_in_place(&self, rotation: &Rotation, workspace: &Workspace, stored: bool, lag: Duration) -> Found {
        if stored {
            // It has the id of what was replaced: the key's own, or that of the slot.
            let id = self.slot_of(rotation, workspace).ok().flatten();
            return Found::Stored(id.map(|remote_id| RemoteKey {
                remote_id,
                ..RemoteKey::default()
            }));
        }
        match (self.lag_left(rotation, lag), rotation.plan.strategy) {
            (Some(left), _) => Found::TooEarly(left),
            (None, Strategy::RollWithGrace) => Found::CannotTell,
            (None, _) => Found::LostInPlace,
        }
    }

    async fn ask(&self, fence: Fence, rotation: &Rotation, keys: Vec<RemoteKey>) -> Result<Next, Failure> {
        let to = self.effects.clock.now();
        let from = self.sent_at(rotation).unwrap_or(rotation.opened_at);
        let one = |key: Option<RemoteKey>| {
            let (ms, random) = self.effects.id_parts();
            let id = UnaccountedId::new(ms, random);
            let (remote_id, prefix) = key.map_or((None, None), |key| (Some(key.remote_id), key.prefix));
            Change::Unaccounted {
                id,
                remote_id,
                prefix,
                from,
                to,
            }
        };
        let changes = if keys.is_empty() {
            vec![one(None)]
        } else {
            keys.into_iter().map(|key| one(Some(key))).collect()
        };
        let shown = if in_place(Guard::ShownUnaccounted) {
            changes
        } else {
            Vec::new()
        };
        self.record(fence, Event::Asked(Code::RotationNeedsAnswer), shown)
            .await?;
        Ok(Next::Go)
    }

    async fn reconcile_revoke(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::RevokeOld;
        let old = super::retire::old_version(rotation)?;
        let remote_id = old.remote_id.clone().ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        // One that is only switched off is refused as well, and is still there.
        let tells = old.held && !workspace.definition.deactivates();
        let verdict = match tells {
            true => self.asked(rotation, old.id).await.ok().flatten(),
            false => None,
        };
        let said = verdict.as_ref().map(|verdict| verdict.answer);
        let told = verdict.map(|verdict| Change::Verdict {
            version: old.id,
            verdict,
        });
        let told: Vec<Change> = told.into_iter().collect();
        let dead = said == Some(Answer::Dead);
        // A slot is always listed: filling it anew once more does what was wanted.
        if !dead && rotation.plan.strategy == Strategy::TwoSlot {
            self.record(fence, Event::NotApplied(kind, Code::ProviderNoAnswer), told)
                .await?;
            self.record(fence, Event::Retried, vec![]).await?;
            return Ok(Next::Go);
        }
        let gone = match said {
            Some(Answer::Dead) => Ok(None),
            // Without a list, that it is accepted after every lag is all there is to go by.
            Some(Answer::Live) if !workspace.definition.capabilities().list => {
                let lag = workspace.definition.reconcile().lag() + LONGEST_ANSWER;
                match self.tries_for(rotation, kind, lag) {
                    true => Err(Failure::new(Code::ProviderNoAnswer)),
                    false => Ok(Some(Code::KeyStillAccepted)),
                }
            }
            _ => {
                let listed = self.is_listed(rotation, &remote_id).await;
                let still = match said {
                    Some(Answer::Live) => Code::KeyStillAccepted,
                    _ => Code::KeyStillListed,
                };
                listed.map(|listed| listed.then_some(still))
            }
        };
        match gone {
            Ok(None) if dead => self.record(fence, Event::Applied(kind), told).await?,
            // A list says nothing of what became of the request.
            Ok(None) => {
                let skipped = Event::Skipped(kind, Code::KeyUnlisted);
                self.record(fence, skipped, told).await?;
            }
            // It still exists, so the request was not carried out: a new intent may send it again.
            Ok(Some(still)) => {
                self.record(fence, Event::NotApplied(kind, still), told).await?;
                let repeats = rotation
                    .records
                    .iter()
                    .filter(|record| record.event == Event::Retried)
                    .count();
                if repeats == 0 {
                    self.record(fence, Event::Retried, vec![]).await?;
                }
            }
            Err(failure) => return self.still_unknown(fence, rotation, kind, failure.code).await,
        }
        Ok(Next::Go)
    }

    /// Stays as it is; said once, not at every look.
    async fn still_unknown(
        &self,
        fence: Fence,
        rotation: &Rotation,
        kind: StepKind,
        code: Code,
    ) -> Result<Next, Failure> {
        if rotation.position.state != State::Unknown(code) {
            self.record(fence, Event::Unclear(kind, code), vec![]).await?;
        }
        Ok(Next::Rest)
    }

    fn sent_at(&self, rotation: &Rotation) -> Option<jiff::Timestamp> {
        rotation
            .records
            .iter()
            .rfind(|record| record.event == Event::Intended(StepKind::Mint))
            .map(|record| record.at)
    }

    /// Runs from the moment the last answer was given up, or could at the latest have been.
    fn lag_left(&self, rotation: &Rotation, lag: Duration) -> Option<Duration> {
        let sends = [Event::Intended(StepKind::Mint), Event::Repeated];
        let sent = rotation
            .records
            .iter()
            .rposition(|record| sends.contains(&record.event))?;
        let unclear = |record: &&Record| matches!(record.event, Event::Unclear(StepKind::Mint, _));
        let given_up = rotation.records[sent..].iter().find(unclear).map(|record| record.at);
        let latest = rotation.records[sent].at.checked_add(LONGEST_ANSWER).ok()?;
        let since = self
            .effects
            .clock
            .now()
            .duration_since(given_up.unwrap_or(latest).min(latest));
        let since = Duration::try_from(since).unwrap_or(Duration::ZERO);
        let left = lag.checked_sub(since).filter(|left| !left.is_zero());
        left.filter(|_| in_place(Guard::LagAwaited))
    }
}
