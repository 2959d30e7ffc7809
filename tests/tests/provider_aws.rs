//! AWS IAM by its definition: each answer that its documents show, as AWS writes it, and what the executor sends.
//!
//! The answers are written down from the documents (API reference, botocore's model), not made from the definition.

#[path = "provider_aws/definition.rs"]
mod definition;
#[path = "provider_aws/keys.rs"]
mod keys;
#[path = "provider_aws/revoke.rs"]
mod revoke;
#[path = "provider_aws/verify.rs"]
mod verify;

use std::collections::BTreeMap;

use keywheel_core::model::{Credential, Secret};
use keywheel_core::provider::Workspace;
use tests::script::{Said, answer, at, built_in};

/// What manages the keys, and a key of the user.
const ADMIN: &str = "AKIAADMIN00000000000";
const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The account of the user `ada`.
fn account() -> Workspace {
    Workspace {
        nonce: None,
        fields: BTreeMap::from([("user".to_owned(), "ada".to_owned())]),
        credential: Some(Credential {
            scheme: "access_key".to_owned(),
            fields: BTreeMap::new(),
            secret: Secret::of_parts(&[ADMIN, SECRET]),
        }),
        ..at(built_in("aws-iam"))
    }
}

/// A good answer: an operation's result in its envelope.
fn result(operation: &str, inner: &str) -> Said {
    let body = format!(
        "<{operation}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><{operation}Result>{inner}\
         </{operation}Result><ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId>\
         </ResponseMetadata></{operation}Response>"
    );
    answer(200, "text/xml", &body, &[])
}

/// A refusal with its code.
fn refusal(status: u16, code: &str) -> Said {
    let body = format!(
        "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>words of theirs</Message></Error><RequestId>x</RequestId></ErrorResponse>"
    );
    answer(status, "text/xml", &body, &[])
}
