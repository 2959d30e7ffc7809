//! What leaves the simulator: an answer, a spoilt one, or none.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http::Response;
use hyper::body::Frame;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::{Dropped, refusal::refusal};
use crate::call::Call;
use crate::fault::{FaultKind, Malformed, RetryAfter};
use crate::ledger::Sent;
use crate::reply::{Reply, http_date};

/// Blanks before an oversized body.
const BLANKS: usize = 8 << 20;

/// What goes back to the caller.
pub(super) enum Answer {
    /// All of it.
    Whole(Reply),
    /// Its headers and so many bytes of its body.
    Cut(Reply, usize),
    /// Nothing, and the connection closes.
    Dropped,
    /// Nothing, and the connection stays.
    Hung,
}

impl Answer {
    /// What the ledger says about it.
    pub(super) fn sent(&self) -> Sent {
        match self {
            Self::Whole(reply) | Self::Cut(reply, _) => Sent::Status(reply.status.as_u16()),
            Self::Dropped => Sent::Dropped,
            Self::Hung => Sent::Hung,
        }
    }

    /// Where it was cut.
    pub(super) fn cut_at(&self) -> Option<usize> {
        match self {
            Self::Cut(_, bytes) => Some(*bytes),
            _ => None,
        }
    }

    /// Turns it into a response, or waits for ever.
    pub(super) async fn send(self, now: Timestamp) -> Response<Body> {
        match self {
            Self::Whole(reply) => reply.into_response(now),
            Self::Cut(reply, bytes) => {
                let head = Bytes::copy_from_slice(&reply.body[..bytes]);
                reply.with_body(now, Body::new(CutBody::Head(head)))
            }
            Self::Dropped => dropped(),
            Self::Hung => pending().await,
        }
    }
}

/// The response that stands for a closed connection.
pub(super) fn dropped() -> Response<Body> {
    let mut response = Response::new(Body::new(CutBody::Over));
    response.extensions_mut().insert(Dropped);
    response
}

/// The answer that needs no provider; `None` for a fault that spoils a real one.
pub(super) fn instead(kind: &FaultKind, call: &Call) -> Option<Answer> {
    match kind {
        FaultKind::Drop => Some(Answer::Dropped),
        FaultKind::Hang => Some(Answer::Hung),
        FaultKind::Status { .. } => Some(Answer::Whole(status(kind, call))),
        FaultKind::EchoSecret { status } => Some(Answer::Whole(echo(*status, call, None, &[]))),
        _ => None,
    }
}

/// The provider's answer as this fault leaves it.
pub(super) fn spoilt(kind: &FaultKind, call: &Call, reply: Reply, minted: &[String]) -> Answer {
    match kind {
        FaultKind::CutBody { bytes } => {
            let most = reply.body.len().saturating_sub(1);
            Answer::Cut(reply, most.min(*bytes))
        }
        FaultKind::Malformed { body } => Answer::Whole(malformed(*body, reply)),
        FaultKind::Dated { ahead } => {
            let date = http_date(call.at + SignedDuration::from_secs(*ahead));
            Answer::Whole(reply.header("date", date))
        }
        FaultKind::EchoSecret { status } => Answer::Whole(echo(*status, call, reply.value().as_ref(), minted)),
        other => instead(other, call).unwrap_or(Answer::Whole(reply)),
    }
}

fn status(kind: &FaultKind, call: &Call) -> Reply {
    let FaultKind::Status {
        status,
        code,
        body,
        retry_after,
        headers,
    } = kind
    else {
        return Reply::empty(500);
    };
    let mut reply = match body {
        Some(body) => Reply::json(*status, body),
        None => refusal(*status, code.as_deref(), "The request could not be served.", call),
    };
    reply = match retry_after {
        Some(RetryAfter::Seconds(seconds)) => reply.header("retry-after", seconds.to_string()),
        Some(RetryAfter::DateIn(seconds)) => {
            let wait = SignedDuration::from_secs(i64::try_from(*seconds).unwrap_or(i64::from(u32::MAX)));
            reply.header("retry-after", http_date(call.at + wait))
        }
        None => reply,
    };
    headers
        .iter()
        .fold(reply, |reply, (name, value)| reply.header(name, value.as_str()))
}

fn echo(status: u16, call: &Call, done: Option<&Value>, minted: &[String]) -> Reply {
    let mut secrets = call.presented();
    secrets.extend_from_slice(minted);
    for name in ["webhook_secret", "idToken", "id_token"] {
        secrets.extend(done.and_then(|body| body[name].as_str()).map(str::to_owned));
    }
    let message = format!("could not process {}", secrets.join(" "));
    refusal(status, None, &message, call)
}

fn malformed(wrong: Malformed, mut reply: Reply) -> Reply {
    match wrong {
        Malformed::Html => {
            reply.content_type = "text/html; charset=utf-8";
            reply.body =
                b"<!doctype html><html><head><title>Just a moment...</title></head><body></body></html>".to_vec();
        }
        Malformed::Truncated => reply.body.truncate(reply.body.len() / 2),
        Malformed::WrongTypes => reply.body = wrong_types(reply.value().unwrap_or_default()).to_string().into_bytes(),
        Malformed::Empty => {
            reply.status = http::StatusCode::OK;
            reply.body.clear();
        }
        Malformed::Oversized => {
            reply.body.splice(0..0, std::iter::repeat_n(b' ', BLANKS));
        }
    }
    if reply.status == http::StatusCode::NO_CONTENT && !reply.body.is_empty() {
        reply.status = http::StatusCode::OK;
    }
    reply
}

/// Keeps each value, so that a parser's complaint might quote it, under a wrong type.
fn wrong_types(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, wrong_types(value)))
            .collect(),
        Value::Array(items) => {
            let named = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| (index.to_string(), item));
            Value::Object(Map::from_iter(named))
        }
        Value::String(text) => Value::Array(vec![Value::String(text)]),
        other => Value::String(other.to_string()),
    }
}

/// A body that ends in an error, so that the server closes the connection.
enum CutBody {
    Head(Bytes),
    /// One round in which the server sends what it has.
    Pause,
    Over,
}

impl HttpBody for CutBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match std::mem::replace(&mut *self, Self::Over) {
            Self::Head(head) => {
                *self = Self::Pause;
                Poll::Ready(Some(Ok(Frame::data(head))))
            }
            Self::Pause => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Over => Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::ConnectionReset, Dropped)))),
        }
    }
}
