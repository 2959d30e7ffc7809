//! What a person does on the provider's page, reported: a value was created there, or a key deleted.

use clap::Args;
use keywheel_core::rotation::State;

use super::sheet;
use crate::exit::{Exit, Stop};
use crate::secret_input::SecretInput;
use crate::session::Session;

#[derive(Debug, Args)]
pub struct Take {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    #[command(flatten)]
    value: SecretInput,
    /// Take it although it is not how keys of this provider look; their form may have changed
    #[arg(long)]
    anyway: bool,
}

#[derive(Debug, Args)]
pub struct Deleted {
    /// An id, a name, environment/name or org/environment/name
    key: String,
}

impl Take {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let app = &session.app;
        let key = session.key(&self.key).await?;
        let rotation = session.rotation_of(key.id).await?;
        let id = rotation.id;
        if session.view(&rotation).await?.acts.paste_again {
            session.driving(app.paste_again(id)).await?;
        }
        let pasted = self.value.read(app, "key", "New key")?;
        let rotation = session.driving(app.take_new_value(id, &pasted, self.anyway)).await?;
        sheet::ended(session, &rotation).await
    }
}

impl Deleted {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let before = session.rotation_of(key.id).await?;
        let rotation = session.driving(session.app.confirm_deleted(before.id)).await?;
        let exit = sheet::ended(session, &rotation).await?;
        // Asked once more for what was said to be done: it lives.
        let asked = rotation.position == before.position
            || matches!(
                (before.position.state, rotation.position.state),
                (State::Discarding(_), State::DiscardAwaiting(_))
            );
        Ok(if asked { Exit::StillAccepted } else { exit })
    }
}
