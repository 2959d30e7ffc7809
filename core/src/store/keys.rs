//! Keys, and what a list shows of each.

use jiff::Timestamp;
use sqlx::sqlite::SqliteArguments;

use super::Store;
use super::activity::{self, NewActivity};
use super::failures::{any, damaged, unique};
use super::time::{from_ms, to_ms};
use super::{about, bulk, versions};
use crate::failure::{Code, Failure};
use crate::model::{
    About, AccountId, EnvironmentId, Key, KeyId, KeyVersion, Name, Purpose, RotationId, UnderWay, VersionId,
};

/// A key with the version that stands for it: the live one, else the newest.
#[derive(Debug, Clone)]
pub struct KeyRow {
    pub key: Key,
    pub about: About,
    /// The version whose day of creation is the person's word.
    pub told: Option<VersionId>,
    pub version: Option<KeyVersion>,
    pub under_way: Option<UnderWay>,
}

impl KeyRow {
    /// The rotation of it that is not closed.
    pub fn open_rotation(&self) -> Option<RotationId> {
        self.under_way.map(|open| open.rotation)
    }
}

pub(super) const NAMED: &str = "id, account_id, environment_id, name, purpose";

/// In the order of [`NAMED`].
#[derive(serde::Deserialize)]
pub(super) struct Named {
    id: String,
    account_id: String,
    environment_id: String,
    name: String,
    purpose: String,
}

impl Named {
    pub(super) fn read(self) -> Result<Key, Failure> {
        Ok(Key {
            id: KeyId::parse(&self.id).ok_or_else(|| damaged("keys.id"))?,
            account_id: AccountId::parse(&self.account_id).ok_or_else(|| damaged("keys.account_id"))?,
            environment_id: EnvironmentId::parse(&self.environment_id).ok_or_else(|| damaged("keys.environment_id"))?,
            name: Name::stored(&self.name).map_err(|_| damaged("keys.name"))?,
            purpose: Purpose::parse(&self.purpose).ok_or_else(|| damaged("keys.purpose"))?,
        })
    }
}

/// In the order of [`columns`].
#[derive(serde::Deserialize)]
struct Row {
    key: Named,
    about: about::Columns,
    version: Option<versions::Row>,
    under_way: Option<Open>,
}

/// In the order of the columns that [`columns`] has of it.
#[derive(serde::Deserialize)]
struct Open {
    rotation_id: String,
    #[serde(deserialize_with = "bulk::flag")]
    replaces: bool,
    bare_since: Option<i64>,
}

impl Open {
    fn read(self) -> Result<UnderWay, Failure> {
        Ok(UnderWay {
            rotation: RotationId::parse(&self.rotation_id).ok_or_else(|| damaged("rotations.id"))?,
            replaces: self.replaces,
            bare_since: self.bare_since.map(from_ms),
        })
    }
}

impl Row {
    fn read(self) -> Result<KeyRow, Failure> {
        Ok(KeyRow {
            key: self.key.read()?,
            about: self.about.about()?,
            told: self.about.told(),
            version: self.version.map(versions::Row::read).transpose()?,
            under_way: self.under_way.map(Open::read).transpose()?,
        })
    }
}

/// Which keys are read. It goes by all versions of a key, so one may be among them whose version that stands for it does
/// not fit.
#[derive(Debug, Clone, Copy)]
pub enum Pick {
    All,
    /// Refused by their provider, or expired by then.
    Ended(Timestamp),
    /// Held, and not known to work since then.
    NotLiveSince(Timestamp),
    /// This one, and whatever holds the same value or has its id, of whatever account.
    Sharing(KeyId),
}

impl Pick {
    fn condition(self) -> String {
        let fits = match self {
            Pick::All => return "k.removed_at IS NULL".to_owned(),
            Pick::Ended(_) => "answer = 'dead' OR expires_at <= ?",
            Pick::NotLiveSince(_) => "held = 1 AND (answer IS NOT 'live' OR answered_at <= ?)",
            Pick::Sharing(_) => {
                "key_id = ?1 OR fingerprint IN (SELECT fingerprint FROM key_versions WHERE key_id = ?1)
                 OR remote_id IN (SELECT remote_id FROM key_versions WHERE key_id = ?1)"
            }
        };
        format!("k.removed_at IS NULL AND k.id IN (SELECT key_id FROM key_versions WHERE {fits})")
    }

    fn arguments(self) -> SqliteArguments {
        match self {
            Pick::All => SqliteArguments::default(),
            Pick::Ended(at) | Pick::NotLiveSince(at) => bulk::argument(to_ms(at)),
            Pick::Sharing(key) => bulk::argument(key.to_string()),
        }
    }
}

/// The version that stands for a key of `keys k`: live before retiring before pending before ended, newest first.
pub(super) const STANDS: &str = "SELECT v.id FROM key_versions v WHERE v.key_id = k.id
    ORDER BY CASE v.state WHEN 'live' THEN 0 WHEN 'retiring' THEN 1 WHEN 'pending' THEN 2 ELSE 3 END,
             v.first_seen_at DESC, v.id DESC LIMIT 1";

