//! How a secret is put to use in a request.

use http::HeaderName;
use http::header::AUTHORIZATION;
use jiff::Timestamp;

use super::{HeaderScheme, SigV4};
use crate::http::Request;
use crate::model::Secret;

/// A secret is sent in a header, or it signs the request and stays here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carrier {
    Header(HeaderScheme),
    Signature(SigV4),
}

/// The secret cannot stand in a header, or is not what signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit;

impl Carrier {
    /// Whether it sets that header.
    pub fn sets(&self, name: &HeaderName) -> bool {
        match self {
            Carrier::Header(header) => header.name() == name,
            Carrier::Signature(_) => *name == AUTHORIZATION || name.as_str().starts_with("x-amz-"),
        }
    }

    /// Authenticates a request that is complete but for that.
    pub fn carry(&self, request: &mut Request, secret: &Secret, now: Timestamp) -> Result<(), Unfit> {
        match self {
            Carrier::Header(header) => {
                let (name, value) = header.carry(secret).ok_or(Unfit)?;
                request.headers.insert(name, value);
                Ok(())
            }
            Carrier::Signature(signature) => signature.sign(request, secret, now).ok_or(Unfit),
        }
    }
}
