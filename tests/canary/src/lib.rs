//! Canaries: values that stand for real secrets, and the places where none of them may be seen.
//!
//! A canary is a whole value. What is looked for is any twelve characters of it in a row, in every form in which a
//! program may have written it. What stands before them in every value of its kind, and the four characters at the
//! end that a hint shows, are too short to count.
//!
//! A package of its own, so that it is optimised in every build: it reads hundreds of megabytes.

mod forms;
mod memory;
mod places;
mod processes;
mod scanner;

pub use memory::memory;
pub use places::files;
pub use processes::{Kin, Onlooker};
pub use scanner::{Finding, Scanner};

/// A value that must not be seen, and what it is called in a report.
#[derive(Debug, Clone)]
pub struct Canary {
    pub name: String,
    pub value: String,
}

impl Canary {
    pub fn new(name: &str, value: &str) -> Canary {
        Canary {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    /// Without its public beginning, such as `sk_live_`, which may be shown.
    fn core(&self) -> &str {
        let shown = &self.value[..self.value.len().min(13)];
        let cut = shown.rfind(['_', '-']).map_or(0, |at| at + 1);
        &self.value[cut..]
    }
}
