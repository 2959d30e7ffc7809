//! The judgement after a recovery, by the provider's ledger, the keychain and the database: they have to agree.

use std::collections::BTreeSet;

use provider_sim::{KeyRecord, Simulator};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::home::Home;
use crate::places::Place;
use crate::versions::{VersionRow, versions_of};

/// What can be wrong, by what it would cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A key that ought to work is not there, or nobody has its value.
    Lost,
    /// A key, or an item of the keychain, that nobody accounts for.
    Unexplained,
    /// The old key ended before its successor was proven and in use.
    Early,
    Other,
}

/// What was found; empty when all is well.
#[derive(Debug, Default)]
pub struct Found(pub Vec<(Kind, String)>);

/// A slot, and what there ought to be beside it.
#[derive(Debug, Default)]
pub struct Slot {
    /// What Keywheel calls it.
    pub name: String,
    /// What the provider calls the account.
    pub account: String,
    /// The value that was replaced.
    pub old: Option<String>,
    /// The value that ought to serve, where it is known.
    pub serves: Option<String>,
    /// Values that live beside it.
    pub beside: Vec<String>,
    /// So many values of its account nobody needs to know.
    pub spare: usize,
    /// So many values are held in all.
    pub held: usize,
    /// The provider's ids are not known to Keywheel.
    pub unnamed: bool,
    /// The strategy ends the old value by itself, or before the new one comes.
    pub ends_by_plan: bool,
}

/// What the judge saw.
pub struct Verdict {
    pub found: Found,
    /// The value that serves, where there is exactly one.
    pub serves: Option<String>,
}

impl Found {
    pub fn add(&mut self, kind: Kind, what: impl Into<String>) {
        self.0.push((kind, what.into()));
    }

    pub fn unless(&mut self, holds: bool, kind: Kind, what: impl Into<String>) {
        if !holds {
            self.add(kind, what);
        }
    }

    pub fn assert_none(&self) {
        assert!(self.0.is_empty(), "{self:?}");
    }

    /// What the command says of it.
    pub async fn by_command(&mut self, home: &Home, key: &str) {
        let verifies = home.run(&["verify", key], "").await.code == Some(0);
        self.unless(verifies, Kind::Other, "the slot's key does not verify");
        let well = home.run(&["doctor"], "").await;
        self.unless(well.code == Some(0), Kind::Other, format!("the doctor finds: {well:?}"));
    }
}

/// Whether provider, keychain and database tell of one key in the slot that works and is held, and of nothing else.
pub async fn judge(home: &Home, slot: &Slot) -> Verdict {
    let (mut found, mut database) = (Found::default(), home.database().await);
    let ledger = home.sim.ledger();
    let accepted = |key: &&KeyRecord| key.org_id == slot.account && home.sim.accepts(&key.value);
    let live: Vec<&KeyRecord> = ledger.keys.iter().filter(accepted).collect();
    let (other, ours): (Vec<&KeyRecord>, Vec<&KeyRecord>) =
        live.iter().partition(|key| slot.beside.contains(&key.value));
    found.unless(other.len() == slot.beside.len(), Kind::Lost, "another key was touched");
    let most = 1 + slot.spare;
    let count = format!("{} live keys for one slot", ours.len());
    found.unless(ours.len() <= most, Kind::Unexplained, &count);
    found.unless(ours.len() >= most, Kind::Lost, &count);

    let items = home.keyring.items().await;
    let versions = versions_of(&mut database, &slot.name).await;
    let (serve, ended): (Vec<&VersionRow>, Vec<&VersionRow>) =
        versions.iter().partition(|version| version.state == "live");
    let mut serves = None;
    if let [version] = serve[..] {
        serves = home.keyring.value_of(&version.id).await;
        let key = ours.iter().find(|key| Some(&key.value) == serves.as_ref());
        found.unless(
            version.held && key.is_some(),
            Kind::Lost,
            "the keychain does not hold a live key",
        );
        let names =
            |key: &KeyRecord| [Some(&key.key_id), key.grant.slot.as_ref()].contains(&version.remote_id.as_ref());
        let same = slot.unnamed || key.is_none_or(|key| names(key));
        found.unless(same, Kind::Other, "the inventory names another key");
        if let (Some(new), Some(old)) = (key, &slot.old) {
            found.unless(new.value != *old, Kind::Other, "nothing was replaced");
            let old = ledger.key_by_value(old).expect("the provider's own");
            let orderly = slot.ends_by_plan || confirmed_first(&home.sim, &mut database, old, new).await;
            found.unless(
                orderly,
                Kind::Early,
                "the old key was revoked before the new one was confirmed",
            );
        }
    } else {
        found.add(Kind::Lost, format!("{} live versions", serve.len()));
    }
    for version in ended {
        // A slot's value that was set aside has no end that anybody could show.
        let aside = version.held && version.receipt.is_none();
        let gone = aside || !version.held && !items.contains(&format!("version/{}", version.id));
        found.unless(gone, Kind::Other, "an ended value is still in the keychain");
        let over = version.state == "revoked";
        found.unless(over, Kind::Other, "a version neither serves nor has ended");
    }
    if let Some(expected) = &slot.serves {
        let same = serves.as_ref() == Some(expected);
        found.unless(same, Kind::Lost, "another key serves than before");
    }
    if let Some(old) = &slot.old {
        found.unless(!home.sim.accepts(old), Kind::Unexplained, "the old key lives");
        found.unless(
            has_receipt(&mut database).await,
            Kind::Other,
            "no receipt for the old key",
        );
    }
    if !slot.unnamed && slot.spare == 0 {
        let known = words(
            &mut database,
            "SELECT remote_id FROM key_versions WHERE remote_id IS NOT NULL",
        )
        .await;
        let listed = live.iter().all(|key| known.contains(&key.key_id));
        found.unless(listed, Kind::Unexplained, "a live key is in nobody's list");
    }
    whole(&mut database, slot, &items, &mut found).await;
    Verdict { found, serves }
}

