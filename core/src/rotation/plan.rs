//! What will happen, decided before anything does. Pure: shown, hashed, confirmed and tested.

mod discard;
mod kind;

use sha2::{Digest, Sha256};
use std::time::Duration;

use self::StepKind::*;
pub use self::discard::Discard;
pub use self::kind::{MOST_BINDINGS, StepKind};
use crate::model::{Binding, BindingId};
use crate::provider::{Grace, GraceStarts, Strategy};

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
    /// Neither can be asked: the provider's or the person's word is recorded, and called that.
    Word,
}

impl Proof {
    const ALL: [Proof; 3] = [Proof::Refusal, Proof::Unlisted, Proof::Word];

    pub fn as_str(self) -> &'static str {
        match self {
            Proof::Refusal => "refusal",
            Proof::Unlisted => "unlisted",
            Proof::Word => "word",
        }
    }

    pub fn parse(word: &str) -> Option<Proof> {
        Proof::ALL.into_iter().find(|proof| proof.as_str() == word)
    }
}

/// What decides a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub act: Act,
    pub strategy: Strategy,
    /// Who creates the new value: with a mint, or with a roll where the strategy replaces in place.
    pub minter: Actor,
    /// Who revokes, or would revoke a key that is not wanted.
    pub revoker: Actor,
    /// Whether Keywheel holds the old value.
    pub old_held: bool,
    /// Whether the provider can tell if a value works.
    pub verifies: bool,
    /// Whether the provider's list can show that a key is gone.
    pub lists: bool,
    /// Our own choice, from the policy; only where both keys can live at once.
    pub overlap: Duration,
    /// How long the old key has to be silent before it is revoked, from the policy; zero where its provider does not
    /// tell when it was last used. Only where both keys can live at once.
    pub quiet: Duration,
    /// The provider's; only for `roll_with_grace`.
    pub grace: Option<Grace>,
    /// Where the key is used; at most [`MOST_BINDINGS`].
    pub bindings: Vec<Binding>,
}

/// Ordered steps, where undo ends, and what will prove the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub act: Act,
    pub strategy: Strategy,
    pub steps: Vec<Step>,
    pub overlap: Duration,
    /// Zero: nobody asks whether the old key is in use.
    pub quiet: Duration,
    pub grace: Option<Grace>,
    pub proof: Proof,
    pub discard: Discard,
    /// Where the key is used, as it was when the plan was made; a step *Deploy* names one by its number.
    pub bindings: Vec<BindingId>,
}

impl Plan {
    /// Decides what is done, in which order and by whom.
    pub fn decide(facts: Facts) -> Plan {
        let grace = facts.grace.filter(|_| facts.strategy == Strategy::RollWithGrace);
        let overlap = match facts.strategy {
            Strategy::Overlap | Strategy::TwoSlot => facts.overlap,
            Strategy::Roll | Strategy::RollWithGrace | Strategy::ReplaceFirst => Duration::ZERO,
        };
        // An emergency revocation asks for nothing.
        let quiet = match (facts.act, facts.strategy) {
            (Act::Rotate, Strategy::Overlap | Strategy::TwoSlot) => facts.quiet,
            _ => Duration::ZERO,
        };
        let bindings = match facts.act {
            Act::Rotate => facts.bindings,
            Act::Create | Act::SignUp | Act::Revoke => Vec::new(),
        };
        let written = |binding: &Binding| binding.target.is_written();
        // Where everything is seen to be in use, nobody has to say so; where everything is written, nothing is copied.
        let confirmed = !bindings.is_empty() && bindings.iter().all(|binding| binding.target.confirms_itself());
        let copied = bindings.is_empty() || !bindings.iter().all(written);
        let mut kinds = match facts.act {
            Act::Rotate => rotation(facts.strategy, grace),
            Act::Create | Act::SignUp => CREATION,
            Act::Revoke => &[RevokeOld, ProveDead],
        }
        .to_vec();
        let deploys = bindings.iter().enumerate().filter(|(_, binding)| written(binding));
        let deploys = deploys.filter_map(|(n, _)| u8::try_from(n).ok().map(Deploy));
        if let Some(at) = kinds.iter().position(|kind| *kind == Confirm) {
            kinds.splice(at..at, deploys);
        }
        kinds.retain(|kind| match kind {
            VerifyNew => facts.verifies,
            Copy => copied,
            Confirm => !confirmed,
            Wait => grace.is_some() || !overlap.is_zero(),
            _ => true,
        });
        let steps = kinds.into_iter().map(|kind| Step {
            kind,
            actor: match kind {
                Mint => facts.minter,
                RevokeOld => facts.revoker,
                VerifyNew | ProveDead => Actor::Api,
                Confirm => Actor::Person,
                Check | Store | Copy | Deploy(_) | Wait => Actor::Keywheel,
            },
        });
        // In place, the list goes on showing the key: only its value has changed.
        let leaves_the_list =
            facts.act == Act::Revoke || matches!(facts.strategy, Strategy::Overlap | Strategy::ReplaceFirst);
        let proof = match (facts.old_held && facts.verifies, facts.lists && leaves_the_list) {
            (true, _) => Proof::Refusal,
            (false, true) => Proof::Unlisted,
            (false, false) => Proof::Word,
        };
        Plan {
            act: facts.act,
            strategy: facts.strategy,
            steps: steps.collect(),
            overlap,
            quiet,
            grace,
            proof,
            discard: Discard::decide(facts.act, facts.strategy, facts.revoker),
            bindings: bindings.iter().map(|binding| binding.id).collect(),
        }
    }

