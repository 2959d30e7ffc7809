//! What is looked at before a new key is discarded, and in which order.

use std::sync::Arc;

use keywheel_core::rotation::{Ending, State};
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{Fault, GraceFrom, KeyRecord, Strategy};
use serde_json::json;
use tests::project::Project;
use tests::{Mishap, Moment, What, lab, went};

/// Whether it is that kind of request.
fn is(what: &What, wanted: &str) -> bool {
    matches!(what, What::Request { method, .. } if method == wanted)
}

#[tokio::test]
async fn whenever_the_old_key_dies_before_it_is_called_last_the_new_one_is_kept() {
    let rehearsal = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(rehearsal.rotate().await);
    let begun = rehearsal.tape.crossings().len();
    let undone = rehearsal.app().undo(waiting.id, &Default::default()).await;
    assert_eq!(
        undone.expect("it is undone").position.state,
        State::Closed(Ending::Undone)
    );
    let crossings = rehearsal.tape.crossings();
    let sent = crossings.iter().position(|one| is(&one.what, "DELETE"));
    let asked = crossings[begun..sent.expect("it is discarded")].iter();
    let looks: Vec<usize> = asked.filter(|one| is(&one.what, "GET")).map(|one| one.n).collect();
    // The last but one is the call with the old key, and the last one that with the new one.
    let [before @ .., _, _] = looks.as_slice() else {
        panic!("it asks more: {looks:?}")
    };
    assert!(before.len() >= 3, "{looks:?}");
    for look in before {
        let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
        let old = project.first.clone().expect("a key");
        let page = Arc::new(project.page());
        let id = old.key_id.clone();
        let dies = Mishap::Beside(Arc::new(move || {
            let (page, id) = (Arc::clone(&page), id.clone());
            Box::pin(async move {
                page.delete(&id).await;
            })
        }));
        project.tape.strike(*look, Moment::After, dies);
        let waiting = went(project.rotate().await);
        let new = project.sim.ledger().keys.into_iter().next_back().expect("it was made");
        let undone = project.app().undo(waiting.id, &Default::default()).await;
        assert!(!project.sim.accepts(&old.value), "{look}: it has died");
        assert!(
            project.sim.accepts(&new.value),
            "{look}: nothing else serves: {undone:?}"
        );
    }
}

#[tokio::test]
async fn beside_an_entry_that_nobody_can_read_a_refusal_tells_that_the_new_key_is_gone() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let sim = project.sim.clone();
    // What the provider has, and what is none of ours.
    let lists = move || {
        let ledger = sim.ledger();
        let live = ledger.keys.iter().filter(|key| sim.accepts(&key.value));
        let entry = |key: &KeyRecord| json!({ "id": key.key_id, "name": key.name, "prefix": &key.value[..8] });
        let entries: Vec<_> = live.map(entry).chain([json!({ "name": "no id" })]).collect();
        sim.clear_faults();
        let list = Fault::status(200).body(json!({ "keys": entries })).before();
        sim.inject(list.always().on("GET", "/v1/projects/*/keys"));
    };
    lists();
    let discarded = Mishap::Meanwhile(Arc::new(lists));
    project
        .tape
        .strike_first(|what| is(what, "DELETE"), Moment::After, discarded);
    let undone = project.app().undo(waiting.id, &Default::default()).await;
    let undone = project.on(undone.expect("it is tried"), 9).await;
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(project.live_values().len(), 1, "the old one");
}

/// A project at whose provider nothing but its own word tells of a key.
async fn untold() -> Project {
    let text = lab::unlisted(Strategy::Overlap, GraceFrom::Roll);
    let text = lab::without(&lab::without(&text, "verify]"), "[auth.key]]");
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &text).await;
    project.as_if_minted().await;
    project
}

#[tokio::test]
async fn that_its_provider_knows_no_such_key_ends_none_of_which_nothing_else_tells() {
    let project = untold().await;
    let waiting = went(project.rotate().await);
    let new = project.sim.ledger().keys.into_iter().next_back().expect("it was made");
    let denied = Fault::status(404)
        .before()
        .always()
        .on("DELETE", "/v1/projects/*/keys/*");
    project.sim.inject(denied);
    let undone = project.app().undo(waiting.id, &Default::default()).await;
    let undone = undone.expect("it is tried");
    assert!(!undone.position.is_closed(), "{:?}", undone.position);
    assert!(project.sim.accepts(&new.value));
    let app = project.app();
    let names = Names::of(&app).await.expect("names");
    let view = rotation_view(&undone, &names);
    assert!(
        view.headline.contains("may or may not have been discarded"),
        "{}",
        view.headline
    );
    assert!(view.acts.deleted && !view.acts.undo_anyway);
    project.page().delete(&new.key_id).await;
    let deleted = project.app().confirm_deleted(waiting.id).await.expect("it is said");
    assert_eq!(deleted.position.state, State::Closed(Ending::Undone));
}

#[tokio::test]
async fn after_a_lost_answer_of_ours_that_word_is_explained() {
    let project = untold().await;
    let waiting = went(project.rotate().await);
    let lost = Fault::drop_connection().after().on("DELETE", "/v1/projects/*/keys/*");
    project.sim.inject(lost);
    let mut undone = project
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is tried");
    for _ in 0..3 {
        if !undone.position.is_closed() {
            undone = project.app().go_on(waiting.id).await.expect("it goes on");
        }
    }
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(project.live_values().len(), 1, "the old one");
}
