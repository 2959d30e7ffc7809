//! The whole inventory.

use keywheel_core::app::{ChangedDefinition, Inventory};
use keywheel_core::failure::Failure;
use keywheel_core::model::{Account, AccountId, Environment, Org, Tier};
use keywheel_core::policy::{self, Place};
use keywheel_core::store::{Listing, Unaccounted};

use super::doctor::definition_changed;
use super::error::error_view;
use super::key::key_view;
use super::names::Names;
use super::overview::overview_view;
use super::policy::{policy_view, rules_view};
use super::provider::capabilities_view;
use super::rotation::rotation_view;
use crate::{
    AccountView, CapabilitiesView, DefinitionChangeView, EnvironmentTierView, EnvironmentView, InventoryView,
    ListedView, OrgView, SyncView, UnaccountedView,
};

/// `instance` names the process that shows it.
pub fn inventory_view(inventory: &Inventory, names: &Names, instance: &str) -> InventoryView {
    let accounts: Vec<&Account> = inventory.accounts.iter().map(|(account, _)| account).collect();
    InventoryView {
        now: inventory.now.to_string(),
        rules: rules_view(inventory, names),
        orgs: inventory.orgs.iter().map(org_view).collect(),
        environments: inventory
            .environments
            .iter()
            .map(|one| environment_view(one, names))
            .collect(),
        accounts: inventory
            .accounts
            .iter()
            .map(|(account, listing)| {
                let keys = inventory
                    .keys
                    .iter()
                    .filter(|facts| facts.row.key.account_id == account.id)
                    .count();
                let managed = inventory
                    .keys
                    .iter()
                    .find(|facts| Some(facts.row.key.id) == account.management_key_id);
                let expires = managed
                    .and_then(|facts| facts.row.version.as_ref())
                    .and_then(|version| version.expires_at);
                AccountView {
                    credential_expires_at: expires.map(|at| at.to_string()),
                    key_count: u32::try_from(keys).unwrap_or(u32::MAX),
                    changed: inventory
                        .changed
                        .iter()
                        .find(|changed| changed.account.id == account.id)
                        .map(definition_change_view),
                    ..account_view(account, listing, names)
                }
            })
            .collect(),
        keys: inventory
            .keys
            .iter()
            .filter_map(|facts| key_view(facts, &accounts, names))
            .collect(),
        rotations: inventory
            .rotations
            .iter()
            .map(|rotation| rotation_view(rotation, names).seen_by(rotation, instance))
            .collect(),
        unaccounted: inventory
            .unaccounted
            .iter()
            .filter_map(|one| unaccounted_view(one, &accounts, names))
            .collect(),
        overview: overview_view(&inventory.overview),
    }
}

fn definition_change_view(changed: &ChangedDefinition) -> DefinitionChangeView {
    DefinitionChangeView {
        digest: changed.digest.clone(),
        sentence: definition_changed(changed),
        differences: changed.differences.clone(),
    }
}

pub fn org_view(org: &Org) -> OrgView {
    OrgView {
        id: org.id.to_string(),
        name: org.name.to_string(),
    }
}

pub fn environment_view(environment: &Environment, names: &Names) -> EnvironmentView {
    let own: String = environment
        .name
        .as_str()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(5)
        .collect();
    let (tier, badge) = match environment.tier {
        Tier::Production => (EnvironmentTierView::Production, "PROD".to_owned()),
        Tier::Staging => (EnvironmentTierView::Staging, "STG".to_owned()),
        Tier::Development => (EnvironmentTierView::Development, "DEV".to_owned()),
        Tier::Ci => (EnvironmentTierView::Ci, "CI".to_owned()),
        Tier::Own => (EnvironmentTierView::Own, own.to_uppercase()),
    };
    let place = Place {
        environment: Some(environment.id),
        ..Place::default()
    };
    EnvironmentView {
        id: environment.id.to_string(),
        name: environment.name.to_string(),
        tier,
        badge,
        policy: policy_view(&policy::in_force(&names.policies, &place), names),
    }
}

