//! Firebase sign-in: a long-lived secret becomes an ID token of one hour.
//!
//! Sources: <https://firebase.google.com/docs/reference/rest/auth#section-sign-in-email-password>,
//! <https://firebase.google.com/docs/reference/rest/auth#section-refresh-token> (form-urlencoded, snake
//! case, `expires_in` as a string; sign-in has camel case). The web API key names the project and is no
//! secret: <https://firebase.google.com/docs/projects/api-keys>. It stands in the query as documented;
//! passwords and tokens never do.

use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::jwt;
use super::tokens::{Held, Owner, Tokens};
use crate::clock::{Clock, Entropy};
use crate::failure::{Code, Failure, SafeDetail};
use crate::http::{Request, Response, Sending, Transport};
use crate::model::{AccountId, Credential, Secret};

/// The hosts that a sign-in calls.
pub const SIGN_IN_HOSTS: [&str; 2] = ["identitytoolkit.googleapis.com", "securetoken.googleapis.com"];

const SIGN_IN: &str = "https://identitytoolkit.googleapis.com/v1/accounts:signInWithPassword";
const REFRESH: &str = "https://securetoken.googleapis.com/v1/token";
const LONGEST_ANSWER: usize = 64 * 1024;

/// What is exchanged for an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Lives until it is revoked.
    RefreshToken,
    Password,
    /// A pasted ID token: nothing is exchanged, and it runs out within the hour.
    IdToken,
}

impl Grant {
    /// The fields that its form must have.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Grant::RefreshToken => &["refresh_token", "web_api_key"],
            Grant::Password => &["email", "password", "web_api_key"],
            Grant::IdToken => &["id_token"],
        }
    }

    /// The one of them that is secret.
    pub fn secret_field(self) -> &'static str {
        match self {
            Grant::RefreshToken => "refresh_token",
            Grant::Password => "password",
            Grant::IdToken => "id_token",
        }
    }
}

/// A token that may be sent now.
pub struct SignedIn {
    pub token: Arc<Secret>,
    /// When the credential itself stops working, where that is known.
    pub expires_at: Option<Timestamp>,
    /// A successor of the long-lived secret (RFC 6749 §6).
    pub renewed: Option<Secret>,
}

/// Exchanges credentials for ID tokens, and holds those in memory.
pub struct Firebase {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    tokens: Tokens,
}

impl Firebase {
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, entropy: &dyn Entropy) -> Firebase {
        Firebase {
            transport,
            clock,
            tokens: Tokens::new(entropy),
        }
    }

    /// Proves the credential: exchanges it anew, whatever is held.
    pub async fn sign_in(
        &self,
        account: AccountId,
        grant: Grant,
        credential: &Credential,
    ) -> Result<SignedIn, Failure> {
        if grant == Grant::IdToken {
            return self.pasted(credential);
        }
        let owner = self.tokens.owner(account, credential);
        let held = self.exchange(&owner, grant, credential).await?;
        let renewed = self
            .tokens
            .successor(&owner)
            .map(|next| Secret::new(next.expose().to_owned()));
        Ok(SignedIn {
            token: held.token,
            expires_at: None,
            renewed,
        })
    }

    /// Returns a token that is good for at least five minutes, exchanging only where none is held.
    pub async fn token(
        &self,
        account: AccountId,
        grant: Grant,
        credential: &Credential,
    ) -> Result<Arc<Secret>, Failure> {
        if grant == Grant::IdToken {
            return Ok(self.pasted(credential)?.token);
        }
        let owner = self.tokens.owner(account, credential);
        match self.tokens.get(&owner, self.clock.now()) {
            Some(held) => Ok(held.token),
            None => Ok(self.exchange(&owner, grant, credential).await?.token),
        }
    }

    /// Drops the tokens of an account, after one of them was refused.
    pub fn forget(&self, account: AccountId) {
        self.tokens.forget(account);
    }

    fn pasted(&self, credential: &Credential) -> Result<SignedIn, Failure> {
        let wrong = |code| Failure::new(code).field(Grant::IdToken.secret_field());
        let expires_at = jwt::expires_at(&credential.secret).ok_or_else(|| wrong(Code::InputInvalid))?;
        if expires_at <= self.clock.now() {
            return Err(wrong(Code::CredentialExpired));
        }
        let token = Arc::new(Secret::new(credential.secret.expose().to_owned()));
        Ok(SignedIn {
            token,
            expires_at: Some(expires_at),
            renewed: None,
        })
    }

    async fn exchange(&self, owner: &Owner, grant: Grant, credential: &Credential) -> Result<Held, Failure> {
        let field = |name: &'static str| {
            let value = credential
                .fields
                .get(name)
                .map(String::as_str)
                .filter(|value| !value.is_empty());
            value.ok_or_else(|| Failure::new(Code::InputMissing).field(name))
        };
        let successor = self.tokens.successor(owner);
        let secret = successor.as_deref().unwrap_or(&credential.secret);
        let (address, media, body) = match grant {
            Grant::Password => (SIGN_IN, "application/json", password_body(field("email")?, secret)),
            Grant::RefreshToken | Grant::IdToken => {
                (REFRESH, "application/x-www-form-urlencoded", refresh_body(secret))
            }
        };
        let mut url = Url::parse(address).map_err(|_| Failure::new(Code::InputInvalid))?;
        url.query_pairs_mut().append_pair("key", field("web_api_key")?);
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static(media)),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ]);
        let request = Request {
            method: Method::POST,
            url,
            headers,
            body: Some(body),
            max_body: LONGEST_ANSWER,
        };
        // Once: a repeat could count as a second wrong password, or use up a refresh token twice.
        let answer = self
            .transport
            .send(request, Sending::Once)
            .await
            .map_err(|failed| failed.of_read())?;
        let now = self.clock.now();
        if answer.status != 200 {
            return Err(refusal(&answer, grant, now));
        }
        let mut body = answer.json().ok_or_else(|| Failure::new(Code::ProviderUnexpected))?;
        let (token, lives, next) = match grant {
            Grant::Password => ("idToken", "expiresIn", None),
            Grant::RefreshToken | Grant::IdToken => ("id_token", "expires_in", Some("refresh_token")),
        };
        let token = take_text(&mut body, token).ok_or_else(|| match body.get("mfaPendingCredential") {
            Some(_) => {
                Failure::new(Code::CredentialNotAllowed).detail(SafeDetail::Part("a second factor is asked for"))
            }
            None => Failure::new(Code::ProviderUnexpected),
        })?;
        let lives = body.get(lives).and_then(seconds).unwrap_or(SignedDuration::ZERO);
        if let Some(next) = next
            .and_then(|name| take_text(&mut body, name))
            .filter(|next| !next.same_as(secret))
        {
            self.tokens.succeed(owner, Arc::new(next));
        }
        let held = Held {
            token: Arc::new(token),
            expires_at: now.checked_add(lives).unwrap_or(now),
        };
        self.tokens.put(owner, held.clone());
        Ok(held)
    }
}