    /// Whether one more key lives beside those of the account until the old one goes.
    pub fn adds_a_key(&self) -> bool {
        match self.act {
            Act::Rotate => self.strategy == Strategy::Overlap,
            Act::Create | Act::SignUp => true,
            Act::Revoke => false,
        }
    }

    /// Index of the first step that cannot be taken back.
    pub fn pivot(&self) -> Option<usize> {
        match self.act {
            Act::Rotate if self.rolls() => self.index(Mint),
            Act::Rotate | Act::Revoke => self.index(RevokeOld),
            Act::Create | Act::SignUp => None,
        }
    }

    /// Whether the old key is revoked only when its provider has not seen it in use for a while.
    pub fn listens(&self) -> bool {
        !self.quiet.is_zero()
    }

    /// Whether the new value takes the place of the old one in the same key at the provider.
    pub fn rolls(&self) -> bool {
        self.act == Act::Rotate && matches!(self.strategy, Strategy::Roll | Strategy::RollWithGrace)
    }

    /// Whether the old key is revoked before there is a new one.
    pub fn revokes_first(&self) -> bool {
        let revoked = self.index(RevokeOld);
        revoked.is_some() && revoked < self.index(Mint)
    }

    /// Whether nothing works between the end of the old key and the person's replacement of it.
    pub fn has_outage(&self) -> bool {
        self.act == Act::Rotate && matches!(self.strategy, Strategy::Roll | Strategy::ReplaceFirst)
    }

    pub fn index(&self, kind: StepKind) -> Option<usize> {
        self.steps.iter().position(|step| step.kind == kind)
    }

    /// Who performs a step; none where the plan has no such step.
    pub fn actor(&self, kind: StepKind) -> Option<Actor> {
        self.index(kind).map(|at| self.steps[at].actor)
    }

    /// Whether the step is a request of ours that changes something: sent at most once per intent.
    pub fn sends(&self, kind: StepKind) -> bool {
        kind.mutates() && self.actor(kind) != Some(Actor::Person)
    }

    /// How many calls its steps make after the check, where none has to be repeated.
    pub fn calls(&self) -> usize {
        let asks = |step: &&Step| match step.kind {
            StepKind::VerifyNew => true,
            StepKind::ProveDead => self.proof == Proof::Refusal,
            StepKind::Mint | StepKind::RevokeOld => step.actor == Actor::Api,
            StepKind::Check
            | StepKind::Store
            | StepKind::Copy
            | StepKind::Deploy(_)
            | StepKind::Confirm
            | StepKind::Wait => false,
        };
        self.steps.iter().filter(asks).count()
    }

    /// The text that is hashed and stored: one line a fact.
    pub fn canonical(&self) -> String {
        let word = |step: &Step| match (step.kind.mutates(), step.actor) {
            (true, Actor::Person) => format!("{}@person", step.kind.as_str()),
            _ => step.kind.as_str().to_owned(),
        };
        let steps: Vec<_> = self.steps.iter().map(word).collect();
        let grace = self.grace.map_or("none".to_owned(), |grace| {
            format!("{} {}", grace.starts.as_str(), grace.span.as_secs())
        });
        let bindings: Vec<_> = self.bindings.iter().map(ToString::to_string).collect();
        let bindings = match bindings.is_empty() {
            true => String::new(),
            false => format!("bindings={}\n", bindings.join(",")),
        };
        let quiet = match self.quiet.is_zero() {
            true => String::new(),
            false => format!("quiet={}\n", self.quiet.as_secs()),
        };
        format!(
            "v1\nact={}\nstrategy={}\nsteps={}\noverlap={}\ngrace={grace}\nproof={}\ndiscard={}\n{bindings}{quiet}",
            self.act.as_str(),
            self.strategy.as_str(),
            steps.join(","),
            self.overlap.as_secs(),
            self.proof.as_str(),
            self.discard.as_str()
        )
    }

