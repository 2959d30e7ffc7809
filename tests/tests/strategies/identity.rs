//! Whose an entry of a list is: by its id, its name, its moment, how its value begins, and what a call says beside it.

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::rotation::{Ending, State};
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::json;
use tests::project::Project;
use tests::went;

const ONE: &str = "/v1/projects/*/keys/*";

/// The list says so from now on.
fn lists(project: &Project, entries: &[serde_json::Value]) {
    project.sim.clear_faults();
    let listed = Fault::status(200).body(json!({ "keys": entries })).before().always();
    project.sim.inject(listed.on("GET", "/v1/projects/*/keys"));
}

fn entry(id: &str, name: Option<&str>, prefix: Option<&str>, at: Option<String>) -> serde_json::Value {
    json!({ "id": id, "name": name, "prefix": prefix, "created_at": at, "last_used_at": null })
}

#[tokio::test]
async fn whoever_accepts_a_key_that_is_not_listed_may_answer_from_what_was_known() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let first = project.first.clone().expect("a key");
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.clone().expect("a new version");
    project.clock.advance(SignedDuration::from_hours(1));
    lists(&project, &[entry(&first.key_id, Some("backend"), None, None)]);
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorUnlisted));
    assert!(project.sim.accepts(&first.value));
    assert!(stopped.may_revoke_anyway());
    // The same for the old one, before the new one is taken back.
    lists(
        &project,
        &[entry(
            new.remote_id.as_deref().expect("an id"),
            waiting.mint_name.as_deref(),
            None,
            None,
        )],
    );
    let order = keywheel_core::rotation::TakeBack {
        in_use: Some(waiting.subject.key.name.to_string()),
        anyway: false,
    };
    let refused = project.app().undo(waiting.id, &order).await.err();
    assert_eq!(refused.map(|failure| failure.code), Some(Code::KeyPredecessorUnlisted));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
}

#[tokio::test]
async fn a_new_key_of_another_id_than_was_told_is_known_by_its_name() {
    let project = Project::with_room(5).await;
    let first = project.first.clone().expect("a key");
    let waiting = went(project.rotate().await);
    let name = waiting.mint_name.clone().expect("a name");
    // The answer told one id, the list has another one under our mark.
    project.clock.advance(SignedDuration::from_hours(1));
    let new = waiting.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    let mut database = project.database().await;
    let told = sqlx::query("UPDATE key_versions SET remote_id = 'row_77' WHERE remote_id = ?")
        .bind(new.as_deref())
        .execute(&mut database)
        .await;
    told.expect("it is written");
    let app = project.app();
    app.refresh(None).await.expect("the list is read");
    assert_eq!(app.unaccounted().await.expect("a look"), [], "it is no orphan");
    let known = project.rotation().await.expect("a rotation").subject.new;
    assert_eq!(known.and_then(|known| known.remote_id), new, "by the id that is listed");
    let ended = project
        .on(app.confirm_replaced(waiting.id).await.expect("it goes on"), 9)
        .await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed), "{name}");
    assert!(!project.sim.accepts(&first.value));
}

#[tokio::test]
async fn a_guessed_id_revokes_nothing_while_two_entries_begin_alike() {
    let project = Project::with_room(5).await;
    let first = project.first.clone().expect("a key");
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    let begins = &first.value[..10];
    let keys = [
        entry(&first.key_id, Some("backend"), Some(begins), None),
        entry("key_of_a_colleague", Some("theirs"), Some(begins), None),
        entry(&new.expect("an id"), waiting.mint_name.as_deref(), None, None),
    ];
    lists(&project, &keys);
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyIdAnothers));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
}

#[tokio::test]
async fn an_id_that_is_listed_with_another_moment_is_another_keys() {
    let project = Project::with_room(5).await;
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.clone().expect("a new version");
    let made = new.created_at.expect("its answer tells when it was made");
    // As where its provider's moment is not that of our record, which in a simulation it is.
    let mut database = project.database().await;
    let told = sqlx::query("UPDATE key_versions SET created_at = created_at + 7 WHERE id = ?")
        .bind(new.id.to_string())
        .execute(&mut database)
        .await;
    told.expect("it is written");
    let before = made - SignedDuration::from_secs(2 * 3600 + 437);
    let first = project.first.clone().expect("a key");
    let keys = [
        entry(&first.key_id, Some("backend"), None, None),
        entry(
            new.remote_id.as_deref().expect("an id"),
            waiting.mint_name.as_deref(),
            None,
            Some(before.to_string()),
        ),
    ];
    lists(&project, &keys);
    let undone = project
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is tried");
    assert!(!undone.position.is_closed(), "{:?}", undone.position);
    assert_eq!(project.sim.count("DELETE", ONE), 0);
}

