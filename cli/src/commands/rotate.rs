//! Replacing a key, up to the moment at which a person has to put the new one to use.

use std::time::Duration;

use clap::Args;
use keywheel_core::model::{Key, KeyId};
use keywheel_core::rotation::State;
use keywheel_core::{Code, Failure};
use keywheel_wire::render::plan_view;

use super::{copy, leaving, sheet};
use crate::ask::confirm;
use crate::exit::{Exit, Stop};
use crate::session::Session;
use crate::words::when;

const HELP: &str = "\
Examples:
  keywheel rotate acme/production/checkout-api --plan
  keywheel rotate acme/production/checkout-api --yes --copy
  keywheel rotate --owner 'Ada Lovelace' --plan       # for the day that she leaves
  keywheel rotate acme/production/checkout-api --revoke-first   # it has leaked
  keywheel replaced acme/production/checkout-api      # once the new key is in use

Nothing is revoked by this command, unless the plan says that the old key goes first. It ends with 0 when the new key is stored, proven to work, and waits.";

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Rotate {
    /// An id, a name, environment/name or org/environment/name
    #[arg(required_unless_present = "owner")]
    key: Option<String>,
    /// Every key that this person or team answers for, one after the other
    #[arg(long, value_name = "NAME", conflicts_with_all = ["key", "copy", "no_copy"])]
    owner: Option<String>,
    /// After a leak: revoke the old key before the new one is created; what uses it stops meanwhile
    #[arg(long, conflicts_with = "owner")]
    revoke_first: bool,
    /// Only show what would be done
    #[arg(long)]
    plan: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Put the new key on the clipboard and stay until it is cleared
    #[arg(long, conflicts_with = "plan")]
    copy: bool,
    /// Leave the clipboard alone (as without either)
    #[arg(long, conflicts_with = "copy")]
    no_copy: bool,
}

impl Rotate {
    pub fn copies(&self) -> bool {
        self.copy
    }

    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        if let Some(owner) = &self.owner {
            return leaving::rotate(session, owner, self.plan, self.yes).await;
        }
        let (app, out) = (&session.app, &session.out);
        let key = session.key(self.key.as_deref().unwrap_or_default()).await?;
        let keychain = session.keychain().await;
        let proposal = match self.revoke_first {
            true => app.propose_revoke_first(key.id, keychain).await?,
            false => app.propose_rotation(key.id, keychain).await?,
        };
        let (account, names) = (session.account_of(&key).await?, session.names().await?);
        let provider = names.provider(&account);
        let view = plan_view(&proposal, &account, &names);
        if self.plan {
            out.value(&view);
            sheet::plan(out, &title(&key, &provider), &view);
            return Ok(Exit::Done);
        }
        if let Some(failure) = proposal.held {
            return Err(why_not(session, key.id, failure).await?);
        }
        sheet::plan(out, &title(&key, &provider), &view);
        if self.copy && session.clipboard.is_none() {
            out.aside("There is no desktop to copy to here.");
        }
        confirm(out, "Start?", self.yes)?;
        out.line("");
        let opened = match self.revoke_first {
            true => app.start_revoke_first(key.id, &proposal.hash, keychain).await?,
            false => app.start_rotation(key.id, &proposal.hash, keychain).await?,
        };
        let rotation = session.driving(app.go_on(opened)).await?;
        let exit = sheet::ended(session, &rotation).await?;
        if let Some(clipboard) = session.clipboard.as_ref().filter(|clipboard| clipboard.holds())
            && rotation.position.state == State::AwaitingPerson
        {
            let seconds = app.settings().await?.clipboard_seconds;
            let cleared = copy::stay(session, clipboard, Duration::from_secs(seconds.into())).await;
            return Ok(exit.max(cleared));
        }
        Ok(exit)
    }
}

pub(super) fn title(key: &Key, provider: &str) -> String {
    format!("Rotate {} at {provider}", key.name)
}

/// Says more about a key that is busy: who drives it and since when, or how to go on.
pub async fn why_not(session: &Session, key: KeyId, failure: Failure) -> Result<Stop, Stop> {
    if failure.code != Code::KeyBusy {
        return Ok(failure.into());
    }
    let rotation = session.rotation_of(key).await?;
    let begun = format!("begun {}", when(&rotation.opened_at.to_string()));
    Ok(match session.who_else(rotation.id, failure).await {
        stop if stop.exit() == Exit::Elsewhere => stop,
        stop => stop.detail(begun),
    })
}
