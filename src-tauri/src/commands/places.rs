//! Organisations, environments, policies.

use keywheel_core::model::{EnvironmentId, OrgId};
use keywheel_wire::render::{Names, effect_view, environment_view, org_view};
use keywheel_wire::{EnvironmentView, OrgView, PolicyEffectView, RuleRequest};

use super::{Answer, Window};
use crate::desktop::parsed;
use crate::dto;

#[tauri::command]
pub async fn add_org(window: Window<'_>, name: String) -> Answer<OrgView> {
    let org = window.app().await?.add_org(&name).await?;
    window.emit("inventory_changed", ());
    Ok(org_view(&org))
}

#[tauri::command]
pub async fn rename_org(window: Window<'_>, org_id: String, name: String) -> Answer<()> {
    window
        .app()
        .await?
        .rename_org(parsed(OrgId::parse(&org_id), "org")?, &name)
        .await?;
    window.emit("inventory_changed", ());
    Ok(())
}

#[tauri::command]
pub async fn add_environment(window: Window<'_>, name: String) -> Answer<EnvironmentView> {
    let app = window.app().await?;
    let environment = app.add_environment(&name).await?;
    window.emit("inventory_changed", ());
    Ok(environment_view(&environment, &Names::of(&app).await?))
}

#[tauri::command]
pub async fn rename_environment(window: Window<'_>, environment_id: String, name: String) -> Answer<()> {
    let id = parsed(EnvironmentId::parse(&environment_id), "environment")?;
    window.app().await?.rename_environment(id, &name).await?;
    window.emit("inventory_changed", ());
    Ok(())
}

#[tauri::command]
pub async fn set_policy(window: Window<'_>, rule: RuleRequest) -> Answer<()> {
    window.app().await?.set_policy(&dto::policy(rule)?).await?;
    window.emit("inventory_changed", ());
    Ok(())
}

#[tauri::command]
pub async fn preview_policy(window: Window<'_>, rule: RuleRequest) -> Answer<PolicyEffectView> {
    let (app, policy) = (window.app().await?, dto::policy(rule)?);
    let effect = app.policy_effect(&policy).await?;
    Ok(effect_view(&effect, &policy, &Names::of(&app).await?))
}
