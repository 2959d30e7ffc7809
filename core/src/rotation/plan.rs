//! What will happen, decided before anything does. Pure: shown, hashed, confirmed and tested.

use sha2::{Digest, Sha256};
use std::time::Duration;

/// What a plan is for. All of them run on the same driver and journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Rotate,
    /// One more key.
    Create,
    /// An organisation at the provider, with its first key.
    SignUp,
    /// An emergency revocation, without a successor.
    Revoke,
}

impl Act {
    pub fn as_str(self) -> &'static str {
        match self {
            Act::Rotate => "rotate",
            Act::Create => "create",
            Act::SignUp => "signup",
            Act::Revoke => "revoke",
        }
    }

    pub fn parse(word: &str) -> Option<Act> {
        [Act::Rotate, Act::Create, Act::SignUp, Act::Revoke]
            .into_iter()
            .find(|act| act.as_str() == word)
    }
}

/// The steps, in the order a person would say them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Credential accepted, keychain writable, the provider's list taken as a snapshot: no effect yet.
    Check,
    Mint,
    /// In the keychain, read back equal.
    Store,
    VerifyNew,
    Copy,
    /// The key is replaced where it is used.
    Confirm,
    /// The overlap window.
    Wait,
    RevokeOld,
    ProveDead,
}

impl StepKind {
    pub const ALL: [StepKind; 9] = {
        use StepKind::*;
        [Check, Mint, Store, VerifyNew, Copy, Confirm, Wait, RevokeOld, ProveDead]
    };

    pub fn as_str(self) -> &'static str {
        match self {
            StepKind::Check => "check",
            StepKind::Mint => "mint",
            StepKind::Store => "store",
            StepKind::VerifyNew => "verify_new",
            StepKind::Copy => "copy",
            StepKind::Confirm => "confirm",
            StepKind::Wait => "wait",
            StepKind::RevokeOld => "revoke_old",
            StepKind::ProveDead => "prove_dead",
        }
    }

    pub fn parse(word: &str) -> Option<StepKind> {
        StepKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it changes something at the provider: then it is sent at most once per intent.
    pub fn mutates(self) -> bool {
        matches!(self, StepKind::Mint | StepKind::RevokeOld)
    }
}

/// Who performs a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    Api,
    Person,
    Keywheel,
}

/// One step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    pub actor: Actor,
}

/// How the end of the old key can be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Its value is held: a call with it is refused.
    Refusal,
    /// It is not: the provider's list no longer shows it.
    Unlisted,
}

impl Proof {
    pub fn as_str(self) -> &'static str {
        match self {
            Proof::Refusal => "refusal",
            Proof::Unlisted => "unlisted",
        }
    }

    pub fn parse(word: &str) -> Option<Proof> {
        [Proof::Refusal, Proof::Unlisted]
            .into_iter()
            .find(|proof| proof.as_str() == word)
    }
}

/// What decides a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    pub act: Act,
    /// Whether Keywheel holds the old value.
    pub old_held: bool,
    /// Whether the provider can tell if a value works.
    pub verifies: bool,
    /// Our own choice, from the policy.
    pub overlap: Duration,
}

/// Ordered steps, where undo ends, and what will prove the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub act: Act,
    pub steps: Vec<Step>,
    pub overlap: Duration,
    pub proof: Proof,
}

impl Plan {
    /// Decides the `overlap` strategy: both keys work until the old one is revoked.
    pub fn decide(facts: Facts) -> Plan {
        use StepKind::*;
        let mut kinds = match facts.act {
            Act::Rotate => vec![Check, Mint, Store, VerifyNew, Copy, Confirm, Wait, RevokeOld, ProveDead],
            Act::Create => vec![Check, Mint, Store, VerifyNew, Copy],
            Act::SignUp => vec![Check, Mint, Store, VerifyNew, Copy],
            Act::Revoke => vec![RevokeOld, ProveDead],
        };
        kinds.retain(|kind| match kind {
            VerifyNew => facts.verifies,
            Wait => !facts.overlap.is_zero(),
            _ => true,
        });
        let steps = kinds
            .into_iter()
            .map(|kind| Step {
                kind,
                actor: actor(kind),
            })
            .collect();
        let proof = if facts.old_held && facts.verifies {
            Proof::Refusal
        } else {
            Proof::Unlisted
        };
        Plan {
            act: facts.act,
            steps,
            overlap: facts.overlap,
            proof,
        }
    }

