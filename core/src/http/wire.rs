//! Requests over the network: reqwest with everything off that could send a credential elsewhere or twice.
//!
//! Deliberately absent: redirects (on a cross-origin redirect reqwest strips `Authorization`, but sends
//! `x-api-key` along), reqwest's own retries (they repeat a POST after an HTTP/2 refusal), proxies from the
//! environment, and the text of `reqwest::Error`, which holds the whole address.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use backon::{BackoffBuilder, ExponentialBuilder};
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, HeaderValue};
use jiff::SignedDuration;
use reqwest::redirect::Policy;
use reqwest::tls::Version;
use reqwest::{Client, ClientBuilder};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::{Request, Response, Sending, Transport, TransportFailure};
use crate::clock::Clock;
use crate::failure::{Code, Failure};

/// A request and its repeats, all in all.
const TOTAL: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(10);
const READ: Duration = Duration::from_secs(20);

/// Repeats of a read, and the first pause between them.
const REPEATS: usize = 2;
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// Leads the requests for some hosts to a simulator on this machine, in a demo data directory only.
#[derive(Debug, Clone)]
pub struct Redirection {
    hosts: Vec<String>,
    to: Url,
}

impl Redirection {
    /// Takes the hosts and the simulator's address: plain http, on loopback, nothing else in it.
    pub fn new(hosts: Vec<String>, to: &str) -> Result<Redirection, Failure> {
        let wrong = || Failure::new(Code::InputInvalid).field("redirection");
        let to = Url::parse(to).map_err(|_| wrong())?;
        let rich = to.path() != "/" || to.query().is_some() || to.fragment().is_some() || has_user(&to);
        if to.scheme() != "http" || !is_loopback(&to) || rich {
            return Err(wrong());
        }
        Ok(Redirection { hosts, to })
    }

    /// Returns the simulator's address for a request and the `Host` it asked for.
    fn lead(&self, url: &Url) -> Option<(Url, HeaderValue)> {
        let host = url
            .host_str()
            .filter(|host| self.hosts.iter().any(|listed| listed == host))?;
        let asked = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let mut led = self.to.clone();
        led.set_path(url.path());
        led.set_query(url.query());
        Some((led, HeaderValue::from_str(&asked).ok()?))
    }
}

/// The network. Reads are repeated after a passing fault; what mutates leaves at most once.
pub struct WireTransport {
    clock: Arc<dyn Clock>,
    redirection: Option<Redirection>,
    secure: Clients,
    loopback: Clients,
}

/// `None` where TLS could not be set up; then nothing is sent.
struct Clients {
    read: Option<Client>,
    once: Option<Client>,
}

impl WireTransport {
    pub fn new(clock: Arc<dyn Clock>, redirection: Option<Redirection>) -> WireTransport {
        WireTransport {
            clock,
            redirection,
            secure: Clients::new(true),
            loopback: Clients::new(false),
        }
    }

    fn client(&self, url: &Url, sending: Sending) -> Result<&Client, TransportFailure> {
        let clients = match url.scheme() {
            "https" | "http" if is_loopback(url) => &self.loopback,
            "https" => &self.secure,
            _ => return Err(TransportFailure::NotAllowed),
        };
        let client = match sending {
            Sending::Repeatable => &clients.read,
            Sending::Once => &clients.once,
        };
        client.as_ref().ok_or(TransportFailure::NotSent)
    }

