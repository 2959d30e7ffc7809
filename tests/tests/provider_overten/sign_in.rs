//! How the management credential becomes a token, and what is said when it does not.

use keywheel_core::failure::{Code, Effect};
use keywheel_core::http::Sending;
use keywheel_core::model::Credential;
use keywheel_core::provider::Provider;
use provider_sim::Fault;

use super::world::{Way, World, credential, overten, workspace};
use tests::script::{Script, json};

const REFRESH: &str = "/v1/token";

#[tokio::test]
async fn each_scheme_authenticates() {
    for way in Way::BOTH {
        let world = World::new(way).await;
        for credential in [world.refresh(), world.password(), world.pasted()] {
            let scheme = credential.scheme.clone();
            let accepted = world.provider.authenticate(&world.with_credential(credential)).await;
            let accepted = accepted.unwrap_or_else(|failure| panic!("{way:?} {scheme}: {failure:?}"));
            assert_eq!(
                accepted.expires_at.is_some(),
                scheme == "firebase_id_token",
                "{scheme}: only it runs out by itself"
            );
            assert!(
                accepted.renewed.is_none(),
                "{scheme}: the same refresh token is no successor"
            );
        }
        assert_eq!(
            world.sim.count("GET", &world.keys_path()),
            3,
            "{way:?}: the organisation is asked each time"
        );
        assert_eq!(world.mints(), 0, "{way:?}: authenticating has no effect");
    }
}

#[tokio::test]
async fn a_dead_credential_is_told_by_code_and_field() {
    let world = World::new(Way::InProcess).await;
    let key = &world.user.web_api_key;
    let email = &world.user.email;
    let nobody = "nobody@acme.dev".to_owned();
    let foreign = "AIzaSyAnotherProject000000000000000000".to_owned();
    for (credential, code, field) in [
        (
            credential("firebase_refresh", "AMf-dead", [("web_api_key", key)]),
            Code::CredentialRefused,
            "refresh_token",
        ),
        (
            credential(
                "firebase_refresh",
                &world.user.refresh_token,
                [("web_api_key", &foreign)],
            ),
            Code::CredentialRefused,
            "web_api_key",
        ),
        (
            credential("firebase_refresh", &world.user.refresh_token, []),
            Code::InputMissing,
            "web_api_key",
        ),
        (
            credential("firebase_password", "wrong", [("web_api_key", key), ("email", email)]),
            Code::CredentialRefused,
            "password",
        ),
        (
            credential(
                "firebase_password",
                &world.user.password,
                [("web_api_key", key), ("email", &nobody)],
            ),
            Code::CredentialRefused,
            "email",
        ),
        (
            credential("firebase_id_token", "not.a.token", []),
            Code::InputInvalid,
            "id_token",
        ),
        (credential("unheard_of", "x", []), Code::CredentialMissing, "scheme"),
    ] {
        let scheme = credential.scheme.clone();
        let failure = world
            .provider
            .authenticate(&world.with_credential(credential))
            .await
            .err()
            .unwrap();
        assert_eq!(
            (failure.code, failure.field.as_deref()),
            (code, Some(field)),
            "{scheme}"
        );
        assert_eq!(failure.effect, Effect::NotApplied, "{scheme}");
    }
    assert_eq!(
        world.sim.count("GET", &world.keys_path()),
        0,
        "no organisation is asked without a token"
    );
}

#[tokio::test]
async fn what_firebase_says_of_a_user_is_mapped() {
    for (message, code, field) in [
        ("USER_DISABLED", Code::CredentialRefused, Some("refresh_token")),
        ("USER_NOT_FOUND", Code::CredentialRefused, Some("refresh_token")),
        ("TOKEN_EXPIRED", Code::CredentialExpired, Some("refresh_token")),
        ("INVALID_REFRESH_TOKEN", Code::CredentialRefused, Some("refresh_token")),
        ("OPERATION_NOT_ALLOWED", Code::CredentialNotAllowed, None),
        (
            "TOO_MANY_ATTEMPTS_TRY_LATER : Try again later.",
            Code::ProviderRateLimited,
            None,
        ),
        ("SOMETHING_NEW <script>", Code::ProviderRefused, None),
    ] {
        let world = World::new(Way::InProcess).await;
        world.sim.refuse_user(&world.user.uid, Some(message));
        let failure = world.provider.authenticate(&world.at()).await.err().unwrap();
        assert_eq!((failure.code, failure.field.as_deref()), (code, field), "{message}");
        assert!(!format!("{failure:?}").contains("script"), "foreign text came through");
    }
}

