//! A process of Keywheel on a project's machine: the person's own, and others beside it.

use std::path::PathBuf;
use std::sync::Arc;

use keywheel_core::App;
use keywheel_core::app::Wiring;
use keywheel_core::failure::Failure;
use keywheel_core::model::KeyId;
use keywheel_core::rotation::Journal;
use keywheel_core::target::Machine;
use keywheel_core::vault::{MemoryVault, VaultState};

use super::Project;
use crate::clock::{SeededEntropy, SimulatedClock};
use crate::places::TapedTargets;
use crate::ports::{Seen, TapedClipboard, TapedJournal, TapedVault};
use crate::tape::{Deed, Tape};
use crate::transport::InProcess;

/// What each process of the machine is put together from.
#[derive(Clone)]
pub(super) struct Process {
    data_dir: PathBuf,
    tape: Tape,
    vault: Arc<MemoryVault>,
    clipboard: Arc<TapedClipboard>,
    transport: Arc<InProcess>,
    entropy: Arc<SeededEntropy>,
    clock: SimulatedClock,
}

impl Process {
    pub(super) async fn start(self) -> Result<App, Failure> {
        let (tape, vault) = (self.tape.clone(), self.vault.clone());
        App::open(Wiring {
            who: "cli",
            entropy: self.entropy,
            vault: Arc::new(TapedVault {
                inner: vault.clone(),
                tape: tape.clone(),
            }),
            clipboard: self.clipboard,
            observer: Arc::<Seen>::default(),
            targets: Arc::new(TapedTargets {
                inner: Machine::new(&self.data_dir, |_| None),
                tape: tape.clone(),
            }),
            data_dir: self.data_dir,
            transport: Some(self.transport),
            clock: Some(Arc::new(self.clock)),
            journal_tap: Some(Box::new(move |inner: Arc<dyn Journal>| {
                Arc::new(TapedJournal::new(inner, vault, tape))
            })),
        })
        .await
    }
}

impl Project {
    pub(super) fn process(&self) -> Process {
        Process {
            data_dir: self.dir.path().to_owned(),
            tape: self.tape.clone(),
            vault: self.vault.clone(),
            clipboard: self.clipboard.clone(),
            transport: self.transport.clone(),
            entropy: self.entropy.clone(),
            clock: self.machine.clone(),
        }
    }

    /// A second process of the same person's: it starts, goes on with the rotation of the key or begins one, and ends.
    pub(crate) fn rival(&self) -> Deed {
        let (process, key) = (self.process(), self.key);
        Arc::new(move || {
            let process = process.clone();
            Box::pin(async move {
                let app = process.start().await.expect("the data directory opens");
                if let Err(failure) = press(&app, key).await {
                    assert!(!failure.remedy().is_empty(), "the person is told what to do");
                }
                app.close().await;
            })
        })
    }
}

async fn press(app: &App, key: KeyId) -> Result<(), Failure> {
    let id = match app.rotation_of(key).await? {
        Some(rotation) => rotation.id,
        None => {
            let proposal = app.propose_rotation(key, VaultState::Ready).await?;
            app.start_rotation(key, &proposal.hash, VaultState::Ready).await?
        }
    };
    app.go_on(id).await.map(drop)
}
