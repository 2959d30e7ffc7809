//! Organisations and environments.

use super::{EnvironmentId, Name, OrgId};

/// The company or team the user works for; groups accounts over providers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    pub id: OrgId,
    pub name: Name,
}

/// A label on keys, with a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    pub id: EnvironmentId,
    pub name: Name,
    pub tier: Tier,
}

/// How far from production an environment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    Production,
    Staging,
    Development,
    Ci,
    /// The user's own word.
    Own,
}

impl Tier {
    /// Guesses the tier from the words that people use for it.
    pub fn guess(name: &str) -> Tier {
        match name.to_lowercase().as_str() {
            "production" | "prod" | "live" => Tier::Production,
            "staging" | "stage" | "stg" | "preview" => Tier::Staging,
            "development" | "dev" | "local" => Tier::Development,
            "ci" | "test" => Tier::Ci,
            _ => Tier::Own,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Production => "production",
            Tier::Staging => "staging",
            Tier::Development => "development",
            Tier::Ci => "ci",
            Tier::Own => "own",
        }
    }

    pub fn parse(word: &str) -> Option<Tier> {
        [Tier::Production, Tier::Staging, Tier::Development, Tier::Ci, Tier::Own]
            .into_iter()
            .find(|tier| tier.as_str() == word)
    }
}
