//! The answers that each deed can have: as it should be, put off, refused, lost, or well formed and not so.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use super::kind::Kind;
use super::looked::looked;
use crate::clock::Steady;
use crate::failure::{Code, Failure};
use crate::model::{Answer, Fingerprint, Hint, Receipt, RemoteKey, Secret, Standing, Verdict, VersionId};
use crate::rotation::gone::Gone;
use crate::rotation::moves::{Deed, Deleted, Found, Old, Ours, Prepared, Repeated, Seen, Stored};
use crate::rotation::prove::Ended;
use crate::rotation::scene::Scene;
use crate::rotation::serves::{NotShown, Serves};
use crate::rotation::{Change, Heard, Reading, SentMint};

/// Who answers.
pub(super) struct Answers {
    /// Which answer each question of this turn gets; after that, the first.
    script: Vec<usize>,
    /// How many there were for each.
    of: Vec<usize>,
    /// Kinds of questions that always get the same.
    always: BTreeMap<Kind, usize>,
    asked: BTreeSet<Kind>,
}

impl Answers {
    pub(super) fn scripted(script: Vec<usize>) -> Answers {
        Answers {
            script,
            of: Vec::new(),
            always: BTreeMap::new(),
            asked: BTreeSet::new(),
        }
    }

    /// All is as it should be.
    pub(super) fn honest() -> Answers {
        Answers::scripted(Vec::new())
    }

    /// These kinds of questions always get that answer.
    pub(super) fn stubborn(lies: &[(Kind, usize)]) -> Answers {
        Answers {
            always: lies.iter().copied().collect(),
            ..Answers::honest()
        }
    }

    /// What was asked.
    pub(super) fn asked(self) -> BTreeSet<Kind> {
        self.asked
    }

    /// What never changes, for a message.
    pub(super) fn told(&self) -> String {
        format!("{:?} for ever", self.always)
    }

    /// The next choice of answers; none when all were made.
    pub(super) fn next_script(&self) -> Option<Vec<usize>> {
        let mut script: Vec<usize> = (0..self.of.len())
            .map(|n| self.script.get(n).copied().unwrap_or_default())
            .collect();
        while let Some(last) = script.pop() {
            if last + 1 < self.of[script.len()] {
                script.push(last + 1);
                return Some(script);
            }
        }
        None
    }

    /// Answers a deed.
    pub(super) fn to(&mut self, scene: &Scene<'_>, deed: Deed) -> Seen {
        let kind = Kind::of(&deed);
        self.asked.insert(kind);
        let choice = match self.always.get(&kind) {
            Some(choice) => *choice,
            None => self.script.get(self.of.len()).copied().unwrap_or_default(),
        };
        self.of.push(kind.answers());
        answer(scene, deed, choice)
    }
}

fn verdict(answer: Answer, at: Timestamp) -> Verdict {
    Verdict {
        status: Some(if answer == Answer::Live { 200 } else { 401 }),
        ..Verdict::new(answer, at)
    }
}

fn later(at: Timestamp) -> Timestamp {
    at + Duration::from_secs(600)
}

fn held(version: VersionId) -> Change {
    Change::Held {
        version,
        hint: Hint::of(&Secret::new("sk_0123456789abcdef0123456789".to_owned())),
        fingerprint: Fingerprint::stored("new".to_owned()),
    }
}

fn minted(version: VersionId, remote_id: Option<&str>) -> Change {
    Change::Minted {
        version,
        remote_id: remote_id.map(str::to_owned),
        created_at: None,
        expires_at: None,
    }
}

fn key(id: &str) -> RemoteKey {
    RemoteKey {
        remote_id: id.to_owned(),
        ..RemoteKey::default()
    }
}

/// Whether another value serves, about the old key or the new one.
fn serves(scene: &Scene<'_>, version: Option<VersionId>, choice: usize) -> Result<Serves, NotShown> {
    let told = |answer| {
        let verdict = verdict(answer, scene.now);
        version
            .map(|version| Change::Verdict { version, verdict })
            .into_iter()
            .collect::<Vec<_>>()
    };
    let not = |code, told| {
        let failure = Failure::new(code);
        Err(NotShown { failure, told })
    };
    match choice {
        0 => Ok(Serves::as_told(told(Answer::Live))),
        1 => Ok(Serves::as_told(vec![])),
        2 => not(Code::KeySuccessorRefused, told(Answer::Dead)),
        3 => not(Code::ProviderUndetermined, vec![]),
        4 => not(Code::KeychainMissing, vec![]),
        5 => not(Code::KeySuccessorUnlisted, vec![]),
        6 => Err(NotShown {
            failure: Failure::new(Code::ProviderRateLimited).retry_at(later(scene.now)),
            told: vec![],
        }),
        _ => not(Code::KeySuccessorUnusual, vec![]),
    }
}

