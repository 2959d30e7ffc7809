//! The two ways a value goes out.

use std::time::Duration;

use clap::Args;
use keywheel_core::model::{Key, VersionId};
use keywheel_core::{Code, Failure};
use keywheel_wire::{ClipboardView, RevealView};

use crate::clipboard::{Cleared, DesktopClipboard};
use crate::exit::{Exit, Stop};
use crate::session::Session;

#[derive(Debug, Args)]
#[command(
    after_long_help = "It stays in the foreground; Ctrl-C clears the clipboard at once. While a rotation \
waits for you, the new value is copied."
)]
pub struct Copy {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// How long it stays [default: as `settings` says]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: Option<u32>,
    /// The value that a rotation replaces, not the new one; without a rotation, the one that is kept
    #[arg(long)]
    old: bool,
    /// One part of a value that has several, as `provider show` names it: access_key_id
    #[arg(long, value_name = "NAME")]
    part: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    after_long_help = "The value goes to standard output and nothing else does, so that it can be piped. One \
of several parts is a line for each: VARIABLE=part."
)]
pub struct Reveal {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// The value that a rotation replaces, not the new one; without a rotation, the one that is kept
    #[arg(long)]
    old: bool,
    /// One part of a value that has several, as `provider show` names it: access_key_id
    #[arg(long, value_name = "NAME")]
    part: Option<String>,
}

impl Copy {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let version = version(session, &key, self.old).await?;
        let Some(clipboard) = &session.clipboard else {
            return Err(Failure::new(Code::ClipboardUnavailable).into());
        };
        let copied = match &self.part {
            Some(part) => session.app.copy_part(version, part).await?,
            None => session.app.copy(version).await?,
        };
        let seconds = match self.seconds {
            Some(seconds) => seconds,
            None => session.app.settings().await?.clipboard_seconds,
        };
        let span = Duration::from_secs(seconds.into());
        session.out.value(&ClipboardView {
            key_name: copied.key_name.clone(),
            hint: copied.hint.to_string(),
            clears_at: (jiff::Timestamp::now() + span).to_string(),
            clears_in_seconds: seconds,
        });
        session
            .out
            .line(format!("{} ({}) is on the clipboard.", copied.key_name, copied.hint));
        Ok(stay(session, clipboard, span).await)
    }
}

impl Reveal {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let version = version(session, &key, self.old).await?;
        let secret = match &self.part {
            Some(part) => session.app.reveal_part(version, part).await?,
            None => session.app.reveal(version).await?,
        };
        if session.out.json {
            session.out.value(&RevealView {
                value: secret.expose().to_owned(),
                hides_in_seconds: 0,
            });
        } else {
            session.out.reveal(secret.expose());
        }
        Ok(Exit::Done)
    }
}

/// Stays until the clipboard is no longer ours; says whether it is known to be clear.
pub async fn stay(session: &Session, clipboard: &DesktopClipboard, span: Duration) -> Exit {
    session
        .out
        .aside(format!("It is cleared in {} s; Ctrl-C clears it now.", span.as_secs()));
    let cleared = clipboard.stay(span, &session.interrupts).await;
    session.out.aside(match cleared {
        Cleared::InTime | Cleared::Asked => "Clipboard cleared.",
        Cleared::Replaced => "Something else was copied.",
        Cleared::Back => "It is on the clipboard again: a clipboard manager put it back. Remove it from its history.",
        Cleared::Untold => "The clipboard does not answer: whether the value is still there is not known.",
    });
    match cleared {
        Cleared::Back | Cleared::Untold => Exit::Later,
        Cleared::InTime | Cleared::Asked | Cleared::Replaced => Exit::Done,
    }
}

async fn version(session: &Session, key: &Key, old: bool) -> Result<VersionId, Stop> {
    let facts = session.app.key_facts(key.id, session.keychain().await).await?;
    let meant = session.app.meant(key.id, old).await?;
    if facts.row.version.is_some_and(|version| version.id == meant) {
        facts.acts.copy.map_err(Failure::new)?;
    }
    Ok(meant)
}
