//! Mints that were carried out although nobody thought so: late, or although they were refused. Their names tell that they
//! are ours; and where there are none, lists that do not tell what became of a mint.

use std::sync::Arc;

use keywheel_core::Code;
use keywheel_core::app::Answer;
use keywheel_core::rotation::{Ending, State, TakeBack};
use keywheel_core::store::{DB_FILE, Unaccounted};
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::json;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tests::project::Project;
use tests::{Mishap, Moment, What, lab, went};

const MADE: &str = "/v1/projects/*/keys";

async fn read(project: &Project) -> Vec<Unaccounted> {
    project.clock.advance(jiff::SignedDuration::from_mins(5));
    project.app().refresh(None).await.expect("the list is read");
    project.app().unaccounted().await.expect("what nobody accounts for")
}

/// The names that mints of ours were sent with, oldest first.
async fn names(project: &Project) -> Vec<String> {
    let file = project.dir.path().join(DB_FILE);
    let mut database = SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .expect("it opens");
    let names = sqlx::query_scalar("SELECT name FROM mints ORDER BY sent_at");
    names.fetch_all(&mut database).await.expect("it is read")
}

#[tokio::test]
async fn a_key_that_was_made_by_a_refused_mint_is_shown_as_ours_and_can_be_revoked() {
    let project = Project::with_room(5).await;
    project.sim.inject(Fault::status(409).after().on("POST", MADE));
    let failed = went(project.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::ProviderRefused));
    let undone = project.app().undo(failed.id, &TakeBack::default()).await;
    assert_eq!(
        undone.expect("it is stopped").position.state,
        State::Closed(Ending::Stopped)
    );
    let keys = project.app().refresh(None).await.map(|_| ());
    keys.expect("the list is read");
    let shown = read(&project).await;
    let [entry] = shown.as_slice() else {
        panic!("it is shown once: {shown:?}")
    };
    assert_eq!(entry.rotation_id, Some(failed.id));
    let remote_id = entry.remote_id.clone().expect("its id is listed");
    let revoke = Answer::Revoke {
        remote_id: remote_id.clone(),
    };
    project
        .app()
        .settle_unaccounted(entry.id, revoke)
        .await
        .expect("it is revoked");
    assert_eq!(project.live_values().len(), 1, "the old one");
    assert_eq!(read(&project).await, []);
}

#[tokio::test]
async fn a_first_mint_that_comes_late_is_ours_and_no_other_machines() {
    let project = Project::with_room(5).await;
    project.sim.inject(Fault::drop_connection().before().on("POST", MADE));
    let mut waiting = went(project.rotate().await);
    while waiting.position.state != State::AwaitingPerson {
        waiting = project.until_due().await;
    }
    let names = names(&project).await;
    let [first, second] = names.as_slice() else {
        panic!("two were sent: {names:?}")
    };
    assert_eq!(waiting.mint_name.as_ref(), Some(second));
    let late = project.page().make(first).await.expect("there is room");
    let mut ended = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    for _ in 0..9 {
        if !ended.position.is_closed() {
            ended = project.until_due().await;
        }
    }
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    let shown = read(&project).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].remote_id.as_ref(), Some(&late.key_id));
    project
        .app()
        .settle_unaccounted(shown[0].id, Answer::Keep)
        .await
        .expect("it is somebody's");
    assert_eq!(read(&project).await, [], "it is not told again");
    assert!(project.sim.accepts(&late.value));
}

#[tokio::test]
async fn a_key_that_was_replaced_in_place_by_a_refused_request_is_not_said_to_be_as_before() {
    let project = Project::lab(Strategy::Roll, GraceFrom::Roll).await;
    project
        .sim
        .inject(Fault::status(409).after().on("POST", "/v1/projects/*/keys/*/roll"));
    let failed = went(project.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::ProviderRefused));
    let refused = project.app().undo(failed.id, &TakeBack::default()).await;
    let refused = refused.err().map(|failure| failure.code);
    assert_eq!(refused, Some(Code::RotationMayHaveChanged), "the old value is dead");
    let anyway = TakeBack {
        anyway: true,
        ..TakeBack::default()
    };
    let stopped = project.app().undo(failed.id, &anyway).await.expect("it is ordered");
    assert!(stopped.position.is_closed());
}

/// A project whose list shows no names.
async fn unnamed() -> Project {
    Project::with_room_by(5, &lab::unnamed(Strategy::Overlap, GraceFrom::Roll)).await
}

#[tokio::test]
async fn a_list_without_what_was_there_before_settles_no_lost_mint() {
    for lasts in [false, true] {
        let project = unnamed().await;
        let sim = project.sim.clone();
        let empty = Mishap::Meanwhile(Arc::new(move || {
            let none = Fault::status(200).body(json!({ "keys": [] }));
            sim.inject(none.before().always().on("GET", MADE));
        }));
        let mint = |what: &What| matches!(what, What::Request { method, .. } if method == "POST");
        project.tape.strike_first(mint, Moment::After, empty);
        project.sim.inject(Fault::drop_connection().after().on("POST", MADE));
        let lost = went(project.rotate().await);
        assert_eq!(lost.position.state, State::Unknown(Code::ProviderListLacks));
        if !lasts {
            project.sim.clear_faults();
        }
        let asking = project.app().go_on(lost.id).await.expect("it is read again");
        assert_eq!((asking.position.state, asking.mints), (State::Asking, 1));
        let shown = project.app().unaccounted().await.expect("what nobody accounts for");
        let [entry] = shown.as_slice() else {
            panic!("it is shown once: {shown:?}")
        };
        let made = project.sim.ledger().keys.into_iter().next_back().expect("it was made");
        assert_eq!(entry.remote_id, (!lasts).then_some(made.key_id));
    }
}

#[tokio::test]
async fn a_key_without_a_name_that_turns_up_after_a_lost_mint_is_shown_as_perhaps_ours() {
    let project = unnamed().await;
    project.sim.inject(Fault::drop_connection().before().on("POST", MADE));
    let mut waiting = went(project.rotate().await);
    for _ in 0..9 {
        if waiting.position.state != State::AwaitingPerson {
            waiting = project.until_due().await;
        }
    }
    assert_eq!((waiting.position.state, waiting.mints), (State::AwaitingPerson, 2));
    assert_eq!(read(&project).await, [], "nothing has turned up");
    let late = project.page().make("backend").await.expect("there is room");
    let shown = read(&project).await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0].rotation_id, Some(waiting.id));
    assert_eq!(shown[0].remote_id.as_ref(), Some(&late.key_id));
    project
        .app()
        .settle_unaccounted(shown[0].id, Answer::Keep)
        .await
        .expect("it is somebody's");
    assert_eq!(read(&project).await, [], "it is not told again");

    project.clock.advance(jiff::SignedDuration::from_hours(49));
    project.page().make("theirs").await.expect("there is room");
    assert_eq!(read(&project).await, [], "what is made days later is no part of it");
}
