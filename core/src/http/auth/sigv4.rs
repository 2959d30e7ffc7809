//! AWS Signature Version 4: the secret signs the request and is not sent.
//!
//! The canonical form is that of AWS's own crate; see
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};
use jiff::Timestamp;

use crate::http::Request;
use crate::model::Secret;

/// What a signature is good for: one service in one region, for a few minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigV4 {
    pub service: String,
    pub region: String,
}

impl SigV4 {
    /// Adds the headers of the signature, made with a secret of two parts: access key id and secret access key.
    /// `None` where it is not that.
    pub(super) fn sign(&self, request: &mut Request, secret: &Secret, now: Timestamp) -> Option<()> {
        let mut parts = secret.parts();
        let (id, key) = (parts.next()?, parts.next()?);
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if parts.next().is_some() || !plain(id) || !plain(key) {
            return None;
        }
        let identity = Credentials::new(id, key, None, None, "keywheel").into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(SystemTime::from(now))
            .settings(SigningSettings::default())
            .build()
            .ok()?;
        let signed = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let headers = signed.into_iter().map(|value| (CONTENT_TYPE.as_str(), value));
        let body = SignableBody::Bytes(request.body.as_deref().map_or(&[], Vec::as_slice));
        let url = request.url.as_str();
        let signable = SignableRequest::new(request.method.as_str(), url, headers, body).ok()?;
        let (instructions, _) = sign(signable, &params.into()).ok()?.into_parts();
        for (name, value) in instructions.headers() {
            let mut value = HeaderValue::from_str(value).ok()?;
            value.set_sensitive(true);
            request.headers.insert(HeaderName::try_from(name).ok()?, value);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{CONTENT_TYPE, HeaderValue, Request, Secret, SigV4};
    use http::{HeaderMap, Method};
    use zeroize::Zeroizing;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    fn signed(method: Method, url: &str, body: Option<&str>, secret: &str) -> Option<Request> {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8"),
        );
        let mut request = Request {
            method,
            url: url.parse().unwrap(),
            headers,
            body: body.map(|text| Zeroizing::new(text.as_bytes().to_vec())),
            max_body: 0,
        };
        let scope = SigV4 {
            service: "iam".into(),
            region: "us-east-1".into(),
        };
        let now = "2015-08-30T12:36:00Z".parse().unwrap();
        scope
            .sign(&mut request, &Secret::new(secret.to_owned()), now)
            .map(|()| request)
    }

    /// The example of AWS's own guide to signing (General Reference, "Signature Version 4 signing process").
    #[test]
    fn the_signature_is_that_of_the_documents() {
        let url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08";
        let request = signed(Method::GET, url, None, &format!("AKIDEXAMPLE\n{SECRET}")).unwrap();
        assert_eq!(request.headers["x-amz-date"], "20150830T123600Z");
        assert_eq!(
            request.headers["authorization"],
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        );
    }

    #[test]
    fn the_secret_is_in_nothing_that_is_sent() {
        let url = "https://iam.amazonaws.com/";
        let request = signed(
            Method::POST,
            url,
            Some("Action=ListUsers"),
            &format!("AKIDEXAMPLE\n{SECRET}"),
        )
        .unwrap();
        for (name, value) in &request.headers {
            assert!(!value.to_str().unwrap().contains(SECRET), "{name}");
        }
        assert!(
            request.headers["authorization"].is_sensitive(),
            "and who signed is not logged"
        );
    }

    #[test]
    fn what_is_not_two_parts_signs_nothing() {
        let url = "https://iam.amazonaws.com/";
        for secret in [
            "",
            "AKIDEXAMPLE",
            "AKIDEXAMPLE\n",
            "\nsecret",
            "a\nb\nc",
            "a b\nc",
            "a\r\nb",
        ] {
            assert!(signed(Method::GET, url, None, secret).is_none(), "{secret:?}");
        }
    }
}
