//! What a refusal, a list or a use that was told once says, and what it does not.

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::model::{Receipt, Secret};
use keywheel_core::rotation::{Ending, State, StepKind, TakeBack};
use keywheel_core::vault::{Vault, VaultRef};
use provider_sim::{Fault, GraceFrom, KeyRecord, Strategy};
use serde_json::json;
use tests::cells::{Doer, Listing, Shape};
use tests::project::Project;
use tests::{lab, went};

const MADE: &str = "/v1/projects/*/keys";
const ONE: &str = "/v1/projects/*/keys/*";
const ME: &str = "/v1/me";

/// Whoever asks is refused, as after the end of a key.
fn refuses() -> Fault {
    let body = json!({ "error": { "code": "invalid_key" } });
    Fault::status(401).body(body).before().on("GET", ME)
}

async fn unlisted() -> Project {
    let definition = lab::unlisted(Strategy::Overlap, GraceFrom::Roll);
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    project.as_if_minted().await;
    project
}

fn record(project: &Project, value: &str) -> KeyRecord {
    let ledger = project.sim.ledger();
    ledger.key_by_value(value).expect("it was made").clone()
}

#[tokio::test]
async fn who_refuses_everything_proves_no_end() {
    let project = unlisted().await;
    let waiting = went(project.rotate().await);
    // The new key is asked once before; from then on all are refused.
    let old = project.first.as_ref().expect("a key").value.clone();
    project.sim.inject(Fault::status(204).before().on("DELETE", ONE));
    project.sim.inject(refuses().nth(2).always());
    let sim = project.sim.clone();
    let sent = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let waits = project.on(sent, 3).await;
    assert!(!waits.position.is_closed(), "{:?}", waits.position);
    assert!(sim.accepts(&old), "it lives");
    sim.clear_faults();
    let version = waits.subject.old.as_ref().expect("the old one").id;
    let value = project.vault.get(&VaultRef::version(version)).await;
    assert!(value.expect("the keychain answers").is_some(), "and its value is kept");
}

#[tokio::test]
async fn a_first_key_that_is_taken_back_while_all_are_refused_is_kept() {
    let mut project = unlisted().await;
    let app = project.app();
    app.verify(project.key).await.expect("it is accepted");
    project.sim.inject(refuses().always());
    project.sim.inject(Fault::status(204).before().on("DELETE", ONE));
    let begun = project.create("reports").await;
    let failed = project.on(begun, 30).await;
    assert_eq!(failed.position.state, State::Failed(Code::KeyNotAccepted));
    let new = failed.subject.new.expect("a new version").id;
    let made = project.sim.ledger().keys.into_iter().next_back().expect("it was made");
    app.undo(failed.id, &TakeBack::default()).await.expect("it is tried");
    project.sim.clear_faults();
    assert!(project.sim.accepts(&made.value), "nothing was carried out");
    let value = project.vault.get(&VaultRef::version(new)).await;
    assert!(value.expect("the keychain answers").is_some(), "and its value is kept");
}

#[tokio::test]
async fn an_emergency_revocation_without_an_answer_is_sent_again_before_a_refusal_counts() {
    let project = unlisted().await;
    let app = project.app();
    project
        .sim
        .inject(Fault::status(503).before().times(2).on("DELETE", ONE));
    project.sim.inject(refuses().times(2));
    let proposal = app.propose_revoke(project.key, keywheel_core::vault::VaultState::Ready);
    let hash = proposal.await.expect("a plan").hash;
    let id = app.start_revoke(project.key, &hash, keywheel_core::vault::VaultState::Ready);
    let first = app.go_on(id.await.expect("it is opened")).await.expect("it is tried");
    let stopped = project.on(first, 3).await;
    let old = project.first.as_ref().expect("a key").value.clone();
    assert!(!stopped.position.is_closed(), "{:?}", stopped.position);
    assert!(project.sim.accepts(&old), "nothing was carried out");
    project.sim.clear_faults();
    let mut ended = app.go_on(stopped.id).await.expect("it goes on");
    ended = project.on(ended, 9).await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&old));
}

#[tokio::test]
async fn a_discarded_key_is_proven_dead_only_while_the_old_one_is_accepted() {
    let project = unlisted().await;
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.as_ref().expect("a new version").id;
    let app = project.app();
    // It is asked whether the old one serves, and that is the last that is accepted.
    project.sim.inject(Fault::status(204).before().on("DELETE", ONE));
    let sim = project.sim.clone();
    project.sim.inject(refuses().nth(2).always());
    let undone = app.undo(waiting.id, &TakeBack::default()).await.expect("it is begun");
    let undone = project.on(undone, 3).await;
    let ended = undone.subject.new.as_ref().expect("a new version");
    assert!(
        !matches!(ended.receipt, Some(Receipt::Refused { .. })),
        "{:?}",
        ended.receipt
    );
    sim.clear_faults();
    let value = project.vault.get(&VaultRef::version(new)).await;
    assert!(value.expect("the keychain answers").is_some(), "it may live");
}

