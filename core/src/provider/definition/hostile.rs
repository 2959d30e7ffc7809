//! Definitions of somebody who wants a credential: each is refused with the field that gives it away.

use super::{Definition, GOOD, check, refused};
use crate::model::Secret;

#[test]
fn an_address_outside_the_listed_hosts_is_refused() {
    let base = "base_url = \"https://api.acme.dev/v1\"";
    for (to, reason) in [
        ("https://evil.example/v1", "this host is not in hosts"),
        ("https://api.acme.dev.evil.example/v1", "this host is not in hosts"),
        (
            "https://api.acme.dev@evil.example/v1",
            "an address has no user, port, query or fragment",
        ),
        (
            "https://api.acme.dev:8443/v1",
            "an address has no user, port, query or fragment",
        ),
        (
            "https://api.acme.dev/v1?to=evil",
            "an address has no user, port, query or fragment",
        ),
        (
            "https://api.acme.dev/v1/../admin",
            "an address has no user, port, query or fragment",
        ),
        ("http://api.acme.dev/v1", "only https addresses are allowed"),
        ("file:///etc/passwd", "only https addresses are allowed"),
        ("https://169.254.169.254/v1", "a numeric address is not allowed"),
        ("https://0x7f.1/v1", "a numeric address is not allowed"),
        ("https://2130706433/v1", "a numeric address is not allowed"),
        ("https://[::ffff:127.0.0.1]/v1", "a numeric address is not allowed"),
    ] {
        check(base, &format!("base_url = \"{to}\""), &format!("base_url: {reason}"));
    }
}

#[test]
fn a_revocation_that_names_no_key_is_refused() {
    check(
        "request = \"DELETE /orgs/{account.org_id}/keys/{key.remote_id}\"",
        "request = \"DELETE /keys\"",
        "revoke.request: the request must name {key.remote_id}",
    );
}

#[test]
fn a_host_is_one_exact_name() {
    for (host, reason) in [
        (
            "*.acme.dev",
            "a host is one exact DNS name, in lower case, without port or wildcard",
        ),
        (
            "API.acme.dev",
            "a host is one exact DNS name, in lower case, without port or wildcard",
        ),
        (
            "api.acme.dev:443",
            "a host is one exact DNS name, in lower case, without port or wildcard",
        ),
        (
            "api.acme.dev.",
            "a host is one exact DNS name, in lower case, without port or wildcard",
        ),
        (
            "xn--.аcme.dev",
            "a host is one exact DNS name, in lower case, without port or wildcard",
        ),
        (
            "dev",
            "a host is one exact DNS name, in lower case, without port or wildcard",
        ),
        ("127.0.0.1", "a numeric address is not allowed"),
        ("127.1", "a numeric address is not allowed"),
        ("0x7f.0x1", "a numeric address is not allowed"),
        ("::1", "a numeric address is not allowed"),
        ("[::1]", "a numeric address is not allowed"),
        (
            "metadata.google.internal",
            "this name belongs to a machine or a local network",
        ),
        ("vault.localhost", "this name belongs to a machine or a local network"),
        ("printer.local", "this name belongs to a machine or a local network"),
    ] {
        let hosts = format!("hosts = [\"api.acme.dev\", \"{host}\"]");
        check("hosts = [\"api.acme.dev\"]", &hosts, &format!("hosts[1]: {reason}"));
    }
}

#[test]
fn a_secret_stands_in_a_header_only() {
    let only = "a secret may stand in a header only";
    check("GET /me", "GET /me/{key.value}", &format!("verify.request: {only}"));
    check(
        "/keys/{key.remote_id}",
        "/keys/{credential.token}",
        &format!("revoke.request: {only}"),
    );
    check("{input.name}", "{credential.token}", &format!("mint.body: {only}"));
    check("\"keywheel\", ", "\"{key.value}\", ", &format!("mint.body: {only}"));
    let label = "label = \"Organisation\"";
    check(
        label,
        &format!("{label}\nsecret = true"),
        &format!("account_field[0].secret: {only}"),
    );
}

