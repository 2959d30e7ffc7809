//! What the driver does next, and what came of it: the shapes between deciding and doing.
//!
//! [`next`](super::next) turns what is known into a [`Move`], the driver carries it out, and [`settle`](super::settle)
//! turns what was [`Seen`] into rows of the journal. Only the driver waits, asks and sends; only the two others decide.

use std::time::Duration;

use jiff::Timestamp;

use super::elapsed::Reading;
use super::gone::Gone;
use super::journal::{Change, Said, SentMint};
use super::listed::{Listed, Look};
use super::plan::StepKind;
use super::proof::{MayRevoke, NotInUse};
use super::prove::Ended;
use super::serves::{NotShown, Serves};
use super::silence::Heard;
use super::state::Event;
use crate::failure::{Code, Effect, Failure};
use crate::guard::Guard;
use crate::model::{KeyVersion, Secret, Verdict, VersionId};
use crate::provider::RemoteKey;

/// A row of the journal that is to be written.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) event: Event,
    pub(super) changes: Vec<Change>,
    /// What is so at the provider when the row cannot be written.
    pub(super) unwritten: Option<Unwritten>,
}

/// What a failed write leaves behind.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub(super) effect: Effect,
    /// The name of the key that was created, or may have been.
    pub(super) created: Option<String>,
}

impl From<Event> for Entry {
    fn from(event: Event) -> Entry {
        Entry::new(event, Vec::new())
    }
}

impl Entry {
    pub(super) fn new(event: Event, changes: Vec<Change>) -> Entry {
        Entry {
            event,
            changes,
            unwritten: None,
        }
    }

    /// With what the provider's answer said, where the failure is of one.
    pub(super) fn because(event: Event, failure: &Failure) -> Entry {
        Entry::new(event, Said::of(failure).map(Change::Said).into_iter().collect())
    }

    /// With what is so at the provider when it cannot be written.
    pub(super) fn or(self, effect: Effect, created: Option<String>) -> Entry {
        let unwritten = Some(Unwritten { effect, created });
        Entry { unwritten, ..self }
    }
}

/// What the driver does next.
pub(super) enum Move {
    /// Nothing can be done now.
    Rest,
    /// Waits for a moment.
    Sleep(Timestamp),
    /// Writes; nothing is done beside it.
    Note(Vec<Entry>),
    /// Writes, and sees to what is left.
    Finish(Vec<Entry>, After),
    /// Does something, after what is written before.
    Do(Vec<Entry>, Deed),
}

impl Move {
    pub(super) fn note(entries: impl IntoIterator<Item = Entry>) -> Move {
        Move::Note(entries.into_iter().collect())
    }

    /// A question that has no effect, and no intent.
    pub(super) fn ask(deed: Deed) -> Move {
        Move::Do(Vec::new(), deed)
    }

    /// A step's deed, with its intent.
    pub(super) fn step(kind: StepKind, deed: Deed) -> Move {
        Move::Do(vec![Event::Intended(kind).into()], deed)
    }
}

/// What the driver does: a question, or something that has an effect.
pub(super) enum Deed {
    Check,
    /// Draws a name, and looks whether the mint may be sent.
    Prepare(Box<Prepared>),
    Mint(Box<Prepared>),
    /// Looks whether the person's value came into the keychain before a process ended.
    LookForPasted,
    Store,
    CallNew,
    Copy,
    Deploy(u8),
    PutBack(u8),
    /// Asks the provider's clock too.
    ReadClocks,
    ReadSteady,
    LookAtTargets,
    AskLastUse,
    LookAtList,
    AskSuccessor,
    Revoke(Cleared),
    /// The same once more, where the new key is in use already.
    RevokeAgain(Cleared, Code),
    /// Whether the list is asked too, once the old key is seen to live on.
    ProveEnded {
        looks: bool,
    },
    /// Whether the keychain has the value of a mint whose answer got lost.
    LookForValue,
    /// Whether its provider would give the lost answer again.
    LookAtRepeat,
    Repeat,
    Search {
        is_stored: bool,
    },
    /// What became of a revocation whose answer got lost.
    AskOld,
    AskPredecessor,
    /// Whether an id can only be that of the new key.
    Identify(String),
    Discard(String),
    /// What became of a discard whose answer got lost.
    AskDiscarded(String),
    /// What became of a key that a person says is deleted.
    AskDeleted,
}

