//! One operation: the request, and what each answer means.

use http::Method;
use url::Url;

use super::file::{OperationFile, PageFile, Status};
use super::matcher::{Matcher, Stands, client_side};
use super::request::{self, Body, Scope};
use super::{Act, DefinitionProblem, Field, Idempotency, Part, Reason, address, check};
use crate::model::Standing;
use crate::provider::template::{Placeholder, Template};

/// One operation of a definition.
#[derive(Debug)]
pub(in crate::provider) struct Operation {
    /// Where it is sent instead of the definition's base address.
    pub base: Option<Url>,
    pub method: Method,
    pub path: Template,
    /// A fixed query, without placeholders.
    pub query: Option<String>,
    /// Whether the key itself authenticates it, instead of the management credential.
    pub by_key: bool,
    pub body: Option<Body>,
    /// How a list goes on.
    pub paging: Option<Paging>,
    /// It did what was asked; for verify: the key is live.
    pub success: Vec<Matcher>,
    /// For verify: the provider refused this very key.
    pub dead: Vec<Matcher>,
    /// For verify: what else an answer may say of the key.
    pub standings: Vec<(Standing, Vec<Matcher>)>,
    /// Nothing was changed.
    pub refused: Vec<Matcher>,
    /// What it acts on is not there.
    pub absent: Vec<Matcher>,
    /// The provider's documents say that a 429 was refused before it had an effect.
    pub safe_429: bool,
    /// By what the provider knows the request again.
    pub idempotency: Option<Idempotency>,
    pub answer: Answer,
    /// The form of the inputs, for sign-up.
    pub fields: Vec<Field>,
    pub one_of: Vec<Vec<String>>,
}

/// How a list that comes in pages goes on: what stands at `next` is sent in `field`, of the form or of the query, to
/// get the next page.
#[derive(Debug)]
pub(in crate::provider) struct Paging {
    pub next: String,
    /// Where the answer says whether there is more: true or false.
    pub more: Option<String>,
    pub field: String,
}

/// What an operation may refer to.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub account: &'a [Field],
    pub parts: &'a [Part],
    pub hosts: &'a [String],
}

/// Where things stand in the answer: JSON Pointers (RFC 6901), alternatives in order.
#[derive(Debug, Default)]
pub(in crate::provider) struct Answer {
    pub items: Vec<String>,
    pub secret: Vec<String>,
    /// The value's parts in their order, where it has several.
    pub parts: Vec<Vec<String>>,
    pub remote_id: Vec<String>,
    pub name: Vec<String>,
    pub prefix: Vec<String>,
    pub created_at: Vec<String>,
    pub expires_at: Vec<String>,
    pub last_used_at: Vec<String>,
    /// What an entry of a list says of a key that is there and refused.
    pub switched_off: Option<Stands>,
    /// Account fields that a sign-up makes known.
    pub fields: Vec<(String, Vec<String>)>,
    /// Further secrets that a sign-up gives.
    pub others: Vec<(String, Vec<String>)>,
}

