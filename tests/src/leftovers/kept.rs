//! A leftover as a folder: written by the program of one version, read by the tests of every later one.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use keywheel_core::store::DB_FILE;
use provider_sim::Snapshot;
use serde_json::json;

/// What is kept of one state.
#[derive(Debug, Clone)]
pub struct Kept {
    pub name: String,
    /// State and step, as the command left them.
    pub rests: String,
    /// The whole database, as its file's bytes.
    pub database: Vec<u8>,
    /// Definitions of the user's own, by the name of their file.
    pub providers: BTreeMap<String, String>,
    /// Items of the keychain, by their name. Every value was invented by the simulator.
    pub keychain: BTreeMap<String, String>,
    pub provider: Snapshot,
    /// Files that hold the slot's value, in the order of its targets.
    pub files: BTreeMap<String, String>,
    /// A line an act, then where it rests and what that is.
    pub course: Vec<String>,
}

impl Kept {
    /// Writes its folder, which is made anew.
    pub fn write(&self, below: &Path) -> std::io::Result<()> {
        let folder = below.join(&self.name);
        if folder.is_dir() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let packed = std::fs::File::create(folder.join(format!("{DB_FILE}.gz")))?;
        let mut packed = GzEncoder::new(packed, Compression::best());
        packed.write_all(&self.database)?;
        packed.finish()?;
        write_all(&folder.join("providers"), &self.providers)?;
        write_all(&folder.join("files"), &self.files)?;
        let keychain = json!({
            "note": "invented by the simulator: none of these values opens anything",
            "items": self.keychain,
        });
        let text = |value: &serde_json::Value| serde_json::to_string_pretty(value).map(|text| text + "\n");
        std::fs::write(folder.join("keychain.json"), text(&keychain)?)?;
        let provider = serde_json::to_value(&self.provider)?;
        std::fs::write(folder.join("provider.json"), text(&provider)?)?;
        std::fs::write(folder.join("course.txt"), self.course.join("\n") + "\n")
    }

    /// Reads a folder.
    pub fn read(folder: &Path) -> std::io::Result<Kept> {
        let mut database = Vec::new();
        let packed = std::fs::File::open(folder.join(format!("{DB_FILE}.gz")))?;
        GzDecoder::new(packed).read_to_end(&mut database)?;
        let text = |name: &str| std::fs::read_to_string(folder.join(name));
        let keychain: serde_json::Value = serde_json::from_str(&text("keychain.json")?)?;
        let course: Vec<String> = text("course.txt")?.lines().map(str::to_owned).collect();
        let rests = course.iter().find_map(|line| line.strip_prefix("rests: "));
        Ok(Kept {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            rests: rests.unwrap_or_default().to_owned(),
            database,
            providers: read_all(&folder.join("providers"))?,
            keychain: serde_json::from_value(keychain["items"].clone())?,
            provider: serde_json::from_str(&text("provider.json")?)?,
            files: read_all(&folder.join("files"))?,
            course,
        })
    }
}

/// The folders of every version's leftovers, in order.
pub fn folders() -> Vec<PathBuf> {
    let below = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir())
    };
    let mut found: Vec<PathBuf> = below(super::root()).flat_map(below).collect();
    found.sort();
    found
}

fn write_all(folder: &Path, texts: &BTreeMap<String, String>) -> std::io::Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    texts
        .iter()
        .try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
}

fn read_all(folder: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            texts.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(texts)
}
