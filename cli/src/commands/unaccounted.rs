//! Keys at a provider that nobody accounts for: shown until a person settles them.

use clap::{Args, Subcommand};
use keywheel_core::app::Answer;
use keywheel_core::{Code, Failure};

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words::when;

#[derive(Debug, Subcommand)]
pub enum UnaccountedCommand {
    /// List what is open
    List,
    /// Say what one of them is
    Settle(Settle),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct Settle {
    /// Its id, from the list
    id: String,
    /// It is a lost key of ours: revoke it at the provider
    #[arg(long, alias = "revoked", group = "what")]
    revoke: bool,
    /// It is somebody's: leave it
    #[arg(long, group = "what")]
    keep: bool,
    /// It is not there
    #[arg(long, group = "what")]
    absent: bool,
}

impl UnaccountedCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        match self {
            UnaccountedCommand::List => list(session).await,
            UnaccountedCommand::Settle(settle) => settle.run(session).await,
        }
    }
}

async fn list(session: &Session) -> Result<Exit, Stop> {
    let open = session.inventory().await?.unaccounted;
    session.out.value(&open);
    for entry in &open {
        let what = entry.remote_id.as_deref().unwrap_or("not in the list");
        let hint = entry.hint.as_deref().unwrap_or("—");
        let head = format!(
            "{}  {what}  {hint}  {} · {}",
            entry.id, entry.provider_name, entry.account_label
        );
        session.out.line(Line::new().look(Look::Warning, head));
        session.out.line(format!("  {}", entry.message));
        session.out.line(Line::new().look(
            Look::Quiet,
            format!("  between {} and {}", when(&entry.window_from), when(&entry.window_to)),
        ));
    }
    if open.is_empty() {
        session.out.line("Every key is accounted for.");
    }
    Ok(Exit::Done)
}

impl Settle {
    async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let missing = || Failure::new(Code::NotFound).field("unaccounted");
        let entry = session
            .app
            .unaccounted()
            .await?
            .into_iter()
            .find(|entry| entry.id.to_string() == self.id);
        let entry = entry.ok_or_else(missing)?;
        let answer = match (self.revoke, self.keep) {
            (true, _) => Answer::Revoke {
                remote_id: entry.remote_id.ok_or_else(missing)?,
            },
            (false, true) => Answer::Keep,
            (false, false) => Answer::Absent,
        };
        session
            .driving(session.app.settle_unaccounted(entry.id, answer))
            .await?;
        session.out.line("Settled.");
        list(session).await
    }
}
