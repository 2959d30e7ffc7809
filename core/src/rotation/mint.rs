//! Minting: a fresh intent, one request, and an answer that is believed only where it can be true.

use jiff::SignedDuration;
use std::time::Duration;

use super::drive::{AtRisk, Driver};
use super::fresh::Fresh;
use super::ids::as_ordered;
use super::journal::{Change, Rotation};
use super::moves::{Deed, Entry, Evidence, Learnt, Move, Prepared, Seen, Settled};
use super::nonce;
use super::plan::{Act, StepKind};
use super::scene::{Scene, asks_person};
use super::state::Event;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{KeyId, KeyVersion, Purpose, Secret, VersionId, VersionState};
use crate::provider::{Order, SignedUp, Strategy, Workspace};
use crate::vault::VaultRef;

/// Mints of an account whose values may be lost within an hour: bounds what can go astray.
const LOST_PER_HOUR: u32 = 3;
/// Age from which the checks are made again before a mint.
const CHECKS_HOLD: Duration = Duration::from_secs(300);

/// Asks the person for a value, or mints one: with a name of its own, and as few as can be.
pub(super) fn next(scene: &Scene<'_>, evidence: &mut Evidence) -> Move {
    let (kind, rotation) = (StepKind::Mint, scene.rotation);
    if !rotation.plan.sends(kind) {
        let named = Change::MintNamed {
            name: rotation.subject.key.name.to_string(),
            version: Box::new(pending_version(scene)),
            sent: false,
            repeatable: None,
        };
        return Move::note([Entry::new(Event::Intended(kind), vec![named]), asks_person(kind).into()]);
    }
    if !checks_hold(scene) && in_place(Guard::FreshChecks) {
        return Move::note([Event::CheckedAgain.into()]);
    }
    let Some(prepared) = evidence.prepared.take() else {
        let prepared = Prepared {
            name: scene.draw.mint_name(rotation.subject.key.name.as_str()),
            version: pending_version(scene),
            repeatable: None,
            lost: Ok(0),
            is_taken: Ok(false),
        };
        return Move::ask(Deed::Prepare(Box::new(prepared)));
    };
    // A mint that nobody remembers was carried out: its value is looked at, and nothing is written over it.
    if prepared.is_taken == Ok(true) && in_place(Guard::PlaceIsFree) {
        return Move::note([
            Event::Intended(kind).into(),
            Event::Unclear(kind, Code::KeychainTaken).into(),
        ]);
    }
    match is_bounded(scene, &prepared) {
        Ok(()) => {
            let named = Change::MintNamed {
                name: prepared.name.clone(),
                version: Box::new(prepared.version.clone()),
                // In place nothing is named.
                sent: !scene.is_in_place(),
                repeatable: prepared.repeatable.clone(),
            };
            Move::Do(
                vec![Entry::new(Event::Intended(kind), vec![named])],
                Deed::Mint(prepared),
            )
        }
        // What the bound holds back is not sent, and so not counted; nor is what was sent before it.
        Err(failure) => Move::note([
            Entry::new(Event::Intended(kind), vec![Change::NotRepeatable]),
            outcome(scene, prepared.name, Err(failure)),
        ]),
    }
}

pub(super) fn prepared(prepared: Box<Prepared>) -> Settled {
    Settled::learnt(Learnt::Prepared(prepared))
}

pub(super) fn settle(scene: &Scene<'_>, name: String, answer: Result<Vec<Change>, Failure>) -> Settled {
    Settled::one(outcome(scene, name, answer))
}

fn outcome(scene: &Scene<'_>, name: String, answer: Result<Vec<Change>, Failure>) -> Entry {
    let kind = StepKind::Mint;
    match answer {
        Ok(changes) => Entry::new(Event::Applied(kind), changes).or(Effect::Applied, Some(name)),
        Err(failure) if failure.effect == Effect::NotApplied => scene.not_applied(kind, &failure, false),
        Err(failure) => Entry::because(Event::Unclear(kind, failure.code), &failure).or(Effect::Unknown, Some(name)),
    }
}

/// Whether the checks that a mint rests on are not old.
fn checks_hold(scene: &Scene<'_>) -> bool {
    scene.history.applied_at(StepKind::Check).is_some_and(|at| {
        let since = Duration::try_from(scene.now.duration_since(at));
        since.is_ok_and(|since| since < CHECKS_HOLD)
    })
}

/// At most one automatic second mint, and three mints per account and hour whose values are not stored.
fn is_bounded(scene: &Scene<'_>, prepared: &Prepared) -> Result<(), Failure> {
    prepared.is_taken.clone()?;
    let lost = prepared.lost.clone()?;
    let too_many = lost >= LOST_PER_HOUR && in_place(Guard::MintsAnHour);
    let asked_for = scene.history.is_retried_since_mint();
    let repeated = scene.rotation.mints >= 2 && !asked_for && in_place(Guard::OneRepeat);
    match too_many || repeated {
        true => Err(Failure::new(Code::RotationTooManyMints)),
        false => Ok(()),
    }
}

/// The version that this mint fills: the one made with the rotation, or a fresh one after a discard.
/// A mint that created nothing leaves its version to the next one.
fn pending_version(scene: &Scene<'_>) -> KeyVersion {
    let subject = &scene.rotation.subject;
    let pending = subject.new.as_ref().filter(|new| new.state == VersionState::Pending);
    pending.cloned().unwrap_or_else(|| {
        let (ms, random) = scene.draw.id_parts();
        KeyVersion::pending(VersionId::new(ms, random), subject.key.id, scene.now)
    })
}

