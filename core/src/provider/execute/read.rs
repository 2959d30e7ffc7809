//! What an answer holds: ids, dates, secrets. Everything else in it is dropped.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::withheld::{Withheld, find_key, words};
use crate::failure::{Code, Failure, SafeDetail};
use crate::guard::{Guard, in_place};
use crate::http::{Format, Response};
use crate::model::Secret;
use crate::provider::definition::{Definition, LEAST_KEY, Operation};
use crate::provider::{LastUse, Minted, RemoteKey, SignedUp, Workspace};

/// Most keys of one account; more is an answer that does not end.
const MOST_KEYS: usize = 10_000;
/// Most pages that one list is read in.
const MOST_PAGES: usize = 1_000;
const LONGEST_TEXT: usize = 256;
const LONGEST_MARKER: usize = 4096;
/// Longest value that is taken, in bytes; what no keychain of any system holds ends here.
const LONGEST_SECRET: usize = 16 * 1024;
/// In characters.
const LONGEST_NAME: usize = 100;

/// The pages of a list. One entry that is not what the definition says may be any key: it is counted.
#[derive(Default)]
pub(super) struct Listed {
    pub keys: Vec<RemoteKey>,
    /// Entries that are not what the definition says, or that say otherwise of a key than another one.
    pub unread: usize,
    /// Ids of keys whose last use is not told as the definition says.
    pub unclear: HashSet<String>,
    seen: HashSet<String>,
    markers: HashSet<String>,
}

impl Listed {
    /// Reads one page; returns what asks for the next one.
    pub(super) fn add(
        &mut self,
        at: &Workspace,
        list: &Operation,
        answer: &Response,
    ) -> Result<Option<String>, Failure> {
        let definition = &*at.definition;
        let unexpected = || Failure::new(Code::ProviderUnexpected).detail(SafeDetail::HttpStatus(answer.status));
        let body = answer.read(definition.answers()).ok_or_else(unexpected)?;
        let items = list.answer.items.iter().find_map(|pointer| {
            let found = body.pointer(pointer)?;
            // An element of XML that holds nothing is a list without entries.
            let empty: &[Value] = &[];
            let empty = (found.is_null() && definition.answers() == Format::Xml).then_some(empty);
            found.as_array().map(Vec::as_slice).or(empty)
        });
        let items = items.ok_or_else(unexpected)?;
        self.entries(&Withheld::of(at), list, items);
        let next = next_page(list, &body).map_err(|Unclear| unexpected())?;
        // A marker that comes again leads round in a circle.
        let new = next.as_ref().is_none_or(|marker| self.markers.insert(marker.clone()));
        if self.keys.len() + self.unread > MOST_KEYS || self.markers.len() > MOST_PAGES {
            return Err(Failure::new(Code::ProviderTooLarge).detail(SafeDetail::Count {
                what: "keys",
                n: self.keys.len() as u64,
            }));
        }
        if new { Ok(next) } else { Err(unexpected()) }
    }

    fn entries(&mut self, withheld: &Withheld<'_>, list: &Operation, items: &[Value]) {
        let definition = withheld.definition;
        for item in items.iter().take(MOST_KEYS + 1) {
            let Some(id) = remote_id(withheld, &list.answer.remote_id, item) else {
                self.unread += 1;
                continue;
            };
            // What people call a key may be of any length; what it begins with is short or says nothing.
            let name = text(&list.answer.name, item).map(|name| cut(&name));
            let prefix = short_text(&list.answer.prefix, item).unwrap_or_default();
            let used = use_at(&list.answer.last_used_at, item, definition.answers());
            if used.is_err() {
                self.unclear.insert(id.clone());
            }
            let key = RemoteKey {
                remote_id: id,
                // A list that shows values is not a place to learn them from.
                name: name.filter(|name| !withheld.tells(name)),
                prefix: prefix.and_then(|prefix| withheld.beginning(&prefix)),
                created_at: time(&list.answer.created_at, item),
                expires_at: time(&list.answer.expires_at, item),
                last_used_at: used.unwrap_or_default(),
                switched_off: list.answer.switched_off.as_ref().and_then(|off| off.told_by(item)),
            };
            match self.seen.insert(key.remote_id.clone()) {
                true => self.keys.push(key),
                false => self.again(&key),
            }
        }
    }

