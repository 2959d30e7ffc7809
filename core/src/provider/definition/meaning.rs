//! What a definition means for the values that are entrusted to it: where they go, and every request that carries one or
//! changes something. Words for people have no part in it; what they are sent to has.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use url::Url;

/// Words for people, each by its whole path: nothing else may change unasked. What an author names has none of these paths,
/// whatever it is called.
const WORDS: &[&str] = &[
    "name",
    "monogram",
    "checked_on",
    "purposes",
    "unconfirmed",
    "permission[].name",
    "permission[].grants",
    "preset[].name",
    "preset[].permissions",
    "advice[].on",
    "advice[].say",
    "pace.note",
    "key.shape",
    "key.expiry",
    "key.scope",
    "key.leak",
    "account_field[].label",
    "account_field[].help",
    "account_field[].example",
    "scheme[].label",
    "scheme[].help",
    "scheme[].field[].label",
    "scheme[].field[].help",
    "scheme[].field[].example",
    "signup.field[].label",
    "signup.field[].help",
    "signup.field[].example",
];

/// Addresses that a person is sent to, to log in or to write: whose they are has a meaning, the rest may move.
const PLACES: &[&str] = &["docs", "dashboard", "key_page", "contact"];

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
        for (name, value) in &table {
            state((&named(name), &named(name)), value, &mut statements);
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

/// `path` is where it stands, `kind` the same for each item of an array.
fn state((path, kind): (&str, &str), value: &toml::Value, into: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) if !table.is_empty() => {
            for (name, value) in table {
                let name = named(name);
                state((&format!("{path}.{name}"), &format!("{kind}.{name}")), value, into);
            }
        }
        toml::Value::Array(items) if items.iter().any(toml::Value::is_table) => {
            for (n, item) in items.iter().enumerate() {
                state((&format!("{path}[{n}]"), &format!("{kind}[]")), item, into);
            }
        }
        // Words are read where a person has a value in their hand: whom they name has a meaning.
        words if WORDS.contains(&kind) => {
            let named = whom(&words.to_string());
            if !named.is_empty() {
                into.insert(path.to_owned(), named);
            }
        }
        toml::Value::String(text) if PLACES.contains(&kind) => {
            into.insert(path.to_owned(), whose(text));
        }
        other => {
            into.insert(path.to_owned(), other.to_string());
        }
    }
}

/// A name as a part of a path. One that could be taken for several is quoted.
fn named(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    match name.chars().all(plain) {
        true => name.to_owned(),
        false => format!("{name:?}"),
    }
}

/// Whose the addresses and mailboxes are that a text names, in their order of letters.
fn whom(text: &str) -> String {
    let mut finder = linkify::LinkFinder::new();
    finder.url_must_have_scheme(false);
    let named = finder.links(text).map(
        |link| match link.as_str().contains("://") || link.as_str().contains('@') {
            true => whose(link.as_str()),
            false => whose(&format!("https://{}", link.as_str())),
        },
    );
    let named: BTreeSet<String> = named.collect();
    named.into_iter().collect::<Vec<_>>().join(" ")
}

/// The host of an address or of a mailbox; another text is taken whole.
fn whose(text: &str) -> String {
    let url = Url::parse(text).ok();
    let host = url.as_ref().and_then(Url::host_str);
    let mailbox = || text.rsplit_once('@').map(|(_, host)| host);
    host.or_else(mailbox).unwrap_or(text).to_lowercase()
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
    fn what_an_author_names_has_a_meaning_whatever_it_is_called() {
        let mint = "[mint]\nparts.note = [\"/key/value\"]\nparts.label = [\"/key/id\"]\n";
        let signup = "[signup]\nfields.help = [\"/org/id\"]\nothers.example = [\"/token\"]\n";
        let text = format!("{LAB}{mint}{signup}");
        for (from, to) in [
            ("/key/value", "/key/other"),
            ("/key/id", "/key/name"),
            ("/org/id", "/org/other"),
            ("/token", "/session"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            assert_ne!(meaning(&changed), meaning(&text), "{to}");
        }
    }

    #[test]
    fn names_that_hold_a_dot_and_tables_that_hold_nothing_are_told_apart() {
        let mint = |body: &str| meaning(&format!("{LAB}[mint]\nbody = {body}\n"));
        assert_ne!(mint("{ \"a.b\" = 1 }"), mint("{ a = { b = 1 } }"));
        assert_ne!(mint("{ a = {} }"), mint("{}"));
    }

    #[test]
    fn a_person_is_sent_to_another_host_only_where_it_was_accepted() {
        let at = |lines: &str| meaning(&format!("{lines}\n{LAB}"));
        for (before, same, other) in [
            (
                "docs = \"https://lab.dev/docs\"",
                "docs = \"https://LAB.dev/new\"",
                "docs = \"https://lab.dev.evil.example/docs\"",
            ),
            (
                "key_page = \"https://lab.dev/keys\"",
                "key_page = \"https://lab.dev/settings\"",
                "key_page = \"https://evil.example/keys\"",
            ),
            (
                "dashboard = \"https://lab.dev\"",
                "dashboard = \"https://lab.dev/home\"",
                "dashboard = \"https://lab.dev@evil.example/\"",
            ),
            (
                "contact = \"help@lab.dev\"",
                "contact = \"support@lab.dev\"",
                "contact = \"help@evil.example\"",
            ),
        ] {
            assert_eq!(at(before), at(same), "{same}");
            assert_ne!(at(before), at(other), "{other}");
            assert!(at(before).reaches_as(&at(other)));
        }
    }

    #[test]
    fn whom_words_name_has_a_meaning_and_how_they_say_it_has_none() {
        let says = |words: &str| meaning(&format!("{LAB}[key]\nleak = \"{words}\"\n"));
        assert_eq!(says("Revoke it, then look at the log."), meaning(LAB));
        let named = says("Write to security@lab.dev, or see https://lab.dev/leaks.");
        assert_eq!(
            named,
            says("See https://lab.dev/what-to-do, and write to help@LAB.dev.")
        );
        for other in [
            "Write to security@lab.dev.evil.example.",
            "Paste it at https://evil.example/revoke.",
            "Paste it at evil.example/revoke, then see https://lab.dev/leaks.",
        ] {
            assert_ne!(named, says(other), "{other}");
        }
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
