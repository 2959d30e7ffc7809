//! What is still read from an answer that is not as declared, and what is handed up beside a failure.

use jiff::SignedDuration;
use keywheel_core::failure::{Code, Effect};
use keywheel_core::model::Answer;
use keywheel_core::provider::Provider;
use provider_sim::{Fault, Malformed, RetryAfter};

use super::world::{Way, World, credential, overten, workspace};
use tests::script::{Script, answer, json};

#[tokio::test]
async fn a_wrong_type_around_the_secret_does_not_lose_it() {
    for way in Way::BOTH {
        let world = World::new(way).await;
        world
            .sim
            .inject(Fault::malformed(Malformed::WrongTypes).on("POST", &world.keys_path()));
        let minted = world.provider.mint(&world.at(), "x").await.unwrap();
        let keys = world.sim.live_keys(&world.org.id);
        assert_eq!(minted.secret.expose(), keys[0].value, "{way:?}");
        assert_eq!(
            minted.remote_id, None,
            "an id of the wrong type is none; the list tells it"
        );
    }
}

#[tokio::test]
async fn a_secret_is_found_in_an_answer_that_is_not_as_declared() {
    const KEY: &str = "sk_live_0123456789abcdefghijABCDEFGH";
    let other = "sk_live_ABCDEFGHIJABCDEFGHIJABCDEFGH";
    for (status, media, body, found) in [
        (
            201,
            "application/json",
            format!(r#"{{"data":{{"api_key":"{KEY}"}}}}"#),
            true,
        ),
        (
            201,
            "application/json",
            format!(r#"{{"secret":"{KEY}","key_id":"#),
            true,
        ),
        (201, "text/plain", format!("your key: {KEY}\n"), true),
        (200, "application/json", format!(r#"{{"secret":"{KEY}"}}"#), true),
        (
            201,
            "application/json",
            format!(r#"{{"secret":"{KEY}","secret_again":"{KEY}"}}"#),
            true,
        ),
        (201, "text/html", format!("<b>{KEY}</b>"), true),
        // A piece of a longer word, and what may have been cut off.
        (201, "text/plain", format!("your key: {KEY}:extra\n"), false),
        (201, "application/json", format!(r#"{{"token":"{KEY}"#), false),
        (201, "text/plain", format!("your key: {KEY}"), false),
        (201, "text/plain", format!("{KEY} {other}"), false),
        (201, "application/json", r#"{"secret":"short"}"#.to_owned(), false),
        (201, "application/json", r#"{"secret":null}"#.to_owned(), false),
        (500, "application/json", format!(r#"{{"secret":"{KEY}"}}"#), false),
    ] {
        let (provider, _) = Script::executor([answer(status, media, &body, &[])]);
        let token = credential(
            "firebase_id_token",
            "eyJhbGciOiJub25lIn0.eyJleHAiOjE5OTk5OTk5OTl9.c2ln",
            [],
        );
        let minted = provider.mint(&workspace(&overten(), "org_1", Some(token)), "x").await;
        match minted {
            Ok(minted) => {
                assert!(found && minted.secret.expose() == KEY, "{status} {media} {body}");
                let in_its_place = body.starts_with(&format!(r#"{{"secret":"{KEY}""#)) && body.ends_with('}');
                assert_eq!(minted.searched, !in_its_place, "{media} {body}");
            }
            Err(failure) => assert!(
                !found && failure.effect == Effect::Unknown,
                "{status} {media} {body}: {failure:?}"
            ),
        }
    }
}

#[tokio::test]
async fn a_secret_of_another_form_is_taken_where_it_stands_in_its_place() {
    for secret in [
        "sk_live_0123456789abcdefghijABCDEFGHx",
        "xsk_live_0123456789abcdefghijABCDEFGH",
        "sk_live_short",
        "of two words, and more",
        "sk_live_0123456789abcdefghijABCDEFGH:12345678",
        "v2 sk_live_0123456789abcdefghijABCDEFGH",
    ] {
        let body = format!(r#"{{"secret":"{secret}","request_id":"sk_live_ABCDEFGHIJ0123456789abcdefgh"}}"#);
        let (provider, _) = Script::executor([answer(201, "application/json", &body, &[])]);
        let token = credential(
            "firebase_id_token",
            "eyJhbGciOiJub25lIn0.eyJleHAiOjE5OTk5OTk5OTl9.c2ln",
            [],
        );
        let minted = provider.mint(&workspace(&overten(), "org_1", Some(token)), "x").await;
        assert_eq!(minted.expect("it is kept").secret.expose(), secret);
    }
}

#[tokio::test]
async fn a_duplicate_is_visible_in_the_list() {
    let world = World::new(Way::Loopback).await;
    world.sim.inject(Fault::duplicate().on("POST", &world.keys_path()));
    let minted = world.provider.mint(&world.at(), "x").await.unwrap();
    let listed = world.provider.list(&world.at()).await.unwrap().whole().unwrap();
    assert_eq!(listed.len(), 2);
    assert!(
        listed
            .iter()
            .any(|key| Some(&key.remote_id) == minted.remote_id.as_ref())
    );
}

#[tokio::test]
async fn a_lag_of_the_provider_is_told_as_it_is() {
    let world = World::new(Way::InProcess).await;
    let minute = std::time::Duration::from_secs(60);
    for lag in [Fault::new_key_refused(minute), Fault::list_lag(minute)] {
        world.sim.inject(lag.on("POST", &world.keys_path()));
    }
    let minted = world.provider.mint(&world.at(), "x").await.unwrap();
    let id = minted.remote_id.clone().unwrap();
    assert_eq!(
        world.provider.verify(&world.at(), &minted.secret).await.answer,
        Answer::Dead,
        "refused, as a new key may be"
    );
    assert_eq!(
        world.provider.list(&world.at()).await.unwrap().whole().unwrap().len(),
        0
    );
    world.clock.advance(SignedDuration::from_secs(61));
    assert_eq!(
        world.provider.verify(&world.at(), &minted.secret).await.answer,
        Answer::Live
    );
    assert_eq!(
        world.provider.list(&world.at()).await.unwrap().whole().unwrap().len(),
        1
    );

    let path = format!("{}/{id}", world.keys_path());
    world
        .sim
        .inject(Fault::revoked_key_accepted(minute).on("DELETE", &path));
    world.provider.revoke(&world.at(), &id).await.unwrap();
    assert_eq!(
        world.provider.verify(&world.at(), &minted.secret).await.answer,
        Answer::Live,
        "a 204 is no proof"
    );
    world.clock.advance(SignedDuration::from_secs(61));
    assert_eq!(
        world.provider.verify(&world.at(), &minted.secret).await.answer,
        Answer::Dead
    );
}

#[tokio::test]
async fn a_wait_that_the_provider_asks_for_is_handed_up() {
    for way in Way::BOTH {
        for (wait, seconds) in [
            (RetryAfter::Seconds(40), 40),
            (RetryAfter::DateIn(90), 90),
            (RetryAfter::Seconds(86_400), 3600),
        ] {
            let world = World::new(way).await;
            world
                .sim
                .inject(Fault::status(429).retry_after(wait).on("POST", &world.keys_path()));
            let failure = world.provider.mint(&world.at(), "x").await.err().unwrap();
            let retry_at = failure
                .retry_at
                .map(|at| at.as_second() - world.clock.now().as_second());
            assert_eq!(retry_at, Some(seconds), "{way:?} {wait:?}");
        }
    }
}

#[tokio::test]
async fn both_error_envelopes_give_a_code_that_is_known() {
    for (status, body, code) in [
        (
            409,
            r#"{"success":false,"error":"not_found","message":"Acme"}"#,
            Some("not_found"),
        ),
        (
            422,
            r#"{"detail":[{"loc":["body","name"],"msg":"Acme","type":"string_too_long","input":"x"}]}"#,
            Some("string_too_long"),
        ),
        (422, r#"{"detail":"Acme"}"#, None),
        (400, r#"{"error":"acme_secret_word"}"#, None),
        (400, r#"{"error":{"code":"not_found"}}"#, None),
    ] {
        let (provider, _) = Script::executor([json(status, body)]);
        let token = credential(
            "firebase_id_token",
            "eyJhbGciOiJub25lIn0.eyJleHAiOjE5OTk5OTk5OTl9.c2ln",
            [],
        );
        let failure = provider
            .mint(&workspace(&overten(), "org_1", Some(token)), "x")
            .await
            .err()
            .unwrap();
        let details: Vec<String> = failure.details.iter().map(ToString::to_string).collect();
        let mut expected = vec![format!("HTTP status {status}")];
        expected.extend(code.map(|code| format!("provider code {code}")));
        assert_eq!(details, expected, "{body}");
    }
}

#[tokio::test]
async fn a_429_is_safe_only_where_the_definition_says_so() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../providers/overten.toml")).unwrap();
    let safe = text.replacen("[mint]", "[mint]\n429_is_safe = true", 1);
    assert_ne!(text, safe);
    for (text, effect) in [(text, Effect::Unknown), (safe, Effect::NotApplied)] {
        let definition = std::sync::Arc::new(keywheel_core::provider::Definition::parse(&text).unwrap());
        let (provider, _) = Script::executor([answer(429, "application/json", "{}", &[("retry-after", "5")])]);
        let token = credential(
            "firebase_id_token",
            "eyJhbGciOiJub25lIn0.eyJleHAiOjE5OTk5OTk5OTl9.c2ln",
            [],
        );
        let failure = provider
            .mint(&workspace(&definition, "org_1", Some(token)), "x")
            .await
            .err()
            .unwrap();
        assert_eq!((failure.code, failure.effect), (Code::ProviderRateLimited, effect));
        assert!(failure.retry_at.is_some());
    }
}
