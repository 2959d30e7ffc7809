//! Where a TOML error stands, said without repeating the file's text.

use super::{DefinitionProblem, Reason};

/// Turns the reader's error into a field's path and a reason.
pub(super) fn problem(text: &str, error: &toml::de::Error) -> DefinitionProblem {
    let said = error.message();
    let path = error.span().and_then(|span| path_at(text, span.start));
    // The reader names the field between backticks: "missing field `id`", "unknown field `hots`, …".
    let named = said.split('`').nth(1).filter(|name| is_plain(name));
    if said.starts_with("missing field") {
        let table = path.and_then(|path| path.table);
        return DefinitionProblem::new(joined(table, named), Reason::MissingField);
    }
    if said.starts_with("unknown field") {
        let table = path.and_then(|path| path.table);
        return DefinitionProblem::new(joined(table, named), Reason::UnknownField);
    }
    if said.starts_with("invalid type") || said.starts_with("data did not match") || said.starts_with("invalid value") {
        let (table, key) = path.map_or((None, None), |path| (path.table, path.key));
        return DefinitionProblem::new(joined(table, key.as_deref()), Reason::WrongType);
    }
    let line = error
        .span()
        .map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
    DefinitionProblem::new(format!("line {line}"), Reason::NotToml)
}

struct Path {
    table: Option<String>,
    key: Option<String>,
}

/// Finds the table's header above the position and the key on its line.
fn path_at(text: &str, at: usize) -> Option<Path> {
    let line_start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let key = line
        .split_once('=')
        .map(|(key, _)| key.trim())
        .filter(|key| is_plain(key))
        .map(str::to_owned);
    let seen = text.get(..line_start + line.len())?;
    let header = seen.lines().rev().find_map(|line| line.trim().strip_prefix('['));
    let table = header
        .map(|header| header.trim_matches(['[', ']']).trim())
        .filter(|name| is_plain(name));
    Some(Path {
        table: table.map(str::to_owned),
        key,
    })
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.len() <= 80 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

fn joined(table: Option<String>, key: Option<&str>) -> String {
    match (table, key) {
        (Some(table), Some(key)) => format!("{table}.{key}"),
        (Some(table), None) => table,
        (None, Some(key)) => key.to_owned(),
        (None, None) => "file".to_owned(),
    }
}
