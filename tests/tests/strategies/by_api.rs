//! The course of each strategy at the invented provider.

use keywheel_core::Code;
use keywheel_core::app::Remedy;
use keywheel_core::model::{Receipt, Status, WaiverKind};
use keywheel_core::rotation::{Ending, Event, Rotation, State, StepKind};
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use provider_sim::{Fault, GraceFrom, Strategy};
use tests::project::Project;
use tests::tape::Crossing;
use tests::{Mishap, Moment, What, code, went};

fn step(rotation: &Rotation) -> Option<StepKind> {
    rotation.position.step(&rotation.plan)
}

fn old_value(project: &Project) -> String {
    project.first.as_ref().expect("a key").value.clone()
}

/// Exactly the value that serves is accepted, and the old one was proven dead.
async fn assert_replaced(project: &Project, closed: &Rotation) {
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let serving = project.serving_value().await.expect("a value is held");
    assert_eq!(project.live_values(), std::slice::from_ref(&serving));
    assert_ne!(serving, old_value(project));
    let old = closed.subject.old.as_ref().expect("an old version");
    assert!(
        matches!(old.receipt, Some(Receipt::Refused { status: 401, .. })),
        "{old:?}"
    );
    assert_eq!(project.vault.len(), 4, "credential, fingerprint key, seal, new value");
}

#[tokio::test]
async fn a_keychain_that_is_too_small_for_the_largest_value_is_found_before_the_mint() {
    let project = Project::lab(Strategy::ReplaceFirst, GraceFrom::Roll).await;
    project.vault.set_largest(599);
    let failed = went(project.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::KeychainTooLarge));
    assert_eq!(project.live_values(), [old_value(&project)], "the old key works");
    project.vault.set_largest(600);
    let waiting = project.app().go_on(failed.id).await.expect("it goes on");
    assert_eq!(waiting.position.state, State::AwaitingPerson);
}

#[tokio::test]
async fn overlap_with_a_limit_frees_no_slot_by_itself() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert_eq!(project.live_values().len(), 2);
    let closed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_replaced(&project, &closed).await;
}

#[tokio::test]
async fn a_full_account_is_refused_at_the_check_and_keeps_both_keys() {
    let mut project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let key = project.key;
    project.create("second").await;
    project.key = key;
    let full = went(project.rotate().await);
    assert_eq!(full.position.state, State::Failed(Code::ProviderNoFreeSlot));
    assert_eq!(step(&full), Some(StepKind::Check));
    assert_eq!(project.live_values().len(), 2);
    let undone = project
        .app()
        .undo(full.id, &Default::default())
        .await
        .expect("nothing was done");
    assert_eq!(undone.position.state, State::Closed(Ending::Stopped));
}

