//! Listing, creating, and when a key was last used.

use http::HeaderMap;
use keywheel_core::failure::{Code, Effect};
use keywheel_core::http::{Response, Sending};
use keywheel_core::model::RemoteKey;
use keywheel_core::provider::{KeyList, Provider};
use keywheel_core::{Failure, model::Secret};
use tests::script::{Said, Script, answer, json};

use super::{ADMIN, KEY, SECRET, account, refusal, result};

const OTHER: &str = "AKIAI44QH8DHBEXAMPLE";

fn entry(id: &str) -> String {
    format!(
        "<member><UserName>ada</UserName><AccessKeyId>{id}</AccessKeyId><Status>Active</Status>\
         <CreateDate>2026-08-01T12:00:00Z</CreateDate></member>"
    )
}

fn page(entries: &str, more: &str) -> Said {
    let list = format!("<AccessKeyMetadata>{entries}</AccessKeyMetadata>{more}<UserName>ada</UserName>");
    result("ListAccessKeys", &list)
}

async fn listed(says: Vec<Said>) -> (Result<Vec<RemoteKey>, Failure>, Vec<String>) {
    let (executor, script) = Script::executor(says);
    let listed = executor.list(&account()).await.and_then(KeyList::whole);
    let bodies = script.asked().iter().map(|asked| asked.body.clone()).collect();
    (listed, bodies)
}

#[tokio::test]
async fn a_list_is_a_signed_form_to_the_documented_address() {
    for (own, line) in [
        (None, "POST https://iam.amazonaws.com/"),
        (Some("http://127.0.0.1:5000"), "POST http://127.0.0.1:5000/"),
    ] {
        let (executor, script) = Script::executor([page(&entry(KEY), "<IsTruncated>false</IsTruncated>")]);
        let mut at = account();
        at.base_url = own.map(str::to_owned);
        at.fields.insert("user".to_owned(), "ada+ci@acme".to_owned());
        let keys = executor.list(&at).await.unwrap().whole().unwrap();
        assert_eq!(keys[0].remote_id, KEY);
        assert_eq!(keys[0].prefix.as_deref(), Some(KEY), "by which a held value is matched");
        assert_eq!(keys[0].created_at.unwrap().to_string(), "2026-08-01T12:00:00Z");
        let asked = script.asked();
        assert_eq!(asked[0].line, line);
        assert_eq!(asked[0].sending, Sending::Once);
        assert_eq!(
            asked[0].body,
            "Action=ListAccessKeys&UserName=ada%2Bci%40acme&Version=2010-05-08"
        );
        let signed = asked[0].authorization.as_deref().unwrap();
        let scope = format!("AWS4-HMAC-SHA256 Credential={ADMIN}/20261121/us-east-1/iam/aws4_request, ");
        assert!(signed.starts_with(&scope), "{signed}");
    }
}

#[tokio::test]
async fn a_key_that_is_switched_off_is_listed_as_that() {
    let off = entry(OTHER).replace("Active", "Inactive");
    let untold = entry("AKIAUNTOLD0000000000").replace("<Status>Active</Status>", "");
    let (keys, _) = listed(vec![page(
        &[entry(KEY), off, untold].concat(),
        "<IsTruncated>false</IsTruncated>",
    )])
    .await;
    let told: Vec<Option<bool>> = keys.unwrap().iter().map(|key| key.switched_off).collect();
    assert_eq!(told, [Some(false), Some(true), None]);
}

#[tokio::test]
async fn no_key_one_key_and_two_are_lists() {
    for (entries, ids) in [
        (String::new(), vec![]),
        (entry(KEY), vec![KEY]),
        (entry(KEY) + &entry(OTHER), vec![KEY, OTHER]),
    ] {
        let (keys, _) = listed(vec![page(&entries, "<IsTruncated>false</IsTruncated>")]).await;
        let found: Vec<String> = keys.unwrap().into_iter().map(|key| key.remote_id).collect();
        assert_eq!(found, ids);
    }
}

