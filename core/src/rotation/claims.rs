//! What a person says of the two keys of a rotation: the way out of every state, whatever the provider answers.
//!
//! A claim is written down as one and proves nothing. No value leaves the keychain by it, nothing is sent, and a key that
//! may live on beside the one that serves is shown among those that nobody accounts for.

use std::time::Duration;

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::plan::Act;
use super::scene::Draw;
use super::state::{Event, State};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{KeyVersion, Receipt, RotationId, UnaccountedId, VersionState};
use crate::provider::Strategy;
use crate::vault::VaultRef;

/// What a person says of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It works, and serves.
    Works,
    /// It is dead, or was never created.
    Gone,
    /// Nothing: it stays as it is.
    Leave,
}

impl Claim {
    pub const ALL: [Claim; 3] = [Claim::Works, Claim::Gone, Claim::Leave];

    pub fn as_str(self) -> &'static str {
        match self {
            Claim::Works => "works",
            Claim::Gone => "gone",
            Claim::Leave => "leave",
        }
    }

    pub fn parse(word: &str) -> Option<Claim> {
        Claim::ALL.into_iter().find(|claim| claim.as_str() == word)
    }
}

/// One of each key that there is, or may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Claims {
    pub old: Option<Claim>,
    pub new: Option<Claim>,
}

impl Claims {
    /// The word of the journal, such as `old=works new=gone`.
    pub fn word(self) -> String {
        let one = |name: &str, claim: Option<Claim>| claim.map(|claim| format!("{name}={}", claim.as_str()));
        let said = [one("old", self.old), one("new", self.new)].into_iter().flatten();
        said.collect::<Vec<String>>().join(" ")
    }

    /// Reads [`Claims::word`] back.
    pub fn read(word: &str) -> Option<Claims> {
        let mut claims = Claims::default();
        for said in word.split_whitespace() {
            match said.split_once('=')? {
                ("old", claim) => claims.old = Some(Claim::parse(claim)?),
                ("new", claim) => claims.new = Some(Claim::parse(claim)?),
                _ => return None,
            }
        }
        Some(claims)
    }
}

impl Rotation {
    /// What was claimed, where the rotation ended by that.
    pub fn claims(&self) -> Option<Claims> {
        self.history().claims()
    }

    /// What can be said of the old key; nothing where there is none, or it has ended.
    pub fn old_claims(&self) -> &'static [Claim] {
        match self.subject.old.as_ref().is_some_and(|old| old.ended_at.is_none()) {
            true => &Claim::ALL,
            false => &[],
        }
    }

    /// What can be said of the new key. One that only may have been created serves nobody.
    pub fn new_claims(&self) -> &'static [Claim] {
        let new = self.subject.new.as_ref().filter(|new| new.ended_at.is_none());
        match new.filter(|_| self.act() != Act::Revoke) {
            Some(new) if is_made(new) => &Claim::ALL,
            Some(_) if self.may_have_minted() => &[Claim::Gone, Claim::Leave],
            _ => &[],
        }
    }
}

/// Whether its provider or its person has shown it: its value is held, or its id is known.
fn is_made(version: &KeyVersion) -> bool {
    version.held || version.remote_id.is_some()
}

impl Driver {
    /// Ends the rotation by what a person says of its keys.
    pub async fn settle(&self, id: RotationId, claims: Claims, patience: Duration) -> Result<Rotation, Failure> {
        self.under_fence(id, patience, async |fence, rotation: &Rotation| {
            if rotation.position.is_closed() {
                return Err(Failure::new(Code::RotationNotNow));
            }
            let mut rotation = rotation.clone();
            let mut changes: Vec<Change> = self.find_new(&mut rotation).await?.into_iter().collect();
            // Who could not know of it has said nothing of it.
            let unseen = (!changes.is_empty()).then_some(Claim::Leave);
            let claims = Claims {
                new: claims.new.or(unseen),
                ..claims
            };
            changes.extend(self.claimed(&rotation, claims)?);
            self.record(fence, Event::Settled(claims), changes).await
        })
        .await
    }