#[tokio::test]
async fn a_new_key_that_somebody_has_ended_is_not_revoked_by_an_id_that_is_listed() {
    let project = Project::with_room(5).await;
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.clone().expect("a new version");
    let id = new.remote_id.clone().expect("an id");
    project.page().delete(&id).await;
    let sent = project.sim.count("DELETE", ONE);
    let first = project.first.clone().expect("a key");
    // Its id is another one's by now, of which nothing but the id is told.
    let keys = [entry(&first.key_id, None, None, None), entry(&id, None, None, None)];
    lists(&project, &keys);
    let undone = project
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is tried");
    assert!(!undone.position.is_closed(), "{:?}", undone.position);
    assert_eq!(project.sim.count("DELETE", ONE), sent);
}

#[tokio::test]
async fn an_old_key_that_somebody_has_ended_is_not_revoked_by_an_id_that_is_listed() {
    let project = Project::with_room(5).await;
    let waiting = went(project.rotate().await);
    let first = project.first.clone().expect("a key");
    project.page().delete(&first.key_id).await;
    let sent = project.sim.count("DELETE", ONE);
    let new = waiting.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    let new = entry(&new.expect("an id"), waiting.mint_name.as_deref(), None, None);
    lists(&project, &[entry(&first.key_id, None, None, None), new]);
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyIdAnothers));
    assert_eq!(project.sim.count("DELETE", ONE), sent);
}

#[tokio::test]
async fn a_word_for_another_reason_revokes_nothing_by_an_id_that_is_anothers() {
    let project = Project::with_room(5).await;
    let waiting = went(project.rotate().await);
    let first = project.first.clone().expect("a key");
    project.clock.advance(SignedDuration::from_hours(1));
    // The new key is not listed: a person is told that, and decides.
    lists(&project, &[entry(&first.key_id, Some("backend"), None, None)]);
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorUnlisted));
    // Meanwhile the old id is another key's.
    lists(
        &project,
        &[entry(&first.key_id, Some("theirs"), Some("lab_zzzzzz"), None)],
    );
    let told = project.app().revoke_anyway(waiting.id).await.expect("it is tried");
    assert_eq!(told.position.state, State::Failed(Code::KeyIdAnothers));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    // To try again is no word.
    let again = project.app().go_on(waiting.id).await.expect("it is tried");
    assert_eq!(again.position.state, State::Failed(Code::KeyIdAnothers));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    assert!(again.may_revoke_anyway(), "now they know");
    project.app().revoke_anyway(waiting.id).await.expect("it is sent");
    assert_eq!(project.sim.count("DELETE", ONE), 1);
}

#[tokio::test]
async fn the_use_of_another_key_is_not_told_as_this_ones() {
    let project = Project::with_room(5).await;
    let waiting = went(project.rotate().await);
    let first = project.first.clone().expect("a key");
    project.clock.advance(SignedDuration::from_hours(2));
    let mut theirs = entry(&first.key_id, Some("theirs"), Some("lab_zzzzzz"), None);
    theirs["last_used_at"] = json!(project.clock.now().to_string());
    lists(&project, &[theirs]);
    let told = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(told.position.state, State::Failed(Code::KeyIdAnothers));
    assert!(project.sim.accepts(&first.value));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
}

#[tokio::test]
async fn an_id_made_meanwhile_is_not_taken_for_the_place_that_was_rolled() {
    let project = Project::lab(Strategy::Roll, GraceFrom::Roll).await;
    let first = project.first.clone().expect("a key");
    let body = json!({ "id": "key_of_a_colleague", "secret": "lab_0123456789abcdefghij" });
    let rolled = Fault::status(200).body(body).after();
    project.sim.inject(rolled.on("POST", "/v1/projects/*/keys/*/roll"));
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.and_then(|new| new.remote_id);
    assert_eq!(new, Some(first.key_id), "that key is listed still");
}
