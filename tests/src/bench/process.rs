//! What the kernel knows of a running program: when it was started, and the memory and time that it and its children take.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::window::Outcome;

/// The kernel's clock ticks a second, the same on every Linux.
const TICKS: f64 = 100.0;

/// A process, by its number.
#[derive(Clone, Copy, PartialEq)]
pub struct Process(u32);

impl Process {
    /// The one that runs this program on this data directory.
    pub fn of(program: &Path, data_dir: &Path) -> Outcome<Process> {
        let (program, dir) = (program.to_string_lossy(), data_dir.to_string_lossy());
        let found = all().find(|process| {
            let line = fs::read(format!("/proc/{}/cmdline", process.0)).unwrap_or_default();
            let mut words = line.split(|byte| *byte == 0);
            words.next() == Some(program.as_bytes()) && words.any(|word| word == dir.as_bytes())
        });
        found.ok_or_else(|| format!("{program} does not run"))
    }

    /// When it was started, in milliseconds since 1970, to 10 ms.
    pub fn started(self) -> Outcome<f64> {
        let uptime = fs::read_to_string("/proc/uptime").unwrap_or_default();
        let up: Option<f64> = uptime.split(' ').next().and_then(|seconds| seconds.parse().ok());
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|error| error.to_string())?;
        let ticks: Option<f64> = self.stat(22).and_then(|ticks| ticks.parse().ok());
        let (up, ticks) = up.zip(ticks).ok_or("the kernel does not tell when it was started")?;
        Ok((now.as_secs_f64() - up + ticks / TICKS) * 1000.0)
    }

    /// Its memory and that of all below it, in MiB; what several share is counted in parts.
    pub fn memory(self) -> f64 {
        self.family().into_iter().map(Process::pss).sum::<f64>() / 1024.0
    }

    /// Seconds of processor time that it and all below it have used.
    pub fn processor(self) -> f64 {
        self.family().into_iter().map(Process::ticks).sum::<f64>() / TICKS
    }

    fn family(self) -> Vec<Process> {
        let mut family = vec![self];
        let mut at = 0;
        while let Some(parent) = family.get(at).copied() {
            family.extend(all().filter(|child| child.parent() == Some(parent)));
            at += 1;
        }
        family
    }

    /// In user and in kernel mode.
    fn ticks(self) -> f64 {
        let of = |field| self.stat(field).and_then(|ticks| ticks.parse::<f64>().ok());
        of(14).unwrap_or_default() + of(15).unwrap_or_default()
    }

    fn parent(self) -> Option<Process> {
        self.stat(4).and_then(|id| id.parse().ok()).map(Process)
    }

    /// A field of `proc(5)`'s `stat`, counted from 1; the name before the third may hold spaces.
    fn stat(self, field: usize) -> Option<String> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        let (_, rest) = text.rsplit_once(") ")?;
        rest.split(' ').nth(field - 3).map(str::to_owned)
    }

    /// In KiB.
    fn pss(self) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.0)).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let number = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
        number.and_then(|kib| kib.trim().parse().ok()).unwrap_or_default()
    }
}

fn all() -> impl Iterator<Item = Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(Process))
}
