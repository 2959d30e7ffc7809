//! What a list shows that it did not show before the mint: neither order nor repeats say anything. And what it lacks.

use std::collections::HashSet;

use crate::guard::{Guard, in_place};
use crate::provider::RemoteKey;

/// So many keys do not go at once unseen.
const MANY: usize = 5;

/// Whether a list lacks all that it had, or at least half of it and at least five: an empty page, another account's, a cut
/// one. One that `shows_one` key that is known lacks not all.
pub fn lacks_most(had: &[&str], shows: impl Fn(&str) -> bool, shows_one: bool) -> bool {
    let lacks = had.iter().filter(|id| !shows(id)).count();
    let all = lacks == had.len() && !shows_one;
    lacks > 0 && (all || lacks >= MANY && 2 * lacks >= had.len())
}

/// Returns the keys that were neither there before nor known, each once, in the order of the list.
pub(super) fn new_keys(listed: Vec<RemoteKey>, before: &[String], known: &[String]) -> Vec<RemoteKey> {
    let mut seen = HashSet::new();
    listed
        .into_iter()
        .filter(|key| !before.contains(&key.remote_id) || !in_place(Guard::Snapshot))
        .filter(|key| !known.contains(&key.remote_id) || !in_place(Guard::KnownIds))
        .filter(|key| seen.insert(key.remote_id.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::{lacks_most, new_keys};
    use crate::provider::RemoteKey;

    fn key(id: &str) -> RemoteKey {
        RemoteKey {
            remote_id: id.to_owned(),
            ..RemoteKey::default()
        }
    }

    fn ids() -> impl Strategy<Value = BTreeSet<String>> {
        btree_set("[a-f]{1,2}", 0..12)
    }

    #[test]
    fn a_list_without_all_or_most_of_what_it_had_is_told_from_one_without_some() {
        let lacks = |had: &str, listed: &str, shows_one: bool| {
            let had: Vec<&str> = had.split_whitespace().collect();
            lacks_most(&had, |id| listed.split_whitespace().any(|one| one == id), shows_one)
        };
        assert!(lacks("a", "", false) && lacks("a b c", "x", false));
        assert!(!lacks("a", "x", true), "another key that is known is there");
        assert!(!lacks("", "", false) && !lacks("a b c", "a b c", true));
        assert!(!lacks("a b c d e", "a", true), "four may go");
        assert!(lacks("a b c d e f g", "g", true) && !lacks("a b c d e f g h i j k", "g h i j k f", true));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_list_in_any_order_and_with_repeats_shows_the_same_new_keys(
            listed in ids(), before in ids(), known in ids(), order in vec(any::<prop::sample::Index>(), 1..60),
        ) {
            let all: Vec<_> = listed.iter().cloned().collect();
            let shuffled = order.iter().filter_map(|at| all.get(at.index(all.len().max(1))));
            let said: Vec<_> = shuffled.chain(&all).map(|id| key(id)).collect();
            let [before_list, known_list] = [&before, &known].map(|ids| ids.iter().cloned().collect::<Vec<_>>());
            let found = new_keys(said, &before_list, &known_list);
            let expected: BTreeSet<_> = listed.iter().filter(|id| !before.contains(*id) && !known.contains(*id)).collect();
            prop_assert_eq!(found.len(), expected.len(), "each once");
            prop_assert_eq!(found.iter().map(|key| &key.remote_id).collect::<BTreeSet<_>>(), expected);
        }
    }
}
