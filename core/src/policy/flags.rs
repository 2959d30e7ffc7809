//! What is amiss with a key beside its age: values in two places, more rights than needed, nobody to ask.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::model::{About, EnvironmentId, Fingerprint, OrgId};

/// One thing that is amiss. Stable; scripts may match on [`FlagKind::as_str`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlagKind {
    /// Its provider's list lacks it; that alone ends nothing.
    Unlisted,
    /// Its provider's list shows it as switched off.
    SwitchedOff,
    /// Its value stands in files that git tracks.
    InTrackedFile,
    SameValueTwoOrgs,
    SameValueTwoEnvironments,
    SameValueTwoKeys,
    /// A key that is bound to one person is two people's.
    SharedBetweenPeople,
    /// It may do more than what it is meant for needs.
    Broader,
    /// It is bound to a person, and nobody says to whom.
    OwnerUnknown,
}

impl FlagKind {
    pub fn as_str(self) -> &'static str {
        match self {
            FlagKind::Unlisted => "unlisted",
            FlagKind::SwitchedOff => "switched_off",
            FlagKind::InTrackedFile => "in_tracked_file",
            FlagKind::SameValueTwoOrgs => "same_value_two_orgs",
            FlagKind::SameValueTwoEnvironments => "same_value_two_environments",
            FlagKind::SameValueTwoKeys => "same_value_two_keys",
            FlagKind::SharedBetweenPeople => "shared_between_people",
            FlagKind::Broader => "broader",
            FlagKind::OwnerUnknown => "owner_unknown",
        }
    }
}

/// A flag, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    pub kind: FlagKind,
    /// The day, the places, the other keys, the owners, or the permissions beyond the need.
    pub about: Vec<String>,
}

/// What is looked at of one key that serves.
pub struct Seen<'a> {
    /// In full: org/environment/name.
    pub name: String,
    pub org: OrgId,
    pub environment: EnvironmentId,
    pub fingerprint: Option<&'a Fingerprint>,
    /// Which key of which workspace it is, where its provider's id is known: the same for one that is here twice.
    pub identity: Option<String>,
    pub about: &'a About,
    /// Its provider binds keys to a person.
    pub personal: bool,
    /// Since when its provider's list lacks it.
    pub unlisted_since: Option<Timestamp>,
    /// Its provider's list shows it as switched off.
    pub switched_off: bool,
    /// Where its value was last seen in files that git tracks.
    pub sighted: &'a [String],
    /// What it is meant for needs these; none where that is not said.
    pub needs: Option<&'a [String]>,
}

/// Decides for all keys at once; the answers stand in the order of the keys. No value is read.
pub fn flags(keys: &[Seen<'_>]) -> Vec<Vec<Flag>> {
    let mut holders: BTreeMap<&str, Vec<&Seen<'_>>> = BTreeMap::new();
    for key in keys {
        for one in known_by(key).into_iter().flatten() {
            holders.entry(one).or_default().push(key);
        }
    }
    let same = |key: &Seen<'_>| {
        let found = known_by(key).into_iter().flatten().filter_map(|one| holders.get(one));
        let mut same: Vec<&Seen<'_>> = Vec::new();
        for one in found.flatten() {
            if !same.iter().any(|other| std::ptr::eq(*other, *one)) {
                same.push(one);
            }
        }
        same
    };
    keys.iter().map(|key| of_one(key, &same(key))).collect()
}

fn known_by<'a>(key: &'a Seen<'_>) -> [Option<&'a str>; 2] {
    [key.fingerprint.map(Fingerprint::as_str), key.identity.as_deref()]
}

