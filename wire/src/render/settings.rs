//! Settings, both ways.

use keywheel_core::model::{Density, LockKeychain, Settings, Theme};

use crate::{DensityView, LockKeychainView, SettingsView, ThemeView};

pub fn settings_view(settings: &Settings) -> SettingsView {
    SettingsView {
        theme: match settings.theme {
            Theme::System => ThemeView::System,
            Theme::Light => ThemeView::Light,
            Theme::Dark => ThemeView::Dark,
        },
        density: match settings.density {
            Density::Compact => DensityView::Compact,
            Density::Comfortable => DensityView::Comfortable,
        },
        letters: settings.letters,
        quick_shortcut: settings.quick_shortcut,
        clipboard_seconds: settings.clipboard_seconds,
        reveal_seconds: settings.reveal_seconds,
        lock_after_seconds: settings.lock_after_seconds,
        lock_keychain: match settings.lock_keychain {
            LockKeychain::Never => LockKeychainView::Never,
            LockKeychain::Asked => LockKeychainView::Asked,
            LockKeychain::Always => LockKeychainView::Always,
        },
        refresh_minutes: settings.refresh_minutes,
        notify: settings.notify,
        notify_names: settings.notify_names,
        digest_hour: settings.digest_hour,
        zoom_percent: settings.zoom_percent,
    }
}
