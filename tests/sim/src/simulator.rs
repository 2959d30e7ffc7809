//! The simulator: what exists, what has happened, and what is about to go wrong.

mod change;
mod keep;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State as Held;
use http::{Request, Response};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::envelope::Envelopes;
use crate::exchange::{self, Dropped};
use crate::fault::{Fault, RuleRecord, Rules};
use crate::firebase::Firebase;
use crate::issuer::Issuer;
use crate::ledger::{KeyRecord, Ledger, RequestRecord};
use crate::material::Material;
use crate::overten::Overten;
use crate::world::{SeedKey, World};

/// How a simulator starts and behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its time.
    pub clock: Clock,
    /// What exists.
    pub world: World,
    /// Seed of the values that it mints; random without one.
    pub seed: Option<u64>,
    /// Where Overten looks for the key at `/verify`.
    pub verify_header: VerifyHeader,
    /// Status of a successful signup, which the documents do not say.
    pub signup_status: u16,
    /// Whether Firebase answers `INVALID_LOGIN_CREDENTIALS` for both a wrong e-mail and a wrong
    /// password, as projects with e-mail enumeration protection do.
    pub hide_unknown_email: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            world: World::empty(),
            seed: None,
            verify_header: VerifyHeader::Either,
            signup_status: 201,
            hide_unknown_email: false,
        }
    }
}

/// Where a key may stand in a request; two versions of Overten's /authentication disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerifyHeader {
    /// Both are accepted.
    Either,
    /// Only `X-API-Key`.
    XApiKey,
    /// Only `Authorization: Bearer`.
    Bearer,
}

/// Simulated providers; clones share everything.
#[derive(Clone, Debug)]
pub struct Simulator {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

/// Everything that changes.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) verify_header: VerifyHeader,
    pub(crate) signup_status: u16,
    pub(crate) hide_unknown_email: bool,
    pub(crate) material: Material,
    pub(crate) firebase: Firebase,
    pub(crate) overten: Overten,
    pub(crate) issuer: Issuer,
    pub(crate) envelopes: Envelopes,
    pub(crate) ledger: Ledger,
    pub(crate) rules: Rules,
}

impl Simulator {
    /// Starts with a world and nothing asked yet.
    pub fn new(options: Options) -> Self {
        let World {
            users,
            orgs,
            keys,
            accounts,
            ..
        } = options.world;
        let state = State {
            verify_header: options.verify_header,
            signup_status: options.signup_status,
            hide_unknown_email: options.hide_unknown_email,
            material: options
                .seed
                .map_or_else(Material::random, |seed| Material::seeded("minted", seed)),
            firebase: Firebase::new(users),
            overten: Overten::new(orgs, &keys),
            issuer: Issuer::new(accounts, &keys),
            envelopes: Envelopes::default(),
            ledger: Ledger {
                requests: Vec::new(),
                keys: keys.into_iter().map(KeyRecord::from).collect(),
                before: 0,
            },
            rules: Rules::default(),
        };
        Self {
            clock: options.clock,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Another one in which the same has happened, with a clock of its own.
    pub fn fork(&self, clock: Clock) -> Self {
        let state = self.state().clone();
        Self {
            clock,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The providers as a router, for calls in process; `/_sim/` exists only when serving.
    ///
    /// A dropped connection is a response that carries [`Dropped`] as an extension and whose body
    /// fails; [`Simulator::call`] turns it into an error.
    pub fn router(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }

    /// Answers one request in process.
    pub async fn call(&self, request: Request<Body>) -> Result<Response<Body>, Dropped> {
        let response = exchange::run(self.clone(), request).await;
        match response.extensions().get::<Dropped>() {
            Some(dropped) => Err(*dropped),
            None => Ok(response),
        }
    }

    /// Its time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Sets a fault and returns its number.
    pub fn inject(&self, fault: Fault) -> u64 {
        self.state().rules.set(fault)
    }

    /// Forgets every fault; lags that have begun run on.
    pub fn clear_faults(&self) {
        self.state().rules.clear();
    }

    /// The faults that were set, spent ones included.
    pub fn faults(&self) -> Vec<RuleRecord> {
        self.state().rules.records()
    }

    /// What has happened so far.
    pub fn ledger(&self) -> Ledger {
        self.state().ledger.clone()
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state().ledger.requests.clone()
    }

    /// How many requests had this method and a path that fits; see [`Fault::path`].
    pub fn count(&self, method: &str, path_pattern: &str) -> usize {
        self.state().ledger.count(method, path_pattern)
    }

    /// The keys of an organisation that are not revoked.
    pub fn live_keys(&self, org_id: &str) -> Vec<KeyRecord> {
        self.state().ledger.live_keys(org_id)
    }

    /// The key with this value.
    pub fn key_by_value(&self, value: &str) -> Option<KeyRecord> {
        self.state().ledger.key_by_value(value).cloned()
    }

    /// Whether its provider would accept this value now, propagation included; leaves no trace.
    pub fn accepts(&self, value: &str) -> bool {
        let (state, now) = (self.state(), self.clock.now());
        state.overten.accepts(value, now) || state.issuer.accepts(value, now)
    }

    /// What exists now, in the form of a world.
    pub fn world(&self) -> World {
        let state = self.state();
        World {
            users: state.firebase.users().to_vec(),
            orgs: state.overten.orgs.clone(),
            keys: state.ledger.keys.iter().map(SeedKey::from).collect(),
            accounts: state.issuer.accounts().to_vec(),
            material: Material::random(),
        }
    }

    /// Issues an ID token for a user, as the provider's dashboard would; `None` for nobody's e-mail.
    pub fn id_token(&self, email: &str) -> Option<String> {
        let now = self.clock.now();
        let State { firebase, material, .. } = &mut *self.state();
        let user = firebase.users().iter().find(|user| user.email == email)?.clone();
        Some(firebase.issue(&user, now, material))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(Held(simulator): Held<Simulator>, request: Request<Body>) -> Response<Body> {
    exchange::run(simulator, request).await
}
