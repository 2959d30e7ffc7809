//! The old key is revoked when nobody uses it any more, judged by the provider's ledger.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use keywheel_core::Code;
use keywheel_core::clock::Clock;
use keywheel_core::model::{Policy, PolicyScope};
use keywheel_core::rotation::{Ending, Event, Rotation, State, StepKind};
use keywheel_core::vault::VaultState;
use provider_sim::{Fault, GraceFrom, KeyRecord, Strategy};
use serde_json::json;
use tests::project::Project;
use tests::{Mishap, Moment, What, code, from_use, lab, went};

use super::person::{call_with, delete};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// What the policy asks for, and how late a use may show.
const QUIET: SignedDuration = SignedDuration::from_secs(3600 + 30);

fn old_value(project: &Project) -> String {
    project.first.as_ref().expect("a key").value.clone()
}

/// A program goes on with the old key.
async fn used(project: &Project) -> Timestamp {
    assert_eq!(call_with(project, &old_value(project)).await, 200, "it works");
    project.clock.now()
}

/// Why the old key is not revoked, and when that is asked again.
fn hears(rotation: &Rotation) -> (Code, Timestamp) {
    assert_eq!(rotation.position.step(&rotation.plan), Some(StepKind::RevokeOld));
    match rotation.position.state {
        State::AwaitingTime {
            until,
            code: Some(code),
        } => (code, until),
        state => panic!("it does not wait: {state:?}"),
    }
}

/// The old key is gone, and was not used within the quiet time before.
fn assert_ended_in_silence(project: &Project, closed: &Rotation) {
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let ledger = project.sim.ledger();
    let old = ledger.key_by_value(&old_value(project)).expect("the provider knows it");
    let ended = old.revoked_at.expect("it was revoked");
    if let Some(used) = old.last_used_at {
        assert!(ended.duration_since(used) >= QUIET, "used {used}, revoked {ended}");
    }
}

async fn in_use(strategy: Strategy) -> (Project, Rotation, Timestamp) {
    let project = match strategy {
        // By its list, as elsewhere: only a value in use tells which of two slots serves.
        Strategy::TwoSlot => {
            let project = Project::lab(strategy, GraceFrom::Roll).await;
            project.as_if_minted().await;
            project
        }
        _ => Project::lab(strategy, GraceFrom::Roll).await,
    };
    let waiting = went(project.rotate().await);
    let at = used(&project).await;
    project.clock.advance(SignedDuration::from_mins(10));
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    (project, waits, at)
}

#[tokio::test]
async fn a_key_that_nobody_uses_is_revoked_at_once() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let closed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_ended_in_silence(&project, &closed);
}

#[tokio::test]
async fn a_key_that_is_in_use_is_not_revoked_before_it_has_been_silent() {
    for strategy in [Strategy::Overlap, Strategy::TwoSlot] {
        let (mut project, waits, at) = in_use(strategy).await;
        assert_eq!(hears(&waits), (Code::KeyStillUsed, at + QUIET), "{strategy:?}");
        assert!(waits.needs_person(), "a person has to see where it is used");
        let seen = waits.subject.old.as_ref().and_then(|old| old.last_used_at);
        assert_eq!(seen, Some(at), "shown with when it was last seen");

        project.clock.advance(SignedDuration::from_mins(40));
        let again = used(&project).await;
        project.reopen().await;
        let still = project.until_due().await;
        assert_eq!(hears(&still), (Code::KeyStillUsed, again + QUIET));
        assert!(project.sim.accepts(&old_value(&project)));

        let closed = project.until_due().await;
        assert_ended_in_silence(&project, &closed);
        assert!(!project.sim.accepts(&old_value(&project)));
    }
}

#[tokio::test]
async fn it_is_asked_anew_right_before_each_revocation() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let may_not = Fault::status(403).before();
    project.sim.inject(may_not.on("DELETE", "/v1/projects/*/keys/*"));
    let failed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(
        failed.position.state,
        State::Failed(Code::CredentialNotAllowed),
        "it was silent, and is not revoked"
    );
    let at = used(&project).await;
    let held = project.app().go_on(failed.id).await.expect("it goes on");
    assert_eq!(hears(&held), (Code::KeyStillUsed, at + QUIET));
    assert!(project.sim.accepts(&old_value(&project)));
    let closed = project.until_due().await;
    assert_ended_in_silence(&project, &closed);
}

