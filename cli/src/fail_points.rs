//! Tests only: this process kills itself at a write of the journal, as a power cut would, or stops to be looked at.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use keywheel_core::Failure;
use keywheel_core::app::JournalTap;
use keywheel_core::model::{Binding, Fingerprint, KeyVersion, RotationId, Verdict, VersionId};
use keywheel_core::rotation::{Change, DriverIdentity, Event, Fence, Journal, Reading, Rotation};
use rustix::process::{Signal, getpid, kill_process};

use crate::leaks::Leak;

/// Tasks that live as long as the process: the one that listens to interruptions.
const LISTENING: usize = 1;

/// Where to cut.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Cut {
    /// Kill this process right after its N-th durable write
    #[arg(long, value_name = "N", hide = true, global = true)]
    pub kill_after_record: Option<u32>,
    /// Kill this process right before its N-th durable write: what came between is not written
    #[arg(long, value_name = "N", hide = true, global = true)]
    pub kill_before_record: Option<u32>,
    /// Let every value out that comes in
    #[arg(long, value_name = "WHERE", hide = true, global = true)]
    pub leak: Option<Leak>,
    /// Stop before the end, as SIGSTOP does, until SIGCONT
    #[arg(long, hide = true, global = true)]
    pub stop_at_end: bool,
}

impl Cut {
    /// Stops here where that was asked for, once the tasks of closed connections have ended too.
    pub async fn stop(self) {
        if !self.stop_at_end {
            return;
        }
        let running = tokio::runtime::Handle::current().metrics();
        for _ in 0..300 {
            if running.num_alive_tasks() <= LISTENING {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // Should the call fail, the test waits in vain and says so.
        let _ = kill_process(getpid(), Signal::STOP);
    }

    pub fn tap(self) -> Option<JournalTap> {
        if self.kill_after_record.is_none() && self.kill_before_record.is_none() {
            return None;
        }
        Some(Box::new(move |journal| {
            Arc::new(Counted {
                journal,
                cut: self,
                begun: 0.into(),
                written: 0.into(),
            })
        }))
    }
}

struct Counted {
    journal: Arc<dyn Journal>,
    cut: Cut,
    begun: AtomicU32,
    written: AtomicU32,
}

impl Counted {
    fn begin(&self) {
        let n = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        if self.cut.kill_before_record == Some(n) {
            die();
        }
    }

    fn wrote<T>(&self, written: Result<T, Failure>) -> Result<T, Failure> {
        if written.is_ok() {
            let n = self.written.fetch_add(1, Ordering::SeqCst) + 1;
            if self.cut.kill_after_record == Some(n) {
                die();
            }
        }
        written
    }
}

fn die() -> ! {
    // SIGKILL cannot be held off; should the call fail, the test sees that the process went on to abort.
    let _ = kill_process(getpid(), Signal::KILL);
    std::process::abort()
}

#[async_trait]
impl Journal for Counted {
    async fn load(&self, id: RotationId) -> Result<Rotation, Failure> {
        self.journal.load(id).await
    }

    async fn acquire(&self, id: RotationId, driver: &DriverIdentity) -> Result<Fence, Failure> {
        self.begin();
        self.wrote(self.journal.acquire(id, driver).await)
    }

    async fn release(&self, fence: Fence) -> Result<(), Failure> {
        self.begin();
        self.wrote(self.journal.release(fence).await)
    }

    async fn record(&self, fence: Fence, at: Timestamp, event: Event, changes: Vec<Change>) -> Result<(), Failure> {
        self.begin();
        self.wrote(self.journal.record(fence, at, event, changes).await)
    }

    async fn readings(&self, id: RotationId) -> Result<Vec<Reading>, Failure> {
        self.journal.readings(id).await
    }

    async fn snapshot(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.journal.snapshot(id).await
    }

    async fn known_remote_ids(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.journal.known_remote_ids(id).await
    }

    async fn is_held_elsewhere(&self, id: RotationId, remote_id: &str) -> Result<bool, Failure> {
        self.journal.is_held_elsewhere(id, remote_id).await
    }

    async fn is_known_value(&self, id: RotationId, value: &Fingerprint) -> Result<bool, Failure> {
        self.journal.is_known_value(id, value).await
    }

    async fn mint_names(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.journal.mint_names(id).await
    }

    async fn mint_name(&self, version: VersionId) -> Result<Option<String>, Failure> {
        self.journal.mint_name(version).await
    }

    async fn listed_before(&self, version: VersionId) -> Result<Option<Vec<String>>, Failure> {
        self.journal.listed_before(version).await
    }

    async fn names_beside(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.journal.names_beside(id).await
    }

    async fn vouched(&self, version: VersionId) -> Result<(), Failure> {
        self.begin();
        self.wrote(self.journal.vouched(version).await)
    }

    async fn told_made_at(&self, version: VersionId) -> Result<Option<Timestamp>, Failure> {
        self.journal.told_made_at(version).await
    }

    async fn is_credential(&self, value: &Fingerprint) -> Result<bool, Failure> {
        self.journal.is_credential(value).await
    }

    async fn sharing(&self, id: RotationId) -> Result<Vec<Vec<Binding>>, Failure> {
        self.journal.sharing(id).await
    }

    async fn held_beside(&self, id: RotationId) -> Result<Vec<KeyVersion>, Failure> {
        self.journal.held_beside(id).await
    }

    async fn lost_since(&self, id: RotationId, since: Timestamp) -> Result<u32, Failure> {
        self.journal.lost_since(id, since).await
    }

    async fn listed_as(&self, version: VersionId, remote_id: &str, at: Timestamp) -> Result<(), Failure> {
        self.begin();
        self.wrote(self.journal.listed_as(version, remote_id, at).await)
    }

    async fn answered(&self, version: VersionId, verdict: &Verdict) -> Result<(), Failure> {
        self.begin();
        self.wrote(self.journal.answered(version, verdict).await)
    }

    async fn forgotten(&self, version: VersionId) -> Result<(), Failure> {
        self.begin();
        self.wrote(self.journal.forgotten(version).await)
    }
}
