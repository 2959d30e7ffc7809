//! What stands in a database, row by row.

use std::path::Path;

use canary::{Finding, Scanner};
use sqlx::{Column, Connection, Row, SqliteConnection, TypeInfo, ValueRef};

/// Looks through all rows of all tables. Returns how many there are, and what was seen.
pub async fn database(file: &Path, scanner: &Scanner) -> Result<(usize, Vec<Finding>), sqlx::Error> {
    let mut open = SqliteConnection::connect(&format!("sqlite:{}?mode=ro", file.display())).await?;
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .fetch_all(&mut open)
        .await?;
    let (mut rows, mut found) = (0, Vec::new());
    for table in tables {
        let all = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM \"{table}\"")))
            .fetch_all(&mut open)
            .await?;
        for row in all {
            rows += 1;
            for column in row.columns() {
                let place = format!("{table}.{} in {}", column.name(), file.display());
                let raw = row.try_get_raw(column.ordinal())?;
                let bytes = match raw.type_info().name() {
                    "TEXT" => row.try_get::<String, _>(column.ordinal())?.into_bytes(),
                    "BLOB" => row.try_get(column.ordinal())?,
                    _ => continue,
                };
                found.extend(scanner.find(&place, &bytes));
            }
        }
    }
    open.close().await?;
    Ok((rows, found))
}
