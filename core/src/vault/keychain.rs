//! The operating system's keychain.
//!
//! One call at a time: a turn is taken, the keychain is asked whether it would answer without a prompt,
//! and only then does the one thread that knows `keyring-core` make the call. A thread that does not come
//! back is given up together with its store; it is never joined, so it cannot hold up the exit.
//!
//! Deliberately absent: a second store to fall back to, and a prompt from anything but `unlock`.
//!
//! Only Linux was ever run. The stores of macOS and Windows are written from their sources.

mod actor;
mod errors;
mod lock_file;
mod platform;
#[cfg(target_os = "linux")]
mod secret_service;
#[cfg(target_os = "linux")]
mod store_linux;
#[cfg(target_os = "macos")]
mod store_macos;
#[cfg(windows)]
mod store_windows;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

use crate::clock::{Clock, within};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::Secret;
use crate::vault::{Vault, VaultRef, VaultState};
use actor::{Act, Done, Threads};
use errors::Trouble;
use platform::Platform;

/// Between two looks for an item that was not there.
const PAUSE: Duration = Duration::from_millis(50);

/// Who writes late has written by then: KWallet does it five seconds after the last change.
const LATE: Duration = Duration::from_secs(6);
/// How long somebody may go on writing before it is asked again later.
const STILL_WRITING: Duration = Duration::from_secs(60);

/// How long the keychain may take.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// For calls that need no person.
    pub soft: Duration,
    /// For a person to answer the prompt.
    pub hard: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Deadlines {
            soft: Duration::from_secs(5),
            hard: Duration::from_secs(120),
        }
    }
}

/// The vault of every real data directory. Clones share the thread.
#[derive(Clone)]
pub struct Keychain {
    clock: Arc<dyn Clock>,
    deadlines: Deadlines,
    lock_file: Option<Arc<Path>>,
    platform: Arc<dyn Platform>,
    service: Arc<str>,
    threads: Arc<Threads>,
    turn: Arc<Mutex<()>>,
    unlocking: Arc<Mutex<()>>,
}

impl Keychain {
    /// Returns a keychain that connects with its first call. All its items carry the service's name.
    pub fn new(service: &str, clock: Arc<dyn Clock>, deadlines: Deadlines) -> Keychain {
        Keychain::on(Arc::new(platform::Native), service, clock, deadlines)
    }

    /// Makes all processes that name this file take turns. Its directory must exist.
    pub fn with_lock_file(mut self, path: PathBuf) -> Keychain {
        self.lock_file = Some(path.into());
        self
    }

    fn on(platform: Arc<dyn Platform>, service: &str, clock: Arc<dyn Clock>, deadlines: Deadlines) -> Keychain {
        Keychain {
            clock,
            deadlines,
            lock_file: None,
            threads: Arc::new(Threads::new(service, Arc::clone(&platform))),
            platform,
            service: service.into(),
            turn: Arc::default(),
            unlocking: Arc::default(),
        }
    }

    /// Runs the act to its end even where the caller no longer waits, so that nothing is left half done.
    async fn run(&self, at: &VaultRef, act: Act) -> Result<Done, Failure> {
        let (keychain, at) = (self.clone(), at.clone());
        let act = Arc::new(act);
        let writes = act.writes();
        match tokio::spawn(async move { keychain.within_turn(&at, act).await }).await {
            Ok(done) => done,
            Err(_) => Err(failure_of(Code::KeychainFailed, writes)),
        }
    }

    async fn within_turn(&self, at: &VaultRef, act: Arc<Act>) -> Result<Done, Failure> {
        let progress = Progress::default();
        let (writes, is_seal) = (act.writes(), at.is_seal());
        // Held outside, so that the next in line meets a new thread and never the one given up here.
        let mut turn = None;
        let work = async {
            turn = Some(self.turn.lock().await);
            let other_processes = match &self.lock_file {
                Some(path) => Some(lock_file::acquire(path, &self.clock).await?),
                None => None,
            };
            let done = self.ask_then_act(at, act, &progress).await;
            // A seal that is lost is told again. It puts off what was written before it and is still on its way, and nothing else.
            let is_waited_for = writes && (!is_seal || self.is_late());
            if is_waited_for && let Some(lock) = &other_processes {
                lock_file::note_write(lock, self.clock.now());
            }
            done
        };
        let done = within(&self.clock, self.deadlines.soft, work).await;
        if let Some(done) = done {
            return done;
        }
        if progress.with_thread.load(Ordering::Relaxed) {
            tracing::warn!("the keychain's thread did not come back and is given up");
            self.threads.give_up();
        }
        Err(failure_of(
            Code::KeychainTooLong,
            writes && progress.begun.load(Ordering::Relaxed),
        ))
    }