#[tokio::test]
async fn a_use_that_was_told_once_is_not_taken_back_by_a_list_that_forgets_it() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let app = project.app();
    let mut policy = keywheel_core::model::Policy::open(keywheel_core::model::PolicyScope::All);
    policy.quiet_hours = Some(1);
    app.set_policy(&policy).await.expect("a policy");
    let waiting = went(project.rotate().await);
    let old = project.first.clone().expect("a key");
    let new = waiting.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    let list = |used: Option<String>| {
        let entry =
            |id: &str, used: &Option<String>| json!({ "id": id, "name": null, "prefix": null, "last_used_at": used });
        let keys = [
            entry(&old.key_id, &used),
            entry(new.as_deref().unwrap_or_default(), &None),
        ];
        let body = json!({ "keys": keys });
        Fault::status(200).body(body).before().always().on("GET", MADE)
    };
    project.sim.inject(list(Some(project.clock.now().to_string())));
    let spared = app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert!(
        matches!(spared.position.state, State::AwaitingTime { .. }),
        "{:?}",
        spared.position
    );
    project.sim.clear_faults();
    project.sim.inject(list(None));
    project.clock.advance(SignedDuration::from_mins(10));
    let asked = app.go_on(waiting.id).await.expect("it is asked again");
    assert_eq!(
        asked.position.step(&asked.plan),
        Some(StepKind::RevokeOld),
        "{:?}",
        asked.position
    );
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    assert!(project.sim.accepts(&old.value));
}

#[tokio::test]
async fn in_place_a_value_that_is_refused_already_is_not_replaced_before_somebody_was_told() {
    for strategy in [Strategy::Roll, Strategy::TwoSlot] {
        let project = deaf(strategy).await;
        let first = project.first.clone().expect("a key");
        let theirs = project
            .page()
            .roll(&record(&project, &first.value))
            .await
            .expect("somebody else's rotation");
        let stopped = went(project.rotate().await);
        assert_eq!(
            stopped.position.state,
            State::Failed(Code::KeyRefusedAlready),
            "{strategy:?}"
        );
        assert!(project.sim.accepts(&theirs.value), "what is in use now goes on");
        let went_on = project.app().go_on(stopped.id).await.expect("a person was told");
        assert_eq!(went_on.position.state, State::AwaitingPerson, "{strategy:?}");
    }
}

/// A provider that tells no last use.
async fn deaf(strategy: Strategy) -> Project {
    let definition = lab::definition(strategy, GraceFrom::Roll);
    let definition = definition.replace("last_used_at = [\"/last_used_at\"]\n", "");
    Project::with(
        strategy,
        GraceFrom::Roll,
        &definition.replace("last_used_lag_seconds = 30\n", ""),
    )
    .await
}

#[tokio::test]
async fn a_slot_that_somebody_has_filled_anew_is_not_filled_again_by_itself() {
    let project = deaf(Strategy::TwoSlot).await;
    let first = project.first.clone().expect("a key");
    let waiting = went(project.rotate().await);
    let theirs = project
        .page()
        .roll(&record(&project, &first.value))
        .await
        .expect("a colleague's");
    let parked = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(
        parked.spared(),
        Some(Code::KeyReplacedElsewhere),
        "{:?}",
        parked.position
    );
    assert!(project.sim.accepts(&theirs.value));
}

#[tokio::test]
async fn a_value_that_is_handed_over_again_is_not_written_over_the_former_one() {
    let definition = lab::by_person(Strategy::Overlap, GraceFrom::Roll);
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let asked = went(project.rotate().await);
    let first = project.page().make("first").await.expect("there is room");
    project.sim.inject(refuses());
    let refused = went(project.take(asked.id, &first.value).await);
    let app = project.app();
    app.paste_again(refused.id).await.expect("once more");
    let before = project.vault.refs().len();
    went(project.take(asked.id, "lab_0123456789abcdefghij").await);
    assert_eq!(project.vault.refs().len(), before + 1, "the former one is there too");
    let strays = app.strays().await.expect("a look");
    assert_eq!(strays.len(), 1);
}

