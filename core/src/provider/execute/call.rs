//! From an operation and its values to a request.

use std::collections::BTreeMap;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::Executor;
use crate::failure::{Code, Failure};
use crate::http::auth::Unfit;
use crate::http::{Format, Request, Sending, is_loopback};
use crate::model::Credential;
use crate::provider::Workspace;
use crate::provider::definition::{Body, Operation, Scheme, SchemeKind};
use crate::provider::template::{FillProblem, Placeholder, Values};

impl Executor {
    /// Authenticates a request of key management.
    pub(super) async fn authorize(&self, at: &Workspace, request: &mut Request) -> Result<(), Failure> {
        let (credential, scheme) = credential(at)?;
        let carried = match scheme.kind() {
            SchemeKind::Header | SchemeKind::Signature => {
                scheme.carrier().carry(request, &credential.secret, self.clock.now())
            }
            SchemeKind::Firebase(grant) => {
                let token = self.firebase.token(at.account_id, grant, credential).await?;
                scheme.carrier().carry(request, &token, self.clock.now())
            }
        };
        carried.map_err(|Unfit| Failure {
            field: secret_field(at),
            ..Failure::new(Code::InputInvalid)
        })
    }
}

/// Returns the account's credential and the scheme it is for.
pub(super) fn credential(at: &Workspace) -> Result<(&Credential, &Scheme), Failure> {
    let credential = at
        .credential
        .as_ref()
        .ok_or_else(|| Failure::new(Code::CredentialMissing))?;
    let scheme = at.definition.scheme(&credential.scheme);
    Ok((
        credential,
        scheme.ok_or_else(|| Failure::new(Code::CredentialMissing).field("scheme"))?,
    ))
}

/// The name of the form's field that holds the account's secret.
pub(super) fn secret_field(at: &Workspace) -> Option<String> {
    let (_, scheme) = credential(at).ok()?;
    scheme.secret_field().map(|field| field.name().to_owned())
}

/// Whether the account has every fact that the request needs.
pub(super) fn has_account_fields(at: &Workspace, operation: &Operation) -> bool {
    operation.placeholders().all(|placeholder| match placeholder {
        Placeholder::Account(name) => at.fields.get(name).is_some_and(|value| !value.is_empty()),
        _ => true,
    })
}

/// A read may be repeated only where its method has no effect by definition (RFC 9110 §9.2.1).
pub(super) fn sending(operation: &Operation) -> Sending {
    if operation.method == Method::GET {
        Sending::Repeatable
    } else {
        Sending::Once
    }
}

/// Builds the request without its authentication; `marker` asks for the next page of a list.
pub(super) fn request(
    at: &Workspace,
    operation: &Operation,
    values: Values<'_>,
    marker: Option<&str>,
    max_body: usize,
) -> Result<Request, Failure> {
    for field in at.definition.account_fields() {
        if at
            .fields
            .get(field.name())
            .is_some_and(|value| !value.is_empty() && !field.accepts(value))
        {
            return Err(Failure::new(Code::InputInvalid).field(field.name()));
        }
    }
    let mut headers = HeaderMap::new();
    let accepted = match at.definition.answers() {
        Format::Json => "application/json",
        Format::Xml => "application/xml, text/xml",
    };
    headers.insert(ACCEPT, HeaderValue::from_static(accepted));
    let body = match &operation.body {
        Some(Body::Form(members)) => {
            headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8"),
            );
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, template) in members {
                form.append_pair(name, &template.fill_text(values).map_err(failure)?);
            }
            if let (Some(paging), Some(marker)) = (&operation.paging, marker) {
                form.append_pair(&paging.field, marker);
            }
            Some(Zeroizing::new(form.finish().into_bytes()))
        }
        Some(body) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let value = fill(body, values).map_err(failure)?.unwrap_or_default();
            Some(Zeroizing::new(value.to_string().into_bytes()))
        }
        None => None,
    };
    let (path, query) = match operation.path.as_account_field() {
        Some(name) => own_path(at, name)?,
        None => {
            let path = operation.path.fill_path(values).map_err(failure)?;
            (path, operation.query.clone())
        }
    };
    let mut url = address(&base(at, operation)?, &path, query.as_deref())?;
    if let (None, Some(paging), Some(marker)) = (&body, &operation.paging, marker) {
        url.query_pairs_mut().append_pair(&paging.field, marker);
    }
    Ok(Request {
        method: operation.method.clone(),
        url,
        headers,
        body,
        max_body,
    })
}

