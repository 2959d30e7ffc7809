//! Firebase Authentication: the ID tokens that manage Overten's keys.
//!
//! Sources: <https://firebase.google.com/docs/reference/rest/auth/> for both endpoints and their
//! messages. Sign-in speaks camelCase, refreshing snake_case.

mod refresh;
mod refusal;
mod sign_in;
mod token;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

pub(crate) use refusal::refusal;
pub(crate) use token::TokenRefusal;

use crate::exchange::Turn;
use crate::material::{Material, digest};
use crate::reply::Reply;
use crate::world::User;

/// Host of the sign-in endpoint.
pub(crate) const SIGN_IN_HOST: &str = "identitytoolkit.googleapis.com";
/// Host of the refresh endpoint.
pub(crate) const REFRESH_HOST: &str = "securetoken.googleapis.com";

/// Life of an ID token; the endpoints report it as the string `"3600"`.
const LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Firebase's own memory; of tokens only digests.
#[derive(Clone, Debug)]
pub(crate) struct Firebase {
    users: Vec<User>,
    id_tokens: HashMap<[u8; 32], (String, Timestamp)>,
    refresh_tokens: HashMap<[u8; 32], String>,
}

impl Firebase {
    /// Starts with these users and their refresh tokens.
    pub(crate) fn new(users: Vec<User>) -> Self {
        let token = |user: &User| (digest(&user.refresh_token), user.uid.clone());
        Self {
            refresh_tokens: users.iter().map(token).collect(),
            id_tokens: HashMap::new(),
            users,
        }
    }

    /// All users.
    pub(crate) fn users(&self) -> &[User] {
        &self.users
    }

    /// Refuses a user with this message from now on, or no longer.
    pub(crate) fn refuse(&mut self, uid: &str, message: Option<&str>) {
        for user in self.users.iter_mut().filter(|user| user.uid == uid) {
            user.refusal = message.map(str::to_owned);
        }
    }

    /// Issues an ID token that lives for an hour.
    pub(crate) fn issue(&mut self, user: &User, now: Timestamp, material: &mut Material) -> String {
        let token = token::write(user, now, now + LIFE, material);
        self.id_tokens.insert(digest(&token), (user.uid.clone(), now + LIFE));
        token
    }

    /// The user to whom a token was issued.
    pub(crate) fn user_of(&self, token: &str, now: Timestamp) -> Result<String, TokenRefusal> {
        match self.id_tokens.get(&digest(token)) {
            None => Err(TokenRefusal::Unknown),
            Some((_, expires_at)) if now >= *expires_at => Err(TokenRefusal::Expired),
            Some((uid, _)) => Ok(uid.clone()),
        }
    }
}

/// Answers one request to the sign-in host.
pub(crate) fn answer_sign_in(turn: &mut Turn<'_>) -> Reply {
    match (turn.call.method.as_str(), turn.call.path.as_str()) {
        ("POST", "/v1/accounts:signInWithPassword") => sign_in::sign_in(turn).unwrap_or_else(|refused| refused),
        _ => refusal(404, "Not Found"),
    }
}

/// Answers one request to the refresh host.
pub(crate) fn answer_refresh(turn: &mut Turn<'_>) -> Reply {
    match (turn.call.method.as_str(), turn.call.path.as_str()) {
        ("POST", "/v1/token") => refresh::refresh(turn).unwrap_or_else(|refused| refused),
        _ => refusal(404, "Not Found"),
    }
}

/// The web API key of the query, if a project has it.
fn web_api_key(turn: &Turn<'_>) -> Result<String, Reply> {
    let Some(presented) = turn.call.query("key") else {
        return Err(refusal::no_api_key());
    };
    if turn
        .state
        .firebase
        .users
        .iter()
        .any(|user| user.web_api_key == presented)
    {
        Ok(presented)
    } else {
        Err(refusal::invalid_api_key(&turn.call.host))
    }
}
