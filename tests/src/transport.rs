//! The simulator without a network.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, HttpBody, to_bytes};
use jiff::{SignedDuration, Timestamp};
use keywheel_core::http::{Request, Response, Sending, Transport, TransportFailure};
use provider_sim::Simulator;

use crate::tape::{Mishap, Port, Tape, What};

/// Longest wait for an answer, as over the wire.
const PATIENCE: Duration = Duration::from_secs(60);

type Call = http::Request<Body>;

/// Hands requests to the simulator's router; a dropped connection is no answer.
pub struct InProcess {
    sim: Simulator,
    tape: Tape,
    /// Requests that the provider has read and not acted on yet.
    late: Mutex<Vec<(Timestamp, Call)>>,
}

impl InProcess {
    pub fn new(sim: Simulator, tape: Tape) -> InProcess {
        InProcess {
            sim,
            tape,
            late: Mutex::default(),
        }
    }

    /// Lets the provider act on what is due by now.
    pub async fn catch_up(&self) {
        let now = self.sim.clock().now();
        let due: Vec<Call> = {
            let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
            let (due, rest) = std::mem::take(&mut *late).into_iter().partition(|(at, _)| *at <= now);
            *late = rest;
            let due: Vec<(Timestamp, Call)> = due;
            due.into_iter().map(|(_, call)| call).collect()
        };
        for call in due {
            // Nobody waits for its answer any more.
            let _ = self.answer(call, usize::MAX).await;
        }
    }

    async fn answer(&self, call: Call, max_body: usize) -> Result<Response, TransportFailure> {
        let answer = self.sim.call(call).await.map_err(|_| TransportFailure::NoAnswer)?;
        let (head, body) = answer.into_parts();
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > max_body {
            return Err(TransportFailure::TooLarge);
        }
        let body = to_bytes(body, max_body).await.map_err(|_| TransportFailure::NoAnswer)?;
        let (status, headers, body) = (head.status.as_u16(), head.headers, body.to_vec().into());
        Ok(Response { status, headers, body })
    }

    fn wait(&self, span: Duration) {
        self.sim
            .clock()
            .advance(SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX));
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request, _: Sending) -> Result<Response, TransportFailure> {
        let what = What::Request {
            method: request.method.to_string(),
            path: request.url.path().to_owned(),
        };
        let (n, mishap) = self.tape.before(Port::Provider, what).await;
        self.catch_up().await;
        let body = request.body.map(|body| body.to_vec()).unwrap_or_default();
        let mut call = http::Request::builder()
            .method(request.method)
            .uri(request.url.as_str());
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        let call = call.body(Body::from(body)).map_err(|_| TransportFailure::NotAllowed)?;
        match mishap {
            Some(Mishap::Provider(fault)) => drop(self.sim.inject(*fault)),
            Some(Mishap::Late(span)) => {
                self.wait(PATIENCE);
                let due = self.sim.clock().now() + SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
                self.late
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((due, call));
                return Err(TransportFailure::NoAnswer);
            }
            Some(_) => return Err(TransportFailure::NoAnswer),
            None => {}
        }
        let answer = self.answer(call, request.max_body).await;
        match self.tape.after(n).await {
            Some(_) => Err(TransportFailure::NoAnswer),
            None => answer,
        }
    }
}
