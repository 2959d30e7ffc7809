//! Settings, and the window when it is locked.

use super::go;
use crate::album::{Album, SMALLEST, Stage};
use crate::journey::to_list;
use crate::keyring;
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::company(album).await?;
    let window = stage.open().await?;
    to_list(&window).await?;
    go(&window, "settings").await?;
    window.find("settings").await?;
    stage.take(&window, "90-settings").await?;
    window.resize(SMALLEST).await?;
    stage.take(&window, "91-settings-small").await?;
    window.click("lock-window").await?;
    window.find("unlock-window").await?;
    stage.take(&window, "92-locked").await?;
    if !keyring::until_locked().await {
        return Err("the keychain is not locked".to_owned());
    }
    keyring::unlock().await?;
    window.close().await
}
