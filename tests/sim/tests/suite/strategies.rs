//! The invented provider: each way of replacing a key.

use provider_sim::{Account, Fault};
use serde_json::{Value, json};

use crate::desk::{Desk, projects};
use crate::lab::Said;

const ME: &str = "https://api.lab.invalid/v1/me";

/// Calls the management API of a project.
async fn manage(desk: &Desk, project: &Account, method: &str, path: &str, body: Value) -> Said {
    let url = format!("https://api.lab.invalid/v1/projects/{}/{path}", project.id);
    let admin = &project.lab.as_ref().unwrap().admin_key;
    desk.call(method, &url, admin, &body.to_string()).await
}

async fn works(desk: &Desk, value: &str) -> bool {
    desk.get(ME, value).await.status == 200
}

#[tokio::test]
async fn an_account_on_this_machine_is_answered_on_loopback() {
    let desk = projects();
    let project = desk.named("overlap");
    let key = desk.key(&project, "backend");
    let me = desk.get("http://127.0.0.1:4000/v1/me", &key.value).await;
    assert_eq!(me.field("project_id"), project.id);
    let url = format!("http://127.0.0.1:4000/v1/projects/{}/keys", project.id);
    let listed = desk.get(&url, &project.lab.as_ref().unwrap().admin_key).await;
    assert_eq!(listed.json()["keys"][0]["id"], key.key_id.as_str());
}

#[tokio::test]
async fn overlap_allows_two_live_keys() {
    let desk = projects();
    let project = desk.named("overlap");
    let old = desk.key(&project, "backend");
    let made = manage(&desk, &project, "POST", "keys", json!({"name": "backend-2"})).await;
    assert_eq!(made.status, 201);
    let third = manage(&desk, &project, "POST", "keys", json!({"name": "c"})).await;
    assert_eq!((third.status, third.code().as_str()), (409, "key_limit"));
    assert!(works(&desk, &old.value).await && works(&desk, &made.field("secret")).await);
    let gone = manage(&desk, &project, "DELETE", &format!("keys/{}", old.key_id), json!({})).await;
    assert_eq!(gone.status, 204);
    assert!(!works(&desk, &old.value).await);
    let again = manage(&desk, &project, "DELETE", &format!("keys/{}", old.key_id), json!({})).await;
    assert_eq!(again.status, 404);
    let roll = manage(&desk, &project, "POST", &format!("keys/{}/roll", old.key_id), json!({})).await;
    assert_eq!(roll.status, 404, "another strategy's call is not there");
}

#[tokio::test]
async fn the_list_shows_everything_but_the_value() {
    let desk = projects();
    let project = desk.named("roll");
    let key = desk.key(&project, "backend");
    assert!(works(&desk, &key.value).await);
    let listed = manage(&desk, &project, "GET", "keys", json!({})).await;
    let entry = &listed.json()["keys"][0];
    assert_eq!((&entry["id"], &entry["name"]), (&json!(key.key_id), &json!("backend")));
    assert!(key.value.starts_with(entry["prefix"].as_str().unwrap()));
    assert_eq!(
        (&entry["created_at"], &entry["last_used_at"]),
        (&json!(key.created_at), &json!("2026-11-21T14:05:00Z"))
    );
    assert!(!listed.text.contains(&key.value));
}

#[tokio::test]
async fn a_roll_ends_the_old_value_at_once_under_the_same_id() {
    let desk = projects();
    let project = desk.named("roll");
    let old = desk.key(&project, "backend");
    let path = format!("keys/{}/roll", old.key_id);
    let said = manage(&desk, &project, "POST", &path, json!({})).await;
    assert_eq!((said.status, said.field("id")), (200, old.key_id.clone()));
    assert!(!works(&desk, &old.value).await && works(&desk, &said.field("secret")).await);
    let listed = manage(&desk, &project, "GET", "keys", json!({})).await.json();
    assert_eq!(listed["keys"].as_array().unwrap().len(), 1);
    assert_eq!(
        listed["keys"][0]["prefix"],
        said.field("prefix"),
        "only the prefix tells that it was rolled"
    );
    assert_eq!(
        manage(&desk, &project, "POST", "keys/key_none/roll", json!({}))
            .await
            .status,
        404
    );
    assert_eq!(
        desk.sim.requests()[0].effect.minted,
        desk.sim.requests()[0].effect.revoked
    );
}

