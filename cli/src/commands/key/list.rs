//! The table of keys.

use std::collections::{HashMap, HashSet};

use clap::Args;
use clap::builder::PossibleValuesParser;
use keywheel_core::model::Status;
use keywheel_wire::KeyView;

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};
use crate::session::Session;
use crate::table::Table;
use crate::words;

#[derive(Debug, Args)]
pub struct List {
    /// Only of this organisation
    #[arg(long)]
    org: Option<String>,
    /// Only of this environment
    #[arg(long)]
    env: Option<String>,
    /// Only those that this person or team answers for
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Only of this status; may be repeated
    #[arg(long, value_parser = PossibleValuesParser::new(Status::ALL.map(Status::as_str)), hide_possible_values = false)]
    status: Vec<String>,
}

impl List {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let (app, out) = (&session.app, &session.out);
        let org = match &self.org {
            Some(org) => Some(app.find_org(org).await?.id.to_string()),
            None => None,
        };
        let environment = match &self.env {
            Some(env) => Some(app.find_environment(env).await?.id.to_string()),
            None => None,
        };
        let owner = self.owner.as_ref().map(|owner| owner.trim().to_lowercase());
        let view = session.inventory().await?;
        let same = of_one_name(view.keys.iter().map(|key| (path(key), key.id.as_str())));
        let keys: Vec<KeyView> = view
            .keys
            .into_iter()
            .filter(|key| org.as_ref().is_none_or(|org| key.org_id == *org))
            .filter(|key| {
                environment
                    .as_ref()
                    .is_none_or(|environment| key.environment_id == *environment)
            })
            .filter(|key| {
                let own = || key.owner.as_ref().map(|owner| owner.to_lowercase());
                owner.is_none() || own() == owner
            })
            .filter(|key| {
                self.status.is_empty() || self.status.iter().any(|word| word == words::status_word(&key.status))
            })
            .collect();
        out.value(&keys);
        table(&keys).print(out);
        for key in keys.iter().filter(|key| same.contains(&key.id)) {
            let line = format!("{}, also the name of another one: ", path(key));
            out.line(Line::new().look(Look::Quiet, line).text(&key.id));
        }
        flags(&keys, out);
        if !view.unaccounted.is_empty() {
            let count = view.unaccounted.len();
            let line = format!("{count} unaccounted at a provider: keywheel unaccounted list");
            out.line(Line::new().look(Look::Warning, line));
        }
        Ok(Exit::Done)
    }
}

/// The table that every list of keys uses.
pub fn table(keys: &[KeyView]) -> Table {
    let mut table = Table::new(&["KEY", "STATUS", "AGE", "ENVIRONMENT", "ORG", "PROVIDER", "VALUE"]);
    for key in keys {
        let (look, status) = words::status(&key.status);
        table.row(vec![
            Line::from(key.name.as_str()),
            Line::new().look(look, status),
            words::age(&key.age).into(),
            key.environment_name.as_str().into(),
            key.org_name.as_str().into(),
            key.provider_name.as_str().into(),
            Line::new().look(Look::Quiet, words::value(key)),
        ]);
    }
    table
}

fn path(key: &KeyView) -> String {
    words::full_name(&key.org_name, &key.environment_name, &key.name)
}

/// Ids of the keys that no name tells from another one, as in two accounts of one organisation.
fn of_one_name<'a>(keys: impl Iterator<Item = (String, &'a str)>) -> HashSet<String> {
    let mut named: HashMap<String, Vec<&str>> = HashMap::new();
    for (path, id) in keys {
        named.entry(path.to_lowercase()).or_default().push(id);
    }
    let same = named.into_values().filter(|ids| ids.len() > 1);
    same.flatten().map(str::to_owned).collect()
}

/// Prints what is amiss beside the ages, one line a flag.
pub fn flags(keys: &[KeyView], out: &Out) {
    for key in keys {
        for flag in &key.flags {
            out.line(
                Line::new()
                    .look(Look::Warning, format!("{}: ", path(key)))
                    .text(&flag.sentence)
                    .look(Look::Quiet, format!("  [{}]", flag.code)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HashSet, of_one_name};

    #[test]
    fn keys_of_one_path_are_told_by_their_ids() {
        let keys = [
            ("acme/production/backend", "a"),
            ("Acme/production/Backend", "b"),
            ("acme/staging/backend", "c"),
        ];
        let same = of_one_name(keys.into_iter().map(|(path, id)| (path.to_owned(), id)));
        assert_eq!(same, HashSet::from(["a".to_owned(), "b".to_owned()]));
    }
}
