//! Every strategy, each with the steps it needs; who does a step; what is said to people.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Definition, GOOD, check, refused};
use crate::provider::{BoundTo, GraceStarts, Performer, ProviderStep, Strategy};

const MINT: &str = "[mint]";
const STRATEGY: &str = "strategy = \"overlap\"";
const ROLL: &str = "[roll]
request = \"POST /orgs/{account.org_id}/keys/{key.remote_id}/roll\"
auth = \"management\"
applied = [200]
secret = [\"/value\"]

[mint]";

/// The good definition with another strategy, further lines at the top, and a roll.
fn turned(top: &str, roll: &str) -> Result<Definition, String> {
    let text = GOOD.replacen(STRATEGY, top, 1).replacen(MINT, roll, 1);
    Definition::parse(&text).map_err(|problem| problem.to_string())
}

fn problem(top: &str, roll: &str) -> String {
    turned(top, roll).err().unwrap_or_else(|| "accepted".to_owned())
}

#[test]
fn every_strategy_can_be_written() {
    let roll = turned("strategy = \"roll\"", ROLL).unwrap();
    assert_eq!((roll.strategy(), roll.capabilities().roll), (Strategy::Roll, true));
    assert_eq!(roll.performer(ProviderStep::Roll), Some(Performer::Api));
    let first = turned("strategy = \"replace_first\"\nlive_limit = 1", MINT).unwrap();
    assert_eq!(
        (first.strategy(), first.live_limit()),
        (Strategy::ReplaceFirst, Some(1))
    );
    assert_eq!(first.performer(ProviderStep::Roll), None);
    let slots = turned("strategy = \"two_slot\"\nslots = [\"primary\", \"secondary\"]", ROLL).unwrap();
    assert_eq!(slots.slots().unwrap(), &["primary".to_owned(), "secondary".to_owned()]);
    let grace = "strategy = \"roll_with_grace\"\ngrace = { seconds = 3600, starts = \"first_use\" }";
    let grace = turned(grace, ROLL).unwrap().grace().unwrap();
    assert_eq!(
        (grace.span, grace.starts),
        (Duration::from_secs(3600), GraceStarts::FirstUse)
    );
}

#[test]
fn a_strategy_has_its_steps_and_no_others() {
    let missing = "a field is missing";
    let other = "only another strategy has this";
    for word in ["roll", "roll_with_grace", "two_slot"] {
        assert_eq!(
            problem(&format!("strategy = \"{word}\""), MINT),
            format!("roll: {missing}")
        );
    }
    for word in ["overlap", "replace_first"] {
        assert_eq!(
            problem(&format!("strategy = \"{word}\""), ROLL),
            format!("roll: {other}")
        );
        for step in ["mint", "revoke"] {
            let text = GOOD.replacen(STRATEGY, &format!("strategy = \"{word}\""), 1);
            let start = text.find(&format!("[{step}]")).unwrap();
            let end = text[start..].find("\n\n").map_or(text.len(), |length| start + length);
            let without = format!("{}{}", &text[..start], &text[end..]);
            let said = Definition::parse(&without).unwrap_err().to_string();
            assert_eq!(said, format!("{step}: {missing}"));
        }
    }
    assert_eq!(
        problem("strategy = \"roll_with_grace\"", ROLL),
        format!("grace: {missing}")
    );
    assert_eq!(problem("strategy = \"two_slot\"", ROLL), format!("slots: {missing}"));
    let grace = "grace = { seconds = 3600, starts = \"roll\" }";
    assert_eq!(
        problem(&format!("strategy = \"roll\"\n{grace}"), ROLL),
        format!("grace: {other}")
    );
    let slots = "slots = [\"a\", \"b\"]";
    assert_eq!(
        problem(&format!("strategy = \"roll\"\n{slots}"), ROLL),
        format!("slots: {other}")
    );
    assert_eq!(
        problem("strategy = \"roll\"", &ROLL.replace("/{key.remote_id}", "")),
        "roll.request: the request must name {key.remote_id}"
    );
    assert_eq!(
        problem("strategy = \"roll\"", &ROLL.replace("secret = [\"/value\"]\n", "")),
        format!("roll.secret: {missing}")
    );
}

#[test]
fn what_bounds_a_replacement_is_a_number_that_can_be() {
    let range = "this number is not allowed here";
    for limit in ["0", "1", "-2", "10001"] {
        check(
            STRATEGY,
            &format!("{STRATEGY}\nlive_limit = {limit}"),
            &format!("live_limit: {range}"),
        );
    }
    for (to, field) in [
        ("requests = 0, seconds = 1", "pace.requests"),
        ("requests = 1, seconds = 0", "pace.seconds"),
        ("requests = 1, seconds = 90000", "pace.seconds"),
    ] {
        check(
            STRATEGY,
            &format!("{STRATEGY}\npace = {{ {to} }}"),
            &format!("{field}: {range}"),
        );
    }
    let graced = |grace: &str| problem(&format!("strategy = \"roll_with_grace\"\ngrace = {{ {grace} }}"), ROLL);
    assert_eq!(
        graced("seconds = 0, starts = \"roll\""),
        format!("grace.seconds: {range}")
    );
    assert_eq!(
        graced("seconds = 9, starts = \"soon\""),
        "grace.starts: this word is not known here"
    );
    for (slots, reason) in [
        ("[\"a\"]", "there are exactly two, with different names"),
        ("[\"a\", \"a\"]", "there are exactly two, with different names"),
        ("[\"a\", \"b\", \"c\"]", "there are exactly two, with different names"),
        ("[\"a\", \"../b\"]", "control characters are not allowed"),
    ] {
        let top = format!("strategy = \"two_slot\"\nslots = {slots}");
        assert_eq!(problem(&top, ROLL), format!("slots: {reason}"));
    }
}

const PERSON: &str = "[revoke]
page = \"https://acme.dev/keys\"
say = \"Delete {name}.\"
";

fn by_a_person(revoke: &str) -> Result<Definition, String> {
    let start = GOOD.find("[revoke]").unwrap();
    Definition::parse(&format!("{}{revoke}", &GOOD[..start])).map_err(|problem| problem.to_string())
}

#[test]
fn a_step_is_done_by_the_api_or_by_a_person() {
    let acme = by_a_person(PERSON).unwrap();
    assert_eq!(acme.performer(ProviderStep::Revoke), Some(Performer::Person));
    assert_eq!(acme.performer(ProviderStep::Mint), Some(Performer::Api));
    assert!(!acme.capabilities().revoke, "the API cannot do what a person does");
    let guide = acme.guide(ProviderStep::Revoke, "api-prod").unwrap();
    assert_eq!(
        (guide.page.as_str(), guide.say.as_str()),
        ("https://acme.dev/keys", "Delete api-prod.")
    );
    assert_eq!(acme.guide(ProviderStep::Mint, "api-prod"), None);
    assert_eq!(acme.guide(ProviderStep::Roll, "api-prod"), None);
    for (from, to, problem) in [
        ("say = \"Delete {name}.\"\n", "", "revoke.say: a field is missing"),
        (
            "page = \"https://acme.dev/keys\"\n",
            "",
            "revoke.page: a field is missing",
        ),
        ("https:", "http:", "revoke.page: only https addresses are allowed"),
        ("https:", "javascript:", "revoke.page: only https addresses are allowed"),
        (
            "{name}",
            "{key.value}",
            "revoke.say: a placeholder is not closed or not known",
        ),
        (
            "{name}",
            "{name",
            "revoke.say: a placeholder is not closed or not known",
        ),
        ("{name}", "\\u202e", "revoke.say: control characters are not allowed"),
        (
            "page",
            "request = \"DELETE /x\"\npage",
            "revoke.request: this field has no meaning here",
        ),
        (
            "page",
            "auth = \"key\"\npage",
            "revoke.auth: this field has no meaning here",
        ),
        (
            "page",
            "applied = [204]\npage",
            "revoke.applied: this field has no meaning here",
        ),
        (
            "page",
            "429_is_safe = true\npage",
            "revoke.429_is_safe: this field has no meaning here",
        ),
        (
            "\"https://acme.dev/keys\"",
            "7",
            "revoke.page: this is of the wrong type",
        ),
    ] {
        let said = by_a_person(&PERSON.replacen(from, to, 1)).err();
        assert_eq!(said.as_deref(), Some(problem), "{to}");
    }
    check(
        "live = [200",
        "say = \"x\"\nlive = [200",
        "verify.say: this field has no meaning here",
    );
}

#[test]
fn an_account_without_a_management_credential() {
    let start = GOOD.find("[[scheme]]").unwrap();
    let keys = GOOD.find("[[auth.key]]").unwrap();
    let list = GOOD.find("[list]").unwrap();
    let person = PERSON.replace("[revoke]", "[mint]") + PERSON;
    let text = format!("{}{}{person}", &GOOD[..start], &GOOD[keys..list]).replace("by = \"name\"", "by = \"none\"");
    let acme = Definition::parse(&text).unwrap();
    assert!(!acme.needs_credential());
    assert!(Definition::parse(GOOD).unwrap().needs_credential());
    let without = text.replace("[reconcile]\nby = \"none\"\n", "");
    assert!(
        Definition::parse(&without).is_ok(),
        "what a person does is settled by the person"
    );
    check("[reconcile]\nby = \"name\"\n", "", "reconcile: a field is missing");
    let scheme = &GOOD[start..keys];
    check(scheme, "", "scheme: an operation with management auth needs a scheme");
}

#[test]
fn an_account_may_have_the_address_and_the_way_to_verify() {
    let base = "hosts = [\"api.acme.dev\"]\nbase_url = \"https://api.acme.dev/v1\"\n";
    let own = GOOD
        .replacen(base, "own_base_url = true\n", 1)
        .replacen("GET /me", "GET {account.verify_path}", 1)
        .replacen(
            "[[scheme]]",
            "[[account_field]]\nname = \"verify_path\"\nlabel = \"Path\"\nrequired = false\n\n[[scheme]]",
            1,
        );
    let acme = Definition::parse(&own).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(acme.base_url(), None);
    let fields = |path: &str| BTreeMap::from([("verify_path".to_owned(), path.to_owned())]);
    assert!(!acme.verifies(&BTreeMap::new()));
    assert!(!acme.verifies(&fields("")));
    assert!(acme.verifies(&fields("/me")));
    check(
        "base_url =",
        "own_base_url = true\nbase_url =",
        "base_url: this field has no meaning here",
    );
    check("hosts = [\"api.acme.dev\"]\n", "", "hosts: a field is missing");
    check(
        "base_url = \"https://api.acme.dev/v1\"\n",
        "",
        "base_url: a field is missing",
    );
    for request in ["GET {account.org_id}/me", "GET {account.org_id}{account.org_id}"] {
        check("GET /me", request, "verify.request: a request is METHOD /path");
    }
    check(
        "DELETE /orgs",
        "DELETE {account.org_id}/orgs",
        "revoke.request: a request is METHOD /path",
    );
}

#[test]
fn an_answer_has_one_meaning() {
    let lists = "restricted = [403]\nsuspended = [\"403 off\"]\nlive = [{ status = 200, at = \"/ok\", is = true }]\n";
    let live = "live = [200, \"403 missing_scope\"]\n";
    assert!(Definition::parse(&GOOD.replacen(live, lists, 1)).is_ok());
    let two = "one status stands for two outcomes";
    check(
        live,
        &format!("{live}restricted = [403]\nsuspended = [403]\n"),
        &format!("verify.restricted: {two}"),
    );
    check(
        live,
        &format!("{live}expired = [\"401 invalid_key\"]\n"),
        &format!("verify.dead: {two}"),
    );
    let status = "a status is 200 to 599, alone or with an error code";
    for field in ["restricted", "suspended", "expired"] {
        for wrong in ["200", "429", "500", "\"x\""] {
            check(
                live,
                &format!("{live}{field} = [{wrong}]\n"),
                &format!("verify.{field}: {status}"),
            );
        }
    }
    check(
        live,
        &format!("{live}exhausted = [500]\n"),
        &format!("verify.exhausted: {status}"),
    );
    check(
        "refused = [422]",
        "refused = [422]\nlimited = [429]",
        "mint.limited: this field has no meaning here",
    );
    let at = |at: &str, is: &str| format!("live = [{{ status = 200, at = \"{at}\", is = {is} }}]\n");
    check(
        live,
        &at("ok", "true"),
        "verify.live: this is not a JSON Pointer (RFC 6901)",
    );
    check(live, &at("/ok", "[1]"), "verify.live: this is of the wrong type");
    let body = "live = [{ status = 500, at = \"/ok\", is = true }]\n";
    check(live, body, &format!("verify.live: {status}"));
    let problem = refused(live, "live = [{ status = 200, at = \"/ok\" }]\n");
    assert_eq!(problem, "verify.live: this is of the wrong type");
}

#[test]
fn what_people_are_told_is_read_and_checked() {
    let told = format!(
        "{STRATEGY}
contact = \"support@acme.dev\"
key_name = \"{{service}}-{{environment}}-Key\"
bound_to = \"person\"
purposes = [\"Development\"]
permission = [{{ name = \"jobs:read\", grants = \"Read jobs.\" }}]
preset = [{{ name = \"Read only\", permissions = [\"jobs:read\"] }}]
advice = [{{ on = \"401\", say = \"Paste it again.\" }}, {{ on = \"401 invalid_key\", say = \"Make a new one.\" }}, {{ on = \"gone\", say = \"Ask.\" }}]"
    );
    let acme = Definition::parse(&GOOD.replacen(STRATEGY, &told, 1)).unwrap();
    assert_eq!(acme.contact(), Some("support@acme.dev"));
    assert_eq!(acme.bound_to(), Some(BoundTo::Person));
    assert_eq!(
        acme.proposed_name_for("prod", "Backend").as_deref(),
        Some("Backend-prod-Key")
    );
    assert_eq!(acme.permissions()[0].grants, "Read jobs.");
    assert_eq!(acme.presets()[0].permissions, ["jobs:read"]);
    assert_eq!(acme.advice(Some(401), None), Some("Paste it again."));
    assert_eq!(acme.advice(Some(401), Some("invalid_key")), Some("Make a new one."));
    assert_eq!(acme.advice(Some(403), Some("gone")), Some("Ask."));
    assert_eq!(acme.advice(Some(403), None), None);
    for (from, to, problem) in [
        ("support@acme.dev", "acme.dev", "contact: this is not an e-mail address"),
        (
            "support@acme.dev",
            "a@b.c?bcc=x",
            "contact: this is not an e-mail address",
        ),
        (
            "{service}",
            "{account.org_id}",
            "key_name: a placeholder is not closed or not known",
        ),
        ("\"person\"", "\"robot\"", "bound_to: this word is not known here"),
        (
            "[\"jobs:read\"]",
            "[\"jobs:write\"]",
            "preset[0].permissions: this word is not known here",
        ),
        ("[\"jobs:read\"]", "[]", "preset[0].permissions: this is empty"),
        ("Read jobs.", "", "permission[0].grants: this is empty"),
        (
            "\"gone\"",
            "\"700\"",
            "advice[2].on: a status is 200 to 599, alone or with an error code",
        ),
        (
            "\"gone\"",
            "\"a b c\"",
            "advice[2].on: a status is 200 to 599, alone or with an error code",
        ),
        ("[\"Development\"]", "[\"\"]", "purposes[0]: this is empty"),
    ] {
        check(STRATEGY, &told.replacen(from, to, 1), problem);
    }
    let twice = "permission = [{ name = \"a\", grants = \"b\" }, { name = \"a\", grants = \"c\" }]";
    check(
        STRATEGY,
        &format!("{STRATEGY}\n{twice}"),
        "permission[1].name: this is declared twice",
    );
    check(
        "shape = \"acme_…\"",
        "shape = \"acme_…\"\nother_prefixes = \"guess\"",
        "key.other_prefixes: this word is not known here",
    );
}
