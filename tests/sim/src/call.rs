//! One request as it arrived.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::envelope::Envelopes;

/// One request, numbered and dated by the simulator.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) n: u64,
    pub(crate) at: Timestamp,
    pub(crate) host: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The forms of errors chosen when it arrived.
    pub(crate) envelopes: Envelopes,
    query: String,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    /// Reads a request; the `Host` header names the provider, else the URI's authority does.
    pub(crate) fn new(n: u64, at: Timestamp, envelopes: Envelopes, parts: Parts, body: Bytes) -> Self {
        let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = named.or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
        Self {
            n,
            at,
            host: without_port(host.unwrap_or_default()).to_ascii_lowercase(),
            method: parts.method,
            path: parts.uri.path().to_owned(),
            envelopes,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body,
        }
    }

    /// The path in pieces.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The credential of `Authorization: Bearer …`.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, credential) = self.header(AUTHORIZATION.as_str())?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| credential.trim())
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        pairs(self.query.as_bytes()).remove(name)?.as_str().map(str::to_owned)
    }

    /// Whether the body says that it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        let kind = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        kind.trim_start().to_ascii_lowercase().starts_with("application/json")
    }

    /// The body's fields, from JSON or from a form; `None` where it is neither.
    pub(crate) fn fields(&self) -> Option<Map<String, Value>> {
        if self.is_json() {
            return serde_json::from_slice(&self.body).ok();
        }
        let kind = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        kind.starts_with("application/x-www-form-urlencoded")
            .then(|| pairs(&self.body))
    }

    /// The values that a form gives a name, in order.
    pub(crate) fn form(&self, name: &str) -> Vec<String> {
        let pairs = form_urlencoded::parse(&self.body);
        pairs
            .filter(|(named, _)| named == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    /// The secrets the caller presented, in headers or body.
    pub(crate) fn presented(&self) -> Vec<String> {
        let headers = [self.bearer(), self.header("x-api-key")];
        let fields = self.fields().unwrap_or_default();
        let named = ["refresh_token", "password"].map(|name| fields.get(name).and_then(Value::as_str));
        headers.into_iter().chain(named).flatten().map(str::to_owned).collect()
    }
}

fn pairs(text: &[u8]) -> Map<String, Value> {
    form_urlencoded::parse(text)
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect()
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
