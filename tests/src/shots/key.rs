//! One key: its details, its value for seconds, the emergency, a new one.

use super::{ESCAPE, leave_key, open_key, unfilter};
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let window = stage.open().await?;
    to_list(&window).await?;
    open_key(&window, "document-archive").await?;
    unfilter(&window).await?;
    window.click("drawer-name").await?;
    stage.take(&window, "18-drawer").await?;

    window.click("copy").await?;
    window.find("clipboard").await?;
    window.click("reveal").await?;
    window.find("revealed").await?;
    stage.take(&window, "19-drawer-revealed").await?;
    window.click("reveal").await?;
    window.gone("[data-testid=revealed]").await?;

    window.click("revoke-now").await?;
    window.css("[data-testid=confirm-revoke] li").await?;
    stage.take(&window, "20-revoke-now").await?;
    window.keys(ESCAPE).await?;
    window.gone("[data-testid=confirm-revoke]").await?;

    leave_key(&window).await?;
    open_key(&window, "report-builder env:prod").await?;
    stage.take(&window, "21-drawer-not-held").await?;
    window.click("paste").await?;
    window.find("paste-sheet").await?;
    stage.take(&window, "22-paste").await?;
    window.keys(ESCAPE).await?;
    window.gone("[data-testid=paste-sheet]").await?;
    leave_key(&window).await?;

    window.click("new-key").await?;
    window.fill("field-name", "receipt-mailer").await?;
    stage.take(&window, "23-new-key").await?;
    window.click("create").await?;
    window.until("rotation-sheet", "data-state", "completed").await?;
    stage.take(&window, "24-new-key-done").await?;
    window.close().await
}
