//! All providers: the built-in definitions, and those of the user's own directory.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Definition;
use super::built_in::{self, BUILT_IN};
use super::definition::{DefinitionProblem, MAX_BYTES, Reason, digest};
use super::looks::Looks;
use crate::failure::{Code, Failure};

/// Most definitions that are read from a directory.
const MOST_FILES: usize = 200;

/// The definitions by id, built-in ones first.
pub struct Catalog {
    own: Vec<Own>,
}

/// A definition of the user's, and its text.
struct Own {
    definition: Arc<Definition>,
    source: String,
    digest: String,
}

/// A definition that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogProblem {
    /// The file's name without its directory.
    pub file: String,
    pub problem: DefinitionProblem,
}

impl Catalog {
    /// Reads the definitions of the directory. One that is not valid is left out, and of two with one id, or with names that look
    /// alike, both are: nobody could say which of them keys were entrusted to. So is one that looks like a built-in one. Built-in ones are read when asked for.
    pub fn load(directory: Option<&Path>) -> (Catalog, Vec<CatalogProblem>) {
        let (mut read, mut problems): (Vec<(PathBuf, Own)>, Vec<CatalogProblem>) = Default::default();
        let left_out = |path: &Path, problem| CatalogProblem {
            file: shown(path),
            problem,
        };
        for path in directory.map(toml_files).unwrap_or_default() {
            match self::read(&path).and_then(own) {
                Ok(own) => read.push((path, own)),
                Err(problem) => problems.push(left_out(&path, problem)),
            }
        }
        let mut times: HashMap<String, usize> = HashMap::new();
        for (_, own) in &read {
            *times.entry(own.definition.id().to_owned()).or_default() += 1;
        }
        let mut catalog = Catalog { own: Vec::new() };
        let alike = alike(&read);
        for (at, (path, own)) in read.into_iter().enumerate() {
            match times.get(own.definition.id()) {
                Some(1) if alike.contains(&at) => {
                    problems.push(left_out(&path, DefinitionProblem::new("name", Reason::NameTaken)));
                }
                Some(1) => catalog.own.push(own),
                _ => problems.push(left_out(&path, DefinitionProblem::new("id", Reason::Duplicate))),
            }
        }
        problems.sort_by(|one, other| one.file.cmp(&other.file));
        (catalog, problems)
    }

    /// All definitions, built-in ones first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Definition>> {
        let built_in = BUILT_IN.iter().filter_map(|one| one.definition());
        built_in.chain(self.own.iter().map(|own| &own.definition))
    }

    pub fn get(&self, id: &str) -> Option<Arc<Definition>> {
        match built_in::find(id) {
            Some(built_in) => built_in.definition().cloned(),
            None => self.own(id).map(|own| own.definition.clone()),
        }
    }

    /// The text of a definition.
    pub fn source(&self, id: &str) -> Option<&str> {
        match built_in::find(id) {
            Some(built_in) => Some(built_in.text()),
            None => self.own(id).map(|own| own.source.as_str()),
        }
    }

    /// Names that text: another one has another digest.
    pub fn digest(&self, id: &str) -> Option<&str> {
        match built_in::find(id) {
            Some(built_in) => Some(built_in.digest()),
            None => self.own(id).map(|own| own.digest.as_str()),
        }
    }

    fn own(&self, id: &str) -> Option<&Own> {
        self.own.iter().find(|own| own.definition.id() == id)
    }

    /// Returns the definition, or says that there is none.
    pub fn require(&self, id: &str) -> Result<Arc<Definition>, Failure> {
        self.get(id)
            .ok_or_else(|| Failure::new(Code::ProviderUnknown).field("provider"))
    }

    /// Whether the definition came with Keywheel.
    pub fn is_built_in(&self, id: &str) -> bool {
        built_in::find(id).is_some()
    }
}

/// A definition of the user's; its id is not that of a built-in one.
fn own(source: String) -> Result<Own, DefinitionProblem> {
    let definition = Arc::new(Definition::parse(&source)?);
    match built_in::find(definition.id()) {
        Some(_) => Err(DefinitionProblem::new("id", Reason::BuiltInId)),
        None => Ok(Own {
            digest: digest(&source),
            definition,
            source,
        }),
    }
}

/// Which of them have the name of another one or of a built-in one, or one that looks like it. Where a person has no
/// definitions, no built-in one is read for that.
fn alike(read: &[(PathBuf, Own)]) -> HashSet<usize> {
    if read.is_empty() {
        return HashSet::new();
    }
    let built_in = BUILT_IN.iter().filter_map(|one| one.definition());
    let taken: Vec<Looks> = built_in.map(|one| Looks::of(one.name())).collect();
    let looks: Vec<Looks> = read.iter().map(|(_, own)| Looks::of(own.definition.name())).collect();
    let is_alike = |at: &usize| {
        let others = looks.iter().enumerate().filter(|(other, _)| other != at);
        let mut others = others.map(|(_, look)| look).chain(&taken);
        others.any(|other| looks[*at].is_like(other))
    };
    (0..looks.len()).filter(is_alike).collect()
}

/// The `*.toml` files of the directory, by name.
fn toml_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension() == Some(OsStr::new("toml")))
        .collect();
    files.sort();
    files.truncate(MOST_FILES);
    files
}

fn read(path: &Path) -> Result<String, DefinitionProblem> {
    let wrong = |reason| DefinitionProblem::new("file", reason);
    let about = fs::metadata(path).map_err(|_| wrong(Reason::Unreadable))?;
    if !about.is_file() {
        return Err(wrong(Reason::Unreadable));
    }
    if about.len() > MAX_BYTES as u64 {
        return Err(wrong(Reason::TooLarge));
    }
    fs::read_to_string(path).map_err(|_| wrong(Reason::Unreadable))
}

/// The file's name, fit for a message.
fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.chars()
        .map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' })
        .take(80)
        .collect()
}
