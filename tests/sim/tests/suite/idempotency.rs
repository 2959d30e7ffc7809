//! The invented provider, where a request is known again by its key.

use std::time::Duration;

use provider_sim::{Account, Clock, Fault, GraceFrom, Options, Simulator, Strategy, World};

use crate::lab::{Said, send, start};

struct Place {
    sim: Simulator,
    project: Account,
}

/// A project with one key, whose answers are known for an hour.
fn place(strategy: Strategy) -> Place {
    let mut world = World::empty();
    let project = world.add_project("backend", strategy, 3600, GraceFrom::Roll, start());
    world.add_account_key(&project, "backend", &[], start());
    for rules in world.accounts.iter_mut().filter_map(|account| account.lab.as_mut()) {
        rules.remembers_seconds = Some(3600);
    }
    let sim = Simulator::new(Options {
        clock: Clock::manual(start()),
        world,
        seed: Some(7),
        ..Options::default()
    });
    Place { sim, project }
}

impl Place {
    async fn post(&self, path: &str, key: &str, name: &str) -> Said {
        let admin = &self.project.lab.as_ref().unwrap().admin_key;
        let bearer = format!("Bearer {admin}");
        let headers = [
            ("content-type", "application/json"),
            ("authorization", bearer.as_str()),
            ("idempotency-key", key),
        ];
        let url = format!("https://api.lab.invalid/v1/projects/{}/{path}", self.project.id);
        let body = format!("{{\"name\":\"{name}\"}}");
        send(&self.sim, "POST", &url, &headers, &body).await.unwrap()
    }

    fn live(&self) -> usize {
        self.sim.live_keys(&self.project.id).len()
    }
}

#[tokio::test]
async fn the_same_request_is_answered_alike_and_acts_once() {
    let place = place(Strategy::Overlap);
    let first = place.post("keys", "\"a\"", "second").await;
    let again = place.post("keys", "\"a\"", "second").await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.text, again.text, "the value too");
    assert_eq!(place.live(), 2);
    let keys: Vec<_> = place
        .sim
        .requests()
        .into_iter()
        .map(|one| one.idempotency_key)
        .collect();
    assert_eq!(keys, [Some("\"a\"".to_owned()), Some("\"a\"".to_owned())]);
    assert!(place.sim.requests()[1].effect.is_none());
    let other = place.post("keys", "\"a\"", "third").await;
    assert_eq!((other.status, other.code()), (422, "idempotency_key_reused".to_owned()));
    let unquoted = place.post("keys", "a", "third").await;
    assert_eq!(
        (unquoted.status, unquoted.code()),
        (400, "idempotency_key_invalid".to_owned())
    );
}

#[tokio::test]
async fn a_roll_is_known_again_too_and_a_refusal_is_not() {
    let place = place(Strategy::Roll);
    let id = place.sim.live_keys(&place.project.id)[0].key_id.clone();
    let path = format!("keys/{id}/roll");
    let first = place.post(&path, "\"a\"", "x").await;
    let again = place.post(&path, "\"a\"", "x").await;
    assert_eq!((first.status, &first.text), (200, &again.text));
    assert!(place.sim.accepts(&first.field("secret")));
    let nowhere = place.post("keys/key_none/roll", "\"b\"", "x").await;
    assert_eq!(nowhere.status, 404);
    assert_eq!(place.post(&path, "\"b\"", "x").await.status, 200);
}

#[tokio::test]
async fn a_key_is_forgotten_after_its_time() {
    let place = place(Strategy::Overlap);
    let first = place.post("keys", "\"a\"", "second").await;
    place.sim.clock().advance(jiff::SignedDuration::from_secs(3599));
    assert_eq!(place.post("keys", "\"a\"", "second").await.text, first.text);
    place.sim.clock().advance(jiff::SignedDuration::from_secs(1));
    let later = place.post("keys", "\"a\"", "second").await;
    assert_eq!(
        (later.status, later.code()),
        (409, "key_limit".to_owned()),
        "it would be a third key"
    );
}

#[tokio::test(start_paused = true)]
async fn while_the_first_request_is_carried_out_a_second_one_is_told_so() {
    let place = place(Strategy::Overlap);
    place.sim.inject(Fault::hold().on("POST", "**"));
    let meanwhile = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let second = place.post("keys", "\"a\"", "second").await;
        assert_eq!(
            (second.status, second.code()),
            (409, "idempotency_in_progress".to_owned())
        );
        place.sim.clear_faults();
    };
    let (first, ()) = tokio::join!(place.post("keys", "\"a\"", "second"), meanwhile);
    assert_eq!(first.status, 201);
    assert_eq!(place.post("keys", "\"a\"", "second").await.text, first.text);
    assert_eq!(place.live(), 2);
}
