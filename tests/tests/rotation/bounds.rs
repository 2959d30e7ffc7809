//! What bounds a rotation: one driver, and few mints.

use keywheel_core::Code;
use keywheel_core::rotation::{Ending, State};
use tests::{Mishap, Moment, Port, World, went};

use super::mints;

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
async fn a_fourth_mint_within_the_hour_is_not_sent() {
    let world = World::calm().connected().await;
    for name in ["one", "two", "three"] {
        assert_eq!(
            went(world.create(name).await).position.state,
            State::Closed(Ending::Completed)
        );
    }
    let bounded = went(world.create("four").await);
    assert_eq!(bounded.position.state, State::Failed(Code::RotationTooManyMints));
    assert_eq!(mints(&world), 3);
    for _ in 0..3 {
        world.advance(15);
        let still = world.app().go_on(bounded.id).await.expect("it is tried");
        assert_eq!(
            (still.position.state, mints(&world)),
            (State::Failed(Code::RotationTooManyMints), 3)
        );
    }
    world.advance(20);
    let closed = world.app().go_on(bounded.id).await.expect("the hour is over");
    assert_eq!(
        closed.position.state,
        State::Closed(Ending::Completed),
        "tries that were not sent do not count"
    );
    assert_eq!(mints(&world), 4);
}
