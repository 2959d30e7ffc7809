//! A rotation that is not to go on: taken back, or ended by what the person says of its keys.

use keywheel_core::rotation::{Claims, TakeBack};
use keywheel_wire::{ClaimView, RotationView};

use super::rotations::id;
use super::{Answer, Window};
use crate::dto;

#[tauri::command]
pub async fn undo_rotation(
    window: Window<'_>,
    rotation_id: String,
    in_use: Option<String>,
    anyway: bool,
) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    let order = TakeBack { in_use, anyway };
    window
        .in_background(id, move |app| async move { app.undo(id, &order).await })
        .await
}

#[tauri::command]
pub async fn settle_rotation(
    window: Window<'_>,
    rotation_id: String,
    old: Option<ClaimView>,
    new: Option<ClaimView>,
) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    let claims = Claims {
        old: old.map(dto::claim),
        new: new.map(dto::claim),
    };
    window
        .in_background(id, move |app| async move { app.settle_rotation(id, claims).await })
        .await
}