    /// Of two entries about one key, the newest use counts. Two that say otherwise of it are of two keys, and nobody can say
    /// which one the id is of.
    fn again(&mut self, key: &RemoteKey) {
        let same = |before: &RemoteKey| {
            (&before.name, &before.prefix, before.created_at, before.switched_off)
                == (&key.name, &key.prefix, key.created_at, key.switched_off)
        };
        let at = self.keys.iter().position(|before| before.remote_id == key.remote_id);
        match at.and_then(|at| self.keys.get_mut(at)) {
            Some(before) if same(before) => before.last_used_at = before.last_used_at.max(key.last_used_at),
            Some(_) => {
                self.keys.retain(|before| before.remote_id != key.remote_id);
                self.unread += 2;
            }
            None => self.unread += 1,
        }
    }
}

struct Unclear;

/// What asks for the next page. That there is more, without a way to it, is no answer.
fn next_page(list: &Operation, body: &Value) -> Result<Option<String>, Unclear> {
    let Some(paging) = &list.paging else {
        return Ok(None);
    };
    let next = match body.pointer(&paging.next) {
        None | Some(Value::Null) => None,
        Some(Value::String(marker)) if marker.len() <= LONGEST_MARKER => Some(marker.clone()),
        Some(_) => return Err(Unclear),
    };
    let more = paging.more.as_ref().and_then(|pointer| body.pointer(pointer));
    match more {
        None | Some(Value::Null) => Ok(next),
        Some(Value::Bool(false)) => Ok(None),
        Some(Value::String(word)) if word == "false" => Ok(None),
        Some(Value::Bool(true)) => next.map(Some).ok_or(Unclear),
        Some(Value::String(word)) if word == "true" => next.map(Some).ok_or(Unclear),
        Some(_) => Err(Unclear),
    }
}

/// Reads when a key was last used.
pub(super) fn last_use(definition: &Definition, operation: &Operation, answer: &Response) -> Result<LastUse, Failure> {
    let unexpected = || Failure::new(Code::ProviderUnexpected);
    let body = answer.read(definition.answers()).ok_or_else(unexpected)?;
    let at = use_at(&operation.answer.last_used_at, &body, definition.answers());
    Ok(LastUse {
        at: at.map_err(|Unclear| unexpected())?,
        told_at: answer.told_at(),
    })
}

/// Reads a moment of use. Null means never, as does an element that is not there beside the others of its kind in XML;
/// what cannot be read does not.
fn use_at(pointers: &[String], item: &Value, format: Format) -> Result<Option<Timestamp>, Unclear> {
    match pointers.iter().find_map(|pointer| item.pointer(pointer)) {
        Some(Value::Null) => Ok(None),
        None if pointers.is_empty() => Ok(None),
        None if format == Format::Xml && pointers.iter().any(|pointer| has_parent(pointer, item)) => Ok(None),
        None if in_place(Guard::UseRead) => Err(Unclear),
        None => Ok(None),
        Some(_) => match time(pointers, item) {
            None if in_place(Guard::UseRead) => Err(Unclear),
            read => Ok(read),
        },
    }
}

/// Whether the element is there in which it would stand.
fn has_parent(pointer: &str, item: &Value) -> bool {
    let parent = pointer.rsplit_once('/').and_then(|(parent, _)| item.pointer(parent));
    parent.is_some_and(Value::is_object)
}

