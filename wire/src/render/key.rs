//! Keys and their verdicts.

use keywheel_core::app::{KeyDetail, KeyFacts};
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{Account, Purpose, Waiver, WaiverKind};
use keywheel_core::policy::{REASONS, Standing, due_in_days};

use super::activity::activity_view;
use super::error::error_view;
use super::flags::flag_view;
use super::names::Names;
use super::policy::policy_view;
use super::target::target_view;
use super::verdict::verdict_view;
use super::versions::version_view;
use crate::{
    AgeView, ErrorView, KeyActsView, KeyDetailView, KeyView, PurposeView, StatusView, WaiverKindView, WaiverView,
};

/// None where the account of the key is gone.
pub fn key_view(facts: &KeyFacts, accounts: &[&Account], names: &Names) -> Option<KeyView> {
    let key = &facts.row.key;
    let account = accounts.iter().find(|account| account.id == key.account_id)?;
    let version = facts.row.version.as_ref();
    let provider = names.provider(account);
    let age = facts.age?;
    Some(KeyView {
        id: key.id.to_string(),
        name: key.name.to_string(),
        purpose: match key.purpose {
            Purpose::Service => PurposeView::Service,
            Purpose::Management => PurposeView::Management,
            Purpose::Webhook => PurposeView::Webhook,
        },
        org_id: account.org_id.to_string(),
        org_name: names.org(account.org_id),
        account_id: account.id.to_string(),
        account_label: account.label.to_string(),
        environment_id: key.environment_id.to_string(),
        environment_name: names.environment(key.environment_id),
        provider_id: account.provider_id.clone(),
        monogram: names.monogram(account),
        hint: version
            .and_then(|version| version.hint.as_ref())
            .map(ToString::to_string),
        held: version.is_some_and(|version| version.held),
        status: status_view(facts.standing),
        age: AgeView {
            days: age.days,
            at_least: age.at_least,
            told: version.is_some_and(|version| facts.row.told == Some(version.id)),
            since: age.since.to_string(),
            limit_days: facts.policy.max_age_days.value,
            due_soon_days: facts.policy.due_soon_days(),
            due_in_days: due_in_days(facts.standing, facts.age, facts.policy.max_age_days.value),
        },
        verdict: version
            .and_then(|version| version.verdict.as_ref())
            .map(|verdict| verdict_view(verdict, account, names)),
        expires_at: version.and_then(|version| version.expires_at).map(|at| at.to_string()),
        last_used_at: version
            .and_then(|version| version.last_used_at)
            .map(|at| at.to_string()),
        version_id: version.map(|version| version.id.to_string()),
        rotation_id: facts.row.open_rotation().map(|id| id.to_string()),
        owner: facts.row.about.owner.as_ref().map(ToString::to_string),
        used_for: facts.row.about.used_for.as_ref().map(ToString::to_string),
        permissions: facts.row.about.permissions.clone(),
        preset: facts.row.about.preset.clone(),
        flags: facts.flags.iter().map(flag_view).collect(),
        waiver: facts.waiver.as_ref().map(waiver_view),
        acts: KeyActsView {
            copy: in_the_way(facts.acts.copy),
            reveal: in_the_way(facts.acts.copy),
            verify: in_the_way(facts.acts.verify),
            rotate: in_the_way(facts.acts.rotate),
            revoke: in_the_way(facts.acts.revoke),
            hold: in_the_way(facts.acts.hold),
        },
        provider_name: provider,
    })
}

fn in_the_way(act: Result<(), Code>) -> Option<String> {
    act.err().map(|code| code.as_str().to_owned())
}

/// The words of everything that can be in the way of an act.
pub fn reason_views() -> Vec<ErrorView> {
    let reasons = REASONS.iter().copied();
    reasons.map(|code| error_view(&Failure::new(code))).collect()
}

fn waiver_view(waiver: &Waiver) -> WaiverView {
    WaiverView {
        kind: match waiver.kind {
            WaiverKind::Snooze => WaiverKindView::Snooze,
            WaiverKind::AcceptRisk => WaiverKindView::AcceptRisk,
        },
        reason: waiver.reason.to_string(),
        since: waiver.since.to_string(),
        until: waiver.until.to_string(),
    }
}

fn status_view(standing: Standing) -> StatusView {
    match standing {
        Standing::Refused { since } => StatusView::Refused {
            since: since.to_string(),
        },
        Standing::Expired { at } => StatusView::Expired { at: at.to_string() },
        Standing::NotReplaced { since } => StatusView::NotReplaced {
            since: since.to_string(),
        },
        Standing::Stale { over_days } => StatusView::Stale { over_days },
        Standing::DueSoon { in_days } => StatusView::DueSoon { in_days },
        Standing::Unverified => StatusView::Unverified,
        Standing::NotHeld => StatusView::NotHeld,
        Standing::Rotating(id) => StatusView::Rotating {
            rotation_id: id.to_string(),
        },
        Standing::Fresh => StatusView::Fresh,
        Standing::Revoked { at } => StatusView::Revoked { at: at.to_string() },
    }
}

/// None where the account of the key is gone.
pub fn key_detail_view(detail: &KeyDetail, account: &Account, names: &Names) -> Option<KeyDetailView> {
    let definition = names.definition(account);
    Some(KeyDetailView {
        key: key_view(&detail.facts, &[account], names)?,
        versions: detail
            .versions
            .iter()
            .map(|version| version_view(version, detail.facts.row.told == Some(version.id), account, names))
            .collect(),
        policy: policy_view(&detail.facts.policy, names),
        scope_note: definition
            .as_ref()
            .map(|one| one.scope_note().to_owned())
            .unwrap_or_default(),
        expiry_note: definition
            .as_ref()
            .map(|one| one.expiry_note().to_owned())
            .unwrap_or_default(),
        leak_note: definition.as_ref().and_then(|one| one.leak_note()).map(str::to_owned),
        same_value_as: detail.same_value_as.clone(),
        targets: detail.targets.iter().map(target_view).collect(),
        history: detail.history.iter().map(|event| activity_view(event, names)).collect(),
        page: definition.as_ref().and_then(|one| one.key_page()).map(str::to_owned),
    })
}
