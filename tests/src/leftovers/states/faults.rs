//! In which way the provider is unkind.

use provider_sim::{Fault, RetryAfter};

const KEYS: &str = "/v1/projects/*/keys";
const KEY: &str = "/v1/projects/*/keys/*";
const ROLL: &str = "/v1/projects/*/keys/*/roll";
const SLOT: &str = "/v1/projects/*/slots/*/regenerate";
const SLOTS: &str = "/v1/projects/*/slots";
const ME: &str = "/v1/me";

/// An hour, in which nobody waits for it.
const HOUR: RetryAfter = RetryAfter::Seconds(3600);

pub(super) fn no_list() -> Fault {
    Fault::status(500).on("GET", KEYS).always()
}

/// What comes before the next change reads the list twice, and what asks after it does not get it.
pub(super) fn no_list_later() -> Fault {
    no_list().nth(3)
}

pub(super) fn no_slots() -> Fault {
    Fault::status(500).on("GET", SLOTS).always()
}

pub(super) fn list_later() -> Fault {
    Fault::status(429).retry_after(HOUR).on("GET", KEYS).always()
}

pub(super) fn empty_list() -> Fault {
    let nothing = serde_json::json!({"keys": [], "next": null});
    Fault::status(200).body(nothing).on("GET", KEYS).always()
}

pub(super) fn mint_refused() -> Fault {
    Fault::status(422).on("POST", KEYS).always()
}

pub(super) fn mint_unanswered() -> Fault {
    Fault::drop_connection().on("POST", KEYS).after()
}

pub(super) fn roll_refused() -> Fault {
    Fault::status(422).on("POST", ROLL).always()
}

pub(super) fn roll_unanswered() -> Fault {
    Fault::drop_connection().on("POST", ROLL).after()
}

pub(super) fn slot_refused() -> Fault {
    Fault::status(422).on("POST", SLOT).always()
}

pub(super) fn slot_unanswered() -> Fault {
    Fault::drop_connection().on("POST", SLOT).after()
}

pub(super) fn revoke_forbidden() -> Fault {
    Fault::status(403).on("DELETE", KEY).always()
}

pub(super) fn revoke_unanswered() -> Fault {
    Fault::drop_connection().on("DELETE", KEY).after()
}

pub(super) fn verify_later() -> Fault {
    Fault::status(429).retry_after(HOUR).on("GET", ME).always()
}

pub(super) fn verify_silent() -> Fault {
    Fault::status(500).on("GET", ME).always()
}

pub(super) fn new_value_refused() -> Fault {
    Fault::status(401).code("invalid_key").on("GET", ME).always()
}
