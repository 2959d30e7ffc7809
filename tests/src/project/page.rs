//! The invented provider's own page: what people do there, past Keywheel.

use axum::body::{Body, to_bytes};
use provider_sim::{KeyRecord, Simulator};
use serde_json::{Value, json};

use super::Project;

/// The page of one project.
#[derive(Clone)]
pub struct Page {
    sim: Simulator,
    project_id: String,
    admin_key: String,
}

/// A key that was made there.
#[derive(Debug, Clone)]
pub struct Made {
    pub key_id: String,
    pub value: String,
}

impl Page {
    /// Makes a key of that name; none where there are as many as there may be.
    pub async fn make(&self, name: &str) -> Option<Made> {
        let answer = self.call("POST", "", &json!({ "name": name })).await;
        let text = |field: &str| answer[field].as_str().map(str::to_owned);
        let (key_id, value) = text("id").zip(text("secret"))?;
        Some(Made { key_id, value })
    }

    /// Deletes a key, if it is there.
    pub async fn delete(&self, key_id: &str) {
        self.call("DELETE", &format!("/{key_id}"), &Value::Null).await;
    }

    /// Replaces a key in place: by its id, or in its slot.
    pub async fn roll(&self, key: &KeyRecord) -> Option<Made> {
        let path = match &key.grant.slot {
            Some(slot) => format!("/slots/{slot}/regenerate"),
            None => format!("/keys/{}/roll", key.key_id),
        };
        let answer = self.send("POST", &path, &json!({})).await;
        let text = |field: &str| answer[field].as_str().map(str::to_owned);
        let (key_id, value) = text("id").zip(text("secret"))?;
        Some(Made { key_id, value })
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        self.send(method, &format!("/keys{path}"), body).await
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("/v1/projects/{}{path}", self.project_id))
            .header("host", "localhost")
            .header("authorization", format!("Bearer {}", self.admin_key))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        let answer = self.sim.call(request).await.expect("an answer");
        let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
        serde_json::from_slice(&body).unwrap_or_default()
    }
}

impl Project {
    /// The provider's page of this project.
    pub fn page(&self) -> Page {
        let rules = self.at.lab.as_ref().expect("a project's rules");
        Page {
            sim: self.sim.clone(),
            project_id: self.at.id.clone(),
            admin_key: rules.admin_key.clone(),
        }
    }
}
