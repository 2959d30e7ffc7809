//! The form of a value: one text, or several parts that only work together.

use regex::Regex;
use zeroize::Zeroizing;

use super::file::PartFile;
use super::{Definition, DefinitionProblem, Reason, check};
use crate::model::Secret;

/// One part of a value, such as an access key's id.
#[derive(Debug, Clone)]
pub struct Part {
    name: String,
    variable: String,
    form: Regex,
    secret: bool,
}

impl Part {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The environment variable in which programs look for it.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Whether it must not be seen; an id may.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    pub(in crate::provider) fn fits(&self, text: &str) -> bool {
        self.form.is_match(text)
    }

    /// Reads the parts and the pattern of the whole value. The first is an id that may be shown, by which a list
    /// and a hint tell the key; a later one is secret.
    pub(super) fn read_all(files: Vec<PartFile>) -> Result<(Vec<Part>, Regex), DefinitionProblem> {
        let mut parts: Vec<Part> = Vec::new();
        let mut wholes = Vec::new();
        for (n, file) in files.into_iter().enumerate() {
            let at = |field: &str| format!("key.part[{n}].{field}");
            check::word(&file.name, &at("name"))?;
            let form = check::pattern(&file.pattern, &at("pattern"))?;
            let variable = file.variable;
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            let begins = variable.starts_with(|c: char| c.is_ascii_uppercase());
            if !begins || variable.len() > 64 || !variable.chars().all(plain) {
                return Err(DefinitionProblem::new(at("variable"), Reason::BadVariable));
            }
            // A line end would end the part, and an empty one could not be told from none.
            if form.is_match("") || form.is_match("\n") {
                return Err(DefinitionProblem::new(at("pattern"), Reason::BadPattern));
            }
            if parts
                .iter()
                .any(|other| other.name == file.name || other.variable == variable)
            {
                return Err(DefinitionProblem::new(at("name"), Reason::Duplicate));
            }
            if file.secret != (n > 0) {
                return Err(DefinitionProblem::new(at("secret"), Reason::NeedsIdFirst));
            }
            wholes.push(format!("(?:{})", &file.pattern[1..file.pattern.len() - 1]));
            parts.push(Part {
                name: file.name,
                variable,
                form,
                secret: file.secret,
            });
        }
        if !(2..=4).contains(&parts.len()) {
            return Err(DefinitionProblem::new("key.part", Reason::OutOfRange));
        }
        let whole = check::pattern(&format!("^{}$", wholes.join("\\n")), "key.part")?;
        Ok((parts, whole))
    }
}

impl Definition {
    /// What a value consists of; empty where it is one text.
    pub fn parts(&self) -> &[Part] {
        &self.key.parts
    }

    /// The value in a text that holds its parts, whatever stands around them; none for a value of one part.
    pub fn find_parts(&self, text: &str) -> Option<Secret> {
        let found = found_in(&self.key.parts, text)?;
        self.matches_key(&found).then_some(found)
    }

    /// The value as people and programs take it: itself, or a line `VARIABLE=part` for each of its parts.
    pub fn written_out(&self, value: &Secret) -> Secret {
        if self.key.parts.is_empty() {
            return Secret::new(value.expose().to_owned());
        }
        let named = self.key.parts.iter().zip(value.parts());
        let lines = named.map(|(part, text)| Zeroizing::new(format!("{}={text}", part.variable())));
        let lines: Vec<Zeroizing<String>> = lines.collect();
        Secret::of_parts(&lines.iter().map(|line| line.as_str()).collect::<Vec<_>>())
    }

    /// One part of a value, by the definition's name of it.
    pub fn part_of(&self, value: &Secret, name: &str) -> Option<Secret> {
        let at = self.key.parts.iter().position(|part| part.name() == name)?;
        Some(Secret::new(value.parts().nth(at)?.to_owned()))
    }

    /// Whether the word is what a key's value begins with, where that is a part of its own: an id.
    pub(in crate::provider) fn matches_id_part(&self, word: &Secret) -> bool {
        let id = self.key.parts.first();
        id.is_some_and(|id| id.fits(word.expose()))
    }
}

/// Finds the parts in a text, however it names and sets them apart: lines, a table, assignments. `None` where one
/// of them is not there, or where several words could be it.
fn found_in(parts: &[Part], text: &str) -> Option<Secret> {
    let mut found = Vec::new();
    for part in parts {
        let mut fitting = words(text).filter(|word| part.fits(word));
        let first = fitting.next()?;
        if fitting.any(|other| other != first) {
            return None;
        }
        found.push(first);
    }
    (!found.is_empty()).then(|| Secret::of_parts(&found))
}

/// The words of a text; of an assignment, what is assigned.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || c.is_control() || "\"'`,;:<>(){}[]|".contains(c);
    text.split(apart)
        .map(|word| word.split_once('=').map_or(word, |(_, assigned)| assigned))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Part, PartFile, found_in};

    const ID: &str = "AKIAIOSFODNN7EXAMPLE";
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn file(name: &str, pattern: &str, secret: bool) -> PartFile {
        PartFile {
            name: name.to_owned(),
            variable: name.to_uppercase(),
            pattern: pattern.to_owned(),
            secret,
        }
    }

    fn parts() -> Vec<Part> {
        let files = vec![
            file("id", "^AKIA[A-Z0-9]{16}$", false),
            file("secret", "^[A-Za-z0-9/+]{40}$", true),
        ];
        Part::read_all(files).unwrap().0
    }

    #[test]
    fn parts_are_found_in_every_way_that_people_keep_them() {
        for text in [
            format!("{ID}\n{SECRET}"),
            format!("{SECRET}  {ID}"),
            format!("{ID}:{SECRET}"),
            format!("Access key ID,Secret access key\r\n{ID},{SECRET}\r\n"),
            format!("export AWS_ACCESS_KEY_ID=\"{ID}\"\nexport AWS_SECRET_ACCESS_KEY='{SECRET}'"),
            format!("[default]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\nregion = us-east-1"),
            format!("{{\"AccessKeyId\":\"{ID}\",\"SecretAccessKey\":\"{SECRET}\"}}"),
            format!("<AccessKeyId>{ID}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>"),
        ] {
            let found = found_in(&parts(), &text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.expose(), format!("{ID}\n{SECRET}"), "{text}");
        }
    }

    #[test]
    fn half_a_value_and_two_values_are_none() {
        let other = SECRET.replace('w', "v");
        for text in [
            ID.to_owned(),
            SECRET.to_owned(),
            format!("{ID} {SECRET} {other}"),
            format!("{ID}{SECRET}"),
            String::new(),
        ] {
            assert!(found_in(&parts(), &text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_definition_has_an_id_first_and_secrets_after_it() {
        let id = || file("id", "^AKIA[A-Z0-9]{16}$", false);
        for (files, field) in [
            (vec![id()], "key.part"),
            (
                vec![file("id", "^A$", true), file("secret", "^B$", true)],
                "key.part[0].secret",
            ),
            (vec![id(), file("other", "^B$", false)], "key.part[1].secret"),
            (vec![id(), file("id", "^B$", true)], "key.part[1].name"),
            (vec![id(), file("secret", "^B*$", true)], "key.part[1].pattern"),
            (vec![id(), file("secret", "B", true)], "key.part[1].pattern"),
        ] {
            let problem = Part::read_all(files).map(drop).unwrap_err();
            assert_eq!(problem.field, field);
        }
    }
}
