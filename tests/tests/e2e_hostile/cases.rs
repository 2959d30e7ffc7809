//! The kit: what the hub answers, to which question, and how that must end.

use std::io::Write;
use std::sync::LazyLock;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tests::raw::{Gets, answer};

use crate::hub::Asked::{self, List, Mint, Revoke, Who};
use crate::hub::{ADMIN, NEW, OLD, minted, token};

/// An answer and its end.
#[derive(Clone)]
pub struct Case {
    pub name: &'static str,
    pub asked: Asked,
    pub gets: Gets,
    /// The code, and what is said of the outside world.
    pub ends: (&'static str, &'static str),
    /// Most memory that it may cost beyond an honest answer, in bytes.
    pub growth: u64,
    /// It is waited out, for a minute or two.
    pub waits: bool,
}

/// How a mint ends whose answer is of no use, however often it is sent.
const LOST_TWICE: (&str, &str) = ("rotation.too_many_mints", "not_applied");
const MEGABYTE: usize = 1 << 20;
const JSON: &str = "content-type: application/json\r\n";

fn case(asked: Asked, name: &'static str, gets: Gets, ends: (&'static str, &'static str)) -> Case {
    Case {
        name,
        asked,
        gets,
        ends,
        growth: 32 << 20,
        waits: false,
    }
}

/// A case that is waited out.
fn waiting(asked: Asked, name: &'static str, gets: Gets, ends: (&'static str, &'static str)) -> Case {
    let waits = true;
    Case {
        waits,
        ..case(asked, name, gets, ends)
    }
}

/// An answer of which the test writes every byte.
fn bytes(head: &str, body: &[u8]) -> Gets {
    Gets::Bytes([head.as_bytes(), b"\r\n", body].concat())
}

fn good(asked: Asked) -> &'static str {
    match asked {
        Mint => "201 Created",
        Revoke => "204 No Content",
        List | Who => "200 OK",
    }
}

fn said(asked: Asked, body: &str) -> Gets {
    answer(good(asked), "", body)
}

fn endless(asked: Asked, framing: &str, piece: Vec<u8>) -> Gets {
    Gets::Endless(format!("HTTP/1.1 {}\r\n{JSON}{framing}\r\n", good(asked)), piece)
}

/// A gigabyte of spaces, packed a thousand times smaller: as many packed megabytes, one after the other.
static PACKED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&vec![b' '; MEGABYTE]).expect("memory");
    packed.finish().expect("memory").repeat(1024)
});

static MANY_KEYS: LazyLock<String> = LazyLock::new(|| {
    let many: Vec<String> = (0..200_000).map(|n| format!("{{\"id\": \"a{n}\"}}")).collect();
    format!("{{\"api_tokens\": [{}]}}", many.join(","))
});

fn bomb(asked: Asked) -> Gets {
    let length = format!("content-encoding: gzip\r\ncontent-length: {}\r\n", PACKED.len());
    bytes(&format!("HTTP/1.1 {}\r\n{JSON}{length}", good(asked)), &PACKED)
}

fn with(change: impl FnOnce(&mut Value)) -> String {
    let mut body = minted();
    change(&mut body);
    body.to_string()
}

fn web_page(status: &str, page: &str) -> Gets {
    let length = format!("content-length: {}\r\n", page.len());
    bytes(
        &format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\n{length}"),
        page.as_bytes(),
    )
}

/// All cases; `elsewhere` is an address that nobody has a reason to call.
pub fn all(elsewhere: &str) -> Vec<Case> {
    let location = format!(
        "location: {elsewhere}/hub/api/user\r\nrefresh: 0; url={elsewhere}\r\nlink: <{elsewhere}>; rel=preload\r\n"
    );
    let page =
        format!("<html><meta http-equiv=refresh content='0;url={elsewhere}'><script src='{elsewhere}'></script>");
    let mut all = [
        at_any(List, &location, &page),
        at_any(Mint, &location, &page),
        lists(),
        mints(),
        others(&location, &page),
    ]
    .concat();
    // What takes longest begins first: what is waited for, then what is sent twice.
    all.sort_by_key(|case| (!case.waits, case.asked != Mint));
    all
}

