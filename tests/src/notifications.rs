//! A notification service on the session's bus, owned by the test: it keeps what it is asked to show.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use zbus::zvariant::OwnedValue;

use crate::window::Outcome;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// Longest wait for a notification.
const PATIENCE: Duration = Duration::from_secs(120);

/// What was to be shown.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: u32,
    pub title: String,
    pub body: String,
    pub actions: Vec<String>,
}

#[derive(Clone, Default)]
struct Service {
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the specification's own")]
    fn notify(
        &self,
        _app_name: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let id = u32::try_from(shown.len() + 1).unwrap_or(u32::MAX);
        shown.push(Shown {
            id,
            title,
            body,
            actions,
        });
        id
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned(), "body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let word = |text: &str| text.to_owned();
        (word("test"), word("Keywheel"), word("1"), word("1.2"))
    }
}

/// The session's notification service, until it is dropped.
pub struct Notifications {
    service: Service,
    bus: zbus::Connection,
}

impl Notifications {
    pub async fn serve() -> Outcome<Notifications> {
        let service = Service::default();
        let bus = zbus::connection::Builder::session()
            .and_then(|bus| bus.name(NAME))
            .and_then(|bus| bus.serve_at(PATH, service.clone()))
            .map_err(|error| error.to_string())?;
        let bus = bus.build().await.map_err(|error| error.to_string())?;
        Ok(Notifications { service, bus })
    }

    /// All of them so far.
    pub fn shown(&self) -> Vec<Shown> {
        let shown = self.service.shown.lock();
        shown.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The person presses it.
    pub async fn press(&self, shown: &Shown) -> Outcome {
        let pressed = (shown.id, "default");
        let told = self
            .bus
            .emit_signal(None::<&str>, PATH, NAME, "ActionInvoked", &pressed);
        told.await.map_err(|error| error.to_string())
    }

    /// Waits until one says so, and returns it.
    pub async fn until(&self, words: &str) -> Outcome<Shown> {
        let started = Instant::now();
        loop {
            let shown = self.shown();
            match shown.iter().find(|shown| shown.title.contains(words)) {
                Some(found) => return Ok(found.clone()),
                None if started.elapsed() > PATIENCE => return Err(format!("nothing says “{words}”: {shown:?}")),
                None => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}
