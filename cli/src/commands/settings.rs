//! What a person chose, for the window and, where it is about values, for every shell.

use clap::{Args, Subcommand, ValueEnum};
use keywheel_core::model::{Density, LockKeychain, Settings, Theme};
use keywheel_wire::render::settings_view;

use crate::exit::{Exit, Stop};
use crate::session::Session;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Show all settings
    List,
    /// Change settings; an open window keeps to them at once
    Set(Set),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("setting").required(true).multiple(true))]
pub struct Set {
    /// How long a copied value lies on the clipboard, 5 to 600
    #[arg(long, value_name = "SECONDS", group = "setting")]
    clipboard: Option<u32>,
    /// How long the window shows a revealed value, 5 to 120
    #[arg(long, value_name = "SECONDS", group = "setting")]
    reveal: Option<u32>,
    /// When the window locks by itself, 15 to 86400; 0: never
    #[arg(long, value_name = "SECONDS", group = "setting")]
    lock_after: Option<u32>,
    /// When the window's lock takes the system's keychain with it
    #[arg(long, value_name = "WHEN", group = "setting")]
    lock_keychain: Option<When>,
    /// How often the window reads all key lists, 5 to 1440; 0: only when asked
    #[arg(long, value_name = "MINUTES", group = "setting")]
    refresh: Option<u32>,
    /// Colours of the window
    #[arg(long, group = "setting")]
    theme: Option<Look>,
    /// Room between the rows of the window's list
    #[arg(long, group = "setting")]
    density: Option<Rows>,
    /// How large the window shows everything, in percent
    #[arg(long, value_name = "PERCENT", group = "setting")]
    zoom: Option<u32>,
    /// Whether single letters are shortcuts in the window
    #[arg(long, group = "setting", action = clap::ArgAction::Set, value_name = "true|false")]
    letters: Option<bool>,
    /// Whether Ctrl+Shift+Space opens quick access wherever you are; Wayland does not let a program ask for this
    #[arg(long, group = "setting", action = clap::ArgAction::Set, value_name = "true|false")]
    quick_shortcut: Option<bool>,
    /// Whether the window notifies you while it is not before you
    #[arg(long, group = "setting", action = clap::ArgAction::Set, value_name = "true|false")]
    notify: Option<bool>,
    /// Whether a notification names keys
    #[arg(long, group = "setting", action = clap::ArgAction::Set, value_name = "true|false")]
    notify_names: Option<bool>,
    /// Hour of the daily notification, 0 to 23
    #[arg(long, value_name = "HOUR", group = "setting")]
    digest_hour: Option<u32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum When {
    Never,
    /// When you lock it
    Asked,
    /// Also when it locks by itself
    Always,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Look {
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Rows {
    Compact,
    Comfortable,
}

impl SettingsCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        if let SettingsCommand::Set(set) = self {
            let settings = set.over(session.app.settings().await?);
            session.app.set_settings(&settings).await?;
        }
        show(session, &session.app.settings().await?);
        Ok(Exit::Done)
    }
}

impl Set {
    fn over(&self, former: Settings) -> Settings {
        Settings {
            clipboard_seconds: self.clipboard.unwrap_or(former.clipboard_seconds),
            reveal_seconds: self.reveal.unwrap_or(former.reveal_seconds),
            lock_after_seconds: self.lock_after.unwrap_or(former.lock_after_seconds),
            lock_keychain: self.lock_keychain.map_or(former.lock_keychain, |when| match when {
                When::Never => LockKeychain::Never,
                When::Asked => LockKeychain::Asked,
                When::Always => LockKeychain::Always,
            }),
            refresh_minutes: self.refresh.unwrap_or(former.refresh_minutes),
            theme: self.theme.map_or(former.theme, |look| match look {
                Look::System => Theme::System,
                Look::Light => Theme::Light,
                Look::Dark => Theme::Dark,
            }),
            density: self.density.map_or(former.density, |rows| match rows {
                Rows::Compact => Density::Compact,
                Rows::Comfortable => Density::Comfortable,
            }),
            zoom_percent: self.zoom.unwrap_or(former.zoom_percent),
            letters: self.letters.unwrap_or(former.letters),
            quick_shortcut: self.quick_shortcut.unwrap_or(former.quick_shortcut),
            notify: self.notify.unwrap_or(former.notify),
            notify_names: self.notify_names.unwrap_or(former.notify_names),
            digest_hour: self.digest_hour.unwrap_or(former.digest_hour),
        }
    }
}

fn show(session: &Session, settings: &Settings) {
    session.out.value(&settings_view(settings));
    let or = |number: u32, unit: &str, none: &str| match number {
        0 => none.to_owned(),
        number => format!("{number} {unit}"),
    };
    let rows = [
        ("clipboard", format!("{} s", settings.clipboard_seconds)),
        ("reveal", format!("{} s", settings.reveal_seconds)),
        ("lock-after", or(settings.lock_after_seconds, "s", "never")),
        ("lock-keychain", settings.lock_keychain.as_str().to_owned()),
        ("refresh", or(settings.refresh_minutes, "min", "only when asked")),
        ("theme", settings.theme.as_str().to_owned()),
        ("density", settings.density.as_str().to_owned()),
        ("zoom", format!("{} %", settings.zoom_percent)),
        ("letters", settings.letters.to_string()),
        ("quick-shortcut", settings.quick_shortcut.to_string()),
        ("notify", settings.notify.to_string()),
        ("notify-names", settings.notify_names.to_string()),
        ("digest-hour", settings.digest_hour.to_string()),
    ];
    let mut table = Table::new(&["SETTING", "VALUE"]);
    for (name, value) in rows {
        table.row(vec![name.into(), value.into()]);
    }
    table.print(&session.out);
}
