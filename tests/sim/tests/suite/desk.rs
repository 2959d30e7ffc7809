//! A person at the dashboards and a program at the APIs, in the world with all five providers.

use jiff::SignedDuration;
use provider_sim::{Account, Clock, KeyRecord, Options, Provider, Simulator, World};

use crate::lab::{Said, send, start};

pub struct Desk {
    pub sim: Simulator,
}

/// All five providers, at a time that stands still.
pub fn five() -> Desk {
    desk(World::five(start()))
}

/// The invented provider, likewise.
pub fn projects() -> Desk {
    desk(World::lab(start()))
}

fn desk(world: World) -> Desk {
    Desk {
        sim: Simulator::new(Options {
            clock: Clock::manual(start()),
            world,
            seed: Some(7),
            ..Options::default()
        }),
    }
}

impl Desk {
    /// The first account at a provider.
    pub fn account(&self, provider: Provider) -> Account {
        let mut accounts = self.sim.world().accounts.into_iter();
        accounts.find(|account| account.provider == provider).unwrap()
    }

    /// The account with this name.
    pub fn named(&self, name: &str) -> Account {
        let mut accounts = self.sim.world().accounts.into_iter();
        accounts.find(|account| account.name == name).unwrap()
    }

    /// The live key of an account with this name.
    pub fn key(&self, account: &Account, name: &str) -> KeyRecord {
        let mut keys = self.sim.live_keys(&account.id).into_iter();
        keys.find(|key| key.name.as_deref() == Some(name)).unwrap()
    }

    pub async fn get(&self, url: &str, value: &str) -> Said {
        self.call("GET", url, value, "").await
    }

    /// Calls an API with a key; an empty one is no header at all.
    pub async fn call(&self, method: &str, url: &str, value: &str, body: &str) -> Said {
        let bearer = format!("Bearer {value}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let sent = if value.is_empty() { &headers[..1] } else { &headers[..] };
        send(&self.sim, method, url, sent, body).await.unwrap()
    }

    /// Opens a page of a dashboard.
    pub async fn open(&self, page: &str) -> Said {
        let url = format!("http://127.0.0.1:4000{page}");
        send(&self.sim, "GET", &url, &[], "").await.unwrap()
    }

    /// Sends a form to a page of a dashboard.
    pub async fn submit(&self, page: &str, form: &str) -> Said {
        let url = format!("http://127.0.0.1:4000{page}");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        send(&self.sim, "POST", &url, &headers, form).await.unwrap()
    }

    pub fn pass(&self, seconds: i64) {
        self.sim.clock().advance(SignedDuration::from_secs(seconds));
    }
}

impl Said {
    /// The new value in a page; empty where it shows none.
    pub fn new_key(&self) -> String {
        between(&self.text, "<code id=\"new-key\">", "</code>")
    }

    /// The code of a page's notice; empty where it has none.
    pub fn notice_code(&self) -> String {
        between(&self.text, "id=\"notice\" data-code=\"", "\"")
    }

    /// The ids of the keys in a page, in order.
    pub fn rows(&self) -> Vec<String> {
        let rows = self.text.split("<tr class=\"key\" data-key-id=\"").skip(1);
        rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
    }

    /// The code of a nested envelope, wherever it says that nothing succeeded.
    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

fn between(text: &str, before: &str, after: &str) -> String {
    let rest = text.split(before).nth(1).unwrap_or_default();
    rest.split(after).next().unwrap_or_default().to_owned()
}
