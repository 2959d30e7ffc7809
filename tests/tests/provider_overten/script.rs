//! A transport that says what it is told and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use keywheel_core::clock::SystemEntropy;
use keywheel_core::http::{Request, Response, Sending, Transport, TransportFailure};
use keywheel_core::provider::Executor;
use provider_sim::Clock as SimClock;

use super::world::{START, TestClock};

pub type Said = Result<Response, TransportFailure>;

pub struct Asked {
    pub url: String,
    pub headers: HeaderMap,
    pub body: String,
    pub sending: Sending,
}

#[derive(Default)]
pub struct Script {
    says: Mutex<VecDeque<Said>>,
    asked: Mutex<Vec<Asked>>,
}

impl Script {
    /// An executor that gets these answers in turn, and then none.
    pub fn executor(says: impl IntoIterator<Item = Said>) -> (Executor, Arc<Script>) {
        let script = Arc::new(Script {
            says: Mutex::new(says.into_iter().collect()),
            ..Script::default()
        });
        let clock = TestClock(SimClock::manual(now()));
        (
            Executor::new(script.clone(), Arc::new(clock), Arc::new(SystemEntropy)),
            script,
        )
    }

    pub fn asked(&self) -> std::sync::MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().unwrap()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request, sending: Sending) -> Said {
        let body = String::from_utf8(request.body.map(|body| body.to_vec()).unwrap_or_default()).unwrap();
        self.asked().push(Asked {
            url: request.url.to_string(),
            headers: request.headers,
            body,
            sending,
        });
        let said = self.says.lock().unwrap().pop_front();
        said.unwrap_or(Err(TransportFailure::NoAnswer))
    }
}

pub fn now() -> Timestamp {
    START.parse().unwrap()
}

pub fn json(status: u16, body: &str) -> Said {
    typed(status, "application/json", body)
}

pub fn typed(status: u16, media: &str, body: &str) -> Said {
    with_header(status, media, body, ("x-none", "-"))
}

pub fn with_header(status: u16, media: &str, body: &str, header: (&'static str, &str)) -> Said {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", media.parse().unwrap());
    headers.insert(header.0, header.1.parse().unwrap());
    Ok(Response {
        status,
        headers,
        body: body.as_bytes().to_vec().into(),
    })
}
