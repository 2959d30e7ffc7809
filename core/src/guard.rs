//! What keeps a rotation from losing a key or an owner from losing a working one, by name.
//!
//! A guard is asked for where it stands, and is always in place: the question is compiled away. Only a build with the
//! feature `removable-guards`, which no optimised build can have, can take one away, so that it is seen which test
//! notices: `cargo xtask mutants`.

#[cfg(feature = "removable-guards")]
mod removed;

/// Makes the guards, each with the sentence that says what it holds.
macro_rules! guards {
    ($($guard:ident $says:literal)*) => {
        /// One guard.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Guard {
            $(#[doc = $says] $guard,)*
        }

        impl Guard {
            /// Every guard, in the order in which a rotation meets them.
            pub const ALL: &[Guard] = &[$(Guard::$guard,)*];

            /// What it holds, as a sentence without an end.
            pub fn says(self) -> &'static str {
                match self {
                    $(Guard::$guard => $says,)*
                }
            }
        }
    };
}

guards! {
    PlanHash "only the plan that was shown is started"
    OneDriver "two calls of one process never drive the same rotation"
    OtherProcess "a rotation that a living process drives is driven by no other"
    Fence "who lost the right to drive writes no record"
    PinnedKeychain "values are looked for only in the keychain that was pinned"
    WholeDatabase "a damaged database is not opened"
    AbsenceEndsNothing "a key that a list lacks has not ended"
    PinnedDefinition "an account goes by the definition that it was connected with"
    BackIsShown "a key that has ended and is listed again is shown"
    ListBelievedTwice "a list that lacks most of what it had changes nothing before it says so twice"
    NamesAreOurs "a listed key with the name of a mint of ours is shown as what became of it"
    CredentialOfAccount "a credential whose list lacks most of the keys takes the place of none"
    ServingIsNoOrphan "a key that is held and serves is not revoked as one that nobody accounts for"
    OneHolds "two values are not put into the place of one key at the same time"
    HeldOnce "a value that another key of the account has is not held for this one"
    IdsAreAnywhere "a credential that nothing but ids shows to be of the account takes the place of none"
    IdVouched "by an id that only the answer to a mint tells nothing goes while another new key is listed"
    NameOfAnother "by an id that is listed under the name of another key here nothing goes before a person has looked"
    ToldIdIsFree "an id that a key has is not told of another one"
    NotBehind "a data directory that was put back from a backup drives nothing by itself"
    OneHasTheKeys "of two data directories the one that lost the keys to the other drives nothing"
    BehindAsks "a rotation of a state that was put back goes on by a person only"
    KeyAsMade "a key of fingerprints that they were not made with recognises nothing"
    OnlyHome "a copy of a data directory takes no value out of the keychain by itself"
    KeptUnproven "a value stays in the keychain until its key is proven dead"
    DurableWrites "a record is on the disk when its call returns"
    AskedFirst "the keychain is asked for its state before it could prompt"
    ReadBack "what was put into the keychain is read back equal"
    DeleteReadBack "a value counts as out of the keychain only when the keychain no longer gives it"
    Canary "the keychain takes and gives back a value before anything is minted"
    FullSizeCanary "the canary is as large as the largest value"
    TargetsReady "every target can be written before anything is minted"
    FreeSlot "there is room for one more key before it is minted"
    ManagingKey "the key that manages the account is not revoked"
    OldAsKnown "a key that is refused already is not replaced in place before somebody was told"
    SlotIsFree "a slot whose key is held is not filled anew"
    FreshChecks "a mint rests on checks that are not old"
    MintsAnHour "three mints an hour and account"
    OneRepeat "one automatic second mint at most"
    GivenIsKept "a value that a person gives is not written over another one"
    PlaceIsFree "a mint fills no place in the keychain that is taken"
    MintIntent "the intent of a mint is written before it is sent"
    Nonce "a mint carries a nonce in its name"
    SentOnce "what changes something is sent once"
    SameRequest "a mint is sent again only byte for byte, with the key and the credential that it had"
    StillKnown "a mint is sent again only while its provider surely knows it"
    NotAgain "a mint that its provider does not give again is not asked for any more"
    NoRedirect "no redirect is followed"
    SilenceIsUnknown "an answer that did not come means unknown"
    NewId "a new key has an id that was not listed before"
    OtherForm "a new value of another form than before is kept"
    KnownValue "a new value is neither the old one nor that of another key"
    IdWithoutValue "an id that holds the value is not written down"
    OwnId "the id of a new key that tells none is taken only where one key fits"
    KeychainFirst "the value is in the keychain before its mint is on record"
    StoredIsThere "a value counts as stored only when the keychain gives it back"
    Snapshot "a key that was there before the mint is not the new one"
    KnownIds "a key that the inventory knows is not the lost one"
    NamedByUs "a lost key is ours only by the nonce in its name"
    PrefixFits "a found key is ours only if our value begins like it"
    LagAwaited "what a list that lags does not show yet may still have been created"
    SuccessorListed "where no call can be made, a new key that its provider does not list takes the place of none"
    SuccessorUsual "where no call can be made, a value that does not look like the provider's takes the place of none"
    ClaimedIsShown "a key that a person leaves beside the one that serves is shown"
    ShownUnaccounted "a key that may be ours and that nobody has is shown"
    VerifiedLive "a new key that is not accepted is not deployed"
    Propagation "a new key may be refused for a while"
    ClockSetBack "a clock that is set back ends no wait"
    HookConsent "a command runs only as it was allowed"
    NoDrift "a target that holds another value is not written"
    TheirValue "a value that somebody else wrote meanwhile is not overwritten"
    FileUnchanged "a file that changed since it was read is not replaced"
    NewestSave "what another program has saved between two exchanges of a file is looked at"
    FileMode "a file keeps its mode"
    SamePlace "a path that leads elsewhere than before is not followed"
    CommandsRest "while a command of before still runs none is run, and no key that it may put there goes"
    CommandConfirms "a command that confirms itself is believed only when it did"
    ProofStored "nothing is revoked before its successor is stored"
    ProofVerified "nothing is revoked before its successor is verified"
    ProofInUse "nothing is revoked before its successor is in use"
    SuccessorServes "nothing is revoked unless its successor is held and accepted right before"
    SharedValue "an old key is not revoked while a file of another key of ours holds it"
    GoneIsUnknown "a file that is away is not taken for one that nobody reads"
    OverlapPassed "an overlap counts only time that has surely passed"
    ProofSilent "an old key that may be in use is not revoked"
    TheirClock "for how long a key was silent is told by its provider's clock"
    BothClocks "no more silence counts than this machine's clock allows"
    UseStays "a use that was told once is not taken back by what is told now"
    UseRead "a last use that cannot be read does not mean never"
    NoRival "an old key that another machine replaces too is not revoked"
    ProofNotDiscarded "nothing is revoked for a successor that was discarded"
    RevokeIntent "the intent of a revocation is written before it is sent"
    Durable "nothing is taken away before the keychain has written what takes its place"
    UnreadIsThere "an entry of a list that cannot be read may be any key: what such a list lacks may be there"
    HandIsSeen "a file that a person says to have changed by hand is read"
    DemoIsTwice "a data directory is a demo where its keychain says so too"
    OwnFolder "the data directory of another user is neither opened nor made"
    OwnPlace "an id that is told for what was replaced in place is believed once the list lacks the place's own"
    SameMoment "by an id that is listed with another moment than our mint told nothing is revoked"
    OneBeginsSo "by an id that was guessed nothing is revoked while two entries begin like the value"
    DeadIsNotSent "a new key that is refused already is not revoked by an id that is still listed"
    OldSlotLives "after a slot is filled the key of the other one is called with"
    NameBeforeId "a key under the very name of our mint is ours, whatever its id was before"
    OldIsAsked "a value that is refused already is not revoked by an id that is still listed"
    PredecessorLasts "a new key is not discarded for an old one that is about to end"
    AcceptanceControlled "a value of another form is accepted only by whoever refuses one that is none"
    WordIsAPersons "nobody but a person goes on where that is their word"
    AnywayIsForTheSaid "a person's word to revoke all the same counts for what they were told, and for nothing else"
    UseIsItsOwn "what is told of another key's use is not told of this one"
    MarksStay "what a list says of another key under a known id is not written over what was told of ours"
    UnreadMayShare "a file of another key that cannot be read may hold the same value"
    UntoldMayShare "a key of the same value of whose use nobody can say anything may be in use"
    RenewsItsOwn "the successor of a token goes only where its predecessor lies"
    PlaceIsIts "what is replaced in place is first looked up in the list: it may be another key's place by now"
    WholeFile "an old key is not revoked while a file of its targets holds it under another name"
    ControlBeside "where a rotation has no other key, another one of the account is asked before a refusal counts"
    ListedId "nothing is revoked by an id that only the answer to a mint has told and no list shows"
    UseSeenLast "a use of the old key that the last list shows keeps it"
    ConnectedOnce "an account that is connected already is not connected again unasked"
    WholeName "a key is ours by the whole name of a mint, not by one that holds it"
    ShownIdStays "the id by which lists have shown a key is not replaced by that of another entry of its name"
    SealIsDrawn "a backup that was put back is known as one, however much is done in it"
    SealIsRead "what the keychain was told of a directory and cannot be read is not written over unasked"
    SameKeyTwice "a key that another account of the same workspace holds is not revoked unasked"
    PlaceBeforeForm "what stands in the declared place of an answer is the value, whatever else looks like one"
    WholeWord "a value that is searched for in an answer is a whole word of it, and not what it ends with"
    GoneIsAWord "a new key of which nothing else tells is not gone because its provider knows no such id"
    DiscardManages "a new key that manages an account here is not discarded"
    ManagesAny "a key that manages another account here is not revoked"
    NewUseSeen "a new key that the list shows in use is not discarded unasked"
    UseWithoutId "whether the old key is used is asked although its id is not known yet when the plan is made"
    NewIsOn "a new key that the list shows as switched off takes the place of none"
    UndoLooksAtFiles "a new key is not discarded while a file of its targets holds it"
    IdIsTheirs "an id by which the provider lists another key than expected revokes nothing"
    RefusalControlled "a refusal proves an end only where another key is accepted in the same moment"
    RefusedAndGone "an old key that is refused and still listed is not dead yet"
    NotItsSuccessor "a revocation never names the successor"
    KnownForm "an id is sent only in the form that the provider gives out"
    RevokedOnce "a revocation that is on record is not sent again"
    ProvenDead "an old key counts as dead only when it is refused or gone"
    LagBeforeAgain "a revocation is sent again only when no lag explains the old key"
    AgainBounded "a revocation is sent again twice"
    UndoBeforePivot "nothing is taken back after the point of no return"
    BackFirst "the old key is back at every target before the new one is discarded"
    OnlyTouched "a target that was never written is not put back"
    PredecessorServes "a new key is discarded only when the old one is held and accepted right before"
    NewInUse "a new key that is in use is discarded only by an order that says so"
    OursById "a new key is discarded only by an id that no other key has"
    DiscardIntent "the intent of a discard is written before it is sent"
    DiscardShown "a discarded key is forgotten only when it is gone"
    LackingTellsNothing "a list without all or most of what it had does not tell that a mint has made nothing"
    LateMayBeOurs "a key that turns up after a mint without an answer is shown as perhaps ours"
    AnswerIsMissing "while a mint has no answer no other credential takes the place of the one that sent it unasked"
    FormerIsNeeded "a former credential goes only once its successor has shown or revoked a key of before"
    AccountIsSettled "an account is not removed while keys of it are open that nobody accounts for"
    DiscardLag "a list that may not show the new key yet does not settle its discard"
}

/// Whether the guard is in place.
#[cfg(not(feature = "removable-guards"))]
pub(crate) const fn in_place(_: Guard) -> bool {
    true
}

#[cfg(feature = "removable-guards")]
pub(crate) use removed::in_place;
