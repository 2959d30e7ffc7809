//! A rotation is ended by what the person says of each of its keys.

use clap::{Args, ValueEnum};
use keywheel_core::rotation::{Claim, Claims};

use super::sheet;
use crate::exit::{Exit, Stop};
use crate::session::Session;

const HELP: &str = "\
For a rotation that comes to no end by itself, and whose keys you know more about than its provider tells:
  keywheel settle KEY --old gone --new works

  works  it works, and serves from now on; the new one, where both do
  gone   it is dead, or was never created
  leave  nothing is said of it: it stays as it is

Nothing is sent and nobody is asked, so nothing is proven: no value leaves the keychain, and a key that may live on
beside the one that serves is among those of `keywheel unaccounted list`.";

#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub struct Settle {
    /// An id, a name, environment/name or org/environment/name
    key: String,
    /// What became of the old key
    #[arg(long, value_name = "WORD")]
    old: Option<Word>,
    /// What became of the new key
    #[arg(long, value_name = "WORD")]
    new: Option<Word>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Word {
    Works,
    Gone,
    Leave,
}

impl Word {
    fn claim(self) -> Claim {
        match self {
            Word::Works => Claim::Works,
            Word::Gone => Claim::Gone,
            Word::Leave => Claim::Leave,
        }
    }
}

impl Settle {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let key = session.key(&self.key).await?;
        let rotation = session.rotation_of(key.id).await?;
        let claims = Claims {
            old: self.old.map(Word::claim),
            new: self.new.map(Word::claim),
        };
        let settled = session.app.settle_rotation(rotation.id, claims);
        let rotation = session.driving_one(rotation.id, settled).await?;
        sheet::ended(session, &rotation).await
    }
}
