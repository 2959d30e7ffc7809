//! All providers: the built-in definitions, and those of the user's own directory.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::Definition;
use super::definition::{DefinitionProblem, MAX_BYTES, Reason};
use crate::failure::{Code, Failure};

/// The definitions that come with Keywheel.
const BUILT_IN: &[(&str, &str)] = &[
    ("overten.toml", include_str!("../../../providers/overten.toml")),
    ("on-page.toml", include_str!("../../../providers/on-page.toml")),
    ("authenta.toml", include_str!("../../../providers/authenta.toml")),
    ("ai-api.toml", include_str!("../../../providers/ai-api.toml")),
    ("optiverse.toml", include_str!("../../../providers/optiverse.toml")),
    ("jupyterhub.toml", include_str!("../../../providers/jupyterhub.toml")),
    ("aws-iam.toml", include_str!("../../../providers/aws-iam.toml")),
];

/// Most definitions that are read from a directory.
const MOST_FILES: usize = 200;

/// The definitions by id, built-in ones first.
pub struct Catalog {
    definitions: Vec<Arc<Definition>>,
    built_in: usize,
}

/// A definition that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogProblem {
    /// The file's name without its directory.
    pub file: String,
    pub problem: DefinitionProblem,
}

impl Catalog {
    /// Reads the built-in definitions and those of the directory. One that is not valid is left out.
    pub fn load(directory: Option<&Path>) -> (Catalog, Vec<CatalogProblem>) {
        let (definitions, mut problems) = built_in().clone();
        let mut catalog = Catalog {
            built_in: definitions.len(),
            definitions,
        };
        for path in directory.map(toml_files).unwrap_or_default() {
            if let Err(problem) = read(&path).and_then(|text| catalog.add(&text)) {
                problems.push(CatalogProblem {
                    file: shown(&path),
                    problem,
                });
            }
        }
        (catalog, problems)
    }

    /// All definitions, built-in ones first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.definitions.iter()
    }

    pub fn get(&self, id: &str) -> Option<Arc<Definition>> {
        self.definitions
            .iter()
            .find(|definition| definition.id() == id)
            .cloned()
    }

    /// Returns the definition, or says that there is none.
    pub fn require(&self, id: &str) -> Result<Arc<Definition>, Failure> {
        self.get(id)
            .ok_or_else(|| Failure::new(Code::ProviderUnknown).field("provider"))
    }

    /// Whether the definition came with Keywheel.
    pub fn is_built_in(&self, id: &str) -> bool {
        self.definitions[..self.built_in]
            .iter()
            .any(|definition| definition.id() == id)
    }

    /// All hosts that built-in definitions call.
    pub fn built_in_hosts(&self) -> Vec<String> {
        let mut hosts: Vec<String> = self.definitions[..self.built_in]
            .iter()
            .flat_map(|one| one.hosts())
            .cloned()
            .collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }

    fn add(&mut self, text: &str) -> Result<(), DefinitionProblem> {
        let definition = Definition::parse(text)?;
        match self.definitions.iter().position(|other| other.id() == definition.id()) {
            Some(n) if n < self.built_in => Err(DefinitionProblem::new("id", Reason::BuiltInId)),
            Some(_) => Err(DefinitionProblem::new("id", Reason::Duplicate)),
            None => {
                self.definitions.push(Arc::new(definition));
                Ok(())
            }
        }
    }
}

type Read = (Vec<Arc<Definition>>, Vec<CatalogProblem>);

/// The built-in definitions, read once: they are the same for the whole process.
fn built_in() -> &'static Read {
    static READ: OnceLock<Read> = OnceLock::new();
    READ.get_or_init(|| {
        let mut catalog = Catalog {
            definitions: Vec::new(),
            built_in: 0,
        };
        let mut problems = Vec::new();
        for (file, text) in BUILT_IN {
            if let Err(problem) = catalog.add(text) {
                let file = (*file).to_owned();
                problems.push(CatalogProblem { file, problem });
            }
        }
        (catalog.definitions, problems)
    })
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
