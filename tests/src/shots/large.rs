//! Everything at twice its size, on a desktop set to large text.

use crate::album::{Album, Stage};
use crate::window::{Outcome, Window};

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let window = stage.open_zoomed(2).await?;
    // The driver takes coordinates for unzoomed ones: keys and scripts press where the pointer would miss.
    press(&window, "place-keys").await?;
    window.css("[data-testid=key-row]").await?;
    stage.take(&window, "60-large-keys").await?;
    press(&window, "key-row").await?;
    window.css("[data-testid=drawer] [aria-label=History]").await?;
    stage.take(&window, "61-large-drawer").await?;
    press(&window, "rotate").await?;
    window.css("[data-testid=start]:not([aria-disabled=true])").await?;
    stage.take(&window, "62-large-plan").await?;
    window.close().await
}

/// Presses the first element with that test id by script.
async fn press(window: &Window, id: &str) -> Outcome {
    window.find(id).await?;
    let script = format!("document.querySelector('[data-testid={id}]').click()");
    window.run(&script).await.map(drop)
}
