//! Firebase's two endpoints and their refusals.

use jiff::SignedDuration;
use serde_json::json;

use crate::lab::{Lab, Said, lab, lab_with};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

async fn sign_in(lab: &Lab, key: &str, email: &str, password: &str) -> Said {
    let url = format!("https://identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key={key}");
    let body = json!({"email": email, "password": password, "returnSecureToken": true});
    lab.send("POST", &url, &[("content-type", JSON)], &body.to_string())
        .await
        .unwrap()
}

async fn refresh(lab: &Lab, key: &str, kind: &str, body: &str) -> Said {
    let url = format!("https://securetoken.googleapis.com/v1/token?key={key}");
    lab.send("POST", &url, &[("content-type", kind)], body).await.unwrap()
}

fn form(token: &str) -> String {
    format!("grant_type=refresh_token&refresh_token={token}")
}

#[tokio::test]
async fn a_password_signs_in_and_the_token_manages_keys() {
    let mut lab = lab();
    let owner = lab.owner.clone();
    let said = sign_in(&lab, &owner.web_api_key, &owner.email, &owner.password).await;
    assert_eq!(said.status, 200);
    let body = said.json();
    assert_eq!(body["expiresIn"], "3600", "a string");
    assert_eq!(
        (&body["localId"], &body["email"]),
        (&json!(owner.uid), &json!(owner.email))
    );
    let again = refresh(&lab, &owner.web_api_key, FORM, &form(&said.field("refreshToken"))).await;
    assert_eq!(again.status, 200, "the new refresh token works");
    lab.token = said.field("idToken");
    assert_eq!(lab.mint().await.unwrap().status, 201);
}

#[tokio::test]
async fn a_refresh_token_is_taken_as_a_form_and_as_json() {
    let mut lab = lab();
    let owner = lab.owner.clone();
    let as_json = json!({"grant_type": "refresh_token", "refresh_token": owner.refresh_token}).to_string();
    for (kind, sent) in [(FORM, form(&owner.refresh_token)), (JSON, as_json)] {
        let said = refresh(&lab, &owner.web_api_key, kind, &sent).await;
        let body = said.json();
        assert_eq!(said.status, 200, "{kind}");
        assert_eq!(body["expires_in"], "3600");
        assert_eq!(
            (&body["token_type"], &body["user_id"]),
            (&json!("Bearer"), &json!(owner.uid))
        );
        assert_eq!(body["refresh_token"], owner.refresh_token.as_str());
        assert_eq!(body["project_id"], owner.project_id.as_str());
        assert_eq!(body["access_token"], body["id_token"]);
        lab.token = said.field("id_token");
        assert_eq!(lab.mint().await.unwrap().status, 201, "{kind}");
    }
}

#[tokio::test]
async fn an_id_token_is_a_jwt_that_ends_in_an_hour() {
    let lab = lab();
    let parts: Vec<&str> = lab.token.split('.').collect();
    assert_eq!(parts.len(), 3);
    let claims: serde_json::Value = serde_json::from_slice(&decoded(parts[1])).unwrap();
    let hour = lab.sim.clock().now() + SignedDuration::from_hours(1);
    assert_eq!(claims["exp"], hour.as_second());
    assert_eq!(
        (&claims["sub"], &claims["aud"]),
        (&json!(lab.owner.uid), &json!(lab.owner.project_id))
    );
}

/// Reads base64url bit by bit.
fn decoded(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits = text.chars().flat_map(|letter| {
        let value = alphabet.find(letter).unwrap();
        (0..6).rev().map(move |bit| (value >> bit) & 1)
    });
    let bits: Vec<usize> = bits.collect();
    bits.chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | *bit as u8))
        .collect()
}

#[tokio::test]
async fn dead_credentials_are_400_in_googles_envelope() {
    let lab = lab();
    let (key, owner) = (lab.owner.web_api_key.as_str(), &lab.owner);
    for (said, message) in [
        (sign_in(&lab, key, "nobody@acme.example", "x").await, "EMAIL_NOT_FOUND"),
        (sign_in(&lab, key, &owner.email, "wrong").await, "INVALID_PASSWORD"),
        (refresh(&lab, key, FORM, &form("gone")).await, "INVALID_REFRESH_TOKEN"),
        (
            refresh(&lab, key, FORM, "grant_type=refresh_token").await,
            "MISSING_REFRESH_TOKEN",
        ),
        (
            refresh(&lab, key, FORM, "grant_type=password").await,
            "INVALID_GRANT_TYPE",
        ),
        (refresh(&lab, key, FORM, "").await, "MISSING_GRANT_TYPE"),
    ] {
        assert_eq!((said.status, said.google().as_str()), (400, message));
    }
}

#[tokio::test]
async fn a_project_may_hide_which_half_was_wrong() {
    let lab = lab_with(|options| options.hide_unknown_email = true);
    for email in ["nobody@acme.example", &lab.owner.email] {
        let said = sign_in(&lab, &lab.owner.web_api_key, email, "wrong").await;
        assert_eq!(said.google(), "INVALID_LOGIN_CREDENTIALS");
    }
}

#[tokio::test]
async fn a_wrong_web_key_is_invalid_and_none_is_unregistered() {
    let lab = lab();
    let said = refresh(&lab, "AIzaSyWrong", FORM, &form(&lab.owner.refresh_token)).await;
    assert_eq!(said.status, 400);
    assert_eq!(said.json()["error"]["details"][0]["reason"], "API_KEY_INVALID");
    let url = "https://securetoken.googleapis.com/v1/token";
    let bare = lab
        .send("POST", url, &[("content-type", FORM)], &form("x"))
        .await
        .unwrap();
    assert_eq!(bare.status, 403);
    let other = lab.send("GET", url, &[], "").await.unwrap();
    assert_eq!((other.status, other.google().as_str()), (404, "Not Found"));
}

#[tokio::test]
async fn a_refused_user_gets_neither_token() {
    let lab = lab();
    let owner = &lab.owner;
    for message in ["TOKEN_EXPIRED", "USER_DISABLED"] {
        lab.sim.refuse_user(&owner.uid, Some(message));
        let said = refresh(&lab, &owner.web_api_key, FORM, &form(&owner.refresh_token)).await;
        assert_eq!((said.status, said.google().as_str()), (400, message));
        let said = sign_in(&lab, &owner.web_api_key, &owner.email, &owner.password).await;
        assert_eq!((said.status, said.google().as_str()), (400, message));
    }
    lab.sim.refuse_user(&owner.uid, None);
    let said = refresh(&lab, &owner.web_api_key, FORM, &form(&owner.refresh_token)).await;
    assert_eq!(said.status, 200);
}

#[tokio::test]
async fn a_refresh_token_belongs_to_the_project_of_its_user() {
    let lab = lab_with(|options| options.world.users[1].web_api_key = "AIzaSyOther".to_owned());
    let body = form(&lab.owner.refresh_token);
    let said = refresh(&lab, "AIzaSyOther", FORM, &body).await;
    assert_eq!((said.status, said.google().as_str()), (400, "PROJECT_NUMBER_MISMATCH"));
    let said = sign_in(&lab, "AIzaSyOther", &lab.owner.email, &lab.owner.password).await;
    assert_eq!(said.google(), "EMAIL_NOT_FOUND");
}
