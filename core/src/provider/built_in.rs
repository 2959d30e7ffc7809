//! The definitions that come with Keywheel, each read when it is first asked for.

use std::sync::{Arc, OnceLock};

use super::Definition;
use super::definition::digest;

/// One of them.
pub(super) struct BuiltIn {
    id: &'static str,
    text: &'static str,
    read: OnceLock<Option<Arc<Definition>>>,
    digest: OnceLock<String>,
}

impl BuiltIn {
    const fn new(id: &'static str, text: &'static str) -> BuiltIn {
        BuiltIn {
            id,
            text,
            read: OnceLock::new(),
            digest: OnceLock::new(),
        }
    }

    pub fn text(&self) -> &'static str {
        self.text
    }

    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| digest(self.text))
    }

    /// The definition. It is the same for the whole process; a test reads all of them, so none is missing.
    pub fn definition(&self) -> Option<&Arc<Definition>> {
        let read = || Definition::parse(self.text).ok().map(Arc::new);
        self.read.get_or_init(read).as_ref()
    }
}

/// All of them, in the order in which they are shown.
pub(super) static BUILT_IN: [BuiltIn; 7] = [
    BuiltIn::new("overten", include_str!("../../../providers/overten.toml")),
    BuiltIn::new("on-page", include_str!("../../../providers/on-page.toml")),
    BuiltIn::new("authenta", include_str!("../../../providers/authenta.toml")),
    BuiltIn::new("ai-api", include_str!("../../../providers/ai-api.toml")),
    BuiltIn::new("optiverse", include_str!("../../../providers/optiverse.toml")),
    BuiltIn::new("jupyterhub", include_str!("../../../providers/jupyterhub.toml")),
    BuiltIn::new("aws-iam", include_str!("../../../providers/aws-iam.toml")),
];

/// The one with that id.
pub(super) fn find(id: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|one| one.id == id)
}

/// Whether one of them calls the host.
pub fn is_built_in_host(host: &str) -> bool {
    let mut all = BUILT_IN.iter().filter_map(BuiltIn::definition);
    all.any(|definition| definition.hosts().iter().any(|listed| listed == host))
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Definition, find, is_built_in_host};

    #[test]
    fn each_is_valid_and_found_by_the_id_that_it_says() {
        for one in &BUILT_IN {
            let definition = Definition::parse(one.text).unwrap_or_else(|problem| panic!("{}: {problem}", one.id));
            assert_eq!(definition.id(), one.id);
            assert_eq!(find(one.id).and_then(|found| found.definition()).unwrap().id(), one.id);
        }
    }

    #[test]
    fn only_the_hosts_that_they_name_are_led() {
        let hosts = BUILT_IN.iter().flat_map(|one| one.definition().unwrap().hosts());
        let mut any = false;
        for host in hosts {
            any = true;
            assert!(is_built_in_host(host));
            for other in [format!("{host}.evil.example"), format!("x.{host}")] {
                assert!(!is_built_in_host(&other), "{other}");
            }
        }
        assert!(any);
    }
}
