//! Which provider a pasted value is of, by its form alone.
//!
//! Deliberately absent: asking a provider. A value sent to the wrong one would be known to it.

use std::sync::Arc;

use super::{Catalog, Definition};
use crate::model::Secret;

impl Catalog {
    /// Returns the definitions whose keys look like the value, built-in ones first. Several may: `sk_live_`
    /// begins keys of four vendors.
    pub fn recognise(&self, value: &Secret) -> Vec<Arc<Definition>> {
        self.all()
            .filter(|definition| definition.matches_key(value))
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Catalog, Secret};

    fn recognised(value: &str) -> Vec<String> {
        let (catalog, _) = Catalog::load(None);
        catalog
            .recognise(&Secret::new(value.to_owned()))
            .iter()
            .map(|one| one.id().to_owned())
            .collect()
    }

    #[test]
    fn a_key_is_recognised_by_its_whole_form() {
        assert_eq!(recognised("sk_live_0123456789abcdefghijABCDEFGH"), ["overten"]);
    }

    #[test]
    fn what_only_begins_or_ends_like_a_key_is_not_recognised() {
        for value in [
            "",
            "sk_live_",
            "sk_live_0123456789abcdefghijABCDEFG",
            "sk_live_0123456789abcdefghijABCDEFGHI",
            "sk_live_0123456789abcdefghijABCDEFGH\n",
            " sk_live_0123456789abcdefghijABCDEFGH",
            "x\nsk_live_0123456789abcdefghijABCDEFGH",
            "sk_test_0123456789abcdefghijABCDEFGH",
        ] {
            assert!(recognised(value).is_empty(), "{value:?}");
        }
    }
}
