//! Tests only: one guard is taken away for the life of the process.

use std::sync::OnceLock;

use super::Guard;

/// Names the guard that this process goes without.
const VARIABLE: &str = "KEYWHEEL_WITHOUT_GUARD";

/// Whether the guard is in place: not the one that the environment names.
pub(crate) fn in_place(guard: Guard) -> bool {
    static REMOVED: OnceLock<Option<Guard>> = OnceLock::new();
    *REMOVED.get_or_init(named) != Some(guard)
}

#[expect(
    clippy::disallowed_methods,
    reason = "every test program goes without it, and none is told how"
)]
fn named() -> Option<Guard> {
    let name = std::env::var(VARIABLE).ok()?;
    let found = Guard::ALL.iter().copied().find(|guard| format!("{guard:?}") == name);
    assert!(found.is_some(), "there is no guard {name}");
    found
}
