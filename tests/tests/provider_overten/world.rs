//! One simulated Overten with one user, one organisation, and an executor that reaches it.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::HttpBody;
use jiff::{SignedDuration, Timestamp};
use keywheel_core::clock::{Clock, Sleep, Steady, SystemEntropy};
use keywheel_core::http::{
    Limits, Redirection, Request, Response, Sending, Transport, TransportFailure, WireTransport,
};
use keywheel_core::model::{AccountId, Credential, Secret};
use keywheel_core::provider::{Catalog, Definition, Executor, Workspace, is_built_in_host};
use provider_sim::{Clock as SimClock, Options, Org, Serving, Simulator, User, VerifyHeader, World as Seed};

pub const START: &str = "2026-11-21T04:00:00Z";

/// How requests reach the simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Loopback,
    InProcess,
}

impl Way {
    pub const BOTH: [Way; 2] = [Way::Loopback, Way::InProcess];
}

pub struct World {
    pub sim: Simulator,
    pub clock: SimClock,
    pub user: User,
    pub org: Org,
    pub definition: Arc<Definition>,
    pub provider: Executor,
    _serving: Option<Serving>,
}

impl World {
    pub async fn new(way: Way) -> World {
        World::with(way, VerifyHeader::Either).await
    }

    pub async fn with(way: Way, verify_header: VerifyHeader) -> World {
        let clock = SimClock::manual(START.parse().unwrap());
        let mut seed = Seed::empty();
        let user = seed.add_user("ada@acme.dev");
        let org = seed.add_org("Acme GmbH", &user);
        let options = Options {
            clock: clock.clone(),
            world: seed,
            seed: Some(7),
            verify_header,
            ..Options::default()
        };
        let sim = Simulator::new(options);
        let ours: Arc<dyn Clock> = Arc::new(TestClock(clock.clone()));
        let (transport, serving): (Arc<dyn Transport>, _) = match way {
            Way::InProcess => (Arc::new(InProcess(sim.clone())), None),
            Way::Loopback => {
                let serving = sim.serve(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
                let to = format!("http://{}", serving.addr);
                let redirection = Redirection::new(is_built_in_host, &to).unwrap();
                let wire = WireTransport::with_limits(ours.clone(), Some(redirection), short());
                (Arc::new(wire), Some(serving))
            }
        };
        let provider = Executor::new(transport, ours, Arc::new(SystemEntropy));
        World {
            sim,
            clock,
            user,
            org,
            definition: overten(),
            provider,
            _serving: serving,
        }
    }

    /// The account of the organisation, with a refresh token.
    pub fn at(&self) -> Workspace {
        self.with_credential(self.refresh())
    }

    pub fn with_credential(&self, credential: Credential) -> Workspace {
        workspace(&self.definition, &self.org.id, Some(credential))
    }

    pub fn refresh(&self) -> Credential {
        let fields = [("web_api_key", &self.user.web_api_key)];
        credential("firebase_refresh", &self.user.refresh_token, fields)
    }

    pub fn password(&self) -> Credential {
        let fields = [("web_api_key", &self.user.web_api_key), ("email", &self.user.email)];
        credential("firebase_password", &self.user.password, fields)
    }

    pub fn pasted(&self) -> Credential {
        credential("firebase_id_token", &self.sim.id_token(&self.user.email).unwrap(), [])
    }

    pub fn keys_path(&self) -> String {
        format!("/api/v1/organizations/{}/api-keys", self.org.id)
    }

    /// How many of ours reached the provider.
    pub fn mints(&self) -> usize {
        self.sim.count("POST", &self.keys_path())
    }

    pub fn advance(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }
}

pub fn overten() -> Arc<Definition> {
    Catalog::load(None).0.get("overten").unwrap()
}

pub fn workspace(definition: &Arc<Definition>, org_id: &str, credential: Option<Credential>) -> Workspace {
    let fields = match org_id {
        "" => BTreeMap::new(),
        id => BTreeMap::from([("org_id".to_owned(), id.to_owned())]),
    };
    Workspace {
        account_id: AccountId::new(1, [7; 10]),
        nonce: None,
        definition: definition.clone(),
        fields,
        base_url: None,
        credential,
    }
}

pub fn credential<const N: usize>(scheme: &str, secret: &str, fields: [(&str, &String); N]) -> Credential {
    Credential {
        scheme: scheme.to_owned(),
        fields: fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect(),
        secret: Secret::new(secret.to_owned()),
    }
}

pub fn secret(value: &str) -> Secret {
    Secret::new(value.to_owned())
}

/// Limits under which a hung provider is given up within a test's patience.
pub fn short() -> Limits {
    Limits {
        connect: Duration::from_millis(500),
        read: Duration::from_secs(1),
        total: Duration::from_secs(3),
    }
}

/// Stands still; waiting moves it on at once.
pub struct TestClock(pub SimClock);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        self.0.advance(SignedDuration::try_from(span).unwrap());
        Box::pin(tokio::task::yield_now())
    }

    fn steady(&self) -> Steady {
        let ms = self.0.now().as_millisecond();
        Steady {
            boot: "one".to_owned(),
            up: Duration::from_millis(u64::try_from(ms).unwrap_or(0)),
        }
    }
}

/// The simulator without a network; what never answers is given up after a moment.
struct InProcess(Simulator);

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request, _: Sending) -> Result<Response, TransportFailure> {
        let body = request.body.map(|body| body.to_vec()).unwrap_or_default();
        let mut call = http::Request::builder()
            .method(request.method)
            .uri(request.url.as_str());
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        let call = self.0.call(call.body(body.into()).unwrap());
        let answer = tokio::time::timeout(Duration::from_secs(1), call).await;
        let answer = answer
            .map_err(|_| TransportFailure::NoAnswer)?
            .map_err(|_| TransportFailure::NoAnswer)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let mut body = answer.into_body();
        let mut read = Vec::new();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|_| TransportFailure::NoAnswer)?;
            read.extend_from_slice(frame.data_ref().ok_or(TransportFailure::NoAnswer)?);
            if read.len() > request.max_body {
                return Err(TransportFailure::TooLarge);
            }
        }
        Ok(Response {
            status,
            headers,
            body: read.into(),
        })
    }
}
