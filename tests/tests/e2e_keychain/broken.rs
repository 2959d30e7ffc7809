//! Daemons that freeze, die or are started anew.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use keywheel_core::failure::{Code, Effect};
use keywheel_core::vault::{Keychain, Vault, VaultState};

use crate::calls::{SHORT, all_fail_with, at, secret, value};
use crate::session::{LOGIN, PASSWORD, Session, Start, in_session, plays, text};
use tests::daemons::Daemon;

/// Which of the pauses ends while the write is under way depends on the machine; the unknown effect tells.
async fn freeze_in_the_middle_of_a_write(session: &Session, keychain: &Keychain) {
    for pause in [250, 100, 400, 30, 10] {
        let writing = tokio::spawn({
            let keychain = keychain.clone();
            async move { keychain.put(&at("large"), &secret(&"v".repeat(8 << 20))).await }
        });
        tokio::time::sleep(Duration::from_millis(pause)).await;
        session.signal("-STOP");
        match writing.await.unwrap() {
            Err(failure) if failure.effect == Effect::Unknown => {
                return assert_eq!(failure.code, Code::KeychainTooLong);
            }
            _ => session.signal("-CONT"),
        }
    }
    panic!("no write was caught in the middle");
}

#[test]
fn a_frozen_daemon_is_too_long_at_the_deadline_and_works_when_thawed() {
    in_session(
        "broken::a_frozen_daemon_is_too_long_at_the_deadline_and_works_when_thawed",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain_within(SHORT), at("a"));
            keychain.put(&item, &secret("kept")).await.unwrap();
            session.signal("-STOP");
            let slowest = all_fail_with(&keychain, VaultState::TooLong).await;
            println!("measured: too long is told after {slowest:?}");
            assert!(slowest >= SHORT.soft && slowest < SHORT.soft * 2, "{slowest:?}");
            assert_eq!(keychain.unlock().await.unwrap_err().code, Code::KeychainTooLong);
            assert_eq!(keychain.backend().await.unwrap_err().code, Code::KeychainTooLong);
            session.signal("-CONT");
            assert_eq!(value(&keychain, &item).await.as_deref(), Some("kept"));
        },
    );
}

#[test]
fn a_daemon_frozen_in_the_middle_of_a_write_leaves_it_unknown_and_does_not_hold_up_the_exit() {
    let name = "broken::a_daemon_frozen_in_the_middle_of_a_write_leaves_it_unknown_and_does_not_hold_up_the_exit";
    in_session(name, Start::Unlocked, async |session| {
        if plays("child") {
            let keychain = session.keychain_within(SHORT);
            keychain.put(&at("a"), &secret("before")).await.unwrap();
            freeze_in_the_middle_of_a_write(&session, &keychain).await;
            if session.root.join("thaw").exists() {
                session.signal("-CONT");
                assert_eq!(
                    value(&keychain, &at("a")).await.as_deref(),
                    Some("before"),
                    "a new thread does it"
                );
                keychain.put(&at("a"), &secret("after")).await.unwrap();
            }
            println!("at the end");
            return;
        }
        for thaw in [false, true] {
            if thaw {
                std::fs::write(session.root.join("thaw"), "").unwrap();
            }
            let mut child = session.again(name, "child");
            let mut lines = BufReader::new(child.stdout.take().unwrap())
                .lines()
                .map_while(Result::ok);
            let ended = lines.any(|line| line.ends_with("at the end"));
            let begun = Instant::now();
            let output = child.wait_with_output().unwrap();
            let exit = begun.elapsed();
            session.signal("-CONT");
            assert!(
                ended && output.status.success(),
                "thaw {thaw}: {}",
                text(&output.stderr)
            );
            println!("measured: the process exits within {exit:?}, daemon thawed: {thaw}");
            assert!(exit < Duration::from_secs(2), "{exit:?}");
        }
        assert_eq!(value(&session.keychain(), &at("a")).await.as_deref(), Some("after"));
    });
}

#[test]
fn a_killed_daemon_is_no_service_and_a_new_one_is_found() {
    in_session(
        "broken::a_killed_daemon_is_no_service_and_a_new_one_is_found",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            keychain.put(&item, &secret("kept")).await.unwrap();
            session.signal("-KILL");
            all_fail_with(&keychain, VaultState::NoService).await;
            assert_eq!(keychain.unlock().await.unwrap_err().code, Code::KeychainNoService);
            let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap();
            let _new = Daemon::start(&session.root, &address, PASSWORD);
            // The old connection and its session are worth nothing to the new daemon.
            assert_eq!(value(&keychain, &item).await.as_deref(), Some("kept"));
            keychain.put(&item, &secret("new")).await.unwrap();
            assert_eq!(session.seen_outside(&item).as_deref(), Some("new"));
        },
    );
}

#[test]
fn a_daemon_killed_in_the_middle_of_writes_is_always_typed() {
    in_session(
        "broken::a_daemon_killed_in_the_middle_of_writes_is_always_typed",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain();
            keychain.put(&at("0"), &secret("value")).await.unwrap();
            let writing = tokio::spawn(async move {
                for n in 1.. {
                    if let Err(failure) = keychain.put(&at(&n.to_string()), &secret("value")).await {
                        return failure;
                    }
                }
                unreachable!("it is killed before that")
            });
            tokio::time::sleep(Duration::from_millis(100)).await;
            session.signal("-KILL");
            assert_eq!(writing.await.unwrap().code, Code::KeychainNoService);
        },
    );
}

#[test]
fn a_daemon_that_the_bus_starts_anew_is_locked_and_not_prompted_for() {
    in_session(
        "broken::a_daemon_that_the_bus_starts_anew_is_locked_and_not_prompted_for",
        Start::Activated,
        async |session| {
            let keychain = session.keychain();
            keychain.put(&at("a"), &secret("kept")).await.unwrap();
            session.signal("-KILL");
            all_fail_with(&keychain, VaultState::Locked).await;
            assert!(!session.prompted());
            session.master("unlock", LOGIN);
            assert_eq!(value(&keychain, &at("a")).await.as_deref(), Some("kept"));
        },
    );
}
