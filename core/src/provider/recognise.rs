//! Which provider a pasted value is of, by its form alone, and which value a list means, by its beginning.
//!
//! Deliberately absent: asking a provider. A value sent to the wrong one would be known to it.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{Catalog, Definition, formats};
use crate::model::Secret;

/// Characters after the mark of all values from which on a beginning tells one from another.
const TELLING: usize = 4;

/// Whose key a value may be.
#[derive(Debug, Clone)]
pub enum Candidate {
    /// A provider that Keywheel has a definition of.
    Defined(Arc<Definition>),
    /// A vendor of which only the form of its keys is known.
    Other { vendor: &'static str },
}

impl Candidate {
    /// The provider's or the vendor's name.
    pub fn name(&self) -> &str {
        match self {
            Candidate::Defined(definition) => definition.name(),
            Candidate::Other { vendor } => vendor,
        }
    }

    /// The definition, where there is one.
    pub fn definition(&self) -> Option<&Arc<Definition>> {
        match self {
            Candidate::Defined(definition) => Some(definition),
            Candidate::Other { .. } => None,
        }
    }
}

impl Catalog {
    /// Returns whose key the value, or its id alone, looks like, best first: defined providers, those with the longest mark
    /// before the others, then other vendors. Several may: `sk_live_` begins keys of five. A definition
    /// whose keys have no mark of their own is no candidate; any word would fit it.
    pub fn recognise(&self, value: &Secret) -> Vec<Candidate> {
        let mut defined: Vec<&Arc<Definition>> = self
            .all()
            .filter(|definition| definition.is_marked())
            .filter(|definition| definition.matches_key(value) || definition.matches_id_part(value))
            .collect();
        defined.sort_by_key(|definition| Reverse(definition.format().beginning.len()));
        let others = formats::vendors(value)
            .into_iter()
            .filter(|vendor| !defined.iter().any(|definition| definition.name() == *vendor));
        let others: Vec<Candidate> = others.map(|vendor| Candidate::Other { vendor }).collect();
        let defined = defined.into_iter().cloned().map(Candidate::Defined);
        defined.chain(others).collect()
    }
}

impl Definition {
    /// Whether the beginning that a list shows is that of this value, and more than what all values begin with.
    pub fn shows(&self, prefix: &str, secret: &Secret) -> bool {
        prefix.len() >= self.format().beginning.len() + TELLING && secret.expose().starts_with(prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::{Catalog, Secret};

    fn recognised(value: &str) -> Vec<String> {
        let (catalog, _) = Catalog::load(None);
        let candidates = catalog.recognise(&Secret::new(value.to_owned()));
        candidates.iter().map(|one| one.name().to_owned()).collect()
    }

    #[test]
    fn a_key_is_recognised_by_its_whole_form_and_defined_providers_come_first() {
        assert_eq!(
            recognised("sk_live_0123456789abcdefghijABCDEFGH"),
            ["Overten", "Stripe", "WorkOS", "Clerk", "Apideck"]
        );
        assert_eq!(recognised("op_live_0123456789abcdef"), ["on-page.ai"]);
        assert_eq!(recognised("optiuser_v1_0123456789"), ["Optiverse"]);
        assert_eq!(recognised("api_0123456789"), ["Authenta"]);
        let org = format!("api_org_{}", "a".repeat(34));
        assert_eq!(recognised(&org), ["Authenta", "Hugging Face"]);
    }

    #[test]
    fn what_only_begins_or_ends_like_a_key_is_no_providers() {
        for value in [
            "",
            "sk_live_",
            "sk_live_0123456789abcdefghijABCDEFGH\n",
            " sk_live_0123456789abcdefghijABCDEFGH",
            "x\nsk_live_0123456789abcdefghijABCDEFGH",
            "op_test_0123456789abcdef",
            "optiuser_v2_0123456789",
            "correct-horse-battery-staple",
        ] {
            assert!(recognised(value).is_empty(), "{value:?}");
        }
        for value in [
            "sk_live_0123456789abcdefghijABCDEFG",
            "sk_live_0123456789abcdefghijABCDEFGHI",
            "sk_test_0123456789abcdefghijABCDEFGH",
        ] {
            assert!(!recognised(value).contains(&"Overten".to_owned()), "{value:?}");
        }
    }
}