/// Reads a created key. Where the answer is not what the definition says, its value is still searched for:
/// it may stand there and nowhere else. One of another form than its keys had so far is taken all the same, where it stands
/// in its place: the form may have changed, and a call tells whether it works.
pub(super) fn minted(at: &Workspace, mint: &Operation, answer: &Response) -> Result<Minted, Failure> {
    let definition = &*at.definition;
    let mut body = answer.read(definition.answers()).unwrap_or_default();
    let remote_id = remote_id(&Withheld::of(at), &mint.answer.remote_id, &body);
    let created_at = time(&mint.answer.created_at, &body);
    let expires_at = time(&mint.answer.expires_at, &body);
    let stand: Vec<Secret> = match mint.answer.parts.is_empty() {
        true => {
            let places = mint.answer.secret.iter();
            places.filter_map(|pointer| take_secret(&mut body, pointer)).collect()
        }
        false => {
            let taken = mint.answer.parts.iter().map(|pointers| {
                let mut places = pointers.iter();
                places.find_map(|pointer| take_secret(&mut body, pointer))
            });
            let taken: Option<Vec<Secret>> = taken.collect();
            let whole = taken.map(|taken| Secret::of_parts(&taken.iter().map(Secret::expose).collect::<Vec<_>>()));
            whole.into_iter().collect()
        }
    };
    let (mut usual, unusual): (Vec<Secret>, Vec<Secret>) =
        stand.into_iter().partition(|secret| definition.matches_key(secret));
    let mut unusual = unusual.into_iter();
    let other = || unusual.find(|secret| secret.len() >= LEAST_KEY && in_place(Guard::OtherForm));
    // What stands in its place is the value, of whatever form: a word of it, or of its neighbours, may look more like one.
    let declared = match in_place(Guard::PlaceBeforeForm) {
        true => usual.drain(..).next().or_else(other),
        false => usual.drain(..).next(),
    };
    let searched = declared.is_none();
    let secret = declared.or_else(|| search(definition, &answer.body));
    let secret = secret
        .ok_or_else(|| Failure::unknown(Code::ProviderUnexpected).detail(SafeDetail::HttpStatus(answer.status)))?;
    Ok(Minted {
        secret,
        searched,
        remote_id,
        created_at,
        expires_at,
    })
}

/// Reads the id alone of a key that was created.
pub(super) fn id(at: &Workspace, mint: &Operation, answer: &Response) -> Option<String> {
    let body = answer.read(at.definition.answers())?;
    remote_id(&Withheld::of(at), &mint.answer.remote_id, &body)
}

/// Reads an opened organisation: its first key, the account's fields, further secrets.
pub(super) fn signed_up(at: &Workspace, signup: &Operation, answer: &Response) -> Result<SignedUp, Failure> {
    let (definition, withheld) = (&*at.definition, Withheld::of(at));
    let mut body = answer.read(definition.answers()).unwrap_or_default();
    let mut fields = BTreeMap::new();
    for (name, pointers) in &signup.answer.fields {
        let field = definition.account_fields().iter().find(|field| field.name() == name);
        let value = short_text(pointers, &body).ok().flatten();
        let value = value.filter(|value| !withheld.tells(value));
        if let Some(value) = value.filter(|value| field.is_some_and(|field| field.accepts(value))) {
            fields.insert(name.clone(), value);
        }
    }
    let mut others = Vec::new();
    for (name, pointers) in &signup.answer.others {
        if let Some(secret) = pointers.iter().find_map(|pointer| take_secret(&mut body, pointer)) {
            others.push((name.clone(), secret));
        }
    }
    let key = minted(at, signup, answer)?;
    Ok(SignedUp { fields, key, others })
}

/// Searches a body for the one value of the key's form; `None` where there are several, or where the form
/// has no mark of its own and any word could be taken for it.
fn search(definition: &Definition, body: &[u8]) -> Option<Secret> {
    if !definition.is_marked() {
        return None;
    }
    if !definition.parts().is_empty() {
        return definition.find_parts(std::str::from_utf8(body).ok()?);
    }
    let found = find_key(definition, body)?;
    let rest = words(body).filter(|word| *word != found);
    let mut others = rest.filter(|word| definition.format().whole.is_match(word));
    let is_whole = stands_whole(body, found) || !in_place(Guard::WholeWord);
    (is_whole && others.next().is_none()).then(|| Secret::new(found.to_owned()))
}

/// Whether the word ends on both sides where a text, a string or an element does: else it is a piece of a longer one. What the
/// body ends with may have been cut off.
fn stands_whole(body: &[u8], word: &str) -> bool {
    let bounds = |byte: &u8| byte.is_ascii_whitespace() || b"\"'<>".contains(byte);
    let mut places = body
        .windows(word.len())
        .enumerate()
        .filter(|(_, part)| *part == word.as_bytes());
    places.any(|(at, _)| {
        let before = at.checked_sub(1).map(|before| &body[before]);
        let begins = before.is_none_or(bounds);
        begins && body.get(at + word.len()).is_some_and(bounds)
    })
}

