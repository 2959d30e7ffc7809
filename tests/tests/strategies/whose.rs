//! Which key is which: others make keys in the same project, and answers and lists that do not tell them apart.

use std::sync::Arc;

use keywheel_core::Code;
use keywheel_core::app::Answer;
use keywheel_core::rotation::{Claim, Claims, Ending, Event, Rotation, State, StepKind};
use keywheel_core::store::DB_FILE;
use keywheel_core::vault::VaultState;
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{Fault, GraceFrom, KeyRecord, Strategy};
use serde_json::json;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tests::project::Project;
use tests::tape::Crossing;
use tests::{Mishap, Moment, What, lab, went};

const MADE: &str = "/v1/projects/*/keys";
const ONE: &str = "/v1/projects/*/keys/*";
const FOREIGN: &str = "/v1/projects/*/keys/key_of_carol";

/// Where a rotation at that provider first crosses what fits.
async fn crossing(definition: &str, fits: impl Fn(&Crossing) -> bool) -> usize {
    let rehearsal = Project::with(Strategy::Overlap, GraceFrom::Roll, definition).await;
    went(rehearsal.rotate().await);
    let found = rehearsal.tape.crossings().into_iter().find(fits);
    found.expect("it is crossed").n
}

fn new_id(rotation: &Rotation) -> Option<String> {
    rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone())
}

#[tokio::test]
async fn where_names_tell_a_key_of_another_name_is_not_taken_for_the_lost_one() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let sent = What::Record(Event::Intended(StepKind::Mint));
    let at = crossing(&definition, |one| one.what == sent).await;
    let mut project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    project.tape.strike(at, Moment::After, Mishap::Crash);
    assert!(project.rotate().await.is_err(), "it is cut before the request");
    let theirs = project.page().make("somebody else's").await.expect("there is room");
    project.reopen().await;
    let rotation = project.rotation().await.expect("it was opened");
    let full = project.app().go_on(rotation.id).await.expect("it is settled");
    assert_eq!(
        full.position.state,
        State::Failed(Code::ProviderRefused),
        "they took the place"
    );
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    assert!(project.sim.accepts(&theirs.value));
}

#[tokio::test]
async fn by_the_id_of_a_key_that_is_named_otherwise_nothing_is_taken_back() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    // Made by somebody after the look: only its name tells that it is not ours.
    let made = json!({ "id": "key_of_bob", "secret": "lab_madeup000000000000000000000000000000" });
    project
        .sim
        .inject(Fault::status(201).body(made).after().on("POST", MADE));
    let open = went(project.rotate().await);
    let old = project.first.as_ref().expect("a key");
    let entry = |id: &str, name: &str| json!({ "id": id, "name": name, "prefix": null });
    let listed = json!({ "keys": [entry(&old.key_id, "backend"), entry("key_of_bob", "billing of bob")] });
    let list = Fault::status(200).body(listed).before().on("GET", MADE).always();
    project.sim.inject(list);
    let undone = project.app().undo(open.id, &tests::from_use(&open)).await;
    let asks = undone.expect("a person is asked").position.state;
    assert!(matches!(asks, State::DiscardAwaiting(_)), "{asks:?}");
    assert_eq!(project.sim.count("DELETE", ONE), 0);
}

#[tokio::test]
async fn where_two_new_keys_begin_alike_none_of_them_is_taken_for_ours() {
    // Its answer to a mint tells no id: the list does, by how the value begins.
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let definition = definition.replace(
        "secret = [\"/secret\"]\nremote_id = [\"/id\"]\n",
        "secret = [\"/secret\"]\n",
    );
    let mints = |one: &Crossing| matches!(&one.what, What::Request { method, .. } if method == "POST");
    let at = crossing(&definition, mints).await;
    for alike in [false, true] {
        let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
        let sim = project.sim.clone();
        let list = Mishap::Meanwhile(Arc::new(move || {
            let minted = sim.ledger().keys.into_iter().next_back().expect("it was minted");
            let entry = |id: &str| json!({ "id": id, "name": null, "prefix": &minted.value[..8] });
            let listed = json!({ "keys": [entry("key_of_theirs"), entry(&minted.key_id)] });
            if alike {
                sim.inject(Fault::status(200).body(listed).on("GET", MADE).before());
            }
        }));
        project.tape.strike(at, Moment::After, list);
        let waiting = went(project.rotate().await);
        assert_eq!(waiting.position.state, State::AwaitingPerson);
        assert_eq!(new_id(&waiting).is_none(), alike, "{:?}", new_id(&waiting));
        if alike {
            let parked = project
                .app()
                .undo(waiting.id, &Default::default())
                .await
                .expect("it is taken back");
            assert!(
                matches!(parked.position.state, State::DiscardAwaiting(_)),
                "a person finds it"
            );
            let view = rotation_view(&parked, &Names::of(&project.app()).await.expect("names"));
            let said = view.task.expect("it is the person's turn").say;
            assert!(said.starts_with("Delete the new key of backend ~k"), "{said}");
            assert_eq!(project.sim.count("DELETE", ONE), 0);
        }
    }
}

