//! What is tested of the heart by itself: nothing is asked, written or waited for.

mod share;
mod table;
