//! Every code, with its words. One table, so that a code is never told in two ways.

macro_rules! codes {
    ($( $variant:ident = $word:literal, $passing:literal, $message:literal, $remedy:literal; )*) => {
        /// A stable reason. Scripts may match on [`Code::as_str`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $( #[doc = $message] $variant, )* }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Code] = &[$( Code::$variant, )*];

            /// The stable, dotted word.
            pub fn as_str(self) -> &'static str {
                match self { $( Code::$variant => $word, )* }
            }

            /// Reads the stable word.
            pub fn parse(word: &str) -> Option<Code> {
                match word { $( $word => Some(Code::$variant), )* _ => None }
            }

            /// Lower-case fragment without a full stop.
            pub fn message(self) -> &'static str {
                match self { $( Code::$variant => $message, )* }
            }

            /// What the person can do: a whole sentence.
            pub fn remedy(self) -> &'static str {
                match self { $( Code::$variant => $remedy, )* }
            }

            /// What it is about: the part of its word before the dot.
            pub fn family(self) -> Family {
                Family::of(self.as_str())
            }

            /// Whether time alone may cure it.
            pub fn is_passing(self) -> bool {
                match self { $( Code::$variant => $passing, )* }
            }
        }
    };
}

/// What a code is about, as far as it makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// What a person gave us.
    Input,
    /// The management credential.
    Credential,
    Keychain,
    /// A place where a key is used.
    Target,
    Other,
}

impl Family {
    fn of(word: &str) -> Family {
        match word.split_once('.').map(|(family, _)| family) {
            Some("input") => Family::Input,
            Some("credential") => Family::Credential,
            Some("keychain") => Family::Keychain,
            Some("target") => Family::Target,
            _ => Family::Other,
        }
    }
}