/// Builds a request that mutates, with the key by which the provider knows it again where both sides have one.
pub(super) fn marked(at: &Workspace, operation: &Operation, values: Values<'_>) -> Result<Request, Failure> {
    let mut request = request(at, operation, values, None, super::ONE)?;
    if let (Some(key), Some(nonce)) = (&operation.idempotency, &at.nonce) {
        let marked = key.header.with(nonce).ok_or_else(|| Failure::new(Code::InputInvalid))?;
        request.headers.insert(marked.0, marked.1);
    }
    Ok(request)
}

/// Checks the inputs of a form: only those that it has, each of its form, one of each set.
pub(super) fn check_inputs(operation: &Operation, inputs: &BTreeMap<String, String>) -> Result<(), Failure> {
    let given = |name: &str| inputs.get(name).filter(|value| !value.is_empty());
    if let Some(name) = inputs
        .keys()
        .find(|name| !operation.fields.iter().any(|field| field.name() == *name))
    {
        return Err(Failure::new(Code::InputInvalid).field(name));
    }
    for field in &operation.fields {
        match given(field.name()) {
            Some(value) if !field.accepts(value) => return Err(Failure::new(Code::InputInvalid).field(field.name())),
            None if field.required() => return Err(Failure::new(Code::InputMissing).field(field.name())),
            _ => {}
        }
    }
    for set in &operation.one_of {
        let mut found = set.iter().filter(|name| given(name).is_some());
        match (found.next(), found.next()) {
            (Some(_), None) => {}
            (None, _) => {
                return Err(Failure {
                    field: set.first().cloned(),
                    ..Failure::new(Code::InputMissing)
                });
            }
            (Some(_), Some(second)) => return Err(Failure::new(Code::InputInvalid).field(second)),
        }
    }
    Ok(())
}

/// The account's own address where the user gave one: https with any port, or plain http on loopback.
fn base(at: &Workspace, operation: &Operation) -> Result<Url, Failure> {
    let wrong = |code| Failure::new(code).field("base_url");
    let Some(text) = &at.base_url else {
        let listed = operation.base.as_ref().or(at.definition.address());
        return listed.cloned().ok_or_else(|| wrong(Code::InputMissing));
    };
    let url = Url::parse(text).map_err(|_| wrong(Code::InputInvalid))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err(wrong(Code::InputNotHttps));
    }
    let user = !url.username().is_empty() || url.password().is_some();
    if user || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong(Code::InputInvalid));
    }
    Ok(url)
}

/// A path that is the account's own, with the query it may have.
fn own_path(at: &Workspace, name: &str) -> Result<(String, Option<String>), Failure> {
    let given = at.fields.get(name).filter(|value| !value.is_empty());
    let given = given.ok_or_else(|| Failure::new(Code::InputMissing).field(name))?;
    let plain = |text: &str, also: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c) || also.contains(c))
    };
    let (path, query) = match given.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (given.as_str(), None),
    };
    let stays = path.starts_with('/') && !path.contains("..") && !path.contains("//") && plain(path, "/:@");
    if !stays || query.is_some_and(|query| query.is_empty() || !plain(query, "=&,:+")) {
        return Err(Failure::new(Code::InputInvalid).field(name));
    }
    Ok((path.to_owned(), query.map(str::to_owned)))
}

/// Joins them, and refuses where reading the address anew would change the path.
fn address(base: &Url, path: &str, query: Option<&str>) -> Result<Url, Failure> {
    let expected = format!("{}{path}", base.path().trim_end_matches('/'));
    let mut url = base.clone();
    url.set_path(&expected);
    url.set_query(query);
    if url.path() != expected || url.origin() != base.origin() {
        return Err(Failure::new(Code::InputInvalid));
    }
    Ok(url)
}

/// Fills in a body; a member whose whole text is an optional input without a value is left out.
fn fill(body: &Body, values: Values<'_>) -> Result<Option<Value>, FillProblem> {
    Ok(Some(match body {
        Body::Fixed(value) => value.clone(),
        Body::Text(template) => match template.as_optional() {
            Some(name) if values.input(name).is_none() => return Ok(None),
            _ => Value::String(template.fill_text(values)?),
        },
        // It is the whole body, and no JSON.
        Body::Form(_) => return Ok(None),
        Body::List(items) => Value::Array(
            items
                .iter()
                .filter_map(|item| fill(item, values).transpose())
                .collect::<Result<_, _>>()?,
        ),
        Body::Object(members) => {
            let mut object = Map::new();
            for (name, member) in members {
                if let Some(value) = fill(member, values)? {
                    object.insert(name.clone(), value);
                }
            }
            Value::Object(object)
        }
    }))
}

fn failure(problem: FillProblem) -> Failure {
    match problem {
        FillProblem::Missing(name) => Failure::new(Code::InputMissing).field(name),
        FillProblem::Unfit(name) => Failure::new(Code::InputInvalid).field(name),
    }
}