/// What is wrong with the database as a whole, and with the keychain beside it.
async fn whole(database: &mut SqliteConnection, slot: &Slot, items: &BTreeSet<String>, found: &mut Found) {
    let open = words(database, "SELECT id FROM unaccounted WHERE settled_at IS NULL").await;
    found.unless(
        open.is_empty(),
        Kind::Unexplained,
        "something is unaccounted at the end",
    );
    let open = words(database, "SELECT id FROM rotations WHERE closed_at IS NULL").await;
    found.unless(open.is_empty(), Kind::Other, "a rotation is open at the end");
    let whole = words(database, "PRAGMA integrity_check").await;
    found.unless(
        whole == BTreeSet::from(["ok".to_owned()]),
        Kind::Other,
        "the database is not whole",
    );
    let strays: Vec<SqliteRow> = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut *database)
        .await
        .expect("the query is right");
    found.unless(strays.is_empty(), Kind::Other, "rows of the database point nowhere");
    let mut expected = words(database, "SELECT 'version/' || id FROM key_versions WHERE held").await;
    let serving = "SELECT id FROM key_versions WHERE held AND ended_at IS NULL";
    let values = words(database, serving).await.len();
    expected.extend(words(database, "SELECT 'demo-fingerprint-key/' || id FROM data_dir").await);
    found.unless(
        values == slot.held,
        Kind::Lost,
        format!("{values} values are held instead of {}", slot.held),
    );
    // Told at rest and at the end: what was killed may not have come so far.
    let seal = words(database, "SELECT 'seal/' || id FROM data_dir").await;
    let stray: Vec<_> = items
        .difference(&expected)
        .filter(|item| !seal.contains(*item))
        .collect();
    found.unless(
        stray.is_empty(),
        Kind::Unexplained,
        format!("nobody knows of these items of the keychain: {stray:?}"),
    );
    let missing: Vec<_> = expected.difference(items).collect();
    found.unless(
        missing.is_empty(),
        Kind::Lost,
        format!("not in the keychain: {missing:?}"),
    );
}

/// What is wrong with the files that use the key, looked at as bytes, while nobody writes them.
pub fn files(sim: &Simulator, places: &[Place], as_before: Option<&str>) -> Found {
    let mut found = Found::default();
    for place in places {
        let value = place.value();
        found.unless(value.is_some(), Kind::Other, "a file changed beside its value");
        let value = value.unwrap_or_default();
        found.unless(sim.accepts(&value), Kind::Lost, "a file holds a key that does not work");
        if let Some(before) = as_before {
            found.unless(value == before, Kind::Other, "a file is not as before");
        }
        found.unless(!place.has_company(), Kind::Other, "something was left beside a file");
    }
    found
}

async fn words(database: &mut SqliteConnection, sql: &'static str) -> BTreeSet<String> {
    let read = sqlx::query(sql).fetch_all(database).await;
    let rows = read.expect("the query is right");
    rows.iter().map(|row| row.get(0)).collect()
}

/// Whether the version that was replaced last has a receipt of its end.
async fn has_receipt(database: &mut SqliteConnection) -> bool {
    let sql = "SELECT v.receipt IS NOT NULL FROM rotations r JOIN key_versions v ON v.id = r.old_version_id
               WHERE r.act = 'rotate' ORDER BY r.opened_at DESC LIMIT 1";
    let read = sqlx::query_scalar(sql).fetch_optional(database).await;
    read.expect("the query is right").unwrap_or(false)
}

/// By the witness: the new key was accepted, then a person said it is in use, then the old one was revoked.
async fn confirmed_first(sim: &Simulator, database: &mut SqliteConnection, old: &KeyRecord, new: &KeyRecord) -> bool {
    let Some(revoked) = old.revoked_by_request else {
        return false;
    };
    let minted = new.minted_by_request.unwrap_or_default();
    let proven = sim
        .requests()
        .into_iter()
        .any(|request| minted < request.n && request.n < revoked && request.key_id.as_ref() == Some(&new.key_id));
    let confirmed: Option<i64> = sqlx::query_scalar("SELECT max(at) FROM journal WHERE event = 'confirmed'")
        .fetch_one(database)
        .await
        .expect("the query is right");
    // The journal keeps milliseconds, the provider's clock runs a little apart from Keywheel's.
    let before = confirmed
        .zip(old.revoked_at)
        .is_some_and(|(at, end)| at <= end.as_millisecond() + 50);
    proven && before
}