/// As a keychain that is put back from its backup, or that lost in a crash what was done last.
#[tokio::test]
async fn a_value_that_was_taken_out_and_is_there_again_is_found() {
    let project = deaf(Strategy::Overlap).await;
    let waiting = went(project.rotate().await);
    let app = project.app();
    let mut ended = app.confirm_replaced(waiting.id).await.expect("it goes on");
    ended = project.on(ended, 9).await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    let old = ended.subject.old.as_ref().expect("the old one").id;
    assert!(app.strays().await.expect("a look").is_empty());
    let at = VaultRef::version(old);
    project
        .vault
        .put(&at, &Secret::new("rt_old".to_owned()))
        .await
        .expect("it is put back");
    let strays = app.strays().await.expect("a look");
    assert_eq!(strays.iter().map(|stray| stray.id).collect::<Vec<_>>(), [old]);
    let of = strays[0].of.as_ref().expect("its row tells");
    assert_eq!((of.key.id, of.ended, of.altered), (ended.subject.key.id, true, true));
    let first = project.first.as_ref().expect("a key").value.clone();
    let put = project.vault.put(&at, &Secret::new(first)).await;
    put.expect("as it was stored");
    let strays = app.strays().await.expect("a look");
    let of = strays[0].of.as_ref().expect("its row tells");
    assert_eq!((of.key.id, of.ended, of.altered), (ended.subject.key.id, true, false));
    app.forget_stray(old).await.expect("an order");
    assert!(!project.vault.holds(&at));
}

#[tokio::test]
async fn by_the_id_of_a_key_that_is_named_otherwise_nothing_is_revoked() {
    let project = deaf(Strategy::Overlap).await;
    let waiting = went(project.rotate().await);
    let mut ended = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    ended = project.on(ended, 9).await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    let ours = ended.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    let ours = ours.expect("its id");
    // The id is another one's by now: its name tells.
    let again = went(project.rotate().await);
    let new = again.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    let entry = |id: &str, name: &str| json!({ "id": id, "name": name, "prefix": null, "created_at": null, "last_used_at": null });
    let mint = again.mint_name.clone().expect("a name");
    let keys = [entry(&ours, "billing"), entry(&new.expect("an id"), &mint)];
    let listed = Fault::status(200).body(json!({ "keys": keys })).before().always();
    project.sim.inject(listed.on("GET", MADE));
    let sent = project.sim.count("DELETE", ONE);
    let stopped = project.app().confirm_replaced(again.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyIdAnothers));
    assert_eq!(project.sim.count("DELETE", ONE), sent);
    assert!(stopped.may_revoke_anyway());
}

#[tokio::test]
async fn a_file_that_is_away_is_not_taken_for_one_that_nobody_reads() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll)
        .await
        .used_in_files(1)
        .await;
    let waiting = went(project.rotate().await);
    let file = project.places[0].path.clone();
    let away = file.with_extension("away");
    std::fs::rename(&file, &away).expect("it is away");
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::TargetGone));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    std::fs::rename(&away, &file).expect("it is back");
    let went_on = project.app().go_on(stopped.id).await.expect("it goes on");
    assert!(went_on.position.is_closed() || project.sim.count("DELETE", ONE) == 1);
}

#[tokio::test]
async fn a_shortened_name_is_a_question_and_no_second_mint() {
    let shape = Shape {
        strategy: Strategy::Overlap,
        mints: Doer::Api,
        revokes: Doer::Api,
        lists: Listing::Names,
        verifies: true,
    };
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &shape.definition()).await;
    project.sim.inject(Fault::drop_connection().before().on("POST", MADE));
    let old = project.first.clone().expect("a key");
    let entry = |id: &str, name: &str| json!({ "id": id, "name": name, "prefix": null, "created_at": null, "last_used_at": null });
    let app = project.app();
    let proposal = app.propose_rotation(project.key, keywheel_core::vault::VaultState::Ready);
    let hash = proposal.await.expect("a plan").hash;
    let id = app.start_rotation(project.key, &hash, keywheel_core::vault::VaultState::Ready);
    let id = id.await.expect("it is opened");
    // The check has seen the old key alone; the list shows another one since, whose name was cut off.
    let keys = [entry(&old.key_id, "backend"), entry("key_cut", "backend ~k")];
    let after = Fault::status(200).body(json!({ "keys": keys })).before().always();
    project.sim.inject(after.nth(3).on("GET", MADE));
    let mut asked = app.go_on(id).await.expect("it goes on");
    asked = project.on(asked, 3).await;
    assert_eq!(asked.position.state, State::Asking, "{:?}", asked.position);
    assert_eq!(project.sim.count("POST", MADE), 1);
}
