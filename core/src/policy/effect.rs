//! What a changed policy would do, before it applies.

use jiff::Timestamp;

use super::{Age, InForce, Place, in_force, standing, with};
use crate::model::{KeyId, KeyVersion, Policy, Purpose, Status, UnderWay};

/// What is looked at of one key.
#[derive(Debug)]
pub struct Governed<'a> {
    pub key: KeyId,
    pub place: &'a Place,
    pub purpose: Purpose,
    pub version: &'a KeyVersion,
    pub age: Age,
    pub open: Option<UnderWay>,
}

/// What the change would do to the keys of its scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Keys whose maximum age the scope decides, now or then, and no narrower one; revoked ones are left out.
    pub keys: Vec<KeyId>,
    pub stale_before: usize,
    pub stale_after: usize,
    /// Would turn stale, the oldest first.
    pub turning: Vec<KeyId>,
    /// Would no longer be stale, the oldest first.
    pub relieved: Vec<KeyId>,
}

/// Decides it for all keys.
pub fn effect(policies: &[Policy], changed: &Policy, keys: &[Governed<'_>], now: Timestamp) -> Effect {
    let after = with(policies, changed);
    let mut oldest_first: Vec<&Governed<'_>> = keys.iter().filter(|one| one.place.is_in(&changed.scope)).collect();
    oldest_first.sort_by_key(|one| std::cmp::Reverse(one.age.days));
    let mut effect = Effect::default();
    for one in oldest_first {
        let stands = |rule: &InForce| standing(one.purpose, one.version, rule, one.open, true, now).status();
        let rules = (in_force(policies, one.place), in_force(&after, one.place));
        let (was, is) = (stands(&rules.0), stands(&rules.1));
        let decides = |rule: &InForce| rule.max_age_days.from == changed.scope;
        if was == Status::Revoked || !(decides(&rules.0) || decides(&rules.1)) {
            continue;
        }
        effect.keys.push(one.key);
        effect.stale_before += usize::from(was == Status::Stale);
        effect.stale_after += usize::from(is == Status::Stale);
        match (was == Status::Stale, is == Status::Stale) {
            (false, true) => effect.turning.push(one.key),
            (true, false) => effect.relieved.push(one.key),
            _ => {}
        }
    }
    effect
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EnvironmentId, PolicyScope};
    use crate::policy::age;
    use crate::policy::due::tests::{now, version};

    #[test]
    fn a_shorter_limit_turns_keys_stale_and_a_narrower_rule_shields_its_own() {
        let production = EnvironmentId::new(1, [1; 10]);
        let versions: Vec<KeyVersion> = [20, 61, 70, 95].into_iter().map(version).collect();
        let id = |at: usize| KeyId::new(2, [u8::try_from(at).expect("few"); 10]);
        let place = |at: usize| Place {
            environment: Some(production),
            key: Some(id(at)),
            ..Place::default()
        };
        let places: Vec<Place> = (0..versions.len()).map(place).collect();
        let keys: Vec<Governed<'_>> = versions
            .iter()
            .enumerate()
            .map(|(at, version)| Governed {
                key: id(at),
                place: &places[at],
                purpose: Purpose::Service,
                version,
                age: age(version, now()),
                open: None,
            })
            .collect();
        let shield = Policy {
            max_age_days: Some(100),
            ..Policy::open(PolicyScope::Key(id(2)))
        };
        let sixty = Policy {
            max_age_days: Some(60),
            ..Policy::open(PolicyScope::Environment(production))
        };
        let found = effect(&[shield], &sixty, &keys, now());
        assert_eq!(
            found.turning,
            [id(1)],
            "one turns, one is shielded, one is young, one is stale already"
        );
        assert_eq!((found.stale_before, found.stale_after), (1, 2));
        assert_eq!(
            found.keys,
            [id(3), id(1), id(0)],
            "another rule decides about the shielded one"
        );
        let back = effect(
            std::slice::from_ref(&sixty),
            &Policy::open(PolicyScope::Environment(production)),
            &keys,
            now(),
        );
        assert_eq!(back.relieved, [id(2), id(1)], "without the rule, the oldest first");
        assert_eq!(back.keys.len(), 4);
    }
}
