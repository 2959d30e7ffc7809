//! The turns, deadlines and threads, against a store that hangs and fails on demand.

mod fake;
mod processes;
mod prompts;
mod store;

use std::sync::Arc;
use std::time::Duration;

use super::actor::{MAX_STUCK, THREAD};
use super::{Deadlines, Keychain};
use crate::clock::SystemClock;
use crate::failure::{Code, Effect, Failure};
use crate::model::Secret;
use crate::vault::{Vault, VaultRef, VaultState};
use fake::{Fake, Fault};

fn keychain(fake: &Arc<Fake>) -> Keychain {
    Keychain::on(
        Arc::clone(fake) as _,
        "test",
        Arc::new(SystemClock::new()),
        Deadlines::default(),
    )
}

/// The same keychain, for a call that is meant to meet its deadline.
fn hasty(keychain: &Keychain) -> Keychain {
    Keychain {
        deadlines: Deadlines {
            soft: Duration::from_millis(150),
            hard: Duration::from_millis(300),
        },
        ..keychain.clone()
    }
}

async fn put(keychain: &Keychain, name: &str) -> Result<(), Failure> {
    keychain
        .put(&VaultRef::canary(name), &Secret::new(format!("value of {name}")))
        .await
}

/// Waits until so many threads are left.
async fn threads(keychain: &Keychain, expected: usize) {
    while keychain.threads.count() != expected {
        tokio::task::yield_now().await;
    }
}

/// Waits until the faults have come: the thread that meets one may be late.
async fn all_met(fake: &Fake) {
    while fake.faults() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_value_is_stored_read_and_deleted() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    let at = VaultRef::canary("a");
    assert!(keychain.get(&at).await.unwrap().is_none(), "nothing is there at first");
    put(&keychain, "a").await.unwrap();
    assert_eq!(keychain.get(&at).await.unwrap().unwrap().expose(), "value of a");
    keychain.delete(&at).await.unwrap();
    keychain.delete(&at).await.unwrap();
    assert_eq!((fake.connects(), fake.items()), (1, 0));
}

#[tokio::test]
async fn every_call_is_made_on_the_keychains_own_thread() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    put(&keychain, "a").await.unwrap();
    keychain.get(&VaultRef::canary("a")).await.unwrap();
    keychain.delete(&VaultRef::canary("a")).await.unwrap();
    let callers = fake.callers();
    assert!(callers.len() >= 4, "connected, put, read, deleted: {callers:?}");
    assert!(callers.iter().all(|caller| caller == THREAD), "{callers:?}");
}

#[tokio::test]
async fn nothing_is_called_while_the_keychain_is_not_ready() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    for state in [
        VaultState::Locked,
        VaultState::NoService,
        VaultState::NoDefaultCollection,
        VaultState::TooLong,
    ] {
        fake.set_state(state);
        assert_eq!(put(&keychain, "a").await.unwrap_err(), state.failure().unwrap());
    }
    assert_eq!(fake.connects(), 0);
}

#[tokio::test]
async fn a_call_that_hangs_is_given_up_with_its_thread_and_the_next_one_works() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    fake.fail_next([Fault::Hang]);
    let failure = put(&hasty(&keychain), "a").await.unwrap_err();
    assert_eq!((failure.code, failure.effect), (Code::KeychainTooLong, Effect::Unknown));
    all_met(&fake).await;
    put(&keychain, "b").await.unwrap();
    assert_eq!((fake.connects(), keychain.threads.count()), (2, 2));
    fake.release();
    threads(&keychain, 1).await;
}

#[tokio::test]
async fn no_more_than_a_few_threads_may_hang() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    for n in 0..MAX_STUCK {
        fake.fail_next([Fault::Hang]);
        let failure = hasty(&keychain).get(&VaultRef::canary("a")).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.effect),
            (Code::KeychainTooLong, Effect::NotApplied),
            "thread {n}"
        );
        all_met(&fake).await;
    }
    let failure = put(&keychain, "a").await.unwrap_err();
    assert_eq!(
        (failure.code, failure.effect),
        (Code::KeychainTooLong, Effect::NotApplied)
    );
    assert_eq!((fake.connects(), fake.items()), (MAX_STUCK, 0));
    fake.release();
    threads(&keychain, 0).await;
    put(&keychain, "a").await.unwrap();
}

