//! The places that use the key in a world: real files, looked at as bytes and never through Keywheel.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use keywheel_core::App;
use keywheel_core::app::NewTarget;
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{Command, EnvFile, KeyId, Secret, Target};
use keywheel_core::rotation::{Ending, Event, StepKind};
use keywheel_core::target::{Machine, Targets, Way};
use provider_sim::Simulator;

use crate::person::Outcome;
use crate::tape::{Port, Tape, What};
use crate::world::World;

/// A file that a program reads its key from.
#[derive(Debug, Clone)]
pub struct Place {
    pub path: PathBuf,
    /// Around the value.
    before: String,
    after: String,
    mode: u32,
}

/// The name that each of them assigns to.
pub const NAME: &str = "PAYMENTS_KEY";

const TEXTS: [(&str, &str, u32); 3] = [
    (
        "# live since March\nPORT=8080\nexport PAYMENTS_KEY=",
        "\nNOTE='it is # old'\n",
        0o600,
    ),
    (
        "\u{feff}A=1\r\nPAYMENTS_KEY=\"",
        "\"  # restart after a change\r\nB='two\r\nlines'",
        0o640,
    ),
    ("PAYMENTS_KEY='", "'", 0o644),
];

impl Place {
    /// The n-th place of a world, holding the value.
    pub fn new(folder: &Path, n: usize, value: &str) -> Place {
        let (before, after, mode) = TEXTS[n % TEXTS.len()];
        let folder = folder.canonicalize().expect("a folder").join(format!("app{n}"));
        std::fs::create_dir(&folder).expect("a folder");
        let place = Place {
            path: folder.join(".env"),
            before: before.to_owned(),
            after: after.to_owned(),
            mode,
        };
        place.write(&place.text(value));
        place.set_mode(mode);
        place
    }

    pub fn write(&self, text: &str) {
        std::fs::write(&self.path, text).expect("it is written");
    }

    pub fn text(&self, value: &str) -> String {
        format!("{}{value}{}", self.before, self.after)
    }

    /// The value between all that must not change; none where something else has changed.
    pub fn value(&self) -> Option<String> {
        let text = std::fs::read_to_string(&self.path).ok()?;
        let value = text.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        Some(value.to_owned())
    }

    fn set_mode(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&self.path, std::fs::Permissions::from_mode(mode)).expect("its mode is set");
    }

    /// The folder takes no new files, so nothing in it can be replaced; as root, only a mark on the file tells.
    pub fn lock(&self) {
        self.set_mode(self.mode & !0o222);
    }

    pub fn unlock(&self) {
        self.set_mode(self.mode);
    }

    fn is_kept(&self) -> bool {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&self.path).map(|about| about.permissions().mode() & 0o7777);
        mode.is_ok_and(|mode| mode == self.mode || mode == self.mode & !0o222)
    }

    /// Whether anything else lies in its folder.
    pub fn has_company(&self) -> bool {
        let folder = self.path.parent().expect("a folder");
        std::fs::read_dir(folder).map_or(0, Iterator::count) != 1
    }
}

/// So many files below the folder, each with the value.
pub(crate) fn made(folder: &Path, number: usize, value: &str) -> Vec<Place> {
    let folder = folder.join("apps");
    std::fs::create_dir(&folder).expect("a folder");
    (0..number).map(|n| Place::new(&folder, n, value)).collect()
}

/// Tells Keywheel that they hold the key.
pub(crate) async fn bind(places: &[Place], app: &App, key: KeyId) {
    for place in places {
        let new = NewTarget::EnvFile {
            path: place.path.clone(),
            name: NAME.to_owned(),
            tracked: false,
        };
        let added = app.add_target(key, new).await;
        added.unwrap_or_else(|failure| panic!("the file is a target: {failure:?}"));
    }
}

/// Raises an alarm when a request that `revokes` the old key leaves while one of them holds its value.
pub(crate) fn watch(places: &[Place], tape: &Tape, old: &str, revokes: impl Fn(&What) -> bool + Send + Sync + 'static) {
    let (places, old) = (places.to_vec(), old.to_owned());
    tape.watch(move |what| {
        let behind = || places.iter().any(|place| place.value().as_ref() == Some(&old));
        (revokes(what) && behind()).then(|| "I5: the old key was revoked while a file held it".to_owned())
    });
}

/// What is wrong with them at any moment.
pub(crate) fn violations(places: &[Place], sim: &Simulator) -> Vec<String> {
    let minted: Vec<String> = sim.ledger().keys.into_iter().map(|key| key.value).collect();
    let mut found = Vec::new();
    for (n, place) in places.iter().enumerate() {
        match place.value() {
            Some(value) if minted.contains(&value) => {}
            Some(_) => found.push(format!("file {n} holds a value that is no key")),
            None => found.push(format!("file {n} changed beside its value")),
        }
        if !place.is_kept() {
            found.push(format!("file {n} has another mode"));
        }
    }
    found
}