impl Driver {
    /// Looks up what only the journal and the definition know of a mint that is about to be sent.
    pub(super) async fn prepare(&self, rotation: &Rotation, mut prepared: Box<Prepared>) -> Box<Prepared> {
        let now = self.effects.clock.now();
        let hour_ago = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
        prepared.lost = self.journal.lost_since(rotation.id, hour_ago).await;
        prepared.repeatable = self.repeatable(rotation, &prepared.name).await;
        let there = self.effects.vault.get(&VaultRef::version(prepared.version.id)).await;
        prepared.is_taken = there.map(|there| there.is_some());
        prepared
    }

    /// Sends it, and puts the values of its answer away before anything is written of it.
    pub(super) async fn send(&self, rotation: &Rotation, prepared: Prepared, fresh: &mut Fresh<'_>) -> Seen {
        let Prepared { name, version, .. } = prepared;
        fresh.now(AtRisk::Creating);
        let answer = match self.send_mint(rotation, &name).await {
            Ok(answer) => self.as_new(rotation, answer).await,
            Err(failure) => Err(failure),
        };
        let answer = match answer {
            Ok(answer) => Ok(self.keep(rotation, version.id, answer, fresh).await),
            Err(failure) => Err(failure),
        };
        Seen::Minted { name, answer }
    }

    async fn send_mint(&self, rotation: &Rotation, name: &str) -> Result<SignedUp, Failure> {
        let workspace = self.minting(rotation, name).await?;
        if rotation.act() == Act::SignUp {
            let mut inputs = rotation.inputs.clone();
            inputs.insert("key_name".to_owned(), name.to_owned());
            return self.effects.provider.sign_up(&workspace, &inputs).await;
        }
        let order = self.order(rotation, &workspace, name)?;
        let mut before = self.journal.snapshot(rotation.id).await?;
        before.extend(self.journal.known_remote_ids(rotation.id).await?);
        let minted = match order.replaces() {
            Some(id) => self.effects.provider.roll(&workspace, id).await?,
            None => self.effects.provider.mint(&workspace, name).await?,
        };
        Ok(as_ordered(rotation, &order, minted, &before))
    }

    /// The account as a mint needs it, with the nonce of its name.
    pub(super) async fn minting(&self, rotation: &Rotation, name: &str) -> Result<Workspace, Failure> {
        Ok(Workspace {
            nonce: nonce::of(name).map(str::to_owned),
            ..self.effects.workspaces.managing(&rotation.subject.account).await?
        })
    }

    pub(super) fn order(&self, rotation: &Rotation, workspace: &Workspace, name: &str) -> Result<Order, Failure> {
        let slot = slot_of(rotation, workspace.definition.slots())?;
        Ok(slot.map_or_else(|| Order::mint(name), |slot| Order::roll(&slot)))
    }

    /// Believes an answer that can be true: a new value is neither the old one, with which it would be revoked, nor that
    /// of any other key. An id that tells most of the value is not written down.
    pub(super) async fn as_new(&self, rotation: &Rotation, mut answer: SignedUp) -> Result<SignedUp, Failure> {
        let secret = &answer.key.secret;
        let value = self.effects.fingerprints.of(secret);
        // A database that does not answer now keeps no value from the keychain: it is compared where it is found there.
        let known = self.journal.is_known_value(rotation.id, &value).await;
        if known.unwrap_or(false) && in_place(Guard::KnownValue) {
            return Err(Failure::unknown(Code::ProviderUnexpected));
        }
        let tells = |id: &String| tells_most(id, secret) && in_place(Guard::IdWithoutValue);
        answer.key.remote_id = answer.key.remote_id.filter(|id| !tells(id));
        Ok(answer)
    }
}

/// Whether more than half of the value stands in the text in one piece. An id that stands in its value is as usual as a
/// first part of it that is no secret.
fn tells_most(text: &str, secret: &Secret) -> bool {
    let value = secret.expose();
    let piece = value.len() / 2 + 1;
    let mut begins = (0..=value.len() - piece).filter_map(|at| value.get(at..at + piece));
    begins.any(|piece| text.contains(piece))
}

/// Returns what is rolled: the key itself, or the slot that nobody uses; none where a key is added.
pub(super) fn slot_of(rotation: &Rotation, slots: Option<&[String; 2]>) -> Result<Option<String>, Failure> {
    let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.clone());
    let unknown = || Failure::new(Code::KeyIdUnknown);
    if rotation.plan.rolls() {
        return old.ok_or_else(unknown).map(Some);
    }
    if rotation.act() == Act::Rotate && rotation.plan.strategy == Strategy::TwoSlot {
        let (old, slots) = old.zip(slots).ok_or_else(unknown)?;
        let mut others = slots.iter().filter(|slot| **slot != old);
        // Neither of them: then nobody can say which one is in use.
        let other = others.next().filter(|_| others.next().is_none());
        return other.cloned().ok_or_else(unknown).map(Some);
    }
    Ok(None)
}

impl KeyVersion {
    /// A version that is intended: it has an id, and so a place in the keychain, and nothing else.
    pub fn pending(id: VersionId, key_id: KeyId, now: jiff::Timestamp) -> KeyVersion {
        KeyVersion {
            id,
            key_id,
            state: VersionState::Pending,
            remote_id: None,
            prefix: None,
            hint: None,
            fingerprint: None,
            held: false,
            created_at: None,
            first_seen_at: now,
            expires_at: None,
            last_used_at: None,
            switched_off: false,
            was_listed: false,
            searched: false,
            unlisted_since: None,
            verdict: None,
            ended_at: None,
            receipt: None,
        }
    }
}

impl Purpose {
    /// Whether a rotation can replace it: a program's key, made by the provider's key API.
    pub fn is_rotated(self) -> bool {
        matches!(self, Purpose::Service)
    }
}
