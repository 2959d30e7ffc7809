//! The list of keys: whole, filtered, filtered to none; the palette and the shortcuts over it.

use super::{ESCAPE, focus_list, unfilter};
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::window::Outcome;

const CONTROL_K: &str = "\u{E009}k\u{E000}";

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::company(album).await?;
    let window = stage.open().await?;
    to_list(&window).await?;
    focus_list(&window).await?;
    stage.take(&window, "12-keys").await?;

    window.fill("filter", "status:stale env:prod ").await?;
    stage.take(&window, "13-keys-filtered").await?;
    unfilter(&window).await?;
    window.fill("filter", "status:stale zebra").await?;
    window.find("no-match").await?;
    stage.take(&window, "14-keys-none").await?;
    window.keys(ESCAPE).await?;
    window.css("[data-testid=key-row]").await?;

    focus_list(&window).await?;
    window.keys(CONTROL_K).await?;
    window.find("palette-input").await?;
    stage.take(&window, "15-palette").await?;
    window.fill("palette-input", "payments").await?;
    stage.take(&window, "16-palette-needle").await?;
    window.keys(ESCAPE).await?;
    window.gone("[data-testid=palette-input]").await?;
    window.click("shortcuts").await?;
    window.find("shortcuts-sheet").await?;
    stage.take(&window, "17-shortcuts").await?;
    window.close().await
}