#[tokio::test]
async fn a_revocation_that_did_nothing_is_sent_again_without_asking() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    project
        .sim
        .inject(Fault::no_effect().on("DELETE", "/v1/projects/*/keys/*"));
    let begun = project.clock.now();
    let mut here = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    while !here.position.is_closed() {
        here = project.until_due().await;
        let taken = project.clock.now().duration_since(begun);
        assert!(taken < HOUR, "the calls that prove its end are no use of it");
    }
    assert!(!project.sim.accepts(&old_value(&project)));
}

#[tokio::test]
async fn a_person_may_revoke_it_anyway_and_that_is_recorded() {
    let (project, waits, _) = in_use(Strategy::Overlap).await;
    let app = project.app();
    let now = project.live(app.revoke_old_now(waits.id)).await;
    assert_eq!(code(now), Code::RotationNotNow, "to end the overlap is another act");
    let closed = app.revoke_anyway(waits.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&old_value(&project)));
    let said = closed.records.iter().filter(|record| record.event == Event::Anyway);
    assert_eq!(said.count(), 1);
    let told = app.activity(50).await.expect("the activity");
    assert!(
        told.iter()
            .any(|event| event.verb == "key.revoked_anyway" && event.actor == "cli")
    );
}

#[tokio::test]
async fn what_waits_for_silence_can_be_taken_back() {
    let (project, waits, _) = in_use(Strategy::Overlap).await;
    let undone = project
        .app()
        .undo(waits.id, &from_use(&waits))
        .await
        .expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(project.live_values(), [old_value(&project)], "the old key serves on");
}

#[tokio::test]
async fn no_answer_is_no_silence() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    project
        .sim
        .inject(Fault::status(500).before().always().on("GET", "/v1/projects/*/keys"));
    let mut waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let (why, until) = hears(&waits);
        assert_eq!(why, Code::KeyUseUnknown);
        pauses.push(until.duration_since(project.machine.now()));
        waits = project.until_due().await;
    }
    assert!(
        pauses.is_sorted() && *pauses.last().expect("some") == HOUR,
        "less and less often: {pauses:?}"
    );
    assert!(project.sim.accepts(&old_value(&project)));
    assert!(waits.may_revoke_anyway());
    project.sim.clear_faults();
    let closed = project.until_due().await;
    assert_ended_in_silence(&project, &closed);
}

#[tokio::test]
async fn a_last_use_that_cannot_be_read_is_no_silence() {
    let text = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let elsewhere = text.replace("[\"/last_used_at\"]", "[\"/used\"]");
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &elsewhere).await;
    let waiting = went(project.rotate().await);
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(hears(&waits).0, Code::KeyUseUnknown);
    assert!(project.sim.accepts(&old_value(&project)));
    let closed = project.app().revoke_anyway(waits.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn a_key_that_is_not_listed_is_dead_only_when_a_call_with_it_is_refused() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    delete(&project, &project.first.as_ref().expect("a key").key_id).await;
    project
        .sim
        .inject(Fault::status(500).before().always().on("GET", "/v1/me"));
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(hears(&waits).0, Code::KeyUseUnknown, "a list may lag");
    assert!(waits.may_revoke_anyway());
    project.sim.clear_faults();
    let closed = project.until_due().await;
    assert_eq!(
        closed.position.state,
        State::Closed(Ending::Completed),
        "gone is what was wanted"
    );
}

#[tokio::test]
async fn a_credential_that_is_refused_is_told_and_not_waited_out() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let may_not = Fault::status(403).before().always();
    project.sim.inject(may_not.on("GET", "/v1/projects/*/keys"));
    let failed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(failed.position.state, State::Failed(Code::CredentialNotAllowed));
    assert!(project.sim.accepts(&old_value(&project)));
    let closed = project.app().revoke_anyway(failed.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn keywheels_own_check_is_named_as_what_it_may_be() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    project.app().verify(project.key).await.expect("it answers");
    let at = project.clock.now();
    project.clock.advance(SignedDuration::from_mins(10));
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(
        hears(&waits),
        (Code::KeyUsedByUs, at + QUIET),
        "it may hide another use"
    );
    let closed = project.until_due().await;
    assert_ended_in_silence(&project, &closed);
}

#[tokio::test]
async fn this_machines_clock_does_not_make_it_silent() {
    let (mut project, waits, at) = in_use(Strategy::Overlap).await;
    project.machine.jump(10 * 3600);
    project.reopen().await;
    assert_eq!(project.app().tick().await.expect("a tick").len(), 1, "it is asked");
    let still = project.app().rotation(waits.id).await.expect("a rotation");
    let left = (at + QUIET).duration_since(project.clock.now());
    assert_eq!(hears(&still), (Code::KeyStillUsed, project.machine.now() + left));
    assert!(project.sim.accepts(&old_value(&project)));
}