impl Operation {
    pub(super) fn read(file: OperationFile, act: Act, known: Known<'_>) -> Result<Operation, DefinitionProblem> {
        let Known { account, parts, hosts } = known;
        let at = act.as_str();
        let wrong = |field: &str, reason| DefinitionProblem::new(format!("{at}.{field}"), reason);
        unused(&file, act)?;

        let fields = Field::read_all(file.field, &format!("{at}.field"))?;
        if let Some(n) = fields.iter().position(Field::is_secret) {
            return Err(wrong(&format!("field[{n}].secret"), Reason::SecretOutsideHeader));
        }
        let scope = Scope {
            act,
            account,
            fields: &fields,
        };

        let (method, path, query) = request::line(&file.request, act).map_err(|reason| wrong("request", reason))?;
        scope.check(&path, true).map_err(|reason| wrong("request", reason))?;
        let base = file.base_url.map(|text| address::base_url(&text, hosts));
        let base = base.transpose().map_err(|problem| wrong("base_url", problem.reason))?;
        let body = match (file.body, file.form) {
            (Some(_), _) if method == Method::GET => return Err(wrong("body", Reason::NotUsedHere)),
            (_, Some(_)) if method == Method::GET => return Err(wrong("form", Reason::NotUsedHere)),
            (Some(_), Some(_)) => return Err(wrong("form", Reason::NotUsedHere)),
            (Some(value), None) => Some(Body::read(value, &scope, 0).map_err(|reason| wrong("body", reason))?),
            (None, Some(form)) => Some(Body::form(form, &scope).map_err(|reason| wrong("form", reason))?),
            (None, None) => None,
        };
        let in_body = body.iter().flat_map(Body::placeholders);
        let names_the_key = path
            .placeholders()
            .chain(in_body)
            .any(|one| *one == Placeholder::RemoteId);
        if matches!(act, Act::Roll | Act::Revoke | Act::Deactivate | Act::LastUsed) && !names_the_key {
            return Err(wrong("request", Reason::NeedsId));
        }
        let paging = match file.page {
            Some(page) => {
                let paging = Paging::read(page, body.as_ref(), query.as_deref());
                Some(paging.map_err(|reason| wrong("page", reason))?)
            }
            None => None,
        };
        let by_key = match (file.auth.as_str(), act) {
            ("key", Act::Verify) => true,
            ("management", act) if act != Act::Verify => false,
            ("management" | "key", _) => return Err(wrong("auth", Reason::NotYet)),
            ("", _) => return Err(wrong("auth", Reason::MissingField)),
            _ => return Err(wrong("auth", Reason::UnknownWord)),
        };

        let (success_name, success) = match act {
            Act::Verify => ("live", file.live),
            Act::List | Act::LastUsed => ("ok", file.ok),
            Act::Mint | Act::Roll | Act::Deactivate | Act::Revoke | Act::Signup => ("applied", file.applied),
        };
        let statuses = |name: &str, list: Vec<Status>, allowed: fn(u16) -> bool| {
            list.into_iter()
                .map(|status| Matcher::read(status, allowed))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|r| wrong(name, r))
        };
        let success = statuses(
            success_name,
            success,
            match act {
                // A key that may do little is alive all the same: 403 can be a success of verify.
                Act::Verify => |status| (200..300).contains(&status) || status == 403,
                Act::Revoke => |status| (200..300).contains(&status) || status == 404 || status == 410,
                Act::List | Act::LastUsed | Act::Mint | Act::Roll | Act::Deactivate | Act::Signup => {
                    |status| (200..300).contains(&status)
                }
            },
        )?;
        if success.is_empty() {
            return Err(wrong(success_name, Reason::NoSuccess));
        }
        let dead = statuses("dead", file.dead, client_side)?;
        let refused = statuses("refused", file.refused, client_side)?;
        let absent = statuses("absent", file.absent, client_side)?;
        let mut standings = Vec::new();
        for (standing, list) in [
            (Standing::Restricted, file.restricted),
            (Standing::Suspended, file.suspended),
            (Standing::Exhausted, file.exhausted),
            (Standing::Expired, file.expired),
            (Standing::RateLimited, file.limited),
        ] {
            let allowed: fn(u16) -> bool = match standing {
                Standing::Exhausted | Standing::RateLimited => {
                    |status| client_side(status) || [429, 503].contains(&status)
                }
                Standing::Restricted | Standing::Suspended | Standing::Expired => client_side,
            };
            standings.push((standing, statuses(written(standing), list, allowed)?));
        }
        let idempotency = file.idempotency.map(|file| Idempotency::read(file, act)).transpose()?;
        let in_progress = idempotency
            .iter()
            .map(|key| ("idempotency.in_progress", &key.in_progress));
        let mut lists: Vec<_> = in_progress.collect();
        lists.extend([
            (success_name, &success),
            ("refused", &refused),
            ("dead", &dead),
            ("absent", &absent),
        ]);
        lists.extend(standings.iter().map(|(standing, list)| (written(*standing), list)));
        for (n, (name, list)) in lists.iter().enumerate() {
            if list
                .iter()
                .any(|one| lists[n + 1..].iter().any(|(_, other)| other.contains(one)))
            {
                return Err(wrong(name, Reason::AmbiguousStatus));
            }
        }

        let pointers =
            |name: &str, list: Vec<String>, needed: bool| check::pointers(list, needed, &format!("{at}.{name}"));
        let named = |name: &str, map: std::collections::BTreeMap<String, Vec<String>>| {
            let each = map.into_iter().map(|(word, list)| {
                check::word(&word, &format!("{at}.{name}"))?;
                Ok((word, pointers(name, list, true)?))
            });
            each.collect::<Result<Vec<_>, DefinitionProblem>>()
        };
        let in_parts = act.gives() && !parts.is_empty();
        let mut given = file.parts;
        let ordered = parts.iter().filter_map(|part| given.remove(part.name()));
        let ordered: Vec<Vec<String>> = ordered.collect();
        if !given.is_empty() || ordered.len() != if in_parts { parts.len() } else { 0 } {
            return Err(wrong("parts", Reason::NeedsParts));
        }
        let ordered = ordered.into_iter().map(|list| pointers("parts", list, true));
        let answer = Answer {
            parts: ordered.collect::<Result<_, _>>()?,
            items: pointers("items", file.items, act == Act::List)?,
            secret: pointers("secret", file.secret, act.gives() && !in_parts)?,
            remote_id: pointers("remote_id", file.remote_id, act == Act::List)?,
            name: pointers("name", file.name, false)?,
            prefix: pointers("prefix", file.prefix, false)?,
            created_at: pointers("created_at", file.created_at, false)?,
            expires_at: pointers("expires_at", file.expires_at, false)?,
            last_used_at: pointers("last_used_at", file.last_used_at, act == Act::LastUsed)?,
            switched_off: file
                .switched_off
                .map(|stands| Stands::read(stands, &format!("{at}.switched_off")))
                .transpose()?,
            fields: named("fields", file.fields)?,
            others: named("others", file.others)?,
        };
        if in_parts && !answer.secret.is_empty() {
            return Err(wrong("secret", Reason::NotUsedHere));
        }
        if answer
            .fields
            .iter()
            .any(|(name, _)| !account.iter().any(|field| field.name() == name))
        {
            return Err(wrong("fields", Reason::UnknownValue));
        }
        if file
            .one_of
            .iter()
            .flatten()
            .any(|name| !fields.iter().any(|field| field.name() == name))
        {
            return Err(wrong("one_of", Reason::UnknownValue));
        }
        let safe_429 = file.safe_429.unwrap_or(false);
        let one_of = file.one_of;
        Ok(Operation {
            base,
            method,
            path,
            query,
            by_key,
            body,
            paging,
            success,
            dead,
            standings,
            refused,
            absent,
            safe_429,
            idempotency,
            answer,
            fields,
            one_of,
        })
    }

    /// All placeholders of the request.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        let in_body = self.body.iter().flat_map(Body::placeholders);
        self.path.placeholders().chain(in_body)
    }

    /// The error codes that it tells apart.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        let all = [&self.success, &self.dead, &self.refused, &self.absent];
        let standings = self.standings.iter().map(|(_, list)| list);
        let in_progress = self.idempotency.iter().map(|key| &key.in_progress);
        all.into_iter()
            .chain(standings)
            .chain(in_progress)
            .flatten()
            .filter_map(|matcher| matcher.code.as_deref())
    }
}

