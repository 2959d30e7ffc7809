//! What a definition means for the values that are entrusted to it: where they go, and every request that carries one or
//! changes something. Words for people have no part in it.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

/// Words for people, at the top of a file.
const WORDS: &[&str] = &[
    "name",
    "monogram",
    "docs",
    "dashboard",
    "checked_on",
    "contact",
    "purposes",
    "permission",
    "preset",
    "advice",
    "unconfirmed",
];

/// Words for people, wherever they stand.
const NOTES: &[&str] = &["label", "help", "example", "shape", "expiry", "scope", "leak", "note"];

/// What is sent to a provider as it stands.
const SENT: &[&str] = &["body", "form", "query", "header", "headers"];

/// What decides where values go, and what authenticates.
const REACH: &[&str] = &["hosts", "base_url", "own_base_url", "scheme", "auth"];

/// The meaning of a definition's text: each statement under its path. The form is the first; another one is not compared
/// with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning(BTreeMap<String, String>);

impl Meaning {
    /// Reads it from a text that is a definition.
    pub fn of(source: &str) -> Option<Meaning> {
        let table: toml::Table = toml::from_str(source).ok()?;
        let mut statements = BTreeMap::new();
        for (name, value) in table.iter().filter(|(name, _)| !WORDS.contains(&name.as_str())) {
            state(name, value, &mut statements);
        }
        Some(Meaning(statements))
    }

    /// Whether both send values to the same hosts and authenticate in the same way.
    pub fn reaches_as(&self, other: &Meaning) -> bool {
        self.reach().eq(other.reach())
    }

    fn reach(&self) -> impl Iterator<Item = (&String, &String)> {
        let decides = |path: &str| {
            let first = path.split(['.', '[']).next().unwrap_or_default();
            REACH.contains(&first) || path.ends_with(".base_url")
        };
        self.0.iter().filter(move |(path, _)| decides(path))
    }

    /// What the other one says otherwise: path, here, there.
    pub fn differences<'a>(&'a self, other: &'a Meaning) -> Vec<(&'a str, Option<&'a str>, Option<&'a str>)> {
        let paths: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let both = paths.into_iter().map(|path| {
            let (here, there) = (self.0.get(path), other.0.get(path));
            (path.as_str(), here.map(String::as_str), there.map(String::as_str))
        });
        both.filter(|(_, here, there)| here != there).collect()
    }
}

fn state(path: &str, value: &toml::Value, into: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            // What is sent has a meaning, whatever it is called there.
            let sent = path.split('.').any(|part| SENT.contains(&part));
            let means = |name: &str| sent || SENT.contains(&name) || !NOTES.contains(&name);
            for (name, value) in table.iter().filter(|(name, _)| means(name)) {
                state(&format!("{path}.{name}"), value, into);
            }
        }
        toml::Value::Array(items) if items.iter().any(toml::Value::is_table) => {
            for (n, item) in items.iter().enumerate() {
                state(&format!("{path}[{n}]"), item, into);
            }
        }
        other => {
            into.insert(path.to_owned(), other.to_string());
        }
    }
}

/// Names a definition's text.
pub(in crate::provider) fn digest(source: &str) -> String {
    let digest = Sha256::digest(source);
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Meaning;

    const LAB: &str = r#"
        id = "lab"
        name = "Lab"
        hosts = ["api.lab.dev"]
        [[scheme]]
        id = "admin"
        label = "Admin key"
        header = { name = "Authorization", value = "Bearer {credential.token}" }
        [revoke]
        request = "DELETE /keys/{key.remote_id}"
        applied = [204, { status = 200, at = "/ok", is = true }]
    "#;

    fn meaning(text: &str) -> Meaning {
        Meaning::of(text).expect("a definition")
    }

    #[test]
    fn words_and_their_order_mean_nothing_and_requests_do() {
        let lab = meaning(LAB);
        let words = LAB
            .replace("\"Lab\"", "\"Laboratory\"")
            .replace("Admin key", "Key of an administrator");
        assert_eq!(meaning(&words), lab);
        let moved = LAB
            .replace("id = \"lab\"\n", "")
            .replacen("name =", "id = \"lab\"\nname =", 1);
        assert_eq!(meaning(&moved), lab);
        let all = meaning(&LAB.replace("/keys/{key.remote_id}", "/all/{key.remote_id}"));
        assert!(all != lab && all.reaches_as(&lab));
        assert_eq!(
            lab.differences(&all),
            [(
                "revoke.request",
                Some("\"DELETE /keys/{key.remote_id}\""),
                Some("\"DELETE /all/{key.remote_id}\"")
            )]
        );
    }

    #[test]
    fn what_is_sent_has_a_meaning_whatever_it_is_called() {
        let text = format!("{LAB}[mint]\nrequest = \"POST /keys\"\nbody = {{ scope = \"read\", expiry = \"90d\" }}\n");
        let wider = text.replace("scope = \"read\"", "scope = \"admin\"");
        assert!(wider != text && meaning(&wider) != meaning(&text));
    }

    #[test]
    fn other_hosts_and_headers_reach_elsewhere() {
        let lab = meaning(LAB);
        for (from, to) in [
            ("api.lab.dev", "evil.example"),
            ("Bearer {credential.token}", "Basic {credential.token}"),
            ("[revoke]\n", "[revoke]\nbase_url = \"https://other.example\"\n"),
        ] {
            assert!(!meaning(&LAB.replace(from, to)).reaches_as(&lab), "{to}");
        }
    }
}