#[tokio::test]
async fn a_list_in_pages_is_read_to_its_end() {
    let more = |marker: &str| format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>");
    let (keys, bodies) = listed(vec![
        page(&entry(KEY), &more("a&amp;b=")),
        page("", &more("c")),
        page(&entry(OTHER), "<IsTruncated>false</IsTruncated>"),
    ])
    .await;
    let ids: Vec<String> = keys.unwrap().into_iter().map(|key| key.remote_id).collect();
    assert_eq!(ids, [KEY, OTHER]);
    let first = "Action=ListAccessKeys&UserName=ada&Version=2010-05-08";
    assert_eq!(
        bodies,
        [
            first.to_owned(),
            format!("{first}&Marker=a%26b%3D"),
            format!("{first}&Marker=c")
        ]
    );
}

#[tokio::test]
async fn half_a_list_is_none() {
    let more = |marker: &str| format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>");
    for (what, says, code) in [
        (
            "no second page",
            vec![page(&entry(KEY), &more("a"))],
            Code::ProviderNoAnswer,
        ),
        (
            "an error instead",
            vec![page(&entry(KEY), &more("a")), refusal(500, "ServiceFailure")],
            Code::ProviderServerError,
        ),
        (
            "more, and no way to it",
            vec![page(&entry(KEY), "<IsTruncated>true</IsTruncated>")],
            Code::ProviderUnexpected,
        ),
        (
            "round in a circle",
            vec![page("", &more("a")), page("", &more("b")), page("", &more("a"))],
            Code::ProviderUnexpected,
        ),
        (
            "neither yes nor no",
            vec![page("", "<IsTruncated>perhaps</IsTruncated>")],
            Code::ProviderUnexpected,
        ),
        (
            "no list",
            vec![result("ListAccessKeys", "<X/>")],
            Code::ProviderUnexpected,
        ),
        ("JSON", vec![json(200, "{}")], Code::ProviderUnexpected),
        (
            "a page of HTML",
            vec![answer(200, "text/html", "<html></html>", &[])],
            Code::ProviderUnexpected,
        ),
        (
            "a secret for an id",
            vec![page(&entry(SECRET), "")],
            Code::ProviderEntryUnread,
        ),
        (
            "markup for an id",
            vec![page(&entry("&lt;b&gt;"), "")],
            Code::ProviderEntryUnread,
        ),
        (
            "an id that is an element",
            vec![page(&entry("<b/>"), "")],
            Code::ProviderEntryUnread,
        ),
    ] {
        let (keys, _) = listed(says).await;
        assert_eq!(keys.unwrap_err().code, code, "{what}");
    }
}

#[tokio::test]
async fn hostile_documents_end_in_an_error() {
    let envelope = |doctype: &str, inner: &str| {
        format!(
            "<?xml version=\"1.0\"?>{doctype}<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata>{inner}\
             </AccessKeyMetadata></ListAccessKeysResult></ListAccessKeysResponse>"
        )
    };
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>";
    let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    for (what, body) in [
        ("a bomb", envelope(bomb, &entry("&b;"))),
        ("a file", envelope(outside, &entry("&a;"))),
        ("too deep", envelope("", &"<member>".repeat(100_000))),
        ("too many", envelope("", &"<member/>".repeat(400_000))),
        (
            "cut off",
            envelope("", &entry(KEY)).replace("</ListAccessKeysResponse>", ""),
        ),
        ("two roots", envelope("", &entry(KEY)).repeat(2)),
    ] {
        let said = answer(200, "text/xml", &body, &[]);
        let (keys, _) = listed(vec![said]).await;
        assert_eq!(keys.unwrap_err().code, Code::ProviderUnexpected, "{what}");
    }
    let endless: String = (0..10_001).map(|n| entry(&format!("AKIA{n:016}"))).collect();
    let (keys, _) = listed(vec![page(&endless, "")]).await;
    assert_eq!(keys.unwrap_err().code, Code::ProviderTooLarge);
    let bytes = Ok(Response {
        status: 200,
        headers: HeaderMap::from_iter([(http::header::CONTENT_TYPE, "text/xml".parse().unwrap())]),
        body: vec![0xff, 0xfe, 0x3c].into(),
    });
    let (keys, _) = listed(vec![bytes]).await;
    assert_eq!(keys.unwrap_err().code, Code::ProviderUnexpected, "not UTF-8");
}

