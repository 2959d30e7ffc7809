//! The store of the fake, which meets its faults.

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{Entry, Error, Result};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use super::fake::{Fault, World};
use crate::vault::VaultState;

pub(super) struct Store {
    pub(super) world: Arc<World>,
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
        state.called();
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
            Some(Fault::Overlook) => return Err(Error::NoEntry),
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
        self.meet(None)?;
        let mut state = self.world.state.lock().unwrap();
        if let Some(fewer) = state.keeps.checked_sub(1) {
            state.keeps = fewer;
            return Ok(());
        }
        state.items.remove(&self.user).map(|_| ()).ok_or(Error::NoEntry)
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
