//! A key that was removed from Keywheel and is taken in again: its provider's id is free for it.

use keywheel_core::Code;
use keywheel_core::app::{Description, ExistingKey};
use keywheel_core::model::{KeyId, Purpose};
use keywheel_core::rotation::{Ending, State};
use keywheel_core::vault::VaultState;
use provider_sim::{GraceFrom, Strategy};
use tests::project::Project;
use tests::{lab, went};

/// A key that was rotated once, and then removed by mistake; with its value.
async fn removed(project: &Project) -> String {
    let app = project.app();
    let waiting = went(project.rotate().await);
    app.confirm_replaced(waiting.id).await.expect("it goes on");
    let closed = project.on(project.rotation().await.expect("a rotation"), 9).await;
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let value = project.serving_value().await.expect("it is held");
    app.remove_key(project.key).await.expect("it is removed");
    value
}

async fn remote_id(project: &Project, key: KeyId) -> Option<String> {
    let detail = project.app().key_detail(key, VaultState::Ready).await.expect("a key");
    detail.facts.row.version.and_then(|version| version.remote_id)
}

async fn listed(project: &Project) -> Vec<KeyId> {
    let inventory = project.app().inventory(VaultState::Ready).await.expect("an inventory");
    let service = inventory.keys.into_iter().map(|facts| facts.row.key);
    service
        .filter(|key| key.purpose == Purpose::Service)
        .map(|key| key.id)
        .collect()
}

async fn rotates(project: &mut Project, key: KeyId) {
    project.key = key;
    let waiting = went(project.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    let told = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let closed = project.on(told, 9).await;
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let serves = project.serving_value().await;
    assert_eq!(
        project.live_values(),
        serves.into_iter().collect::<Vec<_>>(),
        "the old one is dead"
    );
}

#[tokio::test]
async fn a_removed_key_stays_away_and_gets_its_id_back_once_it_is_imported() {
    let mut project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let value = removed(&project).await;
    project.app().refresh(None).await.expect("the list is read");
    assert_eq!(listed(&project).await, [], "it does not come back by itself");
    let app = project.app();
    let form = ExistingKey {
        account: project.account,
        environment: app.find_environment("production").await.expect("an environment").id,
        name: "backend".to_owned(),
        pasted: app.paste("key", value).expect("a value").handle,
        created: None,
        about: Description::default(),
        anyway: false,
    };
    let key = app.add_key(form).await.expect("no key here begins like it");
    assert!(remote_id(&project, key).await.is_some(), "the list tells it");
    rotates(&mut project, key).await;
}

#[tokio::test]
async fn where_no_beginnings_are_listed_a_person_tells_the_id_of_a_removed_key() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace("prefix = [\"/prefix\"]\n", "");
    let mut project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    project.as_if_minted().await;
    let value = removed(&project).await;
    let key = project.hold("production", "again", &value).await;
    assert_eq!(remote_id(&project, key).await, None);
    let keys = project.sim.ledger().keys;
    let id = keys
        .iter()
        .find(|one| one.value == value)
        .expect("it lives")
        .key_id
        .clone();
    project.app().tell_id(key, &id).await.expect("nobody else has it");
    let told = project.app().tell_id(key, &id).await.err().map(|failure| failure.code);
    assert_eq!(told, Some(Code::KeyIdKnown), "once");
    rotates(&mut project, key).await;
}
