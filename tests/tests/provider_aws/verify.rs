//! Whether a key works, asked of the token service with a signature of its own.

use keywheel_core::model::{Answer, Secret};
use keywheel_core::provider::Provider;
use tests::script::{Said, Script, answer};

use super::{KEY, SECRET, account, refusal, result};

const WHO: &str = "<UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account>\
                   <Arn>arn:aws:iam::123456789012:user/ada</Arn>";

async fn told(said: Said) -> Answer {
    let (executor, script) = Script::executor([said]);
    let verdict = executor.verify(&account(), &Secret::of_parts(&[KEY, SECRET])).await;
    let asked = script.asked();
    assert_eq!(asked[0].line, "POST https://sts.amazonaws.com/");
    assert_eq!(asked[0].body, "Action=GetCallerIdentity&Version=2011-06-15");
    let signed = asked[0].authorization.as_deref().unwrap();
    assert!(
        signed.contains(&format!("={KEY}/20261121/us-east-1/sts/aws4_request")),
        "{signed}"
    );
    assert!(!signed.contains(SECRET));
    verdict.answer
}

#[tokio::test]
async fn only_the_refusal_of_this_key_is_its_death() {
    assert_eq!(told(result("GetCallerIdentity", WHO)).await, Answer::Live);
    assert_eq!(told(refusal(403, "InvalidClientTokenId")).await, Answer::Dead);
    for (status, code) in [
        // A clock that is wrong is told so too.
        (403, "SignatureDoesNotMatch"),
        (403, "AccessDenied"),
        (403, "ExpiredToken"),
        (400, "Throttling"),
        (500, "InvalidClientTokenId"),
        (503, "ServiceUnavailable"),
    ] {
        assert_eq!(
            told(refusal(status, code)).await,
            Answer::Undetermined,
            "{status} {code}"
        );
    }
}

#[tokio::test]
async fn a_refusal_that_comes_before_the_service_is_read_as_well() {
    let early = "<?xml version=\"1.0\" encoding=\"utf-8\"?><ErrorResponse><Errors><Error>\
                 <Code>InvalidClientTokenId</Code></Error></Errors></ErrorResponse>";
    assert_eq!(
        told(answer(403, "text/html; charset=utf-8", early, &[])).await,
        Answer::Dead
    );
}

#[tokio::test]
async fn a_page_that_stands_in_the_way_says_nothing() {
    for (status, media, body) in [
        (200, "text/html", "<html></html>"),
        (200, "text/html", "<?xml version=\"1.0\"?><html></html>"),
        (200, "application/xhtml+xml", "<html></html>"),
        (200, "application/json", "{}"),
        (200, "text/xml", "not xml"),
        (403, "text/html", "<html>InvalidClientTokenId</html>"),
        (403, "text/html", "<?xml version=\"1.0\"?><!DOCTYPE html><html/>"),
    ] {
        assert_eq!(
            told(answer(status, media, body, &[])).await,
            Answer::Undetermined,
            "{media} {body}"
        );
    }
}

#[tokio::test]
async fn what_is_not_two_parts_is_not_sent() {
    for value in [KEY, "AKIAIOSFODNN7EXAMPLE\n", "a\nb\nc"] {
        let (executor, script) = Script::executor([]);
        let verdict = executor.verify(&account(), &Secret::new(value.to_owned())).await;
        assert_eq!((verdict.answer, script.asked().len()), (Answer::Undetermined, 0));
    }
}
