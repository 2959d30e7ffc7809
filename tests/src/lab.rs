//! Definitions of the invented provider, one for each strategy: what a user would write for a provider of their own.

use provider_sim::{GraceFrom, Strategy};

/// The definition for projects of that strategy.
pub fn definition(strategy: Strategy, grace_from: GraceFrom) -> String {
    let (word, extra, operations) = match strategy {
        Strategy::Overlap => ("overlap", "live_limit = 2".to_owned(), [MINT, REVOKE].concat()),
        Strategy::Roll => ("roll", String::new(), ROLL.to_owned()),
        Strategy::RollWithGrace => ("roll_with_grace", String::new(), [ROLL, &grace(grace_from)].concat()),
        Strategy::ReplaceFirst => ("replace_first", "live_limit = 1".to_owned(), [MINT, REVOKE].concat()),
        Strategy::TwoSlot => (
            "two_slot",
            r#"slots = ["primary", "secondary"]"#.to_owned(),
            ROLL.replace("/keys/{key.remote_id}/roll", "/slots/{key.remote_id}/regenerate")
                .replace(r#"remote_id = ["/id"]"#, r#"remote_id = ["/slot"]"#),
        ),
    };
    let head = HEAD.replace("STRATEGY", word).replace("EXTRA", &extra);
    let list = match strategy {
        Strategy::TwoSlot => LIST
            .replace("/keys\"", "/slots\"")
            .replace(r#"["/id"]"#, r#"["/slot"]"#),
        _ => LIST.to_owned(),
    };
    [head, list, operations].concat()
}

fn grace(from: GraceFrom) -> String {
    let starts = match from {
        GraceFrom::Roll => "roll",
        GraceFrom::FirstUse => "first_use",
    };
    format!("\n[grace]\nseconds = 3600\nstarts = \"{starts}\"\n")
}

const HEAD: &str = r#"schema = 1
id = "lab"
name = "Lab"
monogram = "La"
docs = "https://lab.invalid/docs"
hosts = ["api.lab.invalid"]
base_url = "https://api.lab.invalid/v1"
strategy = "STRATEGY"
EXTRA

[key]
pattern = '^lab_[A-Za-z0-9]{8,80}$'
shape = "lab_…"
max_bytes = 600
expiry = "Keys do not run out."
scope = "A key may do everything in its project."

[reconcile]
by = "name"
propagation_seconds = 60
last_used_lag_seconds = 30

[[account_field]]
name = "project_id"
label = "Project"

[[scheme]]
id = "admin_key"
kind = "header"
label = "Admin key"
help = "Lives until it is revoked."
header = { name = "Authorization", value = "Bearer {credential.token}" }
field = [{ name = "admin_key", label = "Admin key", secret = true }]

[[auth.key]]
name = "Authorization"
value = "Bearer {key.value}"

[errors]
code = ["/error/code"]
known = ["key_limit", "invalid_key", "project_suspended"]

[verify]
request = "GET /me"
auth = "key"
live = [200]
dead = ["401 invalid_key"]
suspended = ["403 project_suspended"]
"#;

const LIST: &str = r#"
[list]
request = "GET /projects/{account.project_id}/keys"
auth = "management"
ok = [200]
items = ["/keys"]
remote_id = ["/id"]
name = ["/name"]
prefix = ["/prefix"]
created_at = ["/created_at"]
last_used_at = ["/last_used_at"]
page = { next = "/next", field = "after" }
"#;

const MINT: &str = r#"
[mint]
request = "POST /projects/{account.project_id}/keys"
auth = "management"
body = { name = "{input.name}" }
applied = [201]
refused = [409, 422]
secret = ["/secret"]
remote_id = ["/id"]
created_at = ["/created_at"]
"#;

const ROLL: &str = r#"
[roll]
request = "POST /projects/{account.project_id}/keys/{key.remote_id}/roll"
auth = "management"
applied = [200]
refused = [404, 409, 422]
secret = ["/secret"]
remote_id = ["/id"]
created_at = ["/created_at"]
"#;

const REVOKE: &str = r#"
[revoke]
request = "DELETE /projects/{account.project_id}/keys/{key.remote_id}"
auth = "management"
applied = [204]
absent = [404]
"#;

const IDEMPOTENCY: &str = r#"
[STEP.idempotency]
header = { name = "Idempotency-Key", value = '"{nonce}"' }
replays_secret = true
ttl_seconds = 86400
in_progress = ["409 idempotency_in_progress"]
"#;

/// The text without that table.
pub fn without(text: &str, table: &str) -> String {
    let Some(start) = text.find(&format!("\n[{table}")) else {
        return text.to_owned();
    };
    let end = text[start + 1..]
        .find("\n[")
        .map_or(text.len(), |length| start + 1 + length);
    format!("{}{}", &text[..start], &text[end..])
}

/// The same without a list, so that nothing is asked before a rotation begins.
pub fn unlisted(strategy: Strategy, grace_from: GraceFrom) -> String {
    without(&definition(strategy, grace_from), "list]").replace("by = \"name\"", "by = \"none\"")
}

/// The same with names that the list does not tell: what is new in it is found by difference.
pub fn unnamed(strategy: Strategy, grace_from: GraceFrom) -> String {
    let text = definition(strategy, grace_from).replace("by = \"name\"", "by = \"difference\"");
    text.replace("name = [\"/name\"]\n", "")
}

/// The same at a provider that gives a lost answer again for the same key.
pub fn repeating(definition: &str) -> String {
    let step = if definition.contains("\n[mint]") {
        "mint"
    } else {
        "roll"
    };
    definition.to_owned() + &IDEMPOTENCY.replace("STEP", step)
}

/// The same for accounts that say where it is, such as at a port of this machine.
pub fn at_own_address(definition: &str) -> String {
    let known = "hosts = [\"api.lab.invalid\"]\nbase_url = \"https://api.lab.invalid/v1\"\n";
    definition.replacen(known, "own_base_url = true\n", 1)
}

/// The same provider without an API for keys: a person does every step on its page.
pub fn by_person(strategy: Strategy, grace_from: GraceFrom) -> String {
    let mut text = definition(strategy, grace_from);
    for table in ["reconcile]", "[scheme]]", "list]", "mint]", "roll]", "revoke]"] {
        text = without(&text, table);
    }
    let step = |name: &str, say: &str| format!("\n[{name}]\npage = \"https://lab.invalid/keys\"\nsay = \"{say}\"\n");
    let steps = match strategy {
        Strategy::Overlap | Strategy::ReplaceFirst => [
            step("mint", "Press Create key, name it {name} and copy its value."),
            step("revoke", "Press Delete beside {name}, the old key."),
        ]
        .concat(),
        Strategy::Roll | Strategy::RollWithGrace => step("roll", "Press Roll beside {name} and copy the new value."),
        Strategy::TwoSlot => step(
            "roll",
            "Press Regenerate beside the other key of {name} and copy the new value.",
        ),
    };
    text + &steps
}