fn take_secret(body: &mut Value, pointer: &str) -> Option<Secret> {
    match body.pointer_mut(pointer)?.take() {
        Value::String(text) => {
            let fits = (1..=LONGEST_SECRET).contains(&text.len()) && !text.chars().any(char::is_control);
            let secret = Secret::new(text);
            fits.then_some(secret)
        }
        _ => None,
    }
}

/// Returns the id, if it has the form of one and tells no value.
fn remote_id(withheld: &Withheld<'_>, pointers: &[String], item: &Value) -> Option<String> {
    let found = pointers.iter().find_map(|pointer| match item.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    })?;
    (withheld.definition.matches_remote_id(&found) && !withheld.tells_by_id(&found)).then_some(found)
}

struct TooLong;

fn short_text(pointers: &[String], item: &Value) -> Result<Option<String>, TooLong> {
    match pointers.iter().find_map(|pointer| item.pointer(pointer)?.as_str()) {
        Some(text) if text.len() > LONGEST_TEXT => Err(TooLong),
        Some(text) => Ok(Some(text.to_owned()).filter(|text| !text.is_empty())),
        None => Ok(None),
    }
}

/// Reads when a key stops working by itself, from the answer to a call with it.
pub(super) fn end(verify: &Operation, body: &Value) -> Option<Timestamp> {
    time(&verify.answer.expires_at, body)
}

fn text(pointers: &[String], item: &Value) -> Option<String> {
    let found = pointers.iter().find_map(|pointer| item.pointer(pointer)?.as_str());
    found.filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The first characters of a text.
fn cut(text: &str) -> String {
    text.chars().take(LONGEST_NAME).collect()
}

/// Reads a moment: RFC 3339, ISO 8601 without a zone taken as UTC, seconds or milliseconds since 1970.
fn time(pointers: &[String], item: &Value) -> Option<Timestamp> {
    let at = pointers.iter().find_map(|pointer| match item.pointer(pointer)? {
        Value::String(text) => text.parse::<Timestamp>().ok().or_else(|| {
            let local: DateTime = text.parse().ok()?;
            local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        }),
        Value::Number(number) => match number.as_i64()? {
            seconds @ 1..100_000_000_000 => Timestamp::from_second(seconds).ok(),
            millis @ 100_000_000_000.. => Timestamp::from_millisecond(millis).ok(),
            _ => None,
        },
        _ => None,
    })?;
    // 2000 to 2200: a sentinel or a wrong unit is no date.
    (946_684_800..7_258_118_400).contains(&at.as_second()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::{Format, time, use_at};
    use serde_json::json;

    #[test]
    fn moments_are_read_in_four_notations() {
        let read = |value| time(&["/at".into()], &json!({ "at": value })).map(|at| at.to_string());
        let noon = Some("2026-11-20T12:00:00Z".to_owned());
        assert_eq!(read(json!("2026-11-20T12:00:00Z")), noon);
        assert_eq!(read(json!("2026-11-20T13:00:00+01:00")), noon);
        assert_eq!(read(json!("2026-11-20T12:00:00")), noon);
        assert_eq!(read(json!(1_795_176_000)), noon);
        assert_eq!(read(json!(1_795_176_000_000_i64)), noon);
        for nothing in [
            json!(0),
            json!(-1),
            json!(null),
            json!("never"),
            json!("1970-01-01T00:00:00Z"),
            json!(1e300),
            json!({}),
        ] {
            assert_eq!(read(nothing.clone()), None, "{nothing}");
        }
    }

    #[test]
    fn a_use_that_cannot_be_read_is_not_taken_for_none() {
        let read = |item, format| use_at(&["/used".into()], &item, format).map_err(|_| ());
        let noon = "2026-11-20T12:00:00Z";
        assert_eq!(read(json!({ "used": noon }), Format::Json), Ok(noon.parse().ok()));
        assert_eq!(read(json!({ "used": null }), Format::Json), Ok(None), "never");
        assert_eq!(read(json!({}), Format::Xml), Ok(None), "an element that is not there");
        assert_eq!(read(json!(null), Format::Xml), Err(()), "nothing of it is there");
        for unclear in [json!({}), json!({ "used": "just now" }), json!({ "used": 0 })] {
            assert_eq!(read(unclear.clone(), Format::Json), Err(()), "{unclear}");
        }
    }
}
