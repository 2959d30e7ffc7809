//! The worlds with all five providers and with the invented one, and their controls.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use provider_sim::{Options, Provider, Simulator, World};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::desk::{five, projects};
use crate::lab::start;

#[test]
fn five_has_accounts_everywhere_and_is_the_same_on_every_run() {
    let json = |world: &World| serde_json::to_string(world).unwrap();
    assert_eq!(json(&World::five(start())), json(&World::five(start())));
    let world = World::five(start());
    let count = |provider| {
        world
            .accounts
            .iter()
            .filter(|account| account.provider == provider)
            .count()
    };
    let counts = [
        Provider::OnPage,
        Provider::Authenta,
        Provider::AiApi,
        Provider::Optiverse,
    ]
    .map(count);
    assert_eq!((counts, world.orgs.len(), world.keys.len()), ([2, 1, 1, 3], 1, 15));
    let values: BTreeSet<&str> = world.keys.iter().map(|key| key.value.as_str()).collect();
    assert_eq!(values.len(), 15);
    assert_eq!(World::lab(start()).accounts.len(), 6);
}

#[tokio::test]
async fn a_world_with_rolled_keys_can_be_started_from() {
    let desk = projects();
    let project = desk.named("roll-with-grace");
    let old = desk.key(&project, "backend").value;
    let admin = project.lab.as_ref().unwrap().admin_key.clone();
    let id = desk.sim.key_by_value(&old).unwrap().key_id;
    let url = format!("https://api.lab.invalid/v1/projects/{}/keys/{id}/roll", project.id);
    let new = desk.call("POST", &url, &admin, "{}").await.field("secret");
    let text = serde_json::to_string(&desk.sim.world()).unwrap();
    let again = Simulator::new(Options {
        clock: desk.sim.clock().clone(),
        world: serde_json::from_str(&text).unwrap(),
        ..Options::default()
    });
    assert!(again.accepts(&new) && again.accepts(&old));
    desk.pass(3600);
    assert!(again.accepts(&new) && !again.accepts(&old));
}

#[tokio::test]
async fn the_controls_reach_accounts_keys_and_providers() {
    let desk = five();
    let serving = desk.sim.serve(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let user = desk.account(Provider::Authenta);
    let key = desk.key(&desk.account(Provider::AiApi), "assistant");
    for (path, body) in [
        (
            format!("orgs/{}", user.id),
            r#"{"suspended":true,"used_up":["query"],"pace":"user"}"#,
        ),
        (format!("keys/{}", key.key_id), r#"{"expires_in_s":0,"used_up":true}"#),
        ("providers/optiverse".to_owned(), r#"{"envelope":"named"}"#),
    ] {
        let answer = post(serving.addr, &format!("/_sim/{path}"), body).await;
        assert!(answer.starts_with("HTTP/1.1 204"), "{path}: {answer}");
    }
    let world: Value = serde_json::to_value(desk.sim.world()).unwrap();
    let accounts = world["accounts"].as_array().unwrap();
    let changed = accounts
        .iter()
        .find(|account| account["id"] == user.id.as_str())
        .unwrap();
    assert_eq!(
        (&changed["suspended"], &changed["used_up"][0]),
        (&true.into(), &"query".into())
    );
    assert!(!desk.sim.accepts(&key.value), "it has expired");
    let expired = world["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["key_id"] == key.key_id.as_str());
    assert_eq!(expired.unwrap()["expires_at"], "2026-11-21T14:05:00Z");
    post(
        serving.addr,
        &format!("/_sim/keys/{}", key.key_id),
        r#"{"used_up":false}"#,
    )
    .await;
    assert!(!desk.sim.accepts(&key.value), "an absent field changes nothing");
    post(
        serving.addr,
        &format!("/_sim/keys/{}", key.key_id),
        r#"{"expires_in_s":null}"#,
    )
    .await;
    assert!(desk.sim.accepts(&key.value));
    let refused = desk
        .get("https://api.optiverse.ai/external-api/v1/list-records", "wrong")
        .await;
    assert_eq!(refused.field("error"), "AUTH002");
}

async fn post(addr: SocketAddr, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let length = body.len();
    let text = format!(
        "POST {path} HTTP/1.1\r\nHost: {addr}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
