//! The provider without an address of its own: each account names the address and what to verify with.

use keywheel_core::failure::Code;
use keywheel_core::http::Sending;
use keywheel_core::model::{Answer, Secret, Standing, Verdict};
use keywheel_core::provider::{Provider, Workspace};

use tests::script::{Said, Script, at, built_in, json};

fn account(base: &str, path: Option<&str>) -> Workspace {
    let mut at = at(built_in("ai-api"));
    at.base_url = Some(base.to_owned()).filter(|base| !base.is_empty());
    if let Some(path) = path {
        at.fields.insert("verify_path".to_owned(), path.to_owned());
    }
    at
}

async fn told(at: &Workspace, said: Said) -> (Verdict, Vec<String>) {
    let (executor, script) = Script::executor([said]);
    let verdict = executor.verify(at, &Secret::new("YOUR_API_KEY".to_owned())).await;
    let lines = script.asked().iter().map(|asked| asked.line.clone()).collect();
    assert!(script.asked().iter().all(|asked| asked.sending == Sending::Repeatable));
    (verdict, lines)
}

const GOOD: &str = r#"{"success":true,"data":[]}"#;

#[tokio::test]
async fn each_documented_error() {
    let at = account("https://api.example.com/v1", Some("/models?limit=1"));
    assert!(at.definition.verifies(&at.fields));
    let (live, lines) = told(&at, json(200, GOOD)).await;
    assert_eq!(live.answer, Answer::Live);
    assert_eq!(lines, ["GET https://api.example.com/v1/models?limit=1"]);

    let invalid = r#"{"success":false,"error":{"code":"INVALID_API_KEY","message":"The provided API key is invalid","details":{"key_id":"key_1234567890"}}}"#;
    let (dead, _) = told(&at, json(401, invalid)).await;
    assert_eq!((dead.answer, dead.standing), (Answer::Dead, None));
    let (inside, _) = told(&at, json(200, invalid)).await;
    assert_eq!(
        inside.answer,
        Answer::Undetermined,
        "an error inside a 200 is no success"
    );

    let expired = r#"{"success":false,"error":{"code":"EXPIRED_API_KEY","message":"The API key has expired","details":{"expired_at":"2024-01-01T00:00:00Z"}}}"#;
    let (dead, _) = told(&at, json(401, expired)).await;
    assert_eq!((dead.answer, dead.standing), (Answer::Dead, Some(Standing::Expired)));
    assert_eq!(dead.expires_at, Some("2024-01-01T00:00:00Z".parse().unwrap()));

    let missing = r#"{"success":false,"error":{"code":"MISSING_API_KEY","message":"API key is required","details":{"header":"Authorization"}}}"#;
    let (lost, _) = told(&at, json(401, missing)).await;
    assert_eq!(
        lost.answer,
        Answer::Undetermined,
        "that the key did not arrive says nothing of it"
    );
    assert_eq!(lost.code.as_deref(), Some("MISSING_API_KEY"));

    let (restricted, _) = told(&at, json(403, r#"{"success":false,"error":{"code":"X"}}"#)).await;
    assert_eq!(
        (restricted.answer, restricted.standing),
        (Answer::Live, Some(Standing::Restricted))
    );
    let (limited, _) = told(&at, json(429, "{}")).await;
    assert_eq!(limited.standing, Some(Standing::RateLimited));
}

#[tokio::test]
async fn without_a_path_or_an_address_nothing_is_sent() {
    for at in [
        account("https://api.example.com/v1", None),
        account("https://api.example.com/v1", Some("")),
        account("", Some("/models")),
    ] {
        let (verdict, lines) = told(&at, json(200, GOOD)).await;
        assert_eq!((verdict.answer, lines.len()), (Answer::Undetermined, 0));
    }
    assert!(!built_in("ai-api").verifies(&Default::default()));
}

#[tokio::test]
async fn a_key_goes_to_https_or_to_this_machine_only() {
    for (base, sent) in [
        ("https://gateway.acme.dev:8443/llm", true),
        ("http://127.0.0.1:4000", true),
        ("http://localhost:4000/v1", true),
        ("http://gateway.acme.dev", false),
        ("http://10.0.0.1", false),
        ("ftp://127.0.0.1", false),
        ("https://user:word@gateway.acme.dev", false),
        ("https://gateway.acme.dev/?x=1", false),
        ("not an address", false),
    ] {
        let (_, lines) = told(&account(base, Some("/models")), json(200, GOOD)).await;
        assert_eq!(!lines.is_empty(), sent, "{base}");
    }
}

#[tokio::test]
async fn a_path_stays_under_its_address() {
    for path in [
        "models",
        "//evil.example/x",
        "/../x",
        "/a/../../x",
        "/%2e%2e/x",
        "/x#y",
        "/x?",
        "/x?a=b c",
        "@evil.example/x",
        "/x\r\nHost: evil",
        "https://evil.example",
        "/a\\b",
    ] {
        let at = account("https://api.example.com/v1", Some(path));
        let field = &at.definition.account_fields()[0];
        assert!(!field.accepts(path), "the form refuses it: {path:?}");
        let (verdict, lines) = told(&at, json(200, GOOD)).await;
        assert_eq!((verdict.answer, lines), (Answer::Undetermined, Vec::new()), "{path:?}");
    }
}

#[tokio::test]
async fn an_account_without_a_credential_is_accepted_and_its_keys_are_a_persons() {
    for id in ["on-page", "authenta", "ai-api", "optiverse"] {
        let (executor, script) = Script::executor([]);
        let at = at(built_in(id));
        assert!(!at.definition.needs_credential(), "{id}");
        assert!(executor.authenticate(&at).await.is_ok(), "{id}");
        for failure in [
            executor.list(&at).await.err(),
            executor.mint(&at, "x").await.err(),
            executor.roll(&at, "x").await.err(),
            executor.revoke(&at, "x").await.err(),
        ] {
            assert_eq!(failure.unwrap().code, Code::ProviderNotAble, "{id}");
        }
        assert!(
            script.asked().is_empty(),
            "{id}: nothing is sent for what a person does"
        );
    }
}
