//! A rotation in memory: what the journal and the store would make of its rows.

use std::time::Duration;

use jiff::Timestamp;

use super::plans::Setting;
use crate::failure::{Code, Family};
use crate::model::{
    About, Account, AccountId, EnvironmentId, Fingerprint, Key, KeyId, KeyVersion, Name, OrgId, Purpose, RotationId,
    VersionId, VersionState,
};
use crate::provider::ReconcileBy;
use crate::rotation::moves::{After, Entry};
use crate::rotation::scene::{Draw, ProviderFacts, Scene};
use crate::rotation::{Act, Change, Position, Record, Rotation, Subject};

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) rotation: Rotation,
    pub(super) now: Timestamp,
    by: ReconcileBy,
}

/// Always the same: nothing that is decided may rest on it.
struct Same;

impl Draw for Same {
    fn id_parts(&self) -> (u64, [u8; 10]) {
        (7, [7; 10])
    }

    fn mint_name(&self, key_name: &str) -> String {
        key_name.to_owned()
    }
}

impl World {
    pub(super) fn new(setting: &Setting) -> World {
        let now = Timestamp::from_second(1_795_000_000).expect("a moment");
        let act = setting.plan.act;
        let key = Key {
            id: KeyId::new(1, [0; 10]),
            account_id: AccountId::new(1, [0; 10]),
            environment_id: EnvironmentId::new(1, [0; 10]),
            name: Name::new("backend").expect("a name"),
            purpose: Purpose::Service,
        };
        let version = |n, state| KeyVersion {
            state,
            ..KeyVersion::pending(VersionId::new(n, [0; 10]), key.id, now)
        };
        let old = matches!(act, Act::Rotate | Act::Revoke).then(|| KeyVersion {
            // A slot's name where there are two.
            remote_id: Some("primary".to_owned()),
            held: setting.old_held,
            fingerprint: setting.old_held.then(|| Fingerprint::stored("old".to_owned())),
            ..version(1, VersionState::Live)
        });
        let new = (act != Act::Revoke).then(|| version(2, VersionState::Pending));
        let account = Account {
            id: key.account_id,
            org_id: OrgId::new(1, [0; 10]),
            provider_id: "acme".to_owned(),
            label: Name::new("Acme").expect("a name"),
            definition: None,
            fields: Default::default(),
            scheme: "admin".to_owned(),
            base_url: None,
            management_key_id: None,
        };
        World {
            rotation: Rotation {
                id: RotationId::new(1, [0; 10]),
                plan: setting.plan.clone(),
                position: Position::START,
                subject: Subject {
                    key,
                    about: About::default(),
                    account,
                    old,
                    new,
                    bindings: setting.bindings.clone(),
                },
                inputs: Default::default(),
                mint_name: None,
                repeatable: None,
                mints: 0,
                opened_at: now,
                closed_at: None,
                driver: None,
                behind: false,
                said: None,
                records: Vec::new(),
            },
            now,
            by: setting.by,
        }
    }

    pub(super) fn scene(&self) -> Scene<'_> {
        Scene {
            rotation: &self.rotation,
            history: self.rotation.history(),
            provider: Ok(ProviderFacts {
                by: self.by,
                lag: Duration::from_secs(60),
            }),
            now: self.now,
            draw: &Same,
        }
    }

    /// Time passes.
    pub(super) fn pass(&mut self, span: Duration) {
        self.now = self.now.checked_add(span).unwrap_or(self.now);
    }

    /// Where it stands, for a message.
    pub(super) fn told(&self) -> String {
        let last: Vec<_> = self
            .rotation
            .records
            .iter()
            .rev()
            .take(6)
            .map(|record| record.event)
            .collect();
        format!(
            "{:?} of {}, after {last:?}",
            self.rotation.position,
            self.rotation.plan.canonical().replace('\n', " ")
        )
    }

    /// All that a decision can rest on, but for the time. What counts without an end counts to two.
    pub(super) fn shape(&self) -> String {
        let state = self.rotation.position.state;
        let version = |version: &Option<KeyVersion>| {
            version
                .as_ref()
                .map(|it| (it.state, it.held, it.remote_id.is_some(), it.ended_at.is_some()))
        };
        format!(
            "{} {} {:?} {:?} {:?} {} {} {}",
            self.rotation.position.cursor,
            state.as_str(),
            // Only these are told apart.
            state.code().map(|code| match code {
                Code::KeyReplacedElsewhere
                | Code::KeySuccessorUnlisted
                | Code::KeySuccessorUnusual
                | Code::ProviderNoAnswer => code.as_str(),
                code if code.family() == Family::Credential => "credential",
                _ => "",
            }),
            version(&self.rotation.subject.old),
            version(&self.rotation.subject.new),
            self.rotation.mints.min(2),
            self.rotation.repeatable.is_some(),
            self.rotation.history().shape(),
        )
    }

    pub(super) fn write(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            // Each row is a little later than the one before.
            self.pass(Duration::from_millis(1));
            let after = self.rotation.position.after(&self.rotation.plan, entry.event);
            self.rotation.position =
                after.unwrap_or_else(|_| panic!("{:?} is refused at {}", entry.event, self.told()));
            self.rotation.records.push(Record {
                seq: i64::try_from(self.rotation.records.len()).unwrap_or(i64::MAX),
                at: self.now,
                event: entry.event,
            });
            for change in entry.changes {
                self.apply(change);
            }
        }
    }

    /// A value leaves the keychain only where a call with it was refused.
    pub(super) fn see_to(&mut self, after: Option<After>) {
        let Some(After::Ended(id, proven)) = after else { return };
        let told = self.told();
        let Some(version) = self.version(id) else { return };
        assert!(
            version.ended_at.is_some(),
            "a value is seen to before its end is on record at {told}"
        );
        if proven {
            let refused = version.receipt.as_ref().is_some_and(|receipt| receipt.is_proof());
            assert!(refused, "a value goes without a refused call at {told}");
            version.held = false;
        }
    }

    fn version(&mut self, id: VersionId) -> Option<&mut KeyVersion> {
        let subject = &mut self.rotation.subject;
        [&mut subject.old, &mut subject.new]
            .into_iter()
            .flatten()
            .find(|version| version.id == id)
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::MintNamed {
                name,
                version,
                repeatable,
                ..
            } => {
                self.rotation.mint_name = Some(name);
                self.rotation.subject.new = Some(*version);
                self.rotation.repeatable = repeatable;
                self.rotation.mints += 1;
            }
            Change::NotRepeatable => self.rotation.repeatable = None,
            Change::Minted { version, remote_id, .. } => {
                if let Some(version) = self.version(version) {
                    version.remote_id = remote_id;
                }
            }
            Change::Held {
                version,
                hint,
                fingerprint,
            } => {
                if let Some(version) = self.version(version) {
                    (version.held, version.hint, version.fingerprint) = (true, Some(hint), Some(fingerprint));
                }
            }
            Change::Verdict { version, verdict } => {
                if let Some(version) = self.version(version) {
                    version.verdict = Some(verdict);
                }
            }
            Change::Promoted { new } => {
                let subject = &mut self.rotation.subject;
                for version in [&mut subject.old, &mut subject.new].into_iter().flatten() {
                    match version.id == new {
                        true => version.state = VersionState::Live,
                        false if version.state == VersionState::Live => version.state = VersionState::Retiring,
                        false => {}
                    }
                }
            }
            Change::Ended { version, at, receipt } => {
                if let Some(version) = self.version(version) {
                    version.ended_at = Some(at);
                    version.receipt = receipt;
                    version.state = VersionState::Revoked;
                }
            }
            _ => {}
        }
    }
}
