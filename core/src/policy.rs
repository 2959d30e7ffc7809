//! Rules applied: what is due or stale at a moment, what can be done now, what is amiss. Pure.

mod acts;
mod due;
mod effect;
mod flags;
mod force;
mod notices;
mod overview;
mod verify;

pub use acts::{Acts, REASONS, Ways, acts};
pub use due::{Age, Standing, age, standing};
pub use effect::{Effect, Governed, effect};
pub use flags::{Flag, FlagKind, Seen, flags};
pub use force::{InForce, Place, Setting, in_force, with};
pub use notices::{Course, Notice, Running, Urgent, Watched, daily_is_due, notices};
pub use overview::{AgeBin, Cause, Cell, DueDay, Looked, NextAct, Overview, Queued, due_in_days, overview};
pub use verify::{fewest_verify_days, verify_due};
