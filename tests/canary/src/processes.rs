//! Arguments and environment of every process of a session, looked at again and again while something runs.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{Finding, Scanner};

/// Between two looks at all processes.
const PAUSE: Duration = Duration::from_millis(5);

/// A process of the session: its id and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kin {
    pub id: u32,
    pub name: String,
}

/// Looks on until it is asked.
pub struct Onlooker {
    ends: Arc<AtomicBool>,
    looks: Arc<AtomicUsize>,
    seen: Arc<Mutex<BTreeMap<Vec<u8>, String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Onlooker {
    /// Begins to look at every process that carries this text in its environment.
    pub fn begin(mark: &str) -> Onlooker {
        let (ends, looks, seen) = (Arc::default(), Arc::default(), Arc::default());
        let mut looking = Looking {
            mark: mark.as_bytes().to_owned(),
            strangers: HashSet::new(),
            seen: Arc::clone(&seen),
        };
        let (end, count): (Arc<AtomicBool>, Arc<AtomicUsize>) = (Arc::clone(&ends), Arc::clone(&looks));
        let thread = std::thread::spawn(move || {
            while !end.load(Ordering::SeqCst) {
                looking.once();
                count.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(PAUSE);
            }
        });
        Onlooker {
            ends,
            looks,
            seen,
            thread: Some(thread),
        }
    }

    /// How often all processes were looked at.
    pub fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }

    /// What was seen up to now, and in how many different arguments and environments.
    pub fn found(&self, scanner: &Scanner) -> (usize, Vec<Finding>) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let found = seen
            .iter()
            .flat_map(|(bytes, place)| scanner.find(place, bytes))
            .collect();
        (seen.len(), found)
    }
}

impl Drop for Onlooker {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // What it met is no reason to hold up the end.
            let _ = thread.join();
        }
    }
}

struct Looking {
    mark: Vec<u8>,
    /// Processes of others, so that they are read once.
    strangers: HashSet<u32>,
    seen: Arc<Mutex<BTreeMap<Vec<u8>, String>>>,
}

impl Looking {
    fn once(&mut self) {
        let all = processes();
        let living: HashSet<u32> = all.iter().copied().collect();
        self.strangers.retain(|stranger| living.contains(stranger));
        for id in all {
            if self.strangers.contains(&id) {
                continue;
            }
            let folder = Path::new("/proc").join(id.to_string());
            let Ok(environment) = std::fs::read(folder.join("environ")) else {
                continue;
            };
            if !environment.windows(self.mark.len()).any(|text| text == self.mark) {
                // A process that has just been made has none yet.
                if !environment.is_empty() {
                    self.strangers.insert(id);
                }
                continue;
            }
            let arguments = std::fs::read(folder.join("cmdline")).unwrap_or_default();
            let name = std::fs::read_to_string(folder.join("comm")).unwrap_or_default();
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            for (bytes, what) in [(environment, "environment"), (arguments, "arguments")] {
                seen.entry(bytes)
                    .or_insert_with(|| format!("{what} of {}", name.trim()));
            }
        }
    }
}

impl Kin {
    /// The processes of the session that bears this mark, by a part of their name.
    pub fn named(mark: &str, part: &str) -> Vec<Kin> {
        let of = |id: u32| {
            let folder = Path::new("/proc").join(id.to_string());
            let environment = std::fs::read(folder.join("environ")).ok()?;
            let program = std::fs::read_link(folder.join("exe")).ok()?;
            let name = program.file_name()?.to_string_lossy().into_owned();
            let ours = environment.windows(mark.len()).any(|text| text == mark.as_bytes());
            (ours && name.contains(part)).then_some(Kin { id, name })
        };
        processes().into_iter().filter_map(of).collect()
    }
}

fn processes() -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}
