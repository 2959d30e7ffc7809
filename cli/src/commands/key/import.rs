//! A key that exists already: its value is kept, and what is known of it.

use clap::Args;
use jiff::civil::Date;
use keywheel_core::app::{Description, ExistingKey};

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
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// What it is used for
    #[arg(long = "use", value_name = "TEXT")]
    used_for: Option<String>,
    /// Something that it may do; may be repeated
    #[arg(long = "permission", value_name = "NAME")]
    permissions: Vec<String>,
    /// The provider's preset that it is meant to be enough for
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Take it although it does not look like a key of this provider, or begins like a listed one
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
                about: Description {
                    owner: self.owner.clone(),
                    used_for: self.used_for.clone(),
                    permissions: Some(self.permissions.clone()),
                    preset: self.preset.clone(),
                },
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