fn of_one(key: &Seen<'_>, same: &[&Seen<'_>]) -> Vec<Flag> {
    let others: Vec<&&Seen<'_>> = same.iter().filter(|other| !std::ptr::eq(**other, key)).collect();
    let names = |apart: &dyn Fn(&Seen<'_>) -> bool| -> Vec<String> {
        let apart = others.iter().filter(|other| apart(other));
        apart.map(|other| other.name.clone()).collect()
    };
    let owners: BTreeSet<String> = same
        .iter()
        .filter_map(|one| one.about.owner.as_ref())
        .map(|owner| owner.as_str().to_lowercase())
        .collect();
    let owner = |wanted: &String| {
        let mut written = same.iter().filter_map(|one| one.about.owner.as_ref());
        written
            .find(|owner| owner.as_str().to_lowercase() == *wanted)
            .map(ToString::to_string)
    };
    let beyond = key.needs.map_or_else(Vec::new, |needs| {
        let had = key.about.permissions.iter();
        had.filter(|one| !needs.contains(one)).cloned().collect()
    });
    let unlisted = key.unlisted_since.map(|at| at.strftime("%Y-%m-%d").to_string());
    let found = [
        (FlagKind::Unlisted, unlisted.into_iter().collect()),
        (FlagKind::InTrackedFile, key.sighted.to_vec()),
        (FlagKind::SameValueTwoOrgs, names(&|other| other.org != key.org)),
        (
            FlagKind::SameValueTwoEnvironments,
            names(&|other| other.environment != key.environment),
        ),
        (FlagKind::SameValueTwoKeys, names(&|_| true)),
        (
            FlagKind::SharedBetweenPeople,
            match key.personal && owners.len() > 1 {
                true => owners.iter().filter_map(owner).collect(),
                false => Vec::new(),
            },
        ),
        (FlagKind::Broader, beyond),
    ];
    let mut flags: Vec<Flag> = found
        .into_iter()
        .filter(|(_, about)| !about.is_empty())
        .map(|(kind, about)| Flag { kind, about })
        .collect();
    let by_themselves = [
        (FlagKind::SwitchedOff, key.switched_off),
        (FlagKind::OwnerUnknown, key.personal && key.about.owner.is_none()),
    ];
    flags.extend(
        by_themselves
            .into_iter()
            .filter(|(_, is_so)| *is_so)
            .map(|(kind, _)| Flag {
                kind,
                about: Vec::new(),
            }),
    );
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    struct Given {
        about: About,
        fingerprint: Option<Fingerprint>,
    }

    fn given(owner: &str, fingerprint: &str, permissions: &[&str]) -> Given {
        Given {
            about: About {
                owner: Name::new(owner).ok(),
                permissions: permissions.iter().map(ToString::to_string).collect(),
                ..About::default()
            },
            fingerprint: (!fingerprint.is_empty()).then(|| Fingerprint::stored(fingerprint.to_owned())),
        }
    }

    fn seen<'a>(given: &'a Given, name: &str, org: u8, environment: u8) -> Seen<'a> {
        Seen {
            name: name.to_owned(),
            org: OrgId::new(1, [org; 10]),
            environment: EnvironmentId::new(1, [environment; 10]),
            fingerprint: given.fingerprint.as_ref(),
            identity: None,
            about: &given.about,
            personal: false,
            unlisted_since: None,
            switched_off: false,
            sighted: &[],
            needs: None,
        }
    }

    fn words(flags: &[Flag]) -> Vec<(&'static str, String)> {
        flags
            .iter()
            .map(|flag| (flag.kind.as_str(), flag.about.join(" ")))
            .collect()
    }

    #[test]
    fn one_value_in_two_keys_is_flagged_with_how_far_apart_they_are() {
        let one = given("", "f", &[]);
        let (other, none) = (given("", "g", &[]), given("", "", &[]));
        let keys = [
            seen(&one, "a", 1, 1),
            seen(&one, "b", 1, 1),
            seen(&one, "c", 2, 3),
            seen(&other, "d", 1, 1),
            seen(&none, "e", 1, 1),
            seen(&none, "f", 2, 1),
        ];
        let found = flags(&keys);
        let expected = [
            ("same_value_two_orgs", "c".to_owned()),
            ("same_value_two_environments", "c".to_owned()),
            ("same_value_two_keys", "b c".to_owned()),
        ];
        assert_eq!(words(&found[0]), expected);
        assert_eq!(words(&found[2])[0], ("same_value_two_orgs", "a b".to_owned()));
        for unshared in &found[3..] {
            assert!(unshared.is_empty(), "{unshared:?}");
        }
    }

    #[test]
    fn a_personal_key_has_one_owner_and_it_is_known() {
        let (ada, bob, again) = (given("Ada", "f", &[]), given("Bob", "f", &[]), given("ada", "f", &[]));
        let nobody = given("", "", &[]);
        let personal = |given| Seen {
            personal: true,
            ..seen(given, "k", 1, 1)
        };
        let shared = flags(&[personal(&ada), personal(&bob)]);
        assert!(words(&shared[0]).contains(&("shared_between_people", "Ada Bob".to_owned())));
        let own = flags(&[personal(&ada), personal(&again)]);
        assert_eq!(words(&own[0]).len(), 1, "one person twice: {own:?}");
        let mine = flags(&[personal(&nobody), seen(&nobody, "k", 1, 1)]);
        assert_eq!(words(&mine[0]), [("owner_unknown", String::new())]);
        assert!(mine[1].is_empty(), "a key of an organisation needs no owner");
        let open = flags(&[seen(&ada, "a", 1, 1), seen(&bob, "b", 1, 1)]);
        assert_eq!(words(&open[0]).len(), 1, "an organisation's key may have two: {open:?}");
    }

    #[test]
    fn a_key_that_may_more_than_it_needs_is_broader() {
        let needs = ["jobs:read".to_owned(), "results:read".to_owned()];
        let (narrow, broad) = (
            given("", "", &["jobs:read"]),
            given("", "", &["jobs:read", "scan:create"]),
        );
        let needing = |given| Seen {
            needs: Some(&needs),
            ..seen(given, "k", 1, 1)
        };
        let found = flags(&[needing(&narrow), needing(&broad), seen(&broad, "k", 1, 1)]);
        assert!(found[0].is_empty());
        assert_eq!(words(&found[1]), [("broader", "scan:create".to_owned())]);
        assert!(found[2].is_empty(), "no need was said");
    }
}
