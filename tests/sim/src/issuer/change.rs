//! Making, replacing and revoking keys.

use jiff::SignedDuration;

use super::issued::{Issued, beginning};
use crate::account::Account;
use crate::exchange::Turn;
use crate::ledger::Deed;
use crate::material::digest;
use crate::world::Grant;

/// A key that is asked for.
pub(crate) struct Wish {
    pub(crate) name: String,
    pub(crate) grant: Grant,
}

/// A key that has just been made, its value included for the only time.
pub(crate) struct Fresh {
    pub(crate) key: Issued,
    pub(crate) value: String,
}

/// How long the value that is replaced lives on.
#[derive(Clone, Copy)]
pub(crate) enum Grace {
    None,
    For(SignedDuration),
    AfterFirstUse(SignedDuration),
}

/// Makes a key.
pub(crate) fn mint(turn: &mut Turn<'_>, account: &Account, wish: Wish) -> Fresh {
    let key_id = account.provider.key_id(&mut turn.state.material);
    let key = Issued {
        key_id,
        account_id: account.id.clone(),
        name: wish.name,
        grant: wish.grant,
        prefix: String::new(),
        digest: [0; 32],
        created_at: turn.call.at,
        revoked_at: None,
        replaced: false,
        listed_from: turn.call.at + turn.lag.list,
        listed_until: None,
        accepted_from: turn.call.at,
        accepted_until: None,
        first_use_grace: None,
        uses: 0,
        last_used_at: None,
        used_up: false,
    };
    issue(turn, account, key)
}

/// Gives a key a new value under its id; `None` where it is not there.
pub(crate) fn replace(turn: &mut Turn<'_>, account: &Account, key_id: &str, grace: Grace) -> Option<Fresh> {
    let (now, lag) = (turn.call.at, turn.lag);
    let mut keys = turn.state.issuer.keys.iter_mut();
    let old = keys.find(|key| key.account_id == account.id && key.key_id == key_id && key.is_unrevoked())?;
    let mut key = old.clone();
    old.replaced = true;
    old.listed_until = Some(now);
    let ends = match grace {
        Grace::None => Some(now),
        Grace::For(span) => Some(now + span),
        Grace::AfterFirstUse(_) => None,
    };
    old.accepted_until = ends.map(|at| at + lag.revoked_accepted);
    let ended = ends.map(|at| Deed::Ended { digest: old.digest, at });
    turn.deeds.extend(ended);
    key.first_use_grace = match grace {
        Grace::AfterFirstUse(span) => Some(span),
        Grace::None | Grace::For(_) => None,
    };
    key.accepted_until = None;
    Some(issue(turn, account, key))
}

/// Revokes a key with all its values; `false` where it is not there (any more).
pub(crate) fn revoke(turn: &mut Turn<'_>, account_id: &str, key_id: &str) -> bool {
    let (now, lag) = (turn.call.at, turn.lag);
    if turn.state.issuer.unrevoked(account_id, key_id).is_none() {
        return false;
    }
    let until = now + lag.revoked_accepted;
    let values = turn.state.issuer.keys_with_id(key_id);
    for key in values.filter(|key| key.accepted_until.is_none_or(|end| end > now)) {
        key.revoked_at = Some(now);
        key.listed_until = Some(now + lag.list);
        key.accepted_until = Some(until);
    }
    turn.deeds.push(Deed::Revoked {
        key_id: key_id.to_owned(),
    });
    true
}

fn issue(turn: &mut Turn<'_>, account: &Account, mut key: Issued) -> Fresh {
    let value = account.provider.value(&mut turn.state.material);
    key.prefix = beginning(account.provider, &value);
    key.digest = digest(&value);
    key.accepted_from = turn.call.at + turn.lag.new_refused;
    turn.state.issuer.keys.push(key.clone());
    turn.deeds.push(Deed::Minted {
        key_id: key.key_id.clone(),
        org_id: account.id.clone(),
        name: key.name.clone(),
        value: value.clone(),
        grant: key.grant.clone(),
    });
    Fresh { key, value }
}
