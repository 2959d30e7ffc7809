//! A good definition is read; a hostile one is refused with the field that makes it so.

#[path = "hostile.rs"]
mod hostile;

#[path = "turns.rs"]
mod turns;

use super::{Definition, FieldKind, ReconcileBy, Strategy};
use crate::model::Secret;
use crate::provider::Catalog;

/// A whole definition in few lines; each test spoils one of them.
const GOOD: &str = r#"
schema = 1
id = "acme"
name = "Acme"
monogram = "A"
docs = "https://docs.acme.dev/keys"
hosts = ["api.acme.dev"]
base_url = "https://api.acme.dev/v1"
strategy = "overlap"

[key]
pattern = '^acme_[a-z0-9]{20}$'
shape = "acme_…"
max_bytes = 40
expiry = "none"
scope = "all"

[reconcile]
by = "name"

[[account_field]]
name = "org_id"
label = "Organisation"

[[scheme]]
id = "admin"
kind = "header"
label = "Admin key"
help = "From the admin page."
header = { name = "X-Admin-Key", value = "{credential.token}" }
field = [{ name = "admin_key", label = "Admin key", secret = true }]

[[auth.key]]
name = "Authorization"
value = "Bearer {key.value}"

[errors]
code = ["/error/code"]

[verify]
request = "GET /me"
auth = "key"
live = [200, "403 missing_scope"]
dead = ["401 invalid_key"]

[list]
request = "GET /orgs/{account.org_id}/keys?limit=100"
auth = "management"
ok = [200]
items = ["/data"]
remote_id = ["/id"]
name = ["/name"]
last_used_at = ["/last_used_at"]

[mint]
request = "POST /orgs/{account.org_id}/keys"
auth = "management"
body = { name = "{input.name}", tags = ["keywheel", "{account.org_id}"], ttl = 0 }
applied = [201]
refused = [422]
secret = ["/key/value"]

[revoke]
request = "DELETE /orgs/{account.org_id}/keys/{key.remote_id}"
auth = "management"
applied = [204]
absent = [404]
"#;

fn refused(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "the test spoils a line that is there: {from}");
    match Definition::parse(&GOOD.replacen(from, to, 1)) {
        Ok(_) => format!("accepted: {to}"),
        Err(problem) => problem.to_string(),
    }
}

fn check(from: &str, to: &str, problem: &str) {
    assert_eq!(refused(from, to), problem, "{to}");
}

#[test]
fn a_good_definition_is_read_whole() {
    let acme = Definition::parse(GOOD).unwrap();
    assert_eq!(
        (acme.id(), acme.name(), acme.strategy()),
        ("acme", "Acme", Strategy::Overlap)
    );
    assert_eq!(
        (acme.reconcile().by, acme.reconcile().propagation.as_secs()),
        (ReconcileBy::Name, 60)
    );
    let can = acme.capabilities();
    assert!(can.list && can.mint && can.verify && can.revoke && can.reports_last_use && !can.signup);
    assert_eq!(*acme.schemes()[0].fields()[0].kind(), FieldKind::Secret);
    assert!(acme.matches_key(&Secret::new("acme_0123456789abcdefghij".into())));
    assert!(!acme.matches_key(&Secret::new("acme_0123456789abcdefghij ".into())));
}

#[test]
fn every_built_in_definition_is_valid() {
    let (catalog, problems) = Catalog::load(None);
    assert_eq!(
        (catalog.all().count(), problems.len()),
        (7, 0),
        "a built-in definition is refused"
    );
    let overten = catalog.get("overten").unwrap();
    assert_eq!(overten.schemes().len(), 3);
    assert_eq!(overten.signup_others(), ["webhook_secret"]);
    assert_eq!(overten.reconcile().by, ReconcileBy::Difference);
    assert!(!overten.capabilities().reports_last_use);
}

#[test]
fn a_placeholder_has_a_value_in_its_operation() {
    let unknown = "this placeholder has no value here";
    check("GET /me", "GET /{account.team}", &format!("verify.request: {unknown}"));
    check("GET /me", "GET /{key.remote_id}", &format!("verify.request: {unknown}"));
    check("{input.name}", "{input.other}", &format!("mint.body: {unknown}"));
    check("{input.name}", "x{input.name?}", &format!("mint.body: {unknown}"));
    check("{input.name}", "{nonce}", "mint.body: Keywheel cannot do this yet");
    check(
        "{input.name}",
        "{env.HOME}",
        "mint.body: a placeholder is not closed or not known",
    );
    check(
        "{input.name}",
        "{input.name",
        "mint.body: a placeholder is not closed or not known",
    );
}

