//! Keys that somebody calls after one of ours: the name of a mint tells only where it is the whole of it.

use keywheel_core::rotation::Rotation;
use provider_sim::{Fault, GraceFrom, KeyRecord, Strategy};
use serde_json::json;
use tests::project::Project;
use tests::{lab, went};

const MADE: &str = "/v1/projects/*/keys";
const ONE: &str = "/v1/projects/*/keys/*";

fn new_id(rotation: &Rotation) -> Option<String> {
    rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone())
}

/// A list that tells names and nothing else, and a key that was made by a request of ours.
async fn made_by_us() -> (Project, KeyRecord, String) {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll)
        .replace("prefix = [\"/prefix\"]\n", "")
        .replace("last_used_at = [\"/last_used_at\"]\n", "")
        .replace("last_used_lag_seconds = 30\n", "");
    let mut project = Project::with_room_by(9, &definition).await;
    let made = project.create("worker").await;
    let id = new_id(&made).expect("an id");
    let ledger = project.sim.ledger();
    let ours = ledger.key(&id).expect("it was made").clone();
    (project, ours, made.mint_name.expect("its name"))
}

#[tokio::test]
async fn a_key_that_is_called_after_ours_is_not_revoked_when_ours_is_gone() {
    for more in ["", " 2", " ~k0123456789ABCDEF"] {
        let (project, ours, sent) = made_by_us().await;
        project.page().delete(&ours.key_id).await;
        let before = project.sim.count("DELETE", ONE);
        let theirs = project
            .page()
            .make(&format!("{sent}{more}"))
            .await
            .expect("there is room");
        let open = went(project.rotate().await);
        let stopped = project.app().confirm_replaced(open.id).await.expect("it is tried");
        assert!(project.sim.accepts(&theirs.value), "{more:?}: {:?}", stopped.position);
        assert_eq!(project.sim.count("DELETE", ONE), before, "{more:?}");
    }
}

#[tokio::test]
async fn a_key_of_our_name_is_not_revoked_while_the_list_lacks_ours_for_once() {
    let (project, ours, sent) = made_by_us().await;
    let theirs = project.page().make(&sent).await.expect("there is room");
    let open = went(project.rotate().await);
    let name = open.mint_name.clone().expect("a name");
    let entry = |id: &str, name: &str| json!({ "id": id, "name": name, "prefix": null });
    let keys = [
        entry(&theirs.key_id, &sent),
        entry(&new_id(&open).expect("an id"), &name),
    ];
    let lacks = Fault::status(200)
        .body(json!({ "keys": keys }))
        .before()
        .on("GET", MADE)
        .always();
    project.sim.inject(lacks);
    let stopped = project.app().confirm_replaced(open.id).await.expect("it is tried");
    assert!(project.sim.accepts(&theirs.value), "{:?}", stopped.position);
    assert!(project.sim.accepts(&ours.value), "nothing shows by which id it goes");
    assert_eq!(project.sim.count("DELETE", ONE), 0);
}
