//! Reading accounts' key lists into the inventory.

use std::collections::HashSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::App;
use super::matching::{Mints, by_id, perhaps_of};
use super::places::named;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{
    Account, AccountId, EnvironmentId, Hint, Key, KeyId, KeyVersion, Name, Purpose, RotationId, UnaccountedId,
    VersionId, VersionState,
};
use crate::provider::{KeyList, RemoteKey, Strategy};
use crate::rotation::{Workspaces, lacks_most};
use crate::store::{FirstSeen, Listing, NamedMint, Reading, Shown};

/// Accounts whose lists are read at the same time. They differ in host or credential; one account's pages follow each other.
const AT_ONCE: usize = 64;

/// What a provider lists; nothing where a sign-up is not through.
type Listed = Result<Option<KeyList>, Failure>;

impl App {
    /// Reads all accounts side by side, or one. A failing account does not hold up the others: its failure is kept
    /// with it. Says whether anything is new but the time of the reading.
    pub async fn refresh(&self, only: Option<AccountId>) -> Result<bool, Failure> {
        if let Some(id) = only {
            return self.refresh_account(id).await.map(|()| true);
        }
        let accounts = self.store.accounts().await?;
        let lists = stream::iter(accounts).map(async |(account, before)| {
            let asked = self.clock.now();
            let listed = self.list(&account).await;
            (account, before, (asked, listed))
        });
        let mut news = false;
        // What has come in by now is written together, and waits for nothing that is slow.
        let mut lists = pin!(lists.buffer_unordered(AT_ONCE).ready_chunks(AT_ONCE));
        while let Some(come_in) = lists.next().await {
            let mut readings = Vec::new();
            for (account, before, (asked, listed)) in come_in {
                match self.reading(&account, &before, (asked, &listed)).await {
                    Ok(reading) => {
                        news |= reading.as_ref().is_some_and(|reading| reading.tells_news(&before));
                        readings.extend(reading);
                    }
                    Err(failure) => {
                        unread(&failure);
                        readings.push(Reading::failed(account.id, self.clock.now(), failure.code));
                    }
                }
                if let Err(failure) = listed {
                    unread(&failure);
                }
            }
            if self.store.note_readings(&readings).await.is_err() {
                // One that cannot be written does not hold up the others.
                for reading in &readings {
                    let alone = self.store.note_readings(std::slice::from_ref(reading)).await;
                    if let Err(failure) = alone {
                        unread(&failure);
                        // What cannot be written is said of its account.
                        let failed = Reading::failed(reading.account, reading.at, failure.code);
                        let noted = self.store.note_readings(std::slice::from_ref(&failed)).await;
                        noted.unwrap_or_else(|failure| unread(&failure));
                    }
                }
            }
        }
        Ok(news)
    }

    /// When each account's list was last read.
    pub async fn listings(&self) -> Result<Vec<(AccountId, Listing)>, Failure> {
        let accounts = self.store.accounts().await?.into_iter();
        Ok(accounts.map(|(account, listing)| (account.id, listing)).collect())
    }

    /// Reads one account's list.
    pub(super) async fn refresh_account(&self, id: AccountId) -> Result<(), Failure> {
        let mut accounts = self.store.accounts().await?.into_iter();
        let found = accounts.find(|(account, _)| account.id == id);
        let (account, before) = found.ok_or_else(|| Failure::new(Code::NotFound).field("account"))?;
        let asked = self.clock.now();
        let listed = self.list(&account).await;
        let reading = self.reading(&account, &before, (asked, &listed)).await?;
        self.store.note_readings(reading.as_slice()).await?;
        listed?;
        let doubted = reading.and_then(|reading| reading.failed);
        doubted.map_or(Ok(()), |code| Err(Failure::new(code)))
    }

