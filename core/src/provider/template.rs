//! Typed placeholders: what a definition may fill into a path or a body, and how it is encoded there.
//!
//! Deliberately absent: any placeholder for a secret. Those stand in headers only, see
//! [`crate::http::auth::HeaderScheme`].

use std::collections::BTreeMap;

/// A text with placeholders: `/organizations/{account.org_id}/api-keys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Placeholder),
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// `{account.org_id}`: a field of the account.
    Account(String),
    /// `{key.remote_id}`: the provider's id of the key acted on.
    RemoteId,
    /// `{input.name}`, or `{input.name?}` where the member is left out without it.
    Input { name: String, optional: bool },
    /// `{nonce}`: legal in the header of an idempotency key only.
    Nonce,
    /// `{key.value}` and `{credential.token}`: legal in headers only.
    Secret,
}

/// Why a text is not a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemplateProblem {
    NotClosed,
    NotKnown,
}

/// The values of one act.
#[derive(Default, Clone, Copy)]
pub(super) struct Values<'a> {
    pub account: Option<&'a BTreeMap<String, String>>,
    pub remote_id: Option<&'a str>,
    pub inputs: Option<&'a BTreeMap<String, String>>,
}

/// Why a template cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FillProblem {
    /// No value for the field named.
    Missing(String),
    /// The value of the field named may not stand there.
    Unfit(String),
}

impl Template {
    pub fn parse(text: &str) -> Result<Template, TemplateProblem> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(open);
            let inner = from.strip_prefix('{').ok_or(TemplateProblem::NotClosed)?;
            let (name, after) = inner.split_once('}').ok_or(TemplateProblem::NotClosed)?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Value(Placeholder::parse(name).ok_or(TemplateProblem::NotKnown)?));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Template(pieces))
    }

    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value(placeholder) => Some(placeholder),
            Piece::Text(_) => None,
        })
    }

    /// The text between the placeholders.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Value(_) => None,
        })
    }

    /// The name of an optional input that is the whole template.
    pub fn as_optional(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Value(Placeholder::Input { name, optional: true })] => Some(name),
            _ => None,
        }
    }

    /// The account field that is the whole template.
    pub fn as_account_field(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Value(Placeholder::Account(name))] => Some(name),
            _ => None,
        }
    }

    /// Fills in a path. A value becomes one segment's text: percent-encoded (RFC 3986 §2.1), and refused
    /// where it holds a separator, a dot segment or a control character.
    pub fn fill_path(&self, values: Values<'_>) -> Result<String, FillProblem> {
        self.fill(values, |name, value, out| {
            let dotted = value == "." || value.contains("..");
            if value.is_empty() || dotted || value.contains(['/', '\\']) || value.chars().any(char::is_control) {
                return Err(FillProblem::Unfit(name.to_owned()));
            }
            for byte in value.bytes() {
                match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
                    _ => out.push_str(&format!("%{byte:02X}")),
                }
            }
            Ok(())
        })
    }

    /// Fills in a text of a JSON body; the encoder escapes it.
    pub fn fill_text(&self, values: Values<'_>) -> Result<String, FillProblem> {
        self.fill(values, |name, value, out| {
            if value.chars().any(char::is_control) {
                return Err(FillProblem::Unfit(name.to_owned()));
            }
            out.push_str(value);
            Ok(())
        })
    }

    fn fill(
        &self,
        values: Values<'_>,
        put: impl Fn(&str, &str, &mut String) -> Result<(), FillProblem>,
    ) -> Result<String, FillProblem> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(placeholder) => {
                    let (name, value) = values.of(placeholder);
                    let value = value.ok_or_else(|| FillProblem::Missing(name.to_owned()))?;
                    put(name, value, &mut out)?;
                }
            }
        }
        Ok(out)
    }
}

impl Placeholder {
    fn parse(name: &str) -> Option<Placeholder> {
        let word = |text: &str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            (!text.is_empty() && text.len() <= 40 && text.chars().all(plain)).then(|| text.to_owned())
        };
        match name {
            "key.remote_id" => Some(Placeholder::RemoteId),
            "nonce" => Some(Placeholder::Nonce),
            "key.value" | "credential.token" => Some(Placeholder::Secret),
            _ => match name.split_once('.')? {
                ("account", field) => word(field).map(Placeholder::Account),
                ("input", input) => {
                    let (input, optional) = input.strip_suffix('?').map_or((input, false), |input| (input, true));
                    word(input).map(|name| Placeholder::Input { name, optional })
                }
                _ => None,
            },
        }
    }
}

impl<'a> Values<'a> {
    fn of<'p>(&self, placeholder: &'p Placeholder) -> (&'p str, Option<&'a str>) {
        let find = |map: Option<&'a BTreeMap<String, String>>, name: &str| map.and_then(|map| map.get(name));
        match placeholder {
            Placeholder::Account(name) => (name, find(self.account, name).map(String::as_str)),
            Placeholder::Input { name, .. } => (name, find(self.inputs, name).map(String::as_str)),
            Placeholder::RemoteId => ("remote_id", self.remote_id),
            // Refused when the definition was read.
            Placeholder::Nonce | Placeholder::Secret => ("", None),
        }
    }

    /// The value of an input, where it is there and not empty.
    pub fn input(&self, name: &str) -> Option<&'a str> {
        self.inputs
            .and_then(|inputs| inputs.get(name))
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::{FillProblem, Template, TemplateProblem, Values};
    use std::collections::BTreeMap;

    fn filled(org: &str) -> Result<String, FillProblem> {
        let account = BTreeMap::from([("org_id".to_owned(), org.to_owned())]);
        let template = Template::parse("/orgs/{account.org_id}/keys").unwrap();
        template.fill_path(Values {
            account: Some(&account),
            ..Values::default()
        })
    }

    #[test]
    fn a_path_value_is_encoded_as_one_segment() {
        assert_eq!(filled("org_1").unwrap(), "/orgs/org_1/keys");
        assert_eq!(
            filled("a b?c#d%2e@é").unwrap(),
            "/orgs/a%20b%3Fc%23d%252e%40%C3%A9/keys"
        );
    }

    #[test]
    fn a_path_value_that_could_leave_its_segment_is_refused() {
        for hostile in [
            "", ".", "..", "a/../b", "a/b", "a\\b", "a\r\nb", "x..y", "\u{0}", "\u{85}",
        ] {
            assert_eq!(filled(hostile), Err(FillProblem::Unfit("org_id".into())), "{hostile:?}");
        }
    }

    #[test]
    fn a_missing_value_is_named() {
        let template = Template::parse("{input.name}").unwrap();
        assert_eq!(
            template.fill_text(Values::default()),
            Err(FillProblem::Missing("name".into()))
        );
    }

    #[test]
    fn only_known_and_closed_placeholders_are_read() {
        for (text, problem) in [
            ("{account.org_id", TemplateProblem::NotClosed),
            ("account.org_id}", TemplateProblem::NotClosed),
            ("{account}", TemplateProblem::NotKnown),
            ("{env.HOME}", TemplateProblem::NotKnown),
            ("{account.{input.x}}", TemplateProblem::NotKnown),
            ("{account.Org}", TemplateProblem::NotKnown),
            ("{}", TemplateProblem::NotKnown),
        ] {
            assert_eq!(Template::parse(text), Err(problem), "{text}");
        }
    }
}
