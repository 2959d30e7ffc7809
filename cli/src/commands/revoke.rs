//! The emergency: a key stops working now, without a successor.

use clap::Args;
use keywheel_wire::render::plan_view;

use super::rotate::why_not;
use super::sheet;
use crate::ask::confirm;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;

#[derive(Debug, Args)]
pub struct Revoke {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// Only show what would be done
    #[arg(long)]
    plan: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl Revoke {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (app, out) = (&session.app, &session.out);
        let key = session.key(&self.key).await?;
        let keychain = session.keychain().await;
        let proposal = app.propose_revoke(key.id, keychain).await?;
        let account = session.account_of(&key).await?;
        let names = session.names().await?;
        let provider = names.provider(&account);
        let view = plan_view(&proposal, &account, &names);
        if self.plan {
            out.value(&view);
            sheet::plan(out, &format!("Revoke {} at {provider}", key.name), &view);
            return Ok(Exit::Done);
        }
        if let Some(failure) = proposal.held {
            return Err(why_not(session, key.id, failure).await?);
        }
        sheet::plan(out, &format!("Revoke {} at {provider}", key.name), &view);
        if let Some(leak) = names
            .definition(&account)
            .and_then(|definition| definition.leak_note().map(str::to_owned))
        {
            out.line(Line::new().look(Look::Quiet, format!("  When it has leaked: {leak}")));
        }
        let question = format!(
            "Revoke {} ({}) now? Whatever uses it fails from then on.",
            key.name,
            names.environment(key.environment_id)
        );
        confirm(out, &question, self.yes)?;
        out.line("");
        let opened = app.start_revoke(key.id, &proposal.hash, keychain).await?;
        let rotation = session.driving(app.go_on(opened)).await?;
        sheet::ended(session, &rotation).await
    }
}