#[tokio::test]
async fn an_id_that_stands_for_old_and_new_is_not_believed() {
    // Nothing is listed: only what Keywheel knows itself shows that the id is not a new one.
    let definition = lab::unlisted(Strategy::Overlap, GraceFrom::Roll);
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    project.as_if_minted().await;
    let old = project.first.clone().expect("a key");
    let new = project.page().make("backend").await.expect("there is room");
    let answer = json!({ "id": old.key_id, "secret": new.value });
    project
        .sim
        .inject(Fault::status(201).body(answer).on("POST", MADE).before());
    let waiting = went(project.rotate().await);
    assert!(
        waiting.subject.new.as_ref().is_some_and(|new| new.held),
        "the value is kept"
    );
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let stopped = match stopped.position.state {
        State::AwaitingTime { .. } => project.until_due().await,
        _ => stopped,
    };
    assert_eq!(stopped.position.state, State::Failed(Code::KeyIdOfBoth));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    assert!(project.sim.accepts(&old.value));
}

#[tokio::test]
async fn a_new_key_is_found_by_its_name_where_its_answer_tells_an_id_that_was_there_before() {
    let project = Project::with_room(5).await;
    let theirs = project.page().make("theirs").await.expect("there is room");
    let answer = json!({ "id": theirs.key_id, "secret": "lab_ZYXWVUTSRQPONMLKJIHGFEDCBA98" });
    project
        .sim
        .inject(Fault::status(201).body(answer).after().on("POST", MADE));
    let open = went(project.rotate().await);
    let made = project.sim.ledger().keys.into_iter().next_back().expect("it was made");
    assert_eq!(new_id(&open), Some(made.key_id));
}

#[tokio::test]
async fn a_lost_key_under_the_id_of_another_one_is_found_by_its_name() {
    let project = Project::with_room(5).await;
    let gone = project.page().make("gone").await.expect("there is room").key_id;
    project.app().refresh(None).await.expect("the list is read");
    project.page().delete(&gone).await;
    // The id that it had is given to what is made, and nobody hears of that.
    let (sim, file) = (project.sim.clone(), project.dir.path().join(DB_FILE));
    let given_again = Mishap::Beside(Arc::new(move || {
        let (sim, file, gone) = (sim.clone(), file.clone(), gone.clone());
        Box::pin(async move {
            let made = sim.ledger().keys.into_iter().next_back().expect("it was made");
            let database = SqliteConnectOptions::new().filename(file).connect().await;
            sqlx::query("UPDATE key_versions SET remote_id = ? WHERE remote_id = ?")
                .bind(&made.key_id)
                .bind(&gone)
                .execute(&mut database.expect("it opens"))
                .await
                .expect("it is written");
        })
    }));
    let mint = |what: &What| matches!(what, What::Request { method, .. } if method == "POST");
    project.tape.strike_first(mint, Moment::After, given_again);
    project.sim.inject(Fault::drop_connection().after().on("POST", MADE));
    let waiting = went(project.rotate().await);
    assert_eq!((waiting.position.state, waiting.mints), (State::AwaitingPerson, 2));
    let live = project.sim.ledger().keys.into_iter().filter(|key| key.is_live());
    assert_eq!(live.count(), 2, "the lost one is revoked");
}

