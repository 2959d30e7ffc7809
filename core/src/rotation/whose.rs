//! Whose an entry of a list is, whatever its id is. Whoever finds, shows, discards or revokes a key by a list asks it here.

use jiff::{SignedDuration, Timestamp};

use super::drive::Driver;
use super::journal::Journal;
use super::nonce;
use crate::failure::Failure;
use crate::guard::{Guard, in_place};
use crate::model::{KeyVersion, Secret, VersionId};
use crate::provider::{KeyList, ReconcileBy, RemoteKey, Workspace};

/// A provider may tell the day alone, or the hour without its zone.
const SAME: SignedDuration = SignedDuration::from_hours(25);

/// What an entry of a list is to a version of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The nonce of the version's mint stands in its name: in no other key's it does.
    Named,
    /// The nonce stands in its name, and it is made or begins otherwise: what was made is not what is held.
    Torn,
    /// Its value begins like the version's, with more than all values of the provider have in common. Another's may too.
    Begins,
    /// Nothing but the id tells.
    Untold,
    /// It is named, made or begins otherwise: the id was told wrong, was given again, or the key was replaced there.
    Anothers,
}

impl Whose {
    /// Whether a request of ours made it.
    pub fn is_named(self) -> bool {
        matches!(self, Whose::Named | Whose::Torn)
    }

    /// Whether by its id another key would go than the value that is known of the version.
    pub fn is_anothers(self) -> bool {
        matches!(self, Whose::Torn | Whose::Anothers)
    }
}

/// What a version is known by, beside its id and its value.
pub struct Marks<'a> {
    workspace: &'a Workspace,
    /// The name that its newest mint was sent with.
    name: Option<String>,
    /// When its provider said, in answer to that mint, that it was made.
    told_made_at: Option<Timestamp>,
    /// When it was there at the latest.
    created_at: Option<Timestamp>,
    /// How its provider has shown its value to begin.
    prefix: Option<String>,
}

impl<'a> Marks<'a> {
    /// Of one that nothing is known of yet but its mint.
    pub async fn of(journal: &dyn Journal, workspace: &'a Workspace, version: VersionId) -> Result<Marks<'a>, Failure> {
        let told_made_at = match in_place(Guard::SameMoment) {
            true => journal.told_made_at(version).await?,
            false => None,
        };
        Ok(Marks {
            workspace,
            name: journal.mint_name(version).await?,
            told_made_at,
            created_at: None,
            prefix: None,
        })
    }

    /// Of one that lists, or a person, have told of.
    pub async fn of_version(
        journal: &dyn Journal,
        workspace: &'a Workspace,
        version: &KeyVersion,
    ) -> Result<Marks<'a>, Failure> {
        Ok(Marks {
            created_at: version.created_at,
            prefix: version.prefix.clone().filter(|_| in_place(Guard::MarksStay)),
            ..Marks::of(journal, workspace, version.id).await?
        })
    }

    /// `value`: that of the version, where it is at hand.
    pub fn whose(&self, entry: &RemoteKey, value: Option<&Secret>) -> Whose {
        let shown = entry.name.as_deref().filter(|name| !name.is_empty());
        let names = self.name.as_deref().zip(shown);
        let is_named = names.is_some_and(|(sent, shown)| nonce::is(shown, sent));
        let begins = entry.prefix.as_deref().zip(value);
        let begins_otherwise = begins.is_some_and(|(prefix, value)| !value.expose().starts_with(prefix));
        let is_other =
            begins_otherwise || value.is_none() && self.is_shown_otherwise(entry) || self.is_made_otherwise(entry);
        match (is_named, is_other) {
            (true, false) => Whose::Named,
            (true, true) => Whose::Torn,
            (false, true) => Whose::Anothers,
            _ if self.is_named_otherwise(names) => Whose::Anothers,
            _ if self.begins(entry, value) => Whose::Begins,
            _ => Whose::Untold,
        }
    }

    /// The entry under the name of the version's mint; of several, as where a request was carried out twice, the one that
    /// begins like its value.
    pub fn named_among<'e>(&self, entries: &'e [RemoteKey], value: Option<&Secret>) -> Option<&'e RemoteKey> {
        let are = |whose: Whose| entries.iter().filter(move |entry| self.whose(entry, value) == whose);
        let named: Vec<&RemoteKey> = are(Whose::Named).collect();
        match named.as_slice() {
            [] => only(are(Whose::Torn)),
            [one] => Some(one),
            several => only(several.iter().copied().filter(|entry| self.begins(entry, value))),
        }
    }

    /// Whether the id was guessed by how the value begins, and more than one entry begins so.
    pub fn may_be_two(&self, listed: &KeyList, value: Option<&Secret>) -> bool {
        let Some(value) = value.filter(|_| self.name.is_none() && in_place(Guard::OneBeginsSo)) else {
            return false;
        };
        let like = |entry: &&RemoteKey| self.begins(entry, Some(value));
        listed.keys().iter().filter(like).count() > 1
    }

    fn begins(&self, entry: &RemoteKey, value: Option<&Secret>) -> bool {
        let begins = entry.prefix.as_deref().zip(value);
        begins.is_some_and(|(prefix, value)| self.workspace.definition.shows(prefix, value))
    }

    /// Where names do not tell, one may be listed in another form than it was sent. One that its provider has cut off is
    /// neither ours for sure nor somebody else's.
    fn is_named_otherwise(&self, names: Option<(&str, &str)>) -> bool {
        let tells = self.workspace.definition.reconcile().by == ReconcileBy::Name;
        names.is_some_and(|(sent, shown)| tells && !nonce::may_be(shown, sent))
    }

    /// Asked where nobody has the value. A provider may show more of it in one answer than in another.
    fn is_shown_otherwise(&self, entry: &RemoteKey) -> bool {
        let both = self.prefix.as_deref().zip(entry.prefix.as_deref());
        both.is_some_and(|(told, shown)| !told.starts_with(shown) && !shown.starts_with(told))
    }

    fn is_made_otherwise(&self, entry: &RemoteKey) -> bool {
        let Some(theirs) = entry.created_at else { return false };
        let later = |made: Timestamp| made.checked_add(SAME).is_ok_and(|by| theirs > by);
        self.told_made_at.is_some_and(|ours| are_apart(ours, theirs)) || self.created_at.is_some_and(later)
    }
}

