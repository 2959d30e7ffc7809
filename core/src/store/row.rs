//! How a row becomes a struct: each field is read from the column of its name.

/// Declares a struct and how it is read from a row.
///
/// sqlx derives the same. That derive is built for the machine that compiles, and with it SQLite and sqlx a second time.
macro_rules! row {
    ($(#[$about:meta])* $seen:vis struct $name:ident {
        $($(#[$of_field:meta])* $field_seen:vis $field:ident: $kind:ty),* $(,)?
    }) => {
        $(#[$about])* $seen struct $name {
            $($(#[$of_field])* $field_seen $field: $kind),*
        }

        impl<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &'r sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
                Ok($name {
                    $($field: sqlx::Row::try_get(row, stringify!($field))?),*
                })
            }
        }
    };
}
pub(super) use row;
