//! What happened, for people.

use serde::Serialize;
use ts_rs::TS;

/// One event. It never holds a value or remote text.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivityView {
    pub id: String,
    pub at: String,
    pub actor: ActorView,
    /// Stable word: `key.copied`, `rotation.completed`.
    pub verb: String,
    /// "Revoked sk_live_…x9F2 (Overten · acme › production)."
    pub sentence: String,
    /// The same beside the key itself, which needs no name there: "Revoked sk_live_…x9F2."
    pub short: String,
    pub key_id: Option<String>,
    pub account_id: Option<String>,
    pub rotation_id: Option<String>,
    pub result: ResultView,
    pub error_code: Option<String>,
}

/// Where a new file goes, as a person has chosen it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewFileView {
    /// Opaque; good for one use.
    pub handle: String,
    /// To be shown.
    pub path: String,
}

impl ActivityView {
    /// Events as a table with a head: what `--json` says, one event a line. A text that a spreadsheet would take for
    /// a formula begins with an apostrophe.
    pub fn table(events: &[ActivityView]) -> String {
        let mut table = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        table.write_record(HEAD).expect("memory takes every line");
        for event in events {
            let plain = |text: &str| match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                true => format!("'{text}"),
                false => text.to_owned(),
            };
            let line = Line {
                at: &event.at,
                actor: event.actor,
                verb: &event.verb,
                result: event.result,
                error_code: event.error_code.as_deref(),
                sentence: plain(&event.sentence),
                key_id: event.key_id.as_deref(),
                account_id: event.account_id.as_deref(),
                rotation_id: event.rotation_id.as_deref(),
            };
            table.serialize(line).expect("memory takes every line");
        }
        let bytes = table.into_inner().expect("memory takes every line");
        String::from_utf8(bytes).expect("texts stay texts")
    }
}

/// The fields of `Line`, also where no event follows.
const HEAD: [&str; 9] = [
    "at",
    "actor",
    "verb",
    "result",
    "error_code",
    "sentence",
    "key_id",
    "account_id",
    "rotation_id",
];

/// One line of the table.
#[derive(Serialize)]
struct Line<'a> {
    at: &'a str,
    actor: ActorView,
    verb: &'a str,
    result: ResultView,
    error_code: Option<&'a str>,
    sentence: String,
    key_id: Option<&'a str>,
    account_id: Option<&'a str>,
    rotation_id: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActorView {
    /// In the window.
    Window,
    Cli,
    /// Keywheel by itself, e.g. at the end of an overlap window.
    Keywheel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResultView {
    Done,
    Failed,
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_a_formula_or_holds_quotes_stays_a_text() {
        let event = |sentence: &str| ActivityView {
            id: "1".to_owned(),
            at: "2026-11-21T14:05:00Z".to_owned(),
            actor: ActorView::Cli,
            verb: "key.renamed".to_owned(),
            sentence: sentence.to_owned(),
            short: String::new(),
            key_id: None,
            account_id: None,
            rotation_id: None,
            result: ResultView::Done,
            error_code: None,
        };
        let table = ActivityView::table(&[event("=1+1 was replaced"), event("Renamed \"a,b\"\nto c.")]);
        let expected = "at,actor,verb,result,error_code,sentence,key_id,account_id,rotation_id\n\
            2026-11-21T14:05:00Z,cli,key.renamed,done,,'=1+1 was replaced,,,\n\
            2026-11-21T14:05:00Z,cli,key.renamed,done,,\"Renamed \"\"a,b\"\"\nto c.\",,,\n";
        assert_eq!(table, expected);
    }
}
