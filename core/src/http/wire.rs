//! Requests over the network: reqwest with everything off that could send a credential elsewhere or twice.
//!
//! Deliberately absent: redirects (on a cross-origin redirect reqwest strips `Authorization`, but sends
//! `x-api-key` along), reqwest's own retries (they repeat a POST after an HTTP/2 refusal), proxies from the
//! environment, and the text of `reqwest::Error`, which holds the whole address.

use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use backon::{BackoffBuilder, ExponentialBuilder};
use bytes::Bytes;
use http::HeaderMap;
use http::header::HOST;
use jiff::SignedDuration;
use reqwest::redirect::Policy;
use reqwest::tls::Version;
use reqwest::{Client, ClientBuilder};
use url::Url;
use zeroize::Zeroizing;

use super::redirection::{Redirection, has_user, is_loopback};
use super::{Request, Response, Sending, Transport, TransportFailure};
use crate::clock::Clock;
use crate::guard::{Guard, in_place};

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// A request with its repeats, to the end of the body.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Limits {
            connect: seconds(10),
            read: seconds(20),
            total: seconds(60),
        }
    }
}

/// Repeats of a read, and the first pause between them.
const REPEATS: usize = 2;
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// The network. Reads are repeated after a passing fault; what mutates leaves at most once.
pub struct WireTransport {
    clock: Arc<dyn Clock>,
    redirection: Option<Redirection>,
    limits: Limits,
    secure: Clients,
    loopback: Clients,
}

/// The two clients of one kind of address, made when first needed: setting up TLS reads the system's roots.
/// `None` where that fails; then nothing is sent.
struct Clients {
    https_only: bool,
    limits: Limits,
    read: OnceLock<Option<Client>>,
    once: OnceLock<Option<Client>>,
}

impl WireTransport {
    pub fn new(clock: Arc<dyn Clock>, redirection: Option<Redirection>) -> WireTransport {
        WireTransport::with_limits(clock, redirection, Limits::default())
    }

    pub fn with_limits(clock: Arc<dyn Clock>, redirection: Option<Redirection>, limits: Limits) -> WireTransport {
        let (secure, loopback) = (Clients::new(true, limits), Clients::new(false, limits));
        WireTransport {
            clock,
            redirection,
            limits,
            secure,
            loopback,
        }
    }

    fn client(&self, url: &Url, sending: Sending) -> Result<&Client, TransportFailure> {
        let clients = match url.scheme() {
            "https" | "http" if is_loopback(url) => &self.loopback,
            "https" => &self.secure,
            _ => return Err(TransportFailure::NotAllowed),
        };
        clients.get(sending).ok_or(TransportFailure::NoRoots)
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
            body: request.body.map(|body| Bytes::from_owner(Wiped(body))),
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
            let answer = self
                .attempt(client, &url, &prepared, self.limits.total.saturating_sub(spent))
                .await;
            let pause = match sending {
                Sending::Repeatable if is_passing(&answer) => pauses.next(),
                Sending::Once if !in_place(Guard::SentOnce) && is_passing(&answer) => pauses.next(),
                Sending::Repeatable | Sending::Once => None,
            };
            match pause {
                Some(pause) if spent + pause < self.limits.total => self.clock.sleep(pause).await,
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

/// A body that several attempts share.
struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Clients {
    fn new(https_only: bool, limits: Limits) -> Clients {
        Clients {
            https_only,
            limits,
            read: OnceLock::new(),
            once: OnceLock::new(),
        }
    }

    fn get(&self, sending: Sending) -> Option<&Client> {
        let made = match sending {
            Sending::Repeatable => self.read.get_or_init(|| self.builder().build().ok()),
            // Without reuse there is no idle close to race with: a failure is then nearly always a clear one.
            Sending::Once => self
                .once
                .get_or_init(|| self.builder().pool_max_idle_per_host(0).build().ok()),
        };
        made.as_ref()
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .https_only(self.https_only)
            .tls_version_min(Version::TLS_1_2)
            .redirect(match in_place(Guard::NoRedirect) {
                true => Policy::none(),
                false => Policy::default(),
            })
            .referer(false)
            .retry(reqwest::retry::never())
            .http1_only()
            .no_proxy()
            .connect_timeout(self.limits.connect)
            .read_timeout(self.limits.read)
            .timeout(self.limits.total)
            .user_agent(concat!("keywheel/", env!("CARGO_PKG_VERSION")))
    }
}

/// Whether nothing left this machine. The error itself is dropped: it prints the address.
fn classify(error: reqwest::Error) -> TransportFailure {
    if error.is_connect() && is_untrusted(&error) {
        TransportFailure::NotTrusted
    } else if error.is_connect() || error.is_builder() {
        TransportFailure::NotSent
    } else {
        TransportFailure::NoAnswer
    }
}

/// Whether what keeps it from connecting is a certificate. An error of I/O holds the one of TLS inside.
fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(cause) = next {
        let inside = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let of_tls = inside
            .and_then(|inside| inside.downcast_ref())
            .or_else(|| cause.downcast_ref());
        if let Some(rustls::Error::InvalidCertificate(_)) = of_tls {
            return true;
        }
        next = cause.source();
    }
    false
}

fn is_passing(answer: &Result<Response, TransportFailure>) -> bool {
    match answer {
        Ok(response) => matches!(response.status, 502..=504),
        Err(failure) => matches!(failure, TransportFailure::NotSent | TransportFailure::NoAnswer),
    }
}
