//! What a version leaves behind: the data directory, the keychain and the provider of a rotation in every state in which
//! the command can be brought to rest, so that each later version can be shown to take it over.
//!
//! `make` brings the real command into each state and keeps what is there; `Restored` builds it again in process.
//! Every value was invented by the simulator.

mod act;
mod going_on;
mod kept;
mod look;
mod restored;
pub mod rules;
mod scene;
mod setup;
mod states;
mod table;

use std::path::{Path, PathBuf};

pub use act::Act;
pub use going_on::gone_on_with;
pub use kept::{Kept, folders};
pub use look::Look;
pub use restored::{Restored, into_keyring};
pub use scene::Scene;
pub use setup::{By, Lists, Setup};
pub use states::{Leftover, all};
pub use table::{Table, UNREACHED};

/// Folder of all leftovers, one folder a version below it.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("leftovers")
}

/// Brings the command into that state, in a world of its own, and says what is kept of it.
pub async fn make(leftover: &Leftover) -> Kept {
    let mut scene = Scene::begin(&leftover.setup).await;
    for act in &leftover.acts {
        scene.play(act).await;
    }
    scene.keep(leftover).await
}