#[tokio::test]
async fn a_login_that_hides_unknown_addresses_is_refused_at_the_password() {
    let body = r#"{"error":{"code":400,"message":"INVALID_LOGIN_CREDENTIALS"}}"#;
    let (provider, _) = Script::executor([json(400, body)]);
    let key = "AIzaSy".to_owned();
    let credential = credential("firebase_password", "wrong", [("web_api_key", &key), ("email", &key)]);
    let failure = provider
        .authenticate(&workspace(&overten(), "org_1", Some(credential)))
        .await
        .err()
        .unwrap();
    assert_eq!(
        (failure.code, failure.field.as_deref()),
        (Code::CredentialRefused, Some("password"))
    );
}

#[tokio::test]
async fn a_pasted_token_is_refused_once_its_hour_is_over() {
    let world = World::new(Way::InProcess).await;
    let pasted = world.with_credential(world.pasted());
    world.advance(59);
    assert!(world.provider.list(&pasted).await.is_ok());
    world.advance(1);
    let before = world.sim.requests().len();
    let failure = world.provider.list(&pasted).await.unwrap_err();
    assert_eq!(
        (failure.code, failure.field.as_deref()),
        (Code::CredentialExpired, Some("id_token"))
    );
    assert_eq!(
        world.sim.requests().len(),
        before,
        "a token that has run out is not sent"
    );
}

#[tokio::test]
async fn a_token_is_held_until_five_minutes_before_its_end() {
    let world = World::new(Way::InProcess).await;
    let exchanges = || world.sim.count("POST", REFRESH);
    for (minutes, expected) in [(0, 1), (54, 1), (1, 2), (1, 2)] {
        world.advance(minutes);
        world.provider.list(&world.at()).await.unwrap();
        assert_eq!(exchanges(), expected, "after {minutes} more minutes");
    }
    world.provider.authenticate(&world.at()).await.unwrap();
    assert_eq!(exchanges(), 3, "authenticating proves the credential anew");
}

