//! A provider that gives a lost answer again for the same key: asked once more, and no other key is made.

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::model::Secret;
use keywheel_core::rotation::{Ending, Event, Rotation, State, StepKind};
use keywheel_core::vault::{Vault, VaultRef};
use provider_sim::{Fault, GraceFrom, RequestRecord, Sent, Strategy};
use serde_json::json;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use tests::project::{Project, REMEMBERED};
use tests::tape::Crossing;
use tests::{Mishap, Moment, Share, What, lab, went};

const STRATEGIES: [Strategy; 5] = [
    Strategy::Overlap,
    Strategy::Roll,
    Strategy::RollWithGrace,
    Strategy::ReplaceFirst,
    Strategy::TwoSlot,
];

fn definition(strategy: Strategy) -> String {
    lab::repeating(&lab::definition(strategy, GraceFrom::Roll))
}

async fn project(strategy: Strategy) -> Project {
    Project::with(strategy, GraceFrom::Roll, &definition(strategy)).await
}

/// Orders for a new value, in the order in which the provider got them.
fn orders(project: &Project) -> Vec<RequestRecord> {
    let requests = project.sim.requests().into_iter();
    requests.filter(|one| one.method == "POST").collect()
}

/// The key of each order, as a number by its first appearance.
fn keys(project: &Project) -> Vec<usize> {
    let mut known = Vec::new();
    for order in orders(project) {
        known.push(order.idempotency_key.expect("each order has a key"));
    }
    let first = |key: &String| known.iter().position(|one| one == key).expect("it is there");
    known.iter().map(first).collect()
}

/// How many values were made.
fn made(project: &Project) -> usize {
    orders(project).iter().map(|order| order.effect.minted.len()).sum()
}

fn lost() -> Fault {
    Fault::drop_connection().on("POST", "**").after()
}

/// In front of the person, with the value that the first order made.
async fn assert_went_on(project: &Project, waiting: &Rotation) {
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert_eq!(waiting.position.step(&waiting.plan), Some(StepKind::Confirm));
    assert_eq!((waiting.mints, made(project)), (1, 1), "one mint, one value");
    let new = waiting.subject.new.as_ref().expect("a new version");
    let value = project.vault.get(&VaultRef::version(new.id)).await;
    let value = value.expect("the keychain answers").expect("it is held");
    assert!(project.sim.accepts(value.expose()), "it works");
}

#[tokio::test]
async fn a_lost_answer_is_given_again_and_one_value_is_made() {
    for strategy in STRATEGIES {
        for fault in [
            lost(),
            lost().before(),
            Fault::cut_body(20).on("POST", "**"),
            Fault::status(502).on("POST", "**").after(),
        ] {
            let project = project(strategy).await;
            project.sim.inject(fault);
            let waiting = went(project.rotate().await);
            assert_went_on(&project, &waiting).await;
            assert_eq!(keys(&project), [0, 0], "{strategy:?}");
            let repeats = waiting.records.iter().filter(|record| record.event == Event::Repeated);
            assert_eq!(repeats.count(), 1);
            let closed = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
            let closed = match closed.position.state {
                State::Closed(_) => closed,
                _ => project.until_due().await,
            };
            assert_eq!(closed.position.state, State::Closed(Ending::Completed));
        }
    }
}

