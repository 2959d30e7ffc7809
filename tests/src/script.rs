//! A transport that says what it is told and remembers what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use http::HeaderMap;
use jiff::Timestamp;
use keywheel_core::clock::{Clock, Sleep, Steady, SystemEntropy};
use keywheel_core::http::{Request, Response, Sending, Transport, TransportFailure};
use keywheel_core::model::{AccountId, Secret, Verdict};
use keywheel_core::provider::{Catalog, Definition, Executor, Provider, Workspace};

pub type Said = Result<Response, TransportFailure>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub line: String,
    pub authorization: Option<String>,
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
        let executor = Executor::new(script.clone(), Arc::new(Stopped), Arc::new(SystemEntropy));
        (executor, script)
    }

    pub fn asked(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().unwrap()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request, sending: Sending) -> Said {
        let header = request.headers.get("authorization");
        self.asked().push(Asked {
            line: format!("{} {}", request.method, request.url),
            authorization: header.map(|value| value.to_str().unwrap().to_owned()),
            headers: request.headers,
            body: String::from_utf8(request.body.map(|body| body.to_vec()).unwrap_or_default()).unwrap(),
            sending,
        });
        let said = self.says.lock().unwrap().pop_front();
        said.unwrap_or(Err(TransportFailure::NoAnswer))
    }
}

/// A clock that stands still.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        now()
    }

    fn sleep(&self, _: std::time::Duration) -> Sleep<'_> {
        Box::pin(std::future::ready(()))
    }

    fn steady(&self) -> Steady {
        Steady {
            boot: "one".to_owned(),
            up: std::time::Duration::ZERO,
        }
    }
}

pub fn now() -> Timestamp {
    "2026-11-21T04:00:00Z".parse().unwrap()
}

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> Said {
    answer(status, "application/json", body, &[])
}

pub fn answer(status: u16, media: &str, body: &str, more: &[(&'static str, &str)]) -> Said {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", media.parse().unwrap());
    for (name, value) in more {
        headers.insert(*name, value.parse().unwrap());
    }
    Ok(Response {
        status,
        headers,
        body: body.as_bytes().to_vec().into(),
    })
}

pub fn built_in(id: &str) -> Arc<Definition> {
    let (catalog, problems) = Catalog::load(None);
    assert_eq!(problems, []);
    catalog.get(id).unwrap()
}

/// An account without a management credential.
pub fn at(definition: Arc<Definition>) -> Workspace {
    Workspace {
        account_id: AccountId::new(1, [7; 10]),
        nonce: None,
        definition,
        fields: BTreeMap::new(),
        base_url: None,
        credential: None,
    }
}

/// What a call with the key says after that answer.
pub async fn verdict(id: &str, key: &str, said: Said) -> Verdict {
    let (executor, script) = Script::executor([said]);
    let verdict = executor.verify(&at(built_in(id)), &Secret::new(key.to_owned())).await;
    let asked = script.asked();
    assert_eq!(asked.len(), 1, "a verification is one request");
    assert_eq!(
        asked[0].authorization.as_deref(),
        Some(format!("Bearer {key}").as_str())
    );
    verdict
}
