//! A revocation whose answer got lost, and which was carried out after it was asked what became of it.

use super::drive::Driver;
use super::journal::Rotation;
use super::retire::old_version;
use crate::failure::Failure;
use crate::provider::Strategy;

impl Driver {
    /// Whether the old value is refused now, while another is accepted, in a slot that a request of ours may have filled anew.
    /// Its list shows what is there now, which is not the old value: what was wanted is done, and nothing more is sent.
    pub(super) async fn came_late(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let old = old_version(rotation)?;
        let may_have_come = rotation.plan.strategy == Strategy::TwoSlot && rotation.history().lost_a_revocation();
        Ok(may_have_come
            && old.held
            && self.is_refused(rotation, old.id).await
            && self.accepts_another(rotation, old.id).await?)
    }
}
