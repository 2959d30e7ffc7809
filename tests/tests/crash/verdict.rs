//! The judgement after a recovery: provider, keychain and database have to agree.

use std::collections::BTreeSet;

use keywheel_core::model::Secret;
use provider_sim::KeyRecord;
use serde_json::Value;

use crate::real::{KEY, Real, SERVICE};

/// Returns everything that is wrong; nothing when all is well.
pub async fn judge(real: &Real, items_before: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    let ledger = real.sim.ledger();
    let live: Vec<KeyRecord> = ledger.live_keys(&real.org.id);
    let slot: Vec<&KeyRecord> = live.iter().filter(|key| key.key_id != real.bystander.key_id).collect();
    check(live.iter().any(|key| key.key_id == real.bystander.key_id), "the other key was touched");
    check(slot.len() == 1, &format!("{} live keys for one slot", slot.len()));
    let old = real.old_record();
    check(!old.is_live(), "the old key lives");

    let shown = real.json(&["key", "show", KEY]).await;
    let versions = shown["versions"].as_array().cloned().unwrap_or_default();
    let serves: Vec<&Value> = versions.iter().filter(|version| version["state"] == "live").collect();
    check(serves.len() == 1, &format!("{} live versions", serves.len()));
    if let (Some(version), Some(key)) = (serves.first(), slot.first()) {
        check(version["held"] == true, "the new value is not held");
        check(version["remoteId"] == key.key_id.as_str(), "the inventory names another key");
        let held: Option<Secret> = real.held(version["id"].as_str().unwrap()).await;
        check(held.is_some_and(|held| held.expose() == key.value), "the keychain does not hold the live key");
        check(real.sim.accepts(&key.value), "the provider does not accept the new key");
        check(confirmed_first(real, &old, key).await, "the old key was revoked before the new one was confirmed");
    }
    for version in versions.iter().filter(|version| version["state"] != "live") {
        let held = real.held(version["id"].as_str().unwrap()).await;
        check(held.is_none() && version["held"] == false, "an ended value is still in the keychain");
        check(version["state"] == "revoked", "a version that does not serve is not ended");
    }
    let proven = versions.iter().find(|version| version["remoteId"] == old.key_id.as_str());
    check(proven.is_some_and(|version| version["receipt"].is_object()), "no receipt for the old key");

    let verified = real.run(&["verify", KEY], "").await;
    check(verified.code == Some(0), "the slot's key does not verify");
    let known: BTreeSet<String> = remote_ids(real).await;
    check(live.iter().all(|key| known.contains(&key.key_id)), "a live key is in nobody's list");
    let open = real.json(&["unaccounted", "list"]).await;
    check(open.as_array().is_some_and(Vec::is_empty), "something is unaccounted at the end");
    check(real.run(&["doctor"], "").await.code == Some(0), "the doctor finds something");

    let database = real.database().await;
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&database).await.unwrap();
    check(whole == "ok", "the database is not whole");
    let strays: Vec<sqlx::sqlite::SqliteRow> =
        sqlx::query("PRAGMA foreign_key_check").fetch_all(&database).await.unwrap();
    check(strays.is_empty(), "rows of the database point nowhere");

    // The key of the fingerprints, the management credential and the one live value: no more, no less.
    let added = items().await.difference(items_before).count();
    check(added == 3, &format!("{added} items in the keychain instead of 3"));
    wrong
}

/// By the witness: the new key was accepted, then a person said it is in use, then the old one was revoked.
async fn confirmed_first(real: &Real, old: &KeyRecord, new: &KeyRecord) -> bool {
    let Some(revoked) = old.revoked_by_request else { return false };
    let proven = real.sim.requests().into_iter().any(|request| {
        request.n < revoked && request.path.ends_with("/verify") && request.key_id.as_ref() == Some(&new.key_id)
    });
    let confirmed: Option<i64> = sqlx::query_scalar("SELECT max(at) FROM journal WHERE event = 'confirmed'")
        .fetch_one(&real.database().await)
        .await
        .unwrap();
    // The journal keeps milliseconds, the provider's clock runs a little apart from Keywheel's.
    let before = confirmed.zip(old.revoked_at).is_some_and(|(at, end)| at <= end.as_millisecond() + 50);
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
    lines.lines().filter_map(|line| line.strip_prefix("attribute.username = ")).map(str::to_owned).collect()
}

/// Empties the keychain of this session, so that it does not grow with every world.
pub async fn forget() {
    let cleared = tokio::process::Command::new("secret-tool").args(["clear", "service", SERVICE]).status().await;
    assert!(cleared.is_ok(), "secret-tool is needed");
}
