//! Turns what was written into a [`Definition`], or says which field is wrong.

use std::time::Duration;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::parse::Parser;

use super::address::{base_url, hosts, page};
use super::file::{File, HeaderFile, KeyFile, OperationFile, ReconcileFile};
use super::guidance::Guidance;
use super::step::{self, Step};
use super::{
    Act, Definition, DefinitionProblem, Field, KeyFormat, Operation, Part, Reason, Reconcile, ReconcileBy, Scheme,
    Strategy, idempotency, key, operation, scheme, turnover,
};
use crate::failure::SafeDetail;
use crate::http::Format;
use crate::http::auth::{Carrier, HeaderProblem, HeaderScheme};

/// Form of an id where the definition does not narrow it.
const ID_PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$";

pub(super) fn definition(mut file: File) -> Result<Definition, DefinitionProblem> {
    if file.schema != 1 {
        return Err(DefinitionProblem::new("schema", Reason::UnknownSchema));
    }
    word(&file.id, "id")?;
    let hosts = match file.hosts {
        None if file.own_base_url => Vec::new(),
        None => return Err(DefinitionProblem::new("hosts", Reason::MissingField)),
        Some(listed) => hosts(listed)?,
    };
    let base_url = match (&file.base_url, file.own_base_url) {
        (Some(address), false) => Some(base_url(address, &hosts)?),
        (None, true) => None,
        (Some(_), true) => return Err(DefinitionProblem::new("base_url", Reason::NotUsedHere)),
        (None, false) => return Err(DefinitionProblem::new("base_url", Reason::MissingField)),
    };
    file.hosts = None;
    let guidance = Guidance::read(&mut file)?;
    let account_fields = Field::read_all(file.account_field, "account_field")?;
    if let Some(n) = account_fields.iter().position(Field::is_secret) {
        return Err(DefinitionProblem::new(
            format!("account_field[{n}].secret"),
            Reason::SecretOutsideHeader,
        ));
    }

    let strategy =
        Strategy::parse(&file.strategy).ok_or_else(|| DefinitionProblem::new("strategy", Reason::UnknownWord))?;
    let key = key(file.key, strategy)?;
    let mut schemes: Vec<Scheme> = Vec::new();
    for (n, scheme) in file.scheme.into_iter().enumerate() {
        let scheme = Scheme::read(scheme, &hosts, key.parts.len(), &format!("scheme[{n}]"))?;
        if schemes.iter().any(|other| other.id() == scheme.id()) {
            return Err(DefinitionProblem::new(format!("scheme[{n}].id"), Reason::Duplicate));
        }
        schemes.push(scheme);
    }
    let headers = file
        .auth
        .key
        .iter()
        .enumerate()
        .map(|(n, one)| header(one, "{key.value}", &format!("auth.key[{n}]")).map(Carrier::Header));
    let mut key_carriers = headers.collect::<Result<Vec<_>, _>>()?;
    match file.auth.sign {
        Some(_) if !key_carriers.is_empty() => return Err(DefinitionProblem::new("auth.sign", Reason::NotUsedHere)),
        Some(sign) => key_carriers.push(scheme::signature(sign, key.parts.len(), "auth.sign")?),
        // A line end between parts stands in no header.
        None if !key_carriers.is_empty() && !key.parts.is_empty() => {
            return Err(DefinitionProblem::new("auth.key", Reason::NotUsedHere));
        }
        None => {}
    }

    let can_ask = |operation: Option<&Operation>| match operation {
        Some(one) if one.by_key && key_carriers.is_empty() => {
            Err(DefinitionProblem::new("auth.key", Reason::NeedsKeyHeader))
        }
        Some(one) if !one.by_key && schemes.is_empty() => Err(DefinitionProblem::new("scheme", Reason::NeedsScheme)),
        _ => Ok(()),
    };
    let known = operation::Known {
        account: &account_fields,
        parts: &key.parts,
        hosts: &hosts,
    };
    let operation = |file: Option<OperationFile>, act: Act| {
        let operation = file.map(|file| Operation::read(file, act, known));
        let operation = operation.transpose()?;
        can_ask(operation.as_ref()).map(|()| operation)
    };
    let carriers = || schemes.iter().map(Scheme::carrier).chain(&key_carriers);
    let step = |file: Option<OperationFile>, act: Act| {
        let step = file.map(|file| Step::read(file, act, known)).transpose()?;
        if let Some(operation) = step.as_ref().and_then(Step::operation) {
            idempotency::apart(operation, act, |name| carriers().any(|carrier| carrier.sets(name)))?;
        }
        can_ask(step.as_ref().and_then(Step::operation)).map(|()| step)
    };
    let verify = operation(file.verify, Act::Verify)?;
    let list = operation(file.list, Act::List)?;
    let mint = step(file.mint, Act::Mint)?;
    let roll = step(file.roll, Act::Roll)?;
    let deactivate = operation(file.deactivate, Act::Deactivate)?;
    let revoke = step(file.revoke, Act::Revoke)?;
    let last_used = operation(file.last_used, Act::LastUsed)?;
    let signup = operation(file.signup, Act::Signup)?;

    step::combination(strategy, mint.is_some(), roll.is_some(), revoke.is_some())?;
    let by_api = |step: &Option<Step>| step.as_ref().is_some_and(|step| step.operation().is_some());
    if deactivate.is_some() && !(by_api(&revoke) && list.is_some()) {
        // What is only switched off is told from what is gone by the list alone.
        return Err(DefinitionProblem::new("deactivate", Reason::NeedsRevoke));
    }
    let reconcile = match file.reconcile {
        Some(reconcile) => self::reconcile(reconcile, list.as_ref())?,
        None if by_api(&mint) || by_api(&roll) => {
            return Err(DefinitionProblem::new("reconcile", Reason::MissingField));
        }
        None => Reconcile::by_a_person(),
    };

    let mut known_codes = file.errors.known;
    for (n, known) in known_codes.iter().enumerate() {
        code(known).map_err(|reason| DefinitionProblem::new(format!("errors.known[{n}]"), reason))?;
    }
    let steps = [&mint, &roll, &revoke]
        .into_iter()
        .flatten()
        .filter_map(Step::operation);
    let others = [&verify, &list, &deactivate, &last_used, &signup];
    let others = others.into_iter().flatten();
    let used = steps.chain(others).flat_map(Operation::codes).chain(guidance.codes());
    known_codes.extend(used.map(str::to_owned));
    let pace = turnover::pace(file.pace, &account_fields)?;

    Ok(Definition {
        name: text(file.name, 60, "name")?,
        monogram: text(file.monogram, 2, "monogram")?,
        docs: page(&file.docs, "docs")?,
        dashboard: file.dashboard.map(|address| page(&address, "dashboard")).transpose()?,
        key_page: file.key_page.map(|address| page(&address, "key_page")).transpose()?,
        checked_on: match file.checked_on {
            Some(day) => Some(
                day.parse()
                    .map_err(|_| DefinitionProblem::new("checked_on", Reason::BadDate))?,
            ),
            None => None,
        },
        live_limit: turnover::live_limit(file.live_limit, strategy)?,
        slots: turnover::slots(file.slots, strategy, &pattern(ID_PATTERN, "slots")?)?,
        grace: turnover::grace(file.grace, strategy)?,
        pace,
        unconfirmed: texts(file.unconfirmed, 400, "unconfirmed")?,
        error_pointers: pointers(file.errors.code, false, "errors.code")?,
        id: file.id,
        hosts,
        base_url,
        format: match file.answers.as_deref() {
            None | Some("json") => Format::Json,
            Some("xml") => Format::Xml,
            Some(_) => return Err(DefinitionProblem::new("answers", Reason::UnknownWord)),
        },
        strategy,
        reconcile,
        key,
        guidance,
        account_fields,
        schemes,
        key_carriers,
        known_codes,
        verify,
        list,
        mint,
        roll,
        deactivate,
        revoke,
        last_used,
        signup,
    })
}

