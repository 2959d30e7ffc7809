//! What a person chose, and the lock that follows from it.

use super::App;
use crate::failure::{Code, Failure};
use crate::model::Settings;
use crate::store::{ActivityResult, NewActivity};

impl App {
    pub async fn settings(&self) -> Result<Settings, Failure> {
        self.store.settings().await
    }

    /// Refused with the setting named where one is out of its range; then nothing is changed.
    pub async fn set_settings(&self, settings: &Settings) -> Result<(), Failure> {
        match settings.out_of_range() {
            Some(field) => Err(Failure::new(Code::InputInvalid).field(field)),
            None => self.store.set_settings(settings).await,
        }
    }

    /// The shell shows nothing any more: what was taken from the clipboard for a form is dropped with it.
    pub async fn note_locked(&self) -> Result<(), Failure> {
        self.pasted.clear();
        self.note_shell("window.locked").await
    }

    pub async fn note_unlocked(&self) -> Result<(), Failure> {
        self.note_shell("window.unlocked").await
    }

    /// Whether another process has written to the data directory since this was last asked.
    pub async fn written_elsewhere(&self) -> Result<bool, Failure> {
        self.store.written_elsewhere().await
    }

    async fn note_shell(&self, verb: &'static str) -> Result<(), Failure> {
        let noted = NewActivity::new(&self.who.who, verb, ActivityResult::Done);
        self.store.note(&noted, self.clock.now()).await
    }
}
