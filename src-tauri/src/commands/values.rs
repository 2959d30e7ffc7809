//! The ways a value enters and leaves. None of them carries one through the page, but the timed reveal.

use keywheel_core::App;
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::VersionId;
use keywheel_wire::render::pasted_view;
use keywheel_wire::{ClipboardView, KeyView, PastedView, RevealView};

use super::keys::{key, shown};
use super::{Answer, Window};
use crate::desktop::{Desktop, handle, parsed};

#[tauri::command]
pub async fn take_from_clipboard(window: Window<'_>, provider_id: Option<String>, field: String) -> Answer<PastedView> {
    let app = window.app().await?;
    // A form only ever asks for a provider that there is; of a leaked value it is not known.
    if let Some(provider_id) = provider_id {
        app.catalog().require(&provider_id)?;
    }
    let text = window.lease.take().await.map_err(|failure| failure.field(&field))?;
    #[cfg(feature = "fail-points")]
    crate::leaks::let_out(&window, &text);
    Ok(pasted_view(&app.paste(&field, text)?))
}

#[tauri::command]
pub async fn forget_pasted(window: Window<'_>, handle: String) -> Answer<()> {
    window.app().await?.forget_pasted(&self::handle(&handle));
    Ok(())
}

#[tauri::command]
pub async fn hold_key(window: Window<'_>, key_id: String, handle: String) -> Answer<KeyView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    app.hold(id, &self::handle(&handle)).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, id).await?.key)
}

/// Takes the kept value of an ended version out of the keychain.
#[tauri::command]
pub async fn remove_kept(window: Window<'_>, version_id: String) -> Answer<()> {
    window.app().await?.remove_kept(version(&version_id)?).await?;
    window.emit("inventory_changed", ());
    Ok(())
}

/// Brings the value of a version back that does not serve. `anyway`: by the person's word, where no call tells.
#[tauri::command]
pub async fn restore_kept(window: Window<'_>, version_id: String, anyway: bool) -> Answer<()> {
    let app = window.app().await?;
    app.bring_back(version(&version_id)?, anyway).await?;
    window.emit("inventory_changed", ());
    Ok(())
}

/// Copies the value that is meant: the new one while a rotation waits for it to be put to use.
#[tauri::command]
pub async fn copy_key(window: Window<'_>, key_id: String) -> Answer<ClipboardView> {
    let app = window.app().await?;
    let meant = app.meant(key(&key_id)?, false).await?;
    copied(&window, &app, meant).await
}

#[tauri::command]
pub async fn copy_version(window: Window<'_>, version_id: String) -> Answer<ClipboardView> {
    let app = window.app().await?;
    copied(&window, &app, version(&version_id)?).await
}

async fn copied(window: &Desktop, app: &App, version: VersionId) -> Answer<ClipboardView> {
    app.copy(version).await?;
    window.emit("inventory_changed", ());
    Ok(window
        .lease
        .view()
        .ok_or_else(|| Failure::new(Code::ClipboardUnavailable))?)
}

#[tauri::command]
pub async fn clear_clipboard(window: Window<'_>) -> Answer<()> {
    Ok(window.lease.clear().await?)
}

#[tauri::command]
pub async fn reveal_version(window: Window<'_>, version_id: String) -> Answer<RevealView> {
    let value = window.app().await?.reveal(version(&version_id)?).await?;
    // It may have locked while the keychain was asked.
    if window.lock.is_locked() {
        return Err(Failure::new(Code::WindowLocked).into());
    }
    window.emit("inventory_changed", ());
    Ok(RevealView {
        value: value.expose().to_owned(),
        hides_in_seconds: window.settings().reveal_seconds,
    })
}

fn version(id: &str) -> Result<VersionId, Failure> {
    parsed(VersionId::parse(id), "version")
}