fn key(file: KeyFile, strategy: Strategy) -> Result<KeyFormat, DefinitionProblem> {
    let (parts, whole, first) = match (file.pattern, file.part) {
        (Some(whole), none) if none.is_empty() => (Vec::new(), pattern(&whole, "key.pattern")?, whole),
        (Some(_), _) => return Err(DefinitionProblem::new("key.pattern", Reason::NotUsedHere)),
        (None, none) if none.is_empty() => return Err(DefinitionProblem::new("key.pattern", Reason::MissingField)),
        (None, files) => {
            let first = files.first().map(|part| part.pattern.clone()).unwrap_or_default();
            let (parts, whole) = Part::read_all(files)?;
            (parts, whole, first)
        }
    };
    if whole.is_match("") {
        return Err(DefinitionProblem::new("key.pattern", Reason::BadPattern));
    }
    let literal = first[1..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c))
        .count();
    // What may come any number of times need not come at all.
    let repeats = first[1 + literal..].starts_with(['?', '*', '+', '{']);
    let literal = literal.saturating_sub(usize::from(repeats));
    let max_bytes = usize::try_from(file.max_bytes)
        .ok()
        .filter(|bytes| (8..=16_384).contains(bytes));
    let beginning = match first.contains('|') {
        true => String::new(),
        false => first[1..][..literal].to_owned(),
    };
    let least = key::least(&first);
    Ok(KeyFormat {
        least: if parts.is_empty() { least } else { 0 },
        shown: key::shown(least, &beginning),
        parts,
        whole,
        beginning,
        id: pattern(file.id_pattern.as_deref().unwrap_or(ID_PATTERN), "key.id_pattern")?,
        shape: text(file.shape, 60, "key.shape")?,
        max_bytes: max_bytes.ok_or_else(|| DefinitionProblem::new("key.max_bytes", Reason::TooLarge))?,
        expiry: text(file.expiry, 300, "key.expiry")?,
        scope: text(file.scope, 300, "key.scope")?,
        leak: optional_text(file.leak, 400, "key.leak")?,
        revokes_leaked_first: match file.after_leak.as_deref() {
            None | Some("replace") => false,
            // Elsewhere the strategy alone says which goes first.
            Some("revoke_first") if strategy != Strategy::Overlap => {
                return Err(DefinitionProblem::new("key.after_leak", Reason::NeedsStrategy));
            }
            Some("revoke_first") => true,
            Some(_) => return Err(DefinitionProblem::new("key.after_leak", Reason::UnknownWord)),
        },
        asks_about_others: match file.other_prefixes.as_deref() {
            None => false,
            Some("ask") => true,
            Some(_) => return Err(DefinitionProblem::new("key.other_prefixes", Reason::UnknownWord)),
        },
    })
}

