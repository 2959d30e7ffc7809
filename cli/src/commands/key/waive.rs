//! Findings that are put off or accepted, until a day.

use clap::Args;
use keywheel_core::model::WaiverKind;

use crate::exit::{Exit, Stop};
use crate::session::Session;
use crate::words::when;

#[derive(Debug, Args)]
pub struct Waive {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// For how long: 90 days at most to put it off, 365 to accept it
    #[arg(long, value_name = "DAYS")]
    days: u32,
    /// Why; it is shown with the key and stays in the activity
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Waive {
    pub async fn run(&self, session: &Session, kind: WaiverKind) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let waiver = session.app.waive(key.id, kind, &self.reason, self.days).await?;
        let until = when(&waiver.until.to_string());
        let words = match kind {
            WaiverKind::Snooze => format!("{} is put off until {until}. It counts as before.", key.name),
            WaiverKind::AcceptRisk => format!("The risk of {} is accepted until {until}.", key.name),
        };
        super::said(session, &key, words).await
    }
}
