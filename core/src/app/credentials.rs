//! What becomes of a management credential that another one took the place of: nothing has shown that the new one may do
//! what the former one could, so the former one is kept, and can be brought back. And where a request has no answer, only the
//! credential that sent it surely reaches what it made.

use super::App;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{AccountId, Credential, KeyVersion, Purpose, UnaccountedId, VersionId};
use crate::provider::Strategy;
use crate::rotation::{Change, Event, Rotation, StepKind};
use crate::store::{ActivityResult, Exchange, FormerCredential, NewActivity};
use crate::vault::VaultRef;

impl App {
    /// Brings the value of a version back that does not serve, whatever kind of key it is of. `anyway`: by the person's word,
    /// where no call tells.
    pub async fn bring_back(&self, id: VersionId, anyway: bool) -> Result<(), Failure> {
        let version = self.store.version(id).await?;
        match self.store.key(version.key_id).await?.key.purpose {
            Purpose::Management => self.restore_credential(&version, anyway).await,
            Purpose::Service | Purpose::Webhook => self.restore_kept(id, anyway).await,
        }
    }

    /// Gives an account a former credential back that is accepted now. The present one is kept in its turn.
    async fn restore_credential(&self, version: &KeyVersion, anyway: bool) -> Result<(), Failure> {
        if !version.is_kept() {
            return Err(Failure::new(Code::KeyNotKept));
        }
        let key = self.store.key(version.key_id).await?.key;
        let account = self.store.account(key.account_id).await?;
        let at = VaultRef::version(version.id);
        let secret = self.vault.get(&at).await?;
        let credential = Credential {
            scheme: account.scheme.clone(),
            fields: account.fields.clone(),
            secret: secret.ok_or_else(|| Failure::new(Code::KeychainMissing))?,
        };
        let workspace = self.workspaces.with(&account, Some(credential))?;
        let accepted = self.provider.authenticate(&workspace).await;
        let accepted = accepted.map_err(|failure| match failure.code {
            Code::CredentialRefused => Failure::new(Code::KeyRefused),
            _ => failure,
        })?;
        if !accepted.asked && !anyway {
            return Err(Failure::new(Code::ProviderNoCall));
        }
        let shown = self.is_of(&account, &workspace, anyway).await?;
        let known = self.exchange(account.id, shown).await?;
        if let Some(successor) = &accepted.renewed {
            self.vault.put(&at, successor).await?;
        }
        let now = self.clock.now();
        self.store.return_credential(version, (known, now)).await?;
        let restored = NewActivity {
            account_id: Some(account.id),
            key_id: Some(version.key_id),
            version_id: Some(version.id),
            ..NewActivity::new(&self.who.who, "key.value_restored", ActivityResult::Done)
        };
        self.store.note(&restored, now).await
    }

    /// Lets former credentials go whose successor has done in the same account what they are for. While it is not known what a
    /// request has made, the former one may be the only one that reaches it.
    pub(super) async fn mark_former_credentials(&self) -> Result<(), Failure> {
        for former in self.store.former_credentials().await? {
            if in_place(Guard::FormerIsNeeded) && self.may_have_made(former.account).await? {
                continue;
            }
            for id in self.store.mutated_since(former.account, former.since).await? {
                if has_managed(&self.journal.load(id).await?, &former) {
                    self.has_the_keys().await?;
                    self.store.note_to_be_forgotten(former.version).await?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether something may have been made in the account that nobody has seen.
    async fn may_have_made(&self, account: AccountId) -> Result<bool, Failure> {
        let unseen = self.store.unaccounted().await?.into_iter();
        let mut unseen = unseen.filter(|entry| entry.account_id == account);
        Ok(unseen.any(|entry| entry.remote_id.is_none()) || self.is_unsettled(account).await?)
    }

    /// Refuses another credential while a request of the account has no answer.
    pub(super) async fn has_its_answers(&self, account: AccountId) -> Result<(), Failure> {
        let (open, unread) = self.loaded(self.store.open_rotations_of(account).await?).await?;
        // Of one that cannot be read nobody knows what it asked for.
        let lacks = !unread.is_empty() || open.iter().any(Rotation::lacks_answer);
        match lacks && in_place(Guard::AnswerIsMissing) {
            true => Err(Failure::new(Code::CredentialMintUnknown)),
            false => Ok(()),
        }
    }

    /// What becomes of such a request where another credential comes all the same: unless that is of the same account for sure,
    /// its list may say that nothing was made, and so it is written down, to be shown until a person has looked.
    pub(super) async fn exchange(&self, account: AccountId, shown: bool) -> Result<Exchange, Failure> {
        let (open, _) = self.loaded(self.store.open_rotations_of(account).await?).await?;
        let apart = |rotation: &Rotation| !rotation.plan.rolls() && rotation.plan.strategy != Strategy::TwoSlot;
        let asked = open.iter().filter(|one| one.lacks_answer() && apart(one) && !shown);
        let unseen = asked.filter(|_| in_place(Guard::AnswerIsMissing)).map(|rotation| {
            let (ms, random) = self.id_parts();
            let entry = Change::Unaccounted {
                id: UnaccountedId::new(ms, random),
                remote_id: rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone()),
                prefix: None,
                from: rotation.history().sent_at().unwrap_or(rotation.opened_at),
                to: self.clock.now(),
            };
            (rotation.id, entry)
        });
        Ok(Exchange {
            shown,
            open: unseen.collect(),
        })
    }
}

/// Whether its successor has had a key revoked that was there before, or one created in what its list has shown to be the same
/// account: in another one it may create keys as well. What is found out later than by the answer may have been done by another
/// credential, or by somebody else.
fn has_managed(rotation: &Rotation, former: &FormerCredential) -> bool {
    let since = former.since;
    let old = rotation.subject.old.as_ref();
    let of_before = old.is_some_and(|old| old.first_seen_at <= since);
    let tells = |kind: StepKind| match kind {
        StepKind::RevokeOld => of_before || former.is_shown,
        _ => kind == StepKind::Mint && (former.is_shown || !in_place(Guard::FormerIsNeeded)),
    };
    rotation.records.windows(2).any(|pair| match pair {
        [sent, answered] if sent.at > since => [StepKind::Mint, StepKind::RevokeOld].into_iter().any(|kind| {
            let both = (sent.event, answered.event) == (Event::Intended(kind), Event::Applied(kind));
            both && rotation.plan.sends(kind) && tells(kind)
        }),
        _ => false,
    })
}
