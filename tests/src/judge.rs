//! The judge: what the provider's ledger, the keychain and the database say together.
//!
//! The numbers are those of the invariants in the design (I1–I16).

use std::collections::BTreeMap;

use keywheel_core::model::{Secret, VersionId, VersionState};
use keywheel_core::rotation::{Act, Event, Position, Rotation, StepKind};
use keywheel_core::vault::{Vault, VaultRef};
use provider_sim::{KeyRecord, Ledger};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tokio::sync::MutexGuard;

use crate::person::Outcome;
use crate::places::{self, deploys};
use crate::tape::{Crossing, What};
use crate::versions::{VersionRow, versions};
use crate::world::World;

impl World {
    /// The database, as a reader outside of Keywheel opens it.
    pub async fn database(&self) -> SqliteConnection {
        let file = self.dir.path().join(keywheel_core::store::DB_FILE);
        SqliteConnectOptions::new()
            .filename(file)
            .connect()
            .await
            .expect("the database opens")
    }

    /// The same, opened once for all that the judge asks.
    async fn reader(&self) -> MutexGuard<'_, Option<SqliteConnection>> {
        let mut reader = self.reader.lock().await;
        if reader.is_none() {
            *reader = Some(self.database().await);
        }
        reader
    }

    /// One column of text.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        let mut reader = self.reader().await;
        let connection = reader.as_mut().expect("it is open");
        let read = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()))
            .fetch_all(connection)
            .await;
        read.expect("the query is right")
    }

    /// Versions of program keys.
    pub async fn versions(&self) -> Vec<VersionRow> {
        let mut reader = self.reader().await;
        versions(reader.as_mut().expect("it is open")).await
    }

    /// Keys that wait for a person's word; `None` where not even an id is known.
    pub async fn unaccounted(&self) -> Vec<Option<String>> {
        let mut reader = self.reader().await;
        let connection = reader.as_mut().expect("it is open");
        let sql = "SELECT remote_id FROM unaccounted WHERE settled_at IS NULL";
        sqlx::query_scalar(sql)
            .fetch_all(connection)
            .await
            .expect("the query is right")
    }

    /// Keys of ours that are not revoked, with the values only the witness knows.
    pub fn live_at_provider(&self) -> Vec<KeyRecord> {
        self.sim.ledger().keys.into_iter().filter(KeyRecord::is_live).collect()
    }

    /// Values of program keys in the keychain.
    pub async fn held_values(&self) -> Vec<(VersionId, Secret)> {
        let mut values = Vec::new();
        for version in self.versions().await {
            let id = VersionId::parse(&version.id).expect("an id");
            if let Some(secret) = self
                .vault
                .get(&VaultRef::version(id))
                .await
                .expect("the keychain answers")
            {
                values.push((id, secret));
            }
        }
        values
    }

    /// Keys that Keywheel had minted, that live, and that are neither held nor shown (I3, I4).
    pub async fn orphans(&self) -> Vec<KeyRecord> {
        let (held, shown) = (self.held_values().await, self.unaccounted().await);
        let rows = self.versions().await;
        let accounted = |key: &KeyRecord| {
            let holds = held.iter().any(|(id, secret)| {
                secret.expose() == key.value
                    && rows
                        .iter()
                        .any(|row| row.id == id.to_string() && row.held && row.state != "revoked")
            });
            holds || shown.iter().flatten().any(|id| *id == key.key_id)
        };
        let ours = self
            .live_at_provider()
            .into_iter()
            .filter(|key| key.minted_by_request.is_some());
        ours.filter(|key| !accounted(key)).collect()
    }

    /// Whether the key that the program uses is accepted by the provider.
    pub async fn has_working_key(&self) -> bool {
        let replaced = self
            .rotation()
            .await
            .is_some_and(|rotation| rotation.records.iter().any(|record| record.event == Event::Confirmed));
        if !replaced {
            return self.sim.accepts(&self.old.value);
        }
        let live = self
            .versions()
            .await
            .into_iter()
            .filter(|row| row.state == "live")
            .map(|row| row.id);
        let live: Vec<String> = live.collect();
        let values = self.held_values().await;
        let serves = values.iter().filter(|(id, _)| live.contains(&id.to_string()));
        serves.into_iter().any(|(_, secret)| self.sim.accepts(secret.expose()))
    }

    /// Everything that must hold at any moment and does not.
    pub async fn violations(&self) -> Vec<String> {
        let (ledger, tape) = (self.sim.ledger(), self.tape.crossings());
        let mut found = self.tape.alarms();
        found.extend(
            self.orphans()
                .await
                .iter()
                .map(|key| format!("I3: {} lives and nobody has it", key.key_id)),
        );
        found.extend(self.disagreements(&ledger).await);
        found.extend(places::violations(&self.places, &self.sim));
        found.extend(intents(&tape));
        found.extend(nonces(&ledger));
        if let Some(rotation) = self.rotation().await {
            found.extend(self.of_rotation(&rotation, &ledger, &tape));
        }
        if !ledger.key(&self.bystander.key_id).is_some_and(KeyRecord::is_live) {
            found.push("I10: a key that is nobody's business was revoked".to_owned());
        }
        found
    }

    /// What must not be left over when an act is over.
    pub async fn loose_ends(&self, outcome: Outcome) -> Vec<String> {
        let mut found = Vec::new();
        if !matches!(outcome, Outcome::Closed(_)) {
            return found;
        }
        found.extend(self.loose_files(outcome).await);
        for item in self.vault.refs().iter().map(|item| item.as_str().to_owned()) {
            if item.starts_with("canary/") {
                found.push("a canary was left in the keychain".to_owned());
            }
        }
        let held = self.held_values().await;
        for row in self.versions().await {
            let in_keychain = held.iter().any(|(id, _)| id.to_string() == row.id);
            match row.state.as_str() {
                "pending" => found.push(format!("version {} was left pending", row.id)),
                "revoked" if row.held || in_keychain => found.push("the value of an ended key was kept".to_owned()),
                _ if in_keychain && !row.held => found.push(format!("a {} value is held unseen", row.state)),
                _ => {}
            }
        }
        found.extend(
            self.unaccounted()
                .await
                .iter()
                .map(|id| format!("{id:?} was never accounted for")),
        );
        found
    }

    fn of_rotation(&self, rotation: &Rotation, ledger: &Ledger, tape: &[Crossing]) -> Vec<String> {
        let mut found = Vec::new();
        found.extend(folds(rotation));
        for key in ledger.keys.iter().filter(|key| key.revoked_by_request.is_some()) {
            let picked = key.key_id == self.old.key_id && matches!(rotation.act(), Act::Rotate | Act::Revoke);
            if !picked && key.minted_by_request.is_none() {
                found.push(format!("I10: {} was revoked and is not of this act", key.key_id));
            }
        }
        if rotation.act() == Act::Rotate {
            found.extend(self.early_revocations(tape));
        }
        let foreign = |path: &str| !path.ends_with("/verify");
        for request in ledger
            .requests
            .iter()
            .filter(|request| request.key_id.is_some() && foreign(&request.path))
        {
            found.push(format!("I11: a key authenticated {} {}", request.method, request.path));
        }
        found
    }

    /// I5: the old key is revoked only after its successor is stored, verified and confirmed.
    fn early_revocations(&self, tape: &[Crossing]) -> Vec<String> {
        let revokes_old = |what: &What| matches!(what, What::Request { method, path } if method == "DELETE" && path.ends_with(&self.old.key_id));
        let mut found = Vec::new();
        for (at, _) in tape
            .iter()
            .enumerate()
            .filter(|(_, crossing)| revokes_old(&crossing.what))
        {
            let minted = tape[..at]
                .iter()
                .rposition(|one| one.what == What::Record(Event::Intended(StepKind::Mint)));
            let since = &tape[minted.unwrap_or(0)..at];
            let needed = [
                Event::Applied(StepKind::Store),
                Event::Applied(StepKind::VerifyNew),
                Event::Confirmed,
                Event::Intended(StepKind::RevokeOld),
            ];
            for needed in needed.into_iter().chain(deploys(self)) {
                if !since.iter().any(|one| one.done && one.what == What::Record(needed)) {
                    found.push(format!("I5: the old key was revoked before {needed:?}"));
                }
            }
        }
        found
    }

    /// Where database, keychain and ledger contradict each other.
    async fn disagreements(&self, ledger: &Ledger) -> Vec<String> {
        let mut found = Vec::new();
        for row in self.versions().await {
            let id = VersionId::parse(&row.id).expect("an id");
            let value = self
                .vault
                .get(&VaultRef::version(id))
                .await
                .expect("the keychain answers");
            if row.held && value.is_none() {
                found.push(format!(
                    "I6: version {} counts as held, and its value is gone",
                    row.state
                ));
            }
            let Some(key) = row.remote_id.as_deref().and_then(|remote_id| ledger.key(remote_id)) else {
                continue;
            };
            if value.is_some_and(|value| value.expose() != key.value) {
                found.push(format!("I3: the keychain holds another value for {}", key.key_id));
            }
            let ended = VersionState::parse(&row.state) == Some(VersionState::Revoked);
            if ended && key.is_live() {
                found.push(format!("I4: {} counts as revoked and lives", key.key_id));
            }
        }
        found
    }
}

