//! An intent without an outcome: ask the world, then decide. Nothing is repeated before.

use std::collections::HashSet;
use std::time::Duration;

use super::difference::{lacks_most, new_keys};
use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::mint::slot_of;
use super::moves::{Deed, Entry, Evidence, Found, Learnt, Move, Old, Onward, Settled};
use super::plan::StepKind;
use super::retire::old_version;
use super::scene::{Scene, new_version};
use super::state::{Event, State};
use super::whose::{Marks, Whose};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, UnaccountedId};
use crate::provider::{ReconcileBy, RemoteKey, Strategy};
use crate::vault::VaultRef;

/// A lag that is waited out on the spot.
const WAITS_ITSELF: Duration = Duration::from_secs(60);
/// Longest time that a request may take (`Transport::send`).
pub(super) const LONGEST_ANSWER: Duration = Duration::from_secs(60);

/// The keychain is asked first, then the provider for its lost answer, where it gives one again, then its list.
pub(super) fn next_of_mint(scene: &Scene<'_>, evidence: &Evidence) -> Result<Move, Failure> {
    scene.new_version()?;
    let rotation = scene.rotation;
    let repeats = rotation.repeatable.is_some() && rotation.mint_name.is_some();
    Ok(match (evidence.value, evidence.repeatable) {
        (None, _) => Move::ask(Deed::LookForValue),
        (Some(false), None) if repeats => Move::ask(Deed::LookAtRepeat),
        (Some(false), Some(true)) => Move::Do(vec![Event::Repeated.into()], Deed::Repeat),
        (Some(is_stored), _) => Move::ask(Deed::Search { is_stored }),
    })
}

pub(super) fn settle_value(scene: &Scene<'_>, is_there: Result<bool, Failure>) -> Settled {
    match is_there {
        Ok(is_there) => Settled::learnt(Learnt::Value(is_there)),
        Err(failure) => still_unknown(scene, StepKind::Mint, failure.code),
    }
}

pub(super) fn settle_mint(scene: &Scene<'_>, found: Result<Found, Failure>) -> Result<Settled, Failure> {
    let kind = StepKind::Mint;
    let found = match found {
        Ok(found) => found,
        Err(failure) => return Ok(still_unknown(scene, kind, failure.code)),
    };
    let (by, left) = (scene.provider()?.by, lag_left(scene)?);
    Ok(match (found, left) {
        (Found::Held(changes), _) => Settled::one(Entry::new(Event::Applied(kind), changes)),
        (Found::Listed(mut keys), _) if by == ReconcileBy::Name && keys.len() == 1 => match keys.pop() {
            Some(key) => lost(scene, key)?,
            None => Settled::default(),
        },
        (Found::Listed(keys), _) if !keys.is_empty() => ask(scene, keys),
        (Found::Perhaps(keys), _) => ask(scene, keys),
        // What was sent may still be carried out for as long as the provider's parts take to agree, and a person who
        // looks before it has arrived says that there is nothing.
        (_, Some(left)) => too_early(scene, left),
        (Found::Listed(_), None) => nothing(scene),
        (Found::Lacking, None) => doubted(scene),
        // Whether it was replaced or not, nobody has the value: it is replaced once more with the management
        // credential, as what was sent can no longer arrive and end what comes after it. Only where that could end a
        // grace that is running, a person decides.
        (Found::Nowhere, None) if scene.is_in_place() && scene.rotation.plan.strategy != Strategy::RollWithGrace => {
            Settled::one(Event::ValueLost)
        }
        (Found::Nowhere, None) => ask(scene, Vec::new()),
    })
}

/// It is now known that nothing was created, so a second intent is safe, once.
fn nothing(scene: &Scene<'_>) -> Settled {
    let code = match scene.rotation.position.state {
        State::Unknown(code) if code != Code::ProviderListLacks => code,
        _ => Code::ProviderNoAnswer,
    };
    let none = Event::NotApplied(StepKind::Mint, code).into();
    // Who asks to wait is not asked again at once.
    let waits = code == Code::ProviderRateLimited;
    match !waits && (scene.rotation.mints < 2 || !in_place(Guard::OneRepeat)) {
        true => Settled::all([none, Event::Retried.into()]),
        false => Settled::all([none]),
    }
}

