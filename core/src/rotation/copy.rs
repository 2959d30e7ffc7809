//! The new value on the clipboard, as far as there is one: nothing that follows needs it.

use super::drive::Driver;
use super::effects::Copied;
use super::journal::Rotation;
use super::moves::Settled;
use super::plan::StepKind;
use super::scene::new_version;
use super::state::Event;
use crate::failure::Failure;
use crate::model::Hint;

pub(super) fn settle(copied: &Result<(), Failure>) -> Settled {
    let kind = StepKind::Copy;
    Settled::one(match copied {
        Ok(()) => Event::Applied(kind),
        Err(failure) => Event::Skipped(kind, failure.code),
    })
}

impl Driver {
    pub(super) async fn copy(&self, rotation: &Rotation) -> Result<(), Failure> {
        let version = new_version(rotation)?;
        let secret = self.value_of(rotation.subject.new.as_ref()).await?;
        let what = Copied {
            version_id: version,
            key_name: rotation.subject.key.name.to_string(),
            hint: Hint::of(&secret),
        };
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        let written = workspace.definition.written_out(&secret);
        self.effects.clipboard.put(&written, &what).await
    }
}
