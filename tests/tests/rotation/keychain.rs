//! A keychain that fails at the worst moments.

use std::sync::Arc;

use keywheel_core::Code;
use keywheel_core::model::{Secret, VersionId};
use keywheel_core::rotation::{AtRisk, Ending, Event, State, StepKind};
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use provider_sim::Fault;
use serde_json::json;
use tests::tape::Crossing;
use tests::{Mishap, Moment, Port, What, World, code, went};

use super::{assert_clean, keys_path, mints, step};

/// Where a refresh token is exchanged.
const EXCHANGE: &str = "/v1/token";

/// Where a rotation crosses what fits, first.
async fn crossing(fits: impl Fn(&Crossing) -> bool) -> usize {
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    rehearsal
        .tape
        .crossings()
        .iter()
        .find(|crossing| fits(crossing))
        .expect("it is crossed")
        .n
}

fn mint(crossing: &Crossing) -> bool {
    crossing.port == Port::Provider && crossing.what.mutates()
}

#[tokio::test]
async fn behind_a_locked_keychain_nothing_is_minted() {
    for state in [
        VaultState::Locked,
        VaultState::NoService,
        VaultState::TooLong,
        VaultState::Failed,
    ] {
        let world = World::calm().connected().await;
        world.vault.set_state(state);
        let failed = went(world.rotate().await);
        let expected = state.failure().expect("not ready").code;
        assert_eq!(
            (failed.position.state, step(&failed)),
            (State::Failed(expected), Some(StepKind::Check))
        );
        assert_eq!(mints(&world), 0);
        world.vault.set_state(VaultState::Ready);
        let waiting = world.app().go_on(failed.id).await.expect("it goes on");
        assert_eq!(waiting.position.state, State::AwaitingPerson);
        assert_clean(&world, &waiting).await;
    }
}

#[tokio::test]
async fn a_keychain_that_writes_wrongly_is_found_before_the_mint() {
    let world = World::calm().connected().await;
    world.vault.corrupt_writes(true);
    let failed = went(world.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::KeychainMismatch));
    assert_eq!(mints(&world), 0);
}

#[tokio::test]
async fn in_another_keychain_than_the_pinned_one_nothing_is_begun() {
    let mut world = World::calm().connected().await;
    let before = world.vault.refs();
    world.vault.set_backend("another");
    world.reopen().await;
    let refused = world.rotate().await;
    assert_eq!(code(refused), Code::KeychainOther);
    assert_eq!(
        (mints(&world), world.vault.refs()),
        (0, before),
        "nothing is written to it"
    );
}

#[tokio::test]
async fn a_value_is_held_ten_minutes_for_a_keychain_that_refuses_and_then_its_key_is_revoked() {
    let at = crossing(mint).await;
    let world = World::calm();
    let vault = world.vault.clone();
    let breaks = Mishap::Meanwhile(Arc::new(move || vault.corrupt_writes(true)));
    let world = world.and(at, Moment::After, breaks).connected().await;
    let begun = world.now();
    let undone = went(world.rotate().await);
    let took = world.now().duration_since(begun).as_secs();
    assert!((590..700).contains(&took), "{took} s");
    let told = [AtRisk::Creating, AtRisk::Held, AtRisk::Nothing];
    assert_eq!(
        world.seen.at_risk(),
        told,
        "the shell is told to stay open, and for how long"
    );
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(world.has_working_key().await);
    assert_eq!(
        world.live_at_provider().len(),
        2,
        "the new key is revoked at the provider"
    );
    assert_clean(&world, &undone).await;
}

