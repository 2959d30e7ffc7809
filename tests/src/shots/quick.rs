//! Quick access: as it opens, a key that is better not copied, the lock, what a few letters find, the copy.

use crate::album::{Album, Stage};
use crate::company;
use crate::keyboard::{CTRL, ENTER};
use crate::keyring;
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::company(album).await?;
    let window = stage.open_quick().await?;
    window.css("[data-testid=quick-row]").await?;
    stage.take(&window, "80-quick").await?;
    // What is refused comes after all that can be used, further down than is shown.
    let mut rows = company::rows().into_iter();
    let refused = rows.find(|row| row.stands == "refused").ok_or("no key is refused")?;
    window.fill("quick-input", refused.name).await?;
    window.click_css("[data-testid=quick-row][data-status=refused]").await?;
    stage.take(&window, "81-quick-refused").await?;
    window.press(&[CTRL, 'l']).await?;
    window.find("unlock-window").await?;
    stage.take(&window, "82-quick-locked").await?;
    if !keyring::until_locked().await {
        return Err("the keychain is not locked".to_owned());
    }
    keyring::unlock().await?;
    window.click("unlock-window").await?;
    window.fill("quick-input", "pay prod").await?;
    window.css("[data-testid=quick-row]").await?;
    stage.take(&window, "83-quick-found").await?;
    window.click_css("[data-testid=quick-row][data-status=fresh]").await?;
    window.press(&[ENTER]).await?;
    window.find("quick-copied").await?;
    stage.take(&window, "84-quick-copied").await?;
    window.close().await
}