fn reading(at: Timestamp, up: u64) -> Reading {
    Reading {
        steady: Steady {
            boot: "1".to_owned(),
            up: Duration::from_secs(up),
        },
        here: at,
        provider_at: None,
    }
}

fn answer(scene: &Scene<'_>, deed: Deed, choice: usize) -> Seen {
    let new = scene.rotation.subject.new.as_ref().map(|new| new.id);
    let old = scene.rotation.subject.old.as_ref().map(|old| old.id);
    let now = scene.now;
    let version = || new.expect("a new version");
    let failed = Failure::new;
    let late = |code| Failure::new(code).retry_at(later(now));
    match deed {
        Deed::Check => Seen::Checked(match choice {
            0 => Ok(vec!["primary".to_owned()]),
            1 => Err(failed(Code::CredentialRefused)),
            2 => Err(failed(Code::ProviderUnreachable)),
            _ => Err(late(Code::ProviderRateLimited)),
        }),
        Deed::Prepare(prepared) => Seen::Prepared(Box::new(Prepared {
            lost: match choice {
                1 => Ok(3),
                2 => Err(failed(Code::StoreBusy)),
                _ => Ok(0),
            },
            repeatable: (choice == 3).then(|| SentMint {
                request: "POST".to_owned(),
                steady: reading(now, 0).steady,
            }),
            ..*prepared
        })),
        Deed::Mint(prepared) => {
            let id = prepared.version.id;
            let answer = match choice {
                0 => Ok(vec![minted(id, Some("new")), held(id)]),
                1 => Ok(vec![minted(id, Some("new"))]),
                2 => Ok(vec![minted(id, None), held(id)]),
                3 => Err(failed(Code::ProviderRefused)),
                4 => Err(late(Code::ProviderRateLimited)),
                5 => Err(Failure::unknown(Code::ProviderNoAnswer)),
                _ => Err(Failure::unknown(Code::ProviderUnexpected)),
            };
            Seen::Minted {
                name: prepared.name,
                answer,
            }
        }
        Deed::LookForPasted => Seen::Pasted(match choice {
            0 => None,
            _ => Some(vec![minted(version(), Some("new")), held(version())]),
        }),
        Deed::Store => Seen::Stored(Stored {
            held: vec![],
            refused: (choice == 3).then(|| failed(Code::KeychainLocked)),
            read: match choice {
                0 => Ok(Some(vec![held(version())])),
                1 | 3 => Ok(None),
                _ => Err(failed(Code::KeychainTooLong)),
            },
        }),
        Deed::CallNew => Seen::NewCalled(
            match choice {
                // The slot that was filled may have been the one in use.
                0 | 8 => Ok(Some(verdict(Answer::Live, now))),
                1 => Ok(Some(verdict(Answer::Dead, now))),
                2 => Ok(Some(verdict(Answer::Undetermined, now))),
                3 => Ok(Some(Verdict {
                    standing: Some(Standing::RateLimited),
                    status: None,
                    retry_at: Some(later(now)),
                    ..Verdict::new(Answer::Undetermined, now)
                })),
                4 => Ok(None),
                5 => Err(failed(Code::ProviderUnreachable)),
                6 => Err(failed(Code::KeychainLocked)),
                _ => Err(late(Code::ProviderRateLimited)),
            },
            (choice == 8).then(|| verdict(Answer::Dead, now)),
        ),
        Deed::Copy => Seen::Copied(match choice {
            0 => Ok(()),
            _ => Err(failed(Code::ClipboardUnavailable)),
        }),
        Deed::Deploy(n) => Seen::Deployed(n, written(choice)),
        Deed::PutBack(n) => Seen::PutBack(n, written(choice)),
        Deed::ReadClocks => Seen::Clocks(
            vec![reading(now, 0)],
            reading(now, if choice == 0 { 86_400 } else { 1 }),
        ),
        Deed::ReadSteady => Seen::Steady(
            vec![reading(now, 0)],
            reading(now, if choice == 0 { 86_400 } else { 1 }),
        ),
        Deed::LookAtTargets => Seen::Targets(match choice {
            0 => Ok(()),
            1 => Err(failed(Code::TargetDrifted)),
            2 => Err(failed(Code::KeychainTooLong)),
            _ => Err(Failure::unknown(Code::TargetTooLong)),
        }),
        Deed::AskLastUse => Seen::LastUse(match choice {
            0 => Ok((None, Heard::Silent)),
            1 => Ok((None, Heard::Dead)),
            2 | 3 => {
                let (left, ours) = (Duration::from_secs(900), choice == 3);
                Ok((Some(now), Heard::Used { left, ours }))
            }
            4 => Err(failed(Code::CredentialRefused)),
            5 => Err(failed(Code::KeyUseUnknown)),
            _ => Err(late(Code::ProviderRateLimited)),
        }),
        Deed::LookAtList => Seen::Looked(Box::new(looked(choice, now))),
        Deed::AskSuccessor => Seen::Successor(serves(scene, new, choice)),
        Deed::AskPredecessor => Seen::Predecessor(serves(scene, old, choice)),
        Deed::Revoke(_) => Seen::Revoked(match choice {
            0 => Ok(()),
            1 => Err(failed(Code::ProviderKeyGone)),
            2 => Err(failed(Code::ProviderRefused)),
            3 => Err(failed(Code::ProviderUnreachable)),
            _ => Err(Failure::unknown(Code::ProviderNoAnswer)),
        }),
        Deed::RevokeAgain(_, still) => Seen::RevokedAgain(still),
        Deed::ProveEnded { looks } => {
            let ended = |shown, is_there| {
                Ok(Ended {
                    shown,
                    told: vec![],
                    is_there,
                })
            };
            Seen::Ended(match choice {
                0 => ended(Ok(Receipt::Refused { at: now, status: 401 }), false),
                1 => ended(Ok(Receipt::Unlisted { at: now }), false),
                2 => ended(Ok(Receipt::Word { at: now }), false),
                3 => ended(Err(Code::KeyStillAccepted), looks),
                4 => ended(Err(Code::KeyStillListed), false),
                _ => Err(failed(Code::ProviderUndetermined)),
            })
        }
        Deed::LookForValue => Seen::Value(match choice {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(failed(Code::KeychainLocked)),
        }),
        Deed::LookAtRepeat => Seen::Repeatable(match choice {
            0 => Ok(true),
            1 => Ok(false),
            _ => Err(failed(Code::CredentialMissing)),
        }),
        Deed::Repeat => Seen::Repeated(match choice {
            0 => Ok(Repeated::Given(vec![minted(version(), Some("new")), held(version())])),
            1 => Ok(Repeated::Lost(key("new"))),
            2 => Ok(Repeated::InProgress),
            3 => Err(failed(Code::ProviderUnreachable)),
            _ => Err(Failure::unknown(Code::ProviderUnexpected)),
        }),
        Deed::Search { is_stored: true } => Seen::Found(match choice {
            0 => Ok(Found::Held(vec![minted(version(), Some("new")), held(version())])),
            _ => Err(failed(Code::ProviderUnreachable)),
        }),
        Deed::Search { is_stored: false } => Seen::Found(match choice {
            0 => Ok(Found::Listed(vec![])),
            1 => Ok(Found::Listed(vec![key("new")])),
            2 => Ok(Found::Listed(vec![key("new"), key("another")])),
            3 => Ok(Found::Nowhere),
            4 => Ok(Found::Lacking),
            _ => Err(failed(Code::CredentialRefused)),
        }),
        Deed::AskOld => {
            let told = |answer| Some(verdict(answer, now));
            let (verdict, listed) = match choice {
                0 => (told(Answer::Dead), None),
                1 => (told(Answer::Live), Some(Ok(true))),
                2 => (told(Answer::Live), None),
                3 => (told(Answer::Live), Some(Ok(false))),
                4 => (None, Some(Ok(true))),
                5 => (None, Some(Ok(false))),
                6 => (told(Answer::Undetermined), Some(Ok(true))),
                _ => (None, Some(Err(failed(Code::ProviderUnreachable)))),
            };
            Seen::Old(Old {
                verdict,
                listed,
                is_controlled: choice.is_multiple_of(2),
            })
        }
        Deed::Identify(_) => Seen::Identified(match choice {
            0 => Ok(Ours::Yes),
            1 => Ok(Ours::No),
            2 => Ok(Ours::Gone),
            _ => Err(failed(Code::ProviderUnreachable)),
        }),
        Deed::Discard(id) | Deed::AskDiscarded(id) => Seen::Discarded(
            id,
            match choice {
                0 => Ok(Gone::Refused(Receipt::Refused { at: now, status: 401 })),
                1 => Ok(Gone::Told(Receipt::Unlisted { at: now })),
                2 => Err(failed(Code::KeyStillAccepted)),
                3 => Err(failed(Code::ProviderRefused)),
                4 => Err(failed(Code::CredentialRefused)),
                _ => Err(Failure::unknown(Code::ProviderNoAnswer)),
            },
        ),
        Deed::AskDeleted => {
            let told = |answer| Some(verdict(answer, now));
            let (verdict, listed) = match choice {
                0 => (told(Answer::Dead), Ok(false)),
                1 => (told(Answer::Live), Ok(false)),
                2 => (told(Answer::Undetermined), Ok(false)),
                3 => (None, Ok(false)),
                4 => (None, Ok(true)),
                _ => (None, Err(failed(Code::ProviderUnreachable))),
            };
            Seen::Deleted(Deleted {
                verdict,
                listed,
                is_controlled: true,
            })
        }
    }
}

fn written(choice: usize) -> Result<Option<Change>, Failure> {
    match choice {
        0 | 1 => Ok(None),
        2 => Err(Failure::new(Code::TargetDrifted)),
        _ => Err(Failure::new(Code::TargetFailed)),
    }
}