#[tokio::test]
async fn roll_ends_the_old_value_with_the_mint_and_has_no_way_back() {
    let project = Project::lab(Strategy::Roll, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    assert_eq!(
        (waiting.position.state, step(&waiting)),
        (State::AwaitingPerson, Some(StepKind::Confirm))
    );
    assert!(
        !project.sim.accepts(&old_value(&project)),
        "the old value died with the roll"
    );
    assert!(!waiting.position.can_undo(&waiting.plan));
    assert_eq!(
        code(project.live(project.app().undo(waiting.id, &Default::default())).await),
        Code::RotationNotNow
    );
    let closed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_replaced(&project, &closed).await;
}

#[tokio::test]
async fn roll_with_grace_waits_out_what_the_provider_keeps() {
    let project = Project::lab(Strategy::RollWithGrace, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    assert!(project.sim.accepts(&old_value(&project)), "its grace runs");
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(step(&waits), Some(StepKind::Wait));
    assert_eq!(
        code(project.live(project.app().revoke_old_now(waits.id)).await),
        Code::RotationNotNow,
        "the grace is the provider's"
    );
    let closed = project.until_due().await;
    assert_replaced(&project, &closed).await;
}

#[tokio::test]
async fn where_the_first_use_starts_the_clock_verifying_is_the_switch() {
    let project = Project::lab(Strategy::RollWithGrace, GraceFrom::FirstUse).await;
    let waiting = went(project.rotate().await);
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    assert_eq!(
        project.sim.count("GET", "/v1/me"),
        1,
        "nothing but the old value was called with"
    );
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(step(&waits), Some(StepKind::Wait));
    assert!(project.sim.count("GET", "/v1/me") > 1);
    let closed = project.until_due().await;
    assert_replaced(&project, &closed).await;
}

#[tokio::test]
async fn replace_first_revokes_before_it_mints() {
    let project = Project::lab(Strategy::ReplaceFirst, GraceFrom::Roll).await;
    let app = project.app();
    let proposal = app
        .propose_rotation(project.key, VaultState::Ready)
        .await
        .expect("a plan");
    assert!(proposal.plan.has_outage());
    let waiting = went(project.rotate().await);
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    assert!(!project.sim.accepts(&old_value(&project)));
    let closed = app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert_replaced(&project, &closed).await;
}

#[tokio::test]
async fn a_key_whose_old_value_was_revoked_is_not_calm_before_another_is_in_its_place() {
    let project = Project::lab(Strategy::ReplaceFirst, GraceFrom::Roll).await;
    let app = project.app();
    let status = async || {
        let facts = app.key_facts(project.key, VaultState::Ready).await.expect("a key");
        facts.standing.status()
    };
    project
        .sim
        .inject(Fault::status(409).before().on("POST", "/v1/projects/*/keys"));
    let failed = went(project.rotate().await);
    assert_eq!(step(&failed), Some(StepKind::Mint));
    assert!(project.live_values().is_empty(), "nothing of it works");
    assert_eq!(status().await, Status::NotReplaced);
    let put_off = app.waive(project.key, WaiverKind::AcceptRisk, "later", 30).await;
    let put_off = put_off.expect_err("its rotation is the way on");
    assert_eq!(put_off.code, Code::KeyNoFinding);
    let leaked = app.paste("key", old_value(&project)).expect("a value").handle;
    let found = app.identify(&leaked, VaultState::Ready).await.expect("an answer");
    assert_eq!(found.ours.first().map(|one| one.remedy), Some(Remedy::UnderWay));
    let waiting = app.go_on(failed.id).await.expect("it goes on");
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    assert_eq!(status().await, Status::NotReplaced, "no program has the new one");
    app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(status().await, Status::Fresh);
}

#[tokio::test]
async fn after_a_leak_the_old_key_can_go_first_where_two_may_live() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let app = project.app();
    let shown = app.propose_revoke_first(project.key, VaultState::Ready).await;
    let shown = shown.expect("a plan");
    assert!(shown.plan.has_outage());
    let usual = app
        .start_rotation(project.key, &shown.hash, VaultState::Ready)
        .await
        .expect_err("another plan than the one that was shown");
    assert_eq!(usual.code, Code::RotationPlanChanged);
    let waiting = went(project.revoke_first().await);
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    assert!(!project.sim.accepts(&old_value(&project)));
    assert_eq!(project.live_values().len(), 1, "the new one only");
    let closed = app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert_replaced(&project, &closed).await;
}

#[tokio::test]
async fn where_the_strategy_decides_a_leak_changes_nothing_of_the_plan() {
    for strategy in [
        Strategy::Roll,
        Strategy::RollWithGrace,
        Strategy::ReplaceFirst,
        Strategy::TwoSlot,
    ] {
        let project = Project::lab(strategy, GraceFrom::Roll).await;
        let (app, key) = (project.app(), project.key);
        let usual = app.propose_rotation(key, VaultState::Ready).await.expect("a plan");
        let first = app.propose_revoke_first(key, VaultState::Ready).await.expect("a plan");
        assert_eq!(usual.hash, first.hash, "{strategy:?}");
    }
}

#[tokio::test]
async fn two_slots_are_filled_in_turn() {
    let project = Project::lab(Strategy::TwoSlot, GraceFrom::Roll).await;
    let slot = |rotation: &Rotation| {
        let new = rotation.subject.new.as_ref().expect("a new version");
        new.remote_id.clone().expect("its slot")
    };
    let waiting = went(project.rotate().await);
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    assert_eq!(slot(&waiting), "secondary");
    assert!(project.sim.accepts(&old_value(&project)), "its slot is not touched yet");
    let closed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&old_value(&project)));
    let serving = project.serving_value().await.expect("a value is held");
    assert!(project.sim.accepts(&serving));

    let again = went(project.rotate().await);
    assert_eq!(slot(&again), "primary", "the other one's turn");
    assert!(project.sim.accepts(&serving));
    let undone = project
        .app()
        .undo(again.id, &Default::default())
        .await
        .expect("it can be taken back");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(project.serving_value().await, Some(serving));
}

