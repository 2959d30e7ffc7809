//! The network's own faults: redirects, sizes, slowness, repeats.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, Method};
use keywheel_core::clock::{Clock, SystemEntropy};
use keywheel_core::failure::{Code, Effect};
use keywheel_core::http::{Limits, Request, Sending, Transport, TransportFailure, WireTransport};
use keywheel_core::model::Answer;
use keywheel_core::provider::{Executor, Provider, Workspace};
use provider_sim::Clock as SimClock;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use url::Url;

use super::world::{TestClock, credential, overten, secret, short, workspace};
use tests::raw::{Gets, Raw, answer, kept_open};
use tests::script::now;

const KEY: &str = "sk_live_0123456789abcdefghijABCDEFGH";

fn wire(limits: Limits) -> Arc<WireTransport> {
    let clock: Arc<dyn Clock> = Arc::new(TestClock(SimClock::manual(now())));
    Arc::new(WireTransport::with_limits(clock, None, limits))
}

fn executor() -> Executor {
    let clock = Arc::new(TestClock(SimClock::manual(now())));
    Executor::new(wire(short()), clock, Arc::new(SystemEntropy))
}

/// An account at an address of its own, with a pasted token.
fn account(base_url: &str) -> Workspace {
    let token = credential(
        "firebase_id_token",
        "eyJhbGciOiJub25lIn0.eyJleHAiOjE5OTk5OTk5OTl9.c2ln",
        [],
    );
    Workspace {
        nonce: None,
        base_url: Some(base_url.to_owned()),
        ..workspace(&overten(), "org_1", Some(token))
    }
}

fn request(url: &str, max_body: usize) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert("x-api-key", HeaderValue::from_static(KEY));
    Request {
        method: Method::GET,
        url: Url::parse(url).unwrap(),
        headers,
        body: None,
        max_body,
    }
}

#[tokio::test]
async fn a_redirect_is_never_followed_and_takes_nothing_along() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let thief = Raw::start(vec![answer("200 OK", "", "{}")]).await;
        let location = format!("location: {}/api/v1/verify\r\n", thief.url());
        let provider = Raw::start(vec![answer(status, &location, "{}")]).await;
        let (executor, at) = (executor(), account(&provider.url()));
        let verdict = executor.verify(&at, &secret(KEY)).await;
        assert_eq!(verdict.answer, Answer::Undetermined, "{status}");
        let minted = executor.mint(&at, "x").await.err().unwrap();
        assert_eq!(
            (minted.code, minted.effect),
            (Code::ProviderRedirected, Effect::Unknown),
            "{status}"
        );
        let revoked = executor.revoke(&at, "k1").await.unwrap_err();
        assert_eq!(
            (revoked.code, revoked.effect),
            (Code::ProviderRedirected, Effect::Unknown),
            "{status}"
        );
        let listed = executor.list(&at).await.unwrap_err();
        assert_eq!(
            (listed.code, listed.effect),
            (Code::ProviderRedirected, Effect::NotApplied),
            "{status}"
        );
        assert_eq!(provider.requests().len(), 4, "{status}: each asked once");
        assert_eq!(
            thief.requests(),
            Vec::<String>::new(),
            "{status}: nothing reaches the other address"
        );
    }
}

#[tokio::test]
async fn a_body_over_the_cap_is_given_up_while_it_comes() {
    let piece = vec![b' '; 64 * 1024];
    let chunk = [b"10000\r\n".as_slice(), &piece, b"\r\n"].concat();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    for gets in [
        Gets::Endless(format!("{head}transfer-encoding: chunked\r\n\r\n"), chunk),
        Gets::Endless(format!("{head}\r\n"), piece.clone()),
        Gets::Endless(format!("{head}content-length: 10737418240\r\n\r\n"), piece.clone()),
    ] {
        let provider = Raw::start(vec![gets]).await;
        let failure = executor().mint(&account(&provider.url()), "x").await.err().unwrap();
        assert_eq!(
            (failure.code, failure.effect),
            (Code::ProviderTooLarge, Effect::Unknown)
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(provider.written() < 8 << 20, "{} bytes were taken", provider.written());
        assert_eq!(provider.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_cap_is_read() {
    let text = "x".repeat(1000);
    let provider = Raw::start(vec![answer("200 OK", "", &text)]).await;
    let transport = wire(short());
    for (cap, whole) in [(1000, true), (999, false)] {
        let answer = transport.send(request(&provider.url(), cap), Sending::Once).await;
        assert_eq!(answer.is_ok(), whole, "{cap}");
    }
}

#[tokio::test]
async fn a_slow_body_ends_with_the_time_for_the_whole() {
    let head = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
    let provider = Raw::start(vec![Gets::Dribble(head.to_owned(), Duration::from_millis(50))]).await;
    let started = Instant::now();
    let failure = executor().mint(&account(&provider.url()), "x").await.err().unwrap();
    assert_eq!(
        (failure.code, failure.effect),
        (Code::ProviderNoAnswer, Effect::Unknown)
    );
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "each byte came in time, all of them did not"
    );
    assert_eq!(provider.requests().len(), 1);
}

#[tokio::test]
async fn a_provider_that_is_not_there_was_not_asked() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let at = account(&format!("http://{gone}"));
    for failure in [
        executor().mint(&at, "x").await.err().unwrap(),
        executor().revoke(&at, "k1").await.unwrap_err(),
    ] {
        assert_eq!(
            (failure.code, failure.effect),
            (Code::ProviderUnreachable, Effect::NotApplied)
        );
    }
    assert_eq!(executor().verify(&at, &secret(KEY)).await.answer, Answer::Undetermined);
}

#[tokio::test]
async fn a_server_without_tls_learns_nothing() {
    // One that waits for the end of a request, and one that answers to the first bytes.
    let silent = Raw::start(vec![answer("200 OK", "", "{}")]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hasty = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                .await;
        }
    });
    for addr in [silent.addr, hasty] {
        let failure = executor()
            .mint(&account(&format!("https://{addr}")), "x")
            .await
            .err()
            .unwrap();
        assert_eq!(
            (failure.code, failure.effect),
            (Code::ProviderUnreachable, Effect::NotApplied)
        );
    }
    assert!(
        !silent.requests().concat().contains("Bearer"),
        "the handshake comes before the request"
    );
}

