//! How a program calls with a key: the request that verifying sends, with a mark where the value stands.
//!
//! Deliberately absent: the value, and sending.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use http::header::CONTENT_TYPE;

use super::App;
use crate::failure::{Code, Failure};
use crate::http::auth::SigV4;
use crate::http::{Request, Response, Sending, Transport, TransportFailure};
use crate::model::{Key, KeyId, Secret};
use crate::provider::{Executor, Part, Provider};
use crate::rotation::Workspaces;

/// A request that costs nothing, else the base address, and where the value stands in it.
#[derive(Debug, Clone)]
pub struct Call {
    pub key: Key,
    pub method: String,
    pub url: String,
    pub means: Means,
}

/// How the value is put to use.
#[derive(Debug, Clone)]
pub enum Means {
    /// It is sent, with what stands around it in a header.
    Header {
        name: String,
        before: String,
        after: String,
    },
    /// Its parts sign.
    Signature {
        signature: SigV4,
        parts: Vec<Part>,
        /// What the request says, and in which form.
        body: String,
        content_type: String,
    },
}

/// Stands for the value. A definition that holds this very word in a header is not made by anybody.
const MARK: &str = "KEYWHEEL-VALUE-STANDS-HERE";

/// Keeps the first request and sends none.
#[derive(Default)]
struct Kept(Mutex<Option<Request>>);

#[async_trait]
impl Transport for Kept {
    async fn send(&self, request: Request, _: Sending) -> Result<Response, TransportFailure> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert(request);
        Err(TransportFailure::NotSent)
    }
}

impl App {
    /// The call that a program makes with this key, as the definition has it.
    pub async fn call(&self, id: KeyId) -> Result<Call, Failure> {
        let key = self.store.key(id).await?.key;
        let account = self.store.account(key.account_id).await?;
        let mut workspace = self.workspaces.using(&account).await?;
        let is_known = workspace.definition.verifies(&workspace.fields);
        for field in workspace.definition.account_fields() {
            // Where the account names nothing to verify with, the example leads to the header all the same.
            if let Some(example) = field.example() {
                let known = workspace.fields.entry(field.name().to_owned());
                known.or_insert_with(|| example.to_owned());
            }
        }
        let kept = Arc::new(Kept::default());
        let executor = Executor::new(kept.clone(), self.clock.clone(), self.entropy.clone());
        let parts = workspace.definition.parts();
        let marks = vec![MARK; parts.len().max(1)];
        executor.verify(&workspace, &Secret::of_parts(&marks)).await;
        let request = kept.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let request = request.ok_or_else(|| Failure::new(Code::ProviderNotAble))?;
        let means = match workspace.definition.signature() {
            Some(signature) => Some(Means::Signature {
                signature: signature.clone(),
                parts: parts.to_vec(),
                body: String::from_utf8_lossy(request.body.as_deref().map_or(&[], Vec::as_slice)).into_owned(),
                content_type: header(&request, CONTENT_TYPE.as_str()),
            }),
            None => request.headers.iter().find_map(|(name, value)| {
                let (before, after) = value.to_str().ok()?.split_once(MARK)?;
                Some(Means::Header {
                    name: name.to_string(),
                    before: before.to_owned(),
                    after: after.to_owned(),
                })
            }),
        };
        let means = means.ok_or_else(|| Failure::new(Code::ProviderNotAble))?;
        let base = workspace.base_url.as_deref().or(workspace.definition.base_url());
        let url = match base.filter(|_| !is_known) {
            Some(base) => base.to_owned(),
            None => request.url.to_string(),
        };
        Ok(Call {
            key,
            method: request.method.to_string(),
            url,
            means,
        })
    }
}

fn header(request: &Request, name: &str) -> String {
    let value = request.headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}