/// When the rotation `rotations r` of `keys k` revoked the version that it replaces, as far as the provider's answer or a
/// person goes; none where another one is in its place.
const BARE: &str = "SELECT j.at FROM journal j
    WHERE r.act = 'rotate' AND j.rotation_id = r.id AND j.step = 'revoke_old' AND j.event IN ('applied', 'skipped', 'by_hand')
      AND NOT EXISTS (SELECT 1 FROM key_versions v
                      WHERE v.key_id = k.id AND v.state = 'live' AND v.id IS NOT r.old_version_id)
    ORDER BY j.seq LIMIT 1";

/// Of `keys k`.
fn columns() -> String {
    format!(
        "json_array({NAMED}), json_array({about}),
         json((SELECT json_array({version}) FROM key_versions WHERE id = ({STANDS}))),
         json((SELECT json_array(r.id, r.act = 'rotate', ({BARE})) FROM rotations r
               WHERE r.key_id = k.id AND r.closed_at IS NULL))",
        about = about::COLUMNS,
        version = versions::COLUMNS,
    )
}

impl Store {
    /// Keys that are not removed.
    pub async fn keys(&self, pick: Pick) -> Result<Vec<KeyRow>, Failure> {
        self.keys_where(&pick.condition(), pick.arguments()).await
    }

    /// One key, removed or not.
    pub async fn key(&self, id: KeyId) -> Result<KeyRow, Failure> {
        let found = self.keys_where("k.id = ?", bulk::argument(id.to_string())).await?;
        let found = found.into_iter().next();
        found.ok_or_else(|| Failure::new(Code::NotFound).field("key"))
    }

    async fn keys_where(&self, condition: &str, arguments: SqliteArguments) -> Result<Vec<KeyRow>, Failure> {
        let from = format!("keys k WHERE {condition}");
        let rows: Vec<Row> = bulk::read(&self.readers, &columns(), &from, arguments).await?;
        rows.into_iter().map(Row::read).collect()
    }

    pub async fn rename_key(&self, id: KeyId, name: &Name) -> Result<(), Failure> {
        sqlx::query("UPDATE keys SET name = ? WHERE id = ?")
            .bind(name.as_str())
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))
            .map(drop)
    }

    pub async fn move_key(&self, id: KeyId, environment: EnvironmentId) -> Result<(), Failure> {
        sqlx::query("UPDATE keys SET environment_id = ? WHERE id = ?")
            .bind(environment.to_string())
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(unique(Failure::new(Code::InputDuplicateName).field("environment")))
            .map(drop)
    }

    /// Takes a key out of the lists with its places, marks its values to leave the keychain and notes it, in one act.
    pub async fn remove_key(&self, id: KeyId, at: Timestamp, noted: Option<&NewActivity>) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let key = id.to_string();
        removed(&mut tx, id, at).await?;
        // What is on its way into the keychain leaves it once it is there.
        sqlx::query(
            "UPDATE key_versions SET forget = 1
             WHERE key_id = ? AND (held = 1 OR id IN (SELECT version_id FROM arriving))",
        )
        .bind(&key)
        .execute(&mut *tx)
        .await
        .map_err(any)?;
        if let Some(noted) = noted {
            activity::insert(&mut tx, noted, at).await?;
        }
        tx.commit().await.map_err(any)
    }
}

/// Takes a key, and what uses it, out of what is shown.
pub(super) async fn removed(connection: &mut sqlx::SqliteConnection, id: KeyId, at: Timestamp) -> Result<(), Failure> {
    for sql in [
        "UPDATE keys SET removed_at = ? WHERE id = ?",
        "UPDATE bindings SET removed_at = ? WHERE key_id = ? AND removed_at IS NULL",
    ] {
        sqlx::query(sql)
            .bind(to_ms(at))
            .bind(id.to_string())
            .execute(&mut *connection)
            .await
            .map_err(any)?;
    }
    Ok(())
}

