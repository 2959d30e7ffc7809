//! The system's keychain.

use clap::Subcommand;
use keywheel_core::Code;
use keywheel_core::model::{KeyId, VersionId};
use keywheel_wire::render::{self, keychain_view};
use keywheel_wire::{KeychainStateView, StrayView};

use crate::ask::confirm;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words::{full_name, quoted};

#[derive(Debug, Subcommand)]
pub enum KeychainCommand {
    /// Show its state, without a prompt
    State,
    /// Ask the system to unlock it
    Unlock,
    /// List values that are of no key here: another one took their place, or this data directory is older than the keychain
    Strays,
    /// Take such a value as that of a key; it stays where it is too
    Take {
        /// As `keywheel keychain strays` names it
        value: String,
        /// An id, a name, environment/name or org/environment/name
        key: String,
    },
    /// Remove such a value for good; it may be the only copy, or another data directory's
    Forget {
        /// As `keywheel keychain strays` names it
        value: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Make the key anew by which values are recognised, where the keychain has lost it
    Recognise {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Say that this data directory has its keys: no copy of it, and no later state than this one
    Own {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

impl KeychainCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        match self {
            KeychainCommand::State => state(session).await,
            KeychainCommand::Unlock => {
                session.app.vault().unlock().await?;
                state(session).await
            }
            KeychainCommand::Strays => strays(session).await,
            KeychainCommand::Take { value, key } => {
                let key = session.key(key).await?;
                session.app.take_stray(id(value)?, key.id).await?;
                session.out.line("Taken: the value lies with its key now.");
                Ok(Exit::Done)
            }
            KeychainCommand::Forget { value, yes } => {
                let id = id(value)?;
                confirm(
                    &session.out,
                    &format!(
                        "Remove {value} from the keychain for good? It may be the only copy, or another data directory's."
                    ),
                    *yes,
                )?;
                session.app.forget_stray(id).await?;
                session.out.line("Removed from the keychain.");
                Ok(Exit::Done)
            }
            KeychainCommand::Recognise { yes } => recognise(session, *yes).await,
            KeychainCommand::Own { yes } => own(session, *yes).await,
        }
    }
}

async fn state(session: &Session) -> Result<Exit, Stop> {
    let view = keychain_view(session.keychain().await);
    session.out.value(&view);
    session.out.line(view.message.as_str());
    if !view.remedy.is_empty() {
        session.out.line(view.remedy.as_str());
    }
    let elsewhere = session.app.vault().locked_elsewhere().await;
    if elsewhere > 0 {
        session.out.line(render::locked_elsewhere(elsewhere));
        session.out.line(render::LOCKED_ELSEWHERE_REMEDY);
    }
    Ok(if view.state == KeychainStateView::Ready {
        Exit::Done
    } else {
        Exit::Later
    })
}

/// What was changed in the keychain meanwhile can no longer be told from what was stored: a person decides.
async fn recognise(session: &Session, yes: bool) -> Result<Exit, Stop> {
    match session.app.recognises().await {
        Ok(()) => {
            session.out.line("Every value can be recognised: nothing was changed.");
            return Ok(Exit::Done);
        }
        Err(failure) if failure.code == Code::KeychainNoFingerprints => {}
        Err(failure) if failure.code == Code::KeychainOther => {
            let backend = session.app.vault().backend().await?;
            let question = format!(
                "Use {backend} from now on, in place of the keychain that this data directory was made with? What lies \
                 there stays there; values that this one lacks have to be given again."
            );
            confirm(&session.out, &question, yes)?;
            return recognised(session).await;
        }
        Err(failure) => return Err(failure.into()),
    }
    let question = "Take every value in the keychain for what was stored there, and recognise it by that from now on?";
    confirm(&session.out, question, yes)?;
    recognised(session).await
}

async fn recognised(session: &Session) -> Result<Exit, Stop> {
    let count = session.app.renew_fingerprints().await?;
    session.out.line(format!(
        "{count} values are recognised from now on, as they lie in the keychain."
    ));
    Ok(Exit::Done)
}

async fn own(session: &Session, yes: bool) -> Result<Exit, Stop> {
    let question = match (session.app.copied_from().await?, session.app.has_the_keys().await) {
        (Some(other), _) => {
            let other = other.display();
            format!("{other} has the same keys, and will not have them any more. Go on here?")
        }
        (None, Ok(())) => {
            session
                .out
                .line("No other data directory is known to have these keys: nothing was changed.");
            return Ok(Exit::Done);
        }
        (None, Err(failure)) if failure.code == Code::KeychainAhead => String::from(
            "The keychain was told of a later state of this data directory. Go on from here? Nothing leaves the keychain by an \
             order of before, and no rotation goes on before you have looked at it.",
        ),
        (None, Err(failure)) if failure.code == Code::KeychainTakenOver => String::from(
            "The keychain was told that another data directory has these keys; it will not have them any more. Go on \
             here? No rotation goes on before you have looked at it.",
        ),
        (None, Err(failure)) if failure.code == Code::KeychainSealUnread => String::from(
            "What the keychain was told of this data directory cannot be read. Go on from here? Nothing leaves the keychain by \
             an order of before, and no rotation goes on before you have looked at it.",
        ),
        (None, Err(failure)) => return Err(failure.into()),
    };
    confirm(&session.out, &question, yes)?;
    session.app.settle_here().await?;
    session
        .out
        .line("This data directory is the one that has its keys from now on. What is open: keywheel doctor.");
    Ok(Exit::Done)
}

async fn strays(session: &Session) -> Result<Exit, Stop> {
    let inventory = session.inventory().await?;
    let name_of = |id: KeyId| {
        let id = id.to_string();
        let key = inventory.keys.iter().find(|key| key.id == id);
        key.map(|key| full_name(&key.org_name, &key.environment_name, &key.name))
    };
    let strays = session.app.strays().await?.into_iter();
    let views: Vec<StrayView> = strays
        .map(|stray| StrayView {
            value: stray.id.to_string(),
            hint: stray.hint.to_string(),
            copied: stray.copied,
            // One that was removed goes by its own name.
            of: stray
                .of
                .as_ref()
                .map(|of| name_of(of.key.id).unwrap_or_else(|| of.key.name.to_string())),
            ended: stray.of.as_ref().is_some_and(|of| of.ended),
            altered: stray.of.as_ref().is_some_and(|of| of.altered),
            fits: stray.fits.and_then(name_of),
        })
        .collect();
    session.out.value(&views);
    let altered = session.app.altered().await?;
    for key in &altered {
        let name = name_of(key.id).unwrap_or_else(|| key.name.to_string());
        session.out.line(render::altered(&name));
        session.out.line(render::ALTERED_REMEDY);
    }
    if views.is_empty() && altered.is_empty() {
        session.out.line("Every value in the keychain is that of a key here.");
    }
    for view in &views {
        let says = stray_says(view);
        session
            .out
            .line(Line::from(format!("{}  {}  ", view.value, view.hint)).look(Look::Quiet, says));
        let is_former = view.of.is_some() && view.ended && !view.altered;
        if let Some(name) = view.fits.as_ref().filter(|_| !view.copied && !is_former) {
            let take = format!("keywheel keychain take {} {}", view.value, quoted(name));
            session.out.line(Line::new().look(Look::Strong, format!("    {take}")));
        }
    }
    Ok(Exit::Done)
}

/// Whose it is. A former value is no key's any more: what is taken for one would be put in its place.
fn stray_says(view: &StrayView) -> String {
    match (view.copied, &view.of, &view.fits) {
        (true, _, _) => "a key here holds the same value".to_owned(),
        (false, Some(name), _) if !view.altered && view.ended => format!("a former value of {name}, which has ended"),
        (false, Some(name), _) if !view.altered => format!("a value of {name}, whose row says that it is not here"),
        (false, _, Some(name)) => format!("begins like {name}"),
        (false, Some(name), None) => format!("lies in a place of {name}, and is another value than was stored there"),
        (false, None, None) => "nothing here tells whose it is".to_owned(),
    }
}

fn id(text: &str) -> Result<VersionId, Stop> {
    VersionId::parse(text).ok_or_else(|| Stop::about("value", "this names no value; see keywheel keychain strays"))
}
