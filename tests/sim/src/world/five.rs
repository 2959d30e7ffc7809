//! A company with keys at all five providers, and the invented provider's projects.

use jiff::{SignedDuration, Timestamp};

use super::{Grant, World};
use crate::account::{Account, GraceFrom, Provider, Strategy};

const DAY: i64 = 24;

/// Builds a world with all five providers around `now`.
pub(super) fn world(now: Timestamp) -> World {
    let mut world = World::empty();
    overten(&mut world, now);
    on_page(&mut world, now);
    authenta(&mut world, now);
    ai_api(&mut world, now);
    optiverse(&mut world, now);
    world
}

/// Builds a project for each strategy, with one key where keys are not in fixed places.
pub(super) fn lab(now: Timestamp) -> World {
    let mut world = World::empty();
    for (name, strategy, grace_from) in [
        ("overlap", Strategy::Overlap, GraceFrom::Roll),
        ("roll", Strategy::Roll, GraceFrom::Roll),
        ("roll-with-grace", Strategy::RollWithGrace, GraceFrom::Roll),
        ("roll-with-grace-from-use", Strategy::RollWithGrace, GraceFrom::FirstUse),
        ("replace-first", Strategy::ReplaceFirst, GraceFrom::Roll),
        ("two-slot", Strategy::TwoSlot, GraceFrom::Roll),
    ] {
        let made = now - SignedDuration::from_hours(100 * DAY);
        let project = world.add_project(name, strategy, 3600, grace_from, made);
        if strategy != Strategy::TwoSlot {
            world.add_account_key(&project, "backend", &[], made);
        }
    }
    world
}

fn overten(world: &mut World, now: Timestamp) {
    let owner = world.add_user("platform@acme.example");
    let org = world.add_org("acme", &owner);
    for (name, environment, days) in [("checkout-api", "production", 91), ("checkout-api", "staging", 20)] {
        world.add_key(&org, name, environment, now - SignedDuration::from_hours(days * DAY));
    }
}

fn on_page(world: &mut World, now: Timestamp) {
    let acme = world.add_account(Provider::OnPage, "acme");
    let all = [
        "classify:create",
        "scan:create",
        "jobs:read",
        "results:read",
        "credits:read",
        "webhooks:write",
    ];
    key(world, &acme, ("site-audit", "production", 96), &all, now);
    key(world, &acme, ("site-audit", "staging", 31), &all, now);
    let reading = ["jobs:read", "results:read", "credits:read"];
    key(world, &acme, ("usage-report", "production", 12), &reading, now);
    key(
        world,
        &acme,
        ("classifier", "production", 118),
        &["classify:create"],
        now,
    );
    let globex = world.add_account(Provider::OnPage, "globex");
    key(world, &globex, ("crawler", "production", 44), &all, now);
}

fn authenta(world: &mut World, now: Timestamp) {
    let user = world.add_account(Provider::Authenta, "platform@acme.example");
    let all = ["Read", "Write", "Delete"];
    key(world, &user, ("Backend-Server-Key", "production", 102), &all, now);
    key(
        world,
        &user,
        ("Video-Pipeline-Key", "production", 9),
        &["Read", "Write"],
        now,
    );
    key(world, &user, ("Upload-Only-Key", "ci", 71), &["Write"], now);
}

fn ai_api(world: &mut World, now: Timestamp) {
    let account = world.add_account(Provider::AiApi, "acme");
    for (name, environment, purpose, permissions, days, expires_in) in [
        ("assistant", "production", "Production", vec!["read", "write"], 93, None),
        ("assistant-dev", "dev", "Development", vec!["read"], 40, Some(5)),
        ("metrics", "production", "Read-only", vec!["read"], 300, Some(-2)),
    ] {
        let grant = Grant {
            permissions: permissions.into_iter().map(str::to_owned).collect(),
            purpose: Some(purpose.to_owned()),
            slot: None,
            expires_at: expires_in.map(|days: i64| now + SignedDuration::from_hours(days * DAY)),
        };
        world.add_granted(&account, name, grant, now - SignedDuration::from_hours(days * DAY));
        place(world, environment);
    }
}

fn optiverse(world: &mut World, now: Timestamp) {
    for (person, days) in [
        ("ada@acme.example", Some(99)),
        ("jonas@acme.example", Some(3)),
        ("maria@acme.example", None),
    ] {
        let user = world.add_account(Provider::Optiverse, person);
        if let Some(days) = days {
            key(world, &user, ("records-sync", "production", days), &[], now);
        }
    }
}

/// Adds a key by name, environment and age in days.
fn key(world: &mut World, account: &Account, row: (&str, &str, i64), permissions: &[&str], now: Timestamp) {
    let (name, environment, days) = row;
    world.add_account_key(account, name, permissions, now - SignedDuration::from_hours(days * DAY));
    place(world, environment);
}

fn place(world: &mut World, environment: &str) {
    if let Some(key) = world.keys.last_mut() {
        key.environment = Some(environment.to_owned());
    }
}
