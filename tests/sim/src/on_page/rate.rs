//! On-Page's rate limits for reading: fixed windows of a minute, for each key and each organisation (/docs/rate-limits).

use crate::account::Account;
use crate::exchange::Turn;
use crate::issuer::Issued;
use crate::reply::Reply;

const WINDOW: i64 = 60;
const PER_KEY: u32 = 120;
const PER_ORG: u32 = 360;

/// Where a request stands in its window: the key's, or the organisation's where that is the tighter one.
pub(super) struct Rate {
    limit: u32,
    /// Requests in the window, this one included.
    count: u32,
    /// The end of the window, in seconds since 1970 (form unconfirmed).
    reset: i64,
    now: i64,
}

/// Counts a request; one that is refused counts as well.
pub(super) fn count(turn: &mut Turn<'_>, key: &Issued, account: &Account) -> Rate {
    let now = turn.call.at.as_second();
    let window = now.div_euclid(WINDOW);
    let mut enter = |who: String, limit: u32| {
        let entry = turn.state.issuer.windows.entry(who).or_insert((window, 0));
        if entry.0 != window {
            *entry = (window, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        Rate {
            limit,
            count: entry.1,
            reset: (window + 1) * WINDOW,
            now,
        }
    };
    let of_key = enter(key.key_id.clone(), PER_KEY);
    let of_org = enter(account.id.clone(), PER_ORG);
    if of_org.remaining() < of_key.remaining() || (of_org.is_exceeded() && !of_key.is_exceeded()) {
        of_org
    } else {
        of_key
    }
}

impl Rate {
    /// Whether the request is one too many.
    pub(super) fn is_exceeded(&self) -> bool {
        self.count > self.limit
    }

    /// Writes the headers of every authenticated answer, and `Retry-After` on a 429.
    pub(super) fn stamp(&self, reply: Reply) -> Reply {
        let reply = reply
            .header("x-ratelimit-limit", self.limit.to_string())
            .header("x-ratelimit-remaining", self.remaining().to_string())
            .header("x-ratelimit-reset", self.reset.to_string());
        if self.is_exceeded() {
            reply.header("retry-after", (self.reset - self.now).to_string())
        } else {
            reply
        }
    }

    fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.count)
    }
}
