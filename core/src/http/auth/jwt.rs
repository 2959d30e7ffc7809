//! Reads when a token runs out. The signature is not checked: the provider does that.

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::model::Secret;

/// Returns the `exp` of a JSON Web Token (RFC 7519 §4.1.4); `None` where it is no such token.
pub(super) fn expires_at(token: &Secret) -> Option<Timestamp> {
    let mut parts = token.expose().split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || payload.len() > 16_384 {
        return None;
    }
    let payload = Zeroizing::new(base64url(payload)?);
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    Timestamp::from_second(claims.get("exp")?.as_i64()?).ok()
}

/// Decodes base64url without padding (RFC 4648 §5, RFC 7515 §2).
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    (bits < 6).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Secret, base64url, expires_at};

    #[test]
    fn reads_the_expiry_of_a_token() {
        // {"alg":"none"} . {"exp":1795233600,"sub":"u"} . a signature that is not looked at
        let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3OTUyMzM2MDAsInN1YiI6InUifQ.c2ln";
        assert_eq!(
            expires_at(&Secret::new(token.into())).map(|at| at.as_second()),
            Some(1_795_233_600)
        );
    }

    #[test]
    fn reads_nothing_from_what_is_no_token() {
        for text in [
            "",
            "abc",
            "a.b",
            "a.b.c",
            "a.eyJleHAiOiJzb29uIn0.c",
            "a.e30.c",
            "a.e30.c.d",
            "a.e!0.c",
            "a.e.c",
        ] {
            assert_eq!(expires_at(&Secret::new(text.into())), None, "{text:?}");
        }
    }

    #[test]
    fn decodes_the_vectors_of_rfc_4648() {
        for (text, bytes) in [
            ("", ""),
            ("Zg", "f"),
            ("Zm8", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg", "foob"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(base64url(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(base64url("-_8").as_deref(), Some(&[0xfb, 0xff][..]));
        assert_eq!(base64url("Z"), None);
    }
}
