//! How long keys may serve.

use clap::{Args, Subcommand};
use keywheel_core::model::{Policy, PolicyScope};
use keywheel_wire::render::environment_view;
use serde::Serialize;

use super::env::Env;
use crate::exit::{Exit, Stop};
use crate::session::Session;

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Show the rule in force in each environment
    List,
    /// Set the rule for all keys, or for one environment
    Set(Set),
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("rule").required(true).multiple(true))]
pub struct Set {
    /// Only for this environment
    #[arg(long)]
    env: Option<String>,
    /// Age in days from which a key is stale
    #[arg(long, value_name = "DAYS", group = "rule")]
    max_age: Option<u32>,
    /// A key is due soon from this share of the maximum age on
    #[arg(long, value_name = "PERCENT", group = "rule")]
    due_soon: Option<u32>,
    /// How long the old key is kept after the new one is in use
    #[arg(long, value_name = "HOURS", group = "rule")]
    overlap: Option<u32>,
}

/// What was set, where it is not for one environment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleForAll {
    max_age_days: u32,
    due_soon_percent: u32,
    overlap_hours: u32,
}

impl PolicyCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        match self {
            PolicyCommand::List => Env::List.run(session).await,
            PolicyCommand::Set(set) => set.run(session).await,
        }
    }
}

impl Set {
    async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (app, out) = (&session.app, &session.out);
        let environment = match &self.env {
            Some(env) => Some(app.find_environment(env).await?),
            None => None,
        };
        let (scope, former) = match &environment {
            Some(environment) => (
                PolicyScope::Environment(environment.id),
                app.policy_of(environment.id).await?,
            ),
            None => {
                let for_all = app
                    .policies()
                    .await?
                    .into_iter()
                    .find(|policy| policy.scope == PolicyScope::All);
                (PolicyScope::All, for_all.unwrap_or(Policy::DEFAULT))
            }
        };
        let policy = Policy {
            scope,
            max_age_days: self.max_age.unwrap_or(former.max_age_days),
            due_soon_percent: self.due_soon.unwrap_or(former.due_soon_percent),
            overlap_hours: self.overlap.unwrap_or(former.overlap_hours),
        };
        app.set_policy(&policy).await?;
        let whom = match &environment {
            Some(environment) => {
                out.value(&environment_view(environment, &session.names().await?));
                environment.name.to_string()
            }
            None => {
                out.value(&RuleForAll {
                    max_age_days: policy.max_age_days,
                    due_soon_percent: policy.due_soon_percent,
                    overlap_hours: policy.overlap_hours,
                });
                "all keys".to_owned()
            }
        };
        out.line(format!(
            "For {whom}: stale after {} d, due soon from day {}, the old key is kept {} h.",
            policy.max_age_days,
            policy.due_soon_days(),
            policy.overlap_hours
        ));
        Ok(Exit::Done)
    }
}
