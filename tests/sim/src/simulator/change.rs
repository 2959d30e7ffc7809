//! What a test changes at a provider from outside, as its operator would.

use jiff::Timestamp;

use super::Simulator;
use crate::account::{Account, Pace, Provider, Quota};
use crate::envelope::Envelope;
use crate::world::ListStyle;

impl Simulator {
    /// Has Firebase refuse a user with this message, or accept them again.
    pub fn refuse_user(&self, uid: &str, message: Option<&str>) {
        self.state().firebase.refuse(uid, message);
    }

    /// Chooses how an organisation's key list looks from now on.
    pub fn set_list(&self, org_id: &str, list: ListStyle) {
        for org in self.state().overten.orgs.iter_mut().filter(|org| org.id == org_id) {
            org.list = list;
        }
    }

    /// Gives this id to Overten's next key, as a database does that counts on from the newest row it still has.
    pub fn reuse_id(&self, key_id: &str) {
        self.state().overten.next_id = Some(key_id.to_owned());
    }

    /// Suspends an organisation or account, or lifts the suspension.
    pub fn suspend(&self, org_id: &str, suspended: bool) {
        self.change_account(org_id, |account| account.suspended = suspended);
        for org in self.state().overten.orgs.iter_mut().filter(|org| org.id == org_id) {
            org.suspended = suspended;
        }
    }

    /// Uses up what an account has of these, and gives it the rest back.
    pub fn use_up(&self, account_id: &str, quotas: &[Quota]) {
        self.change_account(account_id, |account| account.used_up = quotas.to_vec());
    }

    /// Uses up one key's own share of the quota, or gives it back (Authenta).
    pub fn use_up_key(&self, key_id: &str, used_up: bool) {
        for key in self.state().issuer.keys_with_id(key_id) {
            key.used_up = used_up;
        }
    }

    /// Has a key stop by itself at a time, or never.
    pub fn expire(&self, key_id: &str, at: Option<Timestamp>) {
        let mut state = self.state();
        for key in state.issuer.keys_with_id(key_id) {
            key.grant.expires_at = at;
        }
        for key in state.ledger.keys.iter_mut().filter(|key| key.key_id == key_id) {
            key.grant.expires_at = at;
        }
    }

    /// Chooses what Optiverse's pace is counted by for an account.
    pub fn set_pace(&self, account_id: &str, pace: Pace) {
        self.change_account(account_id, |account| account.pace = pace);
    }

    /// Chooses the form of a provider's errors, where its documents leave it open.
    pub fn set_envelope(&self, provider: Provider, envelope: Envelope) {
        self.state().envelopes.set(provider, envelope);
    }

    fn change_account(&self, account_id: &str, change: impl Fn(&mut Account)) {
        if let Some(account) = self.state().issuer.account_mut(account_id) {
            change(account);
        }
    }
}
