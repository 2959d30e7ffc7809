//! What is said of a key that comes to Keywheel.

use clap::Args;
use keywheel_core::app::Description;

#[derive(Debug, Args)]
pub struct About {
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
}

impl About {
    pub fn description(&self) -> Description {
        Description {
            owner: self.owner.clone(),
            used_for: self.used_for.clone(),
            permissions: Some(self.permissions.clone()),
            preset: self.preset.clone(),
        }
    }
}
