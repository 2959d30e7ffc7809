//! Which addresses are this machine, and how a demo data directory leads requests to it.

use std::{fmt, sync::Arc};

use http::HeaderValue;
use url::{Host, Url};

use crate::failure::{Code, Failure};

/// Leads the requests for some hosts to a simulator on this machine, in a demo data directory only.
#[derive(Clone)]
pub struct Redirection {
    leads: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    to: Url,
}

impl fmt::Debug for Redirection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirection")
            .field("to", &self.to.as_str())
            .finish_non_exhaustive()
    }
}

impl Redirection {
    /// Takes which hosts are led, and the simulator's address: plain http, on loopback, nothing else in it.
    pub fn new(leads: impl Fn(&str) -> bool + Send + Sync + 'static, to: &str) -> Result<Redirection, Failure> {
        let wrong = || Failure::new(Code::InputInvalid).field("redirection");
        let to = Url::parse(to).map_err(|_| wrong())?;
        let rich = to.path() != "/" || to.query().is_some() || to.fragment().is_some() || has_user(&to);
        if to.scheme() != "http" || !is_loopback(&to) || rich {
            return Err(wrong());
        }
        Ok(Redirection {
            leads: Arc::new(leads),
            to,
        })
    }

    /// Returns the simulator's address for a request and the `Host` it asked for.
    pub(super) fn lead(&self, url: &Url) -> Option<(Url, HeaderValue)> {
        let host = url.host_str().filter(|host| (self.leads)(host))?;
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

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(super) fn has_user(url: &Url) -> bool {
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
            assert!(Redirection::new(|_| true, address).is_ok(), "{address}");
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
            assert!(Redirection::new(|_| true, address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_redirection_keeps_path_query_and_host() {
        let redirection = Redirection::new(|host| host == "api.example.com", "http://127.0.0.1:9").unwrap();
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
