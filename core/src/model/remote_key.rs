//! A key as its provider tells of it.

use jiff::Timestamp;

/// A key as the provider lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteKey {
    pub remote_id: String,
    pub name: Option<String>,
    /// How its value begins, where that is all the list shows.
    pub prefix: Option<String>,
    pub created_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    /// Whether it is there and refused until somebody switches it on; none where the list does not tell.
    pub switched_off: Option<bool>,
}
