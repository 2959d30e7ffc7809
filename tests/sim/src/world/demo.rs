//! The demonstration's world: three companies that have grown a few keys too many.

use jiff::{SignedDuration, Timestamp};

use super::World;

const DAY: i64 = 24;

/// Service, environment, age in hours.
type Row = (&'static str, &'static str, i64);

const ACME: [Row; 18] = [
    ("checkout-api", "production", 91 * DAY),
    ("billing-worker", "production", 83 * DAY + 5),
    ("search-indexer", "production", 12 * DAY + 2),
    ("report-builder", "production", 214 * DAY + 9),
    ("webhook-relay", "production", 47 * DAY + 20),
    ("mobile-backend", "production", 5 * DAY + 1),
    ("checkout-api", "staging", 20 * DAY + 3),
    ("billing-worker", "staging", 76 * DAY + 6),
    ("search-indexer", "staging", 33 * DAY + 11),
    ("report-builder", "staging", 95 * DAY + 4),
    ("checkout-api", "dev", 3),
    ("billing-worker", "dev", 9 * DAY + 22),
    ("notebook-maria", "dev", 398 * DAY + 7),
    ("search-indexer", "dev", 61 * DAY + 8),
    ("integration-tests", "ci", 88 * DAY + 2),
    ("nightly-evals", "ci", 27 * DAY + 13),
    ("release-pipeline", "ci", 52 * DAY + 1),
    ("preview-deploys", "ci", 2 * DAY + 5),
];

const GLOBEX: [Row; 13] = [
    ("pricing-engine", "production", 90 * DAY + 6),
    ("invoice-export", "production", 41 * DAY + 3),
    ("quote-assistant", "production", 15 * DAY + 10),
    ("data-sync", "production", 79 * DAY + 14),
    ("pricing-engine", "staging", 30 * DAY + 9),
    ("invoice-export", "staging", 66 * DAY + 1),
    ("quote-assistant", "staging", 19),
    ("pricing-engine", "dev", 8 * DAY + 4),
    ("sandbox-jonas", "dev", 156 * DAY + 12),
    ("quote-assistant", "dev", 24 * DAY + 6),
    ("contract-tests", "ci", 85 * DAY + 3),
    ("load-tests", "ci", 97 * DAY + 16),
    ("release-pipeline", "ci", 38 * DAY + 2),
];

const INITECH: [Row; 9] = [
    ("report-writer", "production", 73 * DAY + 8),
    ("document-archive", "production", 121 * DAY + 5),
    ("customer-portal", "production", 18 * DAY + 7),
    ("report-writer", "staging", 10 * DAY + 11),
    ("customer-portal", "staging", 55 * DAY + 2),
    ("report-writer", "dev", 6),
    ("customer-portal", "dev", 44 * DAY + 19),
    ("smoke-tests", "ci", 89 * DAY + 13),
    ("release-pipeline", "ci", 14 * DAY + 1),
];

/// Builds the demonstration's world around `now`.
pub(super) fn world(now: Timestamp) -> World {
    let mut world = World::empty();
    for (name, email, rows) in [
        ("acme", "platform@acme.example", ACME.as_slice()),
        ("globex", "devops@globex.example", GLOBEX.as_slice()),
        ("initech", "tools@initech.example", INITECH.as_slice()),
    ] {
        let owner = world.add_user(email);
        let org = world.add_org(name, &owner);
        for (index, (service, environment, hours)) in (0..).zip(rows) {
            let age = SignedDuration::from_hours(*hours) + SignedDuration::from_secs(131 * index + 37);
            world.add_key(&org, service, environment, now - age);
        }
    }
    world
}