    async fn attempt(
        &self,
        client: &Client,
        url: &Url,
        prepared: &Prepared,
        within: Duration,
    ) -> Result<Response, TransportFailure> {
        let mut request = client
            .request(prepared.method.clone(), url.clone())
            .headers(prepared.headers.clone());
        if let Some(body) = &prepared.body {
            request = request.body(body.clone());
        }
        let mut answer = request.timeout(within).send().await.map_err(classify)?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let longest = prepared.max_body;
        if answer.content_length().is_some_and(|length| length > longest as u64) {
            return Err(TransportFailure::TooLarge);
        }
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = answer.chunk().await.map_err(|_| TransportFailure::NoAnswer)? {
            if body.len() + chunk.len() > longest {
                return Err(TransportFailure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

#[async_trait]
impl Transport for WireTransport {
    async fn send(&self, request: Request, sending: Sending) -> Result<Response, TransportFailure> {
        if has_user(&request.url) {
            return Err(TransportFailure::NotAllowed);
        }
        let mut prepared = Prepared {
            method: request.method,
            headers: request.headers,
            // The shared body is wiped when its last owner drops it.
            body: request.body.map(|body| reqwest_body(Wiped(body))),
            max_body: request.max_body,
        };
        let led = self
            .redirection
            .as_ref()
            .and_then(|redirection| redirection.lead(&request.url));
        let url = match led {
            Some((led, asked)) => {
                prepared.headers.insert(HOST, asked);
                led
            }
            None => request.url,
        };
        let client = self.client(&url, sending)?;

        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_times(REPEATS)
            .with_jitter()
            .build();
        let started = self.clock.now();
        loop {
            let spent = self
                .clock
                .now()
                .duration_since(started)
                .max(SignedDuration::ZERO)
                .unsigned_abs();
            let answer = self.attempt(client, &url, &prepared, TOTAL.saturating_sub(spent)).await;
            let pause = match sending {
                Sending::Repeatable if is_passing(&answer) => pauses.next(),
                Sending::Repeatable | Sending::Once => None,
            };
            match pause {
                Some(pause) if spent + pause < TOTAL => self.clock.sleep(pause).await,
                _ => return answer,
            }
        }
    }
}

/// What every attempt of one request sends.
struct Prepared {
    method: http::Method,
    headers: HeaderMap,
    body: Option<Bytes>,
    max_body: usize,
}

struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn reqwest_body(body: Wiped) -> Bytes {
    Bytes::from_owner(body)
}

impl Clients {
    fn new(https_only: bool) -> Clients {
        Clients {
            read: builder(https_only).build().ok(),
            // Without reuse there is no idle close to race with: a failure is then nearly always a clear one.
            once: builder(https_only).pool_max_idle_per_host(0).build().ok(),
        }
    }
}

fn builder(https_only: bool) -> ClientBuilder {
    Client::builder()
        .https_only(https_only)
        .tls_version_min(Version::TLS_1_2)
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only()
        .no_proxy()
        .connect_timeout(CONNECT)
        .read_timeout(READ)
        .timeout(TOTAL)
        .user_agent(concat!("keywheel/", env!("CARGO_PKG_VERSION")))
}

/// Whether nothing left this machine. The error itself is dropped: it prints the address.
fn classify(error: reqwest::Error) -> TransportFailure {
    if error.is_connect() || error.is_builder() {
        TransportFailure::NotSent
    } else {
        TransportFailure::NoAnswer
    }
}

fn is_passing(answer: &Result<Response, TransportFailure>) -> bool {
    match answer {
        Ok(response) => matches!(response.status, 502..=504),
        Err(failure) => matches!(failure, TransportFailure::NotSent | TransportFailure::NoAnswer),
    }
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::{Redirection, Url};

    #[test]
    fn a_redirection_leads_to_loopback_over_plain_http_only() {
        for address in [
            "http://127.0.0.1:9",
            "http://127.9.8.7",
            "http://[::1]:9",
            "http://localhost:9/",
        ] {
            assert!(Redirection::new(Vec::new(), address).is_ok(), "{address}");
        }
        for address in [
            "https://127.0.0.1:9",
            "http://evil.example",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://169.254.169.254",
            "http://[::ffff:127.0.0.1]",
            "http://localhost.evil.example",
            "http://127.0.0.1@evil.example",
            "http://a:b@127.0.0.1",
            "http://127.0.0.1/path",
            "http://127.0.0.1/?q",
            "ftp://127.0.0.1",
            "127.0.0.1:9",
        ] {
            assert!(Redirection::new(Vec::new(), address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_redirection_keeps_path_query_and_host() {
        let redirection = Redirection::new(vec!["api.example.com".into()], "http://127.0.0.1:9").unwrap();
        let led = |address: &str| redirection.lead(&Url::parse(address).unwrap());
        let (url, host) = led("https://api.example.com/v1/keys/a%2Fb?limit=1&x=%20").unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:9/v1/keys/a%2Fb?limit=1&x=%20");
        assert_eq!(host, "api.example.com");
        assert!(
            led("https://api.example.com.evil.example/").is_none(),
            "only the very host is led"
        );
    }
}
