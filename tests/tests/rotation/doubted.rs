//! What is well formed and does not fit what is held: it is looked at once more, and nothing is taken away on it.

use keywheel_core::Code;
use keywheel_core::model::Secret;
use keywheel_core::rotation::{Ending, Event, Record, State, StepKind, TakeBack};
use keywheel_core::vault::{Vault, VaultRef};
use provider_sim::Fault;
use serde_json::json;
use tests::{World, went};

use super::{keys_path, mints, revocations, step};

#[tokio::test]
async fn a_value_that_lies_where_a_new_one_is_to_go_is_kept_and_nothing_more_is_minted() {
    let world = World::calm().connected().await;
    world.sim.inject(Fault::status(409).on("POST", &keys_path(&world)));
    let failed = went(world.rotate().await);
    assert_eq!(step(&failed), Some(StepKind::Mint), "{:?}", failed.position);
    // As where an older copy of the data directory came back: the rotation went on, and nobody here knows of it.
    let made = "sk_live_0123456789abcdefghijklmnopqr";
    let at = VaultRef::version(failed.subject.new.as_ref().expect("a new version").id);
    let put = world.vault.put(&at, &Secret::new(made.to_owned())).await;
    put.expect("the keychain answers");

    let undone = world.app().undo(failed.id, &TakeBack::default()).await;
    let why = undone.err().map(|failure| failure.code);
    assert_eq!(
        why,
        Some(Code::RotationMayHaveChanged),
        "it is not ended as if nothing had come"
    );
    let before = mints(&world);
    let gone_on = world.app().go_on(failed.id).await.expect("it goes on");
    assert_eq!(mints(&world), before, "no further key was made");
    let there = world.vault.get(&at).await.expect("the keychain answers");
    assert_eq!(
        there.expect("it is there").expose(),
        made,
        "nothing was written over it"
    );
    assert!(gone_on.subject.new.expect("a new version").held, "and it is known");
}

#[tokio::test]
async fn a_refusal_of_a_key_that_is_still_listed_is_no_proof_and_takes_no_value() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let delete = format!("{}/*", keys_path(&world));
    world.sim.inject(Fault::no_effect().on("DELETE", &delete).always());
    // The successor is accepted; the old one is refused for a while, by whoever checks keys.
    let down = Fault::status(401).code("invalid_api_key");
    world.sim.inject(down.on("GET", "/**/verify").nth(2).times(2));
    let open = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert!(!open.position.is_closed(), "{:?}", open.position);
    // Asked again it is accepted, which is said then.
    assert_eq!(
        open.position.state.code(),
        Some(Code::KeyStillAccepted),
        "{:?}",
        open.position
    );
    let listed = |record: &Record| {
        matches!(
            record.event,
            Event::Parked {
                code: Some(Code::KeyStillListed),
                ..
            }
        )
    };
    assert!(open.records.iter().any(listed), "{:?}", open.records);
    let old = open.subject.old.expect("an old version");
    let there = world
        .vault
        .get(&VaultRef::version(old.id))
        .await
        .expect("the keychain answers");
    assert!(old.held && there.is_some(), "its value is kept");
    assert!(world.sim.accepts(&world.old.value));
}

#[tokio::test]
async fn by_an_id_that_is_listed_with_another_value_nothing_is_revoked() {
    let world = World::calm().connected().await;
    let listed = json!({"keys": [{"key_id": world.old.key_id, "prefix": "sk_live_other"}]});
    let other = Fault::status(200).body(listed).before().on("GET", &keys_path(&world));
    world.sim.inject(other.always());
    let failed = went(world.revoke().await);
    assert_eq!(failed.position.state, State::Failed(Code::KeyIdAnothers));
    assert_eq!(revocations(&world), 0);
    assert!(world.sim.accepts(&world.old.value));
    // A person who has looked may go on.
    assert!(failed.may_revoke_anyway());
    world.sim.clear_faults();
    let closed = world.app().revoke_anyway(failed.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(!world.sim.accepts(&world.old.value));
}