/// Without the facts that only the whole inventory tells: number of keys, end of the credential, a changed definition.
pub fn account_view(account: &Account, listing: &Listing, names: &Names) -> AccountView {
    let definition = names.definition(account);
    let scheme = definition
        .as_ref()
        .and_then(|definition| definition.scheme(&account.scheme));
    let none = CapabilitiesView {
        list: false,
        mint: false,
        verify: false,
        revoke: false,
        reports_last_use: false,
        signup: false,
        mint_by: None,
        roll_by: None,
        revoke_by: None,
    };
    AccountView {
        id: account.id.to_string(),
        org_id: account.org_id.to_string(),
        org_name: names.org(account.org_id),
        provider_id: account.provider_id.clone(),
        provider_name: names.provider(account),
        label: account.label.to_string(),
        fields: account.fields.clone(),
        scheme: account.scheme.clone(),
        scheme_label: scheme.map_or_else(|| account.scheme.clone(), |scheme| scheme.label().to_owned()),
        credential_expires_at: None,
        changed: None,
        base_url: account.base_url.clone(),
        capabilities: definition.as_ref().map_or(none, |definition| CapabilitiesView {
            // Some of it hangs on what is known of the account.
            verify: definition.verifies(&account.fields),
            ..capabilities_view(definition)
        }),
        scope_note: definition
            .as_ref()
            .map(|definition| definition.scope_note().to_owned())
            .unwrap_or_default(),
        expiry_note: definition
            .as_ref()
            .map(|definition| definition.expiry_note().to_owned())
            .unwrap_or_default(),
        sync: sync_view(listing),
        key_count: 0,
    }
}

pub fn listed_view(account: AccountId, listing: &Listing) -> ListedView {
    ListedView {
        account_id: account.to_string(),
        sync: sync_view(listing),
    }
}

fn sync_view(listing: &Listing) -> SyncView {
    match (listing.failed, listing.listed_at) {
        (Some((at, code)), listed) => SyncView::Failed {
            at: at.to_string(),
            last_listed_at: listed.map(|at| at.to_string()),
            error: error_view(&Failure::new(code)),
        },
        (None, Some(at)) => SyncView::Listed { at: at.to_string() },
        (None, None) => SyncView::Never,
    }
}

fn unaccounted_view(entry: &Unaccounted, accounts: &[&Account], names: &Names) -> Option<UnaccountedView> {
    let account = accounts.iter().find(|account| account.id == entry.account_id)?;
    let provider = names.provider(account);
    let message = match &entry.remote_id {
        Some(id) if entry.is_back() => format!(
            "{provider} lists {id} again, which had ended on {}. It may work: revoke it, or keep it as somebody's.",
            entry.from.strftime("%Y-%m-%d")
        ),
        Some(id) if entry.left.is_some() => format!(
            "{provider} may still accept {id}, which was left beside the key that serves{}. Revoke it, or keep it.",
            match entry.left {
                Some(true) => "; its value is kept",
                _ => "",
            }
        ),
        Some(id) => format!(
            "{provider} lists {id}, which Keywheel may have asked for. No value is held under this id; nothing was revoked."
        ),
        None => format!(
            "{provider} was asked to create something and its answer was lost, and its list cannot tell. Look on its own page."
        ),
    };
    Some(UnaccountedView {
        id: entry.id.to_string(),
        account_id: entry.account_id.to_string(),
        account_label: account.label.to_string(),
        provider_name: provider,
        rotation_id: entry.rotation_id.map(|id| id.to_string()),
        remote_id: entry.remote_id.clone(),
        hint: entry.prefix.as_ref().map(|prefix| format!("{prefix}…")),
        window_from: entry.from.to_string(),
        window_to: entry.to.to_string(),
        message,
    })
}
