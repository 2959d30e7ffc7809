//! A clock that nobody can set: how long this run of the machine has lasted, sleep included.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::{Entropy, SystemEntropy};

/// What it shows. Two readings can be compared only within one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steady {
    /// Names the run of the machine; where the system does not tell it, the process.
    pub boot: String,
    /// How long it has lasted.
    pub up: Duration,
}

/// Reads it as Linux tells it (proc(5): `uptime` counts sleep); elsewhere it begins with the process.
pub(super) fn read() -> Steady {
    told().unwrap_or_else(of_process)
}

fn told() -> Option<Steady> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = uptime.split_whitespace().next()?.parse().ok()?;
    Some(Steady {
        boot: boot.trim().to_owned(),
        up: Duration::try_from_secs_f64(seconds).ok()?,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where a clock that nobody can set is read"
)]
fn of_process() -> Steady {
    static BEGUN: OnceLock<(String, Instant)> = OnceLock::new();
    let (boot, begun) = BEGUN.get_or_init(|| {
        let mut random = [0u8; 16];
        SystemEntropy.fill(&mut random);
        (
            random.iter().map(|byte| format!("{byte:02x}")).collect(),
            Instant::now(),
        )
    });
    Steady {
        boot: boot.clone(),
        up: begun.elapsed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_within_one_run_and_never_back() {
        for read in [read, of_process] {
            let (one, other) = (read(), read());
            assert_eq!(one.boot, other.boot);
            assert!(!one.boot.is_empty() && one.up <= other.up);
        }
    }
}
