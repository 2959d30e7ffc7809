//! Kinds of deeds, by what can be answered.

use crate::rotation::moves::Deed;

/// What kind a deed is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Check,
    Prepare,
    Mint,
    Pasted,
    Store,
    Call,
    Copy,
    Write,
    Clocks,
    Targets,
    LastUse,
    Looked,
    Successor,
    Revoke,
    RevokeAgain,
    Prove,
    Value,
    LookAtRepeat,
    Repeat,
    Search,
    SearchStored,
    Old,
    Predecessor,
    Identify,
    Discard,
    Deleted,
}

impl Kind {
    /// How many answers it has; the first is as it should be.
    pub(super) fn answers(self) -> usize {
        match self {
            Kind::Check => 4,
            Kind::Prepare => 4,
            Kind::Mint => 7,
            Kind::Pasted => 2,
            Kind::Store => 4,
            Kind::Call => 9,
            Kind::Copy => 2,
            Kind::Write => 4,
            Kind::Clocks => 2,
            Kind::Targets => 4,
            Kind::LastUse => 7,
            Kind::Looked => 9,
            Kind::Successor => 8,
            Kind::Predecessor => 7,
            Kind::Revoke => 5,
            Kind::RevokeAgain => 1,
            Kind::Prove => 6,
            Kind::Value => 3,
            Kind::LookAtRepeat => 3,
            Kind::Repeat => 5,
            Kind::Search => 6,
            Kind::SearchStored => 2,
            Kind::Old => 8,
            Kind::Identify => 4,
            Kind::Discard => 6,
            Kind::Deleted => 6,
        }
    }

    pub(super) fn of(deed: &Deed) -> Kind {
        match deed {
            Deed::Check => Kind::Check,
            Deed::Prepare(_) => Kind::Prepare,
            Deed::Mint(_) => Kind::Mint,
            Deed::LookForPasted => Kind::Pasted,
            Deed::Store => Kind::Store,
            Deed::CallNew => Kind::Call,
            Deed::Copy => Kind::Copy,
            Deed::Deploy(_) | Deed::PutBack(_) => Kind::Write,
            Deed::ReadClocks | Deed::ReadSteady => Kind::Clocks,
            Deed::LookAtTargets => Kind::Targets,
            Deed::AskLastUse => Kind::LastUse,
            Deed::LookAtList => Kind::Looked,
            Deed::AskSuccessor => Kind::Successor,
            Deed::Revoke(_) => Kind::Revoke,
            Deed::RevokeAgain(..) => Kind::RevokeAgain,
            Deed::ProveEnded { .. } => Kind::Prove,
            Deed::LookForValue => Kind::Value,
            Deed::LookAtRepeat => Kind::LookAtRepeat,
            Deed::Repeat => Kind::Repeat,
            Deed::Search { is_stored: false } => Kind::Search,
            Deed::Search { is_stored: true } => Kind::SearchStored,
            Deed::AskOld => Kind::Old,
            Deed::AskPredecessor => Kind::Predecessor,
            Deed::Identify(_) => Kind::Identify,
            Deed::Discard(_) | Deed::AskDiscarded(_) => Kind::Discard,
            Deed::AskDeleted => Kind::Deleted,
        }
    }
}
