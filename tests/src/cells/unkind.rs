//! What is unkind: an answer that is always the same, one that is well formed and not so, or a fact that changes.

use std::time::Duration;

use keywheel_core::model::Secret;
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use provider_sim::{Fault, Malformed, Strategy};
use serde_json::json;

use super::shape::Shape;
use crate::project::Project;

/// Which request it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Mint,
    List,
    Verify,
    Revoke,
}

/// When it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Before the rotation is opened.
    Opening,
    /// When the person is to put the new key to use, or the first rest before that.
    Waiting,
    /// Right after the person has said that it is in use.
    Confirmed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unkind {
    Nothing,
    /// No answer, and no effect.
    NoAnswer(Call, bool),
    /// No answer, and the effect.
    LostAnswer(Call, bool),
    /// This status instead of the effect.
    Status(Call, bool, u16),
    /// This status after the effect.
    StatusAfter(Call, bool, u16),
    /// Success, and no effect.
    NoEffect(Call, bool),
    Html(Call, bool),
    /// The list is empty.
    EmptyList(bool),
    /// Every value is said to be dead.
    AllDead(bool),
    /// Every value is said to work.
    AllLive(bool),
    /// A new key comes with the id of the old one.
    OldId(bool),
    /// A new key comes with the same id each time, which no list has.
    OneId(bool),
    /// The list shows changes after ten minutes.
    Lag,
    /// Somebody deletes the old key.
    OldDies,
    /// Somebody deletes the new key.
    NewDies,
    /// The old value is no longer in the keychain.
    OldVanishes,
    /// The new value is no longer in the keychain.
    NewVanishes,
    /// Another value stands in the keychain in its place.
    NewAltered,
    /// The keychain locks itself, and stays so.
    Locks,
    /// The list lacks the old key, and shows all others.
    LacksOld(bool),
    /// The list lacks the new key, and shows all others.
    LacksNew(bool),
    /// The machine's clock is set by so many hours.
    Clock(i32),
    /// The process ends, and another one starts.
    Restarts,
    /// The definition's file means something else from now on, and Keywheel is started anew.
    Redefined,
    /// The definition's file is gone, and Keywheel is started anew.
    Undefined,
    /// Another machine makes a successor of the same key.
    Elsewhere,
}

impl Unkind {
    /// Every one that makes a difference there, with the phases that do.
    pub fn all(shape: Shape) -> Vec<(Unkind, Phase)> {
        use Phase::{Confirmed, Opening, Waiting};
        use Unkind::*;
        let mut all = vec![(Nothing, Opening)];
        for call in [Call::Mint, Call::List, Call::Verify, Call::Revoke] {
            let phases: &[Phase] = match call {
                Call::Mint => &[Opening],
                _ => &[Opening, Waiting],
            };
            for phase in phases {
                for always in [false, true] {
                    for kind in [
                        NoAnswer(call, always),
                        LostAnswer(call, always),
                        Status(call, always, 500),
                        Status(call, always, 401),
                        Status(call, always, 403),
                        Status(call, always, 404),
                        Status(call, always, 409),
                        Status(call, always, 429),
                        StatusAfter(call, always, 500),
                        NoEffect(call, always),
                        Html(call, always),
                    ] {
                        all.push((kind, *phase));
                    }
                }
            }
        }
        for phase in [Opening, Waiting] {
            for always in [false, true] {
                all.extend([EmptyList(always), AllDead(always), AllLive(always)].map(|kind| (kind, phase)));
            }
        }
        for always in [false, true] {
            all.extend([(OldId(always), Opening), (OneId(always), Opening)]);
        }
        all.push((Lag, Opening));
        for always in [false, true] {
            all.extend([LacksOld(always), LacksNew(always)].map(|kind| (kind, Waiting)));
        }
        all.extend([(Elsewhere, Opening), (Elsewhere, Waiting)]);
        for kind in [Clock(-2), Clock(2), Restarts, Redefined, Undefined] {
            all.extend([(kind, Waiting), (kind, Confirmed)]);
        }
        all.extend([(OldDies, Opening), (OldDies, Waiting), (OldDies, Confirmed)]);
        all.extend([NewDies, OldVanishes, NewVanishes, NewAltered, Locks].map(|kind| (kind, Waiting)));
        all.retain(|(kind, _)| kind.is_felt(shape));
        all
    }