#[tokio::test]
async fn a_keychain_that_is_unlocked_in_time_gets_the_value() {
    let at = crossing(mint).await;
    let world = World::calm();
    let (locks, unlocks) = (world.vault.clone(), world.vault.clone());
    let locks = Mishap::Meanwhile(Arc::new(move || locks.set_state(VaultState::Locked)));
    let unlocks = Mishap::Meanwhile(Arc::new(move || unlocks.set_state(VaultState::Ready)));
    let world = world
        .and(at, Moment::After, locks)
        .and(at + 300, Moment::Before, unlocks)
        .connected()
        .await;
    let waiting = went(world.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert!(waiting.records.iter().any(|record| matches!(
        record.event,
        Event::Parked {
            step: StepKind::Store,
            ..
        }
    )));
    assert_eq!(mints(&world), 1, "nothing was lost, so nothing is minted again");
    assert_clean(&world, &waiting).await;
}

#[tokio::test]
async fn a_shell_may_end_before_a_key_is_asked_for_and_once_its_value_is_kept_or_given_up() {
    let told = [AtRisk::Creating, AtRisk::Nothing];
    let world = World::calm().connected().await;
    went(world.rotate().await);
    assert_eq!(world.seen.at_risk(), told);
    // The record of the mint cannot be written: nobody drives any more, and nothing is left to wait for.
    let at = crossing(|crossing| crossing.what == What::Record(Event::Applied(StepKind::Mint))).await;
    let world = World::with(at, Moment::Before, Mishap::Fail).connected().await;
    assert_eq!(code(world.rotate().await), Code::StoreFull);
    assert_eq!(world.seen.at_risk(), told);
}

#[tokio::test]
async fn a_new_key_waits_for_its_revocation_while_the_keychain_stays_locked() {
    let at = crossing(mint).await;
    let world = World::calm();
    let vault = world.vault.clone();
    let locks = Mishap::Meanwhile(Arc::new(move || vault.set_state(VaultState::Locked)));
    let mut world = world.and(at, Moment::After, locks).connected().await;
    let held_up = went(world.rotate().await);
    assert!(
        matches!(held_up.position.state, State::Discarding(_)),
        "{:?}",
        held_up.position
    );
    world.vault.set_state(VaultState::Ready);
    world.reopen().await;
    let undone = world.app().go_on(held_up.id).await.expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_clean(&world, &undone).await;
}

#[tokio::test]
async fn without_a_clipboard_the_value_stays_in_the_keychain() {
    let at = crossing(|crossing| crossing.what == What::Copied).await;
    let world = World::with(at, Moment::Before, Mishap::Fail).connected().await;
    let waiting = went(world.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert!(
        waiting
            .records
            .iter()
            .any(|record| matches!(record.event, Event::Skipped(StepKind::Copy, _)))
    );
    assert_clean(&world, &waiting).await;
}

/// A value that a crash took out of memory, an hour ago; the keychain works again.
async fn lost_in_memory(mint: usize) -> World {
    let world = World::calm();
    let vault = world.vault.clone();
    let locks = Mishap::Meanwhile(Arc::new(move || vault.set_state(VaultState::Locked)));
    let world = world
        .and(mint, Moment::After, locks)
        .and(mint + 20, Moment::Before, Mishap::Crash);
    let mut world = world.connected().await;
    assert!(world.rotate().await.is_err(), "it is stopped while it holds the value");
    world.vault.set_state(VaultState::Ready);
    world.advance(60);
    world.reopen().await;
    world
}

#[tokio::test]
async fn a_value_that_a_crash_took_out_of_memory_is_minted_again_and_held_as_long() {
    let at = crossing(mint).await;
    let mut world = lost_in_memory(at).await;
    let rotation = world.rotation().await.expect("a rotation");
    let waiting = world.app().go_on(rotation.id).await.expect("it goes on");
    assert_eq!((waiting.position.state, waiting.mints), (State::AwaitingPerson, 2));
    assert_clean(&world, &waiting).await;
    let posts = |crossing: &Crossing| matches!(&crossing.what, What::Request { method, .. } if method == "POST");
    let second = world
        .tape
        .crossings()
        .into_iter()
        .rfind(|crossing| posts(crossing) && mint(crossing));
    let second = second.expect("a second mint").n;
    assert_eq!(
        world.finish().await.questions,
        0,
        "its id was known, so nobody has to be asked"
    );

    let world = lost_in_memory(at).await;
    let vault = world.vault.clone();
    let breaks = Mishap::Meanwhile(Arc::new(move || vault.corrupt_writes(true)));
    world.tape.strike(second, Moment::After, breaks);
    let begun = world.now();
    let undone = world.app().go_on(rotation.id).await.expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    let took = world.now().duration_since(begun).as_secs();
    assert!(
        (590..700).contains(&took),
        "the second value is held ten minutes as well, not {took} s"
    );
    assert_clean(&world, &undone).await;
}

#[tokio::test]
async fn the_successor_of_a_credential_is_not_written_over_what_a_person_has_put_there() {
    for (theirs, kept) in [(None, "AMf-successor"), (Some("AMf-of-a-person"), "AMf-of-a-person")] {
        let world = World::calm().connected().await;
        let version = world
            .column("SELECT v.id FROM key_versions v JOIN keys k ON k.id = v.key_id WHERE k.purpose = 'management'")
            .await
            .remove(0);
        let place = VaultRef::version(VersionId::parse(&version).expect("an id"));
        // What was known of the session is forgotten by now.
        world.advance(120);
        let exchanged = json!({ "id_token": "id", "refresh_token": "AMf-successor", "expires_in": "3600" });
        let exchanged = Fault::status(200).body(exchanged).before();
        world.sim.inject(exchanged.on("POST", EXCHANGE));
        let listed = Fault::status(200).body(json!([])).before();
        world.sim.inject(listed.on("GET", &keys_path(&world)));
        let (vault, at) = (world.vault.clone(), place.clone());
        let meanwhile = Mishap::Beside(Arc::new(move || {
            let (vault, at) = (vault.clone(), at.clone());
            Box::pin(async move {
                if let Some(theirs) = theirs {
                    let put = vault.put(&at, &Secret::new(theirs.to_owned())).await;
                    put.expect("it is put there");
                }
            })
        }));
        let exchange = |what: &What| matches!(what, What::Request { path, .. } if path == EXCHANGE);
        world.tape.strike_first(exchange, Moment::After, meanwhile);
        let accepted = world.app().authenticate(world.the_account()).await;
        accepted.expect("it is accepted");
        let there = world.vault.get(&place).await.expect("it is looked up");
        assert_eq!(there.expect("it is there").expose(), kept);
    }
}