impl Deed {
    /// What holds that the intent is written first.
    pub(super) fn guard(&self) -> Option<Guard> {
        match self {
            Deed::Mint(_) => Some(Guard::MintIntent),
            Deed::Revoke(_) => Some(Guard::RevokeIntent),
            Deed::Discard(_) => Some(Guard::DiscardIntent),
            _ => None,
        }
    }
}

/// A mint that is about to be sent.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// What it is called at the provider.
    pub(super) name: String,
    pub(super) version: KeyVersion,
    /// What is kept of it, where it may be sent again.
    pub(super) repeatable: Option<SentMint>,
    /// Mints of the last hour whose values are lost.
    pub(super) lost: Result<u32, Failure>,
    /// Whether the keychain has a value in its place already.
    pub(super) is_taken: Result<bool, Failure>,
}

/// All that has to be shown before the old key is revoked.
pub(super) struct Cleared {
    pub(super) _may_revoke: MayRevoke,
    pub(super) _not_in_use: NotInUse,
    pub(super) _listed: Listed,
    pub(super) _serves: Serves,
}

/// What a deed found.
pub(super) enum Seen {
    Checked(Result<Vec<String>, Failure>),
    Prepared(Box<Prepared>),
    /// What the provider answered, its values put away.
    Minted {
        name: String,
        answer: Result<Vec<Change>, Failure>,
    },
    Pasted(Option<Vec<Change>>),
    Stored(Stored),
    /// What the new key is answered; and the old one, whose slot nobody has touched.
    NewCalled(Result<Option<Verdict>, Failure>, Option<Verdict>),
    Copied(Result<(), Failure>),
    Deployed(u8, Result<Option<Change>, Failure>),
    PutBack(u8, Result<Option<Change>, Failure>),
    /// The readings so far, and the new one.
    Clocks(Vec<Reading>, Reading),
    Steady(Vec<Reading>, Reading),
    Targets(Result<(), Failure>),
    LastUse(Result<(Option<Timestamp>, Heard), Failure>),
    Looked(Box<Result<Look, Failure>>),
    Successor(Result<Serves, NotShown>),
    Revoked(Result<(), Failure>),
    RevokedAgain(Code),
    Ended(Result<Ended, Failure>),
    Value(Result<bool, Failure>),
    /// Whether it may be sent again.
    Repeatable(Result<bool, Failure>),
    Repeated(Result<Repeated, Failure>),
    Found(Result<Found, Failure>),
    Old(Old),
    Predecessor(Result<Serves, NotShown>),
    Identified(Result<Ours, Failure>),
    Discarded(String, Result<Gone, Failure>),
    Deleted(Deleted),
}

/// What became of the values that are on their way into the keychain.
pub(super) struct Stored {
    /// Those that are there now.
    pub(super) held: Vec<Change>,
    /// Why one is not.
    pub(super) refused: Option<Failure>,
    /// The new value, read back.
    pub(super) read: Result<Option<Vec<Change>>, Failure>,
}

/// What a mint that was sent again gave.
pub(super) enum Repeated {
    /// The provider's answer, its values put away.
    Given(Vec<Change>),
    /// Ours, and its value is not told again.
    Lost(RemoteKey),
    /// The first request is still being carried out.
    InProgress,
}

/// What asking found out about a mint.
pub(super) enum Found {
    /// Its value is in the keychain, and this is known of it.
    Held(Vec<Change>),
    /// What its provider lists and nobody knew; by its name, where names tell.
    Listed(Vec<RemoteKey>),
    /// What may be ours: its name is the beginning of the one that was sent.
    Perhaps(Vec<RemoteKey>),
    /// Nothing new is listed, nor all or most of what was listed before.
    Lacking,
    /// Nothing can tell.
    Nowhere,
}

/// What is known of the old key after a revocation without an answer.
pub(super) struct Old {
    /// What a call with its value told, where one tells.
    pub(super) verdict: Option<Verdict>,
    /// Whether it is listed, where that was asked.
    pub(super) listed: Option<Result<bool, Failure>>,
    /// Whether another value was accepted in the same moment, where a refusal is all there is.
    pub(super) is_controlled: bool,
}