codes! {
    // What the person gave us.
    InputInvalid = "input.invalid", false, "this value cannot be used", "Correct the field named and try again; nothing was changed.";
    InputMissing = "input.missing", false, "a value is missing", "Fill in the field named; nothing was changed.";
    InputDuplicateName = "input.duplicate_name", false, "this name is taken", "Choose another name.";
    InputWrongKeyFormat = "input.wrong_key_format", false, "this does not look like a key of this provider", "Copy the whole key at the provider and take it again; if its form has changed, confirm it: --anyway.";
    InputOtherKey = "input.other_key", false, "this value belongs to another key", "Copy the value whose beginning is shown for this key.";
    InputUnusualKey = "input.unusual_key_format", false, "this is not how keys of this provider usually look", "Look at it once more; if it is right, confirm it: --anyway.";
    InputListedKey = "input.listed_already", false, "a listed key of this account begins like this value", "Give the value to that key, or confirm that this is another one: --anyway.";
    InputHeldAlready = "input.held_already", false, "another key of yours has or had this very value", "Use that key, `keywheel leaked` says which one it is; or, where it is used as two, confirm it: --anyway.";
    InputKnownValue = "input.known_value", false, "another key has or had this very value", "Copy the value of this key; `keywheel leaked` says which one it is.";
    InputSameKey = "input.same_key", false, "this is the old value", "Copy the new value from the provider's page and take it once more.";
    InputNotHttps = "input.not_https", false, "only https addresses are used", "Give an address that begins with https://, or a loopback address of your own.";
    InputAmbiguous = "input.ambiguous", false, "more than one thing has this name", "Name it in full, as org/environment/name, or by its id.";
    InputPasteExpired = "input.paste_expired", false, "the value taken from the clipboard is gone", "Copy it again and take it from the clipboard once more.";
    InputNotTracked = "input.not_tracked", false, "git tracks no files there", "Name a folder inside a git repository, by its whole path.";
    GitFailed = "input.git_failed", false, "git does not say whether it tracks that", "Ask git there yourself (`git ls-files`), and see why it refuses.";
    GitMissing = "input.git_missing", false, "git could not be started", "Install git, or make it findable, and try again.";
    NotFound = "input.not_found", false, "there is no such thing", "List what there is and choose one.";
    Removed = "input.removed", false, "this was removed from Keywheel meanwhile", "Nothing was changed; add it again where Keywheel is to look after it.";
    NameInUse = "input.in_use", false, "this is still in use", "Move or remove what uses it first.";

    // The management credential.
    AccountTwice = "account.connected_already", false, "this very account of the provider is connected already", "Each of its keys would be here twice, and who revokes one revokes the other. Replace the credential of that account, or connect it all the same: --anyway.";
    AccountUnaccounted = "account.unaccounted", false, "keys of this account are open that nobody accounts for", "Settle them first: keywheel unaccounted list.";
    CredentialUnsure = "credential.only_ids", false, "nothing but the ids of its keys shows that this credential is of the same account", "Ids may be the same in another organisation. Where you are sure, confirm it: --anyway.";
    CredentialElsewhere = "credential.other_keys", false, "with this credential the list lacks all or most of the keys that it had", "Give the credential of this very account, or, where those keys are gone, confirm it: --anyway.";
    CredentialMintUnknown = "credential.mint_unknown", false, "the answer to a creation in this account is missing, and only the former credential surely reaches where it was sent", "Let it be settled first: keywheel resume. Where you are sure that both reach the same account, confirm it: --anyway.";
    CredentialMissing = "credential.missing", false, "the account has no management credential", "Replace the credential of this account.";
    CredentialRefused = "credential.refused", false, "the provider refused the management credential", "Replace the credential of this account.";
    CredentialExpired = "credential.expired", false, "the management credential has run out", "Replace the credential of this account, best with one that can be refreshed.";
    CredentialNotAllowed = "credential.not_allowed", false, "the management credential may not do this", "Use a credential of an owner or administrator of this organisation.";

    // The provider.
    ProviderUnknown = "provider.unknown", false, "there is no definition for this provider", "See `keywheel provider list`, or add a definition.";
    ProviderUnreachable = "provider.unreachable", true, "the provider could not be reached", "Check the connection and go on; nothing was sent.";
    ProviderNotTrusted = "provider.not_trusted", false, "the certificate at the provider's address is not trusted", "Nothing was sent. Look at the address; an authority of your own is trusted where SSL_CERT_FILE names its certificate.";
    ProviderNoRoots = "provider.no_roots", false, "no authority is known whose certificates could be trusted", "Nothing was sent. Install the system's certificates (ca-certificates), or name them by SSL_CERT_FILE.";
    ProviderNoAnswer = "provider.no_answer", true, "the provider did not answer", "Check with the provider what became of it; nothing is repeated before.";
    ProviderRateLimited = "provider.rate_limited", true, "the provider asks to wait", "Wait until the time shown; Keywheel goes on from here.";
    ProviderServerError = "provider.server_error", true, "the provider had an error of its own", "Try again later; check with the provider what became of it.";
    ProviderRefused = "provider.refused", false, "the provider refused the request", "See the details; by its answer the request changed nothing.";
    ProviderUnexpected = "provider.unexpected_answer", false, "the provider's answer is not what its definition says", "Check with the provider what became of it; its definition may need an update.";
    ProviderRedirected = "provider.redirected", false, "the provider pointed to another address", "Keywheel follows no redirects with credentials; check the account's address.";
    ProviderTooLarge = "provider.too_large", false, "the provider's answer is too large", "Check the account's address; the answer was dropped.";
    ProviderListEndless = "provider.list_endless", true, "the provider's list did not come to its end in time", "Try again later; what was read of it was dropped.";
    ProviderNotAble = "provider.not_able", false, "the provider's API cannot do this", "Do it on the provider's own page.";
    ProviderUndetermined = "provider.undetermined", true, "the provider's answer does not say whether the key works", "Keywheel asks again; nothing is decided before.";
    ProviderRefusesAll = "provider.refuses_all", true, "the provider refuses another key of this account as well", "A refusal proves nothing now. Keywheel asks again; see at the provider whether both are gone.";
    ProviderEntryUnread = "provider.entry_unread", true, "the provider's list has entries that cannot be read", "What it shows counts; that it lacks a key does not. Look at the list there, or correct its definition.";
    ProviderNoCall = "provider.no_call", false, "no call is known that tells whether a key of this provider works", "Look at the program that uses it, or at the provider's own page.";
    ProviderKeyGone = "provider.key_gone", false, "the provider does not know this key", "Refresh the account to see which keys exist.";
    ProviderNoFreeSlot = "provider.no_free_slot", false, "the provider allows no further key", "Revoke a key that is not in use first.";

    // The keychain.
    KeychainLocked = "keychain.locked", true, "the keychain is locked", "Unlock the keychain; names and ages stay visible meanwhile.";
    KeychainAsksEach = "keychain.asks_each", false, "the keychain asks for each value before it gives it to a program", "Keywheel needs its values without a question. In KeePassXC, switch off \"Confirm when passwords are retrieved by clients\" (Settings, Secret Service Integration).";
    KeychainDismissed = "keychain.dismissed", true, "the keychain's prompt was dismissed", "Try again and answer the prompt.";
    KeychainNoService = "keychain.no_service", false, "no keychain service is running", "Start GNOME Keyring, KWallet or another Secret Service; Keywheel keeps values nowhere else.";
    KeychainNoDefault = "keychain.no_default_collection", false, "the keychain has no default collection", "Create a default keyring in your keychain application; in KeePassXC, open a database and expose a group of it (Database Settings, Secret Service Integration).";
    KeychainTooLong = "keychain.too_long", true, "the keychain did not answer in time", "Look for a prompt of the keychain, or restart its service.";
    KeychainMissing = "keychain.missing", false, "the value is not in the keychain", "Paste the value again, or rotate the key.";
    KeychainMismatch = "keychain.mismatch", false, "the keychain gave back another value than was stored", "Put the right value back, or see the state of the keychain with `keywheel doctor`.";
    KeychainKept = "keychain.kept", true, "the keychain says that it removed the value, and still has it", "It is removed again later. If this lasts, remove the item in your keychain application.";
    KeychainTooLarge = "keychain.too_large", false, "the keychain cannot hold a value of this size", "Use a keychain without this limit.";
    KeychainAmbiguous = "keychain.ambiguous", false, "the keychain holds this item twice", "Remove the duplicate in your keychain application.";
    KeychainTaken = "keychain.place_taken", false, "a value lies already where the new one is to go", "Look what became of it; nothing was sent, and nothing is written over it.";
    KeychainOther = "keychain.other_backend", false, "this data directory was made with another keychain", "Open it where it was made, or take this keychain from now on (keywheel keychain recognise) and give the values again (keywheel key hold).";
    KeychainNoFingerprints = "keychain.no_fingerprint_key", false, "the key by which values are recognised is lost", "Put the keychain back, or take its values as they are: keywheel keychain recognise.";
    KeychainShared = "keychain.shared", false, "another data directory has the same keys", "Remove one of the two, or make this one the one that has them: keywheel keychain own.";
    KeychainTakenOver = "keychain.taken_over", false, "the keychain was told that another data directory has the keys of this one", "Work there, or make this one the one that has them: keywheel keychain own.";
    KeychainSealUnread = "keychain.seal_unread", false, "what the keychain was told of this data directory cannot be read", "Somebody has written over it. Look at the provider what became of the keys, and go on from here: keywheel keychain own.";
    KeychainAhead = "keychain.ahead", false, "the keychain was told of a later state of this data directory: it is a backup that was put back, or a copy", "Put the later state back, or look at the provider what became of the keys since and go on from here: keywheel keychain own.";
    KeychainFailed = "keychain.failed", false, "the keychain refused", "See the state of the keychain with `keywheel doctor`.";

    // The database.
    StoreDamaged = "store.damaged", false, "the database is damaged", "Restore keywheel.db from a backup; values in the keychain are not affected.";
    StoreFull = "store.full", false, "there is no space left for the database", "Free some space and go on; nothing further was done.";
    StoreReadOnly = "store.read_only", false, "the database cannot be written", "Make the data directory writable for you.";
    StoreBusy = "store.busy", true, "another process holds the database", "Try again in a moment.";
    StoreCannotLock = "store.cannot_lock", false, "the file system of the data directory cannot lock files", "Name a directory on a local disk: --data-dir. On a network share locking has to be switched on.";
    StoreReplaced = "store.replaced", false, "the data directory was replaced or removed while Keywheel had it open", "Put it back, or start Keywheel again on the right one; then run `keywheel doctor`.";
    StoreNotDemo = "store.not_demo", false, "this data directory says that it is a demo, and its keychain does not", "Nothing was sent. An earlier Keywheel may have made it, or its database was changed: make the demo anew, or put back a backup.";
    StoreOthers = "store.others", false, "the data directory is another user's", "Run Keywheel as that user, or name a directory of your own: --data-dir.";
    StoreNewer = "store.newer", false, "the database was made by a newer Keywheel", "Install that version or a later one.";
    StoreUnavailable = "store.unavailable", false, "the data directory cannot be used", "Choose a directory on a local disk that only you can write.";
    StoreFailed = "store.failed", false, "the database refused", "Run `keywheel doctor`.";

    // Keys.
    KeyNotHeld = "key.not_held", false, "Keywheel does not hold this value", "Paste the value, or rotate the key: the new value is held.";
    KeyHeld = "key.held", false, "Keywheel holds this value already", "Copy it, or rotate the key.";
    KeyHeldAndServes = "key.held_and_serves", false, "a key of that id is held, and serves", "See which one with `keywheel key list`; to revoke it, revoke that key.";
    KeyArriving = "key.arriving", true, "a value of this key is on its way into the keychain", "Try again in a minute.";
    KeyNotKept = "key.not_kept", false, "this is not the kept value of a key that has ended", "See the versions of the key: keywheel key show.";
    KeyEnded = "key.ended", false, "this key has ended", "Create a new one.";
    KeyBusy = "key.rotating", false, "a rotation of this key is under way", "Finish or undo it first.";
    KeyManagedByHand = "key.by_hand", false, "this credential is replaced by hand", "Use *Replace credential* of its account.";
    KeyStillAccepted = "key.still_accepted", true, "the provider still accepts the key", "Keywheel asks again. If this lasts, see on the provider's page whether another key went in its place.";
    ProviderListLacks = "provider.list_lacks", true, "the list lacks all or most of the keys that it had", "Nothing was changed. Read it once more: what it lacks then too is shown as not listed.";
    KeyStillListed = "key.still_listed", true, "the provider still lists the key", "Keywheel asks again; check the provider's page if this lasts.";
    KeyEndUnknown = "key.end_unknown", true, "nothing shows whether the key has ended", "Go on: it is revoked once more.";
    KeyStillUsed = "key.still_used", true, "the old key is still in use", "Replace it where it is used; Keywheel asks again, or revoke it anyway.";
    KeyUsedByUs = "key.used_by_us", true, "the last use of the old key may be Keywheel's own check", "Keywheel asks again when it would have been silent for long enough, or revoke it anyway.";
    KeyUseUnknown = "key.use_unknown", true, "the provider does not tell whether the old key is still in use", "Keywheel asks again; look at your own logs, or revoke it anyway.";
    KeyReplacedElsewhere = "key.replaced_elsewhere", true, "another machine may be replacing this key too", "The provider's list shows another new key of this name. See which one is in use; then revoke the old key anyway, or undo.";
    KeyInactive = "key.inactive", false, "the old key is switched off and not deleted", "Let the management credential delete keys and go on, or delete it on the provider's page.";
    KeyManagesAccount = "key.manages_account", false, "this key manages the keys of its account", "Replace the credential of its account with another key first.";
    KeySlotWasInUse = "key.slot_was_in_use", false, "the old key is refused since the other slot was filled", "The slot that was filled was in use: what used it fails. Put the new key there now; then go on.";
    KeySlotInUse = "key.slot_in_use", false, "the other slot has a key that Keywheel holds", "Its program would fail. Put both programs on one key and remove the other one from Keywheel; then rotate.";
    KeyNotAccepted = "key.not_accepted", true, "the provider does not accept the new key yet", "Keywheel asks again; the old key is not revoked meanwhile.";
    KeySuccessorRefused = "key.successor_refused", false, "the provider refuses the new key", "The old key was not revoked. See whether the new one lives, then go on, or undo.";
    KeySuccessorUnlisted = "key.successor_unlisted", false, "the provider's list lacks the new key", "The old key was not revoked. See whether the new one lives, then go on, undo, or revoke the old one anyway.";
    KeySuccessorUnusual = "key.successor_unusual", false, "the new value is not how keys of this provider usually look, and no call tells it from one that is none", "The old key was not revoked. Look at the new value where it is used, then undo, or revoke the old one anyway.";
    KeySuccessorEnds = "key.successor_ends", false, "the new key stops working by itself within the hour", "The old key was not revoked. Undo, and ask the provider for keys that last, or revoke the old one anyway.";
    KeySuccessorOff = "key.successor_off", false, "the provider's list shows the new key as switched off", "The old key was not revoked. Switch the new one on at the provider and go on, undo, or revoke the old one anyway.";
    KeySuccessorAnothers = "key.successor_is_anothers", false, "by the new key's id the provider lists one that is named, made or begins otherwise", "The old key was not revoked. See at the provider whose key that is, then undo, or revoke the old one anyway.";
    KeyShared = "key.shared", false, "another key of yours has this very value, and is used with it as far as anybody can say", "What uses that one would fail. Put another value there, or remove that key, and go on; or go on anyway.";
    KeyRefusedAlready = "key.refused_already", false, "the provider refuses the old key already", "Somebody may have replaced it: look whose key is in use now. Going on replaces that one.";
    KeyPlaceAnothers = "key.place_is_anothers", false, "by this key's id the provider lists one that is made or begins otherwise", "Nothing was replaced. Look at the provider whose key that is: it may have been replaced there, or the id is wrong. Going on replaces that one.";
    KeyIdAnothers = "key.id_is_anothers", false, "by this key's id the provider lists one that is another key, or may be", "Nothing was revoked just now. See at the provider whose key that is; it may have been replaced there. Delete the right one there, or revoke by this id anyway.";
    KeyIdOfBoth = "key.id_of_both", false, "the provider tells one id for the old key and the new one", "Nothing was revoked: by that id either of them may go. See at the provider which one lives, then undo, or say what became of them: keywheel settle.";
    KeyPredecessorRefused = "key.predecessor_refused", false, "the provider refuses the old key", "Nothing was sent just now: the new key may be the only one that works. Keep it, or discard it all the same: --anyway.";
    KeyPredecessorEnds = "key.predecessor_ends", false, "the old key stops working by itself within the hour, or has", "Nothing was sent just now: the new key may soon be the only one that works. Keep it, or discard it all the same: --anyway.";
    KeyPredecessorUnlisted = "key.predecessor_unlisted", false, "the provider's list lacks the old key", "Nothing was sent just now: the new key may be the only one that works. Keep it, or discard it all the same: --anyway.";
    KeyServes = "key.serves", false, "another value of this key serves, or is on its way", "Revoke or settle that one first.";
    KeyRefused = "key.refused", false, "the provider refuses this value", "It stays as it is. Remove it with `keywheel key forget`, or rotate the key.";
    KeyNoFinding = "key.no_finding", false, "nothing is amiss with this key", "Put off or accept what is stale, due soon, refused, expired or unverified.";
    KeyUnlisted = "key.unlisted", false, "the provider's list no longer has this key", "Refresh the account to see which keys exist.";
    KeyIdUnknown = "key.remote_id_unknown", false, "the provider's id of this key is not known", "Refresh the account so that the list can be matched, or say it: keywheel key id.";
    KeyIdKnown = "key.remote_id_known", false, "this key has an id already, or another key has this one", "See it with `keywheel key show`.";

    // Rotations.
    RotationOpen = "rotation.already_open", false, "a rotation of this key is already open", "Resume it, or undo it.";
    RotationElsewhere = "rotation.driven_elsewhere", true, "another process drives this rotation", "Let it finish, or close it there.";
    RotationLeaseLost = "rotation.lease_lost", false, "another process has taken over this rotation", "See it there; nothing further was done here.";
    RotationPlanChanged = "rotation.plan_changed", false, "the plan is no longer what was shown", "Look at the plan again and start it then.";
    RotationNotNow = "rotation.not_now", false, "this cannot be done at this step", "See the rotation's state, and what it allows: keywheel resume.";
    RotationBehind = "rotation.behind", false, "the rotation was open in a state that was put back, or while another data directory had the keys, and what became of it since is not known", "Look at the provider; then go on (keywheel resume and the key's name), undo or settle.";
    RotationNeedsAnswer = "rotation.needs_answer", false, "the rotation waits for an answer", "Answer its question; nothing runs before.";
    RotationTooManyMints = "rotation.too_many_mints", true, "several requests for keys were made here within the hour, and their values are lost", "Look what became of them, then try again; this bounds what can go astray.";
    RotationCreating = "rotation.creating", false, "a key is being created", "Wait a moment: its value is not in the keychain yet.";
    RotationHeldInMemory = "rotation.held_in_memory", false, "a new key exists only in memory", "Unlock the keychain and do not close Keywheel, or discard the new key.";
    RotationNewInUse = "rotation.new_in_use", false, "the new key is in use", "Programs that have it fail once it is discarded. To discard it all the same, give the key's name: --discard-in-use NAME.";
    RotationMayHaveChanged = "rotation.may_have_changed", false, "the old value may have been replaced already", "Go on, so that the provider makes a value that is kept; or end it as it is: --anyway.";
    RotationIllegal = "rotation.illegal_transition", false, "the rotation's record does not allow this step", "Run `keywheel doctor` and report it; nothing was done.";
    RotationTimeUnsure = "rotation.time_unsure", true, "it is not certain that the overlap has passed", "The clock was set, or the machine was off; Keywheel waits on, or end the overlap now.";
    RotationSlotChanged = "rotation.foreign_change", false, "another key appeared at the provider meanwhile", "Look at the provider's list before going on.";

    // Where keys are used.
    TargetGone = "target.gone", false, "there is no such file or program", "Bring it back, or say that the key is no longer used there.";
    TargetMoved = "target.moved", false, "another file stands at this path than when it was added", "Look at it; if it is right, remove the target and add it again.";
    TargetNotSafe = "target.not_safe", false, "this file cannot be replaced without losing something of it", "See the details; change that, or replace the key there by hand.";
    TargetTracked = "target.tracked", false, "git tracks this file", "Keep keys out of what is committed; or confirm it: --tracked.";
    TargetUnclear = "target.unclear", false, "programs read this file differently", "See the line named; write the value plainly or in quotes.";
    TargetNoName = "target.no_name", false, "the file assigns nothing to this name", "Add a line NAME=value with the present value, and try again.";
    TargetTwice = "target.twice", false, "the file assigns to this name more than once", "Leave one of the lines named, and try again.";
    TargetValue = "target.value", false, "the new value cannot stand there as the present one is quoted", "Put the present value in single quotes, and try again.";
    TargetNeedsValue = "target.needs_value", false, "Keywheel does not hold the value that is in use", "Give it the present value first, so that it can be put back: keywheel key hold.";
    TargetDrifted = "target.drifted", false, "the target holds another value than Keywheel's", "Put the value of the key there that serves now, or remove the target; then try again.";
    TargetChanged = "target.changed", true, "the file was changed by another program at the same moment", "Try again.";
    TargetLocked = "target.locked", true, "another program keeps the file's folder locked", "See which program that is, and try again.";
    TargetTaken = "target.taken", false, "this name in this file is a target already", "See where keys are used: keywheel target list.";
    TargetFull = "target.full", false, "there is no space left beside the file", "Free some space and try again; the file is as before.";
    TargetRefused = "target.refused", false, "the system did not allow it", "Make the file and its folder writable for you, and try again.";
    TargetFailed = "target.failed", false, "the file could not be read or written", "Look at the disk and try again; the file is as before, or whole.";
    TargetElsewhere = "target.not_on_this_system", false, "files are not written on this system yet", "Replace the key there by hand.";
    TargetNotAllowed = "target.not_allowed", false, "this command is not the one that was allowed", "Look at it, and allow it again: keywheel target allow.";
    TargetCommandFailed = "target.command_failed", false, "the command reports a failure", "Run it by hand to see what it says, and try again.";
    TargetHoldsMore = "target.holds_more", false, "the file holds the key that is about to end in another place as well", "What reads that place would be left with a dead key. Add it as a target, or see to it yourself; then go on.";
    TargetStillRunning = "target.still_running", true, "a command of before is still running", "Wait for its end, or end it; then go on.";
    TargetNotThere = "target.not_there", false, "the command that confirms does not find the value", "Look at the target, and try again.";
    TargetTooLong = "target.too_long", false, "the command did not end in time", "Look at what it waits for, and try again.";

    // This machine.
    WindowLocked = "window.locked", false, "Keywheel is locked", "Unlock it in its window; nothing was done.";
    WindowUnasked = "window.unasked", false, "nobody pressed a key or a button for this", "Press it in the window; nothing was done.";
    ShortcutTaken = "shortcut.taken", false, "another program has this shortcut", "Free it there, or bind a shortcut of your desktop to keywheel-desktop --quick.";
    ShortcutUnavailable = "shortcut.unavailable", false, "this desktop gives no program a shortcut of its own", "Bind a shortcut in your desktop's settings to keywheel-desktop --quick.";
    ClipboardUnavailable = "clipboard.unavailable", true, "the clipboard cannot be used", "Check that a desktop session is running.";
    ClipboardEmpty = "clipboard.empty", false, "there is no text on the clipboard", "Copy the value at the provider first.";
    DefinitionInvalid = "definition.invalid", false, "the provider definition is not valid", "See the field named in the definition.";
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_a_distinct_dotted_word_with_a_fragment_and_a_remedy() {
        let words: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len(), "two codes share a word");
        for code in Code::ALL {
            assert!(code.as_str().contains('.'), "{} has no topic", code.as_str());
            let first = code.message().chars().next();
            assert!(
                first.is_some_and(|c| !c.is_uppercase() || code.message().starts_with("Keywheel")),
                "{}",
                code.message()
            );
            assert!(!code.message().ends_with('.'), "{}", code.message());
            assert!(code.remedy().ends_with('.'), "{}", code.remedy());
        }
    }
}