#[test]
fn a_mutating_operation_says_what_success_is() {
    check("applied = [201]\n", "", "mint.applied: no answer is declared a success");
    check(
        "applied = [204]",
        "applied = []",
        "revoke.applied: no answer is declared a success",
    );
    check(
        "live = [200, \"403 missing_scope\"]\n",
        "",
        "verify.live: no answer is declared a success",
    );
    for status in [
        "401",
        "429",
        "500",
        "302",
        "0",
        "-1",
        "70000",
        "\"201\"",
        "\"201 two words\"",
        "\"x y\"",
    ] {
        check(
            "applied = [201]",
            &format!("applied = [{status}]"),
            "mint.applied: a status is 200 to 599, alone or with an error code",
        );
    }
    check(
        "refused = [422]",
        "refused = [429]",
        "mint.refused: a status is 200 to 599, alone or with an error code",
    );
    check(
        "refused = [422]",
        "refused = [503]",
        "mint.refused: a status is 200 to 599, alone or with an error code",
    );
    check(
        "applied = [204]",
        "applied = [204, 404]",
        "revoke.applied: one status stands for two outcomes",
    );
}

#[test]
fn what_is_not_known_is_refused_by_its_name() {
    check(
        "scope = \"all\"",
        "scope = \"all\"\nscript = \"rm\"",
        "key.script: there is no such field",
    );
    check(
        "schema = 1",
        "schema = 1\ninclude = \"x\"",
        "include: there is no such field",
    );
    check("schema = 1", "schema = 2", "schema: only schema 1 is known");
    check("schema = 1", "schema = \"1\"", "schema: this is of the wrong type");
    check("id = \"acme\"\n", "", "id: a field is missing");
    check("scope = \"all\"\n", "", "key.scope: a field is missing");
    check("schema = 1", "schema = = 1", "line 2: this is not TOML");
    check(
        "items = [\"/data\"]",
        "items = [\"/data\"]\npage = { cursor = \"/next\" }",
        "list.page: this is of the wrong type",
    );
    check(
        "items = [\"/data\"]",
        "items = [\"/data\"]\napplied = [200]",
        "list.applied: this field has no meaning here",
    );
    check(
        "items = [\"/data\"]",
        "items = [\"data\"]",
        "list.items: this is not a JSON Pointer (RFC 6901)",
    );
    check(
        "items = [\"/data\"]",
        "items = [\"/a~2\"]",
        "list.items: this is not a JSON Pointer (RFC 6901)",
    );
    check("items = [\"/data\"]\n", "", "list.items: a field is missing");
    check("secret = [\"/key/value\"]\n", "", "mint.secret: a field is missing");
}

#[test]
fn a_strategy_and_a_way_to_reconcile_are_ones_that_can_be_done() {
    check(
        "strategy = \"overlap\"",
        "strategy = \"yolo\"",
        "strategy: this word is not known here",
    );
    check(
        "name = [\"/name\"]\n",
        "",
        "reconcile.by: this way to reconcile needs a list operation",
    );
    check(
        "by = \"name\"",
        "by = \"luck\"",
        "reconcile.by: this word is not known here",
    );
}

#[test]
fn a_scheme_carries_one_secret_in_one_header() {
    let header = "header = { name = \"X-Admin-Key\", value = \"{credential.token}\" }\n";
    check(header, "", "scheme[0].header: a field is missing");
    check(
        "X-Admin-Key",
        "Host",
        "scheme[0].header.name: this header may not be set",
    );
    check(
        "Authorization",
        "Transfer-Encoding",
        "auth.key[0].name: this header may not be set",
    );
    check(
        "Bearer {key.value}",
        "Bearer {credential.token}",
        "auth.key[0].value: a placeholder is not closed or not known",
    );
    check(
        "Bearer {key.value}",
        "Bearer\\n{key.value}",
        "auth.key[0].value: a placeholder is not closed or not known",
    );
    check(
        "secret = true }]",
        "secret = false }]",
        "scheme[0].field: exactly one field of a scheme is secret",
    );
    check(
        "kind = \"header\"",
        "kind = \"firebase_refresh\"",
        "scheme[0].field: a field is missing",
    );
    check(
        "kind = \"header\"",
        "kind = \"oauth2\"",
        "scheme[0].kind: Keywheel cannot do this yet",
    );
    check(
        "kind = \"header\"",
        "kind = \"sigv4\"",
        "scheme[0].sign: a field is missing",
    );
    let firebase = "kind = \"firebase_refresh\"\nlabel = \"x\"\nhelp = \"x\"\nfield = [{ name = \"refresh_token\", label = \"x\", secret = true }, { name = \"web_api_key\", label = \"x\" }]\n[x]";
    let problem = refused("kind = \"header\"", firebase);
    assert!(
        problem.starts_with("x"),
        "tables that are not known are refused: {problem}"
    );
}