#[tokio::test]
async fn a_keychain_that_was_restarted_is_connected_anew() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    fake.fail_next([Fault::Platform]);
    put(&keychain, "a").await.unwrap();
    assert_eq!(fake.connects(), 2);
    fake.fail_next([Fault::Platform, Fault::Platform]);
    let failure = put(&keychain, "a").await.unwrap_err();
    assert_eq!((failure.code, failure.effect), (Code::KeychainFailed, Effect::Unknown));
}

#[tokio::test]
async fn a_keychain_that_was_restarted_locked_is_not_called_again() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    fake.fail_next([Fault::PlatformThenLocked]);
    let failure = put(&keychain, "a").await.unwrap_err();
    assert_eq!((failure.code, failure.effect), (Code::KeychainLocked, Effect::Unknown));
    assert_eq!(fake.connects(), 1);
    keychain.unlock().await.unwrap();
    put(&keychain, "a").await.unwrap();
}

#[tokio::test]
async fn a_value_that_comes_back_changed_is_a_mismatch() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    for fault in [Fault::Corrupt, Fault::NotText] {
        fake.fail_next([fault]);
        let failure = put(&keychain, "a").await.unwrap_err();
        assert_eq!(
            (failure.code, failure.effect),
            (Code::KeychainMismatch, Effect::Unknown),
            "{fault:?}"
        );
    }
    assert_eq!(
        keychain.get(&VaultRef::canary("a")).await.unwrap_err().code,
        Code::KeychainMismatch
    );
}

#[tokio::test]
async fn a_store_that_refuses_for_good_is_asked_once() {
    for (fault, code) in [
        (Fault::TooLong, Code::KeychainTooLarge),
        (Fault::Ambiguous, Code::KeychainAmbiguous),
    ] {
        let fake = Arc::new(Fake::default());
        fake.fail_next([fault]);
        assert_eq!(put(&keychain(&fake), "a").await.unwrap_err(), Failure::new(code));
    }
}

#[tokio::test]
async fn a_value_that_is_overlooked_once_is_found() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    let at = VaultRef::canary("a");
    put(&keychain, "a").await.unwrap();
    fake.fail_next([Fault::Overlook]);
    assert!(keychain.get(&at).await.unwrap().is_some());
    fake.fail_next([Fault::Overlook]);
    keychain.delete(&at).await.unwrap();
    assert_eq!(fake.items(), 0);
}

#[tokio::test]
async fn what_is_still_there_after_it_was_removed_is_removed_again_and_then_told() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    let at = VaultRef::canary("a");
    put(&keychain, "a").await.unwrap();
    fake.keep(1);
    keychain.delete(&at).await.unwrap();
    assert_eq!(fake.items(), 0, "late once, it is gone");
    put(&keychain, "a").await.unwrap();
    fake.keep(2);
    assert_eq!(
        keychain.delete(&at).await.unwrap_err(),
        Failure::new(Code::KeychainKept)
    );
    assert!(keychain.get(&at).await.unwrap().is_some(), "it is there, as was told");
    keychain.delete(&at).await.unwrap();
    assert_eq!(fake.items(), 0);
}

#[tokio::test]
async fn a_store_that_panics_is_replaced() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    fake.fail_next([Fault::Panic]);
    assert_eq!(
        put(&keychain, "a").await.unwrap_err(),
        Failure::unknown(Code::KeychainFailed)
    );
    threads(&keychain, 0).await;
    put(&keychain, "a").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_take_turns() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    let mut callers = tokio::task::JoinSet::new();
    for n in 0..8 {
        let keychain = keychain.clone();
        callers.spawn(async move { put(&keychain, &n.to_string()).await });
    }
    for done in callers.join_all().await {
        done.unwrap();
    }
    assert_eq!((fake.items(), fake.most_at_once(), fake.connects()), (8, 1, 1));
}

#[tokio::test]
async fn a_call_nobody_waits_for_is_still_made() {
    let fake = Arc::new(Fake::default());
    let keychain = keychain(&fake);
    {
        let call = put(&keychain, "a");
        tokio::pin!(call);
        tokio::select! {
            biased;
            _ = &mut call => panic!("it cannot be done at once"),
            () = tokio::task::yield_now() => (),
        }
    }
    assert!(
        keychain.get(&VaultRef::canary("a")).await.unwrap().is_some(),
        "the value is there"
    );
}