pub(super) async fn insert(connection: &mut sqlx::SqliteConnection, key: &Key) -> Result<(), Failure> {
    sqlx::query("INSERT INTO keys (id, account_id, environment_id, name, purpose) VALUES (?, ?, ?, ?, ?)")
        .bind(key.id.to_string())
        .bind(key.account_id.to_string())
        .bind(key.environment_id.to_string())
        .bind(key.name.as_str())
        .bind(key.purpose.as_str())
        .execute(connection)
        .await
        .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Account, Answer, Environment, Fingerprint, Hint, Org, OrgId, Tier, Verdict};
    use jiff::SignedDuration;
    use std::collections::BTreeMap;

    /// A store with keys in one account, and the names that `pick` reads.
    struct Shelf {
        store: Store,
        account: AccountId,
        environment: EnvironmentId,
        _dir: tempfile::TempDir,
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_795_000_000).unwrap()
    }

    impl Shelf {
        async fn empty() -> Shelf {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::open(dir.path(), "test").await.unwrap();
            let (org, account) = (OrgId::new(1, [0; 10]), AccountId::new(1, [0; 10]));
            let name = |text: &str| Name::new(text).unwrap();
            store
                .add_org(&Org {
                    id: org,
                    name: name("Acme"),
                })
                .await
                .unwrap();
            let main = Account {
                id: account,
                org_id: org,
                provider_id: "overten".to_owned(),
                label: name("main"),
                fields: BTreeMap::new(),
                scheme: String::new(),
                base_url: None,
                management_key_id: None,
                definition: None,
            };
            store.begin_account(None, (&main, None), None).await.unwrap();
            let environment = EnvironmentId::new(1, [0; 10]);
            let production = Environment {
                id: environment,
                name: name("production"),
                tier: Tier::Production,
            };
            store.add_environment(&production).await.unwrap();
            Shelf {
                store,
                account,
                environment,
                _dir: dir,
            }
        }

        /// Adds a key whose one version is made by `with`.
        async fn add(&self, n: u64, name: &str, with: impl FnOnce(&mut KeyVersion)) -> KeyId {
            let key = Key {
                id: KeyId::new(n, [0; 10]),
                account_id: self.account,
                environment_id: self.environment,
                name: Name::new(name).unwrap(),
                purpose: Purpose::Service,
            };
            let mut version = KeyVersion::pending(VersionId::new(n, [0; 10]), key.id, now());
            with(&mut version);
            let about = About::default();
            self.store
                .add_existing_key(&key, &about, &version, false)
                .await
                .unwrap();
            key.id
        }

        async fn names(&self, pick: Pick) -> Vec<String> {
            let rows = self.store.keys(pick).await.unwrap();
            let mut names: Vec<String> = rows.iter().map(|row| row.key.name.to_string()).collect();
            assert!(rows.iter().all(|row| row.version.is_some()));
            names.sort();
            names
        }
    }

    fn holding(value: &str) -> impl FnOnce(&mut KeyVersion) {
        move |version| {
            version.held = true;
            version.hint = Some(Hint::stored("…".to_owned()));
            version.fingerprint = Some(Fingerprint::stored(value.to_owned()));
        }
    }

    fn answered(answer: Answer, at: Timestamp) -> impl FnOnce(&mut KeyVersion) {
        move |version| {
            // Each has a value of its own.
            holding(&version.id.to_string())(version);
            version.verdict = Some(Verdict::new(answer, at));
        }
    }

    #[tokio::test]
    async fn what_has_ended_is_refused_or_past_its_end() {
        let shelf = Shelf::empty().await;
        let second = SignedDuration::from_secs(1);
        shelf.add(1, "fresh", |_| {}).await;
        shelf.add(2, "refused", answered(Answer::Dead, now())).await;
        shelf.add(3, "works", answered(Answer::Live, now())).await;
        shelf
            .add(4, "ends", |version| version.expires_at = Some(now() + second))
            .await;
        assert_eq!(shelf.names(Pick::Ended(now())).await, ["refused"]);
        assert_eq!(shelf.names(Pick::Ended(now() + second)).await, ["ends", "refused"]);
        assert_eq!(shelf.names(Pick::All).await, ["ends", "fresh", "refused", "works"]);
    }

    #[tokio::test]
    async fn what_is_held_and_was_not_found_working_since() {
        let shelf = Shelf::empty().await;
        let hour = SignedDuration::from_hours(1);
        shelf.add(1, "not held", |_| {}).await;
        shelf.add(2, "never asked", holding("a value")).await;
        shelf.add(3, "refused", answered(Answer::Dead, now())).await;
        shelf.add(4, "works", answered(Answer::Live, now())).await;
        shelf.add(5, "worked", answered(Answer::Live, now() - hour)).await;
        let all = ["never asked", "refused", "worked"];
        assert_eq!(shelf.names(Pick::NotLiveSince(now() - hour)).await, all);
        let ever = Pick::NotLiveSince(now() - hour * 2);
        assert_eq!(shelf.names(ever).await, ["never asked", "refused"]);
    }

    #[tokio::test]
    async fn what_holds_the_value_of_a_key_and_the_key_itself_but_nothing_that_is_removed() {
        let shelf = Shelf::empty().await;
        let one = shelf.add(1, "one", holding("a")).await;
        shelf.add(2, "same", holding("a")).await;
        shelf.add(3, "other", holding("b")).await;
        let empty = shelf.add(4, "not held", |_| {}).await;
        shelf.add(5, "not held either", |_| {}).await;
        let gone = shelf.add(6, "gone", holding("a")).await;
        shelf.store.remove_key(gone, now(), None).await.unwrap();
        assert_eq!(shelf.names(Pick::Sharing(one)).await, ["one", "same"]);
        assert_eq!(shelf.names(Pick::Sharing(empty)).await, ["not held"]);
    }
}
