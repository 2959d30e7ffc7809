//! Rules applied.
