//! Where the system keeps more of a file than its mode, nothing is replaced yet.

use std::path::Path;
use zeroize::Zeroizing;

use crate::failure::{Code, Failure};

pub(super) struct Open;

impl Open {
    pub(super) fn at(_: &Path) -> Result<Open, Failure> {
        Err(Failure::new(Code::TargetElsewhere))
    }

    pub(super) fn to_look(_: &Path) -> Result<Open, Failure> {
        Err(Failure::new(Code::TargetElsewhere))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &[]
    }

    pub(super) fn check(&self) -> Result<(), Failure> {
        Err(Failure::new(Code::TargetElsewhere))
    }

    pub(super) fn replace(self, _: &Zeroizing<Vec<u8>>) -> Result<(), Failure> {
        Err(Failure::new(Code::TargetElsewhere))
    }
}