/// A list that lacks what it had says nothing of what it lacks: it is read again later. Where it goes on so, a person says.
fn doubted(scene: &Scene<'_>) -> Settled {
    match scene.rotation.position.state == State::Unknown(Code::ProviderListLacks) {
        true => ask(scene, Vec::new()),
        false => still_unknown(scene, StepKind::Mint, Code::ProviderListLacks),
    }
}

/// Whether the list lacks all or most of what the check's list had, and nothing here has ended. Of a key that this rotation has
/// revoked no row says yet that it has.
fn is_doubtful(rotation: &Rotation, listed: &[RemoteKey], (before, known): (&[String], &[String])) -> bool {
    let old = rotation
        .subject
        .old
        .as_ref()
        .filter(|_| rotation.history().is_revoked());
    let gone = old.and_then(|old| old.remote_id.as_deref());
    let found: HashSet<&str> = listed.iter().map(|key| key.remote_id.as_str()).collect();
    let known: HashSet<&str> = known.iter().map(String::as_str).collect();
    let had = before.iter().map(String::as_str);
    let had: Vec<&str> = had.filter(|id| known.contains(id) && gone != Some(*id)).collect();
    let shows_one = !known.is_disjoint(&found);
    lacks_most(&had, |id| found.contains(id), shows_one) && in_place(Guard::LackingTellsNothing)
}

/// Ours, and nobody holds its value.
pub(super) fn lost(scene: &Scene<'_>, key: RemoteKey) -> Result<Settled, Failure> {
    let minted = Change::Minted {
        version: scene.new_version()?,
        remote_id: Some(key.remote_id),
        created_at: key.created_at,
        expires_at: key.expires_at,
    };
    Ok(Settled::one(Entry::new(Event::Applied(StepKind::Mint), vec![minted])))
}

/// The provider may still lag for so long; it is asked again then.
pub(super) fn too_early(scene: &Scene<'_>, left: Duration) -> Settled {
    match left <= WAITS_ITSELF {
        true => Settled::default().onward(Onward::Pause(left)),
        false => still_unknown(scene, StepKind::Mint, Code::ProviderNoAnswer),
    }
}

/// Only a person can say.
fn ask(scene: &Scene<'_>, keys: Vec<RemoteKey>) -> Settled {
    let (from, to) = (scene.history.sent_at().unwrap_or(scene.rotation.opened_at), scene.now);
    let one = |(remote_id, prefix)| {
        let (ms, random) = scene.draw.id_parts();
        Change::Unaccounted {
            id: UnaccountedId::new(ms, random),
            remote_id,
            prefix,
            from,
            to,
        }
    };
    let shown: Vec<Change> = match keys.is_empty() {
        _ if !in_place(Guard::ShownUnaccounted) => Vec::new(),
        true => vec![one((None, None))],
        false => {
            let keys = keys.into_iter().map(|key| (Some(key.remote_id), key.prefix));
            keys.map(one).collect()
        }
    };
    Settled::one(Entry::new(Event::Asked(Code::RotationNeedsAnswer), shown))
}

/// Runs from the moment the last answer was given up, or could at the latest have been.
fn lag_left(scene: &Scene<'_>) -> Result<Option<Duration>, Failure> {
    let lag = scene.provider()?.lag;
    let Some((sent, given_up)) = scene.history.last_send() else {
        return Ok(None);
    };
    let Ok(latest) = sent.checked_add(LONGEST_ANSWER) else {
        return Ok(None);
    };
    let since = scene.since(given_up.unwrap_or(latest).min(latest));
    let left = lag.checked_sub(since).filter(|left| !left.is_zero());
    Ok(left.filter(|_| in_place(Guard::LagAwaited)))
}

pub(super) fn next_of_revoke(scene: &Scene<'_>) -> Result<Move, Failure> {
    let remote_id = scene.old_version()?.remote_id.as_ref();
    remote_id.ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
    scene.provider()?;
    Ok(Move::ask(Deed::AskOld))
}

