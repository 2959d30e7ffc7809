//! The window's start and memory beside an empty one in the same run, and what a keystroke takes.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::crowd::Crowd;
use super::figure::Figure;
use super::process::Process;
use super::{median, typing};
use crate::window::{Look, Outcome, Window};

/// How often each window is started.
const TIMES: usize = 7;
/// Until the memory of a window that has nothing to do is taken.
const REST: Duration = Duration::from_secs(3);

/// When the page was begun, asked for the inventory, had it, and was drawn, in milliseconds since 1970; nothing before
/// the last. The empty page asks for nothing.
const DRAWN: &str = "const [mark] = performance.getEntriesByName('drawn');
    const at = (name) => performance.timeOrigin + (performance.getEntriesByName(name)[0]?.startTime ?? 0);
    return mark ? [performance.timeOrigin, at('asked'), at('answered'), at('drawn')] : null;";
/// A window that is not drawn by then never is.
const DRAWN_WITHIN: Duration = Duration::from_secs(60);

/// The last of the moments.
const DRAW: usize = 3;

struct Started {
    /// Until the page is begun, has asked, has its answer, and is drawn.
    ms: [f64; 4],
    mib: f64,
}

pub async fn measure(empty: &Path, desktop: &Path) -> Outcome<Vec<Figure>> {
    let nowhere = tempfile::tempdir().map_err(|error| error.to_string())?;
    let thousand = Crowd::of(10, 100).await?;
    let ten_thousand = Crowd::of(10, 1000).await?;
    let places = [
        (empty, nowhere.path()),
        (desktop, &thousand.dir),
        (desktop, &ten_thousand.dir),
    ];
    let mut starts: [Vec<Started>; 3] = Default::default();
    for _ in 0..TIMES {
        for (starts, (program, dir)) in starts.iter_mut().zip(places) {
            starts.push(start(program, dir).await?);
        }
    }
    let of = |which: usize, what: &dyn Fn(&Started) -> f64| median(starts[which].iter().map(what).collect());
    let until = |which, moment: usize| of(which, &|it: &Started| it.ms[moment]);
    let mib = |which| of(which, &|it: &Started| it.mib);
    let mut figures = Vec::new();
    for (which, keys) in [(1, "1,000"), (2, "10,000")] {
        let both = (until(which, DRAW), until(0, DRAW));
        let start = Figure::beside(
            format!("start to the overview, {keys} keys"),
            both,
            "ms",
            "an empty window",
        );
        figures.push(start.aim("≤ 1.2 ×, ≤ 400 ms"));
        let page = (until(which, 0), until(0, 0));
        figures.push(Figure::beside(
            "— until its page begins",
            page,
            "ms",
            "an empty window's",
        ));
        for (moment, what) in [(1, "asks"), (2, "has the inventory"), (DRAW, "is drawn")] {
            let span = until(which, moment) - until(which, moment - 1);
            figures.push(Figure::plain(
                format!("— then until it {what}"),
                format!("{span:.0} ms"),
            ));
        }
    }
    for (which, keys) in [(1, "1,000"), (2, "10,000")] {
        let memory = Figure::beside(
            format!("memory, {keys} keys"),
            (mib(which), mib(0)),
            "MiB",
            "an empty window",
        );
        figures.push(memory.aim("≤ 1.15 ×"));
    }
    figures.extend(typing::measure(desktop, &ten_thousand.dir).await?);
    Ok(figures)
}

async fn start(program: &Path, dir: &Path) -> Outcome<Started> {
    let window = open(program, dir).await?;
    let process = Process::of(program, dir)?;
    let asked = Instant::now();
    let moments = loop {
        match window.run(DRAWN).await? {
            Value::Array(moments) => break moments,
            _ if asked.elapsed() > DRAWN_WITHIN => return Err(format!("{} draws nothing", program.display())),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let started = process.started()?;
    let mut ms = [0.0; 4];
    for (ms, at) in ms.iter_mut().zip(moments) {
        *ms = at.as_f64().unwrap_or_default() - started;
    }
    tokio::time::sleep(REST).await;
    let mib = process.memory();
    window.close().await?;
    Ok(Started { ms, mib })
}

/// Opens a window that draws as the shipped program does.
pub async fn open(program: &Path, dir: &Path) -> Outcome<Window> {
    let look = Look {
        pictures: false,
        ..Look::default()
    };
    Window::open_as(program, dir, look).await
}
