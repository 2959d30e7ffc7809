//! Faults: which request goes wrong, when, and how.

mod build;
mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use rules::{Lag, Plan, Rules};

/// One fault and the requests it waits for. It fires once, on the first match, unless told otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Method; any without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Host; any without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Whole path; `*` and `{name}` stand for one segment, `**` for any number.
    #[serde(default = "any_path")]
    pub path: String,
    /// The matching request that fires first, from 1, counted since the fault was set.
    #[serde(default = "first")]
    pub nth: u32,
    /// How often it fires; `None` (JSON `null`) is a standing fault.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// Before or after the effect; each kind has its own default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// What goes wrong.
    #[serde(rename = "do")]
    pub kind: FaultKind,
}

/// On which side of the provider's effect a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The effect does not happen (with `Delay` and `Hold`: happens later).
    Before,
    /// The effect has happened.
    After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Another status, in the provider's own envelope unless a body is given.
    Status {
        /// HTTP status.
        status: u16,
        /// Error code in the envelope.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Whole body instead of the envelope.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Value>,
        /// `Retry-After`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
        /// More headers, such as `Location`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
    },
    /// A real pause. The provider has read the request: a caller that gives up does not stop it.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// A pause that ends when all faults are forgotten. A caller that gives up does not stop the provider.
    Hold,
    /// The connection is closed without an answer.
    Drop,
    /// The connection is closed after the headers and `bytes` of the body. Needs a body to cut.
    CutBody {
        /// Bytes sent, at most all but one.
        bytes: usize,
    },
    /// No answer, ever.
    Hang,
    /// The right status with a wrong body.
    Malformed {
        /// What is wrong.
        body: Malformed,
    },
    /// Answers success and does nothing.
    NoEffect,
    /// Does it twice and gives the second answer.
    Duplicate,
    /// What the request changes shows in the list only after a span.
    ListLag {
        /// Milliseconds on the simulator's clock.
        ms: u64,
    },
    /// Keys the request mints are refused for a span.
    NewKeyRefused {
        /// Milliseconds on the simulator's clock.
        ms: u64,
    },
    /// Keys the request revokes are accepted for a span.
    RevokedKeyAccepted {
        /// Milliseconds on the simulator's clock.
        ms: u64,
    },
    /// The right answer under another `Date`.
    Dated {
        /// Seconds ahead of the simulator's clock; negative: behind.
        ahead: i64,
    },
    /// An error whose message repeats the caller's credential and, after the effect, the new secret.
    EchoSecret {
        /// HTTP status.
        status: u16,
    },
}

/// `Retry-After`, RFC 9110 §10.2.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// The HTTP-date so many seconds from now, on the simulator's clock.
    DateIn(u64),
}

/// What is wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Malformed {
    /// A gateway's page.
    Html,
    /// JSON that stops half-way, in a response that is complete.
    Truncated,
    /// JSON whose strings are arrays, whose arrays are objects and whose numbers are strings.
    WrongTypes,
    /// 200 and nothing.
    Empty,
    /// The right JSON after eight mebibytes of blanks.
    Oversized,
}

/// A fault that was set, and what has become of it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleRecord {
    /// Number by which it was set.
    pub id: u64,
    /// The fault.
    pub fault: Fault,
    /// Matching requests since it was set.
    pub seen: u32,
    /// How often it has fired.
    pub fired: u32,
}

fn any_path() -> String {
    "**".to_owned()
}

fn first() -> u32 {
    1
}

fn once() -> Option<u32> {
    Some(1)
}
