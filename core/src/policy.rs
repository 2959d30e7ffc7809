//! Rules applied: what is due or stale at a moment, and what can be done now. Pure.

mod acts;
mod due;

pub use acts::{Acts, Ways, acts};
pub use due::{Age, Standing, age, in_force, standing};
