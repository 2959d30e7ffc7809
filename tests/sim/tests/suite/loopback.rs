//! Over a real socket: bytes, closed connections, and the control interface.

use std::net::SocketAddr;
use std::time::Duration;

use provider_sim::{Fault, Sent, Serving};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::lab::{Lab, MINT, VERIFY, lab};

async fn serve(lab: &Lab) -> Serving {
    lab.sim.serve(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap()
}

/// Sends one request as bytes and reads until the connection closes.
async fn raw(addr: SocketAddr, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let length = body.len();
    let text = format!("{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset instead of an end is a closed connection as well.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

async fn verify(addr: SocketAddr, value: &str) -> String {
    let head = format!("GET {VERIFY} HTTP/1.1\r\nHost: backend.overtenai.com\r\nX-API-Key: {value}");
    raw(addr, &head, "").await
}

async fn mint(lab: &Lab, addr: SocketAddr) -> String {
    let path = lab.keys_url().replace("https://backend.overtenai.com", "");
    let token = &lab.token;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: backend.overtenai.com\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
    );
    raw(addr, &head, r#"{"name":"a"}"#).await
}

async fn control(addr: SocketAddr, method: &str, path: &str, body: &str) -> (u16, Value) {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {addr}\r\nContent-Type: application/json");
    let answer = raw(addr, &head, body).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

#[tokio::test]
async fn a_request_with_only_the_connection_redirected_is_answered() {
    let lab = lab();
    let serving = serve(&lab).await;
    let answer = verify(serving.addr, &lab.key.value).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains(&lab.org.webhook_secret));
    assert!(
        answer
            .to_ascii_lowercase()
            .contains("date: sat, 21 nov 2026 14:05:00 gmt"),
        "{answer}"
    );
    assert!(mint(&lab, serving.addr).await.starts_with("HTTP/1.1 201 Created\r\n"));
    assert_eq!(lab.live(), 2);
}

#[tokio::test]
async fn a_dropped_connection_sends_not_one_byte() {
    for (fault, live) in [
        (Fault::drop_connection().before(), 1),
        (Fault::drop_connection().after(), 2),
    ] {
        let lab = lab();
        let serving = serve(&lab).await;
        lab.sim.inject(fault.on("POST", MINT));
        assert_eq!(mint(&lab, serving.addr).await, "");
        assert_eq!((lab.live(), lab.sim.requests()[0].status), (live, Sent::Dropped));
    }
}

#[tokio::test]
async fn a_cut_body_sends_its_head_and_so_many_bytes() {
    for bytes in [0, 17] {
        let lab = lab();
        let serving = serve(&lab).await;
        lab.sim.inject(Fault::cut_body(bytes).on("POST", MINT));
        let answer = mint(&lab, serving.addr).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 201 Created"), "{head}");
        let announced = head.to_ascii_lowercase();
        let announced = announced
            .split("content-length: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap();
        assert!(
            announced.parse::<usize>().unwrap() > 100,
            "the whole length is announced"
        );
        assert_eq!(body.len(), bytes);
        assert_eq!(lab.live(), 2);
    }
}

#[tokio::test]
async fn a_hung_request_ends_when_the_server_stops() {
    let lab = lab();
    let serving = serve(&lab).await;
    let addr = serving.addr;
    lab.sim.inject(Fault::hang());
    let value = lab.key.value.clone();
    let waiting = tokio::spawn(async move { verify(addr, &value).await });
    while lab
        .sim
        .requests()
        .first()
        .is_none_or(|record| record.status != Sent::Hung)
    {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(!waiting.is_finished());
    serving.stop().await;
    assert_eq!(waiting.await.unwrap(), "");
    assert!(TcpStream::connect(addr).await.is_err(), "the port is closed");
}

#[tokio::test]
async fn only_loopback_is_served() {
    let refused = lab().sim.serve(SocketAddr::from(([0, 0, 0, 0], 0))).await;
    assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn the_control_interface_shows_world_and_ledger() {
    let lab = lab();
    let serving = serve(&lab).await;
    verify(serving.addr, &lab.key.value).await;
    let (_, world) = control(serving.addr, "GET", "/_sim/world", "").await;
    assert_eq!(world["users"][0]["refresh_token"], lab.owner.refresh_token.as_str());
    assert_eq!(world["orgs"][0]["id"], lab.org.id.as_str());
    assert_eq!(world["keys"][0]["value"], lab.key.value.as_str());
    assert_eq!(world["keys"][0]["suggested_name"], "checkout-api");
    assert_eq!(world["keys"][0]["environment"], "production");
    let (status, ledger) = control(serving.addr, "GET", "/_sim/ledger", "").await;
    assert_eq!(
        (status, ledger["requests"].as_array().unwrap().len()),
        (200, 1),
        "control leaves no trace"
    );
    assert_eq!(ledger["requests"][0]["status"], 200);
    assert_eq!(ledger["requests"][0]["key_id"], lab.key.key_id.as_str());
    assert_eq!(ledger["keys"][0]["calls"], 1);
}

#[tokio::test]
async fn the_control_interface_sets_lists_and_clears_faults() {
    let lab = lab();
    let serving = serve(&lab).await;
    let one = json!({"method": "GET", "path": VERIFY, "do": {"kind": "status", "status": 503}});
    let many = json!([{"do": {"kind": "drop"}}, {"do": {"kind": "list_lag", "ms": 5}}]);
    let set = control(serving.addr, "POST", "/_sim/faults", &one.to_string()).await;
    assert_eq!(set, (201, json!({"ids": [1]})));
    let set = control(serving.addr, "POST", "/_sim/faults", &many.to_string()).await;
    assert_eq!(set, (201, json!({"ids": [2, 3]})));
    assert!(verify(serving.addr, &lab.key.value).await.starts_with("HTTP/1.1 503"));
    let (_, listed) = control(serving.addr, "GET", "/_sim/faults", "").await;
    assert_eq!(listed["faults"][0]["fired"], 1);
    assert_eq!(listed["faults"][0]["fault"]["do"]["status"], 503);
    assert_eq!(listed["faults"][1]["fired"], 0, "queued behind the first");
    assert_eq!(control(serving.addr, "DELETE", "/_sim/faults", "").await.0, 204);
    assert!(verify(serving.addr, &lab.key.value).await.starts_with("HTTP/1.1 200"));
    let wrong = json!({"do": {"kind": "nap"}}).to_string();
    assert_eq!(control(serving.addr, "POST", "/_sim/faults", &wrong).await.0, 422);
}

#[tokio::test]
async fn the_control_interface_moves_time_users_and_organisations() {
    let lab = lab();
    let serving = serve(&lab).await;
    let (_, now) = control(serving.addr, "POST", "/_sim/clock", r#"{"advance_s":3600}"#).await;
    assert_eq!(now["now"], "2026-11-21T15:05:00Z");
    assert_eq!(control(serving.addr, "GET", "/_sim/clock", "").await.1, now);
    assert!(
        mint(&lab, serving.addr).await.starts_with("HTTP/1.1 401"),
        "the token has expired"
    );
    let path = format!("/_sim/orgs/{}", lab.org.id);
    let change = r#"{"suspended":true,"list":{"container":"bare","created_at":false}}"#;
    assert_eq!(control(serving.addr, "POST", &path, change).await.0, 204);
    assert!(verify(serving.addr, &lab.key.value).await.starts_with("HTTP/1.1 403"));
    let path = format!("/_sim/users/{}", lab.owner.uid);
    assert_eq!(
        control(serving.addr, "POST", &path, r#"{"refusal":"USER_DISABLED"}"#)
            .await
            .0,
        204
    );
    let world = lab.sim.world();
    assert_eq!(world.users[0].refusal.as_deref(), Some("USER_DISABLED"));
    assert!(!world.orgs[0].list.created_at);
}
