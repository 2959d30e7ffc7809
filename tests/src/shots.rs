//! Every screen as a picture, for the eye: each scene brings the window where a person would, by clicks and keys.
//!
//! Deliberately absent: any comparison of pixels. What is right about a picture is judged by looking.

mod cutover;
mod empty;
mod files;
mod first_run;
mod key;
mod large;
mod list;
mod overview;
mod places;
mod quick;
mod rotation;
mod settings;
mod several;
mod small;
mod strategies;
mod trouble;

use crate::album::Album;
use crate::window::{Outcome, Window};

const ESCAPE: &str = "\u{E00C}";
const DOWN: &str = "\u{E015}";

/// The scenes, in the order in which a person meets them.
pub const SCENES: &[&str] = &[
    "first-run",
    "empty",
    "overview",
    "list",
    "key",
    "places",
    "rotation",
    "cutover",
    "strategies",
    "trouble",
    "files",
    "several",
    "quick",
    "settings",
    "small",
    "large",
];

/// Takes the pictures of one scene.
pub async fn take(album: &Album, scene: &str) -> Outcome {
    match scene {
        "first-run" => first_run::take(album).await,
        "empty" => empty::take(album).await,
        "overview" => overview::take(album).await,
        "list" => list::take(album).await,
        "key" => key::take(album).await,
        "places" => places::take(album).await,
        "rotation" => rotation::take(album).await,
        "cutover" => cutover::take(album).await,
        "strategies" => strategies::take(album).await,
        "trouble" => trouble::take(album).await,
        "files" => files::take(album).await,
        "several" => several::take(album).await,
        "quick" => quick::take(album).await,
        "settings" => settings::take(album).await,
        "small" => small::take(album).await,
        "large" => large::take(album).await,
        other => Err(format!("there is no scene {other}; there are {}", SCENES.join(", "))),
    }
}

/// Opens the details of the first key that the filter leaves.
async fn open_key(window: &Window, filter: &str) -> Outcome {
    window.click_css("[data-testid=place-keys]").await?;
    window.fill("filter", filter).await?;
    window.click_css("[data-testid=key-row]").await?;
    window.css("[data-testid=drawer] [aria-label=History]").await.map(drop)
}

/// Shows all keys again, with the details closed.
async fn leave_key(window: &Window) -> Outcome {
    window.click("drawer-close").await?;
    unfilter(window).await
}

/// Empties the filter, as a person does with Escape.
async fn unfilter(window: &Window) -> Outcome {
    window.click("filter").await?;
    window.keys(ESCAPE).await
}

/// Gives the list the focus and moves to its second key, so that the ring is seen.
async fn focus_list(window: &Window) -> Outcome {
    window
        .run("document.querySelector('[data-testid=key-grid]').focus()")
        .await?;
    window.keys(DOWN).await
}

/// Goes to a place of the sidebar.
async fn go(window: &Window, place: &str) -> Outcome {
    window.click_css(&format!("[data-testid=place-{place}]")).await
}
