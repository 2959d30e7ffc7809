//! What the provider's ledger, the keychain and the database say when all is done.

use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tests::keyring::Keyring;

use crate::desk::Desk;

/// What became of a key: state, whether its value is held, how its end was proven.
type Row = (String, String, bool, Option<String>);

impl Desk {
    /// `new` serves and is held; `old` is dead at the provider and gone from the keychain.
    pub async fn assert_replaced(&self, old: &str, new: &str) {
        self.assert_live(new).await;
        let record = self.provider.key_of_value(old).await.expect("the ledger");
        let record = record.expect("the old key");
        assert!(!record["revoked_at"].is_null(), "the old key lives: {record}");
        assert!(
            record["refused_calls"].as_u64() > Some(0),
            "no call with the old key was refused: {record}"
        );
        let rows = self.versions().await;
        let ended: Vec<&Row> = rows.iter().filter(|row| row.1 == "revoked").collect();
        let [(id, _, held, receipt)] = ended[..] else {
            panic!("one version has ended: {rows:?}")
        };
        assert_eq!((*held, receipt.as_deref()), (false, Some("refused")));
        assert_eq!(Keyring::OfSession.value_of(id).await, None, "the old value is gone");
    }

    /// Exactly one version serves, and its value is that one.
    pub async fn assert_live(&self, value: &str) {
        let record = self.provider.key_of_value(value).await.expect("the ledger");
        assert!(record.expect("the key")["revoked_at"].is_null(), "it lives");
        let rows = self.versions().await;
        let live: Vec<&Row> = rows.iter().filter(|row| row.1 == "live").collect();
        let [(id, _, true, _)] = live[..] else {
            panic!("one version is live and held: {rows:?}")
        };
        assert_eq!(Keyring::OfSession.value_of(id).await.as_deref(), Some(value));
        let page = self.window().page_text().await.expect("the page");
        assert!(!page.contains(value), "the value never enters the page");
    }

    pub async fn versions(&self) -> Vec<Row> {
        let file = self.dir.join(keywheel_core::store::DB_FILE);
        let mut database = SqliteConnectOptions::new()
            .filename(file)
            .connect()
            .await
            .expect("the database opens");
        sqlx::query_as("SELECT id, state, held, receipt FROM key_versions ORDER BY id")
            .fetch_all(&mut database)
            .await
            .expect("the query is right")
    }
}
