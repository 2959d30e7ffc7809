//! Organisations.

use clap::Subcommand;
use keywheel_wire::OrgView;
use keywheel_wire::render::org_view;

use crate::exit::{Exit, Stop};
use crate::session::Session;

#[derive(Debug, Subcommand)]
pub enum Org {
    /// List all organisations
    List,
    /// Add an organisation
    Add {
        /// Its name
        name: String,
    },
    /// Give an organisation another name
    Rename {
        /// Its present name or id
        org: String,
        /// Its new name
        name: String,
    },
}

impl Org {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (app, out) = (&session.app, &session.out);
        match self {
            Org::List => {
                let orgs: Vec<OrgView> = app.orgs().await?.iter().map(org_view).collect();
                out.value(&orgs);
                for org in &orgs {
                    out.line(org.name.as_str());
                }
            }
            Org::Add { name } => {
                let org = org_view(&app.add_org(name).await?);
                out.value(&org);
                out.line(format!("Added {}.", org.name));
            }
            Org::Rename { org, name } => {
                let former = app.find_org(org).await?;
                app.rename_org(former.id, name).await?;
                let org = org_view(&app.find_org(&former.id.to_string()).await?);
                out.value(&org);
                out.line(format!("Renamed {} to {}.", former.name, org.name));
            }
        }
        Ok(Exit::Done)
    }
}