#[tokio::test]
async fn what_a_list_is_refused_with() {
    for (said, code, field) in [
        (refusal(404, "NoSuchEntity"), Code::ProviderRefused, Some("user")),
        (refusal(403, "AccessDenied"), Code::CredentialNotAllowed, None),
        (refusal(403, "InvalidClientTokenId"), Code::CredentialNotAllowed, None),
        (refusal(400, "Throttling"), Code::ProviderRefused, None),
    ] {
        let failure = listed(vec![said]).await.0.unwrap_err();
        assert_eq!((failure.code, failure.field.as_deref()), (code, field));
        assert!(!format!("{failure:?}").contains("words of theirs"));
    }
}

#[tokio::test]
async fn a_created_key_is_both_its_parts() {
    let made = format!(
        "<AccessKey><UserName>ada</UserName><AccessKeyId>{KEY}</AccessKeyId><Status>Active</Status>\
         <SecretAccessKey>{SECRET}</SecretAccessKey><CreateDate>2026-11-21T04:00:00.123Z</CreateDate></AccessKey>"
    );
    let (executor, script) = Script::executor([result("CreateAccessKey", &made)]);
    let minted = executor.mint(&account(), "checkout-api ~k0").await.unwrap();
    assert!(minted.secret.same_as(&Secret::of_parts(&[KEY, SECRET])));
    assert_eq!(minted.remote_id.as_deref(), Some(KEY));
    assert!(minted.created_at.is_some() && minted.expires_at.is_none());
    let body = "Action=CreateAccessKey&UserName=ada&Version=2010-05-08";
    assert_eq!(script.asked()[0].body, body, "it has no name to be sent");
}

#[tokio::test]
async fn a_value_that_stands_elsewhere_is_found_and_half_of_one_is_unknown() {
    let elsewhere = format!("<New><Id>{KEY}</Id><Secret>{SECRET}</Secret></New>");
    for (said, found) in [
        (result("CreateAccessKey", &elsewhere), true),
        (
            json(200, &format!("{{\"id\":\"{KEY}\",\"secret\":\"{SECRET}\"}}")),
            true,
        ),
        (
            result(
                "CreateAccessKey",
                &format!("<AccessKey><AccessKeyId>{KEY}</AccessKeyId></AccessKey>"),
            ),
            false,
        ),
        (
            result(
                "CreateAccessKey",
                &format!("<a>{KEY} {SECRET} {}</a>", SECRET.replace('w', "v")),
            ),
            false,
        ),
    ] {
        let (executor, _) = Script::executor([said]);
        match executor.mint(&account(), "x").await {
            Ok(minted) => {
                assert!(found && minted.secret.same_as(&Secret::of_parts(&[KEY, SECRET])));
            }
            Err(failure) => assert_eq!((found, failure.effect), (false, Effect::Unknown)),
        }
    }
}

#[tokio::test]
async fn a_third_key_is_refused_without_an_effect() {
    let (executor, _) = Script::executor([refusal(409, "LimitExceeded")]);
    let failure = executor.mint(&account(), "x").await.err().unwrap();
    assert_eq!(
        (failure.code, failure.effect),
        (Code::ProviderRefused, Effect::NotApplied)
    );
    let at = account();
    let advice = at.definition.advice(Some(409), Some("LimitExceeded"));
    assert!(
        advice.is_some_and(|say| say.contains("the one that is not in use")),
        "{advice:?}"
    );
}

#[tokio::test]
async fn the_last_use_is_a_date_or_none() {
    let used = "<UserName>ada</UserName><AccessKeyLastUsed><Region>us-west-2</Region>\
                <LastUsedDate>2026-11-20T09:00:00Z</LastUsedDate><ServiceName>s3</ServiceName></AccessKeyLastUsed>";
    let never = "<UserName>ada</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>N/A</ServiceName>\
                 </AccessKeyLastUsed>";
    for (inner, at) in [(used, Some("2026-11-20T09:00:00Z")), (never, None)] {
        let (executor, script) = Script::executor([result("GetAccessKeyLastUsed", inner)]);
        let found = executor.last_used(&account(), KEY).await.unwrap();
        assert_eq!(found.at.map(|at| at.to_string()).as_deref(), at);
        let body = format!("AccessKeyId={KEY}&Action=GetAccessKeyLastUsed&Version=2010-05-08");
        assert_eq!(script.asked()[0].body, body);
    }
    let (executor, script) = Script::executor([]);
    let strange = executor.last_used(&account(), "../x").await.unwrap_err();
    assert_eq!((strange.code, script.asked().len()), (Code::KeyIdUnknown, 0));
}