#[test]
fn the_examples_of_the_readme_are_valid() {
    let readme = include_str!("../../../../providers/README.md");
    let examples: Vec<&str> = readme
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let acme = Definition::parse(examples[0]).unwrap_or_else(|problem| panic!("{problem}"));
    let can = acme.capabilities();
    assert!(can.list && can.mint && can.verify && can.revoke && can.reports_last_use);
    assert!(examples.len() > 4, "the further fields have one each");
    for example in examples {
        assert!(toml::from_str::<toml::Table>(example).is_ok(), "{example}");
    }
}

#[test]
fn only_where_two_keys_may_live_a_definition_says_that_a_leaked_one_goes_first() {
    let with = |word: &str| GOOD.replacen("[key]", &format!("[key]\nafter_leak = \"{word}\""), 1);
    let first = Definition::parse(&with("revoke_first")).unwrap();
    assert!(first.revokes_leaked_first());
    assert!(!Definition::parse(&with("replace")).unwrap().revokes_leaked_first());
    assert!(!Definition::parse(GOOD).unwrap().revokes_leaked_first());
    let said = |text: &str| Definition::parse(text).unwrap_err().to_string();
    assert_eq!(said(&with("wait")), "key.after_leak: this word is not known here");
    let other = with("revoke_first").replacen("strategy = \"overlap\"", "strategy = \"replace_first\"", 1);
    assert_eq!(said(&other), "key.after_leak: only another strategy has this");
}

#[test]
fn a_key_by_which_a_request_is_known_again_is_said_whole() {
    let applied = "applied = [201]\nrefused = [422]";
    let key = |header: &str, rest: &str| format!("{applied}\nidempotency = {{ header = {header}, {rest} }}");
    let good = "{ name = \"Idempotency-Key\", value = \"{nonce}\" }";
    let rest = "replays_secret = true, ttl_seconds = 86400";
    assert!(Definition::parse(&GOOD.replacen(applied, &key(good, rest), 1)).is_ok());
    for (header, rest, problem) in [
        (
            "{ name = \"Content-Length\", value = \"{nonce}\" }",
            rest,
            "mint.idempotency.header.name: this header may not be set",
        ),
        (
            "{ name = \"x-admin-key\", value = \"{nonce}\" }",
            rest,
            "mint.idempotency.header.name: this header may not be set",
        ),
        (
            "{ name = \"Authorization\", value = \"{nonce}\" }",
            rest,
            "mint.idempotency.header.name: this header may not be set",
        ),
        (
            "{ name = \"Idempotency-Key\", value = \"once\" }",
            rest,
            "mint.idempotency.header.value: a placeholder is not closed or not known",
        ),
        (
            good,
            "replays_secret = true, ttl_seconds = 0",
            "mint.idempotency.ttl_seconds: this number is not allowed here",
        ),
        (
            good,
            "replays_secret = true, ttl_seconds = 60, in_progress = [503]",
            "mint.idempotency.in_progress: a status is 200 to 599, alone or with an error code",
        ),
        (
            good,
            "replays_secret = true, ttl_seconds = 60, in_progress = [422]",
            "mint.idempotency.in_progress: one status stands for two outcomes",
        ),
        (good, "ttl_seconds = 60", "mint.replays_secret: a field is missing"),
    ] {
        check(applied, &key(header, rest), problem);
    }
    let revokes = "applied = [204]\nabsent = [404]";
    let key = format!("{revokes}\nidempotency = {{ header = {good}, {rest} }}");
    check(revokes, &key, "revoke.idempotency: this field has no meaning here");
}
