//! One header with one secret in it.

use http::{HeaderName, HeaderValue, header};
use zeroize::Zeroizing;

use crate::model::Secret;

/// A header's name and what stands around the secret: `Authorization: Bearer …`, `X-API-Key: …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderScheme {
    name: HeaderName,
    before: String,
    after: String,
}

/// Why a header cannot carry a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderProblem {
    /// Not a header's name, or one that belongs to the connection.
    Name,
    /// The placeholder does not stand there exactly once, or there is other text that does not belong.
    Value,
}

/// Headers that belong to the connection, the body or the browser (RFC 9110 §7.6.1, RFC 9112).
const KEPT: [HeaderName; 14] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::TRANSFER_ENCODING,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
    header::EXPECT,
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::COOKIE,
    header::PROXY_AUTHORIZATION,
];

impl HeaderScheme {
    /// `Authorization: Bearer …` (RFC 6750 §2.1).
    pub fn bearer() -> HeaderScheme {
        HeaderScheme {
            name: header::AUTHORIZATION,
            before: "Bearer ".to_owned(),
            after: String::new(),
        }
    }

    /// Reads a name and a value in which the placeholder stands for the secret.
    pub fn parse(name: &str, value: &str, placeholder: &str) -> Result<HeaderScheme, HeaderProblem> {
        let name = HeaderName::try_from(name).map_err(|_| HeaderProblem::Name)?;
        if KEPT.contains(&name) || name.as_str().starts_with("proxy-") {
            return Err(HeaderProblem::Name);
        }
        let (before, after) = value.split_once(placeholder).ok_or(HeaderProblem::Value)?;
        let plain =
            |text: &str| text.len() <= 64 && text.chars().all(|c| (' '..='~').contains(&c) && !"{}".contains(c));
        if !plain(before) || !plain(after) {
            return Err(HeaderProblem::Value);
        }
        Ok(HeaderScheme {
            name,
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }

    pub fn name(&self) -> &HeaderName {
        &self.name
    }

    /// Returns the header with the secret in it, marked sensitive; `None` where the secret cannot stand in
    /// a header.
    pub fn carry(&self, secret: &Secret) -> Option<(HeaderName, HeaderValue)> {
        let (name, mut value) = self.with(secret.expose())?;
        value.set_sensitive(true);
        Some((name, value))
    }

    /// Returns the header with a text in it; `None` where the text cannot stand in a header.
    pub fn with(&self, text: &str) -> Option<(HeaderName, HeaderValue)> {
        // `HeaderValue` itself lets horizontal tabs and bytes above 0x7f through.
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let value = Zeroizing::new(format!("{}{text}{}", self.before, self.after));
        Some((self.name.clone(), HeaderValue::from_str(&value).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderProblem, HeaderScheme};
    use crate::model::Secret;

    fn carried(value: &str) -> Option<String> {
        let scheme = HeaderScheme::parse("X-API-Key", "key {key.value};", "{key.value}").unwrap();
        scheme.carry(&Secret::new(value.to_owned())).map(|(name, value)| {
            assert!(value.is_sensitive(), "a secret header is marked sensitive");
            assert!(
                !format!("{value:?}").contains("s3cret"),
                "a sensitive header is not printed"
            );
            format!("{name}: {}", value.to_str().unwrap())
        })
    }

    #[test]
    fn the_secret_stands_where_the_placeholder_was() {
        assert_eq!(carried("s3cret").as_deref(), Some("x-api-key: key s3cret;"));
    }

    #[test]
    fn a_secret_that_could_end_the_header_is_not_carried() {
        for hostile in ["", "a\r\nX-Evil: 1", "a\nb", "a\0b", "a b", "a\tb", "é"] {
            assert_eq!(carried(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn a_definition_cannot_set_the_connections_own_headers() {
        for name in [
            "Host",
            "Content-Length",
            "Transfer-Encoding",
            "Cookie",
            "Proxy-Authorization",
            "a b",
            "x\r\ny",
            "",
        ] {
            let refused = HeaderScheme::parse(name, "{key.value}", "{key.value}");
            assert_eq!(refused, Err(HeaderProblem::Name), "{name:?}");
        }
    }

    #[test]
    fn the_placeholder_stands_exactly_once() {
        for value in [
            "Bearer",
            "{key.value}{key.value}",
            "{credential.token}",
            "a\nb {key.value}",
            "{x} {key.value}",
        ] {
            let refused = HeaderScheme::parse("X-Key", value, "{key.value}");
            assert_eq!(refused, Err(HeaderProblem::Value), "{value:?}");
        }
    }
}
