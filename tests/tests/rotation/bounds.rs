//! What bounds a rotation: one driver, and few mints.

use keywheel_core::Code;
use keywheel_core::rotation::{DriverIdentity, Ending, Event, State, StepKind};
use provider_sim::Fault;
use tests::{Mishap, Moment, Outcome, Port, What, World, went};

use super::{keys_path, mints};

#[tokio::test]
async fn while_one_process_drives_another_is_refused() {
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    for crossing in rehearsal
        .tape
        .crossings()
        .iter()
        .filter(|crossing| crossing.port == Port::Provider)
    {
        let world = World::with(crossing.n, Moment::After, Mishap::Crash).connected().await;
        let (app, key) = (world.app(), world.the_key());
        // The first process stands still in the middle of its request, and lives.
        let drives = async move {
            let proposal = app
                .propose_rotation(key, keywheel_core::vault::VaultState::Ready)
                .await?;
            let id = app
                .start_rotation(key, &proposal.hash, keywheel_core::vault::VaultState::Ready)
                .await?;
            app.go_on(id).await
        };
        tokio::pin!(drives);
        tokio::select! {
            biased;
            () = world.tape.stopped() => {}
            _ = &mut drives => panic!("it stands still at {}", crossing.what),
        }
        let before = (
            world.sim.requests().len(),
            world.column("SELECT event FROM journal").await.len(),
        );
        let second = world.another().await.expect("the CLI works beside the window");
        let seen = second
            .rotation_of(key)
            .await
            .expect("it is readable")
            .expect("it is open");
        assert!(seen.driver.is_some(), "who drives, and since when, can be told");
        let refused = second.go_on(seen.id).await.expect_err("it is driven");
        assert_eq!(refused.code, Code::RotationElsewhere, "{}", crossing.what);
        assert!(second.tick().await.expect("a tick").is_empty());
        let after = (
            world.sim.requests().len(),
            world.column("SELECT event FROM journal").await.len(),
        );
        assert_eq!(before, after, "the second process did nothing");
        second.close().await;
    }
}

#[tokio::test]
async fn who_lets_go_of_a_rotation_or_never_had_it_writes_no_record() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let ready = keywheel_core::vault::VaultState::Ready;
    let proposal = app.propose_rotation(key, ready).await.expect("a proposal");
    let id = app.start_rotation(key, &proposal.hash, ready).await.expect("it opens");
    let (journal, who) = (
        world.journal(),
        DriverIdentity {
            instance: "first".to_owned(),
            who: "window".to_owned(),
            since: world.now(),
        },
    );
    let first = journal.acquire(id, &who).await.expect("nobody drives");
    let twice = journal
        .acquire(id, &who)
        .await
        .expect_err("it is driven by this process");
    assert_eq!(twice.code, Code::RotationElsewhere);
    journal.release(first).await.expect("it lets go");
    let second = journal.acquire(id, &who).await.expect("nobody drives");
    let begun = Event::Intended(StepKind::Check);
    let late = journal.record(first, world.now(), begun, vec![]).await;
    assert_eq!(late.expect_err("it let go").code, Code::RotationLeaseLost);
    journal
        .record(second, world.now(), begun, vec![])
        .await
        .expect("it drives");
}

#[tokio::test]
async fn a_mint_that_never_arrives_is_sent_once_more_by_itself_and_no_more() {
    let world = World::calm().connected().await;
    let lost = Fault::drop_connection().on("POST", &keys_path(&world)).before();
    world.sim.inject(lost.always());
    let failed = went(world.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::ProviderNoAnswer));
    assert_eq!((mints(&world), failed.mints), (2, 2));
}

#[tokio::test]
async fn checks_that_are_old_are_made_again_before_the_mint() {
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    let checked = What::Record(Event::Applied(StepKind::Check));
    let crossings = rehearsal.tape.crossings();
    let at = crossings
        .iter()
        .find(|one| one.what == checked)
        .expect("it is checked")
        .n;
    let mut world = World::with(at, Moment::After, Mishap::Crash).connected().await;
    assert!(world.rotate().await.is_err(), "it is cut");
    world.advance(6);
    world.reopen().await;
    let id = world.rotation().await.expect("it was opened").id;
    let waiting = world.app().go_on(id).await.expect("it goes on");
    let events = || waiting.records.iter().map(|record| record.event);
    assert!(events().any(|event| event == Event::CheckedAgain));
    assert_eq!((waiting.position.state, mints(&world)), (State::AwaitingPerson, 1));
}

#[tokio::test]
async fn mints_whose_values_are_stored_are_not_bounded() {
    let world = World::calm().connected().await;
    for name in ["one", "two", "three", "four"] {
        let created = went(world.create(name).await);
        assert_eq!(created.position.state, State::Closed(Ending::Completed), "{name}");
    }
    assert_eq!(mints(&world), 4);
}

#[tokio::test]
async fn a_fourth_mint_after_three_lost_values_is_not_sent_within_the_hour() {
    let mut world = World::calm().connected().await;
    let answer = Fault::drop_connection().on("POST", &keys_path(&world)).after();
    world.sim.inject(answer.clone().times(2));
    let _ = world.create("one").await;
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    world.sim.inject(answer);
    let asking = went(world.create("two").await);
    let ours = world.look(asking.id).await;
    let bounded = world.app().answer(asking.id, ours).await.expect("it goes on");
    let held_back = State::Failed(Code::RotationTooManyMints);
    assert_eq!(bounded.position.state, held_back);
    let sent = mints(&world);
    world.advance(15);
    let still = world.app().go_on(bounded.id).await.expect("it is tried");
    assert_eq!((still.position.state, mints(&world)), (held_back, sent));
    world.advance(60);
    let alone = world.app().go_on_alone(bounded.id).await.expect("it is looked at");
    assert_eq!(
        (alone.position.state, mints(&world)),
        (held_back, sent),
        "a timer mints none"
    );
    let closed = world.app().go_on(bounded.id).await.expect("the hour is over");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert_eq!(mints(&world), sent + 1);
}
