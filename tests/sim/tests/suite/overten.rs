//! Overten's endpoints and refusals.

use provider_sim::{Container, ListStyle, Role, VerifyHeader};
use serde_json::json;

use crate::lab::{Lab, OVERTEN, lab, lab_with};

fn is_secret(value: &str) -> bool {
    let body = value.strip_prefix("sk_live_").unwrap_or_default();
    body.len() == 28 && body.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[tokio::test]
async fn minting_returns_the_secret_once_and_it_works() {
    let lab = lab();
    let said = lab.mint().await.unwrap();
    assert_eq!(said.status, 201);
    let secret = said.field("secret");
    assert!(is_secret(&secret), "{secret}");
    assert!(secret.starts_with(&said.field("prefix")));
    assert_eq!(said.field("created_at"), "2026-11-21T14:05:00Z");
    assert_eq!(lab.verify(&secret).await.unwrap().status, 200);
    let list = lab.manage("GET", &lab.keys_url(), "").await.unwrap();
    assert!(list.text.contains(&said.field("key_id")));
    assert!(!list.text.contains(&secret) && !list.text.contains("checkout-api"));
}

#[tokio::test]
async fn a_name_is_taken_under_both_spellings_and_has_a_default() {
    let lab = lab();
    for (body, name) in [
        (r#"{"name":"a"}"#, "a"),
        (r#"{"key_name":"b"}"#, "b"),
        ("{}", "default"),
        ("", "default"),
    ] {
        let said = lab.manage("POST", &lab.keys_url(), body).await.unwrap();
        let key = lab.sim.key_by_value(&said.field("secret")).unwrap();
        assert_eq!(key.name.as_deref(), Some(name), "{body}");
    }
}

#[tokio::test]
async fn the_list_has_the_shape_of_its_organisation() {
    let lab = lab();
    for (container, pointer) in [
        (Container::Bare, "/0"),
        (Container::Keys, "/keys/0"),
        (Container::ApiKeys, "/api_keys/0"),
    ] {
        for created_at in [true, false] {
            lab.sim.set_list(
                &lab.org.id,
                ListStyle {
                    container,
                    created_at,
                    ..ListStyle::default()
                },
            );
            let body = lab.manage("GET", &lab.keys_url(), "").await.unwrap().json();
            let entry = body.pointer(pointer).unwrap();
            assert_eq!(entry["key_id"], lab.key.key_id.as_str());
            assert_eq!(entry.get("created_at").is_some(), created_at, "{container:?}");
        }
    }
}

#[tokio::test]
async fn revoking_is_immediate_and_final() {
    let lab = lab();
    assert_eq!(lab.verify(&lab.key.value).await.unwrap().status, 200);
    let said = lab.revoke(&lab.key.key_id).await.unwrap();
    assert_eq!((said.status, said.text.as_str()), (204, ""));
    let refused = lab.verify(&lab.key.value).await.unwrap();
    assert_eq!((refused.status, refused.refusal().as_str()), (401, "invalid_api_key"));
    assert!(lab.listed().await.is_empty());
    for gone in [lab.key.key_id.as_str(), "key_unknown"] {
        let again = lab.revoke(gone).await.unwrap();
        assert_eq!((again.status, again.refusal().as_str()), (404, "not_found"), "{gone}");
    }
}

#[tokio::test]
async fn verify_takes_the_key_where_it_is_told_to_look() {
    for (look, header, bearer) in [
        (VerifyHeader::Either, 200, 200),
        (VerifyHeader::XApiKey, 200, 401),
        (VerifyHeader::Bearer, 401, 200),
    ] {
        let lab = lab_with(|options| options.verify_header = look);
        let said = lab.verify(&lab.key.value).await.unwrap();
        assert_eq!(said.status, header, "{look:?}");
        let bearing = format!("Bearer {}", lab.key.value);
        let headers = [("authorization", bearing.as_str())];
        let said = lab
            .send("GET", &format!("{OVERTEN}/verify"), &headers, "")
            .await
            .unwrap();
        assert_eq!(said.status, bearer, "{look:?}");
    }
}

#[tokio::test]
async fn verify_gives_the_organisation_and_its_webhook_secret() {
    let lab = lab();
    let body = lab.verify(&lab.key.value).await.unwrap().json();
    assert_eq!(body["org_id"], lab.org.id.as_str());
    assert_eq!(body["webhook_secret"], lab.org.webhook_secret.as_str());
    assert!(lab.org.webhook_secret.starts_with("whsec_"));
    for wrong in ["sk_live_0000000000000000000000000000", lab.token.as_str()] {
        assert_eq!(lab.verify(wrong).await.unwrap().refusal(), "invalid_api_key");
    }
    let bare = lab.send("GET", &format!("{OVERTEN}/verify"), &[], "").await.unwrap();
    assert_eq!(bare.refusal(), "invalid_api_key");
}

async fn signup(lab: &Lab, body: serde_json::Value) -> crate::lab::Said {
    let url = format!("{OVERTEN}/signup");
    lab.manage("POST", &url, &body.to_string()).await.unwrap()
}

#[tokio::test]
async fn signup_opens_an_organisation_with_a_working_key() {
    let lab = lab();
    let said = signup(&lab, json!({"org_name": "acme labs", "tier": "pro"})).await;
    assert_eq!(said.status, 201);
    assert!(is_secret(&said.field("secret")) && said.field("webhook_secret").starts_with("whsec_"));
    let context = lab.verify(&said.field("secret")).await.unwrap().json();
    assert_eq!(context["org_id"], said.field("org_id"));
    assert_eq!(
        (&context["org_name"], &context["tier"]),
        (&json!("acme labs"), &json!("pro"))
    );
    assert_eq!(context["webhook_secret"], said.field("webhook_secret"));
    let url = format!("{OVERTEN}/organizations/{}/api-keys", said.field("org_id"));
    assert_eq!(
        lab.manage("GET", &url, "").await.unwrap().status,
        200,
        "the caller owns it"
    );
}

#[tokio::test]
async fn signup_enables_an_organisation_only_for_its_owner_or_admin() {
    let mut lab = lab_with(|options| {
        let (org, user) = (options.world.orgs[1].clone(), options.world.users[0].clone());
        options.world.add_member(&org, &user, Role::Member);
    });
    let said = signup(&lab, json!({"existing_org_id": lab.org.id})).await;
    assert_eq!((said.status, said.field("org_id")), (201, lab.org.id.clone()));
    assert_eq!(said.field("webhook_secret"), lab.org.webhook_secret);
    assert_eq!(
        signup(&lab, json!({"existing_org_id": lab.other.id})).await.refusal(),
        "forbidden"
    );
    assert_eq!(signup(&lab, json!({"existing_org_id": "org_none"})).await.status, 404);
    lab.token = lab.sim.id_token(&lab.stranger.email).unwrap();
    assert_eq!(signup(&lab, json!({"existing_org_id": lab.other.id})).await.status, 201);
}

#[tokio::test]
async fn invalid_fields_are_refused_as_fastapi_does() {
    let lab = lab();
    for (body, kind, loc) in [
        (
            json!({"org_name": "a"}),
            "string_too_short",
            json!(["body", "org_name"]),
        ),
        (
            json!({"org_name": "a".repeat(121)}),
            "string_too_long",
            json!(["body", "org_name"]),
        ),
        (json!({"org_name": 7}), "string_type", json!(["body", "org_name"])),
        (
            json!({"org_name": "ab", "tier": "gold"}),
            "literal_error",
            json!(["body", "tier"]),
        ),
        (
            json!({"org_name": "ab", "key_name": "a".repeat(81)}),
            "string_too_long",
            json!(["body", "key_name"]),
        ),
        (json!({}), "value_error", json!(["body"])),
        (json!([]), "model_attributes_type", json!(["body"])),
    ] {
        let said = signup(&lab, body.clone()).await;
        let detail = &said.json()["detail"][0];
        assert_eq!(said.status, 422, "{body}");
        assert_eq!((&detail["type"], &detail["loc"]), (&json!(kind), &loc), "{body}");
        assert!(detail["msg"].is_string() && detail.get("input").is_some(), "{body}");
    }
    let broken = lab.manage("POST", &lab.keys_url(), "{").await.unwrap();
    assert_eq!(broken.json()["detail"][0]["type"], "json_invalid");
    assert_eq!(lab.live(), 1, "nothing was minted");
}

#[tokio::test]
async fn management_needs_a_live_token_of_an_owner() {
    let mut lab = lab();
    let good = lab.token.clone();
    for bad in ["", "not-a-token", &lab.key.value.clone()] {
        lab.token = bad.to_owned();
        assert_eq!(lab.mint().await.unwrap().status, 401, "{bad:?}");
    }
    lab.token = lab.sim.id_token(&lab.stranger.email).unwrap();
    for said in [lab.mint().await, lab.revoke(&lab.key.key_id).await] {
        let said = said.unwrap();
        assert_eq!((said.status, said.refusal().as_str()), (403, "forbidden"));
    }
    lab.token = good;
    lab.pass(3599);
    assert_eq!(lab.mint().await.unwrap().status, 201);
    lab.pass(1);
    assert_eq!(lab.mint().await.unwrap().status, 401);
    assert_eq!(lab.live(), 2);
}

#[tokio::test]
async fn a_suspended_organisation_is_forbidden_everywhere() {
    let lab = lab();
    lab.sim.suspend(&lab.org.id, true);
    assert_eq!(lab.mint().await.unwrap().refusal(), "forbidden");
    assert_eq!(lab.verify(&lab.key.value).await.unwrap().status, 403);
    lab.sim.suspend(&lab.org.id, false);
    assert_eq!(lab.verify(&lab.key.value).await.unwrap().status, 200);
}

#[tokio::test]
async fn only_documented_paths_methods_and_hosts_answer() {
    let lab = lab();
    for (method, url, status) in [
        ("GET", format!("{OVERTEN}/nothing"), 404),
        ("GET", "https://backend.overtenai.com/verify".to_owned(), 404),
        ("PUT", lab.keys_url(), 405),
        ("GET", "https://elsewhere.example/api/v1/verify".to_owned(), 421),
        ("GET", "https://backend.overtenai.com/_sim/world".to_owned(), 404),
    ] {
        assert_eq!(
            lab.manage(method, &url, "").await.unwrap().status,
            status,
            "{method} {url}"
        );
    }
    let (url, bearer) = ("http://127.0.0.1:9/api/v1/verify", lab.key.value.as_str());
    let headers = [("host", "backend.overtenai.com:9"), ("x-api-key", bearer)];
    assert_eq!(
        lab.send("GET", url, &headers, "").await.unwrap().status,
        200,
        "the Host header decides"
    );
}
