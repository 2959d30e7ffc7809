//! A roll by the API: sent at most once, and told for what it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use keywheel_core::failure::{Code, Effect};
use keywheel_core::http::{Sending, TransportFailure};
use keywheel_core::model::{Credential, Secret};
use keywheel_core::provider::{Definition, Provider, Workspace};

use tests::script::{Said, Script, at, json};

const SLOTS: &str = r#"
schema = 1
id = "acme"
name = "Acme"
monogram = "A"
docs = "https://docs.acme.dev"
hosts = ["api.acme.dev"]
base_url = "https://api.acme.dev/v1"
strategy = "two_slot"
slots = ["primary", "secondary"]
[key]
pattern = '^acme_[a-z0-9]{20}$'
shape = "acme_…"
max_bytes = 40
expiry = "none"
scope = "all"
[reconcile]
by = "none"
[[scheme]]
id = "admin"
kind = "header"
label = "Admin key"
help = "x"
header = { name = "Authorization", value = "Bearer {credential.token}" }
field = [{ name = "admin_key", label = "Admin key", secret = true }]
[roll]
request = "POST /keys/{key.remote_id}/regenerate"
auth = "management"
body = { reason = "rotation" }
applied = [200]
refused = [409]
absent = [404]
secret = ["/value"]
"#;

fn account(text: &str) -> Workspace {
    let definition = Definition::parse(text).unwrap_or_else(|problem| panic!("{problem}"));
    Workspace {
        nonce: None,
        credential: Some(Credential {
            scheme: "admin".to_owned(),
            fields: BTreeMap::new(),
            secret: Secret::new("management".to_owned()),
        }),
        ..at(Arc::new(definition))
    }
}

const ROLLED: &str = r#"{"slot":"secondary","value":"acme_0123456789abcdefghij"}"#;

#[tokio::test]
async fn the_new_value_of_a_slot_is_read_from_the_one_answer() {
    let (executor, script) = Script::executor([json(200, ROLLED)]);
    let minted = executor.roll(&account(SLOTS), "secondary").await.ok().unwrap();
    assert_eq!(minted.secret.expose(), "acme_0123456789abcdefghij");
    let asked = script.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].line, "POST https://api.acme.dev/v1/keys/secondary/regenerate");
    assert_eq!(
        (asked[0].body.as_str(), asked[0].sending),
        (r#"{"reason":"rotation"}"#, Sending::Once)
    );
    assert_eq!(asked[0].authorization.as_deref(), Some("Bearer management"));
}

#[tokio::test]
async fn only_a_slot_or_an_id_is_rolled() {
    let by_id = SLOTS
        .replace("two_slot", "roll")
        .replace("slots = [\"primary\", \"secondary\"]\n", "");
    for (text, id, sent) in [
        (SLOTS, "primary", 1),
        (SLOTS, "tertiary", 0),
        (by_id.as_str(), "key_1", 1),
        (by_id.as_str(), "../key_1", 0),
        (by_id.as_str(), "", 0),
    ] {
        let (executor, script) = Script::executor([json(200, ROLLED)]);
        let rolled = executor.roll(&account(text), id).await;
        assert_eq!((rolled.is_ok(), script.asked().len()), (sent == 1, sent), "{id}");
        if let Err(failure) = rolled {
            assert_eq!(failure.code, Code::KeyIdUnknown);
        }
    }
}

#[tokio::test]
async fn a_roll_that_goes_wrong_is_sent_once_and_told_for_what_it_is() {
    let cases: Vec<(Said, Code, Effect)> = vec![
        (json(401, "{}"), Code::CredentialRefused, Effect::NotApplied),
        (json(403, "{}"), Code::CredentialNotAllowed, Effect::NotApplied),
        (json(404, "{}"), Code::ProviderKeyGone, Effect::NotApplied),
        (json(409, "{}"), Code::ProviderRefused, Effect::NotApplied),
        (json(429, "{}"), Code::ProviderRateLimited, Effect::Unknown),
        (json(500, "{}"), Code::ProviderServerError, Effect::Unknown),
        (json(302, "{}"), Code::ProviderRedirected, Effect::Unknown),
        (json(200, "{}"), Code::ProviderUnexpected, Effect::Unknown),
        (
            Err(TransportFailure::NotSent),
            Code::ProviderUnreachable,
            Effect::NotApplied,
        ),
        (Err(TransportFailure::NoAnswer), Code::ProviderNoAnswer, Effect::Unknown),
    ];
    for (said, code, effect) in cases {
        let (executor, script) = Script::executor([said]);
        let failure = executor.roll(&account(SLOTS), "primary").await.err().unwrap();
        assert_eq!((failure.code, failure.effect), (code, effect));
        assert_eq!(script.asked().len(), 1, "{code:?}");
    }
    // A value in a 2xx that was not declared is a value all the same.
    let (executor, _) = Script::executor([json(202, ROLLED)]);
    assert!(executor.roll(&account(SLOTS), "primary").await.is_ok());
}
