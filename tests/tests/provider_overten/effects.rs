//! What each fault means for the outside world, checked against the ledger.

use std::collections::BTreeMap;

use keywheel_core::failure::{Code, Effect, Failure};
use keywheel_core::provider::Provider;
use provider_sim::{Fault, FaultKind, Malformed};
use tokio::task::JoinSet;

use super::world::{Way, World, workspace};

/// Every way in which a creating call goes wrong, and what may be said of it.
fn faults() -> Vec<(Fault, Code, Effect)> {
    use Code::*;
    use Effect::*;
    vec![
        (Fault::drop_connection().before(), ProviderNoAnswer, Unknown),
        (Fault::drop_connection().after(), ProviderNoAnswer, Unknown),
        (Fault::cut_body(0), ProviderNoAnswer, Unknown),
        (Fault::cut_body(40), ProviderNoAnswer, Unknown),
        (Fault::hang().before(), ProviderNoAnswer, Unknown),
        (Fault::hang().after(), ProviderNoAnswer, Unknown),
        (Fault::malformed(Malformed::Html), ProviderUnexpected, Unknown),
        (Fault::malformed(Malformed::Truncated), ProviderUnexpected, Unknown),
        (Fault::malformed(Malformed::Empty), ProviderUnexpected, Unknown),
        (Fault::malformed(Malformed::Oversized), ProviderTooLarge, Unknown),
        (Fault::status(200).before(), ProviderUnexpected, Unknown),
        (Fault::status(202).before(), ProviderUnexpected, Unknown),
        (
            Fault::status(301).header("location", "https://evil.example/"),
            ProviderRedirected,
            Unknown,
        ),
        (
            Fault::status(302).header("location", "/elsewhere"),
            ProviderRedirected,
            Unknown,
        ),
        (
            Fault::status(307).header("location", "https://evil.example/"),
            ProviderRedirected,
            Unknown,
        ),
        (
            Fault::status(308).header("location", "https://evil.example/"),
            ProviderRedirected,
            Unknown,
        ),
        (Fault::status(400), ProviderRefused, NotApplied),
        (Fault::status(401).code("unauthorized"), CredentialRefused, NotApplied),
        (Fault::status(402), ProviderUnexpected, Unknown),
        (Fault::status(403), CredentialNotAllowed, NotApplied),
        (Fault::status(404), ProviderRefused, NotApplied),
        (Fault::status(408), ProviderUnexpected, Unknown),
        (Fault::status(409), ProviderRefused, NotApplied),
        (Fault::status(418), ProviderUnexpected, Unknown),
        (Fault::status(422), ProviderRefused, NotApplied),
        (Fault::status(429), ProviderRateLimited, Unknown),
        (Fault::status(500).before(), ProviderServerError, Unknown),
        (Fault::status(500).after(), ProviderServerError, Unknown),
        (Fault::status(501), ProviderServerError, Unknown),
        (Fault::status(502).after(), ProviderServerError, Unknown),
        (Fault::status(503), ProviderServerError, Unknown),
        (Fault::status(504).after(), ProviderServerError, Unknown),
        (Fault::echo_secret(400), ProviderRefused, NotApplied),
        (Fault::echo_secret(500).after(), ProviderServerError, Unknown),
    ]
}

fn is_told(failure: &Failure, code: Code, effect: Effect, world: &World, what: &str) {
    assert_eq!((failure.code, failure.effect), (code, effect), "{what}");
    let shown = format!("{failure:?} {failure}");
    let secrets = world.sim.ledger().keys.into_iter().map(|key| key.value);
    let texts = [
        world.user.refresh_token.clone(),
        world.org.webhook_secret.clone(),
        "served".into(),
        "could not".into(),
    ];
    for foreign in secrets.chain(texts) {
        assert!(!shown.contains(&foreign), "{what}: foreign text in {shown}");
    }
}