    /// A keychain that was restarted refuses the old connection, so there is another round with a new one.
    /// One that is just writing its file may not see an item, so "missing" is believed the second time; or may still see one
    /// that it has removed, which is then removed once more.
    /// The state is asked each time, for a keychain that starts is locked.
    async fn ask_then_act(&self, at: &VaultRef, act: Arc<Act>, progress: &Progress) -> Result<Done, Failure> {
        let in_doubt = || act.writes() && progress.begun.load(Ordering::Relaxed);
        let (mut refused, mut missing, mut kept) = (false, false, false);
        loop {
            if in_place(Guard::AskedFirst)
                && let Some(failure) = self.platform.state(&self.service, Some(at.as_str())).await.failure()
            {
                return Err(failure_of(failure.code, in_doubt()));
            }
            let Some(answer) = self.threads.hand_over(at, Arc::clone(&act)) else {
                return Err(failure_of(Code::KeychainTooLong, in_doubt()));
            };
            progress.with_thread.store(true, Ordering::Relaxed);
            progress.begun.store(true, Ordering::Relaxed);
            let answer = answer.await;
            progress.with_thread.store(false, Ordering::Relaxed);
            match answer {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(Trouble::Missing)) if missing => return Ok(Done::Missing),
                Ok(Err(Trouble::Missing)) => {
                    missing = true;
                    self.clock.sleep(PAUSE).await;
                }
                Ok(Err(Trouble::Kept)) if !kept => {
                    kept = true;
                    self.clock.sleep(PAUSE).await;
                }
                Ok(Err(Trouble::Refused)) if !refused => refused = true,
                Ok(Err(trouble)) => {
                    let doubt = (refused || trouble.leaves_doubt()) && in_doubt();
                    return Err(failure_of(trouble.code(), doubt));
                }
                Err(_) => return Err(failure_of(Code::KeychainFailed, in_doubt())),
            }
        }
    }

    /// Whether what was written last may still not be on the disk.
    fn is_late(&self) -> bool {
        let written = self.lock_file.as_deref().and_then(lock_file::last_write);
        written.is_some_and(|at| self.late_for(at).is_some())
    }

    /// How long a change of then may still not be on the disk.
    fn late_for(&self, at: Timestamp) -> Option<Duration> {
        let since = Duration::try_from(self.clock.now().duration_since(at)).unwrap_or(Duration::ZERO);
        LATE.checked_sub(since).filter(|left| !left.is_zero())
    }

    async fn unlock_unless_ready(&self) -> VaultState {
        let _one_prompt = self.unlocking.lock().await;
        match self.state().await {
            VaultState::Locked => (),
            VaultState::Ready if self.platform.locked_elsewhere(&self.service).await > 0 => (),
            other => return other,
        }
        match self.platform.unlock(&self.service).await {
            VaultState::Ready => self.state().await,
            other => other,
        }
    }
}

/// How far a call has come; read where it is cut short.
#[derive(Default)]
struct Progress {
    /// The thread has been given the act at least once.
    begun: AtomicBool,
    /// The thread has not answered yet.
    with_thread: AtomicBool,
}

/// A write that was begun may have happened.
fn failure_of(code: Code, in_doubt: bool) -> Failure {
    if in_doubt {
        Failure::unknown(code)
    } else {
        Failure::new(code)
    }
}

#[async_trait]
impl Vault for Keychain {
    async fn put(&self, at: &VaultRef, secret: &Secret) -> Result<(), Failure> {
        let secret = Secret::new(secret.expose().to_owned());
        self.run(at, Act::Put(secret)).await.map(|_| ())
    }

    async fn get(&self, at: &VaultRef) -> Result<Option<Secret>, Failure> {
        let value = self.run(at, Act::Get).await.map(Done::value)?;
        // Nobody stores an empty one: what reads so was lost by the keychain.
        Ok(value.filter(|value| !value.expose().is_empty()))
    }

    async fn settled(&self) -> Result<(), Failure> {
        let Some(path) = self.lock_file.as_deref().filter(|_| in_place(Guard::Durable)) else {
            return Ok(());
        };
        let mut waited = Duration::ZERO;
        while let Some(left) = lock_file::last_write(path).and_then(|at| self.late_for(at)) {
            if !self.platform.writes_late().await {
                break;
            }
            // Somebody goes on writing: it is asked again later.
            if waited >= STILL_WRITING {
                return Err(Failure::new(Code::KeychainTooLong));
            }
            self.clock.sleep(left).await;
            waited += left;
        }
        Ok(())
    }

    async fn delete(&self, at: &VaultRef) -> Result<(), Failure> {
        self.run(at, Act::Delete).await.map(|_| ())
    }

    async fn state(&self) -> VaultState {
        within(
            &self.clock,
            self.deadlines.soft,
            self.platform.state(&self.service, None),
        )
        .await
        .unwrap_or(VaultState::TooLong)
    }

    async fn unlock(&self) -> Result<(), Failure> {
        let state = within(&self.clock, self.deadlines.hard, self.unlock_unless_ready()).await;
        state.unwrap_or(VaultState::TooLong).failure().map_or(Ok(()), Err)
    }

    async fn lock(&self) -> Result<(), Failure> {
        let work = async {
            let _no_call_is_cut = self.turn.lock().await;
            let _other_processes = match &self.lock_file {
                Some(path) => Some(lock_file::acquire(path, &self.clock).await?),
                None => None,
            };
            self.platform.lock().await.failure().map_or(Ok(()), Err)
        };
        let done = within(&self.clock, self.deadlines.soft, work).await;
        done.unwrap_or_else(|| Err(Failure::new(Code::KeychainTooLong)))
    }

    async fn locked_elsewhere(&self) -> usize {
        let asked = self.platform.locked_elsewhere(&self.service);
        within(&self.clock, self.deadlines.soft, asked).await.unwrap_or(0)
    }

    async fn items(&self) -> Result<Option<Vec<VaultRef>>, Failure> {
        let asked = within(&self.clock, self.deadlines.soft, self.platform.items(&self.service)).await;
        match asked.unwrap_or(Err(VaultState::TooLong)) {
            Ok(names) => Ok(names.map(|names| names.into_iter().map(VaultRef::named).collect())),
            Err(state) => Err(state.failure().unwrap_or_else(|| Failure::new(Code::KeychainFailed))),
        }
    }

    async fn backend(&self) -> Result<String, Failure> {
        let asked = within(&self.clock, self.deadlines.soft, self.platform.backend()).await;
        match asked.unwrap_or(Err(VaultState::TooLong)) {
            Ok(name) => Ok(name),
            Err(state) => Err(state.failure().unwrap_or_else(|| Failure::new(Code::KeychainFailed))),
        }
    }
}