fn reconcile(file: ReconcileFile, list: Option<&Operation>) -> Result<Reconcile, DefinitionProblem> {
    let by = ReconcileBy::parse(&file.by).map_err(|reason| DefinitionProblem::new("reconcile.by", reason))?;
    let can = match by {
        ReconcileBy::None => true,
        ReconcileBy::Difference => list.is_some(),
        ReconcileBy::Name => list.is_some_and(|list| !list.answer.name.is_empty()),
    };
    if !can {
        return Err(DefinitionProblem::new("reconcile.by", Reason::NeedsList));
    }
    let span = |seconds: i64, at: &str| {
        let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds <= 86_400);
        seconds
            .map(Duration::from_secs)
            .ok_or_else(|| DefinitionProblem::new(at, Reason::TooLarge))
    };
    Ok(Reconcile {
        by,
        list_lag: span(file.list_lag_seconds, "reconcile.list_lag_seconds")?,
        propagation: span(file.propagation_seconds, "reconcile.propagation_seconds")?,
        last_used_lag: span(file.last_used_lag_seconds, "reconcile.last_used_lag_seconds")?,
    })
}

/// Reads an anchored pattern. The `regex` crate matches in linear time, so no pattern can stall.
pub(in crate::provider) fn pattern(pattern: &str, at: &str) -> Result<Regex, DefinitionProblem> {
    let wrong = |reason| DefinitionProblem::new(at, reason);
    let inner = pattern
        .strip_prefix('^')
        .and_then(|rest| rest.strip_suffix('$'))
        .ok_or_else(|| wrong(Reason::NotAnchored))?;
    let escapes = inner.chars().rev().take_while(|c| *c == '\\').count();
    if escapes % 2 == 1 {
        return Err(wrong(Reason::NotAnchored));
    }
    if pattern.len() > 512 {
        return Err(wrong(Reason::TooLarge));
    }
    // Whole by itself, then grouped: neither `^a|b$` nor `^a)|(b$` lets half a match through.
    let by_itself = Parser::new().parse(inner);
    by_itself.map_err(|_| wrong(Reason::BadPattern))?;
    RegexBuilder::new(&format!(r"\A(?:{inner})\z"))
        .size_limit(1 << 20)
        .build()
        .map_err(|_| wrong(Reason::BadPattern))
}