/// Runs the case for each fault. Those that wait for an answer that never comes wait together.
async fn for_each<F: Future<Output = ()> + Send + 'static>(
    ways: &[Way],
    case: fn(Way, Fault, Code, Effect, String) -> F,
) {
    let (mut waiting, mut rest) = (JoinSet::new(), Vec::new());
    for way in ways {
        for (fault, code, effect) in faults() {
            let what = format!("{way:?} {:?} {:?}", fault.kind, fault.moment());
            let hangs = fault.kind == FaultKind::Hang;
            let case = case(*way, fault, code, effect, what);
            if hangs {
                waiting.spawn(case);
            } else {
                rest.push(case);
            }
        }
    }
    waiting.join_all().await;
    for case in rest {
        case.await;
    }
}

#[tokio::test]
async fn a_mint_that_goes_wrong_is_sent_once_and_told_for_what_it_is() {
    for_each(&Way::BOTH, |way, fault, code, effect, what| async move {
        let world = World::new(way).await;
        let path = world.keys_path();
        world.sim.inject(fault.on("POST", &path).always());
        let failure = world
            .provider
            .mint(&world.at(), "x")
            .await
            .err()
            .unwrap_or_else(|| panic!("{what}"));
        is_told(&failure, code, effect, &world, &what);
        assert_eq!(world.mints(), 1, "{what}: sent at most once");
        let created = world.sim.live_keys(&world.org.id).len();
        assert!(
            effect == Effect::Unknown || created == 0,
            "{what}: not applied means that there is no key"
        );
    })
    .await;
}

#[tokio::test]
async fn a_sign_up_that_goes_wrong_is_sent_once_and_told_for_what_it_is() {
    for_each(&[Way::Loopback], |way, fault, code, effect, what| async move {
        let world = World::new(way).await;
        let at = workspace(&world.definition, "", Some(world.refresh()));
        world.sim.inject(fault.on("POST", "/api/v1/signup").always());
        let form = BTreeMap::from([("org_name".to_owned(), "Beta".to_owned())]);
        let failure = world
            .provider
            .sign_up(&at, &form)
            .await
            .err()
            .unwrap_or_else(|| panic!("{what}"));
        is_told(&failure, code, effect, &world, &what);
        assert_eq!(
            world.sim.count("POST", "/api/v1/signup"),
            1,
            "{what}: sent at most once"
        );
    })
    .await;
}

#[tokio::test]
async fn a_revoke_that_goes_wrong_is_sent_once_and_told_for_what_it_is() {
    for_each(&Way::BOTH, |way, fault, code, effect, what| async move {
        // A 204 has no body to spoil.
        let (code, effect) = match fault.kind {
            FaultKind::CutBody { .. } => return,
            FaultKind::Malformed {
                body: Malformed::Truncated | Malformed::Empty,
            } => return,
            FaultKind::Status { status: 404, .. } => (Code::ProviderKeyGone, effect),
            _ => (code, effect),
        };
        let world = World::new(way).await;
        let id = world.provider.mint(&world.at(), "x").await.unwrap().remote_id.unwrap();
        let path = format!("{}/{id}", world.keys_path());
        world.sim.inject(fault.on("DELETE", &path).always());
        let failure = world
            .provider
            .revoke(&world.at(), &id)
            .await
            .err()
            .unwrap_or_else(|| panic!("{what}"));
        is_told(&failure, code, effect, &world, &what);
        assert_eq!(world.sim.count("DELETE", &path), 1, "{what}: sent at most once");
        let live = world.sim.live_keys(&world.org.id).len();
        assert!(
            effect == Effect::Unknown || live == 1,
            "{what}: not applied means that the key lives"
        );
    })
    .await;
}

#[tokio::test]
async fn a_read_that_goes_wrong_never_has_an_effect() {
    for_each(&Way::BOTH, |way, fault, code, _, what| async move {
        let expected = match &fault.kind {
            FaultKind::Status {
                status: 402 | 408 | 418,
                ..
            } => Code::ProviderRefused,
            _ => code,
        };
        let world = World::new(way).await;
        let path = world.keys_path();
        world.sim.inject(fault.on("GET", &path).always());
        let failure = world
            .provider
            .list(&world.at())
            .await
            .err()
            .unwrap_or_else(|| panic!("{what}"));
        is_told(&failure, expected, Effect::NotApplied, &world, &what);
    })
    .await;
}
