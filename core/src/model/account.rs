//! Accounts and what manages their keys.

use std::collections::BTreeMap;

use url::{Host, Url};

use super::{AccountId, KeyId, Name, OrgId, Secret};

/// One workspace at one provider, under an organisation of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub org_id: OrgId,
    /// Id of the provider's definition.
    pub provider_id: String,
    pub label: Name,
    /// Names the text of the definition that it was connected with; none where an earlier version connected it.
    pub definition: Option<String>,
    /// Non-secret facts the definition asks for, e.g. the provider's organisation id.
    pub fields: BTreeMap<String, String>,
    /// Id of the credential scheme, as the definition names it.
    pub scheme: String,
    /// Address of its own, where the user gave one.
    pub base_url: Option<String>,
    /// The management credential is a key too: it has an age and a row.
    pub management_key_id: Option<KeyId>,
}

impl Account {
    /// Its own address in one form, however it was written; none where it has none.
    pub fn address(&self) -> Option<String> {
        let written = self.base_url.as_deref()?;
        let Ok(url) = Url::parse(written) else {
            return Some(written.to_owned());
        };
        let host = match url.host() {
            Some(Host::Ipv4(address)) if address.is_loopback() => "localhost".to_owned(),
            Some(Host::Ipv6(address)) if address.is_loopback() => "localhost".to_owned(),
            host => host.map(|host| host.to_string()).unwrap_or_default(),
        };
        let port = url.port_or_known_default().unwrap_or_default();
        Some(format!(
            "{}://{host}:{port}{}",
            url.scheme(),
            url.path().trim_end_matches('/')
        ))
    }
}

/// What authenticates key management: the scheme's non-secret fields and its one secret.
#[derive(Debug)]
pub struct Credential {
    pub scheme: String,
    pub fields: BTreeMap<String, String>,
    pub secret: Secret,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_one_however_it_is_written() {
        let at = |url: &str| Account {
            id: AccountId::new(1, [0; 10]),
            org_id: OrgId::new(1, [0; 10]),
            provider_id: "lab".to_owned(),
            label: Name::new("main").expect("a name"),
            definition: None,
            fields: BTreeMap::new(),
            scheme: String::new(),
            base_url: Some(url.to_owned()),
            management_key_id: None,
        };
        let lab = at("http://127.0.0.1:80/api").address();
        for same in [
            "http://localhost/api/",
            "http://[::1]/api",
            "http://127.0.0.1/./api",
            "HTTP://LocalHost/api",
        ] {
            assert_eq!(at(same).address(), lab, "{same}");
        }
        for other in [
            "http://127.0.0.1:81/api",
            "https://127.0.0.1/api",
            "http://127.0.0.1/",
            "http://lab.dev/api",
        ] {
            assert_ne!(at(other).address(), lab, "{other}");
        }
    }
}
