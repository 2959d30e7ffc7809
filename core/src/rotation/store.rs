//! The new value in the keychain, read back equal. A keychain that refuses is asked again while the value is held.

use std::time::Duration;

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{After, Entry, Settled, Stored, Values};
use super::plan::StepKind;
use super::scene::{Scene, new_version, parked};
use super::state::Event;
use crate::failure::Failure;
use crate::guard::{Guard, in_place};
use crate::vault::VaultRef;

/// How long a value is held in memory for a keychain that refuses.
const HOLD: Duration = Duration::from_secs(600);
/// Pause between two tries of such a keychain.
const HOLD_RETRY: Duration = Duration::from_secs(2);

pub(super) fn settle(scene: &Scene<'_>, stored: Stored) -> Result<Settled, Failure> {
    let (kind, rotation) = (StepKind::Store, scene.rotation);
    let version = scene.new_version()?;
    let mut changes = stored.held;
    if let Some(refused) = stored.refused {
        // After the point of no return there is nothing to go back to: it is held for as long as it takes.
        let pivot = rotation.plan.pivot();
        let no_way_back = pivot.is_some_and(|pivot| rotation.position.cursor > pivot);
        return Ok(match no_way_back || scene.tries_for(kind, HOLD) {
            true => {
                let waits = parked(kind, scene.after(HOLD_RETRY), Some(refused.code));
                Settled::one(Entry::new(waits, changes))
            }
            // Undo is possible and the old key is untouched: better no new key than one nobody holds.
            false => Settled::one(Entry::new(Event::UndoBegun, changes)).after(After::DropFresh),
        });
    }
    Ok(match stored.read {
        Ok(Some(held)) => {
            changes.extend(held);
            // Without a predecessor and a way to ask, it serves from now on.
            if rotation.subject.old.is_none() && rotation.plan.index(StepKind::VerifyNew).is_none() {
                changes.push(Change::Promoted { new: version });
            }
            Settled::one(Entry::new(Event::Applied(kind), changes)).after(After::DropAnswer(version))
        }
        // The provider's page may still show it.
        Ok(None) if !rotation.plan.sends(StepKind::Mint) => Settled::one(Entry::new(Event::PasteAgain, changes)),
        Ok(None) => Settled::one(Entry::new(Event::ValueLost, changes)),
        Err(failure) => Settled::one(scene.park(kind, failure.code, changes)),
    })
}

impl Driver {
    /// Puts away what is not there yet, and reads the new value back.
    pub(super) async fn put_away(&self, rotation: &Rotation, values: &mut Values) -> Result<Stored, Failure> {
        let version = new_version(rotation)?;
        let (mut held, mut refused) = (Vec::new(), None);
        for (version, secret) in std::mem::take(values) {
            match self.put_new(version, &secret).await {
                Ok(true) => held.push(self.held(version, &secret)),
                Ok(false) => {}
                Err(failure) => {
                    refused = Some(failure);
                    values.push((version, secret));
                }
            }
        }
        // What was refused is not there to be read.
        let read = match refused.is_some() {
            true => Ok(None),
            false if !in_place(Guard::StoredIsThere) => Ok(Some(Vec::new())),
            false => {
                let read = self.effects.vault.get(&VaultRef::version(version)).await;
                read.map(|found| found.map(|secret| vec![self.held(version, &secret)]))
            }
        };
        Ok(Stored { held, refused, read })
    }
}