/// The only one there is.
fn only<'e>(mut entries: impl Iterator<Item = &'e RemoteKey>) -> Option<&'e RemoteKey> {
    let first = entries.next();
    first.filter(|_| entries.next().is_none())
}

/// Whether two moments of one provider, of its answer to a mint and of its list, are those of two keys. One may be told in
/// another zone, or as a day alone.
fn are_apart(ours: Timestamp, theirs: Timestamp) -> bool {
    const DAY: i64 = 86_400;
    const QUARTER: i64 = 900;
    let apart = ours.duration_since(theirs).as_secs().abs();
    let is_day = |at: Timestamp| at.as_second() % DAY == 0;
    let off = apart % QUARTER;
    let in_another_zone = off.min(QUARTER - off) <= 5;
    apart > SAME.as_secs() || apart > QUARTER && !in_another_zone && !is_day(ours) && !is_day(theirs)
}

/// By which id a version goes, as a list shows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GoesBy {
    /// The one that is known, or the one under the name of its mint, whatever was told: no other key bears that name.
    Id(String),
    /// By the one that is known another key is listed.
    Anothers,
    /// The list shows nothing of it.
    Nothing,
}

impl Driver {
    /// By which id the version is listed. What nobody but the answer to its mint has told may be any other key's.
    pub(super) async fn goes_by(
        &self,
        workspace: &Workspace,
        version: &KeyVersion,
        (remote_id, listed): (&str, &KeyList),
    ) -> Result<GoesBy, Failure> {
        let value = self.readable(version).await;
        let marks = self.marks(workspace, version).await?;
        let is_anothers = match listed.entry(remote_id) {
            Some(entry) => marks.whose(entry, value.as_ref()).is_anothers() || marks.may_be_two(listed, value.as_ref()),
            None if in_place(Guard::ListedId) => false,
            None => return Ok(GoesBy::Id(remote_id.to_owned())),
        };
        if listed.entry(remote_id).is_some() && !is_anothers {
            return Ok(GoesBy::Id(remote_id.to_owned()));
        }
        let named = marks.named_among(listed.keys(), value.as_ref());
        match named.filter(|entry| marks.whose(entry, value.as_ref()) == Whose::Named && in_place(Guard::ListedId)) {
            Some(entry) => Ok(GoesBy::Id(entry.remote_id.clone())),
            None if is_anothers => Ok(GoesBy::Anothers),
            None => Ok(GoesBy::Nothing),
        }
    }

    /// Whose that entry is, with the version's value where it can be read.
    pub(super) async fn whose(
        &self,
        workspace: &Workspace,
        version: &KeyVersion,
        entry: &RemoteKey,
    ) -> Result<Whose, Failure> {
        let value = self.readable(version).await;
        Ok(self.marks(workspace, version).await?.whose(entry, value.as_ref()))
    }

