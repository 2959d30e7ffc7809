//! What the list may show right before the old key goes.

use std::time::Duration;

use jiff::Timestamp;

use crate::failure::{Code, Failure};
use crate::rotation::Heard;
use crate::rotation::listed::Look;

/// One of nine.
pub(super) fn looked(choice: usize, now: Timestamp) -> Result<Look, Failure> {
    let id = |failure| Look {
        id: Err(failure),
        ..Look::NOTHING
    };
    let used = Heard::Used {
        left: Duration::from_secs(900),
        ours: false,
    };
    match choice {
        0 => Ok(Look::NOTHING),
        1 => Ok(Look {
            has_rival: true,
            ..Look::NOTHING
        }),
        2 => Err(Failure::new(Code::CredentialRefused)),
        3 => Err(Failure::new(Code::ProviderUnreachable)),
        4 => Ok(id(Failure::new(Code::KeyIdAnothers))),
        5 => Ok(id(Failure::new(Code::ProviderKeyGone))),
        6 => Ok(Look {
            used: Some((now, used)),
            ..Look::NOTHING
        }),
        7 => Ok(Look {
            came_late: true,
            ..Look::NOTHING
        }),
        _ => Ok(id(
            Failure::new(Code::ProviderUndetermined).retry_at(now + Duration::from_secs(60))
        )),
    }
}
