//! Reading an answer with suspicion: type, depth, and when to come back.

use http::HeaderMap;
use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Response, TransportFailure, xml};
use crate::failure::{Code, Failure};

/// Deepest nesting of a body that is read.
const DEPTH: usize = 32;

/// Longest wait that a server may ask for.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// What a provider's answers are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
}

impl Response {
    /// Returns the body if it is of that format by its type and its form, and not nested too deeply.
    pub fn read(&self, format: Format) -> Option<Value> {
        match format {
            Format::Json => self.json(),
            Format::Xml => self.says_xml().then(|| xml::read(&self.body, DEPTH)).flatten(),
        }
    }

    /// Returns the body if it is JSON by its type and its form, and not nested too deeply.
    pub fn json(&self) -> Option<Value> {
        if !self.says_json() || !is_shallow(&self.body) {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns when a repeat makes sense, as `Retry-After` says (RFC 9110 §10.2.3), within an hour.
    pub fn retry_at(&self, now: Timestamp) -> Option<Timestamp> {
        retry_at(&self.headers, now)
    }

    /// Returns what the server's clock showed, as `Date` says (RFC 9110 §6.6.1).
    pub fn told_at(&self) -> Option<Timestamp> {
        let said = self.headers.get(DATE)?.to_str().ok()?;
        rfc2822::DateTimeParser::new().parse_timestamp(said).ok()
    }

    fn says_json(&self) -> bool {
        let media = self.media();
        media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
    }

    /// By its type; of a refusal its own first line is enough. XHTML is a page.
    fn says_xml(&self) -> bool {
        let declared = self.status >= 400 && self.body.starts_with(b"<?xml ");
        declared || matches!(self.media().as_str(), "text/xml" | "application/xml")
    }

    fn media(&self) -> String {
        let said = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

impl TransportFailure {
    /// The failure of a request that changes nothing, whatever became of it.
    pub fn of_read(self) -> Failure {
        Failure::new(match self {
            TransportFailure::NotSent => Code::ProviderUnreachable,
            TransportFailure::NotTrusted => Code::ProviderNotTrusted,
            TransportFailure::NoRoots => Code::ProviderNoRoots,
            TransportFailure::NoAnswer => Code::ProviderNoAnswer,
            TransportFailure::TooLarge => Code::ProviderTooLarge,
            TransportFailure::NotAllowed => Code::InputNotHttps,
        })
    }
}

fn retry_at(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match said.parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(i64::from(seconds)),
        Err(_) if said.bytes().all(|byte| byte.is_ascii_digit()) && !said.is_empty() => LONGEST_WAIT,
        Err(_) => {
            let at = rfc2822::DateTimeParser::new().parse_timestamp(said).ok()?;
            at.duration_since(now).max(SignedDuration::ZERO)
        }
    };
    now.checked_add(wait.min(LONGEST_WAIT)).ok()
}

/// Whether no bracket stands deeper than allowed, outside strings.
fn is_shallow(body: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in body {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (true, _) => {}
            (false, b'"') => in_string = true,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > DEPTH {
                    return false;
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Format, Response, Timestamp};
    use http::HeaderMap;
    use proptest::prelude::*;
    use zeroize::Zeroizing;

    fn response(header: (&'static str, &str), body: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header.0, header.1.parse().unwrap());
        Response {
            status: 200,
            headers,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    const NOW: &str = "2026-11-21T04:00:00Z";

    fn wait(said: &str) -> Option<i64> {
        let now: Timestamp = NOW.parse().unwrap();
        let at = response(("retry-after", said), "").retry_at(now)?;
        Some(at.as_second() - now.as_second())
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date_within_an_hour() {
        assert_eq!(wait("40"), Some(40));
        assert_eq!(wait("0"), Some(0));
        assert_eq!(wait("Sat, 21 Nov 2026 04:02:00 GMT"), Some(120));
        assert_eq!(
            wait("Sat, 21 Nov 2026 03:00:00 GMT"),
            Some(0),
            "a date that is past asks for no wait"
        );
        assert_eq!(wait("86400"), Some(3600));
        assert_eq!(wait("99999999999999999999"), Some(3600));
        assert_eq!(wait("Fri, 01 Jan 2100 00:00:00 GMT"), Some(3600));
    }

    #[test]
    fn the_servers_clock_is_read_from_its_date() {
        let told = |said| response(("date", said), "").told_at().map(|at| at.to_string());
        let noon = "2026-11-21T12:00:00Z";
        assert_eq!(told("Sat, 21 Nov 2026 12:00:00 GMT").as_deref(), Some(noon));
        assert_eq!(told("soon"), None);
        assert_eq!(response(("server", "x"), "").told_at(), None);
    }

    #[test]
    fn a_retry_after_that_says_nothing_is_ignored() {
        for said in ["", "soon", "-5", "1e9", "Sat, 99 Nov 2026 04:02:00 GMT"] {
            assert_eq!(wait(said), None, "{said:?}");
        }
    }

    fn in_words(at: i64) -> String {
        let at = Timestamp::from_second(at).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_retry_after_says_the_wait_is_within_an_hour(said in "[ -~]{0,40}") {
            prop_assert!(wait(&said).is_none_or(|wait| (0..=3600).contains(&wait)), "{said:?}");
        }

        #[test]
        fn the_wait_is_never_shorter_than_the_seconds_that_were_said(seconds in any::<u64>()) {
            let least = i64::try_from(seconds).unwrap_or(i64::MAX).min(3600);
            prop_assert_eq!(wait(&seconds.to_string()), Some(least));
        }

        #[test]
        fn the_wait_ends_at_the_date_that_was_said_or_after_an_hour(ahead in -100_000i64..100_000) {
            let now: Timestamp = NOW.parse().unwrap();
            prop_assert_eq!(wait(&in_words(now.as_second() + ahead)), Some(ahead.clamp(0, 3600)));
        }
    }

    #[test]
    fn json_is_read_only_where_the_type_says_json() {
        for (media, read) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/problem+json", true),
            ("text/html", false),
            ("text/json", false),
            ("application/jsonp", false),
        ] {
            assert_eq!(
                response(("content-type", media), "{}").json().is_some(),
                read,
                "{media}"
            );
        }
    }

    #[test]
    fn xml_is_read_only_where_it_is_expected_and_the_type_says_so() {
        for (media, json, xml) in [
            ("text/xml; charset=utf-8", false, true),
            ("application/xml", false, true),
            ("application/xhtml+xml", false, false),
            ("application/json", false, false),
        ] {
            let answer = response(("content-type", media), "<a/>");
            assert_eq!(answer.read(Format::Json).is_some(), json, "{media}");
            assert_eq!(answer.read(Format::Xml).is_some(), xml, "{media}");
        }
        let mut page = response(("content-type", "text/html"), "<?xml version=\"1.0\"?><a/>");
        assert!(page.read(Format::Xml).is_none());
        page.status = 403;
        assert!(page.read(Format::Xml).is_some(), "a refusal may have a wrong type");
    }

    #[test]
    fn json_is_read_to_a_depth_of_32() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let read = |body: &str| response(("content-type", "application/json"), body).json().is_some();
        assert!(read(&nested(32)));
        assert!(!read(&nested(33)));
        assert!(!read(&"[".repeat(1_000_000)));
        assert!(
            read(&format!("[\"{}\"]", "[".repeat(100))),
            "brackets in a string are text"
        );
        assert!(
            read(&format!("[\"\\\"{}\"]", "[".repeat(100))),
            "an escaped quote does not end a string"
        );
        assert!(
            !read(&format!("[\"\\\\\",{}]", nested(33))),
            "an escaped backslash does not hide the closing quote"
        );
    }
}
