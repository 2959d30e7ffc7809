//! Revoking in two calls: switched off, then deleted.

use keywheel_core::failure::{Code, Effect};
use keywheel_core::http::TransportFailure;
use keywheel_core::provider::Provider;
use tests::script::{Said, Script, answer};

use super::{ADMIN, KEY, account, refusal};

fn done(operation: &str) -> Said {
    let body = format!(
        "<{operation}Response><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></{operation}Response>"
    );
    answer(200, "text/xml", &body, &[])
}

#[tokio::test]
async fn a_key_is_switched_off_and_then_deleted() {
    let (executor, script) = Script::executor([done("UpdateAccessKey"), done("DeleteAccessKey")]);
    executor.revoke(&account(), KEY).await.unwrap();
    let bodies: Vec<String> = script.asked().iter().map(|asked| asked.body.clone()).collect();
    assert_eq!(
        bodies,
        [
            format!("AccessKeyId={KEY}&Action=UpdateAccessKey&Status=Inactive&UserName=ada&Version=2010-05-08"),
            format!("AccessKeyId={KEY}&Action=DeleteAccessKey&UserName=ada&Version=2010-05-08"),
        ]
    );
}

#[tokio::test]
async fn what_each_pair_of_answers_means() {
    use Effect::{NotApplied, Unknown};
    let lost = || Err(TransportFailure::NoAnswer);
    let off = || done("UpdateAccessKey");
    for (what, says, code, effect, calls) in [
        (
            "gone before",
            vec![refusal(404, "NoSuchEntity")],
            Code::ProviderKeyGone,
            NotApplied,
            1,
        ),
        (
            "not allowed",
            vec![refusal(403, "AccessDenied")],
            Code::CredentialNotAllowed,
            NotApplied,
            1,
        ),
        (
            "not sent",
            vec![Err(TransportFailure::NotSent)],
            Code::ProviderUnreachable,
            NotApplied,
            1,
        ),
        ("perhaps off", vec![lost()], Code::ProviderNoAnswer, Unknown, 1),
        (
            "an error of theirs",
            vec![refusal(500, "ServiceFailure")],
            Code::ProviderServerError,
            Unknown,
            1,
        ),
        (
            "off, gone meanwhile",
            vec![off(), refusal(404, "NoSuchEntity")],
            Code::ProviderKeyGone,
            NotApplied,
            2,
        ),
        (
            "off, may not delete",
            vec![off(), refusal(403, "AccessDenied")],
            Code::KeyInactive,
            NotApplied,
            2,
        ),
        (
            "off, not sent",
            vec![off(), Err(TransportFailure::NotSent)],
            Code::KeyInactive,
            NotApplied,
            2,
        ),
        (
            "off, perhaps gone",
            vec![off(), lost()],
            Code::ProviderNoAnswer,
            Unknown,
            2,
        ),
        (
            "off, an error",
            vec![off(), refusal(503, "ServiceUnavailable")],
            Code::ProviderServerError,
            Unknown,
            2,
        ),
    ] {
        let (executor, script) = Script::executor(says);
        let failure = executor.revoke(&account(), KEY).await.unwrap_err();
        assert_eq!((failure.code, failure.effect), (code, effect), "{what}");
        assert_eq!(script.asked().len(), calls, "{what}: a call is made once");
    }
}

#[tokio::test]
async fn the_key_that_signs_is_not_revoked_with_itself() {
    let (executor, script) = Script::executor([]);
    let failure = executor.revoke(&account(), ADMIN).await.unwrap_err();
    assert_eq!(
        (failure.code, failure.effect),
        (Code::KeyManagesAccount, Effect::NotApplied)
    );
    assert!(script.asked().is_empty());
}