    /// Reads [`Plan::canonical`] back.
    pub fn read(text: &str) -> Option<Plan> {
        let mut lines = text.lines();
        if lines.next()? != "v1" {
            return None;
        }
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix('=');
        let act = Act::parse(value("act")?)?;
        let strategy = Strategy::parse(value("strategy")?)?;
        let steps = value("steps")?.split(',').map(Step::read).collect::<Option<Vec<_>>>()?;
        let overlap = Duration::from_secs(value("overlap")?.parse().ok()?);
        let grace = match value("grace")? {
            "none" => None,
            grace => {
                let (starts, seconds) = grace.split_once(' ')?;
                Some(Grace {
                    span: Duration::from_secs(seconds.parse().ok()?),
                    starts: GraceStarts::parse(starts)?,
                })
            }
        };
        let proof = Proof::parse(value("proof")?)?;
        // A plan of an earlier version does not say it: there whoever minted a key took it back.
        let minter = steps
            .iter()
            .find(|step| step.kind == Mint)
            .map_or(Actor::Api, |step| step.actor);
        let mut discard = Discard::decide(act, strategy, minter);
        let (mut bindings, mut quiet) = (Vec::new(), Duration::ZERO);
        for line in lines {
            match line.split_once('=')? {
                ("bindings", ids) => bindings = ids.split(',').map(BindingId::parse).collect::<Option<Vec<_>>>()?,
                ("discard", word) => discard = Discard::parse(word)?,
                ("quiet", seconds) => quiet = Duration::from_secs(seconds.parse().ok()?),
                _ => return None,
            }
        }
        Some(Plan {
            act,
            strategy,
            steps,
            overlap,
            quiet,
            grace,
            proof,
            discard,
            bindings,
        })
    }

    /// What the person confirms: the plan, for this key and this old version, and nothing else.
    pub fn hash(&self, key_id: &str, old_version_id: &str) -> String {
        let digest = Sha256::digest(format!("{}key={key_id}\nold={old_version_id}\n", self.canonical()));
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Step {
    fn read(word: &str) -> Option<Step> {
        let (kind, person) = match word.split_once('@') {
            Some((kind, "person")) => (kind, true),
            Some(_) => return None,
            None => (word, false),
        };
        let kind = StepKind::parse(kind)?;
        let actor = match kind {
            Mint | RevokeOld if person => Actor::Person,
            _ if person => return None,
            Mint | VerifyNew | RevokeOld | ProveDead => Actor::Api,
            Confirm => Actor::Person,
            Check | Store | Copy | Deploy(_) | Wait => Actor::Keywheel,
        };
        Some(Step { kind, actor })
    }
}

const CREATION: &[StepKind] = &[Check, Mint, Store, VerifyNew, Copy];

/// The steps of a rotation. `Mint` stands for a roll where the strategy replaces in place.
fn rotation(strategy: Strategy, grace: Option<Grace>) -> &'static [StepKind] {
    match (strategy, grace.map(|grace| grace.starts)) {
        (Strategy::Overlap | Strategy::TwoSlot, _) => {
            &[Check, Mint, Store, VerifyNew, Copy, Confirm, Wait, RevokeOld, ProveDead]
        }
        (Strategy::Roll, _) => &[Check, Mint, Store, VerifyNew, Copy, Confirm, ProveDead],
        // The first call with the new value starts the clock of the old one: it is ours, and comes last.
        (Strategy::RollWithGrace, Some(GraceStarts::FirstUse)) => {
            &[Check, Mint, Store, Copy, Confirm, VerifyNew, Wait, ProveDead]
        }
        (Strategy::RollWithGrace, _) => &[Check, Mint, Store, VerifyNew, Copy, Confirm, Wait, ProveDead],
        (Strategy::ReplaceFirst, _) => &[Check, RevokeOld, Mint, Store, VerifyNew, Copy, Confirm, ProveDead],
    }
}

#[cfg(test)]
mod tests;
