//! Requests and answers, and the port they go through.
//!
//! Two ways of sending ([`Sending`]): a read may be repeated; what mutates is sent at most once.
//! Deliberately absent: redirects, cookies, content encodings, proxies from the environment.

mod answer;
pub mod auth;
mod redirection;
mod wire;
mod xml;

pub use answer::Format;
pub use redirection::Redirection;
pub(crate) use redirection::is_loopback;
pub use wire::{Limits, WireTransport};

use async_trait::async_trait;
use http::{HeaderMap, Method};
use url::Url;
use zeroize::Zeroizing;

/// One request. Its body may hold a secret, so it is wiped.
pub struct Request {
    pub method: Method,
    pub url: Url,
    /// Headers that carry a secret are marked sensitive.
    pub headers: HeaderMap,
    pub body: Option<Zeroizing<Vec<u8>>>,
    /// Largest body that is read, in bytes; a longer answer is [`TransportFailure::TooLarge`].
    pub max_body: usize,
}

/// One answer, its body read to the end. It may hold a secret, so it is wiped.
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Zeroizing<Vec<u8>>,
}

/// How often a request may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// A read: repeated after a passing fault, at most twice.
    Repeatable,
    /// At most once, on a fresh connection.
    Once,
}

/// Why there is no answer. Carries no address and no text of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportFailure {
    /// Name not resolved, connection refused, TLS refused: nothing was sent.
    NotSent,
    /// Whoever answers there has no certificate that is trusted: nothing was sent.
    NotTrusted,
    /// TLS cannot be set up: no authority is known whose certificates are trusted. Nothing was sent.
    NoRoots,
    /// It was sent, or may have been, and no whole answer came back.
    NoAnswer,
    /// An answer came and was longer than allowed; it was dropped.
    TooLarge,
    /// The address may not be called: not https, and not loopback.
    NotAllowed,
}

/// Sends a request and reads the whole answer, within 60 s in all.
#[async_trait]
pub trait Transport: Send + Sync {
    async fn send(&self, request: Request, sending: Sending) -> Result<Response, TransportFailure>;
}
