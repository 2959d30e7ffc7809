//! What a call with a key's value says.

use keywheel_core::model::Answer;
use keywheel_core::provider::Provider;
use provider_sim::{Fault, Malformed, VerifyHeader};

use super::world::{Way, World, overten, secret, workspace};
use tests::script::{Said, Script, answer, json};

const KEY: &str = "sk_live_0123456789abcdefghijABCDEFGH";
const DEAD: &str = r#"{"success":false,"error":"invalid_api_key","message":"no"}"#;
const VERIFY: &str = "/api/v1/verify";

#[tokio::test]
async fn a_key_is_live_until_it_is_revoked_whichever_header_is_read() {
    for way in Way::BOTH {
        for header in [VerifyHeader::Either, VerifyHeader::XApiKey, VerifyHeader::Bearer] {
            let world = World::with(way, header).await;
            let minted = world.provider.mint(&world.at(), "x").await.unwrap();
            let live = world.provider.verify(&world.at(), &minted.secret).await;
            assert_eq!(
                (live.answer, live.status, live.code),
                (Answer::Live, Some(200), None),
                "{way:?} {header:?}"
            );
            world
                .provider
                .revoke(&world.at(), &minted.remote_id.unwrap())
                .await
                .unwrap();
            let dead = world.provider.verify(&world.at(), &minted.secret).await;
            assert_eq!(
                (dead.answer, dead.status),
                (Answer::Dead, Some(401)),
                "{way:?} {header:?}"
            );
            assert_eq!(dead.code.as_deref(), Some("invalid_api_key"));
        }
    }
}

#[tokio::test]
async fn only_the_providers_own_refusal_is_dead() {
    for way in Way::BOTH {
        for (fault, status) in [
            (Fault::status(401).code("something_else"), Some(401)),
            (Fault::status(402), Some(402)),
            (Fault::status(403), Some(403)),
            (Fault::status(404), Some(404)),
            (Fault::status(410), Some(410)),
            (Fault::status(429), Some(429)),
            (Fault::status(500), Some(500)),
            (Fault::status(503), Some(503)),
            (Fault::status(302).header("location", "/elsewhere"), Some(302)),
            (Fault::drop_connection(), None),
            (Fault::cut_body(5), None),
            (Fault::malformed(Malformed::Html), Some(200)),
            (Fault::malformed(Malformed::Truncated), Some(200)),
            (Fault::malformed(Malformed::Empty), Some(200)),
            (Fault::malformed(Malformed::Oversized), None),
        ] {
            let world = World::new(way).await;
            let minted = world.provider.mint(&world.at(), "x").await.unwrap();
            let name = format!("{way:?} {:?}", fault.kind);
            world.sim.inject(fault.on("GET", VERIFY).always());
            let verdict = world.provider.verify(&world.at(), &minted.secret).await;
            assert_eq!(
                (verdict.answer, verdict.status),
                (Answer::Undetermined, status),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn a_provider_that_hangs_says_nothing_of_the_key() {
    for way in Way::BOTH {
        let world = World::new(way).await;
        world.sim.inject(Fault::hang().on("GET", VERIFY).always());
        let verdict = world.provider.verify(&world.at(), &secret(KEY)).await;
        assert_eq!(
            (verdict.answer, verdict.status),
            (Answer::Undetermined, None),
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn a_suspended_organisation_does_not_make_a_key_dead() {
    let world = World::new(Way::InProcess).await;
    let minted = world.provider.mint(&world.at(), "x").await.unwrap();
    world.sim.suspend(&world.org.id, true);
    let verdict = world.provider.verify(&world.at(), &minted.secret).await;
    assert_eq!(
        (verdict.answer, verdict.code.as_deref()),
        (Answer::Undetermined, Some("forbidden"))
    );
}

/// The first answer is to `X-API-Key`, the second to `Bearer`.
async fn check(says: Vec<Said>, answer: Answer, calls: usize) {
    let (provider, script) = Script::executor(says);
    let verdict = provider
        .verify(&workspace(&overten(), "org_1", None), &secret(KEY))
        .await;
    assert_eq!(verdict.answer, answer);
    assert_eq!(script.asked().len(), calls);
}

#[tokio::test]
async fn both_headers_count_before_a_key_is_dead() {
    let other = r#"{"success":false,"error":"missing_header"}"#;
    check(vec![json(401, DEAD), json(200, "{}")], Answer::Live, 2).await;
    check(vec![json(401, DEAD), json(401, DEAD)], Answer::Dead, 2).await;
    check(vec![json(401, other), json(401, DEAD)], Answer::Dead, 2).await;
    check(vec![json(401, DEAD), json(401, other)], Answer::Dead, 2).await;
    check(vec![json(401, other), json(401, other)], Answer::Undetermined, 2).await;
    check(vec![json(401, DEAD), json(429, "{}")], Answer::Undetermined, 2).await;
    check(vec![json(401, DEAD), json(503, "{}")], Answer::Undetermined, 2).await;
    check(vec![json(401, DEAD)], Answer::Undetermined, 2).await;
    check(vec![json(403, DEAD), json(401, DEAD)], Answer::Undetermined, 1).await;
    check(vec![json(200, "{}"), json(401, DEAD)], Answer::Live, 1).await;
    check(
        vec![answer(401, "text/html", DEAD, &[]), answer(401, "text/html", DEAD, &[])],
        Answer::Undetermined,
        2,
    )
    .await;
    check(
        vec![answer(200, "text/html", "<html>Sign in to the Wi-Fi", &[])],
        Answer::Undetermined,
        1,
    )
    .await;
    check(
        vec![json(200, &format!("{}{}", "[".repeat(40), "]".repeat(40)))],
        Answer::Undetermined,
        1,
    )
    .await;
}

#[tokio::test]
async fn a_value_that_cannot_stand_in_a_header_is_not_sent() {
    let (provider, script) = Script::executor([json(200, "{}")]);
    for value in ["", "a b", "a\r\nX-Evil: 1", "ключ"] {
        let verdict = provider
            .verify(&workspace(&overten(), "org_1", None), &secret(value))
            .await;
        assert_eq!(verdict.answer, Answer::Undetermined, "{value:?}");
    }
    assert_eq!(script.asked().len(), 0);
}

#[tokio::test]
async fn a_verdict_holds_nothing_of_the_answer() {
    for way in Way::BOTH {
        let world = World::new(way).await;
        let minted = world.provider.mint(&world.at(), "x").await.unwrap();
        for status in [200, 401, 403, 500] {
            world.sim.clear_faults();
            if status != 200 {
                world.sim.inject(Fault::echo_secret(status).on("GET", VERIFY).always());
            }
            let shown = format!("{:?}", world.provider.verify(&world.at(), &minted.secret).await);
            for secret in [
                minted.secret.expose(),
                world.org.webhook_secret.as_str(),
                world.org.name.as_str(),
            ] {
                assert!(!shown.contains(secret), "{way:?} {status}: {shown}");
            }
        }
    }
}
