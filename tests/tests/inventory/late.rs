//! Answers that come late: what they say is so of the moment they were asked for, and is not written over what came since.

use std::sync::Arc;

use jiff::SignedDuration;
use keywheel_core::model::{Answer, Key, KeyId, KeyVersion, Name, Purpose, VersionId};
use keywheel_core::rotation::{Ending, State};
use keywheel_core::store::{FirstSeen, Reading, Store};
use keywheel_core::vault::VaultState;
use keywheel_core::{App, Code};
use provider_sim::{Clock, Fault, GraceFrom, Strategy};
use tests::project::Project;
use tests::{Mishap, Moment, What, World, lab};

use super::{facts, refused};

fn is_call(what: &What) -> bool {
    matches!(what, What::Request { method, path } if method == "GET" && path.ends_with("/verify"))
}

fn is_list(what: &What) -> bool {
    matches!(what, What::Request { method, path } if method == "GET" && path.ends_with("/api-keys"))
}

/// What happens while an answer is on its way.
fn meanwhile<F, D>(app: &Arc<App>, clock: &Clock, act: F) -> Mishap
where
    F: Fn(Arc<App>, Clock) -> D + Send + Sync + 'static,
    D: Future<Output = ()> + Send + 'static,
{
    let (app, clock) = (app.clone(), clock.clone());
    Mishap::Beside(Arc::new(move || Box::pin(act(app.clone(), clock.clone()))))
}

#[tokio::test]
async fn what_was_asked_first_is_not_written_over_what_was_asked_later() {
    let world = World::calm().connected().await;
    let key = world.the_key();
    let sim = world.sim.clone();
    let act = meanwhile(&world.app(), &world.clock, move |app, clock| {
        let sim = sim.clone();
        async move {
            clock.advance(SignedDuration::from_secs(1));
            let dies = Fault::status(401).code("invalid_api_key").on("GET", "/api/v1/verify");
            sim.inject(dies.always());
            let later = app.verify(key).await.expect("an answer");
            assert_eq!(later.answer, Answer::Dead);
            clock.advance(SignedDuration::from_secs(30));
        }
    });
    world.tape.strike_first(is_call, Moment::After, act);
    let first = world.app().verify(key).await.expect("an answer");
    assert_eq!(first.answer, Answer::Live, "it was so");
    let verdict = facts(&world, key).await.row.version.and_then(|version| version.verdict);
    assert_eq!(verdict.map(|verdict| verdict.answer), Some(Answer::Dead));
    world.sim.clear_faults();
    world.app().verify(key).await.expect("an answer");
    let verdict = facts(&world, key).await.row.version.and_then(|version| version.verdict);
    assert_eq!(
        verdict.map(|verdict| verdict.answer),
        Some(Answer::Live),
        "what is asked now counts"
    );
}

#[tokio::test]
async fn a_list_says_nothing_of_what_came_and_went_after_it_was_asked_for() {
    let world = World::calm().connected().await;
    let key = world.the_key();
    let act = meanwhile(&world.app(), &world.clock, move |app, clock| async move {
        clock.advance(SignedDuration::from_secs(1));
        let shown = app.propose_rotation(key, VaultState::Ready).await.expect("a plan");
        let id = app
            .start_rotation(key, &shown.hash, VaultState::Ready)
            .await
            .expect("it opens");
        app.go_on(id).await.expect("it goes on");
        let closed = app.confirm_replaced(id).await.expect("it goes on");
        assert_eq!(closed.position.state, State::Closed(Ending::Completed));
        // Longer than its lists can lag.
        clock.advance(SignedDuration::from_mins(16));
    });
    world.tape.strike_first(is_list, Moment::After, act);
    world.app().refresh(None).await.expect("the list is read");
    assert_eq!(
        world.app().unaccounted().await.expect("a list"),
        [],
        "the old one is not back"
    );
    let new = facts(&world, key).await.row.version.expect("a version");
    assert_eq!(new.unlisted_since, None, "the new one was not there yet");
}

#[tokio::test]
async fn a_key_that_two_lists_show_first_is_one_key() {
    let world = World::calm().connected().await;
    let store = Store::open(world.dir.path(), "beside").await.expect("it opens");
    // Both were compared with what was known before either was written.
    for n in 1..=2 {
        let key = Key {
            id: KeyId::new(n, [9; 10]),
            account_id: world.the_account(),
            environment_id: world.production().await,
            name: Name::new("tomorrow").expect("a name"),
            purpose: Purpose::Service,
        };
        let version = KeyVersion {
            remote_id: Some("key_of_tomorrow".to_owned()),
            ..KeyVersion::pending(VersionId::new(n, [9; 10]), key.id, world.now())
        };
        let mut reading = Reading::of(world.the_account(), world.now(), world.now());
        reading.first_seen.push(FirstSeen {
            key,
            version,
            other_name: Name::new(&format!("tomorrow {n}")).ok(),
        });
        store.note_readings(&[reading]).await.expect("it is written");
    }
    store.close().await;
    let inventory = world.app().inventory(VaultState::Ready).await.expect("an inventory");
    let ids = inventory
        .keys
        .iter()
        .filter_map(|facts| facts.row.version.as_ref()?.remote_id.as_deref());
    assert_eq!(ids.filter(|id| *id == "key_of_tomorrow").count(), 1);
}

#[tokio::test]
async fn of_two_keys_that_are_told_of_one_id_at_once_one_has_it() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace("prefix = [\"/prefix\"]\n", "");
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let made = project.page().make("reports").await.expect("there is room");
    let value = project.first.as_ref().expect("a key").value.clone();
    let other: String = "lab_"
        .chars()
        .chain(value.chars().skip(4).collect::<Vec<_>>().into_iter().rev())
        .collect();
    let ours = project.hold("production", "ours", &made.value).await;
    let theirs = project.hold("production", "theirs", &other).await;
    let id = made.key_id.clone();
    let act = meanwhile(&project.app(), &project.clock, move |app, _| {
        let id = id.clone();
        async move {
            app.tell_id(theirs, &id).await.map(drop).expect("it is told first");
        }
    });
    let is_list =
        |what: &What| matches!(what, What::Request { method, path } if method == "GET" && path.ends_with("/keys"));
    project.tape.strike_first(is_list, Moment::After, act);
    let told = project.app().tell_id(ours, &made.key_id).await;
    assert_eq!(refused(told), (Code::KeyIdKnown, Some("id".to_owned())));
    let again = project.app().tell_id(theirs, &made.key_id).await;
    assert_eq!(refused(again), (Code::KeyIdKnown, None), "it has one");
}