#[tokio::test]
async fn a_read_is_repeated_twice_after_a_passing_fault_and_a_mutation_never() {
    let (busy, fine) = (|| answer("503 Busy", "", "{}"), || answer("200 OK", "", "{}"));
    for (gets, sending, status, calls) in [
        (vec![busy(), busy(), fine()], Sending::Repeatable, Some(200), 3),
        (vec![busy()], Sending::Repeatable, Some(503), 3),
        (
            vec![answer("502 Bad", "", "{}"), fine()],
            Sending::Repeatable,
            Some(200),
            2,
        ),
        (
            vec![answer("504 Late", "", "{}"), fine()],
            Sending::Repeatable,
            Some(200),
            2,
        ),
        (vec![Gets::Bytes(Vec::new()), fine()], Sending::Repeatable, Some(200), 2),
        (
            vec![answer("429 Slow", "", "{}"), fine()],
            Sending::Repeatable,
            Some(429),
            1,
        ),
        (
            vec![answer("500 Bad", "", "{}"), fine()],
            Sending::Repeatable,
            Some(500),
            1,
        ),
        (vec![busy(), fine()], Sending::Once, Some(503), 1),
        (
            vec![
                Gets::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12".into()),
                fine(),
            ],
            Sending::Once,
            None,
            1,
        ),
        (vec![Gets::Bytes(Vec::new()), fine()], Sending::Once, None, 1),
    ] {
        let provider = Raw::start(gets).await;
        let answer = wire(short()).send(request(&provider.url(), 100), sending).await;
        assert_eq!(answer.as_ref().ok().map(|answer| answer.status), status, "{sending:?}");
        assert_eq!(provider.requests().len(), calls, "{sending:?} {status:?}");
    }
}

#[tokio::test]
async fn what_is_sent_once_never_uses_a_connection_again() {
    let provider = Raw::start(vec![kept_open("200 OK", "", "{}")]).await;
    let transport = wire(short());
    for _ in 0..5 {
        let mut request = request(&provider.url(), 100);
        (request.method, request.body) = (Method::POST, Some(b"{}".to_vec().into()));
        transport.send(request, Sending::Once).await.unwrap();
    }
    // A second request on one connection would have got no answer.
    assert_eq!(provider.requests().len(), 5);
    assert!(
        provider
            .requests()
            .iter()
            .all(|request| request.starts_with("POST / HTTP/1.1\r\n"))
    );
}

#[tokio::test]
async fn a_request_says_no_more_than_it_must() {
    let provider = Raw::start(vec![
        answer("201 Created", "set-cookie: a=b\r\n", "{}"),
        answer("204 No Content", "", ""),
    ])
    .await;
    let (executor, at) = (executor(), account(&format!("{}/base/", provider.url())));
    let _ = executor.mint(&at, "x").await;
    let _ = executor.revoke(&at, "k1").await;
    let requests = provider.requests();
    assert!(
        requests[0].starts_with("POST /base/organizations/org_1/api-keys HTTP/1.1\r\n"),
        "{}",
        requests[0]
    );
    assert!(requests[0].ends_with("\r\n\r\n{\"name\":\"x\"}"), "{}", requests[0]);
    for request in &requests {
        let head = request.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
        for absent in [
            "cookie",
            "referer",
            "accept-encoding",
            "accept-language",
            "upgrade",
            "h2c",
        ] {
            assert!(!head.contains(absent), "{absent} in {head}");
        }
        assert!(head.contains("user-agent: keywheel/"), "{head}");
    }
}

#[tokio::test]
async fn an_address_that_is_neither_https_nor_loopback_is_not_called() {
    let transport = wire(short());
    for url in [
        "http://example.com/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost.example.com/",
        "http://user:pass@127.0.0.1/",
        "https://user:pass@example.com/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
    ] {
        let answer = transport.send(request(url, 100), Sending::Once).await;
        assert_eq!(answer.err(), Some(TransportFailure::NotAllowed), "{url}");
    }
    for (base, code) in [
        ("http://example.com", Code::InputNotHttps),
        ("http://192.168.0.2:8080", Code::InputNotHttps),
        ("https://a:b@example.com", Code::InputInvalid),
        ("https://example.com/?x", Code::InputInvalid),
        ("https://example.com/#x", Code::InputInvalid),
        ("example.com", Code::InputInvalid),
        ("javascript:alert(1)", Code::InputNotHttps),
    ] {
        let failure = executor().mint(&account(base), "x").await.err().unwrap();
        assert_eq!(
            (failure.code, failure.field.as_deref()),
            (code, Some("base_url")),
            "{base}"
        );
        assert_eq!(failure.effect, Effect::NotApplied);
    }
}

#[test]
fn the_shipped_limits_end_every_answer_within_a_minute() {
    let limits = Limits::default();
    assert_eq!(
        (limits.connect.as_secs(), limits.read.as_secs(), limits.total.as_secs()),
        (10, 20, 60)
    );
}
