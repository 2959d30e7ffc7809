//! How a request proves who sends it: headers as data, and the exchanges that give a token.

mod firebase;
mod header;
mod jwt;
mod tokens;

pub use firebase::{Firebase, Grant, SIGN_IN_HOSTS, SignedIn};
pub use header::{HeaderProblem, HeaderScheme};
