//! Each documented answer, and what it says of the key.

use keywheel_core::model::{Answer, Standing};

use tests::script::{Said, answer, json, now, verdict};

const ON_PAGE: &str = "op_live_0123456789abcdefABCDEF";
const AUTHENTA: &str = "api_0123456789abcdef";
const OPTIVERSE: &str = "optiuser_v1_0123456789abcdef";

type Told = (Answer, Option<Standing>, Option<&'static str>);

async fn check(id: &str, key: &str, said: Said, told: Told) {
    let what = match &said {
        Ok(answer) => format!("{id}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)),
        Err(failed) => format!("{id}: {failed:?}"),
    };
    let verdict = verdict(id, key, said).await;
    assert_eq!(
        (verdict.answer, verdict.standing, verdict.code.as_deref()),
        told,
        "{what}"
    );
}

const LIVE: Told = (Answer::Live, None, None);
const RESTRICTED: Option<Standing> = Some(Standing::Restricted);
const LIMITED: Told = (Answer::Undetermined, Some(Standing::RateLimited), None);
const UNKNOWN: Told = (Answer::Undetermined, None, None);

#[tokio::test]
async fn on_page() {
    let check = |said, told| check("on-page", ON_PAGE, said, told);
    check(json(200, r#"{"request_id":"r","balance":7}"#), LIVE).await;
    // "Invalid or missing keys return 401 INVALID_API_KEY", in each envelope that it may come in.
    for body in [
        r#"{"error":{"code":"INVALID_API_KEY","message":"no"}}"#,
        r#"{"code":"INVALID_API_KEY"}"#,
        r#"{"error":"INVALID_API_KEY"}"#,
    ] {
        check(json(401, body), (Answer::Dead, None, Some("INVALID_API_KEY"))).await;
    }
    // "Suspended organizations return 403 ORGANIZATION_SUSPENDED."
    let suspended = (
        Answer::Undetermined,
        Some(Standing::Suspended),
        Some("ORGANIZATION_SUSPENDED"),
    );
    check(json(403, r#"{"error":{"code":"ORGANIZATION_SUSPENDED"}}"#), suspended).await;
    // "Keys without the right permissions will receive 403 on restricted routes."
    check(
        json(403, r#"{"error":{"message":"no"}}"#),
        (Answer::Live, RESTRICTED, None),
    )
    .await;
    check(json(401, r#"{"error":{"code":"OTHER"}}"#), UNKNOWN).await;
    check(json(429, "{}"), LIMITED).await;
    check(json(500, "{}"), UNKNOWN).await;
}

#[tokio::test]
async fn authenta() {
    let check = |said, told| check("authenta", AUTHENTA, said, told);
    check(json(200, r#"{"jobs":[]}"#), LIVE).await;
    let dead = (Answer::Dead, None, Some("INVALID_API_KEY"));
    check(
        json(
            401,
            r#"{"code":"INVALID_API_KEY","statusCode":401,"message":"Invalid API key"}"#,
        ),
        dead,
    )
    .await;
    // "403 — Forbidden (You are not authorized)"
    let restricted = (Answer::Live, RESTRICTED, Some("FORBIDDEN"));
    check(
        json(
            403,
            r#"{"code":"FORBIDDEN","statusCode":403,"message":"You are not authorized"}"#,
        ),
        restricted,
    )
    .await;
    // A key that used up its share of the quota stops; its siblings and the key itself are well.
    let exhausted = (Answer::Live, Some(Standing::Exhausted), None);
    check(json(429, r#"{"statusCode":429,"message":"Quota Exceeded"}"#), exhausted).await;
    check(
        json(429, r#"{"statusCode":429,"message":"Too many requests"}"#),
        LIMITED,
    )
    .await;
    // The code of the former pair of id and secret says nothing of a key.
    check(json(401, r#"{"code":"IAM001","type":"auth","message":"no"}"#), UNKNOWN).await;
}

#[tokio::test]
async fn optiverse() {
    let check = |said, told| check("optiverse", OPTIVERSE, said, told);
    let page = r#"{"success":true,"data":[],"pagination":{"total":0,"limit":1,"offset":0,"hasMore":false}}"#;
    check(json(200, page), LIVE).await;
    for (status, code, told) in [
        (401, "AUTH001", UNKNOWN.0),
        (401, "AUTH002", Answer::Dead),
        (409, "KEY001", UNKNOWN.0),
        (400, "VAL001", UNKNOWN.0),
        (404, "PERM001", UNKNOWN.0),
        (500, "SRV500", UNKNOWN.0),
    ] {
        let body = format!(r#"{{"success":false,"error":{{"code":"{code}","message":"no"}}}}"#);
        check(json(status, &body), (told, None, Some(code))).await;
        // The same error inside a 200 is no success.
        check(json(200, &body), UNKNOWN).await;
    }
    check(json(429, "{}"), LIMITED).await;
}

#[tokio::test]
async fn what_is_not_an_answer_of_the_api_says_nothing() {
    for (id, key) in [("on-page", ON_PAGE), ("authenta", AUTHENTA), ("optiverse", OPTIVERSE)] {
        for status in [200, 403] {
            let page = answer(status, "text/html", "<h1>Sign in to the hotel's network</h1>", &[]);
            check(id, key, page, UNKNOWN).await;
        }
        let lost = Err(keywheel_core::http::TransportFailure::NoAnswer);
        check(id, key, lost, UNKNOWN).await;
    }
}

#[tokio::test]
async fn a_limit_tells_when_to_ask_again_in_seconds_and_as_a_date() {
    for (said, at) in [
        ("180", "2026-11-21T04:03:00Z"),
        ("Sat, 21 Nov 2026 04:02:00 GMT", "2026-11-21T04:02:00Z"),
    ] {
        let limited = answer(429, "application/json", "{}", &[("retry-after", said)]);
        let verdict = verdict("optiverse", OPTIVERSE, limited).await;
        assert_eq!(verdict.standing, Some(Standing::RateLimited));
        assert_eq!(verdict.retry_at, Some(at.parse().unwrap()), "{said}");
        assert_eq!(verdict.at, now());
    }
    let silent = verdict("optiverse", OPTIVERSE, json(429, "{}")).await;
    assert_eq!(silent.retry_at, None);
}
