//! Screens with nothing on them.

use super::go;
use crate::album::{Album, Stage};
use crate::sample::said;
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::empty(album).await?;
    let app = stage.app().await?;
    app.add_org("acme").await.map_err(|failure| said(&failure))?;
    app.close().await;
    let window = stage.open().await?;
    window.css("[data-testid=place-keys]").await?;
    stage.take(&window, "07b-empty-overview").await?;
    for (place, name) in [
        ("keys", "08-empty-keys"),
        ("rotations", "09-empty-rotations"),
        ("accounts", "10-empty-accounts"),
        ("activity", "11-empty-activity"),
    ] {
        go(&window, place).await?;
        stage.take(&window, name).await?;
    }
    window.close().await
}
