//! Environments.

use clap::Subcommand;
use keywheel_wire::EnvironmentView;
use keywheel_wire::render::environment_view;

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub enum Env {
    /// List all environments with the rule in force
    List,
    /// Add an environment
    Add {
        /// Its name: production, staging, dev, ci, or a word of your own
        name: String,
    },
    /// Give an environment another name
    Rename {
        /// Its present name or id
        env: String,
        /// Its new name
        name: String,
    },
}

impl Env {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (app, out) = (&session.app, &session.out);
        match self {
            Env::List => {
                let names = session.names().await?;
                let views: Vec<EnvironmentView> = names
                    .environments
                    .iter()
                    .map(|environment| environment_view(environment, &names))
                    .collect();
                out.value(&views);
                let mut table = Table::new(&["ENVIRONMENT", "BADGE", "MAXIMUM AGE", "DUE SOON FROM", "OVERLAP"]);
                for view in &views {
                    let policy = &view.policy;
                    table.row(vec![
                        Line::from(view.name.as_str()),
                        Line::new().look(Look::Quiet, &view.badge),
                        format!("{} d", policy.max_age_days).into(),
                        format!("{} %", policy.due_soon_percent).into(),
                        format!("{} h", policy.overlap_hours).into(),
                    ]);
                }
                table.print(out);
            }
            Env::Add { name } => {
                let added = app.add_environment(name).await?;
                out.value(&environment_view(&added, &session.names().await?));
                out.line(format!("Added {}.", added.name));
            }
            Env::Rename { env, name } => {
                let former = app.find_environment(env).await?;
                app.rename_environment(former.id, name).await?;
                let renamed = app.find_environment(&former.id.to_string()).await?;
                out.value(&environment_view(&renamed, &session.names().await?));
                out.line(format!("Renamed {} to {}.", former.name, renamed.name));
            }
        }
        Ok(Exit::Done)
    }
}
