//! The overview of the demo's company: the queue beside its pictures, what a mark of a picture leads to, a key, the
//! timeline of rotations, and the smallest window.

use super::{go, open_key, unfilter};
use crate::album::{Album, SMALLEST, Stage};
use crate::window::Outcome;

const ENTER: &str = "\u{E007}";

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::company(album).await?;
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
    unfilter(&window).await?;
    open_key(&window, "media-pipeline env:prod ").await?;
    unfilter(&window).await?;
    window.click("drawer-name").await?;
    stage.take(&window, "74-drawer").await?;
    window.click("drawer-close").await?;
    go(&window, "rotations").await?;
    window.css("[data-testid=rotation-row][data-ended=true]").await?;
    stage.take(&window, "75-timeline").await?;
    go(&window, "overview").await?;
    window.resize(SMALLEST).await?;
    window.css("[data-testid=queue-row]").await?;
    stage.take(&window, "73-overview-small").await?;
    go(&window, "rotations").await?;
    window.css("[data-testid=rotation-row]").await?;
    stage.take(&window, "76-timeline-small").await?;
    window.close().await
}