/// Whether every program that reads one has a key that works.
pub(crate) fn work(places: &[Place], sim: &Simulator) -> bool {
    let works = |place: &Place| place.value().is_some_and(|value| sim.accepts(&value));
    places.iter().all(works)
}

/// What must not be left over in them when an act is over: `serves` are the values that serve then, `old` the former one.
pub(crate) fn loose(places: &[Place], outcome: Outcome, serves: &[&str], old: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (n, place) in places.iter().enumerate() {
        let value = place.value().unwrap_or_default();
        if outcome == Outcome::Closed(Ending::Completed) && !serves.contains(&&*value) {
            found.push(format!("file {n} does not hold the key that serves"));
        }
        let as_before = matches!(outcome, Outcome::Closed(Ending::Undone | Ending::Stopped));
        if as_before && value != old {
            found.push(format!("file {n} is not as before"));
        }
        if place.has_company() {
            found.push(format!("something was left beside file {n}"));
        }
    }
    found
}

impl World {
    /// So many files hold the key when the account is connected.
    pub fn used_in_files(mut self, number: usize) -> World {
        self.places = made(self.dir.path(), number, &self.old.value);
        self
    }

    pub(crate) async fn bind(&self) {
        bind(&self.places, &self.app(), self.the_key()).await;
        let key_id = self.old.key_id.clone();
        let revokes = move |what: &What| matches!(what, What::Request { method, path } if method == "DELETE" && path.ends_with(&key_id));
        watch(&self.places, &self.tape, &self.old.value, revokes);
    }

    /// Whether every program that reads a file has a key that works.
    pub fn files_work(&self) -> bool {
        work(&self.places, &self.sim)
    }

    /// What must not be left over in the files when an act is over.
    pub(crate) async fn loose_files(&self, outcome: Outcome) -> Vec<String> {
        let live: Vec<String> = self
            .versions()
            .await
            .into_iter()
            .filter(|row| row.state == "live")
            .map(|row| row.id)
            .collect();
        let held = self.held_values().await;
        let serves = held.iter().filter(|(id, _)| live.contains(&id.to_string()));
        let serves: Vec<&str> = serves.map(|(_, secret)| secret.expose()).collect();
        loose(&self.places, outcome, &serves, &self.old.value)
    }
}

/// What a rotation of a key in files must have recorded before the old key is revoked.
pub(crate) fn deploys(world: &World) -> Vec<Event> {
    let numbers = 0..u8::try_from(world.places.len()).expect("few files");
    numbers.map(|n| Event::Applied(StepKind::Deploy(n))).collect()
}

/// The machine's targets, whose writes are crossings. A failing one writes nothing before, and does not say so after.
pub struct TapedTargets {
    pub inner: Machine,
    pub tape: Tape,
}

impl TapedTargets {
    async fn call<T>(&self, verb: &'static str, call: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let (n, mishap) = self.tape.before(Port::Target, What::Target(verb)).await;
        if mishap.is_some() {
            return Err(Failure::new(Code::TargetFailed));
        }
        let called = call.await?;
        match self.tape.after(n).await {
            Some(_) => Err(Failure::unknown(Code::TargetFailed)),
            None => Ok(called),
        }
    }
}

#[async_trait]
impl Targets for TapedTargets {
    async fn check(&self, target: &Target, held: &Secret) -> Result<(), Failure> {
        self.call("check", self.inner.check(target, held)).await
    }

    async fn replace(&self, target: &Target, from: &Secret, to: &Secret, way: Way) -> Result<bool, Failure> {
        let verb = match way {
            Way::Deploy => "deploy",
            Way::Restore => "restore",
        };
        self.call(verb, self.inner.replace(target, from, to, way)).await
    }

    async fn rests(&self, target: &Target) -> Result<(), Failure> {
        self.inner.rests(target).await
    }

    async fn look(&self, target: &Target) -> Result<Option<Secret>, Failure> {
        self.inner.look(target).await
    }

    async fn names_of(&self, target: &Target, value: &Secret) -> Result<Vec<String>, Failure> {
        self.inner.names_of(target, value).await
    }

    async fn find(&self, path: &Path, name: &str, tracked: bool) -> Result<EnvFile, Failure> {
        self.inner.find(path, name, tracked).await
    }

    async fn contents(&self, command: &Command) -> Result<Secret, Failure> {
        self.inner.contents(command).await
    }
}