pub(super) fn settle_revoke(scene: &Scene<'_>, old: Old) -> Result<Settled, Failure> {
    let (kind, version) = (StepKind::RevokeOld, scene.old_version()?.id);
    let provider = scene.provider()?;
    let said = old.verdict.as_ref().map(|verdict| verdict.answer);
    let is_listed = matches!(old.listed, Some(Ok(true) | Err(_)));
    let told: Vec<Change> = old
        .verdict
        .into_iter()
        .map(|verdict| Change::Verdict { version, verdict })
        .collect();
    let shown = old.listed.is_some() || old.is_controlled || !in_place(Guard::RefusalControlled);
    if said == Some(Answer::Dead) && !is_listed && shown {
        return Ok(Settled::one(Entry::new(Event::Applied(kind), told)));
    }
    let still = match (said, old.listed) {
        // A slot is always listed: filling it anew once more does what was wanted.
        _ if scene.rotation.plan.strategy == Strategy::TwoSlot => Code::ProviderNoAnswer,
        // Without a list, that it is accepted after every lag is all there is to go by.
        (Some(Answer::Live), None) => match scene.tries_for(kind, provider.lag + LONGEST_ANSWER) {
            true => return Ok(still_unknown(scene, kind, Code::ProviderNoAnswer)),
            false => Code::KeyStillAccepted,
        },
        // Whoever refuses everything now refuses this one too: it is sent once more.
        (Some(Answer::Dead), None) => Code::ProviderNoAnswer,
        (_, None) => return Ok(still_unknown(scene, kind, Code::ProviderNoAnswer)),
        (_, Some(Err(failure))) => return Ok(still_unknown(scene, kind, failure.code)),
        // A list says nothing of what became of the request.
        (_, Some(Ok(false))) => {
            return Ok(Settled::one(Entry::new(Event::Skipped(kind, Code::KeyUnlisted), told)));
        }
        (Some(Answer::Live), Some(Ok(true))) => Code::KeyStillAccepted,
        (_, Some(Ok(true))) => Code::KeyStillListed,
    };
    // It still exists, so the request was not carried out: a new intent may send it again, once without a person.
    let none = Entry::new(Event::NotApplied(kind, still), told);
    Ok(match scene.history.retried() == 0 {
        true => Settled::all([none, Event::Retried.into()]),
        false => Settled::all([none]),
    })
}

/// Stays as it is; said once, not at every look.
pub(super) fn still_unknown(scene: &Scene<'_>, kind: StepKind, code: Code) -> Settled {
    let settled = match scene.rotation.position.state == State::Unknown(code) {
        true => Settled::default(),
        false => Settled::one(Event::Unclear(kind, code)),
    };
    settled.onward(Onward::Rest)
}

