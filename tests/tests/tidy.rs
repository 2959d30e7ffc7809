//! Rules about the source itself: who may name whom, how long a file may be, what no file may hold.
//!
//! Each rule is a table and a function from files to violations. Each is tried twice: on the tree, where it finds
//! nothing, and on files with a planted violation, where it finds just that.

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/guards.rs"]
mod guards;
#[path = "tidy/manifests.rs"]
mod manifests;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/words.rs"]
mod words;

/// Fails with one violation a line.
fn assert_none(violations: &[String]) {
    assert!(
        violations.is_empty(),
        "{} violations:\n{}",
        violations.len(),
        violations.join("\n")
    );
}
