//! Values go round, many of them, large ones, from more than one process.

use std::time::Instant;

use keywheel_core::failure::{Code, Failure};
use keywheel_core::vault::{Vault, check_writable};

use crate::calls::{at, secret, spans, value};
use crate::session::{LOGIN, PART, SERVICE, Start, in_session, plays, text};

#[test]
fn a_value_goes_round_and_another_program_sees_it() {
    in_session(
        "values::a_value_goes_round_and_another_program_sees_it",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            assert_eq!(keychain.backend().await.unwrap(), format!("secret-service:{LOGIN}"));
            assert!(
                keychain.get(&item).await.unwrap().is_none(),
                "nothing is there at first"
            );
            for value_now in ["sk-first", "sk-second ünïcode 🔑", " with spaces\nand lines\n"] {
                keychain.put(&item, &secret(value_now)).await.unwrap();
                assert_eq!(value(&keychain, &item).await.as_deref(), Some(value_now));
                assert_eq!(session.seen_outside(&item).unwrap_or_default(), value_now);
            }
            let found = session.secret_tool(&["search", "--all", "service", SERVICE], "");
            let shown = text(&found.stdout) + &text(&found.stderr);
            assert!(shown.contains("label = Keywheel canary"), "{shown}");
            assert_eq!(
                shown.matches("attribute.username").count(),
                1,
                "one item, however often it is written: {shown}"
            );
            // As a keychain gives back what it lost: nobody stores an empty one.
            keychain.put(&item, &secret("")).await.unwrap();
            assert_eq!(value(&keychain, &item).await, None);
            keychain.delete(&item).await.unwrap();
            keychain.delete(&item).await.unwrap();
            assert_eq!(session.seen_outside(&item), None);
            check_writable(&keychain, "size", 2560).await.unwrap();
            assert!(!session.prompted());
        },
    );
}

#[test]
fn an_item_that_exists_twice_is_never_guessed() {
    in_session(
        "values::an_item_that_exists_twice_is_never_guessed",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            keychain.put(&item, &secret("ours")).await.unwrap();
            let attributes = ["service", SERVICE, "username", item.as_str(), "extra", "1"];
            session.secret_tool(&[&["store", "--label=x"], &attributes[..]].concat(), "theirs");
            for failure in [
                keychain.get(&item).await.unwrap_err(),
                keychain.put(&item, &secret("new")).await.unwrap_err(),
                keychain.delete(&item).await.unwrap_err(),
            ] {
                assert_eq!(failure, Failure::new(Code::KeychainAmbiguous));
            }
        },
    );
}

#[test]
fn a_large_value_goes_round() {
    in_session("values::a_large_value_goes_round", Start::Unlocked, async |session| {
        let (keychain, large) = (session.keychain(), "k".repeat(64 << 10));
        let begun = Instant::now();
        keychain.put(&at("large"), &secret(&large)).await.unwrap();
        println!("measured: put of 64 KiB, with connecting, {:?}", begun.elapsed());
        assert_eq!(value(&keychain, &at("large")).await, Some(large));
    });
}

#[test]
fn two_hundred_writes_one_after_the_other() {
    in_session(
        "values::two_hundred_writes_one_after_the_other",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain();
            let begun = Instant::now();
            keychain.put(&at("0"), &secret("value")).await.unwrap();
            println!("measured: first put, with connecting, {:?}", begun.elapsed());
            let (mut create, mut replace, mut read) = (Vec::new(), Vec::new(), Vec::new());
            for (round, puts) in [&mut create, &mut replace].into_iter().enumerate() {
                for n in 1..=200 {
                    let begun = Instant::now();
                    keychain
                        .put(&at(&n.to_string()), &secret(&format!("value {n} {round}")))
                        .await
                        .unwrap();
                    puts.push(begun.elapsed());
                }
            }
            for n in 1..=200 {
                let begun = Instant::now();
                let found = value(&keychain, &at(&n.to_string())).await;
                read.push(begun.elapsed());
                assert_eq!(found, Some(format!("value {n} 1")));
            }
            println!("measured: put of a new item: {}", spans(create));
            println!("measured: put of an old item: {}", spans(replace));
            println!("measured: get: {}", spans(read));
        },
    );
}

#[test]
fn eight_callers_and_two_processes_get_their_own_values() {
    let name = "values::eight_callers_and_two_processes_get_their_own_values";
    in_session(name, Start::Unlocked, async |session| {
        let prefix = std::env::var(PART).unwrap();
        let children = if plays("scenario") {
            vec![session.again(name, "other")]
        } else {
            Vec::new()
        };
        let keychain = session.keychain();
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..8 {
            let (keychain, prefix) = (keychain.clone(), prefix.clone());
            callers.spawn(async move {
                for n in 0..10 {
                    let (item, written) = (at(&format!("{prefix}-{caller}-{n}")), format!("{prefix} {caller} {n}"));
                    keychain.put(&item, &secret(&written)).await.unwrap();
                    assert_eq!(value(&keychain, &item).await, Some(written));
                }
            });
        }
        callers.join_all().await;
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "{}{}",
                text(&output.stdout),
                text(&output.stderr)
            );
        }
    });
}
