//! What a person says about a new key: it is in use, or it is not wanted.

use clap::Args;
use keywheel_core::rotation::{Ending, State, StepKind, TakeBack};

use super::sheet;
use crate::exit::{Exit, Stop};
use crate::session::Session;

#[derive(Debug, Args)]
pub struct Replaced {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// End the overlap of the policy too: revoke the old key now
    #[arg(long)]
    now: bool,
    /// Revoke the old key although its provider sees it in use, or does not tell; what uses it fails then
    #[arg(long)]
    anyway: bool,
}

#[derive(Debug, Args)]
pub struct Undo {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// Discard the new key although it is in use: programs that have it fail. Its name, written out
    #[arg(long, value_name = "NAME")]
    discard_in_use: Option<String>,
    /// Go on although nothing shows that the old key works; the new one may be the only one that does
    #[arg(long)]
    anyway: bool,
}

impl Replaced {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let app = &session.app;
        let key = session.key(&self.key).await?;
        let mut rotation = session.rotation_of(key.id).await?;
        let waits = |rotation: &keywheel_core::rotation::Rotation| {
            matches!(rotation.position.state, State::AwaitingTime { .. })
                && rotation.position.step(&rotation.plan) == Some(StepKind::Wait)
                // A provider's grace ends by itself.
                && rotation.plan.grace.is_none()
        };
        if !(self.now && waits(&rotation) || self.anyway && rotation.may_revoke_anyway()) {
            rotation = session
                .driving_one(rotation.id, app.confirm_replaced(rotation.id))
                .await?;
        }
        if self.now && waits(&rotation) {
            rotation = session
                .driving_one(rotation.id, app.revoke_old_now(rotation.id))
                .await?;
        }
        if self.anyway && rotation.may_revoke_anyway() {
            rotation = session.driving_one(rotation.id, app.revoke_anyway(rotation.id)).await?;
        }
        sheet::ended(session, &rotation).await
    }
}

impl Undo {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let rotation = session.rotation_of(key.id).await?;
        let order = TakeBack {
            in_use: self.discard_in_use.clone(),
            anyway: self.anyway,
        };
        let undone = session.app.undo(rotation.id, &order);
        let rotation = session.driving_one(rotation.id, undone).await?;
        let exit = sheet::ended(session, &rotation).await?;
        // Here it is what was asked for.
        Ok(match rotation.position.state {
            State::Closed(Ending::Undone | Ending::Stopped) => Exit::Done,
            // The new key lives until the person has deleted it.
            State::DiscardAwaiting(_) => Exit::Later,
            _ => exit,
        })
    }
}
