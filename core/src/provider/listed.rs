//! What a provider lists of an account's keys.

use super::RemoteKey;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};

/// The keys of a list. An entry that cannot be read may be any key: while there is one, the list shows what is there and
/// never what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyList {
    keys: Vec<RemoteKey>,
    unread: usize,
}

impl KeyList {
    /// `unread`: how many entries could not be read.
    pub fn new(keys: Vec<RemoteKey>, unread: usize) -> KeyList {
        KeyList { keys, unread }
    }

    /// The keys whose entries could be read.
    pub fn keys(&self) -> &[RemoteKey] {
        &self.keys
    }

    /// How many entries there are.
    pub fn count(&self) -> usize {
        self.keys.len() + self.unread
    }

    /// Why nothing follows from what the list lacks; none where each entry could be read.
    pub fn unread(&self) -> Option<Failure> {
        (self.unread > 0 && in_place(Guard::UnreadIsThere)).then(|| Failure::new(Code::ProviderEntryUnread))
    }

    /// The entry of that id, where it is among those that could be read.
    pub fn entry(&self, remote_id: &str) -> Option<&RemoteKey> {
        self.keys.iter().find(|key| key.remote_id == remote_id)
    }

    /// Whether the key of that id is listed.
    pub fn shows(&self, remote_id: &str) -> Result<bool, Failure> {
        match (self.entry(remote_id), self.unread()) {
            (Some(_), _) => Ok(true),
            (None, None) => Ok(false),
            (None, Some(unread)) => Err(unread),
        }
    }

    /// All keys, where each entry could be read.
    pub fn whole(self) -> Result<Vec<RemoteKey>, Failure> {
        match self.unread() {
            Some(unread) => Err(unread),
            None => Ok(self.keys),
        }
    }

    pub(crate) fn keys_mut(&mut self) -> &mut [RemoteKey] {
        &mut self.keys
    }
}
