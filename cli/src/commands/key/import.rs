//! A key that exists already: its value is kept, and what is known of it.

use clap::Args;
use jiff::civil::Date;
use keywheel_core::app::ExistingKey;

use super::about::About;
use super::said;
use crate::exit::{Exit, Stop};
use crate::secret_input::SecretInput;
use crate::session::Session;

const HELP: &str = "\
The value is asked for without echo, or read from standard input:
  keywheel key import crawler --account on-page --env production --created 2026-08-01 \\
    --permission jobs:read --permission results:read --preset 'Read-only integration' < key.txt

`keywheel provider show on-page` lists permissions and presets. At the provider nothing changes.";

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Import {
    /// Your name for the key
    name: String,
    /// The account: its label, org/label or id
    #[arg(long, value_name = "ACCOUNT")]
    account: String,
    /// Its environment
    #[arg(long, value_name = "ENV")]
    env: String,
    /// The day it was created [default: not known, at least as old as today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    created: Option<Date>,
    #[command(flatten)]
    about: About,
    /// Take it although it does not look like a key of this provider, begins like a listed one, or is another key's value
    #[arg(long)]
    anyway: bool,
    #[command(flatten)]
    secret: SecretInput,
}

impl Import {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let app = &session.app;
        let account = app.find_account(&self.account).await?.id;
        let environment = app.find_environment(&self.env).await?.id;
        let pasted = self.secret.read(app, "key", &format!("Value of {}", self.name))?;
        let id = app
            .add_key(ExistingKey {
                account,
                environment,
                name: self.name.clone(),
                pasted,
                created: self.created,
                about: self.about.description(),
                anyway: self.anyway,
            })
            .await?;
        let key = session.key(&id.to_string()).await?;
        said(
            session,
            &key,
            format!("{} is here; its value is in the keychain.", key.name),
        )
        .await
    }
}
