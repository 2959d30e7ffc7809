//! Questions to the Secret Service that the blocking store does not answer: is it there, is it locked,
//! unlock it. All of them can be dropped half-way, and none but [`unlock`] makes a prompt.
//!
//! Deliberately absent: a session for secrets; values go through the store only.

use std::collections::HashMap;
use zbus::export::ordered_stream::OrderedStreamExt;
use zbus::match_rule::Builder as Rule;
use zbus::zvariant::{DynamicDeserialize, DynamicType, ObjectPath, OwnedObjectPath, OwnedValue};
use zbus::{Connection, MatchRule, Message, MessageStream};

use crate::vault::VaultState;

const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";
const SERVICE_INTERFACE: &str = "org.freedesktop.Secret.Service";
const COLLECTION_INTERFACE: &str = "org.freedesktop.Secret.Collection";
const ITEM_INTERFACE: &str = "org.freedesktop.Secret.Item";
const PROMPT_INTERFACE: &str = "org.freedesktop.Secret.Prompt";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const NO_REPLY: &str = "org.freedesktop.DBus.Error.NoReply";
const BUS: &str = "org.freedesktop.DBus";
/// GNOME Keyring's own name.
const GNOME: &str = "org.gnome.keyring";
/// Stands for "no object" in this protocol.
const NONE: &str = "/";

/// The state, or why there is no answer.
type Asked<T> = Result<T, VaultState>;

/// Tells whether a call would be answered without a prompt.
pub(super) async fn state(service: &str, item: Option<&str>) -> VaultState {
    let asked = async {
        let bus = connect().await?;
        let collection = collection_of(&bus).await?;
        if is_locked(&bus, &collection).await? {
            return Err(VaultState::Locked);
        }
        for locked in locked_of(&bus, service, item).await? {
            let inside = is_inside(&locked, &collection);
            let is_shut = !inside && item.is_some() && is_locked(&bus, &around(&locked)).await?;
            if is_shut {
                return Err(VaultState::Locked);
            }
            // Its collection is open, and the item is not: permission is given for each program and item.
            if inside || item.is_some() {
                return Err(VaultState::AsksEach);
            }
        }
        Ok(())
    };
    asked.await.err().unwrap_or(VaultState::Ready)
}

/// Returns the path of the collection that new items go to.
pub(super) async fn default_collection() -> Asked<OwnedObjectPath> {
    collection_of(&connect().await?).await
}

/// Unlocks the default collection, and what of the service lies elsewhere, with a prompt where one is needed.
pub(super) async fn unlock(service: &str) -> VaultState {
    match locked_items(service).await {
        Ok(items) => tell("Unlock", items).await,
        Err(state) => state,
    }
}

/// Locks the default collection.
pub(super) async fn lock() -> VaultState {
    tell("Lock", Vec::new()).await
}

/// Items of the service that are locked though the default collection may not be.
pub(super) async fn locked_items(service: &str) -> Asked<Vec<OwnedObjectPath>> {
    let bus = connect().await?;
    let locked = locked_of(&bus, service, None).await?;
    let collection = collection_of(&bus).await?;
    Ok(locked
        .into_iter()
        .filter(|item| !is_inside(item, &collection))
        .collect())
}

