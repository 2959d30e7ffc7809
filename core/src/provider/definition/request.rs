//! The request of an operation: its line, its body, and which placeholders may stand there.

use http::Method;

use super::{Act, Field, Reason};
use crate::provider::template::{Placeholder, Template, TemplateProblem};

/// A body with placeholders in its texts: a form, else JSON.
#[derive(Debug)]
pub(in crate::provider) enum Body {
    Text(Template),
    Fixed(serde_json::Value),
    Object(Vec<(String, Body)>),
    List(Vec<Body>),
    /// Names and texts, sent as `application/x-www-form-urlencoded`.
    Form(Vec<(String, Template)>),
}

/// Reads `METHOD /path?query`.
pub(super) fn line(line: &str, act: Act) -> Result<(Method, Template, Option<String>), Reason> {
    let (method, target) = line.split_once(' ').ok_or(if line.is_empty() {
        Reason::MissingField
    } else {
        Reason::BadRequest
    })?;
    let method = match (method, act.mutates()) {
        ("GET", false) => Method::GET,
        ("POST", _) => Method::POST,
        ("PUT", true) => Method::PUT,
        ("PATCH", true) => Method::PATCH,
        ("DELETE", true) => Method::DELETE,
        _ => return Err(Reason::BadMethod),
    };
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let plain = |text: &str, also: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c) || also.contains(c))
    };
    if query
        .as_deref()
        .is_some_and(|query| query.is_empty() || !plain(query, "=&,:+"))
    {
        return Err(Reason::BadRequest);
    }
    // The whole path of a verification may be the account's: `GET {account.verify_path}`.
    if act == Act::Verify && query.is_none() && path.starts_with('{') {
        let path = Template::parse(path).map_err(reason)?;
        return match path.as_account_field() {
            Some(_) => Ok((method, path, None)),
            None => Err(Reason::BadRequest),
        };
    }
    if !path.starts_with('/') || path.contains("..") || path.contains("//") {
        return Err(Reason::BadRequest);
    }
    let path = Template::parse(path).map_err(reason)?;
    if !path.literals().all(|text| plain(text, "/:@")) {
        return Err(Reason::BadRequest);
    }
    Ok((method, path, query))
}

/// A name of a body's member is sent as it stands: a placeholder there would be sent as its own name.
fn member(name: &str) -> Result<(), Reason> {
    match name.contains(['{', '}']) {
        true => Err(Reason::BadTemplate),
        false => Ok(()),
    }
}

fn reason(problem: TemplateProblem) -> Reason {
    match problem {
        TemplateProblem::NotClosed | TemplateProblem::NotKnown => Reason::BadTemplate,
    }
}

/// Which placeholders have a value in an operation.
pub(super) struct Scope<'a> {
    pub act: Act,
    pub account: &'a [Field],
    pub fields: &'a [Field],
}

impl Scope<'_> {
    pub fn check(&self, template: &Template, in_path: bool) -> Result<(), Reason> {
        for placeholder in template.placeholders() {
            let known = match placeholder {
                Placeholder::Account(name) => self.account.iter().any(|field| field.name() == name),
                Placeholder::RemoteId => self.act.is_of_one_key(),
                Placeholder::Input { optional: true, .. } if in_path || template.as_optional().is_none() => false,
                Placeholder::Input { name, .. } => match self.act {
                    Act::Mint => name == "name",
                    Act::Signup => self.fields.iter().any(|field| field.name() == name),
                    Act::Verify | Act::List | Act::LastUsed | Act::Roll | Act::Deactivate | Act::Revoke => false,
                },
                Placeholder::Nonce => return Err(Reason::NotYet),
                Placeholder::Secret => return Err(Reason::SecretOutsideHeader),
            };
            if !known {
                return Err(Reason::UnknownValue);
            }
        }
        Ok(())
    }
}

impl Body {
    /// All placeholders in it.
    pub(in crate::provider) fn placeholders(&self) -> Vec<&Placeholder> {
        match self {
            Body::Text(template) => template.placeholders().collect(),
            Body::Fixed(_) => Vec::new(),
            Body::Object(members) => members.iter().flat_map(|(_, one)| one.placeholders()).collect(),
            Body::List(items) => items.iter().flat_map(Body::placeholders).collect(),
            Body::Form(members) => members.iter().flat_map(|(_, one)| one.placeholders()).collect(),
        }
    }

    pub(super) fn form(table: toml::Table, scope: &Scope<'_>) -> Result<Body, Reason> {
        let members = table.into_iter().map(|(name, value)| {
            member(&name)?;
            let text = value.as_str().ok_or(Reason::WrongType)?;
            let template = Template::parse(text).map_err(reason)?;
            scope.check(&template, false)?;
            Ok((name, template))
        });
        Ok(Body::Form(members.collect::<Result<_, Reason>>()?))
    }

    pub(super) fn read(value: toml::Value, scope: &Scope<'_>, depth: usize) -> Result<Body, Reason> {
        if depth > 8 {
            return Err(Reason::TooLarge);
        }
        Ok(match value {
            toml::Value::String(text) => {
                let template = Template::parse(&text).map_err(reason)?;
                scope.check(&template, false)?;
                Body::Text(template)
            }
            toml::Value::Integer(number) => Body::Fixed(number.into()),
            toml::Value::Boolean(flag) => Body::Fixed(flag.into()),
            toml::Value::Float(number) => {
                Body::Fixed(serde_json::Number::from_f64(number).ok_or(Reason::WrongType)?.into())
            }
            toml::Value::Datetime(_) => return Err(Reason::WrongType),
            toml::Value::Array(items) => Body::List(
                items
                    .into_iter()
                    .map(|item| Body::read(item, scope, depth + 1))
                    .collect::<Result<_, _>>()?,
            ),
            toml::Value::Table(table) => Body::Object(
                table
                    .into_iter()
                    .map(|(name, item)| {
                        member(&name)?;
                        Ok((name, Body::read(item, scope, depth + 1)?))
                    })
                    .collect::<Result<_, Reason>>()?,
            ),
        })
    }
}