    fn is_felt(self, shape: Shape) -> bool {
        use super::shape::{Doer, Listing};
        let asked = |call: Call| match call {
            Call::Mint => shape.mints == Doer::Api,
            Call::Revoke => shape.revokes == Doer::Api && !shape.in_place(),
            Call::List => shape.lists != Listing::Nothing,
            Call::Verify => shape.verifies,
        };
        match self {
            Unkind::NoAnswer(call, _)
            | Unkind::LostAnswer(call, _)
            | Unkind::Status(call, _, _)
            | Unkind::StatusAfter(call, _, _)
            | Unkind::NoEffect(call, _)
            | Unkind::Html(call, _) => {
                let reads = matches!(call, Call::List | Call::Verify);
                let acts = matches!(
                    self,
                    Unkind::LostAnswer(..) | Unkind::StatusAfter(..) | Unkind::NoEffect(..)
                );
                asked(call) && !(reads && acts)
            }
            Unkind::EmptyList(_) | Unkind::Lag => asked(Call::List),
            Unkind::LacksOld(_) | Unkind::LacksNew(_) => asked(Call::List) && shape.strategy != Strategy::TwoSlot,
            Unkind::Elsewhere => asked(Call::Mint) && shape.strategy == Strategy::Overlap,
            Unkind::AllDead(_) | Unkind::AllLive(_) => asked(Call::Verify),
            Unkind::OldId(_) | Unkind::OneId(_) => asked(Call::Mint) && !shape.in_place(),
            _ => true,
        }
    }

    /// Begins it.
    pub async fn begin(self, project: &mut Project) {
        // Whoever meddles with the keychain has it open, whatever state Keywheel finds it in.
        let state = project.vault.state().await;
        project.vault.set_state(VaultState::Ready);
        self.begin_with_open_keychain(project).await;
        if self != Unkind::Locks {
            project.vault.set_state(state);
        }
    }

