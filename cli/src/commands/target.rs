//! Where keys are used.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use keywheel_core::app::{NewTarget, Use};
use keywheel_core::model::{BindingId, Command, KeyId};
use keywheel_core::{Code, Failure};
use keywheel_wire::render::target_view;
use keywheel_wire::{TargetKindView, TargetStandsView, TargetView};

use crate::ask::confirm;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};
use crate::session::Session;
use crate::words::full_name;

const HELP: &str = r#"A rotation writes the new value to each target, sees that it landed, and puts the old one back when it is
undone:
  keywheel target add KEY --env-file ./.env --name ACME_KEY
  keywheel target add KEY --by-hand 'Vercel dashboard'
  keywheel target add KEY --command '["/srv/bin/put-key", "--env", "production"]' --confirm /srv/bin/has-key

A command is the path of a program, or a JSON array of that and its arguments; no shell reads them. It gets the value on
standard input, may be run again with the same value, and has one minute. What it prints is not shown. Once it is
changed, or a file that it names, it does not run before it is allowed again."#;

#[derive(Debug, Subcommand)]
pub enum TargetCommand {
    /// List where keys are used, and what stands there
    List {
        /// Only this key: an id, a name, environment/name or org/environment/name
        key: Option<String>,
    },
    /// Say that a key is used somewhere
    Add(Add),
    /// Allow a command as it is now, after it was changed
    Allow {
        /// The target's id, from the list
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Forget that a key is used there; what stands there stays
    Remove {
        /// The target's id, from the list
        id: String,
    },
}

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
#[command(group = clap::ArgGroup::new("where").required(true))]
pub struct Add {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// A .env file that holds the key's value
    #[arg(long, value_name = "PATH", group = "where", requires = "name")]
    env_file: Option<PathBuf>,
    /// The name that it assigns to
    #[arg(long, value_name = "NAME", requires = "env_file")]
    name: Option<String>,
    /// Take the file although git tracks it
    #[arg(long, requires = "env_file")]
    tracked: bool,
    /// A command that puts the value in place
    #[arg(long, value_name = "COMMAND", value_parser = words, group = "where")]
    command: Option<Words>,
    /// A command that ends with 0 where the value is in place
    #[arg(long, value_name = "COMMAND", value_parser = words, requires = "command")]
    confirm: Option<Words>,
    /// A command that puts the former value back [default: the first one]
    #[arg(long, value_name = "COMMAND", value_parser = words, requires = "command")]
    restore: Option<Words>,
    /// A place that only you can reach
    #[arg(long, value_name = "PLACE", group = "where")]
    by_hand: Option<String>,
    /// Do not ask before a command is allowed
    #[arg(long)]
    yes: bool,
}

/// A program and its arguments.
#[derive(Debug, Clone)]
struct Words(Vec<String>);

fn words(text: &str) -> Result<Words, String> {
    match text.starts_with('[') {
        true => serde_json::from_str(text)
            .map(Words)
            .map_err(|_| "this is not a JSON array of words".to_owned()),
        false => Ok(Words(vec![text.to_owned()])),
    }
}

impl TargetCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let app = &session.app;
        match self {
            TargetCommand::List { key } => {
                let keychain = session.keychain().await;
                let uses = match key {
                    Some(key) => app.targets_of(session.key(key).await?.id, keychain).await?,
                    None => app.all_targets(keychain).await?,
                };
                list(session, &uses).await
            }
            TargetCommand::Add(add) => add.run(session).await,
            TargetCommand::Allow { id, yes } => {
                let id = binding(id)?;
                let uses = app.all_targets(session.keychain().await).await?;
                let found = uses.iter().find(|one| one.binding.id == id);
                let view = target_view(found.ok_or_else(|| Failure::new(Code::NotFound).field("target"))?);
                commands(&session.out, &view);
                confirm(&session.out, "Allow this to run with the value of the key?", *yes)?;
                one(session, &app.allow_target(id).await?)
            }
            TargetCommand::Remove { id } => {
                let id = binding(id)?;
                app.remove_target(id).await?;
                session.out.line("Forgotten. What stands there stays.");
                Ok(Exit::Done)
            }
        }
    }
}

