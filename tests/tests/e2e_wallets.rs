//! Whole rotations with keychains that are not GNOME's: the real command at KWallet and KeePassXC.
//!
//! Both take a hundred packages, so `cargo xtask proofs` alone installs them and runs this.

#![cfg(target_os = "linux")]

use std::time::Duration;

use tests::keyring::Keyring;
use tests::real::{KEY, Real};
use tests::wallets::Kind;

async fn at(kind: Kind) -> Real {
    let real = Real::with(&std::env::temp_dir(), Keyring::other(kind).await).await;
    real.with_account().await
}

/// The code of the error that a command ends with.
async fn code(real: &Real, arguments: &[&str]) -> String {
    let said = real.run(&[&["--json"], arguments].concat(), "").await;
    assert_ne!(said.code, Some(0), "{arguments:?}: {said:?}");
    let told: serde_json::Value = serde_json::from_str(&said.err).unwrap_or_else(|_| panic!("no JSON: {said:?}"));
    told["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn kwallet_has_written_the_new_value_before_the_old_key_goes() {
    let mut real = at(Kind::KWallet).await;
    real.run(&["rotate", KEY, "--yes"], "").await.ok();
    real.run(&["replaced", KEY], "").await.ok();
    real.home.keyring.wallet().crash();
    real.run(&["verify", KEY], "").await.ok();
    real.replaced().await.assert_none();
}

#[tokio::test]
async fn what_kwallet_loses_in_a_crash_takes_no_key_along() {
    let mut real = at(Kind::KWallet).await;
    // All that was stored so far is on the disk.
    tokio::time::sleep(Duration::from_secs(7)).await;
    real.run(&["rotate", KEY, "--yes"], "").await.ok();
    real.home.keyring.wallet().crash();
    let told = real.run(&["--json", "replaced", KEY], "").await;
    assert!(
        told.code != Some(0) && told.out.contains("keychain.missing"),
        "{told:?}"
    );
    let live = real.sim.live_keys(&real.org.id);
    assert!(live.iter().any(|key| key.value == real.old.value), "the old key lives");
    // What is lost is told, and leads out.
    assert_ne!(real.run(&["doctor"], "").await.code, Some(0));
    real.run(&["undo", KEY, "--discard-in-use", "checkout-api"], "")
        .await
        .ok();
    real.run(&["rotate", KEY, "--yes"], "").await.ok();
    real.run(&["replaced", KEY], "").await.ok();
    real.run(&["verify", KEY], "").await.ok();
}

#[tokio::test]
async fn keepassxc_has_written_the_new_value_before_the_old_key_goes() {
    let mut real = at(Kind::KeePassXc { confirms: false }).await;
    real.run(&["rotate", KEY, "--yes"], "").await.ok();
    real.run(&["replaced", KEY], "").await.ok();
    real.home.keyring.wallet().crash();
    real.run(&["verify", KEY], "").await.ok();
    // What was taken out right before the crash is there again. That is told, and a person's order takes it out.
    let came_back = real.json(&["keychain", "strays"]).await;
    let came_back: Vec<&str> = came_back
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|value| value["value"].as_str())
        .collect();
    assert_eq!(real.run(&["doctor"], "").await.code == Some(0), came_back.is_empty());
    for value in came_back {
        real.run(&["keychain", "forget", value, "--yes"], "").await.ok();
    }
    real.replaced().await.assert_none();
}

#[tokio::test]
async fn where_keepassxc_asks_for_each_value_that_is_said_before_anything_is_sent() {
    let mut real = at(Kind::KeePassXc { confirms: false }).await;
    real.home.keyring.wallet().set(true);
    let keys = real.sim.live_keys(&real.org.id).len();
    for arguments in [
        ["reveal", KEY].as_slice(),
        &["verify", KEY],
        &["rotate", KEY, "--yes"],
        &["keychain", "unlock"],
    ] {
        assert_eq!(code(&real, arguments).await, "keychain.asks_each", "{arguments:?}");
    }
    let state = real.run(&["keychain", "state"], "").await;
    assert!(
        state.code != Some(0) && state.out.contains("retrieved by clients"),
        "{state:?}"
    );
    let doctor = real.run(&["doctor"], "").await;
    assert!(
        doctor.code != Some(0) && doctor.out.contains("retrieved by clients"),
        "{doctor:?}"
    );
    assert_eq!(real.sim.live_keys(&real.org.id).len(), keys, "nothing was created");
    real.home.keyring.wallet().set(false);
    real.run(&["rotate", KEY, "--yes"], "").await.ok();
    real.run(&["replaced", KEY], "").await.ok();
    real.run(&["verify", KEY], "").await.ok();
}

#[tokio::test]
async fn a_keepassxc_that_asks_for_each_value_is_found_out_before_it_holds_one() {
    let keyring = Keyring::other(Kind::KeePassXc { confirms: true }).await;
    let real = Real::with(&std::env::temp_dir(), keyring).await;
    let said = real.connect("main", &real.owner.refresh_token).await;
    assert!(said.err.contains("keychain.asks_each"), "{said:?}");
    let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts")
        .fetch_one(&mut real.database().await)
        .await
        .expect("the query is right");
    assert_eq!(accounts, 0);
}
