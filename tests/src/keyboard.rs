//! Keys as a keyboard sends them: the driver's key actions, wherever the focus is. No element is named, none is
//! pressed, and the mouse does not move.

use std::time::{Duration, Instant};

use crate::window::{Outcome, Window};

/// Held together with the key that follows.
pub const CTRL: char = '\u{E009}';
pub const SHIFT: char = '\u{E008}';
pub const TAB: char = '\u{E004}';
pub const ENTER: char = '\u{E007}';
pub const ESCAPE: char = '\u{E00C}';
pub const DOWN: char = '\u{E015}';
pub const F6: char = '\u{E036}';

/// Most stops between two controls of one screen.
const STOPS: usize = 80;
/// Longest wait for the focus to come to rest somewhere.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the focus is, by its test id, and whether that is seen. The ring may be drawn by what surrounds a control, or
/// by the row that a list names as active.
const FOCUS: &str = "
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const row = document.getElementById(at.getAttribute('aria-activedescendant') ?? '');
    const ringed = (it) => {
        const style = it && getComputedStyle(it);
        return style && (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow.includes('inset'));
    };
    const around = [at, at.parentElement, at.parentElement?.parentElement, row];
    const field = at.matches('input, textarea');
    return { id: at.dataset.testid ?? at.tagName, seen: field || around.some(ringed) };";

/// A person at the keyboard of one window.
pub struct Keyboard<'a> {
    window: &'a Window,
}

impl<'a> Keyboard<'a> {
    pub fn of(window: &'a Window) -> Keyboard<'a> {
        Keyboard { window }
    }

    /// Presses one key, with those before it held.
    pub async fn press(&self, chord: &[char]) -> Outcome {
        self.window.press(chord).await
    }

    /// Types a text, key by key.
    pub async fn types(&self, text: &str) -> Outcome {
        for key in text.chars() {
            self.press(&[key]).await?;
        }
        Ok(())
    }

    /// Goes on with Tab until the control with that test id has the focus. Each stop on the way is seen.
    pub async fn to(&self, id: &str) -> Outcome {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            let at = self.at().await?;
            if at == id {
                return Ok(());
            }
            passed.push(at);
            self.press(&[TAB]).await?;
        }
        Err(format!("Tab does not lead to {id}, but through {}", passed.join(", ")))
    }

    /// Waits until the focus is there by itself, and is seen.
    pub async fn is_at(&self, id: &str) -> Outcome {
        let started = Instant::now();
        loop {
            let at = self.focus().await?;
            match &at {
                Some((now, true)) if now == id => return Ok(()),
                _ if started.elapsed() > PATIENCE => return Err(format!("the focus is not at {id} but at {at:?}")),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Fails where the focus is nowhere, or nothing shows where it is.
    pub async fn at(&self) -> Outcome<String> {
        let started = Instant::now();
        loop {
            match self.focus().await? {
                Some((id, true)) => return Ok(id),
                at if started.elapsed() > PATIENCE => return Err(format!("the focus is lost or not seen: {at:?}")),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn focus(&self) -> Outcome<Option<(String, bool)>> {
        let found = self.window.run(FOCUS).await?;
        let id = found["id"].as_str().map(str::to_owned);
        Ok(id.map(|id| (id, found["seen"] == true)))
    }
}