/// Items of the service, or the one of that name, that are locked. The store looks in every collection, and would prompt.
async fn locked_of(bus: &Connection, service: &str, item: Option<&str>) -> Asked<Vec<OwnedObjectPath>> {
    let name = item.map(|item| ("username", item));
    let attributes: HashMap<&str, &str> = std::iter::once(("service", service)).chain(name).collect();
    let answer = ask(bus, SERVICE, SERVICE_INTERFACE, "SearchItems", &attributes).await?;
    let (_, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = read(&answer)?;
    Ok(locked)
}

/// The collection that an item lies in: its path is the item's without the last part.
fn around(item: &ObjectPath<'_>) -> OwnedObjectPath {
    let collection = item
        .as_str()
        .rsplit_once('/')
        .map_or(NONE, |(collection, _)| collection);
    ObjectPath::try_from(collection).map_or_else(|_| OwnedObjectPath::default(), |path| path.to_owned().into())
}

fn is_inside(item: &ObjectPath<'_>, collection: &ObjectPath<'_>) -> bool {
    around(item).as_str() == collection.as_str()
}

/// Tells it of the default collection, and of these items.
async fn tell(method: &str, items: Vec<OwnedObjectPath>) -> VaultState {
    let asked = async {
        let bus = connect().await?;
        let collection = collection_of(&bus).await?;
        let objects: Vec<&ObjectPath<'_>> = std::iter::once(&*collection)
            .chain(items.iter().map(|item| &**item))
            .collect();
        let answer = ask(&bus, SERVICE, SERVICE_INTERFACE, method, &objects).await?;
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = read(&answer)?;
        if prompt.as_str() == NONE {
            Ok(())
        } else {
            show(&bus, &prompt).await
        }
    };
    asked.await.err().unwrap_or(VaultState::Ready)
}

/// A connection for each question: it costs about two milliseconds, and never outlives a bus or a runtime.
async fn connect() -> Asked<Connection> {
    Connection::session().await.map_err(|_| VaultState::NoService)
}

/// GNOME Keyring now and then denies for a millisecond that it has one, so "none" must be said several times.
async fn collection_of(bus: &Connection) -> Asked<OwnedObjectPath> {
    for _ in 0..5 {
        let answer = ask(bus, SERVICE, SERVICE_INTERFACE, "ReadAlias", &"default").await?;
        let path: OwnedObjectPath = read(&answer)?;
        if path.as_str() != NONE {
            // What lies in the collection of the session is gone with it.
            let answer = ask(bus, SERVICE, SERVICE_INTERFACE, "ReadAlias", &"session").await?;
            let session: OwnedObjectPath = read(&answer)?;
            return match path == session {
                true => Err(VaultState::NoDefaultCollection),
                false => Ok(path),
            };
        }
    }
    Err(VaultState::NoDefaultCollection)
}

async fn is_locked(bus: &Connection, collection: &ObjectPath<'_>) -> Asked<bool> {
    let answer = ask(
        bus,
        collection.as_str(),
        PROPERTIES,
        "Get",
        &(COLLECTION_INTERFACE, "Locked"),
    )
    .await?;
    let value: OwnedValue = read(&answer)?;
    bool::try_from(value).map_err(|_| VaultState::Failed)
}

/// Names of all items of the service. Attributes can be read while values cannot.
pub(super) async fn items(service: &str) -> Asked<Vec<String>> {
    let bus = connect().await?;
    let attributes = HashMap::from([("service", service)]);
    let answer = ask(&bus, SERVICE, SERVICE_INTERFACE, "SearchItems", &attributes).await?;
    let (unlocked, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = read(&answer)?;
    let mut names = Vec::new();
    for item in unlocked.iter().chain(&locked) {
        let asked = (ITEM_INTERFACE, "Attributes");
        let answer = ask(&bus, item.as_str(), PROPERTIES, "Get", &asked).await?;
        let value: OwnedValue = read(&answer)?;
        let attributes: HashMap<String, String> = value.try_into().map_err(|_| VaultState::Failed)?;
        names.extend(attributes.get("username").cloned());
    }
    Ok(names)
}

/// Whether the service has written its file before it answers, as GNOME Keyring does. KWallet writes it five seconds after the
/// last change (`kwalletd.cpp`, `initiateSync`), KeePassXC once it has derived its key anew: tenths of a second, and seconds on
/// a machine that is busy. Of others nobody knows.
pub(super) async fn writes_at_once() -> bool {
    let Ok(bus) = connect().await else { return false };
    match (owner(&bus, NAME).await, owner(&bus, GNOME).await) {
        (Some(service), Some(gnome)) => service == gnome,
        _ => false,
    }
}

/// The connection that has the name; none where nobody has.
async fn owner(bus: &Connection, name: &str) -> Option<String> {
    let asked = bus.call_method(Some(BUS), "/org/freedesktop/DBus", Some(BUS), "GetNameOwner", &name);
    read(&asked.await.ok()?).ok()
}

/// Shows the prompt and waits for its end, or for the end of the service.
async fn show(bus: &Connection, prompt: &ObjectPath<'_>) -> Asked<()> {
    let completed = signal(PROMPT_INTERFACE, "Completed").and_then(|rule| rule.path(prompt.clone()));
    let left = signal(BUS, "NameOwnerChanged").and_then(|rule| rule.arg(0, NAME));
    // Both before the prompt, for it may be answered at once.
    let mut completed = listen(bus, completed).await?;
    let mut left = listen(bus, left).await?;
    ask(bus, prompt.as_str(), PROMPT_INTERFACE, "Prompt", &"").await?;
    tokio::select! {
        biased;
        answer = completed.next() => {
            let answer = answer.and_then(Result::ok).ok_or(VaultState::NoService)?;
            let (dismissed, _): (bool, OwnedValue) = read(&answer)?;
            if dismissed { Err(VaultState::Dismissed) } else { Ok(()) }
        }
        _ = left.next() => Err(VaultState::NoService),
    }
}

fn signal<'a>(interface: &'a str, member: &'a str) -> zbus::Result<Rule<'a>> {
    MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface(interface)?
        .member(member)
}

async fn listen(bus: &Connection, rule: zbus::Result<Rule<'_>>) -> Asked<MessageStream> {
    let rule = rule.map_err(meaning)?.build();
    MessageStream::for_match_rule(rule, bus, None).await.map_err(meaning)
}

async fn ask<B>(bus: &Connection, path: &str, interface: &str, method: &str, body: &B) -> Asked<Message>
where
    B: serde::Serialize + DynamicType + Sync,
{
    let call = || bus.call_method(Some(NAME), path, Some(interface), method, body);
    match call().await {
        // The service ended in the middle of the call; the bus knows by now, and may start it anew.
        Err(zbus::Error::MethodError(name, ..)) if name.as_str() == NO_REPLY => call().await.map_err(meaning),
        answer => answer.map_err(meaning),
    }
}

fn read<T: for<'d> DynamicDeserialize<'d>>(message: &Message) -> Asked<T> {
    let body = message.body();
    body.deserialize().map_err(|_| VaultState::Failed)
}

/// Only the error's name is looked at; its text is the service's own.
fn meaning(error: zbus::Error) -> VaultState {
    let zbus::Error::MethodError(name, ..) = error else {
        // The connection broke: there is no bus any more.
        return VaultState::NoService;
    };
    let name = name.as_str();
    if name.starts_with("org.freedesktop.DBus.Error.Spawn.") {
        return VaultState::NoService;
    }
    match name.strip_prefix("org.freedesktop.DBus.Error.") {
        Some("ServiceUnknown" | "NameHasNoOwner" | "NoReply" | "Disconnected") => VaultState::NoService,
        Some("Timeout" | "TimedOut") => VaultState::TooLong,
        // The collection went away between two questions.
        Some("UnknownObject" | "UnknownMethod") => VaultState::NoDefaultCollection,
        _ => match name {
            "org.freedesktop.Secret.Error.IsLocked" => VaultState::Locked,
            "org.freedesktop.Secret.Error.NoSuchObject" => VaultState::NoDefaultCollection,
            _ => VaultState::Failed,
        },
    }
}
