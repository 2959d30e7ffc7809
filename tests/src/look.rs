//! How a window is started: what its desktop is set to, and what draws it.

use std::path::PathBuf;

/// What the desktop is set to.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub dark: bool,
    /// Device pixels to a pixel.
    pub scale: u32,
    /// Size of text, which WebKit takes as the zoom of the whole page.
    pub text: u32,
    /// Draws with the renderer that pictures need, and that the shipped program turns off.
    pub pictures: bool,
    /// Only presses that the toolkit sees count as a person's: the driver's do not.
    pub presses: bool,
}

impl Default for Look {
    fn default() -> Look {
        Look {
            dark: false,
            scale: 1,
            text: 1,
            pictures: pictures().is_some(),
            presses: false,
        }
    }
}

/// Where a test keeps pictures, where somebody wants to look.
pub fn pictures() -> Option<PathBuf> {
    std::env::var_os("KEYWHEEL_PICTURES").map(PathBuf::from)
}
