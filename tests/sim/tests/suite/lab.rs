//! A small world, and a caller that speaks to it in process.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request};
use jiff::{SignedDuration, Timestamp};
use provider_sim::{Clock, Dropped, Options, Org, SeedKey, Simulator, User, World};
use serde_json::Value;

pub const OVERTEN: &str = "https://backend.overtenai.com/api/v1";
pub const MINT: &str = "/api/v1/organizations/*/api-keys";
pub const REVOKE: &str = "/api/v1/organizations/*/api-keys/*";
pub const VERIFY: &str = "/api/v1/verify";

/// Two users with an organisation each; the first has a key.
pub struct Lab {
    pub sim: Simulator,
    pub owner: User,
    pub org: Org,
    pub key: SeedKey,
    pub stranger: User,
    pub other: Org,
    pub token: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

pub fn start() -> Timestamp {
    "2026-11-21T14:05:00Z".parse().unwrap()
}

pub fn lab() -> Lab {
    lab_with(|_| {})
}

pub fn lab_with(choose: impl FnOnce(&mut Options)) -> Lab {
    let mut world = World::empty();
    let owner = world.add_user("ada@acme.example");
    let stranger = world.add_user("eve@globex.example");
    let org = world.add_org("acme", &owner);
    let other = world.add_org("globex", &stranger);
    let key = world.add_key(
        &org,
        "checkout-api",
        "production",
        start() - SignedDuration::from_hours(2400),
    );
    let mut options = Options {
        clock: Clock::manual(start()),
        world,
        seed: Some(7),
        ..Options::default()
    };
    choose(&mut options);
    let sim = Simulator::new(options);
    let token = sim.id_token(&owner.email).unwrap();
    Lab {
        sim,
        owner,
        org,
        key,
        stranger,
        other,
        token,
    }
}

pub async fn send(
    sim: &Simulator,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Said, Dropped> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = sim.call(request.body(Body::from(body.to_owned())).unwrap()).await?;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Dropped)?;
    Ok(Said {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    })
}

impl Lab {
    pub fn keys_url(&self) -> String {
        format!("{OVERTEN}/organizations/{}/api-keys", self.org.id)
    }

    pub async fn mint(&self) -> Result<Said, Dropped> {
        self.manage("POST", &self.keys_url(), r#"{"name":"checkout-api"}"#)
            .await
    }

    pub async fn revoke(&self, key_id: &str) -> Result<Said, Dropped> {
        self.manage("DELETE", &format!("{}/{key_id}", self.keys_url()), "")
            .await
    }

    pub async fn listed(&self) -> Vec<String> {
        let said = self.manage("GET", &self.keys_url(), "").await.unwrap();
        let entries = said.json()["keys"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["key_id"].as_str().unwrap().to_owned())
            .collect()
    }

    pub async fn verify(&self, value: &str) -> Result<Said, Dropped> {
        self.send("GET", &format!("{OVERTEN}/verify"), &[("x-api-key", value)], "")
            .await
    }

    pub async fn manage(&self, method: &str, url: &str, body: &str) -> Result<Said, Dropped> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send(method, url, &headers, body).await
    }

    pub async fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Said, Dropped> {
        send(&self.sim, method, url, headers, body).await
    }

    pub fn live(&self) -> usize {
        self.sim.live_keys(&self.org.id).len()
    }

    pub fn pass(&self, seconds: i64) {
        self.sim.clock().advance(SignedDuration::from_secs(seconds));
    }
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn field(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of Overten's flat envelope, which must be complete.
    pub fn refusal(&self) -> String {
        let body = self.json();
        assert_eq!(body["success"], false, "{body}");
        assert!(body["message"].is_string(), "{body}");
        self.field("error")
    }

    /// The message of Google's envelope, which must repeat the status.
    pub fn google(&self) -> String {
        let error = &self.json()["error"];
        assert_eq!(error["code"], self.status, "{error}");
        error["message"].as_str().unwrap().to_owned()
    }
}