fn password_body(email: &str, password: &Secret) -> Zeroizing<Vec<u8>> {
    let body = serde_json::json!({ "email": email, "password": password.expose(), "returnSecureToken": true });
    Zeroizing::new(body.to_string().into_bytes())
}

fn refresh_body(secret: &Secret) -> Zeroizing<Vec<u8>> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "refresh_token")
        .append_pair("refresh_token", secret.expose());
    Zeroizing::new(form.finish().into_bytes())
}

/// Takes a text that could stand in a header.
fn take_text(body: &mut Value, name: &str) -> Option<Secret> {
    match body.get_mut(name)?.take() {
        Value::String(text) => {
            let fits = (1..=8192).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
            let secret = Secret::new(text);
            fits.then_some(secret)
        }
        _ => None,
    }
}

/// Reads a span in seconds, which Firebase writes as a string; a day at most.
fn seconds(value: &Value) -> Option<SignedDuration> {
    let seconds = value
        .as_str()
        .map_or_else(|| value.as_u64(), |text| text.parse().ok())?;
    Some(SignedDuration::from_secs(i64::try_from(seconds).ok()?.min(86_400)))
}

/// Says why it was refused. Firebase answers 400, not 401, to a dead credential.
fn refusal(answer: &Response, grant: Grant, now: Timestamp) -> Failure {
    let status = SafeDetail::HttpStatus(answer.status);
    let plain = |code| Failure::new(code).detail(status.clone());
    if (300..400).contains(&answer.status) {
        return plain(Code::ProviderRedirected);
    }
    if answer.status >= 500 {
        return plain(Code::ProviderServerError);
    }
    let later = |mut failure: Failure| {
        failure.retry_at = answer.retry_at(now);
        failure
    };
    let body = answer.json().unwrap_or_default();
    let said = body
        .pointer("/error/message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    // "API key not valid. Please pass a valid API key.", or a word, sometimes with ` : explanation` after it.
    let word = if said.starts_with("API key not valid") || said.starts_with("API key expired") {
        "API_KEY_INVALID"
    } else {
        said.split([' ', ':']).next().unwrap_or_default()
    };
    let secret = grant.secret_field();
    let (code, field) = match word {
        "INVALID_REFRESH_TOKEN" | "MISSING_REFRESH_TOKEN" => (Code::CredentialRefused, Some("refresh_token")),
        "TOKEN_EXPIRED" | "CREDENTIAL_TOO_OLD_LOGIN_AGAIN" => (Code::CredentialExpired, Some(secret)),
        "USER_DISABLED" | "USER_NOT_FOUND" => (Code::CredentialRefused, Some(secret)),
        "INVALID_PASSWORD" | "INVALID_LOGIN_CREDENTIALS" | "MISSING_PASSWORD" => {
            (Code::CredentialRefused, Some("password"))
        }
        "EMAIL_NOT_FOUND" | "INVALID_EMAIL" => (Code::CredentialRefused, Some("email")),
        "API_KEY_INVALID" | "PROJECT_NUMBER_MISMATCH" => (Code::CredentialRefused, Some("web_api_key")),
        "OPERATION_NOT_ALLOWED" | "PASSWORD_LOGIN_DISABLED" => (Code::CredentialNotAllowed, None),
        "TOO_MANY_ATTEMPTS_TRY_LATER" => return later(plain(Code::ProviderRateLimited)),
        _ if answer.status == 429 => return later(plain(Code::ProviderRateLimited)),
        _ => {
            return plain(if answer.status == 403 {
                Code::CredentialNotAllowed
            } else {
                Code::ProviderRefused
            });
        }
    };
    let mut failure = plain(code);
    // `word` is one of the words above, so it is no foreign text.
    failure
        .details
        .extend(SafeDetail::provider_code(word, &[word.to_owned()]));
    failure.field = field.map(str::to_owned);
    failure
}
