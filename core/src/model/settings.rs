//! What a person chose: for the window, and where it is about values for every shell.

/// Everything that can be chosen. What nobody chose is as in [`Settings::default`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub theme: Theme,
    pub density: Density,
    /// How large the window shows everything, in percent.
    pub zoom_percent: u32,
    /// Whether single letters are shortcuts, while the list or the key details have the focus.
    pub letters: bool,
    /// Whether a shortcut of the whole desktop opens quick access; it is taken from every other program.
    pub quick_shortcut: bool,
    /// How long a copied value lies on the clipboard.
    pub clipboard_seconds: u32,
    /// How long a revealed value is shown.
    pub reveal_seconds: u32,
    /// How long nobody may touch the window before it locks; 0: for ever.
    pub lock_after_seconds: u32,
    pub lock_keychain: LockKeychain,
    /// Between two readings of all key lists; 0: only when asked.
    pub refresh_minutes: u32,
    /// Whether the desktop notifies.
    pub notify: bool,
    /// Whether a notification names keys; it may stand on a lock screen.
    pub notify_names: bool,
    /// From which hour of the person's day on the daily notification comes, 0 to 23.
    pub digest_hour: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            theme: Theme::System,
            density: Density::Compact,
            zoom_percent: 100,
            letters: true,
            quick_shortcut: false,
            clipboard_seconds: 45,
            reveal_seconds: 20,
            lock_after_seconds: 600,
            lock_keychain: LockKeychain::Asked,
            refresh_minutes: 15,
            notify: true,
            notify_names: true,
            digest_hour: 9,
        }
    }
}

impl Settings {
    /// Names the first setting that is out of its range.
    pub fn out_of_range(&self) -> Option<&'static str> {
        let ranges = [
            ("zoom_percent", (50..=300).contains(&self.zoom_percent)),
            ("clipboard_seconds", (5..=600).contains(&self.clipboard_seconds)),
            ("reveal_seconds", (5..=120).contains(&self.reveal_seconds)),
            (
                "lock_after_seconds",
                self.lock_after_seconds == 0 || (15..=86_400).contains(&self.lock_after_seconds),
            ),
            (
                "refresh_minutes",
                self.refresh_minutes == 0 || (5..=1440).contains(&self.refresh_minutes),
            ),
            ("digest_hour", self.digest_hour <= 23),
        ];
        ranges.into_iter().find(|(_, holds)| !holds).map(|(name, _)| name)
    }
}

/// Declares a choice with its stable words.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $( $(#[$about:meta])* $variant:ident = $word:literal, )* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $( $(#[$about])* $variant, )* }

        impl $name {
            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $word, )* }
            }

            /// Reads the stable word.
            pub fn parse(word: &str) -> Option<$name> {
                match word { $( $word => Some($name::$variant), )* _ => None }
            }
        }
    };
}

choice! {
    /// Light or dark.
    Theme { System = "system", Light = "light", Dark = "dark", }
}

choice! {
    /// How much room a row of the list has.
    Density { Compact = "compact", Comfortable = "comfortable", }
}

choice! {
    /// When the lock takes the system's keychain with it. Other programs use it too, and rotations wait for it.
    LockKeychain {
        Never = "never",
        /// When a person locks, not when the window locks by itself.
        Asked = "asked",
        Always = "always",
    }
}

#[cfg(test)]
mod tests {
    use super::{LockKeychain, Settings};

    #[test]
    fn what_is_out_of_its_range_is_named() {
        type Change = fn(&mut Settings);
        let cases: [(Change, Option<&str>); 10] = [
            (|_| {}, None),
            (|settings| settings.clipboard_seconds = 4, Some("clipboard_seconds")),
            (|settings| settings.clipboard_seconds = 601, Some("clipboard_seconds")),
            (|settings| settings.reveal_seconds = 0, Some("reveal_seconds")),
            (|settings| settings.lock_after_seconds = 0, None),
            (|settings| settings.lock_after_seconds = 14, Some("lock_after_seconds")),
            (|settings| settings.refresh_minutes = 0, None),
            (|settings| settings.refresh_minutes = 4, Some("refresh_minutes")),
            (|settings| settings.digest_hour = 24, Some("digest_hour")),
            (|settings| settings.zoom_percent = 301, Some("zoom_percent")),
        ];
        for (change, expected) in cases {
            let mut settings = Settings::default();
            change(&mut settings);
            assert_eq!(settings.out_of_range(), expected, "{settings:?}");
        }
    }

    #[test]
    fn a_word_is_read_as_it_is_written() {
        for choice in [LockKeychain::Never, LockKeychain::Asked, LockKeychain::Always] {
            assert_eq!(LockKeychain::parse(choice.as_str()), Some(choice));
        }
        assert_eq!(LockKeychain::parse("sometimes"), None);
    }
}