pub(super) fn header(file: &HeaderFile, placeholder: &str, at: &str) -> Result<HeaderScheme, DefinitionProblem> {
    HeaderScheme::parse(&file.name, &file.value, placeholder).map_err(|problem| match problem {
        HeaderProblem::Name => DefinitionProblem::new(format!("{at}.name"), Reason::BadHeader),
        HeaderProblem::Value => DefinitionProblem::new(format!("{at}.value"), Reason::BadTemplate),
    })
}

/// Whether it is a JSON Pointer (RFC 6901 §3): empty, or beginning with a slash; `~` only as `~0` and `~1`.
pub(super) fn is_pointer(pointer: &str) -> bool {
    let escaped = pointer.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
    pointer.len() <= 200 && (pointer.is_empty() || pointer.starts_with('/')) && escaped
}

pub(super) fn pointers(list: Vec<String>, needed: bool, at: &str) -> Result<Vec<String>, DefinitionProblem> {
    if needed && list.is_empty() {
        return Err(DefinitionProblem::new(at, Reason::MissingField));
    }
    if list.len() > 8 || !list.iter().all(|one| is_pointer(one)) {
        return Err(DefinitionProblem::new(at, Reason::BadPointer));
    }
    Ok(list)
}

/// Checks an error code: of the alphabet that a detail may show.
pub(super) fn code(code: &str) -> Result<(), Reason> {
    SafeDetail::provider_code(code, &[code.to_owned()])
        .map(|_| ())
        .ok_or(Reason::BadText)
}

/// Checks an identifier of the definition's own.
pub(super) fn word(word: &str, at: &str) -> Result<(), DefinitionProblem> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let fits = word.len() <= 40 && word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(plain);
    if fits {
        Ok(())
    } else {
        Err(DefinitionProblem::new(at, Reason::BadWord))
    }
}

/// Checks a text that is shown.
pub(super) fn text(text: String, longest: usize, at: &str) -> Result<String, DefinitionProblem> {
    let wrong = |reason| Err(DefinitionProblem::new(at, reason));
    if text.trim().is_empty() {
        return wrong(Reason::Empty);
    }
    if text.chars().count() > longest {
        return wrong(Reason::TooLarge);
    }
    // Bidirectional controls (Unicode TR 9) could make a host or a sentence read as another.
    let hidden = |c: char| {
        c.is_control()
            || ('\u{200b}'..='\u{200f}').contains(&c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2060}'..='\u{2069}').contains(&c)
    };
    if text.chars().any(hidden) {
        return wrong(Reason::BadText);
    }
    Ok(text)
}

pub(super) fn optional_text(
    text: Option<String>,
    longest: usize,
    at: &str,
) -> Result<Option<String>, DefinitionProblem> {
    text.map(|text| self::text(text, longest, at)).transpose()
}

/// Checks a text in which only these placeholders may stand.
pub(super) fn template(text: String, longest: usize, allowed: &[&str], at: &str) -> Result<String, DefinitionProblem> {
    let text = self::text(text, longest, at)?;
    let mut rest = text.clone();
    for placeholder in allowed {
        rest = rest.replace(placeholder, "");
    }
    if rest.contains(['{', '}']) {
        return Err(DefinitionProblem::new(at, Reason::BadTemplate));
    }
    Ok(text)
}

pub(super) fn texts(list: Vec<String>, longest: usize, at: &str) -> Result<Vec<String>, DefinitionProblem> {
    list.into_iter()
        .enumerate()
        .map(|(n, one)| text(one, longest, &format!("{at}[{n}]")))
        .collect()
}