#[tokio::test]
async fn while_the_first_request_is_being_carried_out_it_is_waited_for() {
    let mut project = project(Strategy::Overlap).await;
    project.sim.inject(Fault::hold().on("POST", "**"));
    let pending = |project: &Project| orders(project).iter().any(|one| one.status == Sent::Pending);
    tokio::select! {
        _ = project.rotate() => panic!("nobody has answered"),
        () = until(|| pending(&project)) => {}
    }
    project.reopen().await;
    let rotation = project.rotation().await.expect("it was opened");
    let waits = project.app().go_on(rotation.id).await.expect("it is asked about");
    assert!(
        matches!(waits.position.state, State::Unknown(_)),
        "{:?}",
        waits.position
    );
    let answers: Vec<Sent> = orders(&project).iter().skip(1).map(|one| one.status).collect();
    assert_eq!(answers, [Sent::Status(409); 4]);
    assert_eq!(made(&project), 0);
    project.sim.clear_faults();
    until(|| !pending(&project)).await;
    let waiting = project.app().go_on(rotation.id).await.expect("it goes on");
    assert_went_on(&project, &waiting).await;
    assert_eq!(keys(&project), [0; 6]);
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_repeat_that_is_refused_is_not_made_again_and_the_list_tells() {
    let refusals = [(422, "idempotency_key_reused"), (409, "key_limit"), (404, "not_found")];
    for (status, code) in refusals {
        let project = project(Strategy::Overlap).await;
        project.sim.inject(lost());
        let refused = Fault::status(status).code(code);
        project.sim.inject(refused.on("POST", "**").nth(2).before());
        let waiting = went(project.rotate().await);
        assert_eq!(
            keys(&project),
            [0, 0, 2],
            "{code}: the lost key was found, and another one made"
        );
        assert_eq!((waiting.mints, made(&project)), (2, 2), "{code}");
        assert_eq!(waiting.position.step(&waiting.plan), Some(StepKind::Confirm));
        assert_eq!(project.live_values().len(), 2, "{code}: the old one and the new one");
    }
}

/// Cut off right after the provider made the value.
async fn cut_off(strategy: Strategy, definition: &str) -> Project {
    let rehearsal = Project::with(strategy, GraceFrom::Roll, definition).await;
    went(rehearsal.rotate().await);
    let orders = |one: &Crossing| matches!(&one.what, What::Request { method, .. } if method == "POST");
    let at = rehearsal.tape.crossings().into_iter().find(orders).expect("an order").n;
    let mut project = Project::with(strategy, GraceFrom::Roll, definition).await;
    project.tape.strike(at, Moment::After, Mishap::Crash);
    assert!(project.rotate().await.is_err(), "it is cut off");
    project.shut().await;
    project
}

async fn resumed(project: &mut Project) -> Rotation {
    project.reopen().await;
    let rotation = project.rotation().await.expect("it was opened");
    project.app().go_on(rotation.id).await.expect("it goes on")
}

#[tokio::test]
async fn after_a_crash_the_same_request_is_sent_again() {
    for strategy in STRATEGIES {
        let mut project = cut_off(strategy, &definition(strategy)).await;
        let waiting = resumed(&mut project).await;
        assert_went_on(&project, &waiting).await;
        assert_eq!(keys(&project), [0, 0], "{strategy:?}");
    }
}

#[tokio::test]
async fn another_request_than_the_first_one_is_not_sent() {
    let mut project = cut_off(Strategy::Overlap, &definition(Strategy::Overlap)).await;
    let other = definition(Strategy::Overlap).replace(
        "{ name = \"{input.name}\" }",
        "{ name = \"{input.name}\", role = \"member\" }",
    );
    // No person and no file can change what an open rotation goes by; whoever has written it into the database has.
    let file = project.dir.path().join(keywheel_core::store::DB_FILE);
    let mut database = SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .expect("it opens");
    for sql in [
        "INSERT INTO definitions (digest, source) VALUES ('other', ?)",
        "UPDATE accounts SET definition = 'other' WHERE ? IS NOT NULL",
    ] {
        let done = sqlx::query(sql).bind(&other).execute(&mut database).await;
        assert_eq!(done.expect("it is written").rows_affected(), 1);
    }
    let waiting = resumed(&mut project).await;
    assert_eq!(keys(&project), [0, 1], "the list told, and another key was made");
    assert_eq!((waiting.mints, made(&project)), (2, 2));
}

#[tokio::test]
async fn with_another_credential_it_is_not_sent() {
    let mut project = cut_off(Strategy::Overlap, &definition(Strategy::Overlap)).await;
    let items = project.vault.refs();
    let mut replaced = 0;
    for item in &items {
        let held = project.vault.get(item).await.expect("the keychain answers");
        if held.is_some_and(|secret| secret.expose().starts_with("lab_admin_")) {
            let other = Secret::new("lab_admin_of_somebody_else".to_owned());
            project.vault.put(item, &other).await.expect("it is kept");
            replaced += 1;
        }
    }
    assert_eq!(replaced, 1);
    let unknown = resumed(&mut project).await;
    assert_eq!(
        unknown.position.state,
        State::Unknown(Code::CredentialRefused),
        "the list was asked"
    );
    assert_eq!(keys(&project), [0], "and nothing else");
}

#[tokio::test]
async fn once_the_provider_may_have_forgotten_it_nothing_is_sent_again() {
    let seconds = i64::from(REMEMBERED);
    for (pass, jump, reboot) in [
        (seconds - 30, 0, false),
        (seconds, -seconds, false),
        (60, 0, true),
        (seconds, 0, true),
    ] {
        let mut project = cut_off(Strategy::Overlap, &definition(Strategy::Overlap)).await;
        project.clock.advance(SignedDuration::from_secs(pass));
        project.machine.jump(jump);
        if reboot {
            project.machine.reboot(60);
        }
        let waiting = resumed(&mut project).await;
        assert_eq!(keys(&project), [0, 1], "{pass} {jump} {reboot}");
        assert_eq!(waiting.mints, 2);
        let repeated = waiting.records.iter().any(|record| record.event == Event::Repeated);
        assert!(!repeated, "the list told");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_does_not_keep_it_from_being_sent_again() {
    for jump in [-90_000, 90_000] {
        let mut project = cut_off(Strategy::Overlap, &definition(Strategy::Overlap)).await;
        project.machine.jump(jump);
        let waiting = resumed(&mut project).await;
        assert_went_on(&project, &waiting).await;
    }
}

#[tokio::test]
async fn where_no_document_promises_the_value_again_nothing_is_sent_again() {
    let silent = definition(Strategy::Overlap).replace("replays_secret = true", "replays_secret = false");
    let mut project = cut_off(Strategy::Overlap, &silent).await;
    let waiting = resumed(&mut project).await;
    assert_eq!(keys(&project), [0, 1]);
    assert_eq!(waiting.mints, 2);
}

#[tokio::test]
async fn an_answer_without_the_value_tells_at_least_the_id() {
    // Nothing is listed: the answer alone names the key.
    let unlisted = lab::repeating(&lab::unlisted(Strategy::Overlap, GraceFrom::Roll));
    let mut project = cut_off(Strategy::Overlap, &unlisted).await;
    let order = orders(&project).remove(0);
    let id = order.effect.minted.first().expect("a key").clone();
    let answer = Fault::status(201).body(json!({ "id": id }));
    project.sim.inject(answer.on("POST", "**").before());
    let waiting = resumed(&mut project).await;
    assert_eq!(waiting.position.step(&waiting.plan), Some(StepKind::Confirm));
    assert_eq!(project.sim.count("DELETE", &format!("/v1/projects/*/keys/{id}")), 1);
    assert_eq!(keys(&project), [0, 0, 2], "another one was made");
    assert_eq!(project.live_values().len(), 2, "the old one and the new one");
}

#[tokio::test]
async fn a_crash_at_any_crossing_of_the_repeat_makes_no_second_value() {
    let begun = |project: &Project| {
        let repeated = |one: &Crossing| one.what == What::Record(Event::Repeated);
        project.tape.crossings().into_iter().find(repeated).map(|one| one.n)
    };
    let share = Share::one_in(4);
    for strategy in STRATEGIES {
        let cut = cut_off(strategy, &definition(strategy)).await;
        let mut rehearsal = cut.fork().await;
        resumed(&mut rehearsal).await;
        let (from, to) = (begun(&rehearsal).expect("a repeat"), rehearsal.tape.crossings().len());
        let moments = [Moment::Before, Moment::After].into_iter().enumerate();
        let all = (from..=to).flat_map(|n| moments.clone().map(move |(at, moment)| (n + at, n, moment)));
        for (_, n, moment) in all.filter(|(index, ..)| share.has(*index)) {
            let mut project = cut.fork().await;
            project.reopen().await;
            project.tape.strike(n, moment, Mishap::Crash);
            let (app, id) = (project.app(), project.rotation().await.expect("a rotation").id);
            let struck = project.live(async move { app.go_on(id).await }).await;
            assert!(struck.is_err(), "{strategy:?} {n} {moment:?}");
            let waiting = resumed(&mut project).await;
            assert_went_on(&project, &waiting).await;
        }
    }
}