#[tokio::test]
async fn a_providers_date_does_not_make_it_silent() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let at = used(&project).await;
    project.sim.inject(Fault::dated(80 * 365 * 24 * 3600).always());
    project.clock.advance(SignedDuration::from_mins(10));
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(hears(&waits), (Code::KeyStillUsed, at + QUIET));
    assert!(project.sim.accepts(&old_value(&project)));
    let closed = project.until_due().await;
    assert_ended_in_silence(&project, &closed);
}

#[tokio::test]
async fn an_emergency_and_a_policy_that_does_not_ask_wait_for_nothing() {
    let (project, waits, _) = in_use(Strategy::Overlap).await;
    project
        .app()
        .undo(waits.id, &from_use(&waits))
        .await
        .expect("it goes on");
    let app = project.app();
    let shown = app
        .propose_revoke(project.key, VaultState::Ready)
        .await
        .expect("a plan");
    assert!(!shown.plan.listens(), "a revocation is at once");
    let first = app
        .propose_revoke_first(project.key, VaultState::Ready)
        .await
        .expect("a plan");
    assert!(!first.plan.listens(), "after a leak the old key goes first");
    let before = app
        .propose_rotation(project.key, VaultState::Ready)
        .await
        .expect("a plan");
    let policy = Policy {
        quiet_hours: Some(0),
        ..Policy::open(PolicyScope::Key(project.key))
    };
    app.set_policy(&policy).await.expect("a policy");
    let late = app.start_rotation(project.key, &before.hash, VaultState::Ready).await;
    assert_eq!(late.err().map(|failure| failure.code), Some(Code::RotationPlanChanged));
    let waiting = went(project.rotate().await);
    used(&project).await;
    let closed = app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn a_use_that_shows_in_the_last_list_keeps_the_old_key() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    // Once its use was asked for, a program goes on with it.
    let sim = project.sim.clone();
    let (old, now) = (old_value(&project), project.clock.now());
    let uses = Mishap::Meanwhile(Arc::new(move || {
        let entry = |key: KeyRecord| {
            let used = (key.value == old).then(|| now.to_string());
            json!({ "id": key.key_id, "name": key.name, "prefix": null, "created_at": key.created_at.to_string(),
                    "last_used_at": used })
        };
        let live = sim.ledger().keys.into_iter().filter(KeyRecord::is_live);
        let listed = json!({ "keys": live.map(entry).collect::<Vec<_>>() });
        sim.inject(
            Fault::status(200)
                .body(listed)
                .before()
                .on("GET", "/v1/projects/*/keys"),
        );
    }));
    let list =
        |what: &What| matches!(what, What::Request { method, path } if method == "GET" && path.ends_with("/keys"));
    project.tape.strike_first(list, Moment::After, uses);
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(hears(&waits).0, Code::KeyStillUsed);
    assert!(project.sim.accepts(&old_value(&project)));
}

#[tokio::test]
async fn a_new_key_that_somebody_uses_is_discarded_only_by_its_name() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let new = project.new_value(&waiting).await;
    project.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(call_with(&project, &new).await, 200, "a program has it");
    project.clock.advance(SignedDuration::from_mins(1));
    let refused = project.app().undo(waiting.id, &Default::default()).await.err();
    assert_eq!(refused.map(|failure| failure.code), Some(Code::RotationNewInUse));
    assert!(project.sim.accepts(&new));
    project.app().refresh(None).await.expect("a list");
    let known = project.rotation().await.expect("a rotation");
    assert!(known.is_in_use(), "the sheet asks for the name too");
    let undone = project
        .app()
        .undo(waiting.id, &from_use(&waiting))
        .await
        .expect("its person knows");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(!project.sim.accepts(&new));
}

#[tokio::test]
async fn whether_the_old_key_is_used_is_asked_though_its_id_is_told_later() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let id = project.first.as_ref().expect("a key").key_id.clone();
    let mut database = project.database().await;
    let forgotten = sqlx::query("UPDATE key_versions SET remote_id = NULL, prefix = NULL")
        .execute(&mut database)
        .await;
    forgotten.expect("nobody knows its id");
    let waiting = went(project.rotate().await);
    let app = project.app();
    app.tell_id(project.key, &id).await.expect("a person does");
    used(&project).await;
    project.clock.advance(SignedDuration::from_mins(10));
    let waits = app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(hears(&waits).0, Code::KeyStillUsed);
    assert!(project.sim.accepts(&old_value(&project)));
}
