//! What happened.

use clap::Args;
use keywheel_wire::render::activity_view;
use keywheel_wire::{ActivityView, ActorView, ResultView};

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words::when;

#[derive(Debug, Args)]
pub struct ActivityCommand {
    /// How many events, the newest first
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,

    /// As a table for a spreadsheet, one event a line; --json goes before it
    #[arg(long)]
    csv: bool,
}

impl ActivityCommand {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let names = session.names().await?;
        let events = session.app.activity(self.limit).await?;
        let views: Vec<ActivityView> = events.iter().map(|event| activity_view(event, &names)).collect();
        session.out.value(&views);
        if self.csv {
            for row in ActivityView::table(&views).lines() {
                session.out.line(row);
            }
            return Ok(Exit::Done);
        }
        for view in &views {
            let actor = match view.actor {
                ActorView::Window => "window",
                ActorView::Cli => "cli",
                ActorView::Keywheel => "keywheel",
            };
            let look = match view.result {
                ResultView::Done => Look::Plain,
                ResultView::Failed => Look::Bad,
                ResultView::Unknown => Look::Warning,
            };
            let line = Line::new().look(Look::Quiet, format!("{}  {actor:<9}", when(&view.at)));
            session.out.line(line.look(look, &view.sentence));
        }
        if views.is_empty() {
            session.out.line("Nothing has happened yet.");
        }
        Ok(Exit::Done)
    }
}
