//! Everything at twice its size, on a desktop set to large text.

use super::open_key;
use crate::album::{Album, Stage};
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let window = stage.open_zoomed(2).await?;
    window.css("[data-testid=key-row]").await?;
    stage.take(&window, "60-large-keys").await?;
    open_key(&window, "document-archive").await?;
    stage.take(&window, "61-large-drawer").await?;
    window.click("rotate").await?;
    window.css("[data-testid=start]:not([aria-disabled=true])").await?;
    stage.take(&window, "62-large-plan").await?;
    window.close().await
}
