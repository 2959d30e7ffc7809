//! Which requests a fault meets, and on which side of the effect.

use std::time::Duration;

use provider_sim::{Dropped, Fault, FaultKind, RetryAfter, Sent};
use serde_json::json;

use crate::lab::{MINT, REVOKE, VERIFY, lab};

#[tokio::test]
async fn a_status_comes_before_or_after_the_effect() {
    for (fault, live) in [
        (Fault::status(503).before(), 1),
        (Fault::status(503).after(), 2),
        (Fault::status(503), 1),
    ] {
        let lab = lab();
        lab.sim.inject(fault.on("POST", MINT));
        let said = lab.mint().await.unwrap();
        assert_eq!((said.status, said.refusal().as_str()), (503, "capacity"));
        assert_eq!(lab.live(), live);
        assert_eq!(lab.mint().await.unwrap().status, 201, "it fires once");
    }
}

#[tokio::test]
async fn too_many_requests_says_how_long_in_both_forms() {
    let lab = lab();
    let limited = || Fault::status(429).on("GET", VERIFY);
    lab.sim.inject(limited().retry_after(RetryAfter::Seconds(40)));
    lab.sim.inject(limited().retry_after(RetryAfter::DateIn(90)));
    for wait in ["40", "Sat, 21 Nov 2026 14:06:30 GMT"] {
        let said = lab.verify(&lab.key.value).await.unwrap();
        assert_eq!((said.status, said.refusal().as_str()), (429, "rate_limited"));
        assert_eq!(said.header("retry-after"), wait);
        assert_eq!(said.header("date"), "Sat, 21 Nov 2026 14:05:00 GMT");
    }
}

#[tokio::test]
async fn a_status_speaks_the_envelope_of_its_host_or_its_own_body() {
    let lab = lab();
    lab.sim.inject(
        Fault::status(400)
            .host("securetoken.googleapis.com")
            .code("TOKEN_EXPIRED"),
    );
    let url = "https://securetoken.googleapis.com/v1/token?key=x";
    assert_eq!(lab.mint().await.unwrap().status, 201, "another host");
    assert_eq!(lab.send("POST", url, &[], "").await.unwrap().google(), "TOKEN_EXPIRED");
    lab.sim.inject(
        Fault::status(307)
            .body(json!({"a": 1}))
            .header("location", "https://evil.example/"),
    );
    let said = lab.mint().await.unwrap();
    assert_eq!((said.status, said.json()), (307, json!({"a": 1})));
    assert_eq!(said.header("location"), "https://evil.example/");
}

#[tokio::test]
async fn a_fault_waits_for_its_occurrence_and_ends_after_its_times() {
    let lab = lab();
    lab.sim.inject(Fault::status(500).on("GET", VERIFY).nth(2).times(2));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(lab.verify(&lab.key.value).await.unwrap().status);
        lab.mint().await.unwrap();
    }
    assert_eq!(statuses, [200, 500, 500, 200]);
    let rule = &lab.sim.faults()[0];
    assert_eq!((rule.seen, rule.fired), (4, 2));
}

#[tokio::test]
async fn faults_queue_and_a_standing_one_stays_until_cleared() {
    let lab = lab();
    lab.sim.inject(Fault::status(500).on("*", "**/verify"));
    lab.sim.inject(Fault::status(502));
    lab.sim.inject(Fault::status(503).always());
    for status in [500, 502, 503, 503] {
        assert_eq!(lab.verify(&lab.key.value).await.unwrap().status, status);
    }
    lab.sim.clear_faults();
    assert_eq!(lab.verify(&lab.key.value).await.unwrap().status, 200);
    assert!(lab.sim.faults().is_empty());
}

