//! A proxy named in the environment sees nothing.

use std::process::Command;
use std::sync::Arc;

use keywheel_core::clock::SystemClock;
use keywheel_core::http::{Request, Sending, Transport, WireTransport};

use super::world::short;
use tests::raw::{Raw, answer};

const PART: &str = "KEYWHEEL_TEST_PROXY_TARGET";

/// The part of the child process: one request to the address that it is given.
#[tokio::test]
async fn child() {
    let Ok(target) = std::env::var(PART) else { return };
    let transport = WireTransport::with_limits(Arc::new(SystemClock::new()), None, short());
    for sending in [Sending::Once, Sending::Repeatable] {
        for host in ["127.0.0.1", "localhost"] {
            let url = target.replace("127.0.0.1", host).parse().unwrap();
            let request = Request {
                method: http::Method::GET,
                url,
                headers: http::HeaderMap::new(),
                body: None,
                max_body: 100,
            };
            assert_eq!(transport.send(request, sending).await.unwrap().status, 200);
        }
    }
}

#[tokio::test]
async fn a_proxy_from_the_environment_is_ignored() {
    let proxy = Raw::start(vec![answer("200 OK", "", "{}")]).await;
    let provider = Raw::start(vec![answer("200 OK", "connection: close\r\n", "{}")]).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "proxy::child"])
        .env(PART, provider.url())
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        child.env(name, proxy.url());
    }
    let output = tokio::task::spawn_blocking(move || child.output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(provider.requests().len(), 4, "the child asked the provider itself");
    assert_eq!(proxy.requests(), Vec::<String>::new());
}
