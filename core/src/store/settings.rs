//! The one row of what a person chose.

use super::Store;
use super::failures::{any, damaged};
use super::row::row;
use crate::failure::Failure;
use crate::model::{Density, LockKeychain, Settings, Theme};

row! {
    struct Row {
        theme: String,
        density: String,
        zoom_percent: u32,
        letters: bool,
        quick_shortcut: bool,
        clipboard_seconds: u32,
        reveal_seconds: u32,
        lock_after_seconds: u32,
        lock_keychain: String,
        refresh_minutes: u32,
        notify: bool,
        notify_names: bool,
        digest_hour: u32,
    }
}

impl Row {
    fn settings(self) -> Option<Settings> {
        Some(Settings {
            theme: Theme::parse(&self.theme)?,
            density: Density::parse(&self.density)?,
            zoom_percent: self.zoom_percent,
            letters: self.letters,
            quick_shortcut: self.quick_shortcut,
            clipboard_seconds: self.clipboard_seconds,
            reveal_seconds: self.reveal_seconds,
            lock_after_seconds: self.lock_after_seconds,
            lock_keychain: LockKeychain::parse(&self.lock_keychain)?,
            refresh_minutes: self.refresh_minutes,
            notify: self.notify,
            notify_names: self.notify_names,
            digest_hour: self.digest_hour,
        })
    }
}

impl Store {
    /// As they were last set, else as they are where nobody chose.
    pub async fn settings(&self) -> Result<Settings, Failure> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT theme, density, zoom_percent, letters, quick_shortcut, clipboard_seconds, reveal_seconds, lock_after_seconds,
                    lock_keychain, refresh_minutes, notify, notify_names, digest_hour
             FROM settings",
        )
        .fetch_optional(&self.readers)
        .await
        .map_err(any)?;
        match row {
            None => Ok(Settings::default()),
            Some(row) => row.settings().ok_or_else(|| damaged("settings")),
        }
    }

    pub async fn set_settings(&self, settings: &Settings) -> Result<(), Failure> {
        sqlx::query(
            "INSERT OR REPLACE INTO settings (one, theme, density, zoom_percent, letters, quick_shortcut,
                                              clipboard_seconds, reveal_seconds, lock_after_seconds, lock_keychain, refresh_minutes, notify,
                                              notify_names, digest_hour)
             VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(settings.theme.as_str())
        .bind(settings.density.as_str())
        .bind(settings.zoom_percent)
        .bind(settings.letters)
        .bind(settings.quick_shortcut)
        .bind(settings.clipboard_seconds)
        .bind(settings.reveal_seconds)
        .bind(settings.lock_after_seconds)
        .bind(settings.lock_keychain.as_str())
        .bind(settings.refresh_minutes)
        .bind(settings.notify)
        .bind(settings.notify_names)
        .bind(settings.digest_hour)
        .execute(&self.writer)
        .await
        .map_err(any)
        .map(drop)
    }
}
