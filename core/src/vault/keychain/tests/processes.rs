//! Turns among processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::super::{Deadlines, Keychain, lock_file};
use super::fake::Fake;
use super::{hasty, keychain, put};
use crate::clock::{Clock, Sleep, Steady, SystemClock, within};
use crate::failure::{Code, Failure};
use crate::model::Secret;
use crate::vault::{Vault, VaultRef};

#[tokio::test]
async fn another_process_is_waited_for_and_not_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keychain.lock");
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake).with_lock_file(path.clone());
    let other = std::fs::File::create(&path).unwrap();
    other.lock().unwrap();
    assert_eq!(
        put(&hasty(&keychain), "a").await.unwrap_err(),
        Failure::new(Code::KeychainTooLong)
    );
    assert_eq!(fake.connects(), 0);
    drop(other);
    put(&keychain, "a").await.unwrap();
}

#[tokio::test]
async fn a_busy_process_lets_another_one_have_its_turn() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keychain.lock");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let busy = tokio::spawn({
        let (path, clock) = (path.clone(), Arc::clone(&clock));
        async move {
            loop {
                let _turn = lock_file::acquire(&path, &clock).await.unwrap();
                clock.sleep(Duration::from_millis(10)).await;
            }
        }
    });
    let other = async {
        for _ in 0..5 {
            lock_file::acquire(&path, &clock).await.unwrap();
            clock.sleep(Duration::from_millis(1)).await;
        }
    };
    assert!(
        within(&clock, Duration::from_secs(5), other).await.is_some(),
        "it has its turns"
    );
    busy.abort();
}

/// Time that passes only where it is slept through.
struct Slept(AtomicU64);

impl Clock for Slept {
    fn now(&self) -> Timestamp {
        let begun = Timestamp::from_second(1_795_000_000).unwrap();
        begun + SignedDuration::from_millis(i64::try_from(self.0.load(Ordering::Relaxed)).unwrap())
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        // What is longer is a deadline, which nothing here meets.
        if span > Duration::from_secs(60) {
            return Box::pin(std::future::pending());
        }
        let span = u64::try_from(span.as_millis()).unwrap();
        self.0.fetch_add(span, Ordering::Relaxed);
        Box::pin(std::future::ready(()))
    }

    fn steady(&self) -> Steady {
        SystemClock::new().steady()
    }
}

#[tokio::test]
async fn what_is_written_late_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    let clock = Arc::new(Slept(AtomicU64::new(0)));
    let passed = || {
        clock
            .now()
            .duration_since(Timestamp::from_second(1_795_000_000).unwrap())
    };
    let keychain = Keychain {
        clock: Arc::clone(&clock) as _,
        deadlines: Deadlines {
            // No wait of the test is one of the keychain's.
            soft: Duration::from_secs(3_600),
            ..Deadlines::default()
        },
        ..keychain(&fake)
    }
    .with_lock_file(dir.path().join("keychain.lock"));
    put(&keychain, "a").await.unwrap();
    let written = passed();
    keychain.settled().await.unwrap();
    assert_eq!(passed(), written, "this one has written it when it answers");
    fake.write_late();
    keychain.settled().await.unwrap();
    assert!(
        passed() - written >= SignedDuration::from_secs(5),
        "{:?}",
        passed() - written
    );
    let settled = passed();
    keychain.settled().await.unwrap();
    assert_eq!(passed(), settled, "nothing was written since");
    put(&keychain, "b").await.unwrap();
    let other = Keychain {
        clock: Arc::clone(&clock) as _,
        deadlines: keychain.deadlines,
        ..super::keychain(&fake)
    }
    .with_lock_file(dir.path().join("keychain.lock"));
    other.settled().await.unwrap();
    assert!(passed() > settled, "what another process has written is waited for too");

    let seal = VaultRef::seal("dir");
    let told = Secret::new("7 ".to_owned());
    keychain.put(&seal, &told).await.unwrap();
    let settled = passed();
    keychain.settled().await.unwrap();
    assert_eq!(passed(), settled, "how far a directory has come is not waited for");
    put(&keychain, "c").await.unwrap();
    clock.sleep(Duration::from_secs(4)).await;
    keychain.put(&seal, &told).await.unwrap();
    let put_off = passed();
    keychain.settled().await.unwrap();
    assert!(
        passed() - put_off >= SignedDuration::from_secs(5),
        "but what it has put off is"
    );
}
