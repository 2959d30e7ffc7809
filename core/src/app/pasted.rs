//! Values taken from the clipboard, between the taking and the form's submit. They never leave this process.

use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::App;
use crate::clock::Clock;
use crate::failure::{Code, Failure};
use crate::model::{Hint, Secret};

/// How long a value waits for its form.
const KEPT: Duration = Duration::from_secs(600);
/// Longest value that is taken, in bytes; what no keychain of any system holds is refused here.
const MAX_BYTES: usize = 16 * 1024;

/// Names a value that was taken; good for one use.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PastedHandle(String);

impl PastedHandle {
    pub fn parse(text: &str) -> PastedHandle {
        PastedHandle(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What may be shown of it.
pub struct Pasted {
    pub handle: PastedHandle,
    pub hint: Hint,
    pub length: usize,
}

pub(super) struct PasteBox {
    clock: Arc<dyn Clock>,
    values: Mutex<HashMap<PastedHandle, (Timestamp, Secret)>>,
}

impl PasteBox {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        PasteBox {
            clock,
            values: Mutex::new(HashMap::new()),
        }
    }

    fn put(&self, handle: PastedHandle, secret: Secret) {
        let now = self.clock.now();
        if let Ok(mut values) = self.values.lock() {
            values.retain(|_, (at, _)| young(*at, now));
            values.insert(handle, (now, secret));
        }
    }

    fn take(&self, handle: &PastedHandle) -> Option<Secret> {
        let now = self.clock.now();
        let taken = self.values.lock().ok()?.remove(handle)?;
        young(taken.0, now).then_some(taken.1)
    }

    pub(super) fn clear(&self) {
        if let Ok(mut values) = self.values.lock() {
            values.clear();
        }
    }

    fn is_empty(&self) -> bool {
        let now = self.clock.now();
        let values = self.values.lock();
        values.map_or(true, |values| !values.values().any(|(at, _)| young(*at, now)))
    }
}

fn young(at: Timestamp, now: Timestamp) -> bool {
    Duration::try_from(now.duration_since(at)).map_or(true, |age| age < KEPT)
}

impl App {
    /// Keeps a value for a form's submit. Line ends around it are not part of it; of a text in which all parts of a
    /// value stand, such as lines of a credentials file, it is those.
    pub fn paste(&self, field: &str, text: String) -> Result<Pasted, Failure> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(Failure::new(Code::ClipboardEmpty).field(field));
        }
        let invalid = || Failure::new(Code::InputInvalid).field(field);
        if trimmed.len() > MAX_BYTES {
            return Err(invalid());
        }
        let in_parts = self.catalog.all().find_map(|definition| definition.find_parts(trimmed));
        let secret = match in_parts {
            Some(secret) => secret,
            None if trimmed.chars().any(char::is_control) => return Err(invalid()),
            None => Secret::new(trimmed.to_owned()),
        };
        drop(zeroize::Zeroizing::new(text));
        let mut random = [0u8; 16];
        self.entropy.fill(&mut random);
        let handle = PastedHandle(random.iter().map(|byte| format!("{byte:02x}")).collect());
        let pasted = Pasted {
            handle: handle.clone(),
            hint: Hint::of(&secret),
            length: secret.len(),
        };
        self.pasted.put(handle, secret);
        Ok(pasted)
    }

    /// Whether a value that was taken still waits for its form. Its provider may have shown it only once.
    pub fn holds_pasted(&self) -> bool {
        !self.pasted.is_empty()
    }

    /// Drops a value that is not wanted any more.
    pub fn forget_pasted(&self, handle: &PastedHandle) {
        drop(self.pasted.take(handle));
    }

    pub(super) fn take_pasted(&self, handle: &PastedHandle, field: &str) -> Result<Secret, Failure> {
        self.pasted
            .take(handle)
            .ok_or_else(|| Failure::new(Code::InputPasteExpired).field(field))
    }

    /// Puts a value back whose form was refused, under the same handle: a typo elsewhere loses nothing.
    pub(super) fn put_back(&self, handle: PastedHandle, secret: Secret) {
        self.pasted.put(handle, secret);
    }
}
