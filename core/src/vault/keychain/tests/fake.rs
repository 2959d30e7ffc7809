//! An operating system that hangs and fails on demand.

use async_trait::async_trait;
use keyring_core::{CredentialStore, Result};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};

use super::store::Store;
use crate::vault::VaultState;
use crate::vault::keychain::platform::Platform;

/// What goes wrong in one write or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Until [`Fake::release`].
    Hang,
    Platform,
    PlatformThenLocked,
    Corrupt,
    NotText,
    Overlook,
    TooLong,
    Ambiguous,
    Panic,
}

#[derive(Default)]
pub struct Fake {
    world: Arc<World>,
}

#[derive(Default)]
pub(super) struct World {
    pub(super) state: Mutex<State>,
    pub(super) released: Condvar,
}

pub(super) struct State {
    pub(super) vault: VaultState,
    writes_late: bool,
    pub(super) prompt: Option<VaultState>,
    pub(super) items: HashMap<String, Vec<u8>>,
    pub(super) faults: VecDeque<Fault>,
    pub(super) released: bool,
    /// So many removals are answered and not made.
    pub(super) keeps: usize,
    connects: usize,
    prompts: usize,
    /// The threads that called, by name.
    callers: Vec<String>,
    pub(super) at_once: usize,
    pub(super) most_at_once: usize,
}

impl Default for State {
    fn default() -> Self {
        State {
            vault: VaultState::Ready,
            writes_late: false,
            prompt: Some(VaultState::Ready),
            items: HashMap::new(),
            faults: VecDeque::new(),
            released: false,
            keeps: 0,
            connects: 0,
            prompts: 0,
            callers: Vec::new(),
            at_once: 0,
            most_at_once: 0,
        }
    }
}

impl State {
    pub(super) fn called(&mut self) {
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        self.callers.push(name);
    }
}

impl Fake {
    pub fn set_state(&self, state: VaultState) {
        self.world.state.lock().unwrap().vault = state;
    }

    /// How the prompt ends; `None` for never.
    pub fn answer_prompt(&self, answer: Option<VaultState>) {
        self.world.state.lock().unwrap().prompt = answer;
    }

    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.world.state.lock().unwrap().faults.extend(faults);
    }

    /// How many have not been met yet.
    pub fn faults(&self) -> usize {
        self.world.state.lock().unwrap().faults.len()
    }

    /// Lets everything go on that hangs.
    pub fn release(&self) {
        self.world.state.lock().unwrap().released = true;
        self.world.released.notify_all();
    }

    /// It answers before it has written, from now on.
    pub fn write_late(&self) {
        self.world.state.lock().unwrap().writes_late = true;
    }

    /// It answers so many removals, and keeps what it has.
    pub fn keep(&self, times: usize) {
        self.world.state.lock().unwrap().keeps = times;
    }

    pub fn connects(&self) -> usize {
        self.world.state.lock().unwrap().connects
    }

    pub fn prompts(&self) -> usize {
        self.world.state.lock().unwrap().prompts
    }

    pub fn items(&self) -> usize {
        self.world.state.lock().unwrap().items.len()
    }

    pub fn callers(&self) -> Vec<String> {
        self.world.state.lock().unwrap().callers.clone()
    }

    pub fn most_at_once(&self) -> usize {
        self.world.state.lock().unwrap().most_at_once
    }
}

#[async_trait]
impl Platform for Fake {
    async fn state(&self, _service: &str, _item: Option<&str>) -> VaultState {
        self.world.state.lock().unwrap().vault
    }

    async fn unlock(&self, _service: &str) -> VaultState {
        let answer = {
            let mut state = self.world.state.lock().unwrap();
            state.prompts += 1;
            state.prompt
        };
        tokio::task::yield_now().await;
        match answer {
            None => std::future::pending().await,
            Some(VaultState::Ready) => {
                self.set_state(VaultState::Ready);
                VaultState::Ready
            }
            Some(other) => other,
        }
    }

    async fn lock(&self) -> VaultState {
        self.set_state(VaultState::Locked);
        VaultState::Ready
    }

    async fn items(&self, _service: &str) -> std::result::Result<Option<Vec<String>>, VaultState> {
        Ok(None)
    }

    async fn backend(&self) -> std::result::Result<String, VaultState> {
        Ok(String::from("fake"))
    }

    async fn writes_late(&self) -> bool {
        self.world.state.lock().unwrap().writes_late
    }

    fn connect(&self) -> Result<Arc<CredentialStore>> {
        let mut state = self.world.state.lock().unwrap();
        state.connects += 1;
        state.called();
        drop(state);
        Ok(Arc::new(Store {
            world: Arc::clone(&self.world),
        }))
    }

    fn modifiers<'a>(&self, _label: &'a str) -> HashMap<&'a str, &'a str> {
        HashMap::new()
    }
}