    pub(super) async fn marks<'a>(&self, workspace: &'a Workspace, version: &KeyVersion) -> Result<Marks<'a>, Failure> {
        Marks::of_version(&*self.journal, workspace, version).await
    }

    /// The version's value, where it is held and is what was stored.
    pub(super) async fn readable(&self, version: &KeyVersion) -> Option<Secret> {
        match version.held {
            true => self.value_of(Some(version)).await.ok(),
            false => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AccountId;
    use crate::provider::Catalog;

    const SENT: &str = "backend ~k0123456789ABCDEF";

    /// A moment of the year 2026, so many seconds on.
    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(1_795_000_000 + second).ok()
    }

    fn entry(name: Option<&str>, prefix: Option<&str>, made: Option<i64>) -> RemoteKey {
        RemoteKey {
            remote_id: "one".to_owned(),
            name: name.map(str::to_owned),
            prefix: prefix.map(str::to_owned),
            created_at: made.and_then(at),
            ..RemoteKey::default()
        }
    }

    fn workspace(provider: &str) -> Workspace {
        let (catalog, _) = Catalog::load(None);
        Workspace {
            account_id: AccountId::new(0, [0; 10]),
            definition: catalog.get(provider).expect("it is built in"),
            fields: Default::default(),
            base_url: None,
            credential: None,
            nonce: None,
        }
    }

    fn value() -> Secret {
        Secret::new("sk_live_abcdefghijklmnopqrst".to_owned())
    }

    /// Of a version whose mint was sent with that name and answered that it was made then.
    fn marks<'a>(workspace: &'a Workspace, (name, told): (Option<&str>, Option<i64>)) -> Marks<'a> {
        Marks {
            workspace,
            name: name.map(str::to_owned),
            told_made_at: told.and_then(at),
            created_at: None,
            prefix: None,
        }
    }

    fn whose(provider: &str, mint: (Option<&str>, Option<i64>), entry: &RemoteKey) -> Whose {
        marks(&workspace(provider), mint).whose(entry, Some(&value()))
    }

    #[test]
    fn the_name_of_its_mint_is_nobody_elses_whatever_letters_it_is_listed_in() {
        for shown in [SENT, "BACKEND ~K0123456789abcdef", "backend-k0123456789abcdef"] {
            for provider in ["jupyterhub", "overten"] {
                let found = whose(provider, (Some(SENT), None), &entry(Some(shown), None, None));
                assert_eq!(found, Whose::Named, "{provider}: {shown}");
            }
        }
    }

    #[test]
    fn another_name_says_something_only_where_names_tell() {
        for (shown, where_they_tell) in [
            ("backend ~kFEDCBA9876543210", Whose::Anothers),
            ("frontend", Whose::Anothers),
            ("backend ~k0123…", Whose::Untold),
            ("", Whose::Untold),
        ] {
            let shown = entry(Some(shown), None, None);
            assert_eq!(
                whose("jupyterhub", (Some(SENT), None), &shown),
                where_they_tell,
                "{shown:?}"
            );
            assert_eq!(whose("overten", (Some(SENT), None), &shown), Whose::Untold, "{shown:?}");
            assert_eq!(whose("jupyterhub", (None, None), &shown), Whose::Untold, "{shown:?}");
        }
    }

    #[test]
    fn a_beginning_tells_what_it_has_beyond_the_mark_of_all_values() {
        let begins = |prefix: &str| whose("overten", (None, None), &entry(None, Some(prefix), None));
        assert_eq!(begins("sk_live_"), Whose::Untold);
        assert_eq!(begins("sk_live_abcdef"), Whose::Begins);
        assert_eq!(begins("sk_live_abcdeX"), Whose::Anothers);
    }

    #[test]
    fn what_was_shown_of_a_value_nobody_holds_tells_another_one() {
        let workspace = workspace("overten");
        let marks = Marks {
            prefix: Some("sk_live_abc".to_owned()),
            ..marks(&workspace, (None, None))
        };
        for (shown, found) in [
            ("sk_live_", Whose::Untold),
            ("sk_live_abcdef", Whose::Untold),
            ("sk_live_abX", Whose::Anothers),
        ] {
            assert_eq!(marks.whose(&entry(None, Some(shown), None), None), found, "{shown}");
        }
    }

    #[test]
    fn a_moment_that_no_zone_and_no_day_explains_is_another_keys() {
        let made = |later: i64| whose("overten", (None, Some(0)), &entry(None, None, Some(later)));
        for same in [0, 3, -3_600, 2 * 3_600 + 4, 20 * 60 - 300] {
            assert_eq!(made(same), Whose::Untold, "{same}");
        }
        for other in [437 + 3_600, -(437 + 3_600), 26 * 3_600] {
            assert_eq!(made(other), Whose::Anothers, "{other}");
        }
    }

    #[test]
    fn of_two_under_one_name_the_one_that_begins_like_the_value_is_meant_or_none() {
        let workspace = workspace("overten");
        let marks = marks(&workspace, (Some(SENT), None));
        let value = value();
        let id = |id: &str, prefix: Option<&str>| RemoteKey {
            remote_id: id.to_owned(),
            ..entry(Some(SENT), prefix, None)
        };
        let among = |entries: &[RemoteKey]| {
            let found = marks.named_among(entries, Some(&value));
            found.map(|entry| entry.remote_id.clone())
        };
        let (double, ours) = (id("double", Some("sk_live_zzzzzz")), id("ours", Some("sk_live_abcdef")));
        assert_eq!(among(&[double.clone(), ours.clone()]), Some("ours".to_owned()));
        assert_eq!(among(&[id("one", None), ours]), Some("ours".to_owned()));
        assert_eq!(among(&[id("one", None), id("other", None)]), None);
        assert_eq!(among(&[double]), Some("double".to_owned()), "ours, and torn");
    }

    #[test]
    fn what_bears_the_name_and_begins_otherwise_is_ours_and_goes_by_no_id() {
        let torn = whose(
            "overten",
            (Some(SENT), None),
            &entry(Some(SENT), Some("sk_live_zzzzzz"), None),
        );
        assert_eq!(torn, Whose::Torn);
        assert!(torn.is_named() && torn.is_anothers());
    }
}
