//! How a request proves who sends it: headers as data, signatures, and the exchanges that give a token.

mod carrier;
mod firebase;
mod header;
mod jwt;
mod sigv4;
mod tokens;

pub use carrier::{Carrier, Unfit};
pub use firebase::{Firebase, Grant, SIGN_IN_HOSTS, SignedIn};
pub use header::{HeaderProblem, HeaderScheme};
pub use sigv4::SigV4;
