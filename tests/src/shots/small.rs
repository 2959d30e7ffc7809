//! The smallest window, with names that are long, right-to-left, or of other scripts.

use super::open_key;
use crate::album::{Album, SMALLEST, Stage};
use crate::journey::to_list;
use crate::sample::said;
use crate::window::Outcome;

/// Former names, and names that want more room or more care.
const NAMES: &[(&str, &str)] = &[
    ("notebook-maria", "מפתח של מריה למחברת"),
    ("sandbox-jonas", "рricing-engine"),
    (
        "document-archive",
        "document-archive-for-the-quarterly-report-of-the-northern-region-and-subsidiary",
    ),
    ("load-tests", "مفتاح اختبار الحمل"),
    ("contract-tests", "契約テスト"),
];

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let app = stage.app().await?;
    for (former, name) in NAMES {
        let key = app.find_key(former).await.map_err(|failure| said(&failure))?;
        app.rename_key(key.id, name).await.map_err(|failure| said(&failure))?;
    }
    app.close().await;
    let window = stage.open().await?;
    window.resize(SMALLEST).await?;
    to_list(&window).await?;
    stage.take(&window, "50-small-keys").await?;
    window
        .run("document.querySelector('[data-testid=key-grid]').scrollTop = 560")
        .await?;
    stage.take(&window, "51-small-names").await?;
    open_key(&window, "document-archive").await?;
    stage.take(&window, "52-small-drawer").await?;
    window.click("rotate").await?;
    window.css("[data-testid=start]:not([aria-disabled=true])").await?;
    stage.take(&window, "53-small-plan").await?;
    window.click("start").await?;
    window.until("rotation-sheet", "data-state", "awaiting_person").await?;
    stage.take(&window, "54-small-your-turn").await?;
    window.close().await
}