#[tokio::test]
async fn a_replaced_credential_is_not_answered_with_the_old_ones_token() {
    let world = World::new(Way::InProcess).await;
    world.provider.list(&world.at()).await.unwrap();
    let dead: Credential = credential(
        "firebase_refresh",
        "AMf-other",
        [("web_api_key", &world.user.web_api_key)],
    );
    let failure = world.provider.list(&world.with_credential(dead)).await.unwrap_err();
    assert_eq!(failure.code, Code::CredentialRefused);
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_sent_again() {
    let world = World::new(Way::InProcess).await;
    world.provider.list(&world.at()).await.unwrap();
    world
        .sim
        .inject(Fault::status(401).code("unauthorized").on("GET", &world.keys_path()));
    let failure = world.provider.list(&world.at()).await.unwrap_err();
    assert_eq!(failure.code, Code::CredentialRefused);
    world.provider.list(&world.at()).await.unwrap();
    assert_eq!(
        world.sim.count("POST", REFRESH),
        2,
        "after a refusal the token is exchanged anew"
    );
}

#[tokio::test]
async fn a_successor_is_handed_up_and_used_from_then_on() {
    let renewed = |token: &str, next: &str| {
        json(
            200,
            &format!(r#"{{"id_token":"{token}","refresh_token":"{next}","expires_in":"3600"}}"#),
        )
    };
    let (provider, script) = Script::executor([
        renewed("id1", "second"),
        json(200, "[]"),
        renewed("id2", "second"),
        json(200, "[]"),
    ]);
    let key = "AIzaSy".to_owned();
    let at = workspace(
        &overten(),
        "org_1",
        Some(credential("firebase_refresh", "first", [("web_api_key", &key)])),
    );
    for exchange in ["first", "second"] {
        let accepted = provider.authenticate(&at).await.unwrap();
        assert_eq!(accepted.renewed.unwrap().expose(), "second");
        let sent = script
            .asked()
            .iter()
            .any(|asked| asked.body.ends_with(&format!("refresh_token={exchange}")));
        assert!(sent, "{exchange} was exchanged");
    }
}

#[tokio::test]
async fn no_password_and_no_token_stands_in_an_address() {
    let refreshed = || {
        json(
            200,
            r#"{"id_token":"s3cret-id","refresh_token":"s3cret&=%","expires_in":"3600"}"#,
        )
    };
    let signed_in = json(
        200,
        r#"{"idToken":"s3cret-id","refreshToken":"s3cret","expiresIn":"3600"}"#,
    );
    let (provider, script) = Script::executor([refreshed(), json(200, "[]"), signed_in, json(200, "[]")]);
    let key = "AIza&Sy".to_owned();
    let email = "a\"da@acme.dev".to_owned();
    for credential in [
        credential("firebase_refresh", "s3cret&=%", [("web_api_key", &key)]),
        credential(
            "firebase_password",
            "s3cret\"\\",
            [("web_api_key", &key), ("email", &email)],
        ),
    ] {
        provider
            .authenticate(&workspace(&overten(), "org_1", Some(credential)))
            .await
            .unwrap();
    }
    let asked = script.asked();
    let sent: Vec<Sending> = asked.iter().map(|asked| asked.sending).collect();
    assert_eq!(
        sent,
        [Sending::Once, Sending::Repeatable, Sending::Once, Sending::Repeatable],
        "only a read is repeated"
    );
    for asked in asked.iter() {
        assert!(!asked.line.contains("s3cret"), "{}", asked.line);
        for (name, value) in &asked.headers {
            let secret = String::from_utf8_lossy(value.as_bytes()).contains("s3cret");
            assert_eq!(
                secret,
                value.is_sensitive(),
                "{name} is marked exactly where it holds a secret"
            );
        }
    }
    assert!(asked[0].line.ends_with("/v1/token?key=AIza%26Sy"), "{}", asked[0].line);
    assert_eq!(asked[0].body, "grant_type=refresh_token&refresh_token=s3cret%26%3D%25");
    let said: serde_json::Value = serde_json::from_str(&asked[2].body).unwrap();
    assert_eq!(
        (said["email"].as_str(), said["password"].as_str()),
        (Some(email.as_str()), Some("s3cret\"\\"))
    );
}

#[tokio::test]
async fn before_there_is_an_organisation_only_the_sign_in_is_proven() {
    let world = World::new(Way::InProcess).await;
    let at = workspace(&world.definition, "", Some(world.refresh()));
    world.provider.authenticate(&at).await.unwrap();
    assert_eq!(world.sim.requests().len(), 1);
}

#[tokio::test]
async fn an_organisation_that_is_not_there_or_not_ours_is_told_apart() {
    let world = World::new(Way::InProcess).await;
    let unknown = workspace(&world.definition, "org_unknown", Some(world.refresh()));
    let failure = world.provider.authenticate(&unknown).await.err().unwrap();
    assert_eq!(
        (failure.code, failure.field.as_deref()),
        (Code::ProviderRefused, Some("org_id"))
    );
    world.sim.suspend(&world.org.id, true);
    let failure = world.provider.authenticate(&world.at()).await.err().unwrap();
    assert_eq!(failure.code, Code::CredentialNotAllowed);
    let bad = workspace(&world.definition, "../admin", Some(world.refresh()));
    let failure = world.provider.authenticate(&bad).await.err().unwrap();
    assert_eq!(
        (failure.code, failure.field.as_deref()),
        (Code::InputInvalid, Some("org_id"))
    );
}

#[tokio::test]
async fn without_a_credential_nothing_is_sent() {
    let world = World::new(Way::InProcess).await;
    let at = workspace(&world.definition, &world.org.id, None);
    assert_eq!(
        world.provider.list(&at).await.unwrap_err().code,
        Code::CredentialMissing
    );
    assert_eq!(
        world.provider.mint(&at, "ci").await.err().unwrap().code,
        Code::CredentialMissing
    );
    assert_eq!(world.sim.requests().len(), 0);
}
