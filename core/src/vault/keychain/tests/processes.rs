//! Turns among processes.

use std::sync::Arc;
use std::time::Duration;

use super::super::lock_file;
use super::fake::Fake;
use super::{hasty, keychain, put};
use crate::clock::{Clock, SystemClock, within};
use crate::failure::{Code, Failure};

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
