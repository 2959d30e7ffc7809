//! The memory of a process that runs: every page of it that exists and can be written.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::{Finding, Scanner};

const PAGE: u64 = 4096;

/// Largest piece that is read at once, and what two pieces share, so that nothing is cut at their border.
const AT_ONCE: u64 = 16 << 20;
const SHARED: u64 = PAGE;

/// Looks through the memory of a process. Returns how many bytes were read, and what was seen in them.
pub fn memory(process: u32, scanner: &Scanner) -> std::io::Result<(u64, Vec<Finding>)> {
    let folder = Path::new("/proc").join(process.to_string());
    let maps = std::fs::read_to_string(folder.join("maps"))?;
    let name = std::fs::read_to_string(folder.join("comm"))?;
    let (memory, pages) = (File::open(folder.join("mem"))?, File::open(folder.join("pagemap"))?);
    let (mut read, mut found) = (0, Vec::new());
    for line in maps.lines() {
        let Some(mapping) = Mapping::of(line) else { continue };
        for (from, to) in present(&pages, &mapping)? {
            let mut at = from;
            while at < to {
                let end = to.min(at + AT_ONCE);
                let mut bytes = vec![0; usize::try_from(end - at).unwrap_or_default()];
                // A page may go while we look; what is left of the mapping comes with the next look.
                let Ok(()) = memory.read_exact_at(&mut bytes, at) else {
                    break;
                };
                read += end - at;
                if bytes.iter().any(|byte| *byte != 0) {
                    let place = format!("memory of {}, {}", name.trim(), mapping.what);
                    found.extend(scanner.plainly(&place, &bytes));
                }
                at = if end == to { to } else { end - SHARED };
            }
        }
    }
    Ok((read, found))
}

struct Mapping<'a> {
    from: u64,
    to: u64,
    what: &'a str,
}

impl Mapping<'_> {
    /// Reads a line of `maps`. What is only read, such as a program's own text, holds no value.
    fn of(line: &str) -> Option<Mapping<'_>> {
        let mut words = line.split_whitespace();
        let (from, to) = words.next()?.split_once('-')?;
        let rights = words.next()?;
        let what = words.nth(3).unwrap_or("anonymous");
        let device = what.starts_with("/dev/") && !what.starts_with("/dev/shm") || what.starts_with("[v");
        (rights.starts_with("rw") && !device).then_some(Mapping {
            from: u64::from_str_radix(from, 16).ok()?,
            to: u64::from_str_radix(to, 16).ok()?,
            what,
        })
    }
}

/// The runs of pages that exist, in memory or swapped out (proc_pid_pagemap(5): bits 63 and 62).
fn present(mut pages: &File, mapping: &Mapping<'_>) -> std::io::Result<Vec<(u64, u64)>> {
    let count = usize::try_from((mapping.to - mapping.from) / PAGE).unwrap_or_default();
    let mut entries = vec![0; count * 8];
    pages.seek(SeekFrom::Start(mapping.from / PAGE * 8))?;
    pages.read_exact(&mut entries)?;
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for (page, entry) in entries.chunks_exact(8).enumerate() {
        if entry[7] >> 6 == 0 {
            continue;
        }
        let at = mapping.from + page as u64 * PAGE;
        match runs.last_mut() {
            Some((_, end)) if *end == at => *end += PAGE,
            _ => runs.push((at, at + PAGE)),
        }
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::memory;
    use crate::{Canary, Scanner};
    use std::process::{Command, Stdio};

    #[test]
    fn a_value_in_the_memory_of_another_process_is_found() {
        let value = "sk_live_q7Zt2LmXv9RbKs4WfYp8DcHn3JgA";
        let scanner = Scanner::new(&[Canary::new("key", value)]);
        // The shell keeps the variable in its heap; it is not in its arguments.
        let mut shell = Command::new("sh");
        shell.args(["-c", "read -r value; echo there; read -r end"]);
        let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = shell.stdin.take().unwrap();
        std::io::Write::write_all(&mut input, format!("{value}\n").as_bytes()).unwrap();
        let mut there = [0; 5];
        std::io::Read::read_exact(shell.stdout.as_mut().unwrap(), &mut there).unwrap();
        let (read, found) = memory(shell.id(), &scanner).unwrap();
        assert!(read > 4096, "{read}");
        assert!(
            found.iter().any(|one| one.canary == "key" && one.form == "plain"),
            "{found:?}"
        );
        drop(input);
        shell.wait().unwrap();
    }
}