#[tokio::test]
async fn grace_runs_from_the_roll_for_the_time_asked() {
    for (body, span) in [(json!({}), 3600), (json!({"grace_seconds": 90}), 90)] {
        let desk = projects();
        let project = desk.named("roll-with-grace");
        let old = desk.key(&project, "backend");
        let path = format!("keys/{}/roll", old.key_id);
        let said = manage(&desk, &project, "POST", &path, body).await;
        assert!(!said.field("old_expires_at").is_empty());
        desk.pass(span - 1);
        assert!(works(&desk, &old.value).await && works(&desk, &said.field("secret")).await);
        desk.pass(1);
        assert!(!works(&desk, &old.value).await && works(&desk, &said.field("secret")).await);
    }
}

#[tokio::test]
async fn grace_may_run_from_the_first_use_of_the_new_value() {
    let desk = projects();
    let project = desk.named("roll-with-grace-from-use");
    let old = desk.key(&project, "backend");
    let path = format!("keys/{}/roll", old.key_id);
    let said = manage(&desk, &project, "POST", &path, json!({"grace_seconds": 60})).await;
    assert_eq!(said.json()["old_expires_at"], Value::Null);
    desk.pass(100_000);
    assert!(works(&desk, &old.value).await, "nobody has used the new one");
    assert!(works(&desk, &said.field("secret")).await);
    desk.pass(59);
    assert!(works(&desk, &old.value).await && works(&desk, &said.field("secret")).await);
    desk.pass(1);
    assert!(!works(&desk, &old.value).await);
}

#[tokio::test]
async fn replace_first_has_room_for_one_key() {
    let desk = projects();
    let project = desk.named("replace-first");
    let old = desk.key(&project, "backend");
    let said = manage(&desk, &project, "POST", "keys", json!({"name": "b"})).await;
    assert_eq!((said.status, said.code().as_str()), (409, "key_limit"));
    manage(&desk, &project, "DELETE", &format!("keys/{}", old.key_id), json!({})).await;
    let said = manage(&desk, &project, "POST", "keys", json!({"name": "b"})).await;
    assert_eq!(said.status, 201);
    assert!(works(&desk, &said.field("secret")).await);
}

#[tokio::test]
async fn two_slots_are_filled_in_turn() {
    let desk = projects();
    let project = desk.named("two-slot");
    let [primary, secondary] = ["primary", "secondary"].map(|slot| desk.key(&project, slot));
    let said = manage(&desk, &project, "POST", "slots/secondary/regenerate", json!({})).await;
    assert_eq!((said.status, said.field("slot")), (200, "secondary".to_owned()));
    assert!(works(&desk, &primary.value).await && works(&desk, &said.field("secret")).await);
    assert!(!works(&desk, &secondary.value).await);
    let slots = manage(&desk, &project, "GET", "slots", json!({})).await.json();
    assert_eq!(slots["slots"].as_array().unwrap().len(), 2);
    for (method, path) in [("POST", "keys"), ("POST", "slots/third/regenerate")] {
        assert_eq!(
            manage(&desk, &project, method, path, json!({"name": "x"})).await.status,
            404
        );
    }
}

#[tokio::test]
async fn only_its_own_admin_key_manages_a_project() {
    let desk = projects();
    let (project, other) = (desk.named("roll"), desk.named("overlap"));
    let url = format!("https://api.lab.invalid/v1/projects/{}/keys", project.id);
    let foreign = &other.lab.as_ref().unwrap().admin_key;
    for (value, code) in [("", "missing_admin_key"), (foreign, "invalid_admin_key")] {
        let said = desk.get(&url, value).await;
        assert_eq!((said.status, said.code().as_str()), (401, code));
    }
    assert_eq!(desk.get(ME, "").await.code(), "invalid_key");
    desk.sim.suspend(&project.id, true);
    let said = manage(&desk, &project, "GET", "keys", json!({})).await;
    assert_eq!((said.status, said.code().as_str()), (403, "project_suspended"));
}

#[tokio::test]
async fn a_roll_without_effect_leaves_the_old_value() {
    let desk = projects();
    let project = desk.named("roll");
    let old = desk.key(&project, "backend");
    desk.sim.inject(Fault::no_effect().on("POST", "**/roll"));
    let path = format!("keys/{}/roll", old.key_id);
    let said = manage(&desk, &project, "POST", &path, json!({})).await;
    assert_eq!(said.status, 200);
    assert!(works(&desk, &old.value).await && !works(&desk, &said.field("secret")).await);
    assert!(desk.sim.requests()[0].effect.is_none());
}
