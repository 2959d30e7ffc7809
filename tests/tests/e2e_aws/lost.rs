//! The cloud does what it is asked, and its answer is cut.

use tests::machine::Machine;
use tests::wire::Wire;

use crate::cloud::Cloud;
use crate::desk::{KEY, connect, live, name_and_hold};

/// Keys have no name, so which one is ours is for the person to say.
#[tokio::test]
async fn a_key_whose_secret_is_lost_is_one_question_and_then_one_live_key() {
    const USER: &str = "ruzena";
    let cloud = Cloud::of_all();
    let old = cloud.user(USER);
    let wire = Wire::to(&cloud.address).await;
    let mut machine = Machine::demo(&wire.address, &[&cloud.admin.secret]).await;
    connect(&machine, None, USER, &cloud.admin.lines()).await.ok();
    name_and_hold(&mut machine, &old).await;

    // The id goes through, the secret does not.
    wire.cut("Action=CreateAccessKey", 14);
    machine.run(&["rotate", KEY, "--yes"], "").await;
    assert_eq!(wire.cuts().len(), 1, "the key was created, and the answer cut");
    machine.pass(120).await;
    let asked = machine.run(&["resume", KEY], "").await;
    assert_eq!(asked.state(), "asking", "{asked:?}");
    let keys = cloud.keys(USER);
    let orphan = keys.iter().find(|(id, _)| *id != old.id).unwrap().0.clone();
    let candidates = &asked.out["question"]["candidates"];
    assert_eq!(candidates.as_array().map(Vec::len), Some(1), "{candidates}");
    assert_eq!(candidates[0]["remoteId"], orphan.as_str());
    assert!(keys.contains(&(old.id.clone(), true)), "the old key is untouched");

    // Both slots are full until the lost one is gone; then there is room for another.
    let said = machine.run(&["resume", KEY, "--revoke-extra", &orphan], "").await;
    assert_eq!(said.state(), "awaiting_person", "{said:?}");
    machine.run(&["replaced", KEY], "").await.ok();
    let new = live(&machine).await;
    assert_eq!(cloud.keys(USER), [(new.id.clone(), true)]);
    assert_ne!(new.id, orphan);
    assert_eq!(cloud.recognises(&new).as_deref(), Ok(USER));
    let open = machine.run(&["unaccounted", "list"], "").await.ok();
    assert_eq!(open.as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn a_revocation_whose_answers_are_cut_ends_with_the_key_gone() {
    const USER: &str = "rozsa";
    let cloud = Cloud::of_all();
    let mut old = cloud.user(USER);
    let wire = Wire::to(&cloud.address).await;
    let mut machine = Machine::demo(&wire.address, &[&cloud.admin.secret]).await;
    connect(&machine, None, USER, &cloud.admin.lines()).await.ok();
    name_and_hold(&mut machine, &old).await;
    for (n, call) in ["Action=UpdateAccessKey", "Action=DeleteAccessKey"]
        .into_iter()
        .enumerate()
    {
        machine.pass(3700).await;
        machine.run(&["rotate", KEY, "--yes"], "").await.ok();
        wire.cut(call, 5);
        let mut said = machine.run(&["replaced", KEY], "").await;
        assert_eq!(wire.cuts().len(), n + 1, "{call}");
        for _ in 0..4 {
            if said.state() == "completed" {
                break;
            }
            machine.pass(120).await;
            said = machine.run(&["resume", KEY], "").await;
        }
        assert_eq!(said.state(), "completed", "{call}: {said:?}");
        let new = live(&machine).await;
        assert_eq!(cloud.keys(USER), [(new.id.clone(), true)], "{call}");
        assert!(cloud.recognises(&old).is_err(), "{call}");
        old = new;
    }
}
