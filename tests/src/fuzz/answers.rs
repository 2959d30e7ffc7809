//! What a provider answers: no bytes make a mint that may have been carried out look as if it had not.

use std::collections::BTreeMap;

use keywheel_core::Effect;
use keywheel_core::model::{Credential, Secret};
use keywheel_core::provider::{Provider, Workspace};

use super::wait;
use crate::script::{Script, answer, at, built_in};

const STATUSES: [u16; 8] = [200, 201, 204, 302, 400, 404, 429, 503];

/// The first byte says who answers what, and with which status; the rest is the body.
pub(super) fn try_out(bytes: &[u8]) {
    let Some((first, body)) = bytes.split_first() else {
        return;
    };
    let (first, body) = (usize::from(*first), String::from_utf8_lossy(body));
    let (place, media) = match first % 2 {
        0 => (hub(), "application/json"),
        _ => (cloud(), "text/xml"),
    };
    let status = STATUSES[first / 2 % STATUSES.len()];
    wait(async {
        let (executor, script) = Script::executor([answer(status, media, &body, &[])]);
        match first / 16 % 4 {
            0 => drop(executor.list(&place).await),
            1 => {
                let minted = executor.mint(&place, "ingest ~k0123456789ABCDEF").await;
                assert!(!script.asked().is_empty(), "it was sent");
                match minted {
                    Ok(minted) => assert!(!minted.secret.expose().is_empty(), "there is a value"),
                    Err(failure) if status < 300 => assert_eq!(failure.effect, Effect::Unknown, "{failure:?}"),
                    Err(_) => {}
                }
            }
            2 => drop(executor.revoke(&place, "a0").await),
            _ => drop(executor.verify(&place, &Secret::new("0".repeat(32))).await),
        }
    });
}

/// Keys in JSON, with a header.
fn hub() -> Workspace {
    place("jupyterhub", "token", Secret::new("0".repeat(32)))
}

/// Keys in XML, in two parts, with a signature.
fn cloud() -> Workspace {
    let secret = Secret::of_parts(&["AKIAADMIN00000000000", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]);
    place("aws-iam", "access_key", secret)
}

fn place(id: &str, scheme: &str, secret: Secret) -> Workspace {
    let fields = [("user", "ada"), ("scope", "inherit")];
    Workspace {
        nonce: None,
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        base_url: Some("http://127.0.0.1:1".to_owned()),
        credential: Some(Credential {
            scheme: scheme.to_owned(),
            fields: BTreeMap::new(),
            secret,
        }),
        ..at(built_in(id))
    }
}
