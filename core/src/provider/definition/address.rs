//! Where a definition may send a credential.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::{DefinitionProblem, Reason};

pub(super) fn hosts(hosts: Vec<String>) -> Result<Vec<String>, DefinitionProblem> {
    if hosts.is_empty() {
        return Err(DefinitionProblem::new("hosts", Reason::Empty));
    }
    for (n, host) in hosts.iter().enumerate() {
        exact_host(host).map_err(|reason| DefinitionProblem::new(format!("hosts[{n}]"), reason))?;
    }
    Ok(hosts)
}

fn exact_host(host: &str) -> Result<(), Reason> {
    // Every spelling of a number that resolvers take: 127.1, 0x7f.1, 2130706433, ::1.
    let last = host.rsplit('.').next().unwrap_or_default();
    let number = last.starts_with(|c: char| c.is_ascii_digit()) || host.parse::<Ipv4Addr>().is_ok();
    if number || host.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok() {
        return Err(Reason::HostIsNumber);
    }
    let label = |label: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        (1..=63).contains(&label.len()) && label.chars().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    if host.len() > 253 || !host.contains('.') || !host.split('.').all(label) {
        return Err(Reason::HostNotExact);
    }
    // RFC 6761, RFC 6762, RFC 8375, and what clouds call their own machines.
    if ["localhost", "local", "internal", "arpa"].contains(&last) {
        return Err(Reason::HostIsLocal);
    }
    Ok(())
}

pub(super) fn base_url(address: &str, hosts: &[String]) -> Result<Url, DefinitionProblem> {
    let wrong = |reason| DefinitionProblem::new("base_url", reason);
    let url = https(address).map_err(wrong)?;
    match url.host() {
        Some(Host::Domain(host)) if hosts.iter().any(|listed| listed == host) => {}
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => return Err(wrong(Reason::HostIsNumber)),
        _ => return Err(wrong(Reason::HostNotListed)),
    }
    let rich = url.port().is_some() || url.query().is_some() || url.fragment().is_some();
    if rich || address.contains("..") || address.contains('%') {
        return Err(wrong(Reason::AddressTooRich));
    }
    Ok(url)
}

/// A page that a browser opens.
pub(super) fn page(address: &str, at: &str) -> Result<Url, DefinitionProblem> {
    https(address).map_err(|reason| DefinitionProblem::new(at, reason))
}

fn https(address: &str) -> Result<Url, Reason> {
    let url = Url::parse(address).map_err(|_| Reason::NotHttps)?;
    if url.scheme() != "https" || !address.starts_with("https://") {
        return Err(Reason::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() || address.len() > 500 {
        return Err(Reason::AddressTooRich);
    }
    Ok(url)
}
