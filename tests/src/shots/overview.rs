//! The overview: the queue beside its pictures, what a mark of a picture leads to, and the smallest window.

use super::go;
use crate::album::{Album, SMALLEST, Stage};
use crate::window::Outcome;

const ENTER: &str = "\u{E007}";

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let window = stage.open().await?;
    window.css("[data-testid=queue-row]").await?;
    stage.take(&window, "70-overview").await?;
    window
        .run("document.querySelector('[data-testid=queue-row] button').focus()")
        .await?;
    stage.take(&window, "71-overview-focus").await?;
    window
        .run("document.querySelector('[data-testid=age-bin][data-from=\"100\"]').focus()")
        .await?;
    window.keys(ENTER).await?;
    window.css("[data-testid=key-row]").await?;
    stage.take(&window, "72-overview-pressed").await?;
    go(&window, "overview").await?;
    window.resize(SMALLEST).await?;
    window.css("[data-testid=queue-row]").await?;
    stage.take(&window, "73-overview-small").await?;
    window.close().await
}
