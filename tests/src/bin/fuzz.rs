//! `cargo xtask fuzz`: libFuzzer on the target that `KEYWHEEL_FUZZ` names.

#![no_main]

use std::sync::LazyLock;

use tests::fuzz::{TARGETS, Target};

static NAMED: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("KEYWHEEL_FUZZ").unwrap_or_default();
    let found = TARGETS.iter().find(|(target, _)| *target == name);
    found.unwrap_or_else(|| panic!("there is no target {name:?}")).1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| NAMED(bytes));
