//! The implicit target of a key without a binding: the person replaces it where it is used.

/// What a person is asked, and what their answer settles.
pub struct ByHand;

impl ByHand {
    /// The request, one sentence.
    pub const ASK: &'static str = "Replace the key where it is used, then say so here.";
}
