//! Rotations: shown, started, told what the person says.

use keywheel_core::App;
use keywheel_core::failure::Failure;
use keywheel_core::model::{KeyId, RotationId};
use keywheel_wire::render::{Names, error_view, plan_view};
use keywheel_wire::{ErrorView, PlanView, RotationView};

use super::keys::key;
use super::{Answer, Window};
use crate::desktop::{Desktop, parsed};
use crate::dto;

#[tauri::command]
pub async fn plan_rotation(window: Window<'_>, key_id: String, revoke_first: bool) -> Answer<PlanView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    let proposal = match revoke_first {
        true => app.propose_revoke_first(id, window.keychain()).await?,
        false => app.propose_rotation(id, window.keychain()).await?,
    };
    Ok(plan_view(
        &proposal,
        &app.account_of(id).await?,
        &Names::of(&app).await?,
    ))
}

#[tauri::command]
pub async fn plan_revoke(window: Window<'_>, key_id: String) -> Answer<PlanView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    let proposal = app.propose_revoke(id, window.keychain()).await?;
    Ok(plan_view(
        &proposal,
        &app.account_of(id).await?,
        &Names::of(&app).await?,
    ))
}

#[tauri::command]
pub async fn start_rotation(
    window: Window<'_>,
    key_id: String,
    plan_hash: String,
    revoke_first: bool,
) -> Answer<RotationView> {
    start(&window, &key_id, &plan_hash, revoke_first).await
}

/// Begins one by the plan that was shown.
pub(super) async fn start(window: &Desktop, key_id: &str, plan_hash: &str, revoke_first: bool) -> Answer<RotationView> {
    let (app, key) = (window.app().await?, key(key_id)?);
    let started = match revoke_first {
        true => app.start_revoke_first(key, plan_hash, window.keychain()).await,
        false => app.start_rotation(key, plan_hash, window.keychain()).await,
    };
    match started {
        Ok(id) => {
            window
                .in_background(id, move |app| async move { app.go_on(id).await })
                .await
        }
        Err(failure) => Err(busy(window, &app, key, failure).await),
    }
}

#[tauri::command]
pub async fn start_revoke(window: Window<'_>, key_id: String, plan_hash: String) -> Answer<RotationView> {
    let (app, key) = (window.app().await?, key(&key_id)?);
    match app.start_revoke(key, &plan_hash, window.keychain()).await {
        Ok(id) => {
            window
                .in_background(id, move |app| async move { app.go_on(id).await })
                .await
        }
        Err(failure) => Err(busy(&window, &app, key, failure).await),
    }
}

#[tauri::command]
pub async fn rotation(window: Window<'_>, rotation_id: String) -> Answer<RotationView> {
    let app = window.app().await?;
    let rotation = app.rotation(id(&rotation_id)?).await?;
    Ok(window.view(&app, &rotation).await?)
}

/// The open ones, and those that closed in the last so many days.
#[tauri::command]
pub async fn recent_rotations(window: Window<'_>, days: u32) -> Answer<Vec<RotationView>> {
    let app = window.app().await?;
    let mut recent = Vec::new();
    for rotation in app.recent_rotations(days.min(400)).await? {
        recent.push(window.view(&app, &rotation).await?);
    }
    Ok(recent)
}

#[tauri::command]
pub async fn resume_rotation(window: Window<'_>, rotation_id: String) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    window
        .in_background(id, move |app| async move { app.go_on(id).await })
        .await
}

#[tauri::command]
pub async fn confirm_replaced(window: Window<'_>, rotation_id: String) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    window
        .in_background(id, move |app| async move { app.confirm_replaced(id).await })
        .await
}

#[tauri::command]
pub async fn answer_question(
    window: Window<'_>,
    rotation_id: String,
    answer: String,
    remote_id: Option<String>,
) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    let answer = dto::answer(&answer, remote_id)?;
    window
        .in_background(id, move |app| async move { app.answer(id, answer).await })
        .await
}

/// Why a key's rotation cannot begin: one is open, and who drives it where another process does.
async fn busy(window: &Desktop, app: &App, key: KeyId, failure: Failure) -> ErrorView {
    match app.rotation_of(key).await {
        Ok(Some(open)) => window.who_else(app, open.id, failure).await,
        _ => error_view(&failure),
    }
}

pub(super) fn id(text: &str) -> Result<RotationId, Failure> {
    parsed(RotationId::parse(text), "rotation")
}
