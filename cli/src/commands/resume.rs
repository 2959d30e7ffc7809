//! Going on after an interruption, and answering a rotation's question.

use clap::Args;
use keywheel_core::app::Answer;
use keywheel_core::rotation::{Ending, Rotation, State};
use keywheel_wire::RotationView;

use super::sheet;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words::full_name;

const HELP: &str = "\
Without KEY it goes on with everything that needs nobody's word; fit for a timer:
  */15 * * * *  keywheel resume

The answers are for a rotation that asks whether a further key at the provider is the lost one:
  keywheel resume KEY --revoke-extra key_7Zp   it is; revoke it and create another
  keywheel resume KEY --keep-extra             it is somebody else's; leave it
  keywheel resume KEY --absent                 there is none
  keywheel resume KEY --leave                  end the rotation here";

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
#[command(group = clap::ArgGroup::new("answer").requires("key"))]
pub struct Resume {
    /// Only this key's rotation
    key: Option<String>,
    /// The key with this id at the provider is the lost one: revoke it
    #[arg(long, value_name = "ID", group = "answer")]
    revoke_extra: Option<String>,
    /// The further key is somebody else's: leave it
    #[arg(long, group = "answer")]
    keep_extra: bool,
    /// There is no further key
    #[arg(long, group = "answer")]
    absent: bool,
    /// End the rotation here; what is open stays shown
    #[arg(long, group = "answer")]
    leave: bool,
}

impl Resume {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        // A process that ended between the database and the keychain has left something to do there.
        session.app.settle_values().await;
        match &self.key {
            Some(key) => self.one(session, key).await,
            None => all(session).await,
        }
    }

    async fn one(&self, session: &Session, key: &str) -> Result<Exit, Stop> {
        let app = &session.app;
        let key = session.key(key).await?;
        let rotation = session.rotation_of(key.id).await?;
        let rotation = match self.answer() {
            Some(answer) => {
                session
                    .driving_one(rotation.id, app.answer(rotation.id, answer))
                    .await?
            }
            None if rotation.position.is_closed() => rotation,
            None => session.driving_one(rotation.id, app.go_on(rotation.id)).await?,
        };
        let exit = sheet::ended(session, &rotation).await?;
        Ok(settled(&rotation, exit))
    }

    fn answer(&self) -> Option<Answer> {
        match (&self.revoke_extra, self.keep_extra, self.absent) {
            (Some(remote_id), _, _) => Some(Answer::Revoke {
                remote_id: remote_id.clone(),
            }),
            (None, true, _) => Some(Answer::Keep),
            (None, false, true) => Some(Answer::Absent),
            (None, false, false) => self.leave.then_some(Answer::Leave),
        }
    }
}

/// Goes on with all; the worst decides the exit code, and one that fails does not hold up the others.
async fn all(session: &Session) -> Result<Exit, Stop> {
    let (app, out) = (&session.app, &session.out);
    let mut worst = Exit::Done;
    let mut views: Vec<RotationView> = Vec::new();
    for open in app.open_rotations().await? {
        let view = session.view(&open).await?;
        let name = full_name(&view.org_name, &view.environment_name, &view.key_name);
        out.line(Line::new().look(Look::Strong, name));
        match session.driving_one(open.id, app.go_on_alone(open.id)).await {
            Ok(rotation) => {
                let view = session.view(&rotation).await?;
                sheet::state(out, &view);
                views.push(view);
                worst = worst.max(settled(&rotation, Exit::of_rotation(&rotation)));
            }
            Err(stop) => {
                super::tell(out, &stop);
                views.push(view);
                worst = worst.max(stop.exit());
            }
        }
    }
    let on_the_way = super::on_the_way(session).await?;
    if views.is_empty() && on_the_way.is_empty() {
        out.line("Nothing is unfinished.");
    }
    for (says, remedy) in on_the_way {
        out.line(Line::new().look(Look::Warning, format!("{says} {remedy}")));
        worst = worst.max(Exit::Later);
    }
    out.value(&views);
    Ok(worst)
}

/// A rotation that was taken back or stopped on purpose is settled.
fn settled(rotation: &Rotation, exit: Exit) -> Exit {
    match rotation.position.state {
        State::Closed(Ending::Undone | Ending::Stopped) => Exit::Done,
        _ => exit,
    }
}
