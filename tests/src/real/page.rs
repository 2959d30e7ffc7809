//! The provider's own page, for what a person does there: over the same HTTP, with the same effect.

use provider_sim::Account;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::home::Home;

pub struct Page {
    project: String,
    admin_key: String,
    http: Client,
    /// What was made there last: for which mint, its id, and its value, which the person has on the clipboard.
    made: Option<(i64, String, String)>,
}

impl Page {
    pub fn of(home: &Home, project: &Account) -> Page {
        Page {
            project: format!("{}/v1/projects/{}", home.address, project.id),
            admin_key: project.lab.as_ref().expect("a project's rules").admin_key.clone(),
            http: Client::new(),
            made: None,
        }
    }

    pub fn admin_key(&self) -> &str {
        &self.admin_key
    }

    /// A new value, made once for each time that the person is asked: another key, or `rolled` anew.
    pub async fn make(&mut self, mint: i64, rolled: Option<&str>) -> String {
        if let Some((_, _, value)) = self.made.iter().find(|(made, ..)| *made == mint) {
            return value.clone();
        }
        let path = rolled.map_or_else(|| "keys".to_owned(), |id| format!("keys/{id}/roll"));
        self.post(mint, &path).await
    }

    /// A new value in one of two slots.
    pub async fn regenerate(&mut self, mint: i64, slot: &str) -> String {
        self.post(mint, &format!("slots/{slot}/regenerate")).await
    }

    async fn post(&mut self, mint: i64, path: &str) -> String {
        let made = self.send(Method::POST, path, &json!({ "name": "by hand" })).await;
        let text = |field: &str| made[field].as_str().expect("a new value").to_owned();
        self.made = Some((mint, text("id"), text("secret")));
        text("secret")
    }

    /// Deletes a key; one that is gone stays so.
    pub async fn delete(&self, id: &str) {
        self.send(Method::DELETE, &format!("keys/{id}"), &Value::Null).await;
    }

    /// The id of the key that was made last.
    pub fn made(&self) -> &str {
        &self.made.as_ref().expect("a key was made").1
    }

    /// Begins anew: the next mint makes another.
    pub fn forget(&mut self) {
        self.made = None;
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Value {
        let sent = self.http.request(method, format!("{}/{path}", self.project));
        let sent = sent
            .bearer_auth(&self.admin_key)
            .header("content-type", "application/json");
        let answer = sent.body(body.to_string()).send().await.expect("the page answers");
        let body = answer.text().await.expect("a page");
        serde_json::from_str(&body).unwrap_or_default()
    }
}
