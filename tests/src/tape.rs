//! Everything that leaves the driver, in order, and the one place where something goes wrong with it.
//!
//! Each write to the journal, request, call of the keychain and of the clipboard is a crossing, numbered
//! from 1 since the tape was started. A mishap strikes at one of them, before or after its effect.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jiff::SignedDuration;
use keywheel_core::model::RotationId;
use keywheel_core::rotation::Event;
use tokio::sync::Notify;

/// What is crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Port {
    Journal,
    Provider,
    Keychain,
    Clipboard,
    Target,
}

/// On which side of the effect a mishap strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    Before,
    After,
}

/// What goes wrong.
#[derive(Clone)]
pub enum Mishap {
    /// The process stops there for ever; dropped, it has crashed.
    Crash,
    /// The port fails: no space left, no answer, a refusing keychain.
    Fail,
    /// It takes so long, and then goes well.
    Delay(Duration),
    /// The provider's own fault, set just for this request.
    Provider(Box<provider_sim::Fault>),
    /// Something else happens meanwhile: the keychain locks itself, say.
    Meanwhile(Arc<dyn Fn() + Send + Sync>),
    /// The same, of somebody who is waited for.
    Beside(Deed),
    /// Nobody answers within a minute; the provider acts so long after that.
    Late(Duration),
}

/// What somebody does.
pub type Deed = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// One crossing, with what it was.
#[derive(Debug, Clone)]
pub struct Crossing {
    pub n: usize,
    pub port: Port,
    pub what: What,
    /// Whether it had its effect as far as the port itself can tell.
    pub done: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A record of a journal.
    Record(Event),
    /// Any other write of the journal, by name.
    Write(&'static str),
    Request {
        method: String,
        path: String,
    },
    Keychain {
        verb: &'static str,
        item: String,
    },
    Copied,
    /// A place that uses the key.
    Target(&'static str),
}

impl What {
    /// Whether it is a request that changes keys at the provider.
    pub fn mutates(&self) -> bool {
        matches!(self, What::Request { method, path } if (method == "POST" || method == "DELETE")
            && (path.contains("/api-keys") || path.ends_with("/signup") || path.contains("/projects/")))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Record(event) => write!(f, "record {event:?}"),
            What::Write(name) => f.write_str(name),
            What::Request { method, path } => write!(f, "{method} {path}"),
            What::Keychain { verb, item } => write!(f, "{verb} {}", item.split('/').next().unwrap_or_default()),
            What::Copied => f.write_str("copy"),
            What::Target(verb) => f.write_str(verb),
        }
    }
}

/// The tape; clones share it.
#[derive(Clone)]
pub struct Tape {
    inner: Arc<Mutex<Inner>>,
    stopped: Arc<Notify>,
    clock: provider_sim::Clock,
}

/// Looks at the world right before a crossing; what it says must not be.
type Watch = Box<dyn Fn(&What) -> Option<String> + Send + Sync>;

/// Whether a crossing is the one that is waited for.
type Is = Box<dyn Fn(&What) -> bool + Send>;

#[derive(Default)]
struct Inner {
    crossings: Vec<Crossing>,
    mishaps: BTreeMap<(usize, Moment), Mishap>,
    awaited: Option<(Is, Moment, Mishap)>,
    alarms: Vec<String>,
    watch: Option<Watch>,
    drivers: BTreeMap<RotationId, Weak<()>>,
}

impl Tape {
    pub fn new(clock: provider_sim::Clock) -> Tape {
        Tape {
            inner: Arc::default(),
            stopped: Arc::default(),
            clock,
        }
    }

    /// Forgets what was crossed so far; counting begins anew.
    pub fn start(&self) {
        let mut inner = self.inner();
        inner.crossings.clear();
        inner.alarms.clear();
    }

    /// Has a mishap strike at the n-th crossing.
    pub fn strike(&self, n: usize, moment: Moment, mishap: Mishap) {
        self.inner().mishaps.insert((n, moment), mishap);
    }

    /// Has a mishap strike at the next crossing that is so, and at no other.
    pub fn strike_first(&self, is: impl Fn(&What) -> bool + Send + 'static, moment: Moment, mishap: Mishap) {
        self.inner().awaited = Some((Box::new(is), moment, mishap));
    }

    /// From now on nothing goes wrong any more; returns how much was still to come.
    pub fn calm(&self) -> usize {
        let mut inner = self.inner();
        std::mem::take(&mut inner.mishaps).len() + usize::from(inner.awaited.take().is_some())
    }

    pub fn crossings(&self) -> Vec<Crossing> {
        self.inner().crossings.clone()
    }

    /// What a port saw that must never be.
    pub fn alarms(&self) -> Vec<String> {
        self.inner().alarms.clone()
    }

    pub fn alarm(&self, text: String) {
        self.inner().alarms.push(text);
    }

    /// A process drives that rotation from now on, for as long as its life is held; no other that lives may.
    pub(crate) fn driven(&self, rotation: RotationId, life: &Arc<()>) {
        let mut inner = self.inner();
        let before = inner.drivers.insert(rotation, Arc::downgrade(life));
        let other = before
            .and_then(|life| life.upgrade())
            .filter(|other| !Arc::ptr_eq(other, life));
        if other.is_some() {
            inner.alarms.push("two processes drive one rotation".to_owned());
        }
    }

    /// It does no longer.
    pub(crate) fn let_go(&self, rotation: RotationId) {
        self.inner().drivers.remove(&rotation);
    }

    /// Has somebody look on.
    pub fn watch(&self, watch: impl Fn(&What) -> Option<String> + Send + Sync + 'static) {
        self.inner().watch = Some(Box::new(watch));
    }

    /// Returns when a crash has stopped the process.
    pub async fn stopped(&self) {
        self.stopped.notified().await;
    }

    /// Enters a crossing and meets what goes wrong before it; an error is the port's to word.
    pub(crate) async fn before(&self, port: Port, what: What) -> (usize, Option<Mishap>) {
        let (n, mishap) = {
            let mut inner = self.inner();
            let n = inner.crossings.len() + 1;
            let seen = inner.watch.as_ref().and_then(|watch| watch(&what));
            inner.alarms.extend(seen);
            if let Some((_, moment, mishap)) = inner.awaited.take_if(|(is, ..)| is(&what)) {
                inner.mishaps.insert((n, moment), mishap);
            }
            inner.crossings.push(Crossing {
                n,
                port,
                what,
                done: false,
            });
            (n, inner.mishaps.remove(&(n, Moment::Before)))
        };
        (n, self.meet(mishap).await)
    }

    /// Notes that the crossing had its effect, and meets what goes wrong after it.
    pub(crate) async fn after(&self, n: usize) -> Option<Mishap> {
        let mishap = {
            let mut inner = self.inner();
            if let Some(crossing) = inner.crossings.get_mut(n - 1) {
                crossing.done = true;
            }
            inner.mishaps.remove(&(n, Moment::After))
        };
        self.meet(mishap).await
    }

    async fn meet(&self, mishap: Option<Mishap>) -> Option<Mishap> {
        match mishap {
            Some(Mishap::Crash) => {
                self.stopped.notify_one();
                std::future::pending().await
            }
            Some(Mishap::Delay(span)) => {
                self.clock
                    .advance(SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX));
                None
            }
            Some(Mishap::Meanwhile(act)) => {
                act();
                None
            }
            Some(Mishap::Beside(act)) => {
                act().await;
                None
            }
            other => other,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
