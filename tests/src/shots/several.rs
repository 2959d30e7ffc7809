//! Several keys in one act: picked in the list, and planned in one sheet.

use super::focus_list;
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::keyboard::{DOWN, SHIFT};
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::company(album).await?;
    let window = stage.open().await?;
    to_list(&window).await?;
    focus_list(&window).await?;
    for _ in 0..6 {
        window.press(&[SHIFT, DOWN]).await?;
    }
    window.find("selection").await?;
    stage.take(&window, "48-selection").await?;
    window.press(&['r']).await?;
    // Each line of the sheet has its plan, or what holds it.
    window.css("[data-testid=batch-key]:nth-of-type(7)").await?;
    stage.take(&window, "49-several-plan").await?;
    window.close().await
}
