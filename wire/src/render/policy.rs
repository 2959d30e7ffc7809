//! Policies, and why a setting is what it is.

use keywheel_core::app::Inventory;
use keywheel_core::model::{Policy, PolicyScope, Status};
use keywheel_core::policy::{Effect, InForce, Place, Setting, in_force};

use super::names::Names;
use super::overview::number;
use crate::{PolicyEffectView, PolicyView, RuleView, ScopeKindView, ScopeView};

pub fn policy_view(rule: &InForce, names: &Names) -> PolicyView {
    let from = |setting: &Setting| scope_view(&setting.from, names);
    PolicyView {
        max_age_days: rule.max_age_days.value,
        max_age_from: from(&rule.max_age_days),
        due_soon_percent: rule.due_soon_percent.value,
        due_soon_from: from(&rule.due_soon_percent),
        overlap_hours: rule.overlap_hours.value,
        overlap_from: from(&rule.overlap_hours),
        quiet_hours: rule.quiet_hours.value,
        quiet_from: from(&rule.quiet_hours),
        verify_days: rule.verify_days.value,
        verify_from: from(&rule.verify_days),
        sentence: sentence(rule, names),
    }
}

/// "90 d at most, from environment production. Due soon from day 72 and no overlap, from all keys."
fn sentence(rule: &InForce, names: &Names) -> String {
    let overlap = match rule.overlap_hours.value {
        0 => "an old key ends as soon as it is replaced".to_owned(),
        hours => format!("an old key is kept {hours} h"),
    };
    let quiet = match rule.quiet_hours.value {
        0 => "whether it is in use is not asked".to_owned(),
        hours => format!("silent for {hours} h first where its use is told"),
    };
    let verified = match rule.verify_days.value {
        0 => "never verified by itself".to_owned(),
        1 => "verified every day".to_owned(),
        days => format!("verified every {days} d"),
    };
    let parts = [
        (
            format!("{} d at most", rule.max_age_days.value),
            &rule.max_age_days.from,
        ),
        (
            format!("due soon from day {}", rule.due_soon_days()),
            &rule.due_soon_percent.from,
        ),
        (overlap, &rule.overlap_hours.from),
        (quiet, &rule.quiet_hours.from),
        (verified, &rule.verify_days.from),
    ];
    let mut said: Vec<(String, &PolicyScope)> = Vec::new();
    for (words, from) in parts {
        match said.last_mut().filter(|(_, former)| *former == from) {
            Some((former, _)) => *former = format!("{former}, {words}"),
            None => said.push((words, from)),
        }
    }
    let sentences = said.iter().map(|(words, from)| {
        let from = scope_view(from, names).label;
        format!("{}, from {from}.", capital(words))
    });
    sentences.collect::<Vec<_>>().join(" ")
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub fn scope_view(scope: &PolicyScope, names: &Names) -> ScopeView {
    use ScopeKindView::{Account, All, Environment, Key, Org, Provider};
    let (kind, id, name) = match scope {
        PolicyScope::All => (All, None, String::new()),
        PolicyScope::Environment(id) => (Environment, Some(id.to_string()), names.environment(*id)),
        PolicyScope::Org(id) => (Org, Some(id.to_string()), names.org(*id)),
        PolicyScope::Provider(id) => {
            let definition = names.definitions.catalog().get(id);
            let name = definition.map_or_else(|| id.clone(), |definition| definition.name().to_owned());
            (Provider, Some(id.clone()), name)
        }
        PolicyScope::Account(id) => (Account, Some(id.to_string()), names.account(*id)),
        PolicyScope::Key(id) => (Key, Some(id.to_string()), names.key(*id)),
    };
    let label = match kind {
        All => "all keys".to_owned(),
        Environment => format!("environment {name}"),
        Org => format!("organisation {name}"),
        Provider => format!("provider {name}"),
        Account => format!("account {name}"),
        Key => format!("key {name}"),
    };
    ScopeView { kind, id, name, label }
}

/// All keys, each environment, and what is set for narrower scopes, with the keys that lie there.
pub(super) fn rules_view(inventory: &Inventory, names: &Names) -> Vec<RuleView> {
    let usual = inventory
        .environments
        .iter()
        .map(|one| PolicyScope::Environment(one.id));
    let mut scopes: Vec<PolicyScope> = std::iter::once(PolicyScope::All).chain(usual).collect();
    let set = inventory.policies.iter().map(|policy| policy.scope.clone());
    scopes.extend(set.filter(|scope| !matches!(scope, PolicyScope::All | PolicyScope::Environment(_))));
    scopes.iter().map(|scope| rule_view(scope, inventory, names)).collect()
}

fn rule_view(scope: &PolicyScope, inventory: &Inventory, names: &Names) -> RuleView {
    let set = inventory.policies.iter().find(|policy| policy.scope == *scope);
    let accounts = inventory.accounts.iter().map(|(account, _)| account);
    let inside = inventory.keys.iter().filter(|facts| facts.place.is_in(scope));
    let mut standing = inside.map(|facts| facts.standing.status());
    let (mut keys, mut stale) = (0, 0);
    standing
        .by_ref()
        .filter(|status| *status != Status::Revoked)
        .for_each(|status| {
            keys += 1;
            stale += usize::from(status == Status::Stale);
        });
    let key = |id| inventory.keys.iter().find(|facts| facts.row.key.id == id);
    let place = match scope {
        PolicyScope::Key(id) => key(*id).map(|facts| facts.place.clone()).unwrap_or_default(),
        wider => Place::of(wider, accounts),
    };
    RuleView {
        scope: scope_view(scope, names),
        max_age_days: set.and_then(|policy| policy.max_age_days),
        due_soon_percent: set.and_then(|policy| policy.due_soon_percent),
        overlap_hours: set.and_then(|policy| policy.overlap_hours),
        quiet_hours: set.and_then(|policy| policy.quiet_hours),
        verify_days: set.and_then(|policy| policy.verify_days),
        in_force: policy_view(&in_force(&inventory.policies, &place), names),
        keys: number(keys),
        stale: number(stale),
    }
}

pub fn effect_view(effect: &Effect, changed: &Policy, names: &Names) -> PolicyEffectView {
    let label = scope_view(&changed.scope, names).label;
    let what = match (changed.is_open(), changed.max_age_days) {
        (true, _) => format!("Taking the rule of {label} away"),
        (false, Some(days)) => format!("{days} d at most for {label}"),
        (false, None) => format!("This rule for {label}"),
    };
    PolicyEffectView {
        sentence: format!("{what} {}.", outcome(effect)),
        key_ids: effect.keys.iter().map(ToString::to_string).collect(),
        stale_before: number(effect.stale_before),
        stale_after: number(effect.stale_after),
        turning: effect.turning.iter().map(ToString::to_string).collect(),
        relieved: effect.relieved.iter().map(ToString::to_string).collect(),
    }
}

fn outcome(effect: &Effect) -> String {
    match (effect.turning.len(), effect.relieved.len()) {
        (0, 0) => "turns no key stale".to_owned(),
        (turning, 0) => format!("makes {} stale", keys(turning)),
        (0, relieved) => format!("leaves {} no longer stale", keys(relieved)),
        (turning, relieved) => format!("makes {} stale and {relieved} no longer so", keys(turning)),
    }
}

fn keys(count: usize) -> String {
    match count {
        1 => "1 key".to_owned(),
        many => format!("{many} keys"),
    }
}
