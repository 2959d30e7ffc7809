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

/// Every code that can be in the way of an act.
pub const REASONS: &[Code] = &[
    Code::KeyBusy,
    Code::KeyEnded,
    Code::KeyHeld,
    Code::KeyManagedByHand,
    Code::KeyNotHeld,
    Code::KeychainAsksEach,
    Code::KeychainDismissed,
    Code::KeychainFailed,
    Code::KeychainLocked,
    Code::KeychainNoDefault,
    Code::KeychainNoService,
    Code::KeychainTooLong,
    Code::ProviderNoCall,
    Code::ProviderNotAble,
    Code::ProviderUnknown,
];

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
    let verifies = match ways {
        Some(ways) if !ways.verify => Err(Code::ProviderNoCall),
        _ => can(|ways| ways.verify),
    };
    let copy = held.and(unlocked);
    Acts {
        // An ended value that is still held may be looked at: it is the person's own.
        copy,
        verify: alive.and(service).and(held).and(verifies).and(unlocked),
        rotate: alive.and(service).and(idle).and(can(|ways| ways.rotate)).and(unlocked),
        revoke: alive.and(service).and(idle).and(can(|ways| ways.revoke)).and(unlocked),
        hold: alive
            .and(if version.held { Err(Code::KeyHeld) } else { Ok(()) })
            .and(unlocked),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::{KeyId, VersionId};

    const KEYCHAINS: [VaultState; 8] = [
        VaultState::Ready,
        VaultState::Locked,
        VaultState::AsksEach,
        VaultState::Dismissed,
        VaultState::NoService,
        VaultState::NoDefaultCollection,
        VaultState::TooLong,
        VaultState::Failed,
    ];

    #[test]
    fn whatever_is_in_the_way_has_its_words() {
        let able = |able| Ways {
            create: able,
            rotate: able,
            revoke: able,
            verify: able,
        };
        let version = |state, held| KeyVersion {
            state,
            held,
            ..KeyVersion::pending(
                VersionId::new(0, [0; 10]),
                KeyId::new(0, [0; 10]),
                Timestamp::UNIX_EPOCH,
            )
        };
        let versions = [
            None,
            Some(version(VersionState::Live, true)),
            Some(version(VersionState::Live, false)),
            Some(version(VersionState::Revoked, false)),
        ];
        let mut met = Vec::new();
        for keychain in KEYCHAINS {
            for version in &versions {
                for ways in [None, Some(able(false)), Some(able(true))] {
                    for purpose in [Purpose::Service, Purpose::Management] {
                        for rotating in [false, true] {
                            let acts = acts(purpose, version.as_ref(), rotating, ways, keychain);
                            let all = [acts.copy, acts.verify, acts.rotate, acts.revoke, acts.hold];
                            met.extend(all.into_iter().filter_map(Result::err));
                        }
                    }
                }
            }
        }
        assert!(met.iter().all(|code| REASONS.contains(code)), "{met:?}");
        let never = REASONS.iter().filter(|code| !met.contains(code));
        assert_eq!(never.collect::<Vec<_>>(), Vec::<&Code>::new(), "words for nothing");
    }
}