    async fn list(&self, account: &Account) -> Listed {
        self.demo_is_true().await?;
        let workspace = self.workspaces.managing(account).await?;
        if !workspace.is_placed() || !workspace.definition.capabilities().list {
            return Ok(None);
        }
        let mut listed = self.provider.list(&workspace).await?;
        if workspace.definition.tells_last_use_apart() {
            for key in listed.keys_mut() {
                match self.provider.last_used(&workspace, &key.remote_id).await {
                    Ok(used) => key.last_used_at = used.at,
                    // It is good to know, and nothing depends on it.
                    Err(failure) => tracing::info!(code = failure.code.as_str(), "a key's last use is not known"),
                }
            }
        }
        Ok(Some(listed))
    }

    /// What changes by that list.
    async fn reading(
        &self,
        account: &Account,
        before: &Listing,
        (asked, listed): (Timestamp, &Listed),
    ) -> Result<Option<Reading>, Failure> {
        let mut reading = Reading::of(account.id, asked, self.clock.now());
        match listed {
            Ok(Some(list)) => {
                let unread = list.unread().map(|failure| failure.code);
                let doubted = matches!(before.failed, Some((_, Code::ProviderListLacks)));
                match unread.is_some() || doubted || !self.is_doubtful(account, list.keys()).await? {
                    true => {
                        let listed = (before.listed_at, list.keys());
                        self.compare(account, listed, &mut reading).await?;
                    }
                    false => reading.failed = Some(Code::ProviderListLacks),
                }
                // What it shows counts, and what it lacks does not.
                if unread.is_some() {
                    (reading.failed, reading.unlisted) = (unread, Vec::new());
                }
            }
            Ok(None) => return Ok(None),
            Err(failure) => reading.failed = Some(failure.code),
        }
        Ok(Some(reading))
    }

    /// Whether the list lacks all or most of what it had. It is believed when it says so a second time.
    pub(super) async fn is_doubtful(&self, account: &Account, listed: &[RemoteKey]) -> Result<bool, Failure> {
        let found: HashSet<&str> = listed.iter().map(|key| key.remote_id.as_str()).collect();
        let known = self.store.known_versions(account.id).await?;
        let had: Vec<&str> = known
            .iter()
            .filter(|known| {
                known.purpose == Purpose::Service && known.version.unlisted_since.is_none() && !known.removed
            })
            .filter(|known| known.version.ended_at.is_none() && known.version.state != VersionState::Pending)
            .filter_map(|known| known.version.remote_id.as_deref())
            .collect();
        let shows_one = known.iter().any(|known| {
            let id = known.version.remote_id.as_deref();
            id.is_some_and(|id| found.contains(id))
        });
        Ok(lacks_most(&had, |id| found.contains(id), shows_one) && in_place(Guard::ListBelievedTwice))
    }