#[tokio::test]
async fn a_lost_roll_is_rolled_once_more_and_nothing_else() {
    for at in ["before", "after"] {
        let project = Project::lab(Strategy::Roll, GraceFrom::Roll).await;
        let fault = Fault::drop_connection().on("POST", "/v1/projects/*/keys/*/roll");
        project
            .sim
            .inject(if at == "before" { fault.before() } else { fault.after() });
        let waiting = went(project.rotate().await);
        assert_eq!(waiting.position.state, State::AwaitingPerson, "{at}");
        assert_eq!(project.sim.count("POST", "/v1/projects/*/keys/*/roll"), 2, "{at}");
        let closed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
        assert_replaced(&project, &closed).await;
    }
}

#[tokio::test]
async fn a_lost_roll_with_grace_asks_because_another_one_may_end_the_grace() {
    let project = Project::lab(Strategy::RollWithGrace, GraceFrom::Roll).await;
    project.sim.inject(
        Fault::drop_connection()
            .on("POST", "/v1/projects/*/keys/*/roll")
            .after(),
    );
    let asking = went(project.rotate().await);
    assert_eq!(asking.position.state, State::Asking);
    let app = project.app();
    let waiting = app
        .answer(asking.id, keywheel_core::app::Answer::Absent)
        .await
        .expect("once more");
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    app.confirm_replaced(waiting.id).await.expect("it goes on");
    let closed = project.until_due().await;
    assert_replaced(&project, &closed).await;
}

#[tokio::test]
async fn a_value_that_the_keychain_lost_is_made_anew_although_the_old_key_is_gone() {
    let stored = |one: &Crossing| one.what == What::Record(Event::Applied(StepKind::Mint));
    let rehearsal = Project::lab(Strategy::ReplaceFirst, GraceFrom::Roll).await;
    went(rehearsal.rotate().await);
    let at = rehearsal
        .tape
        .crossings()
        .into_iter()
        .find(stored)
        .expect("it is minted")
        .n;

    let mut project = Project::lab(Strategy::ReplaceFirst, GraceFrom::Roll).await;
    project.tape.strike(at, Moment::After, Mishap::Crash);
    assert!(
        project.rotate().await.is_err(),
        "it is cut before the value is read back"
    );
    let cut = project.rotation().await.expect("it was opened");
    let new = cut.subject.new.as_ref().expect("a new version");
    assert!(new.held, "so it was written down");
    let lost = project.vault.delete(&VaultRef::version(new.id)).await;
    lost.expect("the keychain answers");
    project.reopen().await;
    let again = project.app().go_on(cut.id).await.expect("it goes on");
    assert_eq!(again.position.state, State::AwaitingPerson, "{:?}", again.position);
    assert_eq!(project.live_values().len(), 1, "the lost one is revoked");
    let closed = project.app().confirm_replaced(again.id).await.expect("it goes on");
    assert_replaced(&project, &closed).await;
}
