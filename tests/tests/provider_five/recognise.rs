//! A value is compared with every form in time linear in its length.

use std::time::{Duration, Instant};

use keywheel_core::model::Secret;
use keywheel_core::provider::Catalog;

#[test]
fn a_value_made_to_stall_a_pattern_does_not() {
    let (catalog, _) = Catalog::load(None);
    // The first comparison of a pattern builds its automaton.
    let _ = catalog.recognise(&Secret::new("sk_live_x".to_owned()));
    let started = Instant::now();
    for hostile in [
        "sk_live_",
        "sk-",
        "optiuser_v1_",
        "api_",
        "a",
        "-_",
        "SG.",
        "sk_live_sk_live_T3BlbkFJ",
    ] {
        for length in [64, 512, 16 * 1024] {
            let value = Secret::new(format!("{}!", hostile.repeat(length / hostile.len())));
            let _ = catalog.recognise(&value);
        }
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
