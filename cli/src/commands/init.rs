//! Makes a new data directory a demo; for the project's own demonstration and tests.

use clap::Args;
use jiff::Timestamp;
use keywheel_core::app::mark_demo;
use keywheel_core::clock::SystemEntropy;

use crate::args::Arguments;
use crate::exit::{Exit, Stop};
use crate::session::{data_dir, keychain};

#[derive(Debug, Args)]
pub struct Init {
    /// Loopback address of the simulator that answers for all built-in hosts
    #[arg(long, value_name = "URL")]
    demo: String,
    /// What the demo's clock shows at this moment
    #[arg(long, value_name = "RFC3339")]
    now: Timestamp,
}

impl Init {
    pub async fn run(&self, arguments: &Arguments) -> Result<Exit, Stop> {
        let dir = data_dir(arguments)?;
        mark_demo(&dir, &SystemEntropy, &keychain(), &self.demo, self.now).await?;
        Ok(Exit::Done)
    }
}
