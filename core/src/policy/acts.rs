//! What can be done with a key now, and if not, why.

use crate::failure::Code;
use crate::model::{KeyVersion, Purpose, VersionState};
use crate::vault::VaultState;

/// One entry an act: `Ok` when it can be done, else the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acts {
    pub copy: Result<(), Code>,
    pub verify: Result<(), Code>,
    pub rotate: Result<(), Code>,
    pub revoke: Result<(), Code>,
    /// Paste the value of a key that is not held.
    pub hold: Result<(), Code>,
}

/// What can be done with keys of an account at all, by the provider's API or by a person on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    pub create: bool,
    pub rotate: bool,
    pub revoke: bool,
    /// The provider can tell whether a value works.
    pub verify: bool,
}

/// Decides for one key. `ways` is none where there is no definition for its provider.
pub fn acts(
    purpose: Purpose,
    version: Option<&KeyVersion>,
    rotating: bool,
    ways: Option<Ways>,
    keychain: VaultState,
) -> Acts {
    let Some(version) = version else {
        let ended = Err(Code::KeyEnded);
        return Acts {
            copy: ended,
            verify: ended,
            rotate: ended,
            revoke: ended,
            hold: ended,
        };
    };
    let alive = match version.state {
        VersionState::Pending | VersionState::Live | VersionState::Retiring => Ok(()),
        VersionState::Revoked | VersionState::Compromised => Err(Code::KeyEnded),
    };
    let unlocked = keychain.failure().map_or(Ok(()), |failure| Err(failure.code));
    let held = if version.held { Ok(()) } else { Err(Code::KeyNotHeld) };
    let idle = if rotating { Err(Code::KeyBusy) } else { Ok(()) };
    let service = match purpose {
        Purpose::Service => Ok(()),
        Purpose::Management | Purpose::Webhook => Err(Code::KeyManagedByHand),
    };
    let can = |has: fn(&Ways) -> bool| match ways {
        Some(ways) if has(&ways) => Ok(()),
        Some(_) => Err(Code::ProviderNotAble),
        None => Err(Code::ProviderUnknown),
    };
    let copy = held.and(unlocked);
    Acts {
        // An ended value that is still held may be looked at: it is the person's own.
        copy,
        verify: alive.and(service).and(held).and(can(|ways| ways.verify)).and(unlocked),
        rotate: alive.and(service).and(idle).and(can(|ways| ways.rotate)).and(unlocked),
        revoke: alive.and(service).and(idle).and(can(|ways| ways.revoke)).and(unlocked),
        hold: alive
            .and(if version.held { Err(Code::KeyHeld) } else { Ok(()) })
            .and(unlocked),
    }
}