/// Waits for the person, and the new key has the old one's id: as a version of Keywheel wrote it down that believed any
/// answer.
async fn with_the_old_id() -> (Project, Rotation) {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.as_ref().expect("a new version").id;
    let file = project.dir.path().join(DB_FILE);
    let mut database = SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .expect("it opens");
    sqlx::query("UPDATE key_versions SET remote_id = ? WHERE id = ?")
        .bind(&project.first.as_ref().expect("a key").key_id)
        .bind(new.to_string())
        .execute(&mut database)
        .await
        .expect("it is written");
    (project, waiting)
}

#[tokio::test]
async fn where_an_id_stands_for_old_and_new_the_name_tells_which_one_goes() {
    let (project, waiting) = with_the_old_id().await;
    let (old, new) = (project.first.clone().expect("a key"), newest(&project));
    let ended = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let ended = project.on(ended, 9).await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&old.value) && project.sim.accepts(&new.value));
    assert_eq!(new_id(&ended), Some(new.key_id));
}

#[tokio::test]
async fn a_new_key_is_discarded_by_the_id_that_its_name_shows_and_not_by_that_of_another() {
    let (project, waiting) = with_the_old_id().await;
    let (old, new) = (project.first.clone().expect("a key"), newest(&project));
    let undone = project.app().undo(waiting.id, &Default::default()).await;
    assert_eq!(
        undone.expect("it is taken back").position.state,
        State::Closed(Ending::Undone)
    );
    assert!(project.sim.accepts(&old.value) && !project.sim.accepts(&new.value));
}

fn newest(project: &Project) -> KeyRecord {
    project.sim.ledger().keys.into_iter().next_back().expect("it was made")
}

/// Waits for the person, and what the answer to its mint told is an id that no list shows: that of a key of somebody else, who
/// takes every deletion.
async fn with_a_foreign_id(definition: &str) -> (Project, Rotation) {
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, definition).await;
    project
        .sim
        .inject(Fault::status(204).before().on("DELETE", FOREIGN).always());
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.as_ref().expect("a new version").id;
    let file = project.dir.path().join(DB_FILE);
    let database = SqliteConnectOptions::new().filename(file).connect().await;
    sqlx::query("UPDATE key_versions SET remote_id = 'key_of_carol' WHERE id = ?")
        .bind(new.to_string())
        .execute(&mut database.expect("it opens"))
        .await
        .expect("it is written");
    (project, waiting)
}

/// Where names are known to tell, and where they are listed all the same.
fn by_name_and_not() -> [String; 2] {
    let named = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let unnamed = named.replace("by = \"name\"", "by = \"difference\"");
    [named, unnamed]
}

#[tokio::test]
async fn by_an_id_that_no_list_shows_nothing_is_discarded() {
    for definition in by_name_and_not() {
        let (project, waiting) = with_a_foreign_id(&definition).await;
        let new = newest(&project);
        let undone = project.app().undo(waiting.id, &Default::default()).await;
        let undone = undone.expect("it is taken back").position.state;
        assert_eq!(undone, State::Closed(Ending::Undone));
        assert!(!project.sim.accepts(&new.value), "it is found by its name");
        assert_eq!(project.sim.count("DELETE", FOREIGN), 0);
    }
}

#[tokio::test]
async fn where_the_list_lacks_the_id_of_a_key_a_person_tells_the_right_one() {
    let [_, definition] = by_name_and_not();
    let untold = definition.replace("name = [\"/name\"]\nprefix = [\"/prefix\"]\n", "");
    assert_ne!(untold, definition);
    let (project, waiting) = with_a_foreign_id(&untold).await;
    let (app, made) = (project.app(), newest(&project));
    let claims = Claims {
        old: Some(Claim::Leave),
        new: Some(Claim::Works),
    };
    app.settle_rotation(waiting.id, claims).await.expect("a person's word");
    let told = app.tell_id(waiting.subject.key.id, &made.key_id).await;
    assert!(told.expect("it is listed").is_some());
    let new = waiting.subject.new.as_ref().expect("a new version").id;
    let file = project.dir.path().join(DB_FILE);
    let database = SqliteConnectOptions::new().filename(file).connect().await;
    let known: Option<String> = sqlx::query_scalar("SELECT remote_id FROM key_versions WHERE id = ?")
        .bind(new.to_string())
        .fetch_one(&mut database.expect("it opens"))
        .await
        .expect("the query is right");
    assert_eq!(known, Some(made.key_id));
}

