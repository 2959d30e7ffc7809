//! Who calls: the key of `Authorization: Bearer …`, the only place any of these providers looks at.

use http::header::AUTHORIZATION;

use super::Issued;
use crate::account::{Account, Provider};
use crate::exchange::Turn;
use crate::ledger::{Deed, Who};
use crate::material::digest;

/// What a request was authenticated with.
pub(crate) enum Presented {
    /// No `Authorization`.
    Missing,
    /// Something that was never a key here.
    Unknown,
    /// A key that was revoked or replaced, or is not known everywhere yet.
    Dead(Issued),
    /// A key that has run out.
    Expired(Issued),
    /// A key that is in force, and whose it is.
    Live(Issued, Account),
}

/// Finds out with what a request to a provider was authenticated, and counts it.
pub(crate) fn present(turn: &mut Turn<'_>, provider: Provider) -> Presented {
    if turn.call.header(AUTHORIZATION.as_str()).is_none() {
        return Presented::Missing;
    }
    let now = turn.call.at;
    let Some(value) = turn.call.bearer() else {
        return Presented::Unknown;
    };
    let (issuer, digest) = (&mut turn.state.issuer, digest(value));
    let Some(at) = issuer.keys.iter().position(|key| key.digest == digest) else {
        return Presented::Unknown;
    };
    let account = issuer.account(&issuer.keys[at].account_id).cloned();
    let Some(account) = account.filter(|account| account.provider == provider) else {
        return Presented::Unknown;
    };
    let accepted = issuer.keys[at].is_accepted(now) && !issuer.keys[at].has_expired(now);
    turn.who = Who::Value {
        value: value.to_owned(),
        accepted,
    };
    if !accepted {
        let key = issuer.keys[at].clone();
        return if key.is_accepted(now) {
            Presented::Expired(key)
        } else {
            Presented::Dead(key)
        };
    }
    let key = &mut issuer.keys[at];
    key.uses += 1;
    key.last_used_at = Some(now);
    let key = key.clone();
    end_predecessor(turn, &key);
    Presented::Live(key, account)
}

/// Starts the grace period that waits for the first use of `key`.
fn end_predecessor(turn: &mut Turn<'_>, key: &Issued) {
    let Some(grace) = key.first_use_grace else {
        return;
    };
    let ends = turn.call.at + grace;
    for other in turn.state.issuer.keys_with_id(&key.key_id) {
        if other.digest == key.digest {
            other.first_use_grace = None;
        } else if other.accepted_until.is_none() {
            other.accepted_until = Some(ends);
            turn.deeds.push(Deed::Ended {
                digest: other.digest,
                at: ends,
            });
        }
    }
}