/// What may come in place of any answer.
fn at_any(asked: Asked, location: &str, page: &str) -> Vec<Case> {
    // A list that fails changes nothing. A mint is sent, lost, deleted by its id, sent once more and lost again.
    let ends = |code| match asked {
        Mint => LOST_TWICE,
        _ => (code, "not_applied"),
    };
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; MEGABYTE], b"\r\n"].concat();
    let deep = format!("{}{}", "[".repeat(400_000), "]".repeat(400_000));
    let two = format!(
        "HTTP/1.1 {}\r\n{JSON}content-length: 2\r\ncontent-length: 900\r\n",
        good(asked)
    );
    let named = format!(
        "HTTP/1.1 {}\r\n{JSON}x-a: {}\r\n",
        good(asked),
        "a".repeat(8 * MEGABYTE)
    );
    let many = format!("HTTP/1.1 {}\r\n{JSON}{}", good(asked), "x-a: b\r\n".repeat(20_000));
    let header = || format!("HTTP/1.1 {}\r\n{JSON}content-length: 900\r\n\r\n", good(asked));
    vec![
        case(
            asked,
            "302 with a body",
            answer("302 Found", location, page),
            ends("provider.redirected"),
        ),
        case(
            asked,
            "307 with a body",
            answer("307 Temporary Redirect", location, page),
            ends("provider.redirected"),
        ),
        case(
            asked,
            "10 GB that is announced",
            endless(asked, "content-length: 10737418240\r\n", vec![b' '; MEGABYTE]),
            ends("provider.too_large"),
        ),
        case(
            asked,
            "chunks without an end",
            endless(asked, "transfer-encoding: chunked\r\n", chunk),
            ends("provider.too_large"),
        ),
        case(
            asked,
            "a body without an end",
            endless(asked, "", vec![b' '; MEGABYTE]),
            ends("provider.too_large"),
        ),
        waiting(
            asked,
            "a byte a second",
            Gets::Dribble(header(), Duration::from_secs(1)),
            ends("provider.no_answer"),
        ),
        case(
            asked,
            "a gigabyte, packed",
            bomb(asked),
            ends("provider.unexpected_answer"),
        ),
        case(
            asked,
            "400,000 brackets",
            said(asked, &deep),
            ends("provider.unexpected_answer"),
        ),
        case(
            asked,
            "a page with a script",
            web_page(good(asked), page),
            ends("provider.unexpected_answer"),
        ),
        case(
            asked,
            "a text that is not JSON",
            said(asked, "{\"token\": NaN, \"api_tokens\": [NaN]}"),
            ends("provider.unexpected_answer"),
        ),
        case(
            asked,
            "two JSON texts",
            said(asked, "{}{}"),
            ends("provider.unexpected_answer"),
        ),
        case(
            asked,
            "UTF-16",
            said(asked, "\u{feff}{}"),
            ends("provider.unexpected_answer"),
        ),
        case(
            asked,
            "a header of 8 MB",
            bytes(&named, b"{}"),
            ends("provider.no_answer"),
        ),
        case(asked, "20,000 headers", bytes(&many, b"{}"), ends("provider.no_answer")),
        case(asked, "two lengths", bytes(&two, b"{}"), ends("provider.no_answer")),
        case(
            asked,
            "another protocol",
            Gets::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".repeat(50)),
            ends("provider.no_answer"),
        ),
    ]
}

