//! The judgement after a recovery: provider, keychain and database have to agree.

use std::collections::BTreeSet;

use keywheel_core::model::Secret;
use provider_sim::KeyRecord;
use serde_json::Value;

use crate::real::{ADDED, KEY, Real, SERVICE};

/// What was found; empty when all is well.
#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn unless(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.0.push(what.into());
        }
    }
}

/// Returns everything that is wrong after a key was replaced.
pub async fn replaced(real: &Real, items_before: &BTreeSet<String>) -> Vec<String> {
    let mut found = Found::default();
    // The key of the fingerprints, the management credential and the one live value.
    let live = agree(real, KEY, &[&real.bystander.key_id], 3, items_before, &mut found).await;
    let old = real.old_record();
    found.unless(!old.is_live(), "the old key lives");
    if let Some(new) = live {
        let first = confirmed_first(real, &old, &new).await;
        found.unless(first, "the old key was revoked before the new one was confirmed");
    }
    let versions = versions(real, KEY).await;
    let proven = versions
        .iter()
        .find(|version| version["remoteId"] == old.key_id.as_str());
    let receipt = proven.is_some_and(|version| version["receipt"].is_object());
    found.unless(receipt, "no receipt for the old key");
    found.0
}

/// Returns everything that is wrong after a key was added.
pub async fn created(real: &Real, items_before: &BTreeSet<String>) -> Vec<String> {
    let mut found = Found::default();
    let others = [real.bystander.key_id.as_str(), &real.old.key_id];
    // As above, and the value of the key that was there before.
    agree(real, ADDED, &others, 4, items_before, &mut found).await;
    found.0
}

/// Whether provider, keychain and database tell of one live key in the slot; returns the provider's record of it.
async fn agree(
    real: &Real,
    slot: &str,
    others: &[&str],
    items_now: usize,
    items_before: &BTreeSet<String>,
    found: &mut Found,
) -> Option<KeyRecord> {
    let live = real.sim.ledger().live_keys(&real.org.id);
    let (other, ours): (Vec<&KeyRecord>, Vec<&KeyRecord>) =
        live.iter().partition(|key| others.contains(&key.key_id.as_str()));
    found.unless(other.len() == others.len(), "another key was touched");
    found.unless(ours.len() == 1, format!("{} live keys for one slot", ours.len()));

    let versions = versions(real, slot).await;
    let (serve, ended): (Vec<&Value>, Vec<&Value>) = versions.iter().partition(|version| version["state"] == "live");
    found.unless(serve.len() == 1, format!("{} live versions", serve.len()));
    if let (Some(version), Some(key)) = (serve.first(), ours.first()) {
        found.unless(version["held"] == true, "the new value is not held");
        let same = version["remoteId"] == key.key_id.as_str();
        found.unless(same, "the inventory names another key");
        let held: Option<Secret> = real.held(version["id"].as_str().unwrap()).await;
        let holds = held.is_some_and(|held| held.expose() == key.value);
        found.unless(holds, "the keychain does not hold the live key");
        found.unless(real.sim.accepts(&key.value), "the provider does not accept the new key");
    }
    for version in ended {
        let gone = real.held(version["id"].as_str().unwrap()).await.is_none() && version["held"] == false;
        found.unless(gone, "an ended value is still in the keychain");
        found.unless(version["state"] == "revoked", "a version neither serves nor has ended");
    }

    let verifies = real.run(&["verify", slot], "").await.code == Some(0);
    found.unless(verifies, "the slot's key does not verify");
    let known = remote_ids(real).await;
    let listed = live.iter().all(|key| known.contains(&key.key_id));
    found.unless(listed, "a live key is in nobody's list");
    let open = real.json(&["unaccounted", "list"]).await;
    let settled = open.as_array().is_some_and(Vec::is_empty);
    found.unless(settled, "something is unaccounted at the end");
    let well = real.run(&["doctor"], "").await.code == Some(0);
    found.unless(well, "the doctor finds something");
    database(real, found).await;
    let added = items().await.difference(items_before).count();
    let all = added == items_now;
    found.unless(all, format!("{added} items in the keychain instead of {items_now}"));
    ours.first().map(|key| (*key).clone())
}

/// What is wrong with the files that use the key, looked at as bytes.
pub async fn files(real: &Real, state: &str) -> Vec<String> {
    let mut found = Found::default();
    for place in &real.places {
        let value = place.value();
        found.unless(value.is_some(), "a file changed beside its value");
        let value = value.unwrap_or_default();
        found.unless(real.sim.accepts(&value), "a file holds a key that does not work");
        if matches!(state, "undone" | "stopped") {
            found.unless(value == real.old.value, "a file is not as before");
        }
        found.unless(!place.has_company(), "something was left beside a file");
    }
    found.0
}

async fn versions(real: &Real, key: &str) -> Vec<Value> {
    let shown = real.json(&["key", "show", key]).await;
    shown["versions"].as_array().cloned().unwrap_or_default()
}

async fn database(real: &Real, found: &mut Found) {
    let database = real.database().await;
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&database)
        .await
        .unwrap();
    found.unless(whole == "ok", "the database is not whole");
    let strays: Vec<sqlx::sqlite::SqliteRow> = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&database)
        .await
        .unwrap();
    found.unless(strays.is_empty(), "rows of the database point nowhere");
}

/// By the witness: the new key was accepted, then a person said it is in use, then the old one was revoked.
async fn confirmed_first(real: &Real, old: &KeyRecord, new: &KeyRecord) -> bool {
    let Some(revoked) = old.revoked_by_request else {
        return false;
    };
    let proven = real.sim.requests().into_iter().any(|request| {
        request.n < revoked && request.path.ends_with("/verify") && request.key_id.as_ref() == Some(&new.key_id)
    });
    let confirmed: Option<i64> = sqlx::query_scalar("SELECT max(at) FROM journal WHERE event = 'confirmed'")
        .fetch_one(&real.database().await)
        .await
        .unwrap();
    // The journal keeps milliseconds, the provider's clock runs a little apart from Keywheel's.
    let before = confirmed
        .zip(old.revoked_at)
        .is_some_and(|(at, end)| at <= end.as_millisecond() + 50);
    proven && before
}

async fn remote_ids(real: &Real) -> BTreeSet<String> {
    sqlx::query_scalar("SELECT remote_id FROM key_versions WHERE remote_id IS NOT NULL")
        .fetch_all(&real.database().await)
        .await
        .unwrap()
        .into_iter()
        .collect()
}

/// The names of all items that demo directories have in this session's keychain.
pub async fn items() -> BTreeSet<String> {
    let found = tokio::process::Command::new("secret-tool")
        .args(["search", "--all", "service", SERVICE])
        .output()
        .await
        .unwrap();
    // Attributes go to one of the streams, by version; values are in neither of the lines kept here.
    let text = [found.stdout, found.stderr].concat();
    let lines = String::from_utf8_lossy(&text).into_owned();
    lines
        .lines()
        .filter_map(|line| line.strip_prefix("attribute.username = "))
        .map(str::to_owned)
        .collect()
}

/// Empties the keychain of this session, so that it does not grow with every world.
pub async fn forget() {
    let cleared = tokio::process::Command::new("secret-tool")
        .args(["clear", "service", SERVICE])
        .status()
        .await;
    assert!(cleared.is_ok(), "secret-tool is needed");
}
