//! What an answer said of a key is kept, in a new database and in one of before.

use std::collections::BTreeMap;
use std::path::Path;

use keywheel_core::model::{
    About, Account, AccountId, Answer, Environment, EnvironmentId, Key, KeyId, KeyVersion, Name, Org, OrgId, Purpose,
    Standing, Tier, Verdict, VersionId,
};
use keywheel_core::store::{DB_FILE, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};

const NOW: &str = "2026-11-21T04:00:00Z";

async fn open(dir: &Path) -> Store {
    Store::open(dir, "test").await.expect("the data directory opens")
}

/// A store with one key version in it.
async fn with_a_version(store: &Store) -> VersionId {
    let name = |text: &str| Name::new(text).expect("a name");
    let org_id = OrgId::new(1, [1; 10]);
    let org = Org {
        id: org_id,
        name: name("acme"),
    };
    store.add_org(&org).await.expect("an organisation");
    let account = Account {
        id: AccountId::new(1, [2; 10]),
        org_id,
        provider_id: "on-page".to_owned(),
        label: name("main"),
        fields: BTreeMap::new(),
        scheme: String::new(),
        base_url: None,
        management_key_id: None,
        definition: None,
    };
    store
        .begin_account(None, (&account, None), None)
        .await
        .expect("an account");
    let environment = Environment {
        id: EnvironmentId::new(1, [5; 10]),
        name: name("production"),
        tier: Tier::Production,
    };
    store.add_environment(&environment).await.expect("an environment");
    let key = Key {
        id: KeyId::new(1, [3; 10]),
        account_id: account.id,
        environment_id: environment.id,
        name: name("api"),
        purpose: Purpose::Service,
    };
    let id = VersionId::new(1, [4; 10]);
    let version = KeyVersion::pending(id, key.id, NOW.parse().expect("a moment"));
    let about = About::default();
    store
        .add_existing_key(&key, &about, &version, false)
        .await
        .expect("a key");
    id
}

#[tokio::test]
async fn each_standing_is_read_back_and_the_end_becomes_the_versions() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path()).await;
    let id = with_a_version(&store).await;
    let end = "2026-11-20T00:00:00Z".parse().expect("a moment");
    for (standing, expires_at) in [
        (Standing::Expired, Some(end)),
        (Standing::Restricted, None),
        (Standing::Suspended, None),
        (Standing::Exhausted, None),
        (Standing::RateLimited, None),
    ] {
        let verdict = Verdict {
            status: Some(403),
            standing: Some(standing),
            expires_at,
            told_at: Some(end),
            retry_at: Some(end),
            ..Verdict::new(standing.answer(), NOW.parse().expect("a moment"))
        };
        store.note_verdict(id, &verdict).await.expect("it is written");
        let version = store.version(id).await.expect("it is read");
        let kept = version.verdict.expect("a verdict");
        assert_eq!((kept.answer, kept.standing), (standing.answer(), Some(standing)));
        assert_eq!(kept.told_at, Some(end), "by the provider's clock");
        assert_eq!(kept.retry_at, None, "when to ask again is over by the next start");
        assert_eq!(
            version.expires_at,
            Some(end),
            "{standing:?}: what tells no end changes none"
        );
    }
    let plain = Verdict::new(Answer::Live, NOW.parse().expect("a moment"));
    store.note_verdict(id, &plain).await.expect("it is written");
    let version = store.version(id).await.expect("it is read");
    let kept = version.verdict.expect("a verdict");
    assert_eq!(
        (kept.standing, kept.told_at),
        (None, None),
        "a plain answer clears both"
    );
}

#[tokio::test]
async fn a_verdict_of_a_database_of_before_is_read_without_a_standing() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(dir.path()).await;
    let id = with_a_version(&store).await;
    let plain = Verdict::new(Answer::Dead, NOW.parse().expect("a moment"));
    store.note_verdict(id, &plain).await.expect("it is written");
    store.close().await;
    drop(store);
    let options = SqliteConnectOptions::new().filename(dir.path().join(DB_FILE));
    let mut connection = options.connect().await.expect("the file opens");
    for sql in [
        "ALTER TABLE key_versions DROP COLUMN answer_standing",
        "DELETE FROM _sqlx_migrations WHERE version = 5",
    ] {
        sqlx::query(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .expect(sql);
    }
    drop(connection);
    let store = open(dir.path()).await;
    let kept = store.version(id).await.expect("it is read").verdict.expect("a verdict");
    assert_eq!((kept.answer, kept.standing), (Answer::Dead, None));
}
