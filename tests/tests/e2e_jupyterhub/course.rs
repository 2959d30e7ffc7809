//! The course of a rotation at a hub that answers, and what it refuses.

use serde_json::Value;

use crate::hub::{ADMIN, Hub};
use crate::machine::{begin, connect};

fn ids(tokens: &[Value]) -> Vec<&str> {
    tokens.iter().filter_map(|token| token["id"].as_str()).collect()
}

#[tokio::test]
async fn a_token_is_replaced_and_the_hub_refuses_the_old_one() {
    let (hub, mut machine) = (Hub::start().await, begin().await);
    let (old_id, old) = hub.user_with_token("ada", "checkout-api").await;
    connect(&machine, &hub.address, "ada", ADMIN).await.ok();
    machine.hold("checkout-api", &old).await;
    machine.run(&["verify", "checkout-api"], "").await.ok();

    machine.run(&["rotate", "checkout-api", "--yes"], "").await.ok();
    let tokens = hub.tokens("ada").await;
    assert_eq!(tokens.len(), 2, "one new token, and the old one: {:?}", ids(&tokens));
    let new = tokens.iter().find(|token| token["id"] != old_id.as_str()).unwrap();
    let note = new["note"].as_str().unwrap();
    assert!(note.starts_with("checkout-api ~k"), "{note}");
    assert!(
        new["expires_at"].as_str() > new["created"].as_str(),
        "it runs out: {new}"
    );
    assert!(new["last_activity"].is_string(), "it was verified by a call with it");
    assert_eq!(
        hub.recognises(&old).await,
        Some(old_id.clone()),
        "the old one still works"
    );

    let waits = machine.run(&["replaced", "checkout-api"], "").await;
    assert_eq!(waits.code, Some(75), "it was used within the hour: {waits:?}");
    // Within half a minute the hub dates a call like the one before, which was Keywheel's.
    let reason = waits.out["silence"]["reason"].as_str().unwrap_or_default();
    assert!(["still_used", "may_be_ours"].contains(&reason), "{waits:?}");
    let seen = waits.out["silence"]["lastUsedAt"].clone();
    let again = machine.run(&["resume", "checkout-api"], "").await;
    assert_eq!((again.code, &again.out["silence"]["lastUsedAt"]), (Some(75), &seen));
    assert_eq!(hub.tokens("ada").await.len(), 2, "nothing was revoked");
    machine.run(&["replaced", "checkout-api", "--anyway"], "").await.ok();
    assert_eq!(hub.recognises(&old).await, None, "the hub refuses the old token");
    assert_eq!(ids(&hub.tokens("ada").await), [new["id"].as_str().unwrap()]);
    let held = machine.held("checkout-api").await;
    let live: Vec<_> = held.iter().filter(|(version, _)| version["state"] == "live").collect();
    let [(version, Some(value))] = live[..] else {
        panic!("{} versions live", live.len());
    };
    assert_eq!(version["remoteId"], new["id"]);
    let shown = machine.run(&["key", "show", "checkout-api"], "").await.ok();
    let day = |moment: &Value| moment.as_str().map(|at| at[..10].to_owned());
    assert!(new["expires_at"].is_string(), "{new}");
    assert_eq!(
        day(&shown["key"]["expiresAt"]),
        day(&new["expires_at"]),
        "when it runs out is known here too"
    );
    assert_eq!(hub.recognises(value).await.as_deref(), new["id"].as_str());
    let ended = held.iter().filter(|(version, _)| version["state"] != "live");
    assert!(
        ended.into_iter().all(|(_, value)| value.is_none()),
        "the old value is out of the keychain"
    );
    machine.run(&["doctor"], "").await.ok();
}

#[tokio::test]
async fn a_rotation_is_taken_back_and_the_hub_forgets_the_new_token() {
    let (hub, mut machine) = (Hub::start().await, begin().await);
    let (old_id, old) = hub.user_with_token("ada", "checkout-api").await;
    connect(&machine, &hub.address, "ada", ADMIN).await.ok();
    machine.hold("checkout-api", &old).await;
    machine.run(&["rotate", "checkout-api", "--yes"], "").await.ok();
    assert_eq!(hub.tokens("ada").await.len(), 2);
    machine.run(&["undo", "checkout-api"], "").await.ok();
    assert_eq!(ids(&hub.tokens("ada").await), [old_id.as_str()]);
    machine.run(&["verify", "checkout-api"], "").await.ok();

    machine
        .run(&["key", "add", "ada", "nightly", "--env", "ci"], "")
        .await
        .ok();
    assert_eq!(hub.tokens("ada").await.len(), 2);
    machine.run(&["revoke", "checkout-api", "--yes"], "").await.ok();
    assert_eq!(
        hub.recognises(&old).await,
        None,
        "an emergency revocation reaches the hub"
    );
    let left = hub.tokens("ada").await;
    assert_eq!(left.len(), 1);
    assert!(left[0]["note"].as_str().unwrap().starts_with("nightly ~k"));
}

#[tokio::test]
async fn what_the_hub_does_not_grant_leaves_nothing_behind() {
    let (hub, machine) = (Hub::start().await, begin().await);
    let (_, stranger) = hub.user_with_token("eve", "her own").await;
    hub.user_with_token("ada", "checkout-api").await;
    for (user, admin, exit) in [
        ("ada", "00000000000000000000000000000000", 82),
        // The hub does not say that there is a user whom the caller may not see: 404.
        ("ada", stranger.as_str(), 1),
        ("nobody", ADMIN, 1),
    ] {
        let said = connect(&machine, &hub.address, user, admin).await;
        assert_eq!(said.code, Some(exit), "{user}: {said:?}");
    }
    let plain = connect(&machine, "http://hub.example.org/hub/api", "ada", ADMIN).await;
    assert_eq!(plain.refused(), (Some(2), "input.not_https", Some("base_url")));
    let accounts = machine.run(&["account", "list"], "").await.ok();
    assert_eq!(accounts.as_array().map(Vec::len), Some(0));
    assert_eq!(hub.tokens("ada").await.len(), 1, "nothing was created");
}
