//! Which test notices first that a guard is gone: a shortcut, found out by `cargo xtask mutants` and tried anew by it.

use keywheel_core::guard::Guard;

/// The test program and the test.
pub(super) fn of(guard: Guard) -> Option<(&'static str, &'static str)> {
    let found = KNOWN.iter().find(|(known, ..)| *known == guard);
    found.map(|(_, program, test)| (*program, *test))
}

const KNOWN: &[(Guard, &str, &str)] = &[];
