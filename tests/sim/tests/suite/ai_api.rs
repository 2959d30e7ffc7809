//! The AI API's errors and dashboard.

use provider_sim::{Provider, Quota};

use crate::desk::{Desk, five};

const GENERATE: &str = "https://api.example.com/v1/generate";
const BODY: &str = r#"{"prompt":"Hello","model":"gpt-4"}"#;

fn value(desk: &Desk, name: &str) -> String {
    desk.key(&desk.account(Provider::AiApi), name).value
}

#[tokio::test]
async fn a_generation_is_billed_and_an_empty_request_is_not() {
    let desk = five();
    let key = value(&desk, "assistant");
    let said = desk.call("POST", GENERATE, &key, "{}").await;
    assert_eq!((said.status, said.code().as_str()), (400, "VALIDATION_ERROR"));
    assert_eq!(desk.account(Provider::AiApi).billed, 0);
    let said = desk.call("POST", GENERATE, &key, BODY).await;
    assert_eq!((said.status, &said.json()["success"]), (200, &true.into()));
    assert_eq!(desk.account(Provider::AiApi).billed, 1);
}

#[tokio::test]
async fn missing_invalid_and_expired_keys_are_three_codes_with_details() {
    let desk = five();
    let expired = value(&desk, "metrics");
    let soon = desk.key(&desk.account(Provider::AiApi), "assistant-dev");
    for (key, code, detail) in [
        ("", "MISSING_API_KEY", "/header"),
        ("wrong", "INVALID_API_KEY", "/key_id"),
        (&expired, "EXPIRED_API_KEY", "/expired_at"),
    ] {
        let said = desk.call("POST", GENERATE, key, "{}").await;
        assert_eq!((said.status, said.code().as_str()), (401, code));
        let error = &said.json()["error"];
        assert_eq!(said.json()["success"], false);
        assert!(
            error["message"].is_string() && error["details"].pointer(detail).is_some(),
            "{error}"
        );
        match code {
            "MISSING_API_KEY" => assert_eq!(error["details"]["header"], "Authorization"),
            "EXPIRED_API_KEY" => assert_eq!(error["details"]["expired_at"], "2026-11-19T14:05:00Z"),
            _ => {
                let id = error["details"]["key_id"].as_str().unwrap();
                assert!(id.starts_with("key_") && id.len() == 14, "{id}");
            }
        }
    }
    assert_eq!(
        desk.call("POST", GENERATE, &soon.value, "{}").await.code(),
        "VALIDATION_ERROR"
    );
    desk.pass(5 * 86_400);
    assert_eq!(
        desk.call("POST", GENERATE, &soon.value, "{}").await.code(),
        "EXPIRED_API_KEY"
    );
}

#[tokio::test]
async fn permission_suspension_and_limit_are_403_and_429() {
    let desk = five();
    let account = desk.account(Provider::AiApi);
    let page = format!("/ai-api/{}/api-keys", account.id);
    let hooks = desk.submit(&page, "name=hooks&permission=webhook").await.new_key();
    assert_eq!(desk.call("POST", GENERATE, &hooks, BODY).await.status, 403);
    let key = value(&desk, "assistant");
    desk.sim.use_up(&account.id, &[Quota::Query]);
    assert_eq!(desk.call("POST", GENERATE, &key, BODY).await.status, 429);
    desk.sim.suspend(&account.id, true);
    assert_eq!(desk.call("POST", GENERATE, &key, BODY).await.status, 403);
}

#[tokio::test]
async fn the_dashboard_makes_keys_by_purpose_and_deletes_them() {
    let desk = five();
    let account = desk.account(Provider::AiApi);
    let page = format!("/ai-api/{}/api-keys", account.id);
    let form = "name=assistant&purpose=Production&permission=read&permission=write";
    let new = desk.submit(&page, form).await.new_key();
    let key = desk.sim.key_by_value(&new).unwrap();
    assert_eq!(key.grant.purpose.as_deref(), Some("Production"));
    assert!(key.key_id.starts_with("key_") && key.key_id.len() == 14);
    assert!(!desk.open(&page).await.text.contains(&new), "shown once");
    assert_eq!(desk.call("POST", GENERATE, &new, BODY).await.status, 200);
    desk.submit(&format!("{page}/{}/delete", key.key_id), "").await;
    let said = desk.call("POST", GENERATE, &new, BODY).await;
    assert_eq!(said.code(), "INVALID_API_KEY");
    assert_eq!(said.json()["error"]["details"]["key_id"], key.key_id.as_str());
}

#[tokio::test]
async fn a_free_call_stands_for_the_one_that_a_user_names_also_on_loopback() {
    let desk = five();
    let key = value(&desk, "assistant");
    for url in ["https://api.example.com/v1/models", "http://127.0.0.1:4000/v1/models"] {
        let said = desk.get(url, &key).await;
        assert_eq!((said.status, &said.json()["success"]), (200, &true.into()), "{url}");
        assert_eq!(desk.get(url, &value(&desk, "metrics")).await.code(), "EXPIRED_API_KEY");
        assert_eq!(desk.get(url, "wrong").await.code(), "INVALID_API_KEY");
    }
    assert_eq!(desk.account(Provider::AiApi).billed, 0);
}
