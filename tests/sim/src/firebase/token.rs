//! ID tokens: JWTs in shape and claims, with noise for a signature.

use jiff::Timestamp;
use serde_json::json;

use crate::material::{ALPHANUMERIC, Material, base64url};
use crate::world::User;

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRefusal {
    /// It was issued, and its hour is over.
    Expired,
    /// It was never issued here.
    Unknown,
}

/// Writes a token with the claims that Firebase documents for ID tokens.
pub(super) fn write(user: &User, now: Timestamp, expires_at: Timestamp, material: &mut Material) -> String {
    let header = json!({"alg": "RS256", "kid": "b5e1f3a9c07d", "typ": "JWT"});
    let claims = json!({
        "iss": format!("https://securetoken.google.com/{}", user.project_id),
        "aud": user.project_id,
        "auth_time": now.as_second(),
        "user_id": user.uid,
        "sub": user.uid,
        "iat": now.as_second(),
        "exp": expires_at.as_second(),
        "email": user.email,
        "email_verified": true,
        "firebase": {"identities": {"email": [user.email]}, "sign_in_provider": "password"},
    });
    let noise = material.pick(ALPHANUMERIC, 256);
    [
        header.to_string().as_bytes(),
        claims.to_string().as_bytes(),
        noise.as_bytes(),
    ]
    .map(base64url)
    .join(".")
}
