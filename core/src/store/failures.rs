//! What SQLite refuses, as codes.

use crate::failure::{Code, Failure, SafeDetail};

/// SQLite's primary result codes (sqlite.org/rescode.html).
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const NOTADB: i32 = 26;
/// An extended one: a trigger refused it by its own word.
const CONSTRAINT_TRIGGER: i32 = 1811;

/// Maps an error without formatting it.
pub(super) fn failure(error: &sqlx::Error) -> Failure {
    let code = match error {
        sqlx::Error::Database(database) => {
            let extended: i32 = database.code().and_then(|code| code.parse().ok()).unwrap_or_default();
            if let Some(refused) = rule(extended, database.message()) {
                return refused;
            }
            match extended & 0xff {
                BUSY | LOCKED => Code::StoreBusy,
                READONLY => Code::StoreReadOnly,
                CORRUPT | NOTADB => Code::StoreDamaged,
                FULL => Code::StoreFull,
                IOERR | CANTOPEN => Code::StoreUnavailable,
                _ => Code::StoreFailed,
            }
        }
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => Code::StoreFull,
        sqlx::Error::Io(_) => Code::StoreUnavailable,
        sqlx::Error::PoolTimedOut => Code::StoreBusy,
        sqlx::Error::RowNotFound => Code::NotFound,
        // A column holds what its type cannot: the file was changed by something else.
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Code::StoreDamaged,
        _ => Code::StoreFailed,
    };
    Failure::new(code)
}

/// What a trigger of ours refuses, by its word.
fn rule(extended: i32, word: &str) -> Option<Failure> {
    match word {
        _ if extended != CONSTRAINT_TRIGGER => None,
        "account_is_removed" => Some(Failure::new(Code::Removed).field("account")),
        "key_is_removed" => Some(Failure::new(Code::Removed).field("key")),
        "key_is_rotating" => Some(Failure::new(Code::KeyBusy)),
        _ => None,
    }
}

/// Turns a broken unique rule into what it means; everything else is mapped as it is.
pub(super) fn unique(meaning: Failure) -> impl FnOnce(sqlx::Error) -> Failure {
    move |error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => meaning,
        _ => failure(&error),
    }
}

/// Every other refusal.
pub(super) fn any(error: sqlx::Error) -> Failure {
    failure(&error)
}

/// A row that does not read: the file was changed by something else.
pub(super) fn damaged(part: &'static str) -> Failure {
    Failure::new(Code::StoreDamaged).detail(SafeDetail::Part(part))
}