impl Paging {
    fn read(file: toml::Value, body: Option<&Body>, query: Option<&str>) -> Result<Paging, Reason> {
        let file: PageFile = file.try_into().map_err(|_| Reason::WrongType)?;
        let places = [Some(&file.next), file.more.as_ref()];
        if !places.into_iter().flatten().all(|place| check::is_pointer(place)) {
            return Err(Reason::BadPointer);
        }
        // What stands there already would be sent twice.
        let is_free = match body {
            Some(Body::Form(members)) => members.iter().all(|(name, _)| *name != file.field),
            Some(_) => false,
            None => {
                url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).all(|(name, _)| name != file.field)
            }
        };
        match is_free {
            true => Ok(Paging {
                next: file.next,
                more: file.more,
                field: file.field,
            }),
            false => Err(Reason::NotUsedHere),
        }
    }
}

/// The list of a definition that says the standing.
fn written(standing: Standing) -> &'static str {
    match standing {
        Standing::Restricted => "restricted",
        Standing::Suspended => "suspended",
        Standing::Exhausted => "exhausted",
        Standing::Expired => "expired",
        Standing::RateLimited => "limited",
    }
}

/// Refuses a field that has no meaning for the operation.
fn unused(file: &OperationFile, act: Act) -> Result<(), DefinitionProblem> {
    let wrong = |field: &str, reason| Err(DefinitionProblem::new(format!("{}.{field}", act.as_str()), reason));
    let list = act == Act::List;
    let reads_one = act == Act::LastUsed;
    let (verify, gives) = (act == Act::Verify, act.gives());
    for (field, given, meant) in [
        ("page", file.page.is_some(), list),
        ("ok", !file.ok.is_empty(), list || reads_one),
        ("applied", !file.applied.is_empty(), act.mutates()),
        ("say", file.say.is_some(), false),
        ("live", !file.live.is_empty(), verify),
        ("dead", !file.dead.is_empty(), verify),
        ("restricted", !file.restricted.is_empty(), verify),
        ("suspended", !file.suspended.is_empty(), verify),
        ("exhausted", !file.exhausted.is_empty(), verify),
        ("expired", !file.expired.is_empty(), verify),
        ("limited", !file.limited.is_empty(), verify),
        ("refused", !file.refused.is_empty(), !verify),
        ("absent", !file.absent.is_empty(), list || act.is_of_one_key()),
        ("429_is_safe", file.safe_429.is_some(), act.mutates()),
        (
            "idempotency",
            file.idempotency.is_some(),
            matches!(act, Act::Mint | Act::Roll),
        ),
        ("items", !file.items.is_empty(), list),
        ("secret", !file.secret.is_empty(), gives),
        ("parts", !file.parts.is_empty(), gives),
        ("remote_id", !file.remote_id.is_empty(), list || gives),
        ("name", !file.name.is_empty(), list),
        ("prefix", !file.prefix.is_empty(), list),
        ("created_at", !file.created_at.is_empty(), list || gives),
        ("expires_at", !file.expires_at.is_empty(), list || gives || verify),
        ("last_used_at", !file.last_used_at.is_empty(), list || reads_one),
        ("switched_off", file.switched_off.is_some(), list),
        ("field", !file.field.is_empty(), act == Act::Signup),
        ("one_of", !file.one_of.is_empty(), act == Act::Signup),
        ("fields", !file.fields.is_empty(), act == Act::Signup),
        ("others", !file.others.is_empty(), act == Act::Signup),
    ] {
        if given && !meant {
            return wrong(field, Reason::NotUsedHere);
        }
    }
    Ok(())
}