impl Driver {
    /// Looks for what became of a mint where only its list, or the keychain, can tell.
    pub(super) async fn search(&self, rotation: &Rotation, is_stored: bool) -> Result<Found, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        if rotation.plan.rolls() || rotation.plan.strategy == Strategy::TwoSlot {
            // It has the id of what was replaced: the key's own, or that of the slot.
            let id = slot_of(rotation, workspace.definition.slots()).ok().flatten();
            let replaced = id.map(|remote_id| RemoteKey {
                remote_id,
                ..RemoteKey::default()
            });
            return self.found(rotation, is_stored, replaced).await;
        }
        let by = workspace.definition.reconcile().by;
        // Where the lost answer would have told where to look, there is nothing to list.
        if by == ReconcileBy::None || !workspace.is_placed() {
            return self.found(rotation, is_stored, None).await;
        }
        let listed = self.effects.provider.list(&workspace).await?;
        let before = self.journal.snapshot(rotation.id).await?;
        let known = self.journal.known_remote_ids(rotation.id).await?;
        let version = new_version(rotation)?;
        let value = match is_stored {
            true => self.effects.vault.get(&VaultRef::version(version)).await?,
            false => None,
        };
        let marks = Marks::of(&*self.journal, &workspace, version).await?;
        let whose = |key: &RemoteKey| marks.whose(key, value.as_ref());
        let mut new = new_keys(listed.keys().to_vec(), &before, &known);
        // What bears the very name that was sent is ours, whatever its id was before.
        let is_ours = |key: &&RemoteKey| in_place(Guard::NameBeforeId) && whose(key).is_named();
        for key in listed.keys().iter().filter(is_ours) {
            if new.iter().all(|known| known.remote_id != key.remote_id) {
                new.push(key.clone());
            }
        }
        // What cannot be read may be the one.
        if let Some(unread) = listed.unread().filter(|_| new.is_empty() && !is_stored) {
            return Err(unread);
        }
        if is_stored {
            // The name of its mint tells, else how the value begins.
            let only = match marks.named_among(&new, value.as_ref()).cloned() {
                Some(named) => Some(named),
                None => {
                    let fits = |key: &RemoteKey| whose(key) == Whose::Begins || !in_place(Guard::PrefixFits);
                    new.retain(|key| key.prefix.is_some() && fits(key));
                    if new.len() == 1 { new.pop() } else { None }
                }
            };
            return self.found(rotation, is_stored, only).await;
        }
        let doubtful = is_doubtful(rotation, listed.keys(), (&before, &known));
        if by == ReconcileBy::Name && in_place(Guard::NamedByUs) {
            let (ours, others): (Vec<RemoteKey>, Vec<RemoteKey>) =
                new.into_iter().partition(|key| whose(key).is_named());
            let perhaps: Vec<RemoteKey> = others.into_iter().filter(|key| whose(key) != Whose::Anothers).collect();
            return match (ours.is_empty(), perhaps.is_empty(), listed.unread()) {
                (true, true, Some(unread)) => Err(unread),
                (true, false, _) => Ok(Found::Perhaps(perhaps)),
                (true, true, None) if doubtful => Ok(Found::Lacking),
                _ => Ok(Found::Listed(ours)),
            };
        }
        match new.is_empty() && doubtful {
            true => Ok(Found::Lacking),
            false => Ok(Found::Listed(new)),
        }
    }

    /// All that is known of a value in the keychain; where there is none, nothing.
    async fn found(&self, rotation: &Rotation, is_stored: bool, remote: Option<RemoteKey>) -> Result<Found, Failure> {
        if !is_stored {
            return Ok(Found::Nowhere);
        }
        let version = new_version(rotation)?;
        let (kept, id) = self.kept_answer(rotation, version).await?;
        let mut changes = vec![Change::Minted {
            version,
            remote_id: remote.as_ref().map(|key| key.remote_id.clone()).or(id),
            created_at: remote.as_ref().and_then(|key| key.created_at),
            expires_at: remote.as_ref().and_then(|key| key.expires_at),
        }];
        changes.extend(kept);
        if let Some(secret) = self.effects.vault.get(&VaultRef::version(version)).await? {
            let value = self.effects.fingerprints.of(&secret);
            if self.journal.is_known_value(rotation.id, &value).await? && in_place(Guard::KnownValue) {
                return Err(Failure::unknown(Code::ProviderUnexpected));
            }
            changes.push(self.held(version, &secret));
        }
        Ok(Found::Held(changes))
    }

    /// What became of a revocation: a call with the value tells, or its list.
    pub(super) async fn ask_old(&self, rotation: &Rotation) -> Result<Old, Failure> {
        let old = old_version(rotation)?;
        let remote_id = old.remote_id.as_deref();
        let remote_id = remote_id.ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        // One that is only switched off is refused as well, and is still there.
        let verdict = match old.held && !workspace.definition.deactivates() {
            true => self.asked(rotation, old.id).await.ok().flatten(),
            false => None,
        };
        let said = verdict.as_ref().map(|verdict| verdict.answer);
        // What is refused now may be so for another reason: where a list tells, it has to lack the key as well.
        let settled = match said {
            Some(Answer::Dead | Answer::Live) => !workspace.definition.capabilities().list,
            _ => false,
        };
        let listed = match settled || rotation.plan.strategy == Strategy::TwoSlot {
            true => None,
            false => Some(self.is_listed(rotation, remote_id).await),
        };
        let asks = said == Some(Answer::Dead) && listed.is_none();
        let is_controlled = asks && self.accepts_another(rotation, old.id).await?;
        Ok(Old {
            verdict,
            listed,
            is_controlled,
        })
    }
}
