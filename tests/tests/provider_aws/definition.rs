//! What a definition may say of parts, forms, signatures, pages and switching off.

use keywheel_core::model::Secret;
use keywheel_core::provider::Definition;
use tests::script::built_in;

use super::{KEY, SECRET};

const WHOLE: &str = include_str!("../../../providers/aws-iam.toml");

fn check(from: &str, to: &str, problem: &str) {
    assert!(WHOLE.contains(from), "the test spoils a line that is there: {from}");
    let told = Definition::parse(&WHOLE.replacen(from, to, 1)).map(drop);
    assert_eq!(told.unwrap_err().to_string(), problem, "{to}");
}

#[test]
fn the_parts_go_out_under_the_names_that_programs_read() {
    let definition = built_in("aws-iam");
    let value = Secret::of_parts(&[KEY, SECRET]);
    let lines = format!("AWS_ACCESS_KEY_ID={KEY}\nAWS_SECRET_ACCESS_KEY={SECRET}");
    assert_eq!(definition.written_out(&value).expose(), lines);
    let again = definition.find_parts(&lines).unwrap();
    assert!(again.same_as(&value), "what goes out comes in again");
    let part = |name| definition.part_of(&value, name).map(|part| part.expose().to_owned());
    assert_eq!(part("access_key_id").as_deref(), Some(KEY));
    assert_eq!(part("secret_access_key").as_deref(), Some(SECRET));
    assert_eq!(part("password"), None);
    assert!(definition.capabilities().reports_last_use && definition.deactivates());
}

#[test]
fn a_part_is_named_once_wherever_it_is_needed() {
    let made =
        "parts.secret_access_key = [\"/CreateAccessKeyResponse/CreateAccessKeyResult/AccessKey/SecretAccessKey\"]";
    let unnamed = "mint.parts: this names each part of the value once";
    check(made, "", unnamed);
    check(made, "parts.password = [\"/x\"]", unnamed);
    check(
        made,
        &format!("{made}\nsecret = [\"/x\"]"),
        "mint.secret: this field has no meaning here",
    );
    check(
        "[key]\n",
        "[key]\npattern = '^x$'\n",
        "key.pattern: this field has no meaning here",
    );
    check(
        "variable = \"AWS_ACCESS_KEY_ID\"",
        "variable = \"PATH=x\"",
        "key.part[0].variable: a variable has A-Z, 0-9 and _, and begins with a letter",
    );
}

#[test]
fn what_signs_is_two_parts_and_no_header() {
    let none = "scheme[0].sign: a field is missing";
    check("sign = { service = \"iam\", region = \"us-east-1\" }", "", none);
    check(
        "service = \"sts\"",
        "service = \"s t s\"",
        "auth.sign.service: only a-z, 0-9, - and _ are allowed, beginning with a letter",
    );
    check(
        "[auth]\n",
        "[auth]\nkey = [{ name = \"X-Key\", value = \"{key.value}\" }]\n",
        "auth.sign: this field has no meaning here",
    );
}

#[test]
fn an_operation_goes_to_a_listed_host() {
    let at = "base_url = \"https://sts.amazonaws.com\"";
    check(
        at,
        "base_url = \"https://evil.example\"",
        "verify.base_url: this host is not in hosts",
    );
    check(
        at,
        "base_url = \"http://sts.amazonaws.com\"",
        "verify.base_url: only https addresses are allowed",
    );
}

#[test]
fn switching_off_names_the_key_and_needs_a_list() {
    check(
        "AccessKeyId = \"{key.remote_id}\", Status = \"Inactive\"",
        "Status = \"Inactive\"",
        "deactivate.request: the request must name {key.remote_id}",
    );
    check(
        "form = { Action = \"ListAccessKeys\"",
        "body = { Action = \"ListAccessKeys\"",
        "list.page: this field has no meaning here",
    );
    check(
        "Status = \"Inactive\"",
        "Status = \"{credential.token}\"",
        "deactivate.form: a secret may stand in a header only",
    );
    check(
        "Status = \"Inactive\"",
        "Status = 1",
        "deactivate.form: this is of the wrong type",
    );
    check(
        "field = \"Marker\"",
        "field = \"Action\"",
        "list.page: this field has no meaning here",
    );
    check(
        "answers = \"xml\"",
        "answers = \"yaml\"",
        "answers: this word is not known here",
    );
    let list = WHOLE.split("[list]").nth(1).unwrap().split("\n\n").next().unwrap();
    check(
        &format!("[list]{list}"),
        "",
        "deactivate: this needs a list and a revoke operation",
    );
}
