//! Values that the provider has shown and the keychain does not have yet: the only place where one can be lost.

use super::drive::{AtRisk, Observer};
use crate::model::{RotationId, Secret, VersionId};

/// Lives as long as a rotation is driven. Whoever looks on is told what an end of the process would lose; when it goes,
/// for whatever reason, that is nothing any more.
pub(super) struct Fresh<'o> {
    pub(super) values: Vec<(VersionId, Secret)>,
    at_risk: AtRisk,
    rotation: RotationId,
    observer: &'o dyn Observer,
}

impl<'o> Fresh<'o> {
    pub(super) fn of(rotation: RotationId, observer: &'o dyn Observer) -> Fresh<'o> {
        Fresh {
            values: Vec::new(),
            at_risk: AtRisk::Nothing,
            rotation,
            observer,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// What would be lost from now on.
    pub(super) fn now(&mut self, at_risk: AtRisk) {
        if self.at_risk != at_risk {
            self.at_risk = at_risk;
            self.observer.at_risk(self.rotation, at_risk);
        }
    }

    /// After an outcome is written: what is left is what the keychain refused.
    pub(super) fn settle(&mut self) {
        self.now(if self.is_empty() { AtRisk::Nothing } else { AtRisk::Held });
    }
}

impl Drop for Fresh<'_> {
    fn drop(&mut self) {
        self.now(AtRisk::Nothing);
    }
}
