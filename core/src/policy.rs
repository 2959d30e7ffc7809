//! Rules applied: what is due or stale at a moment, what can be done now, what is amiss. Pure.

mod acts;
mod due;
mod flags;

pub use acts::{Acts, Ways, acts};
pub use due::{Age, Standing, age, in_force, standing};
pub use flags::{Flag, FlagKind, Seen, flags};
