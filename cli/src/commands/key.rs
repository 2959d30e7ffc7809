//! Keys.

mod about;
mod import;
pub mod list;
mod set;
mod show;
mod snippet;
mod waive;

use clap::Subcommand;
use keywheel_core::Code;
use keywheel_core::model::{self, WaiverKind};

use self::about::About;
use super::sheet;
use crate::ask::confirm;
use crate::exit::{Exit, Stop};
use crate::secret_input::SecretInput;
use crate::session::Session;

#[derive(Debug, Subcommand)]
pub enum Key {
    /// List keys, worst first
    List(list::List),
    /// Show one key with its versions and what happened to it
    Show {
        /// An id, a name, environment/name or org/environment/name
        key: String,
    },
    /// Create a key at the provider; its value is stored before anything shows it
    Add {
        /// The account: its label, org/label or id
        account: String,
        /// Name of the new key
        name: String,
        /// Its environment
        #[arg(long, value_name = "ENV")]
        env: String,
        #[command(flatten)]
        about: About,
    },
    /// Give Keywheel the value of a key that it does not hold
    Hold {
        /// An id, a name, environment/name or org/environment/name
        key: String,
        #[command(flatten)]
        secret: SecretInput,
    },
    /// Add a key that exists already at the provider, with its value
    Import(import::Import),
    /// Say whose a key is, what it is used for and what it may do
    Set(set::Set),
    /// Print how a program uses a key; the value is not in it
    Snippet(snippet::Snippet),
    /// Put off what is found with a key; it counts all the same
    Snooze(waive::Waive),
    /// Accept what is found with a key; a check does not fail for it
    AcceptRisk(waive::Waive),
    /// Let a key that was put off or accepted count again
    Wake {
        /// An id, a name, environment/name or org/environment/name
        key: String,
    },
    /// Move a key to another environment
    Move {
        /// An id, a name, environment/name or org/environment/name
        key: String,
        /// The environment
        env: String,
    },
    /// Give a key another name; at the provider nothing changes
    Rename {
        /// An id, a name, environment/name or org/environment/name
        key: String,
        /// Its new name
        name: String,
    },
    /// Say which id the provider gives a key, where no list could be matched
    Id {
        /// An id, a name, environment/name or org/environment/name
        key: String,
        /// As the provider's page or list shows it
        id: String,
    },
    /// Bring the newest kept value back, if its provider accepts it now and no other one serves
    Restore {
        /// An id, a name, environment/name or org/environment/name
        key: String,
        /// By your word, where no call tells whether it works
        #[arg(long)]
        anyway: bool,
    },
    /// Take kept values of a key's ended versions out of the keychain; at the provider nothing changes
    Forget {
        /// An id, a name, environment/name or org/environment/name
        key: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Take a key out of Keywheel; at the provider nothing changes
    Remove {
        /// An id, a name, environment/name or org/environment/name
        key: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

impl Key {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let app = &session.app;
        match self {
            Key::List(list) => list.run(session).await,
            Key::Show { key } => show::print(session, &session.key(key).await?).await,
            Key::Add {
                account,
                name,
                env,
                about,
            } => {
                let account = app.find_account(account).await?;
                let environment = app.find_environment(env).await?;
                let opened = app
                    .new_key(account.id, environment.id, name, &about.description())
                    .await?;
                let rotation = session.driving(app.go_on(opened)).await?;
                sheet::ended(session, &rotation).await
            }
            Key::Hold { key, secret } => {
                let key = session.key(key).await?;
                let handle = secret.read(app, "key", &format!("Value of {}", key.name))?;
                app.hold(key.id, &handle).await?;
                said(session, &key, format!("The value of {} is in the keychain.", key.name)).await
            }
            Key::Import(import) => import.run(session).await,
            Key::Set(set) => set.run(session).await,
            Key::Snippet(snippet) => snippet.run(session).await,
            Key::Snooze(waive) => waive.run(session, WaiverKind::Snooze).await,
            Key::AcceptRisk(waive) => waive.run(session, WaiverKind::AcceptRisk).await,
            Key::Wake { key } => {
                let key = session.key(key).await?;
                app.end_waiver(key.id).await?;
                said(session, &key, format!("{} counts again.", key.name)).await
            }
            Key::Move { key, env } => {
                let key = session.key(key).await?;
                let environment = app.find_environment(env).await?;
                app.move_key(key.id, environment.id).await?;
                said(session, &key, format!("Moved {} to {}.", key.name, environment.name)).await
            }
            Key::Rename { key, name } => {
                let key = session.key(key).await?;
                app.rename_key(key.id, name).await?;
                let renamed = session.key(&key.id.to_string()).await?;
                said(session, &key, format!("Renamed {} to {}.", key.name, renamed.name)).await
            }
            Key::Id { key, id } => {
                let key = session.key(key).await?;
                let says = match app.tell_id(key.id, id).await? {
                    Some(listed) => {
                        let shown = [listed.name, listed.prefix.map(|prefix| format!("{prefix}…"))];
                        let shown: Vec<String> = shown.into_iter().flatten().collect();
                        let shown = if shown.is_empty() { id.clone() } else { shown.join(", ") };
                        format!("{} has the id {id}, which its provider lists as {shown}.", key.name)
                    }
                    None => format!("{} has the id {id} by your word.", key.name),
                };
                said(session, &key, says).await
            }
            Key::Restore { key, anyway } => restore(session, &session.key(key).await?, *anyway).await,
            Key::Forget { key, yes } => forget(session, &session.key(key).await?, *yes).await,
            Key::Remove { key, yes } => {
                let key = session.key(key).await?;
                let question = format!(
                    "Remove {} from Keywheel? A held value leaves the keychain; at the provider the key lives on.",
                    key.name
                );
                confirm(&session.out, &question, *yes)?;
                app.remove_key(key.id).await?;
                super::removed(session, key.name.as_str()).await
            }
        }
    }
}

/// Why one kept value is passed over for an older one.
const HIDES_NONE: [Code; 4] = [
    Code::KeyRefused,
    Code::KeyNotKept,
    Code::KeychainMissing,
    Code::KeychainMismatch,
];

/// The newest kept value that its provider accepts now.
async fn restore(session: &Session, key: &model::Key, anyway: bool) -> Result<Exit, Stop> {
    let mut spares = session.app.spares(key.id).await?;
    spares.sort_by_key(|version| std::cmp::Reverse(version.id));
    let mut refused = None;
    let mut serves = None;
    for version in spares {
        match session.app.bring_back(version.id, anyway).await {
            Ok(()) => {
                serves = Some(version);
                break;
            }
            // One that is dead, or not there, does not hide an older one that works.
            Err(failure) if HIDES_NONE.contains(&failure.code) => refused = refused.or(Some(failure)),
            Err(failure) => return Err(failure.into()),
        }
    }
    let Some(version) = serves else {
        return match refused {
            Some(failure) => Err(failure.into()),
            None => {
                let none = format!("No value of an ended version of {} is kept.", key.name);
                said(session, key, none).await
            }
        };
    };
    let hint = version.hint.map(|hint| hint.to_string()).unwrap_or_default();
    let asked = session.key_view(key).await?.is_some_and(|view| {
        view.acts
            .verify
            .is_none_or(|code| code != Code::ProviderNoCall.as_str())
    });
    let says = match asked {
        true => format!("{hint} of {} was accepted just now and serves again.", key.name),
        false => format!(
            "{hint} of {} serves again, by your word: no call was made with it.",
            key.name
        ),
    };
    said(session, key, says).await
}

/// Nothing proves that these values are dead, so a person decides.
async fn forget(session: &Session, key: &model::Key, yes: bool) -> Result<Exit, Stop> {
    let kept = session.app.kept(key.id).await?;
    if kept.is_empty() {
        return said(
            session,
            key,
            format!("No value of an ended version of {} is kept.", key.name),
        )
        .await;
    }
    let named = |versions: &[model::KeyVersion]| {
        let hints = versions.iter().filter_map(|version| version.hint.as_ref());
        hints.map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let question = format!(
        "Remove {} of {} from the keychain? Nothing proves that it is dead; it cannot be shown again.",
        named(&kept),
        key.name
    );
    confirm(&session.out, &question, yes)?;
    let (mut out, mut there) = (Vec::new(), Vec::new());
    for version in kept {
        match session.app.remove_kept(version.id).await? {
            true => out.push(version),
            false => there.push(version),
        }
    }
    let removed = (!out.is_empty()).then(|| format!("Removed {} of {}.", named(&out), key.name));
    let waits = (!there.is_empty()).then(|| format!("{} of {} is not removed yet.", named(&there), key.name));
    said(
        session,
        key,
        removed.into_iter().chain(waits).collect::<Vec<_>>().join(" "),
    )
    .await?;
    match there.is_empty() {
        true => Ok(Exit::Done),
        false => super::still_there(session).await,
    }
}

/// Says what was done; with `--json` prints the key as it is now.
async fn said(session: &Session, key: &model::Key, words: String) -> Result<Exit, Stop> {
    if session.out.json {
        let key = session.key(&key.id.to_string()).await?;
        session.out.value(&session.key_view(&key).await?);
    }
    session.out.line(words);
    Ok(Exit::Done)
}
