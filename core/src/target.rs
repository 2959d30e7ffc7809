//! Places that consume keys. The first one is the person.

mod by_hand;

pub use by_hand::ByHand;
