//! Leftovers in a real keychain, taken over by the real command: it goes on where a former version stopped.
//!
//! Run as `cargo xtask headless -- cargo test -p tests --test e2e_takeover`, with the command built by
//! `cargo build -p keywheel-cli --features fail-points`.

#![cfg(target_os = "linux")]

use tests::keyring::Keyring;
use tests::leftovers::{Kept, root};
use tests::real::{Home, KEY};

/// The version whose leftovers these are.
const FORMER: &str = "0.1.0";

async fn taken_over(name: &str) -> Home {
    let kept = Kept::read(&root().join(FORMER).join(name)).expect("it was kept");
    Home::taking_over(&kept, Keyring::own().await).await
}

/// The end of the newest rotation, and how many values of service keys are held.
async fn ended(home: &Home) -> (String, i64) {
    let sql = "SELECT (SELECT state FROM rotations ORDER BY opened_at DESC LIMIT 1), count(*) FROM key_versions v
               JOIN keys k ON k.id = v.key_id WHERE v.held AND k.purpose = 'service'";
    let read = sqlx::query_as(sql).fetch_one(&mut home.database().await).await;
    read.expect("the query is right")
}

#[tokio::test]
async fn a_rotation_that_waited_for_its_person_is_completed() {
    let home = taken_over("overlap-api-awaiting-replacement").await;
    home.run(&["verify", KEY], "").await.ok();
    home.pass(7200).await;
    home.run(&["replaced", KEY], "").await.ok();
    assert_eq!(ended(&home).await, ("completed".to_owned(), 1));
    home.run(&["verify", KEY], "").await.ok();
}

#[tokio::test]
async fn a_mint_whose_answer_was_lost_is_found_by_its_name_and_made_again() {
    let home = taken_over("overlap-api-mint-unknown").await;
    home.pass(120).await;
    home.run(&["resume", KEY], "").await.ok();
    home.run(&["replaced", KEY], "").await.ok();
    assert_eq!(ended(&home).await, ("completed".to_owned(), 1));
    let project = &home.sim.world().accounts[0];
    assert_eq!(home.sim.live_keys(&project.id).len(), 1, "one key lives");
}

#[tokio::test]
async fn a_file_that_was_written_is_put_back() {
    let home = taken_over("overlap-api-restoring").await;
    home.run(&["resume", KEY], "").await.ok();
    assert_eq!(ended(&home).await, ("undone".to_owned(), 1));
}
