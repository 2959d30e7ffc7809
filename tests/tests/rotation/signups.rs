//! A sign-up that is cut off at each crossing: one organisation at most, and nothing of it lost without a word.

use keywheel_core::app::Answer;
use keywheel_core::rotation::{Ending, Rotation, State};
use tests::{Mishap, Moment, World};

const NAME: &str = "Beta GmbH";

async fn sign_up(world: &World) -> Result<Rotation, keywheel_core::Failure> {
    let app = world.app();
    let id = app.sign_up(world.sign_up_form("org_name", NAME).await).await?;
    app.go_on(id).await
}

/// Organisations of that name at the provider.
fn opened(world: &World) -> Vec<String> {
    let orgs = world.sim.world().orgs;
    let named = orgs.into_iter().filter(|org| org.name == NAME);
    named.map(|org| org.id).collect()
}

/// The person resumes, and answers by what the provider's page shows. Returns how often they were asked.
async fn finish(world: &mut World) -> (Option<Rotation>, u32) {
    let mut questions = 0;
    for _ in 0..60 {
        let Some(rotation) = world.rotation().await else {
            return (None, questions);
        };
        let (app, id) = (world.app(), rotation.id);
        let pressed = match rotation.position.state {
            State::Closed(_) => return (Some(rotation), questions),
            State::Asking => {
                questions += 1;
                let answer = match opened(world).is_empty() {
                    true => Answer::Absent,
                    false => Answer::Leave,
                };
                let ends = answer == Answer::Leave;
                let answered = world.live(async move { app.answer(id, answer).await.map(drop) }).await;
                if ends {
                    assert!(matches!(answered, Ok(Ok(()))), "it ends here, and its account with it");
                    return (None, questions);
                }
                answered
            }
            State::AwaitingTime { until, .. } => {
                world.clock.advance(until.duration_since(world.now()));
                world.live(async move { app.tick().await.map(drop) }).await
            }
            _ => world.live(async move { app.go_on(id).await.map(drop) }).await,
        };
        if pressed.is_err() {
            world.reopen().await;
        }
    }
    panic!("it does not come to an end")
}

#[tokio::test]
async fn a_crash_at_any_crossing_opens_one_organisation_at_most() {
    let mut rehearsal = World::calm().opened().await;
    rehearsal.tape.start();
    sign_up(&rehearsal).await.expect("it goes well");
    finish(&mut rehearsal).await;
    let (mut completed, mut left, mut nothing) = (0, 0, 0);
    for n in 0..rehearsal.tape.crossings().len() {
        for moment in [Moment::Before, Moment::After] {
            let mut world = World::calm().opened().await;
            world.tape.start();
            world.tape.strike(n, moment, Mishap::Crash);
            if world.live(sign_up(&world)).await.is_err() {
                world.reopen().await;
            }
            let (closed, questions) = finish(&mut world).await;
            let orgs = opened(&world);
            let what = format!(
                "{moment:?} crossing {n}: {:?}, {orgs:?}",
                closed.as_ref().map(|one| one.position)
            );
            assert!(orgs.len() <= 1 && questions <= 1, "{what}");
            match closed.map(|closed| (closed.position.state, closed)) {
                Some((State::Closed(Ending::Completed), closed)) => {
                    completed += 1;
                    assert_eq!(closed.subject.account.fields.get("org_id"), orgs.first(), "{what}");
                    let held = world.held_values().await;
                    let live = world.live_at_provider();
                    let new = live
                        .iter()
                        .find(|key| Some(&key.org_id) == orgs.first())
                        .expect("its first key");
                    assert!(held.iter().any(|(_, secret)| secret.expose() == new.value), "{what}");
                    let webhook = "SELECT v.id FROM key_versions v JOIN keys k ON k.id = v.key_id WHERE k.purpose = 'webhook' AND v.held";
                    assert_eq!(world.column(webhook).await.len(), 1, "{what}");
                }
                // The person knows of it: it was opened, and they connect it.
                None if questions == 1 => left += 1,
                None => {
                    nothing += 1;
                    assert!(orgs.is_empty(), "{what}");
                }
                _ => panic!("{what}"),
            }
        }
    }
    println!("{completed} completed, {left} left to the person, {nothing} never begun");
    assert!(
        completed > 20 && left > 0 && nothing > 0,
        "{completed} {left} {nothing}"
    );
}