/// I8: a rotation's row is the fold of its journal.
pub(crate) fn folds(rotation: &Rotation) -> Option<String> {
    let mut folded = Ok(Position::START);
    for record in &rotation.records {
        folded = folded.and_then(|at| at.after(&rotation.plan, record.event));
    }
    let row = rotation.position;
    (folded != Ok(row)).then(|| format!("I8: the journal folds to {folded:?}, the row says {row:?}"))
}

/// I1, I2: each request that changes keys has an intent of its own before it.
pub(crate) fn intents(tape: &[Crossing]) -> Vec<String> {
    let mut found = Vec::new();
    let mut intended = false;
    for Crossing { what, done, .. } in tape {
        match what {
            What::Record(Event::Intended(kind)) if kind.mutates() => intended = *done,
            What::Record(Event::DiscardIntended | Event::Repeated | Event::RevokeAgain) => intended = *done,
            _ if what.mutates() && !std::mem::take(&mut intended) => {
                found.push(format!("I1: {what} was sent without an intent of its own"));
            }
            _ => {}
        }
    }
    found
}

/// I2: no name, and so no nonce, was minted twice.
pub(crate) fn nonces(ledger: &Ledger) -> Vec<String> {
    let minted: Vec<_> = ledger
        .keys
        .iter()
        .filter(|key| key.minted_by_request.is_some())
        .collect();
    let twice = |key: &&&KeyRecord| minted.iter().filter(|other| other.name == key.name).count() > 1;
    minted
        .iter()
        .filter(twice)
        .map(|key| format!("I2: {:?} was minted twice", key.name))
        .collect()
}

/// I2: what is sent again is the same mint: however often a key of a request came, one value was made for it.
pub(crate) fn repeats(ledger: &Ledger) -> Vec<String> {
    let mut made: BTreeMap<&String, usize> = BTreeMap::new();
    for request in &ledger.requests {
        if let Some(key) = &request.idempotency_key {
            *made.entry(key).or_default() += request.effect.minted.len();
        }
    }
    let twice = made.into_iter().filter(|(_, made)| *made > 1);
    twice
        .map(|(key, made)| format!("I2: {made} values were made for the request {key}"))
        .collect()
}
