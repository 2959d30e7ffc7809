//! A rotation of a key that is not closed, as far as it says where the key stands.

use jiff::Timestamp;

use super::RotationId;

/// One that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    pub rotation: RotationId,
    /// It is to put another value in the key's place; otherwise it creates the first one, or ends it.
    pub replaces: bool,
    /// When it revoked the version that it replaces, where no new one is in its place yet.
    pub bare_since: Option<Timestamp>,
}
