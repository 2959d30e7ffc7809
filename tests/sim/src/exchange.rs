//! One request from arrival to answer, with the faults that it meets on the way.

mod answer;
mod refusal;

use std::fmt;

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{Request, Response};

use crate::call::Call;
use crate::fault::{Lag, Moment, Plan};
use crate::ledger::{Deed, Effect, RequestRecord, Sent, Who};
use crate::reply::Reply;
use crate::simulator::{Simulator, State};
use crate::{ai_api, authenta, dashboard, firebase, lab, on_page, optiverse, overten};

use answer::Answer;

/// Largest request that is read.
const LIMIT: usize = 1 << 20;

/// The connection was closed without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection closed without an answer")
    }
}

impl std::error::Error for Dropped {}

/// A provider's turn to answer: the call, the state it may change, and what came of it.
pub(crate) struct Turn<'a> {
    pub(crate) call: &'a Call,
    pub(crate) state: &'a mut State,
    pub(crate) lag: Lag,
    pub(crate) who: Who,
    pub(crate) deeds: Vec<Deed>,
}

/// Answers a request; a request that cannot be read is dropped.
pub(crate) async fn run(simulator: Simulator, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LIMIT).await else {
        return answer::dropped();
    };
    let (call, mut plan) = arrive(&simulator, parts, body);
    if plan.before.is_none() {
        return finish(simulator, call, plan).await;
    }
    // A caller that gives up must not stop a provider that has read the request.
    let late = tokio::spawn(async move {
        std::mem::take(&mut plan.before).over().await;
        finish(simulator, call, plan).await
    });
    late.await.unwrap_or_else(|_| answer::dropped())
}

fn arrive(simulator: &Simulator, parts: http::request::Parts, body: Bytes) -> (Call, Plan) {
    let mut state = simulator.state();
    let n = state.ledger.before + state.ledger.requests.len() as u64 + 1;
    let call = Call::new(n, simulator.clock().now(), state.envelopes, parts, body);
    let plan = state.rules.take(&call);
    state.ledger.open(RequestRecord {
        n,
        at: call.at,
        host: call.host.clone(),
        method: call.method.to_string(),
        path: call.path.clone(),
        idempotency_key: call.header(lab::HEADER).map(str::to_owned),
        status: Sent::Pending,
        cut_at: None,
        key_id: None,
        refused_key_id: None,
        user: None,
        effect: Effect::default(),
        faults: plan.names.clone(),
    });
    (call, plan)
}

async fn finish(simulator: Simulator, mut call: Call, mut plan: Plan) -> Response<Body> {
    call.at = simulator.clock().now();
    let answer = act(&simulator, &call, &plan);
    std::mem::take(&mut plan.after).over().await;
    let now = simulator.clock().now();
    simulator.state().ledger.close(call.n, answer.sent(), answer.cut_at());
    answer.send(now).await
}

/// Lets the provider act, unless a fault comes before it, and spoils the answer if one comes after.
fn act(simulator: &Simulator, call: &Call, plan: &Plan) -> Answer {
    let mut state = simulator.state();
    let early = matches!(&plan.answer, Some((Moment::Before, _)));
    if early && let Some(answer) = plan.answer.as_ref().and_then(|(_, kind)| answer::instead(kind, call)) {
        return answer;
    }
    let undone =
        (early || plan.no_effect).then(|| (state.overten.clone(), state.firebase.clone(), state.issuer.clone()));
    let mut turn = Turn {
        call,
        state: &mut state,
        lag: plan.lag,
        who: Who::Nobody,
        deeds: Vec::new(),
    };
    let mut reply = provide(&mut turn);
    if plan.duplicate {
        reply = provide(&mut turn);
    }
    let Turn { who, mut deeds, .. } = turn;
    let minted: Vec<String> = deeds.iter().filter_map(Deed::value).map(str::to_owned).collect();
    if let Some((overten, firebase, issuer)) = undone {
        (state.overten, state.firebase, state.issuer) = (overten, firebase, issuer);
        deeds.clear();
    }
    state.ledger.settle(call.n, call.at, who, deeds);
    match &plan.answer {
        Some((_, kind)) => answer::spoilt(kind, call, reply, &minted),
        None => Answer::Whole(reply),
    }
}

fn provide(turn: &mut Turn<'_>) -> Reply {
    match turn.call.host.as_str() {
        overten::HOST => overten::answer(turn),
        firebase::SIGN_IN_HOST => firebase::answer_sign_in(turn),
        firebase::REFRESH_HOST => firebase::answer_refresh(turn),
        on_page::HOST => on_page::answer(turn),
        authenta::HOST => authenta::answer(turn),
        _ if lab::is_asked(turn.call) => lab::answer(turn),
        _ if ai_api::is_asked(turn.call) => ai_api::answer(turn),
        optiverse::HOST => optiverse::answer(turn),
        host if dashboard::is_at(host) => dashboard::answer(turn),
        _ => Reply::text(421, "text/plain", "provider-sim: no simulated provider has this host\n"),
    }
}