    /// Matches what is listed with what is known: by id, else by how a held value begins.
    async fn compare(
        &self,
        account: &Account,
        (before, listed): (Option<Timestamp>, &[RemoteKey]),
        reading: &mut Reading,
    ) -> Result<(), Failure> {
        let unsettled = self.is_unsettled(account.id).await?;
        // The id of a removed key is free: it may be that of one which was taken in again.
        let (gone, known): (Vec<_>, Vec<_>) = {
            let all = self.store.known_versions(account.id).await?.into_iter();
            all.partition(|known| known.removed)
        };
        let (gone_by_id, by_remote_id) = (by_id(&gone), by_id(&known));
        // Of two fixed slots one serves and one is spare: which one, only a value that is in use can tell.
        let workspace = self.workspaces.using(account).await?;
        let definition = &workspace.definition;
        let in_slots = definition.strategy() == Strategy::TwoSlot;
        let lag = definition.reconcile().lag();
        let minted = self.store.named_mints(account.id).await?;
        let minted = Mints::of(&minted);
        let unanswered = self.store.unanswered_mints(account.id).await?;
        let kept = self.store.kept_remote_ids(account.id).await?;
        let (mut found, mut anothers) = (HashSet::new(), HashSet::new());
        let mut new = Vec::new();
        // A list that names a key twice means one key.
        for remote in listed.iter().filter(|remote| found.insert(remote.remote_id.as_str())) {
            let named = remote.name.as_ref().and_then(|name| minted.named(name));
            let named = named.filter(|_| in_place(Guard::NamesAreOurs));
            let by_id = by_remote_id.get(remote.remote_id.as_str()).copied();
            // An id may be given again: under the name of a mint of ours it is that one's.
            let by_id = by_id.filter(|known| {
                let ours = |mint: &NamedMint| mint.version == known.version.id || known.version.held;
                named.is_none_or(ours) || !in_place(Guard::NameBeforeId)
            });
            if let Some(known) = by_id
                && self.is_anothers_by_id(&workspace, known, remote).await?
            {
                // By it ours would be taken for what is there now.
                anothers.insert(remote.remote_id.as_str());
                reading.shown.push(self.shown(remote, known.version.born().0, None));
                continue;
            }
            let gone = gone_by_id.get(remote.remote_id.as_str()).filter(|_| by_id.is_none());
            let is_known = |mint: &&NamedMint| known.iter().any(|one| one.version.id == mint.version);
            let named = named.filter(|mint| gone.is_none() || is_known(mint));
            let same = match (by_id, named) {
                (Some(known), _) => Some(known),
                (None, Some(mint)) => {
                    self.named_without_id(&workspace, &known, mint, (remote, listed))
                        .await?
                }
                (None, None) => self.held_without_id(&workspace, &known, (remote, listed)).await?,
            };
            let back = same.or(gone.copied());
            let back = back.and_then(|back| is_back(&back.version, reading.at, lag));
            if let Some(since) = back.filter(|_| !in_slots) {
                reading.shown.push(self.shown(remote, since, None));
            }
            match same {
                Some(same) if same.is_news(remote) => reading.news.push((same.version.id, remote.clone())),
                Some(_) => {}
                // While an answer is missing, a new key may be the one that was asked for: reconciling decides.
                None if unsettled || in_slots => {}
                // It was taken out of the list by a person, and does not come back by itself.
                None if gone.is_some() && named.is_none() => {}
                None => {
                    let perhaps = || perhaps_of(&unanswered, remote, (before, lag));
                    let named = named.map(|mint| (mint.sent_at, mint.rotation));
                    let ours = named.or_else(|| perhaps().map(|mint| (mint.sent_at, mint.rotation)));
                    match ours.filter(|_| !kept.contains(&remote.remote_id)) {
                        // What was asked for and given up is no new key of somebody's.
                        Some((sent_at, made_by)) => reading.shown.push(self.shown(remote, sent_at, Some(made_by))),
                        None => new.push(remote),
                    }
                }
            }
        }
        for known in &known {
            let version = &known.version;
            let serves = matches!(version.state, VersionState::Live | VersionState::Retiring);
            // One that has ended is shown should it come back.
            let ended = version.ended_at.is_some();
            let lacks = version.unlisted_since.is_none()
                && version
                    .remote_id
                    .as_deref()
                    .is_some_and(|remote_id| !found.contains(remote_id) || anothers.contains(remote_id));
            // A list may be late, cut, filtered or another account's: that it lacks a key is said, and ends nothing.
            if known.purpose == Purpose::Service && (serves || ended) && !known.rotating && lacks {
                reading.unlisted.push(version.id);
            }
        }
        if !new.is_empty() {
            let environment = self.first_environment(account).await?;
            let first_seen = new
                .into_iter()
                .map(|remote| self.first_seen(account, environment, remote));
            reading.first_seen = first_seen.collect::<Result<_, _>>()?;
            apart(&mut reading.first_seen);
        }
        Ok(())
    }

    fn shown(&self, remote: &RemoteKey, since: Timestamp, made_by: Option<RotationId>) -> Shown {
        let (ms, random) = self.id_parts();
        Shown {
            entry: UnaccountedId::new(ms, random),
            since,
            made_by,
            listed: remote.clone(),
        }
    }

    /// Lists a key of the provider as one of the account's: known, and not held.
    pub(super) async fn adopt(&self, account: &Account, remote: &RemoteKey) -> Result<KeyId, Failure> {
        let environment = self.first_environment(account).await?;
        let seen = self.first_seen(account, environment, remote)?;
        self.store.add_first_seen(&seen).await?;
        Ok(seen.key.id)
    }

