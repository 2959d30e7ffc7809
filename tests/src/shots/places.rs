//! The other places of the sidebar.

use super::go;
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::company(album).await?;
    let window = stage.open().await?;
    to_list(&window).await?;
    go(&window, "accounts").await?;
    window.find("account-row").await?;
    stage.take(&window, "25-accounts").await?;
    go(&window, "activity").await?;
    window.find("event").await?;
    stage.take(&window, "26-activity").await?;
    go(&window, "policies").await?;
    window.find("policy-row").await?;
    stage.take(&window, "27-policies").await?;
    window.fill("max-age", "60").await?;
    window.find("set-policy").await?;
    stage.take(&window, "28-policies-edited").await?;
    window.close().await
}
