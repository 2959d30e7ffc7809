//! A locked keychain, and the prompt that only `unlock` makes.

use std::time::{Duration, Instant};

use keywheel_core::failure::{Code, Failure};
use keywheel_core::vault::{Vault, VaultState};

use crate::calls::{SHORT, all_fail_with, at, secret, value};
use crate::scripts::PROMPTER;
use crate::session::{LOGIN, PASSWORD, Start, in_session};
use tests::daemons::script;

#[test]
fn a_locked_keychain_is_told_at_once_without_a_prompt_and_works_when_unlocked() {
    let name = "locked::a_locked_keychain_is_told_at_once_without_a_prompt_and_works_when_unlocked";
    in_session(name, Start::Unlocked, async |session| {
        let (keychain, item) = (session.keychain(), at("a"));
        keychain.put(&item, &secret("kept")).await.unwrap();
        // The second has not connected yet.
        for keychain in [&keychain, &session.keychain()] {
            session.lock(LOGIN);
            let slowest = all_fail_with(keychain, VaultState::Locked).await;
            println!("measured: locked is told within {slowest:?}");
            assert!(slowest < Duration::from_secs(1), "{slowest:?}");
            assert!(!session.prompted(), "put, get, delete and state never prompt");
            session.master("unlock", LOGIN);
            assert_eq!(value(keychain, &item).await.as_deref(), Some("kept"));
            keychain.put(&item, &secret("kept")).await.unwrap();
        }
    });
}

#[test]
fn an_item_in_another_locked_collection_makes_no_prompt() {
    in_session(
        "locked::an_item_in_another_locked_collection_makes_no_prompt",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            let other = session.master("create", "other");
            session.call("SetAlias", &["default", &other]);
            keychain.put(&item, &secret("value")).await.unwrap();
            assert_eq!(keychain.backend().await.unwrap(), format!("secret-service:{other}"));
            session.call("SetAlias", &["default", LOGIN]);
            assert_eq!(
                value(&keychain, &item).await.as_deref(),
                Some("value"),
                "the store looks everywhere"
            );
            session.lock(&other);
            assert_eq!(keychain.get(&item).await.unwrap_err().code, Code::KeychainLocked);
            assert_eq!(
                keychain.put(&item, &secret("new")).await.unwrap_err().code,
                Code::KeychainLocked
            );
            keychain.put(&at("b"), &secret("value")).await.unwrap();
            assert!(!session.prompted());
        },
    );
}

#[test]
fn a_dismissed_prompt_is_told_and_leaves_the_keychain_locked() {
    in_session(
        "locked::a_dismissed_prompt_is_told_and_leaves_the_keychain_locked",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain();
            keychain.unlock().await.unwrap();
            assert!(!session.prompted(), "an open keychain is not asked for");
            session.lock(LOGIN);
            assert_eq!(
                keychain.unlock().await.unwrap_err(),
                Failure::new(Code::KeychainDismissed)
            );
            assert!(session.prompted(), "the prompter was asked");
            assert_eq!(keychain.state().await, VaultState::Locked);
        },
    );
}

#[test]
fn an_answered_prompt_unlocks() {
    in_session("locked::an_answered_prompt_unlocks", Start::Unlocked, async |session| {
        let keychain = session.keychain();
        keychain.put(&at("a"), &secret("kept")).await.unwrap();
        let prompter = session.root.join("prompter.py");
        std::fs::write(&prompter, PROMPTER).unwrap();
        let asked = session.root.join("asked");
        let answer = format!(
            "exec /usr/bin/python3 {} '{PASSWORD}' {}",
            prompter.display(),
            asked.display()
        );
        script(
            &session.root,
            "prompter",
            &format!("touch {}/prompted; {answer}", session.root.display()),
        );
        session.lock(LOGIN);
        // Two windows ask, the person is asked once.
        let (one, other) = tokio::join!(keychain.unlock(), keychain.unlock());
        one.and(other).unwrap();
        assert!(session.prompted());
        assert_eq!(std::fs::read_to_string(&asked).unwrap(), "password\n");
        assert_eq!(value(&keychain, &at("a")).await.as_deref(), Some("kept"));
    });
}

#[test]
fn a_prompt_that_waits_holds_up_nothing_and_ends_at_the_hard_deadline() {
    in_session(
        "locked::a_prompt_that_waits_holds_up_nothing_and_ends_at_the_hard_deadline",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain_within(SHORT);
            session.lock(LOGIN);
            script(
                &session.root,
                "prompter",
                &format!("touch {}/prompted; sleep 20", session.root.display()),
            );
            let begun = Instant::now();
            let unlocking = tokio::spawn({
                let keychain = keychain.clone();
                async move { keychain.unlock().await }
            });
            while !session.prompted() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let slowest = all_fail_with(&keychain, VaultState::Locked).await;
            assert!(slowest < SHORT.soft, "{slowest:?}");
            assert_eq!(unlocking.await.unwrap().unwrap_err().code, Code::KeychainTooLong);
            assert!(
                begun.elapsed() >= SHORT.hard && begun.elapsed() < SHORT.hard * 2,
                "{:?}",
                begun.elapsed()
            );
            session.master("unlock", LOGIN);
            keychain.put(&at("a"), &secret("value")).await.unwrap();
        },
    );
}