    fn first_seen(
        &self,
        account: &Account,
        environment_id: EnvironmentId,
        remote: &RemoteKey,
    ) -> Result<FirstSeen, Failure> {
        let (ms, random) = self.id_parts();
        let hint = remote.prefix.as_deref().and_then(Hint::of_prefix);
        let wished = remote
            .name
            .clone()
            .or_else(|| hint.as_ref().map(|hint| hint.to_string()));
        let wished = wished.unwrap_or_else(|| remote.remote_id.clone());
        let key = Key {
            id: self.key_id(),
            account_id: account.id,
            environment_id,
            name: Name::new(&wished).or_else(|_| named(&shortened(&remote.remote_id), "name"))?,
            purpose: Purpose::Service,
        };
        let version = KeyVersion {
            state: VersionState::Live,
            remote_id: Some(remote.remote_id.clone()),
            prefix: remote.prefix.clone(),
            hint,
            created_at: remote.created_at,
            expires_at: remote.expires_at,
            last_used_at: remote.last_used_at,
            switched_off: remote.switched_off.unwrap_or_default(),
            was_listed: true,
            ..KeyVersion::pending(VersionId::new(ms, random), key.id, self.clock.now())
        };
        // Two keys may be called alike; the provider's id tells them apart.
        let id: Vec<char> = remote.remote_id.chars().collect();
        let tail: String = id[id.len().saturating_sub(6)..].iter().collect();
        let head: String = key.name.as_str().chars().take(Name::MAX - tail.len() - 1).collect();
        let other_name = Name::new(&format!("{head} {tail}")).ok();
        Ok(FirstSeen {
            key,
            version,
            other_name,
        })
    }

    /// Where keys of an account are put at first: beside its management credential.
    async fn first_environment(&self, account: &Account) -> Result<EnvironmentId, Failure> {
        if let Some(id) = account.management_key_id {
            return Ok(self.store.key(id).await?.key.environment_id);
        }
        let first = self.store.environments().await?.into_iter().next();
        first
            .map(|environment| environment.id)
            .ok_or_else(|| Failure::new(Code::NotFound).field("environment"))
    }

    pub(super) async fn is_unsettled(&self, account: AccountId) -> Result<bool, Failure> {
        let (open, unread) = self.loaded(self.store.open_rotations_of(account).await?).await?;
        // Of one that cannot be read nobody knows what it asked for.
        Ok(!unread.is_empty() || open.iter().any(|rotation| rotation.position.is_unsettled()))
    }
}

/// Keys of one list that would have one name get a number.
fn apart(seen: &mut [FirstSeen]) {
    let mut taken = HashSet::new();
    for one in seen {
        let (mut name, mut number) = (one.key.name.clone(), 1);
        while !taken.insert(name.as_str().to_lowercase()) {
            number += 1;
            let mark = format!(" ({number})");
            let head: String = one.key.name.as_str().chars().take(Name::MAX - mark.len()).collect();
            match Name::new(&format!("{head}{mark}")) {
                Ok(next) => name = next,
                Err(_) => break,
            }
        }
        one.key.name = name;
    }
}

/// The end of an id that is too long for a name.
fn shortened(id: &str) -> String {
    let chars: Vec<char> = id.chars().collect();
    match chars.len() > Name::MAX {
        true => std::iter::once('…')
            .chain(chars[chars.len() + 1 - Name::MAX..].iter().copied())
            .collect(),
        false => id.to_owned(),
    }
}

/// When a version ended that is listed all the same: lists lacked it since, or none of them can lag so long.
fn is_back(version: &KeyVersion, now: Timestamp, lag: Duration) -> Option<Timestamp> {
    let ended_at = version.ended_at.filter(|_| in_place(Guard::BackIsShown))?;
    let since = Duration::try_from(now.duration_since(ended_at)).unwrap_or_default();
    (version.unlisted_since.is_some() || since > lag).then_some(ended_at)
}

fn unread(failure: &Failure) {
    tracing::info!(code = failure.code.as_str(), "an account could not be listed");
}
