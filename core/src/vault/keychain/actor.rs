//! The one thread that calls `keyring-core`.
//!
//! A thread of its own, because the store blocks, panics on a thread of tokio, and cannot be cancelled.
//! Deliberately absent: joining it.

use keyring_core::{CredentialStore, Entry};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::errors::Trouble;
use super::platform::Platform;
use crate::guard::{Guard, in_place};
use crate::model::Secret;
use crate::vault::VaultRef;

/// So many threads may be stuck; beyond that nothing new is begun.
pub(super) const MAX_STUCK: usize = 4;

/// What each of the threads is called.
pub(super) const THREAD: &str = "keychain";

pub(super) enum Act {
    Put(Secret),
    Get,
    Delete,
}

impl Act {
    pub(super) fn writes(&self) -> bool {
        matches!(self, Act::Put(_) | Act::Delete)
    }
}

pub(super) enum Done {
    Written,
    Read(Secret),
    /// There is no such item to read or delete.
    Missing,
}

impl Done {
    pub(super) fn value(self) -> Option<Secret> {
        match self {
            Done::Read(value) => Some(value),
            Done::Written | Done::Missing => None,
        }
    }
}

type Answer = Result<Done, Trouble>;

struct Job {
    at: VaultRef,
    act: Arc<Act>,
    answer: oneshot::Sender<Answer>,
}

/// The current thread, and those that were given up.
pub(super) struct Threads {
    current: Mutex<Option<Sender<Job>>>,
    /// Every thread holds one reference, so the count tells how many there are.
    alive: Arc<()>,
    platform: Arc<dyn Platform>,
    service: Arc<str>,
}

impl Threads {
    pub(super) fn new(service: &str, platform: Arc<dyn Platform>) -> Threads {
        Threads {
            current: Mutex::new(None),
            alive: Arc::default(),
            platform,
            service: service.into(),
        }
    }

    /// Gives the act to the thread; `None` when too many are stuck already.
    pub(super) fn hand_over(&self, at: &VaultRef, act: Arc<Act>) -> Option<oneshot::Receiver<Answer>> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            at: at.clone(),
            act,
            answer,
        };
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let job = match current.as_ref() {
            Some(thread) => match thread.send(job) {
                Ok(()) => return Some(answered),
                // It ended by itself, which only a panic of the store does.
                Err(unsent) => unsent.0,
            },
            None => job,
        };
        let thread = self.start()?;
        thread.send(job).ok()?;
        *current = Some(thread);
        Some(answered)
    }

    /// Leaves the thread to itself: it ends when its call returns, and takes its store along.
    pub(super) fn give_up(&self) {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// How many threads there are, stuck ones included.
    pub(super) fn count(&self) -> usize {
        Arc::strong_count(&self.alive) - 1
    }

    fn start(&self) -> Option<Sender<Job>> {
        if self.count() >= MAX_STUCK {
            return None;
        }
        let (jobs, queue) = channel();
        let (alive, platform, service) = (
            Arc::clone(&self.alive),
            Arc::clone(&self.platform),
            Arc::clone(&self.service),
        );
        let thread = std::thread::Builder::new().name(String::from(THREAD));
        thread
            .spawn(move || {
                work(&*platform, &service, &queue);
                drop(alive);
            })
            .ok()?;
        Some(jobs)
    }
}

fn work(platform: &dyn Platform, service: &str, queue: &Receiver<Job>) {
    let mut store: Option<Arc<CredentialStore>> = None;
    while let Ok(job) = queue.recv() {
        let answer = serve(platform, service, &mut store, &job);
        if matches!(answer, Err(Trouble::Refused)) {
            store = None;
        }
        // Nobody waits any more when the thread was given up.
        let _ = job.answer.send(answer);
    }
}

fn serve(platform: &dyn Platform, service: &str, store: &mut Option<Arc<CredentialStore>>, job: &Job) -> Answer {
    // The window's thread must not wait for it, nor one of tokio's.
    debug_assert_eq!(std::thread::current().name(), Some(THREAD));
    let connected = match store {
        Some(connected) => connected,
        None => store.insert(platform.connect()?),
    };
    let label = label(&job.at);
    let entry = connected.build(service, job.at.as_str(), Some(&platform.modifiers(&label)))?;
    match &*job.act {
        Act::Put(secret) => {
            entry.set_secret(secret.expose().as_bytes())?;
            if job.answer.is_closed() || !in_place(Guard::ReadBack) {
                return Ok(Done::Written);
            }
            match read(&entry) {
                Ok(stored) if stored.same_as(secret) => Ok(Done::Written),
                Ok(_) | Err(Trouble::Missing) => Err(Trouble::Mismatch),
                Err(trouble) => Err(trouble),
            }
        }
        Act::Get => Ok(Done::Read(read(&entry)?)),
        Act::Delete => {
            entry.delete_credential()?;
            if job.answer.is_closed() || !in_place(Guard::DeleteReadBack) {
                return Ok(Done::Written);
            }
            match read(&entry) {
                Err(Trouble::Missing) => Ok(Done::Written),
                // Nobody stores an empty one: what reads so is gone.
                Ok(left) if left.expose().is_empty() => Ok(Done::Written),
                Ok(_) | Err(Trouble::Mismatch | Trouble::Ambiguous) => Err(Trouble::Kept),
                Err(trouble) => Err(trouble),
            }
        }
    }
}

fn read(entry: &Entry) -> Result<Secret, Trouble> {
    let bytes = Zeroizing::new(entry.get_secret()?);
    // Only text is ever stored. A string of exact size is not moved, and so not left behind, on its way.
    let text = std::str::from_utf8(&bytes).map_err(|_| Trouble::Mismatch)?;
    Ok(Secret::new(text.to_owned()))
}

/// What the person sees in a keychain application: the kind of the item, and its opaque id. KWallet knows entries by their
/// labels.
fn label(at: &VaultRef) -> String {
    let (kind, id) = at.as_str().split_once('/').unwrap_or((at.as_str(), ""));
    format!("Keywheel {} {id}", kind.replace('-', " "))
        .trim_end()
        .to_owned()
}
