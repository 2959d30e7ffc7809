//! An operating system that hangs and fails on demand.

use async_trait::async_trait;
use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{CredentialStore, Entry, Error, Result};
use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};

use crate::vault::VaultState;
use crate::vault::keychain::platform::{Attributes, Platform};

/// What goes wrong in one write or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Until [`Fake::release`].
    Hang,
    Platform,
    PlatformThenLocked,
    Corrupt,
    NotText,
    TooLong,
    Ambiguous,
    Panic,
}

#[derive(Default)]
pub struct Fake {
    world: Arc<World>,
}

#[derive(Default)]
struct World {
    state: Mutex<State>,
    released: Condvar,
}

struct State {
    vault: VaultState,
    prompt: Option<VaultState>,
    items: HashMap<String, Vec<u8>>,
    faults: VecDeque<Fault>,
    released: bool,
    connects: usize,
    prompts: usize,
    at_once: usize,
    most_at_once: usize,
}

impl Default for State {
    fn default() -> Self {
        State {
            vault: VaultState::Ready,
            prompt: Some(VaultState::Ready),
            items: HashMap::new(),
            faults: VecDeque::new(),
            released: false,
            connects: 0,
            prompts: 0,
            at_once: 0,
            most_at_once: 0,
        }
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

    /// Lets everything go on that hangs.
    pub fn release(&self) {
        self.world.state.lock().unwrap().released = true;
        self.world.released.notify_all();
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

    pub fn most_at_once(&self) -> usize {
        self.world.state.lock().unwrap().most_at_once
    }
}

#[async_trait]
impl Platform for Fake {
    async fn state(&self, _item: Option<Attributes<'_>>) -> VaultState {
        self.world.state.lock().unwrap().vault
    }

    async fn unlock(&self) -> VaultState {
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

    async fn backend(&self) -> std::result::Result<String, VaultState> {
        Ok(String::from("fake"))
    }

    fn connect(&self) -> Result<Arc<CredentialStore>> {
        self.world.state.lock().unwrap().connects += 1;
        Ok(Arc::new(Store {
            world: Arc::clone(&self.world),
        }))
    }

    fn modifiers<'a>(&self, _label: &'a str) -> HashMap<&'a str, &'a str> {
        HashMap::new()
    }
}

struct Store {
    world: Arc<World>,
}

impl CredentialStoreApi for Store {
    fn vendor(&self) -> String {
        String::from("fake")
    }

    fn id(&self) -> String {
        String::from("fake")
    }

    fn build(&self, _service: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        let item = Item {
            world: Arc::clone(&self.world),
            user: user.to_owned(),
        };
        Ok(Entry::new_with_credential(Arc::new(item)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Item {
    world: Arc<World>,
    user: String,
}

impl Item {
    /// Meets the next fault, if any, outside the lock where it matters.
    fn meet(&self, value: Option<&mut Vec<u8>>) -> Result<()> {
        let mut state = self.world.state.lock().unwrap();
        match state.faults.pop_front() {
            None => return Ok(()),
            Some(Fault::Hang) => {
                let _hung = self.world.released.wait_while(state, |state| !state.released).unwrap();
            }
            Some(Fault::Platform) => return Err(platform()),
            Some(Fault::PlatformThenLocked) => {
                state.vault = VaultState::Locked;
                return Err(platform());
            }
            Some(Fault::Corrupt) => value.into_iter().for_each(|value| value.push(b'!')),
            Some(Fault::NotText) => value.into_iter().for_each(|value| value.push(0xff)),
            Some(Fault::TooLong) => return Err(Error::TooLong(String::from("secret"), 1)),
            Some(Fault::Ambiguous) => return Err(Error::Ambiguous(Vec::new())),
            Some(Fault::Panic) => {
                drop(state);
                panic!("the store panics");
            }
        }
        Ok(())
    }
}

fn platform() -> Error {
    Error::PlatformFailure(Box::new(std::io::Error::other("gone")))
}

impl CredentialApi for Item {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        let mut secret = secret.to_vec();
        {
            let mut state = self.world.state.lock().unwrap();
            state.at_once += 1;
            state.most_at_once = state.most_at_once.max(state.at_once);
        }
        std::thread::yield_now();
        let met = self.meet(Some(&mut secret));
        let mut state = self.world.state.lock().unwrap();
        state.at_once -= 1;
        met?;
        state.items.insert(self.user.clone(), secret);
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        self.meet(None)?;
        self.world
            .state
            .lock()
            .unwrap()
            .items
            .get(&self.user)
            .cloned()
            .ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<()> {
        self.world
            .state
            .lock()
            .unwrap()
            .items
            .remove(&self.user)
            .map(|_| ())
            .ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn debug_fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Item")
    }
}
