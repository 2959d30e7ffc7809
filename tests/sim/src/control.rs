//! The control interface under `/_sim/`, on any host, only when serving. It leaves no trace in the ledger.
//!
//! - `GET /_sim/world`: what exists, values included
//! - `GET /_sim/ledger`: what has happened
//! - `GET | POST | DELETE /_sim/faults`: the faults set; set one or an array; forget all
//! - `GET | POST /_sim/clock`: the present; `{"advance_s":3600}` moves it
//! - `POST /_sim/users/{uid}`: `{"refusal":"USER_DISABLED"}`, or `null` to accept again
//! - `POST /_sim/orgs/{id}`, organisation or account: `{"list":{"container":"bare","created_at":false},
//!   "suspended":true,"used_up":["query","mutation","credits"],"pace":"user"}`
//! - `POST /_sim/keys/{key_id}`: `{"expires_in_s":0,"used_up":true}`; `"expires_in_s":null` is never
//! - `POST /_sim/providers/{provider}`: `{"envelope":"flat"}`

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::account::{Pace, Provider, Quota};
use crate::envelope::Envelope;
use crate::fault::Fault;
use crate::ledger::Ledger;
use crate::simulator::Simulator;
use crate::world::{ListStyle, World};

#[derive(Deserialize)]
#[serde(untagged)]
enum Faults {
    Many(Vec<Fault>),
    One(Box<Fault>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserChange {
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrgChange {
    list: Option<ListStyle>,
    suspended: Option<bool>,
    used_up: Option<Vec<Quota>>,
    pace: Option<Pace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyChange {
    /// Absent, `null`, or a number: three different wishes.
    #[serde(default, deserialize_with = "given")]
    expires_in_s: Option<Option<i64>>,
    used_up: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderChange {
    envelope: Envelope,
}

/// The routes of the control interface.
pub(crate) fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/_sim/world", get(world))
        .route("/_sim/ledger", get(ledger))
        .route("/_sim/faults", get(faults).post(inject).delete(clear))
        .route("/_sim/clock", get(clock).post(advance))
        .route("/_sim/users/{uid}", post(change_user))
        .route("/_sim/orgs/{org_id}", post(change_org))
        .route("/_sim/keys/{key_id}", post(change_key))
        .route("/_sim/providers/{provider}", post(change_provider))
        .with_state(simulator)
}

async fn world(State(simulator): State<Simulator>) -> Json<World> {
    Json(simulator.world())
}

async fn ledger(State(simulator): State<Simulator>) -> Json<Ledger> {
    Json(simulator.ledger())
}

async fn faults(State(simulator): State<Simulator>) -> Json<Value> {
    Json(json!({"faults": simulator.faults()}))
}

async fn inject(State(simulator): State<Simulator>, Json(faults): Json<Faults>) -> (StatusCode, Json<Value>) {
    let faults = match faults {
        Faults::Many(faults) => faults,
        Faults::One(fault) => vec![*fault],
    };
    let ids: Vec<u64> = faults.into_iter().map(|fault| simulator.inject(fault)).collect();
    (StatusCode::CREATED, Json(json!({"ids": ids})))
}

async fn clear(State(simulator): State<Simulator>) -> StatusCode {
    simulator.clear_faults();
    StatusCode::NO_CONTENT
}

async fn clock(State(simulator): State<Simulator>) -> Json<Value> {
    Json(json!({"now": simulator.clock().now()}))
}

async fn advance(State(simulator): State<Simulator>, Json(Advance { advance_s }): Json<Advance>) -> Json<Value> {
    simulator.clock().advance(SignedDuration::from_secs(advance_s));
    Json(json!({"now": simulator.clock().now()}))
}

async fn change_user(
    State(simulator): State<Simulator>,
    Path(uid): Path<String>,
    Json(change): Json<UserChange>,
) -> StatusCode {
    simulator.refuse_user(&uid, change.refusal.as_deref());
    StatusCode::NO_CONTENT
}

async fn change_org(
    State(simulator): State<Simulator>,
    Path(org_id): Path<String>,
    Json(change): Json<OrgChange>,
) -> StatusCode {
    if let Some(list) = change.list {
        simulator.set_list(&org_id, list);
    }
    if let Some(suspended) = change.suspended {
        simulator.suspend(&org_id, suspended);
    }
    if let Some(used_up) = change.used_up {
        simulator.use_up(&org_id, &used_up);
    }
    if let Some(pace) = change.pace {
        simulator.set_pace(&org_id, pace);
    }
    StatusCode::NO_CONTENT
}

async fn change_key(
    State(simulator): State<Simulator>,
    Path(key_id): Path<String>,
    Json(change): Json<KeyChange>,
) -> StatusCode {
    if let Some(expiry) = change.expires_in_s {
        let now = simulator.clock().now();
        simulator.expire(&key_id, expiry.map(|seconds| now + SignedDuration::from_secs(seconds)));
    }
    if let Some(used_up) = change.used_up {
        simulator.use_up_key(&key_id, used_up);
    }
    StatusCode::NO_CONTENT
}

async fn change_provider(
    State(simulator): State<Simulator>,
    Path(provider): Path<Provider>,
    Json(ProviderChange { envelope }): Json<ProviderChange>,
) -> StatusCode {
    simulator.set_envelope(provider, envelope);
    StatusCode::NO_CONTENT
}

/// Tells a field that is `null` from one that is absent.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