    async fn begin_with_open_keychain(self, project: &mut Project) {
        match self {
            Unkind::Restarts => return project.reopen().await,
            Unkind::Redefined | Unkind::Undefined => return project.is_redefined(self == Unkind::Redefined).await,
            _ => {}
        }
        let inject = |fault: Fault, call: Call, always: bool| {
            let (method, path) = path(call, project);
            // The page that people use is not struck.
            let fault = fault.on(method, &path).host("api.lab.invalid");
            project.sim.inject(if always { fault.always() } else { fault });
        };
        match self {
            Unkind::Nothing => {}
            Unkind::NoAnswer(call, always) => inject(Fault::drop_connection().before(), call, always),
            Unkind::LostAnswer(call, always) => inject(Fault::drop_connection().after(), call, always),
            Unkind::Status(call, always, status) => inject(Fault::status(status).before(), call, always),
            Unkind::StatusAfter(call, always, status) => inject(Fault::status(status).after(), call, always),
            Unkind::NoEffect(call, always) => inject(Fault::no_effect(), call, always),
            Unkind::Html(call, always) => inject(Fault::malformed(Malformed::Html), call, always),
            Unkind::EmptyList(always) => {
                let empty = Fault::status(200).body(json!({ "keys": [], "slots": [] })).before();
                inject(empty, Call::List, always);
            }
            Unkind::AllDead(always) => {
                let dead = json!({ "error": { "code": "invalid_key", "message": "dead" } });
                inject(Fault::status(401).body(dead).before(), Call::Verify, always);
            }
            Unkind::AllLive(always) => inject(Fault::status(200).body(json!({})).before(), Call::Verify, always),
            Unkind::OldId(always) => {
                let id = project.first.as_ref().expect("a key").key_id.clone();
                inject(made_up(&id), Call::Mint, always);
            }
            Unkind::OneId(always) => inject(made_up("key_always_the_same"), Call::Mint, always),
            Unkind::Lag => inject(Fault::list_lag(Duration::from_secs(600)), Call::Mint, true),
            Unkind::OldDies => {
                let old = project.first.as_ref().expect("a key");
                project.dies(&old.value).await;
            }
            Unkind::NewDies => {
                if let Some(value) = new_value(project).await {
                    project.dies(&value).await;
                }
            }
            Unkind::OldVanishes | Unkind::NewVanishes | Unkind::NewAltered => {
                let rotation = project.rotation().await.expect("a rotation");
                let version = match self {
                    Unkind::OldVanishes => rotation.subject.old,
                    _ => rotation.subject.new,
                };
                let Some(version) = version else { return };
                let at = VaultRef::version(version.id);
                let there = project.vault.get(&at).await.expect("the keychain answers");
                project.vault.delete(&at).await.expect("the keychain answers");
                if self == Unkind::NewAltered && there.is_some() {
                    let other = Secret::new("lab_another0000000000000000".to_owned());
                    project.vault.put(&at, &other).await.expect("the keychain answers");
                }
            }
            Unkind::Locks => project.vault.set_state(VaultState::Locked),
            Unkind::LacksOld(always) | Unkind::LacksNew(always) => {
                let lacked = match self {
                    Unkind::LacksOld(_) => project.first.as_ref().map(|first| first.value.clone()),
                    _ => new_value(project).await,
                };
                let listed = Fault::status(200).body(list_without(project, lacked.as_deref()));
                inject(listed.before(), Call::List, always);
            }
            Unkind::Clock(hours) => project.machine.jump(i64::from(hours) * 3_600),
            Unkind::Elsewhere => drop(project.page().make(THEIRS).await),
            Unkind::Restarts | Unkind::Redefined | Unkind::Undefined => {}
        }
    }
}

/// As another Keywheel names the successor of the same key.
const THEIRS: &str = "backend ~kZZZZZZZZZZZZZZZZ";

/// All that lives there now, but for the key with that value.
fn list_without(project: &Project, lacked: Option<&str>) -> serde_json::Value {
    let keys = project.sim.ledger().keys.into_iter();
    let live = keys.filter(|key| key.org_id == project.at.id && key.is_live());
    let others = live.filter(|key| Some(key.value.as_str()) != lacked).map(|key| {
        json!({
            "id": key.key_id, "name": key.name, "prefix": &key.value[..8],
            "created_at": key.created_at.to_string(), "last_used_at": null,
        })
    });
    json!({ "keys": others.collect::<Vec<_>>() })
}

/// An answer that the provider gives although it has made another key.
fn made_up(id: &str) -> Fault {
    let body = json!({ "id": id, "secret": "lab_madeup000000000000000000000000000000" });
    Fault::status(201).body(body).after()
}

async fn new_value(project: &Project) -> Option<String> {
    let version = project.rotation().await?.subject.new?;
    let value = project.vault.get(&VaultRef::version(version.id)).await;
    value
        .expect("the keychain answers")
        .map(|value| value.expose().to_owned())
}

fn path(call: Call, project: &Project) -> (&'static str, String) {
    let keys = format!("/v1/projects/{}", project.at.id);
    let strategy = project.at.lab.as_ref().expect("a project's rules").strategy;
    match (call, strategy) {
        (Call::Mint, Strategy::Overlap | Strategy::ReplaceFirst) => ("POST", format!("{keys}/keys")),
        (Call::Mint, _) => ("POST", format!("{keys}/*/*/*")),
        (Call::List, Strategy::TwoSlot) => ("GET", format!("{keys}/slots")),
        (Call::List, _) => ("GET", format!("{keys}/keys")),
        (Call::Verify, _) => ("GET", "/v1/me".to_owned()),
        (Call::Revoke, _) => ("DELETE", format!("{keys}/keys/*")),
    }
}
