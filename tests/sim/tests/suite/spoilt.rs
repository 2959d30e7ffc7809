//! Answers that arrive wrong.

use provider_sim::{Dropped, Fault, Malformed, Sent};
use serde_json::Value;

use crate::lab::{MINT, REVOKE, lab};

#[tokio::test]
async fn a_cut_body_fails_the_reader_after_the_effect() {
    for (bytes, at) in [(0, 0), (10, 10)] {
        let lab = lab();
        lab.sim.inject(Fault::cut_body(bytes).on("POST", MINT));
        assert_eq!(lab.mint().await.unwrap_err(), Dropped);
        let record = &lab.sim.requests()[0];
        assert_eq!((record.status, record.cut_at), (Sent::Status(201), Some(at)));
        assert_eq!(lab.live(), 2);
    }
}

#[tokio::test]
async fn a_cut_never_sends_the_whole_body() {
    let lab = lab();
    lab.sim.inject(Fault::cut_body(usize::MAX).on("POST", MINT));
    assert_eq!(lab.mint().await.unwrap_err(), Dropped);
    let whole = lab.mint().await.unwrap().text.len();
    assert_eq!(lab.sim.requests()[0].cut_at, Some(whole - 1));
}

#[tokio::test]
async fn a_malformed_body_hides_the_effect() {
    for wrong in [
        Malformed::Html,
        Malformed::Truncated,
        Malformed::WrongTypes,
        Malformed::Empty,
        Malformed::Oversized,
    ] {
        let lab = lab();
        lab.sim.inject(Fault::malformed(wrong).on("POST", MINT));
        let said = lab.mint().await.unwrap();
        let parsed = serde_json::from_str::<Value>(&said.text).ok();
        assert_eq!(said.status, if wrong == Malformed::Empty { 200 } else { 201 });
        match wrong {
            Malformed::Html => assert!(said.header("content-type").starts_with("text/html") && parsed.is_none()),
            Malformed::Truncated => assert!(said.text.starts_with('{') && parsed.is_none()),
            Malformed::WrongTypes => assert!(parsed.unwrap()["secret"][0].is_string()),
            Malformed::Empty => assert!(said.text.is_empty()),
            Malformed::Oversized => assert!(said.text.len() > 8 << 20 && parsed.unwrap()["secret"].is_string()),
        }
        assert_eq!(lab.live(), 2, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_spoilt_answer_may_also_come_without_the_effect() {
    for fault in [Fault::malformed(Malformed::Html), Fault::cut_body(4)] {
        let lab = lab();
        lab.sim.inject(fault.on("POST", MINT).before());
        let _ = lab.mint().await;
        assert_eq!((lab.live(), lab.sim.ledger().keys.len()), (1, 1));
    }
}

#[tokio::test]
async fn a_page_in_place_of_no_content_is_a_200() {
    let lab = lab();
    lab.sim.inject(Fault::malformed(Malformed::Html).on("DELETE", REVOKE));
    assert_eq!(lab.revoke(&lab.key.key_id).await.unwrap().status, 200);
    assert_eq!(lab.live(), 0);
}

#[tokio::test]
async fn an_error_may_repeat_the_credential_and_the_new_secret() {
    let lab = lab();
    lab.sim.inject(Fault::echo_secret(400).on("POST", MINT).before());
    lab.sim.inject(Fault::echo_secret(500).on("POST", MINT).after());
    let before = lab.mint().await.unwrap();
    assert_eq!((before.status, lab.live()), (400, 1));
    assert!(before.field("message").contains(&lab.token));
    let after = lab.mint().await.unwrap();
    let value = lab.sim.ledger().keys[1].value.clone();
    assert_eq!(after.status, 500);
    assert!(after.field("message").contains(&value));
    lab.sim.inject(Fault::echo_secret(401));
    assert!(
        lab.verify(&lab.key.value)
            .await
            .unwrap()
            .field("message")
            .contains(&lab.key.value)
    );
}

#[tokio::test]
async fn firebase_repeats_secrets_in_its_own_envelope() {
    let lab = lab();
    lab.sim
        .inject(Fault::echo_secret(400).host("securetoken.googleapis.com"));
    let url = "https://securetoken.googleapis.com/v1/token?key=x";
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let said = lab
        .send("POST", url, &headers, "refresh_token=AMf-secret")
        .await
        .unwrap();
    assert!(said.google().contains("AMf-secret"));
}
