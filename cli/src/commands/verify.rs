//! Whether keys work, by a harmless call with each.

use clap::Args;
use keywheel_core::Failure;
use keywheel_core::model::{Answer, Key, Verdict};
use keywheel_wire::KeyView;
use keywheel_wire::render::verdict_view;

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
#[command(after_long_help = "Exit: 0 all work, 1 a key is refused, 75 an answer does not tell.")]
pub struct Verify {
    /// An id, a name, environment/name or org/environment/name
    #[arg(group = "which")]
    key: Option<String>,
    /// All keys whose value is held
    #[arg(long, group = "which")]
    all: bool,
    /// Those that their policies want verified now, as the window does by itself
    #[arg(long, group = "which")]
    due: bool,
}

impl Verify {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let app = &session.app;
        if let Some(key) = &self.key {
            let key = session.key(key).await?;
            let verdict = app.verify(key.id).await?;
            say(session, &key, &verdict).await?;
            session.out.value(&session.key_view(&key).await?);
            return Ok(exit(&verdict));
        }
        let keychain = session.keychain().await;
        // Without it nothing could be asked, and nothing would be said of any key.
        if let Some(failure) = keychain.failure() {
            return Err(failure.into());
        }
        let mut keys = app.inventory(keychain).await?.keys;
        keys.retain(|facts| facts.acts.verify.is_ok());
        if self.due {
            let due = app.due_to_verify(keychain).await?;
            keys.retain(|facts| due.contains(&facts.row.key.id));
        }
        let mut worst = Exit::Done;
        let mut views: Vec<KeyView> = Vec::new();
        for facts in &keys {
            let key = &facts.row.key;
            let verdict = match app.verify(key.id).await {
                Ok(verdict) => verdict,
                // The others are asked all the same.
                Err(failure) => {
                    not_asked(session, key, &failure).await?;
                    worst = worst.max(Exit::of_failure(&failure));
                    continue;
                }
            };
            say(session, key, &verdict).await?;
            views.extend(session.key_view(key).await?);
            worst = worst.max(exit(&verdict));
        }
        if views.is_empty() {
            session.out.line(if self.due {
                "No key is due."
            } else {
                "No key has a value to call with."
            });
        }
        session.out.value(&views);
        Ok(worst)
    }
}

async fn say(session: &Session, key: &Key, verdict: &Verdict) -> Result<(), Stop> {
    let names = session.names().await?;
    let view = verdict_view(verdict, &session.account_of(key).await?, &names);
    let (look, mark) = match verdict.answer {
        Answer::Live => (Look::Good, "✓"),
        Answer::Dead => (Look::Bad, "✗"),
        Answer::Undetermined => (Look::Warning, "?"),
    };
    let name = format!("{}/{}", names.environment(key.environment_id), key.name);
    session.out.line(
        Line::new()
            .look(look, format!("{mark} "))
            .text(format!("{name:<28}  {}", view.message)),
    );
    if let Some(remedy) = view.remedy {
        session.out.line(Line::new().text(format!("  {remedy}")));
    }
    Ok(())
}

/// A key whose value could not be called with.
async fn not_asked(session: &Session, key: &Key, failure: &Failure) -> Result<(), Stop> {
    let names = session.names().await?;
    let name = format!("{}/{}", names.environment(key.environment_id), key.name);
    session.out.line(
        Line::new()
            .look(Look::Bad, "✗ ")
            .text(format!("{name:<28}  not asked: {}", failure.message())),
    );
    session.out.line(Line::new().text(format!("  {}", failure.remedy())));
    Ok(())
}

fn exit(verdict: &Verdict) -> Exit {
    match verdict.answer {
        Answer::Live => Exit::Done,
        Answer::Dead => Exit::Failed,
        Answer::Undetermined => Exit::Later,
    }
}