fn lists() -> Vec<Case> {
    let list = |tokens: Value| said(List, &json!({ "api_tokens": tokens }).to_string());
    let unread = ("provider.entry_unread", "not_applied");
    let wrong = ("provider.unexpected_answer", "not_applied");
    let twice = format!(
        "{{\"api_tokens\": [], \"api_tokens\": [{}]}}",
        token("a1", "checkout-api")
    );
    let early = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(20);
    vec![
        waiting(
            List,
            "early hints, then nothing",
            Gets::Bytes(early.into_bytes()),
            ("provider.no_answer", "not_applied"),
        ),
        // Its keys are counted once it is read.
        Case {
            growth: 192 << 20,
            ..case(
                List,
                "200,000 keys",
                said(List, &MANY_KEYS),
                ("provider.too_large", "not_applied"),
            )
        },
        case(
            List,
            "a list that is an object",
            list(json!({ "0": token("a1", "n") })),
            wrong,
        ),
        case(
            List,
            "an id that is an object",
            list(json!([{ "id": { "a": 1 } }])),
            unread,
        ),
        case(
            List,
            "an id that is a path",
            list(json!([token("../../../users/root", "n")])),
            unread,
        ),
        case(
            List,
            "a value in place of an id",
            list(json!([token(OLD, "n")])),
            unread,
        ),
        case(
            List,
            "a name of 300 kB",
            list(json!([token("a1", &"n".repeat(300_000))])),
            ("done", "none"),
        ),
        case(
            List,
            "a field twice",
            Gets::clone(&said(List, &twice)),
            ("done", "none"),
        ),
        case(
            List,
            "wait for a century",
            answer("429 Slow Down", "retry-after: 3153600000\r\n", "{}"),
            ("provider.rate_limited", "not_applied"),
        ),
    ]
}

fn mints() -> Vec<Case> {
    let lost = LOST_TWICE;
    let mint = |name, body: String, ends| case(Mint, name, said(Mint, &body), ends);
    vec![
        mint("a value that is a number", with(|it| it["token"] = json!(12_345)), lost),
        mint("two values", with(|it| it["token"] = json!([NEW, OLD])), lost),
        mint("an empty value", with(|it| it["token"] = json!("")), lost),
        mint(
            "a value of 800 kB",
            with(|it| it["token"] = json!("a".repeat(800_000))),
            lost,
        ),
        mint(
            "a value with escapes",
            with(|it| it["token"] = json!(format!("\u{1b}]52;c;{NEW}\u{7}"))),
            lost,
        ),
        mint(
            "the credential as the value",
            with(|it| it["token"] = json!(ADMIN)),
            lost,
        ),
        mint("the old value as the new", with(|it| it["token"] = json!(OLD)), lost),
        // The list has the new one's, by its name.
        mint(
            "the old id as the new",
            with(|it| it["id"] = json!("a1")),
            ("awaiting_person", "none"),
        ),
        // It is no id; the list has one.
        mint(
            "the value in place of the id",
            with(|it| it["id"] = json!(NEW)),
            ("awaiting_person", "none"),
        ),
        mint(
            "dates that are none",
            with(|it| it["expires_at"] = json!(1e300)),
            ("awaiting_person", "none"),
        ),
    ]
}

fn others(location: &str, page: &str) -> Vec<Case> {
    vec![
        case(
            Who,
            "a redirect of the key",
            answer("307 Temporary Redirect", location, page),
            ("undetermined", "none"),
        ),
        case(
            Who,
            "10 GB about the key",
            endless(Who, "content-length: 10737418240\r\n", vec![b' '; MEGABYTE]),
            ("undetermined", "none"),
        ),
        case(
            Who,
            "a refusal from another mouth",
            answer("403 Forbidden", "", "<h1>Forbidden</h1>"),
            ("undetermined", "none"),
        ),
        case(
            Revoke,
            "a redirect of the end",
            answer("307 Temporary Redirect", location, page),
            // Unknown, until a call with the old key is answered.
            ("key.still_accepted", "not_applied"),
        ),
        case(
            Revoke,
            "an end that is a page",
            web_page("200 OK", page),
            ("key.still_accepted", "not_applied"),
        ),
        waiting(
            Revoke,
            "an end that is a lie",
            said(Revoke, ""),
            ("awaiting_time", "none"),
        ),
    ]
}
