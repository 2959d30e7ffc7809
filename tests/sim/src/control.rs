//! The control interface under `/_sim/`, on any host, only when serving. It leaves no trace in the ledger.
//!
//! - `GET /_sim/world`: what exists, values included
//! - `GET /_sim/ledger`: what has happened
//! - `GET | POST | DELETE /_sim/faults`: the faults set; set one or an array; forget all
//! - `GET | POST /_sim/clock`: the present; `{"advance_s":3600}` moves it
//! - `POST /_sim/users/{uid}`: `{"refusal":"USER_DISABLED"}`, or `null` to accept again
//! - `POST /_sim/orgs/{org_id}`: `{"list":{"container":"bare","created_at":false},"suspended":true}`

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

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
    StatusCode::NO_CONTENT
}