/// Whose the id of a new key is that is to be discarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ours {
    /// It can only be that of the new key.
    Yes,
    /// It may be another key's.
    No,
    /// No list shows it, and the value is refused: nothing is sent by it, and what became of the key is asked.
    Gone,
}

/// What is known of a new key that a person says is deleted.
pub(super) struct Deleted {
    pub(super) verdict: Option<Verdict>,
    /// Whether it is listed, where no call tells.
    pub(super) listed: Result<bool, Failure>,
    /// Whether the old key was accepted in the same moment, where there is one to ask.
    pub(super) is_controlled: bool,
}

/// What follows from what was seen.
#[derive(Default)]
pub(super) struct Settled {
    pub(super) entries: Vec<Entry>,
    /// What is known now and stands in no row.
    pub(super) learnt: Option<Learnt>,
    pub(super) onward: Onward,
    pub(super) after: Option<After>,
}

/// How it goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Onward {
    #[default]
    Go,
    Rest,
    /// Goes on after a pause on the spot.
    Pause(Duration),
}

/// What is done after the rows are written: whatever becomes of it, it is done again elsewhere.
pub(super) enum After {
    /// A value that the keychain does not take, and that is not wanted any more.
    DropFresh,
    /// What a sign-up answered is recorded.
    DropAnswer(VersionId),
    /// A version has ended; whether that is proven.
    Ended(VersionId, bool),
}

impl Settled {
    pub(super) fn one(entry: impl Into<Entry>) -> Settled {
        Settled::all([entry.into()])
    }

    pub(super) fn all(entries: impl IntoIterator<Item = Entry>) -> Settled {
        Settled {
            entries: entries.into_iter().collect(),
            ..Settled::default()
        }
    }

    pub(super) fn learnt(learnt: Learnt) -> Settled {
        Settled {
            learnt: Some(learnt),
            ..Settled::default()
        }
    }

    pub(super) fn onward(self, onward: Onward) -> Settled {
        Settled { onward, ..self }
    }

    pub(super) fn after(self, after: After) -> Settled {
        Settled {
            after: Some(after),
            ..self
        }
    }
}

/// One thing that was found out and stands in no row: it holds until the next row is written.
pub(super) enum Learnt {
    Prepared(Box<Prepared>),
    /// No target got the old key back.
    TargetsKeep,
    NotInUse(NotInUse),
    Listed(Listed),
    Serves(Serves),
    /// The old key is to be revoked once more: so it still shows.
    RevokeAgain(Code),
    /// Whether the keychain has the value.
    Value(bool),
    /// Whether the mint may be sent again.
    Repeatable(bool),
    /// Whether the id is that of the new key.
    Ours(Ours),
}

/// All that was found out since the last row.
#[derive(Default)]
pub(super) struct Evidence {
    pub(super) prepared: Option<Box<Prepared>>,
    pub(super) targets_keep: bool,
    pub(super) not_in_use: Option<NotInUse>,
    pub(super) listed: Option<Listed>,
    pub(super) serves: Option<Serves>,
    pub(super) revoke_again: Option<Code>,
    pub(super) value: Option<bool>,
    pub(super) repeatable: Option<bool>,
    pub(super) ours: Option<Ours>,
}

impl Evidence {
    pub(super) fn learn(&mut self, learnt: Learnt) {
        match learnt {
            Learnt::Prepared(prepared) => self.prepared = Some(prepared),
            Learnt::TargetsKeep => self.targets_keep = true,
            Learnt::NotInUse(shown) => self.not_in_use = Some(shown),
            Learnt::Listed(shown) => self.listed = Some(shown),
            Learnt::Serves(shown) => self.serves = Some(shown),
            Learnt::RevokeAgain(still) => self.revoke_again = Some(still),
            Learnt::Value(is_there) => self.value = Some(is_there),
            Learnt::Repeatable(may) => self.repeatable = Some(may),
            Learnt::Ours(is) => self.ours = Some(is),
        }
    }
}

/// Values that a provider has shown, each with its version.
pub(super) type Values = Vec<(VersionId, Secret)>;
