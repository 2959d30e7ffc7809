//! The window's start and memory beside an empty one in the same run, and what a keystroke in the filter takes.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::crowd::Crowd;
use super::figure::Figure;
use super::median;
use super::process::Process;
use crate::journey::to_list;
use crate::window::{Look, Outcome, Window};

/// How often each window is started.
const TIMES: usize = 7;
/// Until the memory of a window that has nothing to do is taken.
const REST: Duration = Duration::from_secs(3);

/// When the overview was drawn, in milliseconds since 1970; nothing before that.
const DRAWN: &str = "const [mark] = performance.getEntriesByName('drawn');
    return mark ? performance.timeOrigin + mark.startTime : null;";

/// Types a filter and takes it back, and calls back with the milliseconds from each keystroke to its picture.
const TYPED: &str = "const done = arguments[arguments.length - 1];
    const field = document.querySelector('[data-testid=filter]');
    const drawn = () => new Promise((then) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = then; port2.postMessage(0); }));
    const type = async (text) => {
        await drawn();
        const from = performance.now();
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        await drawn();
        return performance.now() - from;
    };
    (async () => {
        const times = [];
        for (const word of ['service-0042', 'organisation 03', 'zzz', 'status:stale ser'])
            for (let end = 1; end <= word.length; end++) times.push(await type(word.slice(0, end)));
        await type('');
        done(times);
    })();";

struct Started {
    ms: f64,
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
    let of = |which: usize, what: fn(&Started) -> f64| median(starts[which].iter().map(what).collect());
    let (ms, mib) = (|which| of(which, |it| it.ms), |which| of(which, |it| it.mib));
    let mut figures = Vec::new();
    for (which, keys) in [(1, "1,000"), (2, "10,000")] {
        let both = (ms(which), ms(0));
        let start = Figure::beside(
            format!("start to the overview, {keys} keys"),
            both,
            "ms",
            "an empty window",
        );
        figures.push(start.aim("≤ 1.2 ×, ≤ 400 ms"));
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
    figures.extend(keystrokes(desktop, &ten_thousand.dir).await?);
    Ok(figures)
}

async fn start(program: &Path, dir: &Path) -> Outcome<Started> {
    let window = open(program, dir).await?;
    let process = Process::of(program, dir)?;
    let drawn = loop {
        match window.run(DRAWN).await? {
            Value::Number(at) => break at.as_f64().unwrap_or_default(),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let ms = drawn - process.started()?;
    tokio::time::sleep(REST).await;
    let mib = process.memory();
    window.close().await?;
    Ok(Started { ms, mib })
}

async fn keystrokes(desktop: &Path, dir: &Path) -> Outcome<[Figure; 2]> {
    let window = open(desktop, dir).await?;
    to_list(&window).await?;
    let times = window.run_async(TYPED).await?;
    window.close().await?;
    let times: Vec<f64> = times
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect();
    let worst = times.iter().copied().fold(0.0, f64::max);
    let what = |which: &str| format!("filter, 10,000 keys: a keystroke to its picture, {which}");
    Ok([
        Figure::plain(what("median"), format!("{:.0} ms", median(times))).aim("≤ 33 ms"),
        Figure::plain(what("worst"), format!("{worst:.0} ms")),
    ])
}

/// Opens a window that draws as the shipped program does.
async fn open(program: &Path, dir: &Path) -> Outcome<Window> {
    let look = Look {
        pictures: false,
        ..Look::default()
    };
    Window::open_as(program, dir, look).await
}
