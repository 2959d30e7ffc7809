//! Pictures of the real window: one folder, one theme, and what every picture starts from.

use std::path::PathBuf;
use tempfile::TempDir;

use keywheel_core::App;

use crate::company;
use crate::provider::Provider;
use crate::sample;
use crate::window::{Look, Outcome, Window};

/// Size of the window in most pictures, as it opens for the first time.
pub const USUAL: (u32, u32) = (1200, 760);
/// The smallest size that the window allows.
pub const SMALLEST: (u32, u32) = (880, 560);

/// Where pictures go, and how they look.
pub struct Album {
    pub folder: PathBuf,
    pub desktop: PathBuf,
    pub sim: PathBuf,
    pub dark: bool,
    /// Device pixels to a pixel.
    pub scale: u32,
}

impl Album {
    /// Writes what the window shows as `NAME-THEME.png`.
    pub async fn take(&self, window: &Window, name: &str) -> Outcome {
        let file = format!("{name}-{}.png", self.theme());
        window.picture(&self.folder.join(file)).await
    }

    pub fn theme(&self) -> &'static str {
        if self.dark { "dark" } else { "light" }
    }
}

/// A data directory of its own with a provider of its own.
pub struct Stage<'a> {
    pub album: &'a Album,
    pub provider: Provider,
    pub dir: PathBuf,
    _folder: TempDir,
}

impl<'a> Stage<'a> {
    /// A demo directory with nothing in it.
    pub async fn empty(album: &'a Album) -> Outcome<Stage<'a>> {
        Stage::of_world(album, "demo").await
    }

    /// The same beside another world of the simulator's.
    pub async fn of_world(album: &'a Album, world: &str) -> Outcome<Stage<'a>> {
        let provider = Provider::of_world(&album.sim, sample::NOW, world).await?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let dir = folder.path().join("demo");
        let now = sample::NOW.parse().map_err(|_| "the demo's clock")?;
        sample::mark(&dir, &provider.address, now).await?;
        Ok(Stage {
            album,
            provider,
            dir,
            _folder: folder,
        })
    }

    /// The sample world: three organisations, forty keys.
    pub async fn sample(album: &'a Album) -> Outcome<Stage<'a>> {
        let provider = Provider::start(&album.sim, sample::NOW).await?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let dir = folder.path().join("demo");
        sample::fill(&dir, &provider).await?;
        Ok(Stage {
            album,
            provider,
            dir,
            _folder: folder,
        })
    }

    /// The demo's company: five organisations, twenty providers, 140 keys.
    pub async fn company(album: &'a Album) -> Outcome<Stage<'a>> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let provider = company::provider(&album.sim, folder.path()).await?;
        let dir = folder.path().join("demo");
        company::fill(&dir, &provider).await?;
        Ok(Stage {
            album,
            provider,
            dir,
            _folder: folder,
        })
    }

    /// Keywheel on this directory without a window, to prepare what a picture shows.
    pub async fn app(&self) -> Outcome<App> {
        sample::open(&self.dir).await
    }

    /// Quick access alone on this directory.
    pub async fn open_quick(&self) -> Outcome<Window> {
        let Album { dark, scale, .. } = *self.album;
        let look = Look {
            dark,
            scale,
            pictures: true,
            ..Look::default()
        };
        Window::open_with(&self.album.desktop, &self.dir, look, &["--quick"]).await
    }

    /// The window on this directory, in the usual size.
    pub async fn open(&self) -> Outcome<Window> {
        self.open_zoomed(1).await
    }

    /// The same where the person has set the desktop's text that many times larger.
    pub async fn open_zoomed(&self, text: u32) -> Outcome<Window> {
        let Album { dark, scale, .. } = *self.album;
        let look = Look {
            dark,
            scale,
            text,
            pictures: true,
            ..Look::default()
        };
        let window = Window::open_as(&self.album.desktop, &self.dir, look).await?;
        window.resize(USUAL).await?;
        Ok(window)
    }

    pub async fn take(&self, window: &Window, name: &str) -> Outcome {
        self.album.take(window, name).await
    }
}