#[test]
fn a_request_stays_on_its_path() {
    let bad = "a request is METHOD /path";
    for request in [
        "GET //evil.example/me",
        "GET https://evil.example",
        "GET me",
        "GET /a/../b",
        "GET /me#x",
        "GET /me?",
        "GET /%2e%2e/b",
        "GET",
    ] {
        check("GET /me", request, &format!("verify.request: {bad}"));
    }
    check(
        "GET /me",
        "GET /me?key={account.org_id}",
        &format!("verify.request: {bad}"),
    );
    check(
        "GET /me",
        "TRACE /me",
        "verify.request: this method is not allowed here",
    );
    check(
        "GET /me",
        "DELETE /me",
        "verify.request: this method is not allowed here",
    );
    check(
        "POST /orgs",
        "GET /orgs",
        "mint.request: this method is not allowed here",
    );
}

#[test]
fn a_pattern_is_whole_and_small() {
    let line = "pattern = '^acme_[a-z0-9]{20}$'";
    for (to, reason) in [
        ("acme_[a-z]+", "a pattern begins with ^ and ends with $"),
        ("^acme_[a-z]+", "a pattern begins with ^ and ends with $"),
        (r"^acme_\$", "a pattern begins with ^ and ends with $"),
        ("^acme_[$", "this is not a regular expression that is allowed"),
        ("^(?=x)a$", "this is not a regular expression that is allowed"),
        (r"^(a)\1$", "this is not a regular expression that is allowed"),
        (
            "^((a{1000}){1000}){1000}$",
            "this is not a regular expression that is allowed",
        ),
        ("^.*$", "this is not a regular expression that is allowed"),
        ("^a)|(b$", "this is not a regular expression that is allowed"),
    ] {
        check(line, &format!("pattern = '{to}'"), &format!("key.pattern: {reason}"));
    }
    let either = Definition::parse(&GOOD.replacen(line, "pattern = '^acme_a|acme_b$'", 1)).unwrap();
    assert!(
        !either.matches_key(&Secret::new("acme_aEVIL".into())),
        "an alternative is anchored on both sides"
    );
}

#[test]
fn names_and_texts_cannot_mislead() {
    check(
        "id = \"acme\"",
        "id = \"../acme\"",
        "id: only a-z, 0-9, - and _ are allowed, beginning with a letter",
    );
    check(
        "name = \"Acme\"",
        "name = \"Ac\\u202eme\"",
        "name: control characters are not allowed",
    );
    check(
        "name = \"Acme\"",
        "name = \"\\u001b[31m\"",
        "name: control characters are not allowed",
    );
    check("name = \"Acme\"", "name = \"\"", "name: this is empty");
    check(
        "docs = \"https:",
        "docs = \"javascript:",
        "docs: only https addresses are allowed",
    );
}

#[test]
fn a_definition_may_not_be_huge() {
    let long = format!("{GOOD}\n# {}", "x".repeat(70_000));
    assert_eq!(
        Definition::parse(&long).unwrap_err().to_string(),
        "file: this is longer than allowed"
    );
}

#[test]
fn what_says_that_a_key_is_switched_off_stands_in_a_list() {
    let used = "last_used_at = [\"/last_used_at\"]";
    let off = |at: &str, is: &str| format!("{used}\nswitched_off = {{ at = {at}, is = {is} }}");
    assert!(refused(used, &off("[\"/state\"]", "[\"off\", false, 0]")).starts_with("accepted"));
    for (at, is, problem) in [
        ("[]", "[\"off\"]", "list.switched_off.at: a field is missing"),
        (
            "[\"state\"]",
            "[\"off\"]",
            "list.switched_off.at: this is not a JSON Pointer (RFC 6901)",
        ),
        ("[\"/state\"]", "[]", "list.switched_off.is: a field is missing"),
        (
            "[\"/state\"]",
            "[1.5]",
            "list.switched_off.is: this is of the wrong type",
        ),
    ] {
        check(used, &off(at, is), problem);
    }
    let secret = "secret = [\"/key/value\"]";
    let minted = format!("{secret}\nswitched_off = {{ at = [\"/state\"], is = [\"off\"] }}");
    check(secret, &minted, "mint.switched_off: this field has no meaning here");
}
