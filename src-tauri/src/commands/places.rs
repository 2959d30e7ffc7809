//! Organisations, environments, policies.

use keywheel_core::model::{EnvironmentId, OrgId, Policy, PolicyScope};
use keywheel_wire::render::{Names, environment_view, org_view};
use keywheel_wire::{EnvironmentView, OrgView};

use super::{Answer, Window};
use crate::desktop::parsed;

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
pub async fn set_policy(
    window: Window<'_>,
    environment_id: Option<String>,
    max_age_days: u32,
    due_soon_percent: u32,
    overlap_hours: u32,
) -> Answer<()> {
    let scope = match environment_id {
        Some(id) => PolicyScope::Environment(parsed(EnvironmentId::parse(&id), "environment")?),
        None => PolicyScope::All,
    };
    window
        .app()
        .await?
        .set_policy(&Policy {
            scope,
            max_age_days,
            due_soon_percent,
            overlap_hours,
        })
        .await?;
    window.emit("inventory_changed", ());
    Ok(())
}
