//! What people say of a key.

use clap::Args;
use keywheel_core::app::Description;

use super::said;
use crate::exit::{Exit, Stop};
use crate::session::Session;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("said").required(true).multiple(true))]
pub struct Set {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// Who answers for it; '' for nobody
    #[arg(long, value_name = "NAME", group = "said")]
    owner: Option<String>,
    /// What it is used for; '' to forget it
    #[arg(long = "use", value_name = "TEXT", group = "said")]
    used_for: Option<String>,
    /// Something that it may do, in place of what was said before; may be repeated, '' for nothing
    #[arg(long = "permission", value_name = "NAME", group = "said")]
    permissions: Vec<String>,
    /// The provider's preset that it is meant to be enough for; '' for none
    #[arg(long, value_name = "NAME", group = "said")]
    preset: Option<String>,
}

impl Set {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let anew = Description {
            owner: self.owner.clone(),
            used_for: self.used_for.clone(),
            permissions: (!self.permissions.is_empty()).then(|| self.permissions.clone()),
            preset: self.preset.clone(),
        };
        session.app.describe_key(key.id, &anew).await?;
        said(session, &key, format!("Noted for {}.", key.name)).await
    }
}
