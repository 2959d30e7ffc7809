//! A small hub that is honest but for one answer, and a listener that nobody has a reason to call.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tests::raw::{Gets, Raw, answer};

/// What a caller may ask of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    List,
    Who,
    Mint,
    Revoke,
}

/// Which question gets which answer from now on.
type Spoilt = Arc<Mutex<Option<(Asked, Gets)>>>;

pub struct Hub {
    pub server: Raw,
    /// Stands where an answer points to.
    pub witness: Raw,
    spoilt: Spoilt,
    live: Live,
}

/// Its tokens, and the number of the last one.
type Live = Arc<Mutex<(Vec<Token>, u32)>>;

/// The management credential, the value of the one token there is, and of the one that is made.
pub const ADMIN: &str = "5e0c7d0f51a64d9c8a2f5b0b8f1d3c47";
pub const OLD: &str = "0c2f7be1a9d84c53b6e0f1a2938475d6";
pub const NEW: &str = "9f4e3d2c1b0a49788796a5b4c3d2e1f0";

impl Hub {
    pub async fn start() -> Hub {
        let spoilt = Spoilt::default();
        let live: Live = Arc::new(Mutex::new((vec![Token::new("a1", "checkout-api", OLD)], 1)));
        let (plan, tokens) = (spoilt.clone(), live.clone());
        let server = Raw::answering(move |request| {
            let (asked, mut live) = (asked_by(request), tokens.lock().unwrap());
            match &*plan.lock().unwrap() {
                // The token is made, and only what is said of it is spoilt.
                Some((Asked::Mint, gets)) if asked == Asked::Mint => {
                    honest(asked, request, &mut live);
                    gets.clone()
                }
                Some((what, gets)) if *what == asked => gets.clone(),
                _ => honest(asked, request, &mut live),
            }
        });
        Hub {
            server: server.await,
            witness: Raw::start(vec![answer("200 OK", "", "{}")]).await,
            spoilt,
            live,
        }
    }

    pub fn address(&self) -> String {
        format!("{}/hub/api", self.server.url())
    }

    /// From now on that question gets this answer.
    pub fn spoil(&self, asked: Asked, gets: Gets) {
        *self.spoilt.lock().unwrap() = Some((asked, gets));
    }

    pub fn forgive(&self) {
        *self.spoilt.lock().unwrap() = None;
    }

    /// How many tokens there are.
    pub fn live(&self) -> usize {
        self.live.lock().unwrap().0.len()
    }

    /// How often something was asked.
    pub fn count(&self, asked: Asked) -> usize {
        let requests = self.server.requests();
        requests.iter().filter(|request| asked_by(request) == asked).count()
    }
}

fn asked_by(request: &str) -> Asked {
    match request.split(' ').next() {
        Some("POST") => Asked::Mint,
        Some("DELETE") => Asked::Revoke,
        _ if request.starts_with("GET /hub/api/user ") => Asked::Who,
        _ => Asked::List,
    }
}

struct Token {
    id: String,
    note: String,
    value: &'static str,
}

impl Token {
    fn new(id: &str, note: &str, value: &'static str) -> Token {
        let (id, note) = (id.to_owned(), note.to_owned());
        Token { id, note, value }
    }
}

/// What a hub would do and answer (the shapes of JupyterHub 6.1.1).
fn honest(asked: Asked, request: &str, (live, last): &mut (Vec<Token>, u32)) -> Gets {
    match asked {
        Asked::List => {
            let tokens: Vec<Value> = live.iter().map(|one| token(&one.id, &one.note)).collect();
            answer("200 OK", "", &json!({ "api_tokens": tokens }).to_string())
        }
        Asked::Who => match live.iter().find(|one| request.contains(one.value)) {
            Some(one) => answer("200 OK", "", &json!({ "name": "ada", "token_id": one.id }).to_string()),
            None => answer(
                "403 Forbidden",
                "",
                &json!({ "status": 403, "message": "Forbidden" }).to_string(),
            ),
        },
        Asked::Mint => {
            let body = request.split("\r\n\r\n").nth(1).unwrap_or_default();
            let body: Value = serde_json::from_str(body).expect("a request in JSON");
            let id = format!("a{}", *last + 1);
            *last += 1;
            live.push(Token::new(&id, body["note"].as_str().expect("a note"), NEW));
            let mut minted = minted();
            minted["id"] = json!(id);
            answer("201 Created", "", &minted.to_string())
        }
        Asked::Revoke => {
            live.retain(|one| !request.contains(&format!("/tokens/{} ", one.id)));
            answer("204 No Content", "", "")
        }
    }
}

/// A token as the list shows it.
pub fn token(id: &str, note: &str) -> Value {
    json!({
        "id": id, "kind": "api_token", "note": note, "created": "2026-08-01T09:00:00Z",
        "expires_at": null, "last_activity": null, "user": "ada", "scopes": ["inherit"],
    })
}

/// The answer to a mint.
pub fn minted() -> Value {
    let mut minted = token("a2", "checkout-api ~k1");
    minted["token"] = json!(NEW);
    minted
}
