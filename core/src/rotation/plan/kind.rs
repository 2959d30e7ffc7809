//! The kinds of steps, and their stable words.

use self::StepKind::*;

/// The steps, in the order a person would say them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// Credential accepted, keychain writable, the provider's list taken as a snapshot: no effect yet.
    Check,
    Mint,
    /// In the keychain, read back equal.
    Store,
    VerifyNew,
    Copy,
    /// Written to the target with this number in the plan, and seen there.
    Deploy(u8),
    /// The key is replaced where it is used, and a person says so.
    Confirm,
    /// The overlap window.
    Wait,
    RevokeOld,
    ProveDead,
}

impl StepKind {
    /// Every step that a plan can have.
    pub fn all() -> impl Iterator<Item = StepKind> {
        let deploys = (0..DEPLOYS.len()).filter_map(|n| u8::try_from(n).ok().map(Deploy));
        [Check, Mint, Store, VerifyNew, Copy, Confirm, Wait, RevokeOld, ProveDead]
            .into_iter()
            .chain(deploys)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            StepKind::Check => "check",
            StepKind::Mint => "mint",
            StepKind::Store => "store",
            StepKind::VerifyNew => "verify_new",
            StepKind::Copy => "copy",
            StepKind::Deploy(n) => DEPLOYS.get(usize::from(n)).copied().unwrap_or("deploy"),
            StepKind::Confirm => "confirm",
            StepKind::Wait => "wait",
            StepKind::RevokeOld => "revoke_old",
            StepKind::ProveDead => "prove_dead",
        }
    }

    pub fn parse(word: &str) -> Option<StepKind> {
        StepKind::all().find(|kind| kind.as_str() == word)
    }

    /// Whether it changes something at the provider, whoever does it.
    pub fn mutates(self) -> bool {
        matches!(self, StepKind::Mint | StepKind::RevokeOld)
    }
}

/// Targets of one key.
pub const MOST_BINDINGS: usize = DEPLOYS.len();

const DEPLOYS: [&str; 16] = [
    "deploy_1",
    "deploy_2",
    "deploy_3",
    "deploy_4",
    "deploy_5",
    "deploy_6",
    "deploy_7",
    "deploy_8",
    "deploy_9",
    "deploy_10",
    "deploy_11",
    "deploy_12",
    "deploy_13",
    "deploy_14",
    "deploy_15",
    "deploy_16",
];
