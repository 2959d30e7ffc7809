//! Many rows as one text of JSON, which SQLite writes itself. sqlx makes an object of each value and hands one row after
//! the other to another thread: for thousands of rows that takes many times as long as reading them.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use sqlx::sqlite::{SqliteArguments, SqlitePool};
use sqlx::{Arguments, Encode, Sqlite, Type};

use super::failures::{any, damaged};
use crate::failure::Failure;

/// Reads rows, in any order: `columns` in the order of the fields of `T`, out of what stands after `FROM`.
pub(super) async fn read<T: DeserializeOwned>(
    readers: &SqlitePool,
    columns: &str,
    from: &str,
    arguments: SqliteArguments,
) -> Result<Vec<T>, Failure> {
    let sql = format!("SELECT json_group_array(json_array({columns})) FROM {from}");
    let rows: String = sqlx::query_scalar_with(sqlx::AssertSqlSafe(sql), arguments)
        .fetch_one(readers)
        .await
        .map_err(any)?;
    serde_json::from_str(&rows).map_err(|_| damaged("column"))
}

/// The one argument of a statement, which may stand in it more than once, as `?1`.
pub(super) fn argument<'q, T: Encode<'q, Sqlite> + Type<Sqlite>>(value: T) -> SqliteArguments {
    let mut arguments = SqliteArguments::default();
    let added = arguments.add(value);
    debug_assert!(added.is_ok(), "numbers and texts are always encoded");
    arguments
}

/// A truth value: SQLite has numbers.
pub(super) fn flag<'de, D: Deserializer<'de>>(number: D) -> Result<bool, D::Error> {
    u8::deserialize(number).map(|number| number != 0)
}
