//! The system's keychain.

use clap::Subcommand;
use keywheel_wire::KeychainStateView;
use keywheel_wire::render::keychain_view;

use crate::exit::{Exit, Stop};
use crate::session::Session;

#[derive(Debug, Subcommand)]
pub enum KeychainCommand {
    /// Show its state, without a prompt
    State,
    /// Ask the system to unlock it
    Unlock,
}

impl KeychainCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        if let KeychainCommand::Unlock = self {
            session.app.vault().unlock().await?;
        }
        let view = keychain_view(session.keychain().await);
        session.out.value(&view);
        session.out.line(view.message.as_str());
        if !view.remedy.is_empty() {
            session.out.line(view.remedy.as_str());
        }
        Ok(if view.state == KeychainStateView::Ready {
            Exit::Done
        } else {
            Exit::Later
        })
    }
}
