//! One input of a form.

use regex::Regex;

use super::file::FieldFile;
use super::{DefinitionProblem, Reason, check};

/// What kind of value a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    /// Never typed into a page: taken from the clipboard or a prompt.
    Secret,
    /// One of these words.
    Choice(Vec<String>),
}

/// One input of a form, by the definition's name.
#[derive(Debug, Clone)]
pub struct Field {
    name: String,
    label: String,
    kind: FieldKind,
    required: bool,
    help: Option<String>,
    example: Option<String>,
    pattern: Option<Regex>,
}

impl Field {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn label(&self) -> &str {
        &self.label
    }

    pub fn kind(&self) -> &FieldKind {
        &self.kind
    }

    pub fn is_secret(&self) -> bool {
        self.kind == FieldKind::Secret
    }

    pub fn required(&self) -> bool {
        self.required
    }

    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    pub fn example(&self) -> Option<&str> {
        self.example.as_deref()
    }

    /// The words that are allowed; empty where any text is.
    pub fn choices(&self) -> &[String] {
        match &self.kind {
            FieldKind::Choice(words) => words,
            FieldKind::Text | FieldKind::Secret => &[],
        }
    }

    /// Whether the value may be given: of the declared form, without control characters.
    pub fn accepts(&self, value: &str) -> bool {
        value.len() <= 4096
            && !value.chars().any(char::is_control)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(value))
            && (self.choices().is_empty() || self.choices().iter().any(|word| word == value))
    }

    pub(super) fn read(file: FieldFile, at: &str) -> Result<Field, DefinitionProblem> {
        check::word(&file.name, &format!("{at}.name"))?;
        let kind = match (file.secret, file.choices.is_empty()) {
            (true, true) => FieldKind::Secret,
            (true, false) => return Err(DefinitionProblem::new(format!("{at}.choices"), Reason::NotUsedHere)),
            (false, true) => FieldKind::Text,
            (false, false) => FieldKind::Choice(file.choices),
        };
        let pattern = match &file.pattern {
            Some(pattern) => Some(check::pattern(pattern, &format!("{at}.pattern"))?),
            None => None,
        };
        Ok(Field {
            label: check::text(file.label, 80, &format!("{at}.label"))?,
            help: check::optional_text(file.help, 400, &format!("{at}.help"))?,
            example: check::optional_text(file.example, 120, &format!("{at}.example"))?,
            name: file.name,
            required: file.required,
            kind,
            pattern,
        })
    }

    /// Reads a form; no name comes twice.
    pub(super) fn read_all(files: Vec<FieldFile>, at: &str) -> Result<Vec<Field>, DefinitionProblem> {
        let mut fields: Vec<Field> = Vec::new();
        for (n, file) in files.into_iter().enumerate() {
            let at = format!("{at}[{n}]");
            let field = Field::read(file, &at)?;
            if fields.iter().any(|other| other.name == field.name) {
                return Err(DefinitionProblem::new(format!("{at}.name"), Reason::Duplicate));
            }
            fields.push(field);
        }
        Ok(fields)
    }
}