    /// A process may have ended between the keychain and the record: then the value of the new key is there all the same.
    pub(super) async fn find_new(&self, rotation: &mut Rotation) -> Result<Option<Change>, Failure> {
        let Some(new) = rotation
            .subject
            .new
            .as_mut()
            .filter(|new| !new.held && new.ended_at.is_none())
        else {
            return Ok(None);
        };
        let found = self.effects.vault.get(&VaultRef::version(new.id)).await?;
        new.held = found.is_some();
        Ok(found.map(|secret| self.held(new.id, &secret)))
    }

    fn claimed(&self, rotation: &Rotation, claims: Claims) -> Result<Vec<Change>, Failure> {
        let (old, new) = (rotation.subject.old.as_ref(), rotation.subject.new.as_ref());
        let old = said("old", rotation.old_claims(), old, claims.old)?;
        let new = said("new", rotation.new_claims(), new, claims.new)?;
        let serves = serves(old, new);
        // At most one is live at a time: the one that served retires first.
        let promoted = serves.filter(|version| version.state != VersionState::Live);
        let mut changes: Vec<Change> = promoted
            .map(|version| Change::Promoted { new: version.id })
            .into_iter()
            .collect();
        for (version, claim) in [old, new].into_iter().flatten() {
            if serves.is_none_or(|serving| serving.id != version.id) {
                changes.extend(self.set_aside(rotation, version, claim));
            }
        }
        // Nothing was made, and nothing is said of it.
        if new.is_none() {
            changes.extend(rotation.never(self.effects.clock.now()));
        }
        Ok(changes)
    }

    /// What becomes of a key that is not the one that serves from now on.
    fn set_aside(&self, rotation: &Rotation, version: &KeyVersion, claim: Claim) -> Vec<Change> {
        let (at, made) = (self.effects.clock.now(), is_made(version));
        let ended = Change::Ended {
            version: version.id,
            at,
            receipt: made.then_some(Receipt::Word { at }),
        };
        if claim == Claim::Gone {
            return vec![ended];
        }
        let stays = match made {
            true => Change::Retired { version: version.id },
            false => ended,
        };
        // One that is replaced in place is no key of its own that somebody could look for.
        let apart = !rotation.plan.rolls() && rotation.plan.strategy != Strategy::TwoSlot;
        // What a person was asked about is shown already.
        let asked = !made && rotation.position.state == State::Asking;
        let shown = (apart && !asked && in_place(Guard::ClaimedIsShown)).then(|| {
            let (ms, random) = self.effects.id_parts();
            Change::Unaccounted {
                id: UnaccountedId::new(ms, random),
                remote_id: version.remote_id.clone(),
                prefix: version.prefix.clone(),
                from: rotation.opened_at,
                to: at,
            }
        });
        [stays].into_iter().chain(shown).collect()
    }
}

type Said<'a> = (&'a KeyVersion, Claim);

/// A key with what is said of it. Of each that there is something has to be said, and of no other.
fn said<'a>(
    field: &'static str,
    allowed: &[Claim],
    version: Option<&'a KeyVersion>,
    claim: Option<Claim>,
) -> Result<Option<Said<'a>>, Failure> {
    match claim {
        None if allowed.is_empty() => Ok(None),
        None => Err(Failure::new(Code::InputMissing).field(field)),
        Some(claim) if allowed.contains(&claim) => Ok(version.map(|version| (version, claim))),
        Some(_) => Err(Failure::new(Code::InputInvalid).field(field)),
    }
}

/// Which key serves from now on: the new one where it is said to work, else the old one where that is; else the only one of
/// which it is not said that it is gone, and of two of them the one that served.
fn serves<'a>(old: Option<Said<'a>>, new: Option<Said<'a>>) -> Option<&'a KeyVersion> {
    let works = |one: Option<Said<'a>>| one.filter(|(_, claim)| *claim == Claim::Works);
    let left = |one: Option<Said<'a>>| one.filter(|(version, claim)| *claim == Claim::Leave && is_made(version));
    let chosen = works(new).or(works(old)).or_else(|| match (left(old), left(new)) {
        (Some(old), Some(new)) if new.0.state != VersionState::Live => Some(old),
        (old, new) => new.or(old),
    });
    chosen.map(|(version, _)| version)
}