#[tokio::test]
async fn by_an_id_that_no_list_shows_nothing_that_is_left_over_is_revoked() {
    for definition in by_name_and_not() {
        let (project, waiting) = with_a_foreign_id(&definition).await;
        let claims = Claims {
            old: Some(Claim::Works),
            new: Some(Claim::Leave),
        };
        let app = project.app();
        app.settle_rotation(waiting.id, claims).await.expect("a person's word");
        for _ in 0..3 {
            let open = app
                .inventory(VaultState::Ready)
                .await
                .expect("an inventory")
                .unaccounted;
            for one in open {
                let remote_id = one.remote_id.clone().expect("an id");
                let _ = app.settle_unaccounted(one.id, Answer::Revoke { remote_id }).await;
            }
        }
        assert_eq!(project.sim.count("DELETE", FOREIGN), 0);
    }
}

#[tokio::test]
async fn by_an_id_that_no_list_shows_nothing_is_revoked() {
    for definition in by_name_and_not() {
        let (project, waiting) = with_a_foreign_id(&definition).await;
        let made = newest(&project);
        let ended = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
        let ended = project.on(ended, 9).await;
        assert_eq!(ended.position.state, State::Closed(Ending::Completed));
        assert_eq!(new_id(&ended), Some(made.key_id), "its name tells");
        assert_eq!(project.sim.count("DELETE", FOREIGN), 0);
    }
}

#[tokio::test]
async fn a_revocation_is_not_sent_again_when_the_checks_are_made_again() {
    let project = Project::lab(Strategy::ReplaceFirst, GraceFrom::Roll).await;
    project.sim.inject(Fault::status(409).on("POST", MADE).before());
    let failed = went(project.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::ProviderRefused));
    assert_eq!(project.sim.count("DELETE", ONE), 1, "the old key goes first");
    project.clock.advance(jiff::SignedDuration::from_mins(10));
    let waiting = project.app().go_on(failed.id).await.expect("it goes on");
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    let checks = |record: &&keywheel_core::rotation::Record| record.event == Event::CheckedAgain;
    assert_eq!(waiting.records.iter().filter(checks).count(), 1);
    assert_eq!(project.sim.count("DELETE", ONE), 1);
}

#[tokio::test]
async fn a_deletion_that_a_person_told_of_stays_their_word_when_the_checks_are_made_again() {
    let project = Project::lab(Strategy::ReplaceFirst, GraceFrom::Roll).await;
    project.sim.inject(Fault::status(403).on("DELETE", ONE).before());
    project.sim.inject(Fault::status(409).on("POST", MADE).before());
    let refused = went(project.rotate().await);
    assert_eq!(refused.position.state, State::Failed(Code::CredentialNotAllowed));
    let app = project.app();
    let failed = app.confirm_deleted(refused.id).await.expect("it is told");
    assert_eq!(failed.position.state, State::Failed(Code::ProviderRefused));
    project.clock.advance(jiff::SignedDuration::from_mins(10));
    let waiting = app.go_on(failed.id).await.expect("it goes on");
    let of_old = |event: Event| event == Event::ByHand(StepKind::RevokeOld);
    let told = waiting.records.iter().filter(|record| of_old(record.event));
    assert_eq!(told.count(), 2, "before the checks, and after");
    let by_us = Event::Applied(StepKind::RevokeOld);
    assert!(waiting.records.iter().all(|record| record.event != by_us));
    assert_eq!(project.sim.count("DELETE", ONE), 1);
}

#[tokio::test]
async fn a_leaked_key_that_outlives_its_revocation_is_revoked_again_and_no_second_one_is_made() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    project.sim.inject(Fault::no_effect().on("DELETE", ONE));
    let old = project.first.clone().expect("a key").value;
    let waiting = went(project.revoke_first().await);
    assert!(project.sim.accepts(&old), "it did nothing");
    let mut rotation = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    while !rotation.position.is_closed() {
        rotation = project.until_due().await;
    }
    assert_eq!(rotation.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&old));
    assert_eq!(
        (project.sim.count("POST", MADE), project.sim.count("DELETE", ONE)),
        (1, 2)
    );
    assert_eq!(project.live_values().len(), 1, "the new one");
}
