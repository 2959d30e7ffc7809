//! The person at a provider's dashboard: plain forms, as a browser would send them.

use axum::body::{Body, to_bytes};
use regex::Regex;
use tests::project::Project;

/// What a page answered to a form.
pub struct Page {
    pub status: u16,
    pub html: String,
}

/// Sends a form of the dashboard.
pub async fn submit(project: &Project, path: &str, fields: &[(&str, &str)]) -> Page {
    let form: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = http::Request::post(format!("http://127.0.0.1{path}"))
        .header("host", "127.0.0.1")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.join("&")))
        .expect("a request");
    let answer = project.sim.call(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a page");
    Page {
        status,
        html: String::from_utf8(body.to_vec()).expect("text"),
    }
}

impl Page {
    /// The new value, which the page shows once.
    pub fn new_key(&self) -> String {
        let shown = Regex::new(r#"id="new-key"[^>]*>([^<]+)<"#).expect("a pattern");
        let found = shown.captures(&self.html).expect("a new key is shown");
        found[1].to_owned()
    }
}

/// The id of the newest key with this value's beginning, as the dashboard's row names it.
pub fn id_of(project: &Project, value: &str) -> String {
    let ledger = project.sim.ledger();
    ledger
        .key_by_value(value)
        .expect("the provider knows it")
        .key_id
        .clone()
}

/// A program's call with a key of the invented provider; returns the status.
pub async fn call_with(project: &Project, value: &str) -> u16 {
    let request = http::Request::get("/v1/me")
        .header("host", "api.lab.invalid")
        .header("authorization", format!("Bearer {value}"))
        .body(Body::empty())
        .expect("a request");
    let answer = project.sim.call(request).await.expect("an answer");
    answer.status().as_u16()
}

/// Somebody deletes a key of the invented provider beside Keywheel.
pub async fn delete(project: &Project, key_id: &str) {
    let admin = &project.at.lab.as_ref().expect("a project's rules").admin_key;
    let request = http::Request::delete(format!("/v1/projects/{}/keys/{key_id}", project.at.id))
        .header("host", "api.lab.invalid")
        .header("authorization", format!("Bearer {admin}"))
        .body(Body::empty())
        .expect("a request");
    let answer = project.sim.call(request).await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 204, "it is deleted");
}
