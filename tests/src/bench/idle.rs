//! What a window takes that nobody touches: processor time, and memory at the beginning and at the end.

use std::path::Path;
use std::time::{Duration, Instant};

use super::crowd::Crowd;
use super::figure::Figure;
use super::process::Process;
use crate::window::Outcome;

/// Until a start has done what it puts off.
const SETTLED: Duration = Duration::from_secs(30);
/// Between two looks.
const LOOK: Duration = Duration::from_secs(30);

/// Leaves a window on 10,000 keys alone for so many minutes.
pub async fn measure(desktop: &Path, minutes: u32) -> Outcome<Vec<Figure>> {
    let crowd = Crowd::of(10, 1000).await?;
    let window = super::window::open(desktop, &crowd.dir).await?;
    let process = Process::of(desktop, &crowd.dir)?;
    tokio::time::sleep(SETTLED).await;
    let (begun, used) = (Instant::now(), process.processor());
    let mut memory = vec![process.memory()];
    while begun.elapsed() < Duration::from_secs(60) * minutes {
        tokio::time::sleep(LOOK).await;
        memory.push(process.memory());
        eprintln!("{:.0} s: {:.1} MiB", begun.elapsed().as_secs_f64(), process.memory());
    }
    let share = (process.processor() - used) / begun.elapsed().as_secs_f64() * 100.0;
    window.close().await?;
    let ends = memory.first().copied().zip(memory.last().copied());
    let (first, last) = ends.ok_or("memory was looked at")?;
    let most = memory.iter().copied().fold(0.0, f64::max);
    let idle = |what: &str| format!("{minutes} idle minutes, 10,000 keys: {what}");
    Ok(vec![
        Figure::plain(idle("processor"), format!("{share:.2} % of one core")).aim("≤ 0.2 %"),
        Figure::beside(idle("memory at the end"), (last, first), "MiB", "at the beginning").aim("flat"),
        Figure::plain(idle("memory, at most"), format!("{most:.0} MiB")),
    ])
}
