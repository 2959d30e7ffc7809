//! What the person of a cell sees, and what people do at the provider's page.

use std::collections::BTreeSet;

use keywheel_core::Code;
use keywheel_core::failure::Failure;
use keywheel_core::model::VersionId;
use keywheel_core::rotation::Rotation;
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use keywheel_wire::RotationView;
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{KeyRecord, Strategy};

use crate::project::{Made, Project};

/// Where the file of a definition lies that is gone.
const AWAY: &str = "lab.toml.away";

/// Values that the keychain holds now.
pub(super) async fn held(project: &Project) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    let state = project.vault.state().await;
    project.vault.set_state(VaultState::Ready);
    for at in project
        .vault
        .refs()
        .into_iter()
        .filter(|at| at.as_str().starts_with("version/"))
    {
        let value = project.vault.get(&at).await.expect("the keychain answers");
        values.extend(value.map(|value| value.expose().to_owned()));
    }
    project.vault.set_state(state);
    values
}

pub(super) async fn value_of(project: &Project, version: Option<VersionId>) -> Option<String> {
    let state = project.vault.state().await;
    project.vault.set_state(VaultState::Ready);
    let value = project
        .vault
        .get(&VaultRef::version(version?))
        .await
        .expect("the keychain answers");
    project.vault.set_state(state);
    value.map(|value| value.expose().to_owned())
}

pub(super) async fn shown(project: &Project, rotation: &Rotation) -> RotationView {
    let app = project.app();
    rotation_view(rotation, &Names::of(&app).await.expect("names"))
}

/// An act that was offered may be refused by the world, never by the order of events.
pub(super) fn legal(failure: &Failure, at: &str) -> Option<String> {
    let dead = matches!(
        failure.code,
        Code::RotationIllegal | Code::RotationNotNow | Code::StoreDamaged
    );
    dead.then(|| format!("{at}: what was offered is refused as {:?}", failure.code))
}

impl Project {
    /// Keywheel knows the key from the list only, as if its value had never been pasted.
    pub(super) async fn forgets(&self) {
        let rotation = self.app().key_detail(self.key, VaultState::Ready).await.expect("a key");
        let version = rotation.facts.row.version.expect("a version").id;
        let at = VaultRef::version(version);
        self.vault.delete(&at).await.expect("the keychain answers");
        let mut database = self.database().await;
        let forgotten = sqlx::query("UPDATE key_versions SET held = 0, fingerprint = NULL WHERE id = ?")
            .bind(version.to_string())
            .execute(&mut database)
            .await;
        assert_eq!(forgotten.expect("it is written").rows_affected(), 1);
    }

    /// The definition's file means something else, or is gone, and the next process reads it.
    pub(super) async fn is_redefined(&mut self, differently: bool) {
        let file = self.dir.path().join("providers/lab.toml");
        match std::fs::read_to_string(&file) {
            Ok(text) if differently => {
                // What counts as a refusal is part of what was agreed.
                let other = text.replace("\"401 invalid_key\"", "\"401\"");
                let other = other.replace("refused = [409, 422]", "refused = [409, 422, 423]");
                std::fs::write(&file, other).expect("it is written");
            }
            Ok(_) => std::fs::rename(&file, self.dir.path().join(AWAY)).expect("it is put away"),
            // It is away already.
            Err(_) => {}
        }
        self.reopen().await;
    }

    /// Its definition is back, and a person has accepted what it means now.
    pub(super) async fn has_its_definition(&mut self) {
        let away = self.dir.path().join(AWAY);
        if away.exists() {
            std::fs::rename(away, self.dir.path().join("providers/lab.toml")).expect("it is put back");
            self.reopen().await;
        }
        let app = self.app();
        for changed in app.changed_definitions().await.expect("they are compared") {
            // Not while a rotation is open, which then is told as one that does not end.
            let _ = app.accept_definition(changed.account.id, &changed.digest).await;
        }
    }

    /// Somebody ends the key with this value at the provider's page.
    pub(super) async fn dies(&self, value: &str) {
        let Some(key) = self.sim.key_by_value(value) else {
            return;
        };
        let strategy = self.at.lab.as_ref().expect("a project's rules").strategy;
        match strategy {
            Strategy::TwoSlot => drop(self.page().roll(&key).await),
            _ => self.page().delete(&key.key_id).await,
        }
    }

    /// A person replaces a key in place: the one with this value, or the other slot.
    pub(super) async fn roll(&self, old: Option<&str>) -> Option<Made> {
        let strategy = self.at.lab.as_ref().expect("a project's rules").strategy;
        let keys = self.sim.ledger().keys;
        let live = keys.iter().filter(|key| key.org_id == self.at.id && key.is_live());
        let is_old = |key: &&KeyRecord| Some(key.value.as_str()) == old;
        let key = match strategy {
            Strategy::TwoSlot => live.into_iter().find(|key| !is_old(key)),
            _ => live.into_iter().find(is_old),
        };
        self.page().roll(key?).await
    }
}