#[tokio::test]
async fn a_dropped_connection_is_an_error_on_either_side_of_the_effect() {
    for (fault, live) in [
        (Fault::drop_connection().before(), 1),
        (Fault::drop_connection().after(), 2),
    ] {
        let lab = lab();
        lab.sim.inject(fault.on("POST", MINT));
        assert_eq!(lab.mint().await.unwrap_err(), Dropped);
        assert_eq!(lab.live(), live);
        let record = &lab.sim.requests()[0];
        assert_eq!(
            (record.status, record.faults.as_slice()),
            (Sent::Dropped, ["drop".to_owned()].as_slice())
        );
        assert_eq!(record.effect.minted.len(), live - 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hang_never_answers_on_either_side_of_the_effect() {
    for (fault, live) in [(Fault::hang().before(), 1), (Fault::hang().after(), 2)] {
        let lab = lab();
        lab.sim.inject(fault.on("POST", MINT));
        let waited = tokio::time::timeout(Duration::from_secs(86_400), lab.mint()).await;
        assert!(waited.is_err());
        assert_eq!((lab.live(), lab.sim.requests()[0].status), (live, Sent::Hung));
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_holds_the_answer_back() {
    for fault in [
        Fault::delay(Duration::from_secs(5)).before(),
        Fault::delay(Duration::from_secs(5)).after(),
    ] {
        let lab = lab();
        lab.sim.inject(fault.on("POST", MINT));
        let begun = tokio::time::Instant::now();
        assert_eq!(lab.mint().await.unwrap().status, 201);
        assert_eq!(begun.elapsed().as_secs(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delayed_effect_happens_although_the_caller_gave_up() {
    for (fault, at_once) in [
        (Fault::delay(Duration::from_secs(9)).before(), 1),
        (Fault::delay(Duration::from_secs(9)).after(), 2),
    ] {
        let lab = lab();
        lab.sim.inject(fault.on("POST", MINT));
        assert!(tokio::time::timeout(Duration::from_secs(3), lab.mint()).await.is_err());
        assert_eq!(lab.live(), at_once);
        lab.pass(9);
        tokio::time::sleep(Duration::from_secs(9)).await;
        assert_eq!(lab.live(), 2, "the provider had read the request");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hold_ends_when_all_is_forgotten_and_not_before() {
    for (fault, at_once) in [(Fault::hold().before(), 1), (Fault::hold().after(), 2)] {
        let lab = lab();
        lab.sim.inject(fault.on("POST", MINT));
        let held = async {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            assert_eq!(lab.live(), at_once);
            assert_eq!(lab.sim.requests()[0].status, Sent::Pending);
            lab.sim.clear_faults();
        };
        let (minted, ()) = tokio::join!(lab.mint(), held);
        assert_eq!((minted.unwrap().status, lab.live()), (201, 2));
    }
}

#[tokio::test]
async fn success_without_effect_looks_like_success() {
    let lab = lab();
    lab.sim.inject(Fault::no_effect().on("POST", MINT));
    lab.sim.inject(Fault::no_effect().on("DELETE", REVOKE));
    let minted = lab.mint().await.unwrap();
    assert_eq!(minted.status, 201);
    assert_eq!(lab.verify(&minted.field("secret")).await.unwrap().status, 401);
    assert_eq!(lab.revoke(&lab.key.key_id).await.unwrap().status, 204);
    assert_eq!(lab.verify(&lab.key.value).await.unwrap().status, 200);
    assert_eq!(lab.sim.ledger().keys.len(), 1);
    assert!(lab.sim.requests().iter().all(|record| record.effect.is_none()));
}

#[tokio::test]
async fn a_duplicate_effect_mints_two_and_shows_the_second() {
    let lab = lab();
    lab.sim.inject(Fault::duplicate().on("POST", MINT));
    lab.sim.inject(Fault::duplicate().on("DELETE", REVOKE));
    let said = lab.mint().await.unwrap();
    let record = &lab.sim.requests()[0];
    assert_eq!(record.effect.minted.len(), 2);
    assert_eq!(record.effect.minted[1], said.field("key_id"));
    assert_eq!(lab.live(), 3);
    assert_eq!(
        lab.revoke(&lab.key.key_id).await.unwrap().status,
        404,
        "the repeat finds nothing"
    );
    assert_eq!(lab.live(), 2);
}

#[tokio::test]
async fn the_list_may_lag_behind_both_ways() {
    let lab = lab();
    lab.sim
        .inject(Fault::list_lag(Duration::from_secs(30)).on("POST", MINT));
    lab.sim
        .inject(Fault::list_lag(Duration::from_secs(60)).on("DELETE", REVOKE));
    let minted = lab.mint().await.unwrap();
    lab.revoke(&lab.key.key_id).await.unwrap();
    assert_eq!(
        lab.verify(&minted.field("secret")).await.unwrap().status,
        200,
        "only the list lags"
    );
    assert_eq!(
        lab.verify(&lab.key.value).await.unwrap().status,
        401,
        "only the list lags"
    );
    assert_eq!(lab.listed().await, std::slice::from_ref(&lab.key.key_id));
    lab.pass(30);
    assert_eq!(lab.listed().await, [lab.key.key_id.clone(), minted.field("key_id")]);
    lab.pass(30);
    assert_eq!(lab.listed().await, [minted.field("key_id")]);
}

#[tokio::test]
async fn minting_and_revoking_may_take_a_while_to_be_known() {
    let lab = lab();
    lab.sim
        .inject(Fault::new_key_refused(Duration::from_secs(5)).on("POST", MINT));
    lab.sim
        .inject(Fault::revoked_key_accepted(Duration::from_secs(8)).on("DELETE", REVOKE));
    let new = lab.mint().await.unwrap().field("secret");
    lab.revoke(&lab.key.key_id).await.unwrap();
    for (after, new_status, old_status) in [(0, 401, 200), (5, 200, 200), (3, 200, 401)] {
        lab.pass(after);
        assert_eq!(
            lab.verify(&new).await.unwrap().status,
            new_status,
            "new after {after} s"
        );
        assert_eq!(
            lab.verify(&lab.key.value).await.unwrap().status,
            old_status,
            "old after {after} s"
        );
        assert_eq!(
            (lab.sim.accepts(&new), lab.sim.accepts(&lab.key.value)),
            (new_status == 200, old_status == 200)
        );
    }
    assert!(
        !lab.sim.key_by_value(&lab.key.value).unwrap().is_live(),
        "the ledger knows at once"
    );
}

#[test]
fn a_fault_reads_from_json_with_its_defaults() {
    let fault: Fault = serde_json::from_value(json!({"do": {"kind": "drop"}})).unwrap();
    assert_eq!(fault, Fault::new(FaultKind::Drop));
    let standing: Fault = serde_json::from_value(json!({
        "method": "POST", "path": MINT, "at": "after", "times": null,
        "do": {"kind": "status", "status": 429, "retry_after": {"seconds": 5}},
    }))
    .unwrap();
    let built = Fault::status(429)
        .retry_after(RetryAfter::Seconds(5))
        .on("POST", MINT)
        .after()
        .always();
    assert_eq!(standing, built);
    for wrong in [
        json!({"do": {"kind": "nap"}}),
        json!({"pth": "/", "do": {"kind": "drop"}}),
    ] {
        assert!(serde_json::from_value::<Fault>(wrong.clone()).is_err(), "{wrong}");
    }
}