impl Add {
    async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let added = session.app.add_target(key.id, self.named(session)?).await?;
        one(session, &added)
    }

    fn named(&self, session: &Session) -> Result<NewTarget, Stop> {
        if let Some(place) = &self.by_hand {
            return Ok(NewTarget::ByHand(place.clone()));
        }
        if let (Some(path), Some(name)) = (&self.env_file, &self.name) {
            let path = std::path::absolute(path).map_err(|_| Stop::about("env-file", "this is not a path"))?;
            return Ok(NewTarget::EnvFile {
                path,
                name: name.clone(),
                tracked: self.tracked,
            });
        }
        let command = Command {
            write: self.command.clone().map(|words| words.0).unwrap_or_default(),
            confirm: self.confirm.clone().map(|words| words.0),
            restore: self.restore.clone().map(|words| words.0),
            allowed: None,
        };
        for words in [Some(&command.write), command.confirm.as_ref(), command.restore.as_ref()] {
            words_of(&session.out, words);
        }
        confirm(&session.out, "Allow this to run with the value of the key?", self.yes)?;
        Ok(NewTarget::Command(command))
    }
}

fn words_of(out: &Out, words: Option<&Vec<String>>) {
    if let Some(words) = words {
        out.line(format!("  {}", words.join(" ")));
    }
}

fn commands(out: &Out, view: &TargetView) {
    for command in &view.commands {
        out.line(format!("  {:<8} {}", command.purpose, command.words.join(" ")));
    }
}

fn binding(id: &str) -> Result<BindingId, Stop> {
    BindingId::parse(id).ok_or_else(|| Failure::new(Code::NotFound).field("target").into())
}

fn one(session: &Session, used: &Use) -> Result<Exit, Stop> {
    let view = target_view(used);
    session.out.value(&view);
    line(&session.out, &view);
    Ok(Exit::Done)
}

async fn list(session: &Session, uses: &[Use]) -> Result<Exit, Stop> {
    let views: Vec<TargetView> = uses.iter().map(target_view).collect();
    session.out.value(&views);
    let keys = session.inventory().await?.keys;
    let mut last = None;
    for (used, view) in uses.iter().zip(&views) {
        if last.replace(used.binding.key_id) != Some(used.binding.key_id) {
            session
                .out
                .line(Line::new().look(Look::Strong, name(&keys, used.binding.key_id)));
        }
        line(&session.out, view);
        session
            .out
            .line(Line::new().look(Look::Quiet, format!("    {}", view.id)));
    }
    if uses.is_empty() {
        session.out.line("No target is known; every key is replaced by hand.");
    }
    Ok(Exit::Done)
}

fn name(keys: &[keywheel_wire::KeyView], id: KeyId) -> String {
    let key = keys.iter().find(|key| key.id == id.to_string());
    key.map(|key| full_name(&key.org_name, &key.environment_name, &key.name))
        .unwrap_or_default()
}

/// One target: what it is, and what stands there.
pub fn line(out: &Out, view: &TargetView) {
    let (look, mark) = match &view.stands {
        TargetStandsView::Serving => (Look::Good, "✓"),
        TargetStandsView::Drifted | TargetStandsView::Amiss { .. } => (Look::Bad, "✗"),
        TargetStandsView::Other => (Look::Warning, "•"),
        TargetStandsView::Untold => (Look::Quiet, "•"),
    };
    let place = view.place.as_deref().filter(|_| view.kind == TargetKindView::EnvFile);
    let place = place.map(|place| format!("  {place}")).unwrap_or_default();
    out.line(
        Line::new()
            .look(look, format!("  {mark} "))
            .text(&view.title)
            .look(Look::Quiet, place),
    );
    out.line(Line::new().look(Look::Quiet, format!("    {}", view.says)));
}
