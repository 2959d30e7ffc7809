//! What is written down is enough for an equal simulator.

use provider_sim::{Clock, Fault, Options, Simulator, Snapshot};
use serde_json::json;

use crate::desk::{Desk, projects};
use crate::lab::{OVERTEN, lab, send};

const ME: &str = "https://api.lab.invalid/v1/me";

/// The same through its text.
fn again(sim: &Simulator) -> Desk {
    let text = serde_json::to_string(&sim.snapshot()).unwrap();
    let snapshot: Snapshot = serde_json::from_str(&text).unwrap();
    let options = Options {
        clock: Clock::manual(snapshot.now),
        ..Options::default()
    };
    Desk {
        sim: Simulator::restored(&snapshot, options),
    }
}

async fn status(desk: &Desk, value: &str) -> u16 {
    desk.get(ME, value).await.status
}

#[tokio::test]
async fn values_live_and_die_there_as_here() {
    let desk = projects();
    let mut values = Vec::new();
    for (name, path) in [
        ("roll-with-grace", "keys/KEY/roll"),
        ("roll-with-grace-from-use", "keys/KEY/roll"),
        ("overlap", "keys"),
        ("two-slot", "slots/primary/regenerate"),
    ] {
        let project = desk.named(name);
        let old = desk.sim.live_keys(&project.id).remove(0);
        let path = path.replace("KEY", &old.key_id);
        let url = format!("https://api.lab.invalid/v1/projects/{}/{path}", project.id);
        let admin = project.lab.as_ref().unwrap().admin_key.clone();
        let made = desk.call("POST", &url, &admin, &json!({"name": "b"}).to_string()).await;
        values.extend([old.value, made.field("secret")]);
    }
    let there = again(&desk.sim);
    assert_eq!(there.sim.world().keys.len(), desk.sim.world().keys.len());
    for seconds in [0, 3599, 2, 3600] {
        for at in [&desk, &there] {
            at.pass(seconds);
        }
        for value in &values {
            assert_eq!(status(&there, value).await, status(&desk, value).await, "{seconds}");
        }
    }
}

#[tokio::test]
async fn lists_go_on_and_requests_are_counted_on() {
    let desk = projects();
    let project = desk.named("overlap");
    let url = format!("https://api.lab.invalid/v1/projects/{}/keys", project.id);
    let admin = project.lab.as_ref().unwrap().admin_key.clone();
    let here = desk.get(&url, &admin).await;
    let there = again(&desk.sim);
    assert_eq!(there.get(&url, &admin).await.text, here.text);
    assert_eq!(there.sim.requests()[0].n, desk.sim.requests().len() as u64 + 1);
}

#[tokio::test]
async fn overten_goes_on_too() {
    let lab = lab();
    let there = again(&lab.sim);
    let verify = |sim: Simulator, value: String| async move {
        let headers = [("x-api-key", value.as_str())];
        let said = send(&sim, "GET", &format!("{OVERTEN}/verify"), &headers, "").await;
        said.unwrap().status
    };
    assert_eq!(verify(there.sim.clone(), lab.key.value.clone()).await, 200);
    assert_eq!(verify(there.sim, "sk_live_nobody".to_owned()).await, 401);
}

#[tokio::test]
async fn faults_are_written_down_and_left_out() {
    let desk = projects();
    desk.sim.inject(Fault::status(403).on("DELETE", "**").always());
    desk.sim.inject(Fault::drop_connection().on("GET", "/v1/me"));
    let key = desk.key(&desk.named("overlap"), "backend");
    let dropped = send(&desk.sim, "GET", ME, &[], "").await;
    assert!(dropped.is_err());
    let written = desk.sim.snapshot().faults;
    assert_eq!(written.len(), 1, "the one that is spent is over: {written:?}");
    let there = again(&desk.sim);
    assert!(there.sim.faults().is_empty());
    assert_eq!(status(&there, &key.value).await, 200);
}
