//! The ledger tells what happened, and no credential.

use provider_sim::Sent;
use serde_json::json;

use crate::lab::{MINT, OVERTEN, REVOKE, VERIFY, lab, lab_with};

#[tokio::test]
async fn each_request_is_recorded_in_order_with_who_and_what() {
    let lab = lab();
    let minted = lab.mint().await.unwrap();
    lab.pass(60);
    lab.verify(&minted.field("secret")).await.unwrap();
    lab.revoke(&lab.key.key_id).await.unwrap();
    lab.verify(&lab.key.value).await.unwrap();
    let requests = lab.sim.requests();
    let steps: Vec<_> = requests
        .iter()
        .map(|record| (record.n, record.method.as_str(), record.status))
        .collect();
    assert_eq!(
        steps,
        [
            (1, "POST", Sent::Status(201)),
            (2, "GET", Sent::Status(200)),
            (3, "DELETE", Sent::Status(204)),
            (4, "GET", Sent::Status(401)),
        ]
    );
    assert_eq!(requests[0].host, "backend.overtenai.com");
    assert_eq!(requests[0].user.as_deref(), Some(lab.owner.uid.as_str()));
    assert_eq!(requests[0].effect.minted, [minted.field("key_id")]);
    assert_eq!(requests[1].key_id, Some(minted.field("key_id")));
    assert_eq!(requests[1].at.to_string(), "2026-11-21T14:06:00Z");
    assert!(requests[1].effect.is_none());
    assert_eq!(requests[2].effect.revoked, std::slice::from_ref(&lab.key.key_id));
    assert_eq!(
        (requests[3].key_id.as_deref(), requests[3].refused_key_id.as_deref()),
        (None, Some(lab.key.key_id.as_str()))
    );
}

#[tokio::test]
async fn each_key_remembers_its_life() {
    let lab = lab();
    let value = lab.mint().await.unwrap().field("secret");
    lab.pass(5);
    for _ in 0..2 {
        lab.verify(&value).await.unwrap();
    }
    let id = lab.sim.key_by_value(&value).unwrap().key_id;
    lab.pass(5);
    lab.revoke(&id).await.unwrap();
    lab.verify(&value).await.unwrap();
    let key = lab.sim.key_by_value(&value).unwrap();
    assert_eq!((key.minted_by_request, key.revoked_by_request), (Some(1), Some(4)));
    assert_eq!((key.calls, key.refused_calls), (2, 1));
    assert_eq!(key.created_at.to_string(), "2026-11-21T14:05:00Z");
    assert_eq!(key.last_used_at.unwrap().to_string(), "2026-11-21T14:05:05Z");
    assert_eq!(key.revoked_at.unwrap().to_string(), "2026-11-21T14:05:10Z");
    let seeded = lab.sim.key_by_value(&lab.key.value).unwrap();
    assert_eq!((seeded.minted_by_request, seeded.is_live()), (None, true));
    assert_eq!(lab.live(), 1);
    assert!(lab.sim.live_keys(&lab.other.id).is_empty());
}

#[tokio::test]
async fn requests_are_counted_by_method_and_pattern() {
    let lab = lab();
    lab.mint().await.unwrap();
    lab.listed().await;
    lab.verify("wrong").await.unwrap();
    lab.revoke("wrong").await.unwrap();
    for (method, pattern, count) in [
        ("POST", MINT, 1),
        ("*", MINT, 2),
        ("DELETE", REVOKE, 1),
        ("GET", VERIFY, 1),
        ("POST", VERIFY, 0),
        ("*", "**", 4),
    ] {
        assert_eq!(lab.sim.count(method, pattern), count, "{method} {pattern}");
    }
}

#[tokio::test]
async fn the_record_of_requests_holds_no_credential() {
    let lab = lab();
    let secret = lab.mint().await.unwrap().field("secret");
    lab.verify(&secret).await.unwrap();
    let url = format!(
        "https://securetoken.googleapis.com/v1/token?key={}",
        lab.owner.web_api_key
    );
    let body = format!("grant_type=refresh_token&refresh_token={}", lab.owner.refresh_token);
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(lab.send("POST", &url, &headers, &body).await.unwrap().status, 200);
    let text = serde_json::to_string(&lab.sim.requests()).unwrap();
    for credential in [&secret, &lab.token, &lab.owner.web_api_key, &lab.owner.refresh_token] {
        assert!(!text.contains(credential.as_str()));
    }
}

#[tokio::test]
async fn a_refused_request_is_recorded_without_effect() {
    let mut lab = lab();
    lab.token = lab.sim.id_token(&lab.stranger.email).unwrap();
    lab.mint().await.unwrap();
    let record = &lab.sim.requests()[0];
    assert_eq!((record.status, record.effect.is_none()), (Sent::Status(403), true));
    assert_eq!(record.user.as_deref(), Some(lab.stranger.uid.as_str()));
}

#[tokio::test]
async fn signup_is_recorded_with_its_organisation() {
    let lab = lab_with(|options| options.signup_status = 200);
    let said = lab
        .manage("POST", &format!("{OVERTEN}/signup"), r#"{"org_name":"acme two"}"#)
        .await
        .unwrap();
    assert_eq!(said.status, 200);
    let record = &lab.sim.requests()[0];
    assert_eq!(record.effect.orgs, [said.field("org_id")]);
    let key = lab.sim.key_by_value(&said.field("secret")).unwrap();
    assert_eq!(
        (key.org_id, key.name.as_deref()),
        (said.field("org_id"), Some("default"))
    );
}

#[tokio::test]
async fn a_seed_repeats_the_values_and_without_one_they_differ() {
    let first = |seed| async move {
        let lab = lab_with(|options| options.seed = seed);
        lab.mint().await.unwrap().field("secret")
    };
    assert_eq!(first(Some(1)).await, first(Some(1)).await);
    assert_ne!(first(Some(1)).await, first(Some(2)).await);
    assert_ne!(first(None).await, first(None).await);
}

#[test]
fn what_was_sent_is_a_number_or_a_word_in_json() {
    let said = [Sent::Status(201), Sent::Dropped, Sent::Hung, Sent::Pending];
    assert_eq!(
        serde_json::to_value(said).unwrap_or_default(),
        json!([201, "dropped", "hung", "pending"])
    );
}
