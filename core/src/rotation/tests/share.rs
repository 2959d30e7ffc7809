//! The part of a long table that runs now: all of it, or the part that `KEYWHEEL_SHARE` names, as in the other tests.

/// Keeps one of so many.
///
/// # Panics
/// When the seed is no hexadecimal number.
#[expect(clippy::disallowed_methods, reason = "a test is told by its runner what it takes")]
pub(super) fn one_in<T>(of: usize, all: Vec<T>) -> Vec<T> {
    let Ok(seed) = std::env::var("KEYWHEEL_SHARE") else {
        return all;
    };
    let turn = usize::from_str_radix(&seed, 16).expect("KEYWHEEL_SHARE is a hexadecimal number") % of;
    all.into_iter().skip(turn).step_by(of).collect()
}
