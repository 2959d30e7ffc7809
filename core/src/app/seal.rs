//! What the keychain is told of this data directory: how far it has come.
//!
//! A backup that was put back knows less than the keychain was told. It would carry out orders that were taken back since,
//! and go on with rotations that have ended otherwise.

use std::sync::atomic::Ordering;

use super::App;
use super::home::place;
use super::open::random_word;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::Seal;
use crate::vault::VaultRef;

impl App {
    /// Refuses where the keychain was told of a later state of this directory, or of another one that has the keys; else
    /// tells it of this one.
    ///
    /// A keychain that cannot be read says nothing here: whatever takes a value away asks it again.
    pub(super) async fn is_abreast(&self) -> Result<(), Failure> {
        // Another keychain than the one with the values is told nothing.
        if !matches!(self.pinned_keychain().await, Ok(true)) {
            return Ok(());
        }
        let at = VaultRef::seal(&self.data_dir.id);
        // Read first: another process of this directory may tell the keychain of more in between.
        let told = match self.vault.get(&at).await {
            Ok(Some(told)) => match Seal::parse(&told) {
                // Whoever wrote it has told of something.
                None if in_place(Guard::SealIsRead) => return Err(Failure::new(Code::KeychainSealUnread)),
                told => told,
            },
            Ok(None) => None,
            Err(failure) if failure.code == Code::KeychainAmbiguous => return Err(failure),
            Err(failure) => {
                tracing::debug!(code = failure.code.as_str(), "the keychain tells no seal");
                return Ok(());
            }
        };
        let here = self.store.seal().await?;
        match told {
            Some(told) if told.word != here.word && in_place(Guard::OneHasTheKeys) => {
                Err(Failure::new(Code::KeychainTakenOver))
            }
            Some(told) if self.is_later(&told, here.acts).await? && in_place(Guard::NotBehind) => {
                // What is said of them from now on is that. A database that cannot be written drives nothing either.
                if let Err(failure) = self.store.are_behind().await {
                    tracing::info!(code = failure.code.as_str(), "open rotations are not marked yet");
                }
                Err(Failure::new(Code::KeychainAhead))
            }
            Some(told) if told == here => {
                self.told.store(here.acts, Ordering::Relaxed);
                Ok(())
            }
            _ => {
                match self.tell_seal(&here.word).await {
                    Ok(()) => self.told.store(here.acts, Ordering::Relaxed),
                    Err(failure) => {
                        tracing::info!(
                            code = failure.code.as_str(),
                            "the keychain is not told how far this has come"
                        );
                    }
                }
                Ok(())
            }
        }
    }

    /// Whether the keychain was told by a state that comes after this one. By how much was done alone, one that was put back
    /// would be taken for it once as much was done in it.
    async fn is_later(&self, told: &Seal, acts: i64) -> Result<bool, Failure> {
        match told.mark.is_empty() || !in_place(Guard::SealIsDrawn) {
            true => Ok(told.acts > acts),
            false => self.store.has_drawn(&told.mark).await.map(|drawn| !drawn),
        }
    }

    /// The mark goes into the database first: one that the keychain has and the database has not is a later state's.
    async fn tell_seal(&self, word: &str) -> Result<(), Failure> {
        let mark = random_word(self.entropy.as_ref());
        self.store.draw_seal(&mark).await?;
        let seal = Seal {
            word: word.to_owned(),
            mark,
            ..self.store.seal().await?
        };
        let (at, told) = (VaultRef::seal(&self.data_dir.id), seal.to_secret());
        let put = self.vault.put(&at, &told).await;
        // A keychain that writes wrongly is found before a mint, by what is put there for that; here nobody else has written.
        if put.is_err()
            && let Some(there) = self.vault.get(&at).await?
            && Seal::parse(&there).is_none()
        {
            self.vault.delete(&at).await?;
        }
        put
    }

    /// Tells the keychain what was done here since it was last told: at rest, first of all after a start, and at the end.
    pub(super) async fn keep_abreast(&self) {
        let Ok(here) = self.store.seal().await else { return };
        if self.told.load(Ordering::Relaxed) == here.acts {
            return;
        }
        // A copy tells nothing: the first one would be behind it.
        if let Err(failure) = self.has_the_keys().await {
            tracing::info!(
                code = failure.code.as_str(),
                "this data directory does not have the keys"
            );
        }
    }

    /// Makes this one the one that has the keys, by a person's order.
    pub async fn settle_here(&self) -> Result<(), Failure> {
        let behind = match self.is_abreast().await {
            Err(Failure {
                code: Code::KeychainAhead | Code::KeychainTakenOver | Code::KeychainSealUnread,
                ..
            }) => true,
            other => {
                other?;
                false
            }
        };
        let word = random_word(self.entropy.as_ref());
        // The database first: ended in between, it has not got the keys, and is told so once more.
        self.store.own(&place(self.directory()), &word, behind).await?;
        self.tell_seal(&word).await
    }
}
