//! Use cases for every shell.
pub struct App;