    /// Index of the first step that cannot be taken back.
    pub fn pivot(&self) -> Option<usize> {
        self.index(StepKind::RevokeOld)
    }

    pub fn index(&self, kind: StepKind) -> Option<usize> {
        self.steps.iter().position(|step| step.kind == kind)
    }

    /// The text that is hashed and stored: one line a fact.
    pub fn canonical(&self) -> String {
        let steps: Vec<_> = self.steps.iter().map(|step| step.kind.as_str()).collect();
        format!(
            "v1\nact={}\nsteps={}\noverlap={}\nproof={}\n",
            self.act.as_str(),
            steps.join(","),
            self.overlap.as_secs(),
            self.proof.as_str()
        )
    }

    /// Reads [`Plan::canonical`] back.
    pub fn read(text: &str) -> Option<Plan> {
        let mut lines = text.lines();
        if lines.next()? != "v1" {
            return None;
        }
        let act = Act::parse(lines.next()?.strip_prefix("act=")?)?;
        let steps = lines
            .next()?
            .strip_prefix("steps=")?
            .split(',')
            .map(StepKind::parse)
            .collect::<Option<Vec<_>>>()?;
        let overlap = Duration::from_secs(lines.next()?.strip_prefix("overlap=")?.parse().ok()?);
        let proof = Proof::parse(lines.next()?.strip_prefix("proof=")?)?;
        let steps = steps
            .into_iter()
            .map(|kind| Step {
                kind,
                actor: actor(kind),
            })
            .collect();
        Some(Plan {
            act,
            steps,
            overlap,
            proof,
        })
    }

    /// What the person confirms: the plan, for this key and this old version, and nothing else.
    pub fn hash(&self, key_id: &str, old_version_id: &str) -> String {
        let digest = Sha256::digest(format!("{}key={key_id}\nold={old_version_id}\n", self.canonical()));
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

fn actor(kind: StepKind) -> Actor {
    match kind {
        StepKind::Mint | StepKind::VerifyNew | StepKind::RevokeOld | StepKind::ProveDead => Actor::Api,
        StepKind::Confirm => Actor::Person,
        StepKind::Check | StepKind::Store | StepKind::Copy | StepKind::Wait => Actor::Keywheel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(act: Act) -> Facts {
        Facts {
            act,
            old_held: true,
            verifies: true,
            overlap: Duration::ZERO,
        }
    }

    fn words(plan: &Plan) -> String {
        plan.steps
            .iter()
            .map(|step| step.kind.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn a_rotation_asks_the_person_before_the_point_of_no_return() {
        let plan = Plan::decide(facts(Act::Rotate));
        assert_eq!(
            words(&plan),
            "check mint store verify_new copy confirm revoke_old prove_dead"
        );
        assert_eq!(plan.pivot(), plan.index(StepKind::Confirm).map(|at| at + 1));
    }

    #[test]
    fn an_overlap_of_the_policy_is_waited_out_before_the_revocation() {
        let plan = Plan::decide(Facts {
            overlap: Duration::from_secs(3600),
            ..facts(Act::Rotate)
        });
        assert_eq!(plan.index(StepKind::Wait).map(|at| at + 1), plan.pivot());
    }

    #[test]
    fn the_end_of_a_value_that_is_not_held_is_proven_by_the_list() {
        assert_eq!(
            Plan::decide(Facts {
                old_held: false,
                ..facts(Act::Rotate)
            })
            .proof,
            Proof::Unlisted
        );
        assert_eq!(Plan::decide(facts(Act::Rotate)).proof, Proof::Refusal);
    }

    #[test]
    fn creating_has_no_point_of_no_return() {
        assert_eq!(Plan::decide(facts(Act::Create)).pivot(), None);
    }

    #[test]
    fn a_plan_is_read_back_as_it_was_written_and_any_change_changes_the_hash() {
        let plan = Plan::decide(Facts {
            overlap: Duration::from_secs(60),
            ..facts(Act::Rotate)
        });
        assert_eq!(Plan::read(&plan.canonical()), Some(plan.clone()));
        let other = Plan {
            proof: Proof::Unlisted,
            ..plan.clone()
        };
        assert_ne!(plan.hash("k", "v"), other.hash("k", "v"));
        assert_ne!(plan.hash("k", "v"), plan.hash("k", "w"));
    }
}
