//! What a keystroke takes in the filter and in the palette, and how many rows the list keeps, over 10,000 keys.

use std::path::Path;

use serde_json::Value;

use super::figure::Figure;
use super::median;
use crate::journey::to_list;
use crate::window::Outcome;

/// What both scripts begin with: the end of a frame, and the milliseconds from an act to its picture.
const TOOLS: &str = "const done = arguments[arguments.length - 1];
    const drawn = () => new Promise((then) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = then; port2.postMessage(0); }));
    const timed = async (act) => {
        await drawn();
        const from = performance.now();
        act();
        await drawn();
        return performance.now() - from;
    };
    const find = (id) => document.querySelector(`[data-testid=${id}]`);
    const type = (id, text) => timed(() => {
        const field = find(id);
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    });";

/// Types a filter and takes it back, and calls back with the times of all keystrokes.
const FILTER: &str = "(async () => {
        const times = [];
        for (const word of ['service-0042', 'organisation 03', 'zzz', 'status:stale ser'])
            for (let end = 1; end <= word.length; end++) times.push(await type('filter', word.slice(0, end)));
        await type('filter', '');
        done(times);
    })();";

/// Opens the palette, types into it and closes it, some times over, and calls back with the times of the openings
/// and of all keystrokes.
const PALETTE: &str = "(async () => {
        const [opened, typed] = [[], []];
        const press = (key, more) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
        for (const word of ['service 0042', 'rotate', 'organisation 03', 'zzz']) {
            opened.push(await timed(() => press('k', { ctrlKey: true })));
            while (!find('palette-input')) await drawn();
            for (let end = 1; end <= word.length; end++) typed.push(await type('palette-input', word.slice(0, end)));
            press('Escape', {});
            while (find('palette-input')) await drawn();
        }
        done([opened, typed]);
    })();";

/// Scrolls through the whole list, and calls back with the most rows that were on the page at once.
const ROWS: &str = "(async () => {
        const grid = find('key-grid');
        let most = 0;
        for (let at = 0; at <= 40; at++) {
            grid.scrollTop = (grid.scrollHeight * at) / 40;
            await drawn();
            await drawn();
            most = Math.max(most, grid.querySelectorAll('[data-testid=key-row], [data-testid=group-row]').length);
        }
        grid.scrollTop = 0;
        done(most);
    })();";

/// In a window on 10,000 keys.
pub async fn measure(desktop: &Path, dir: &Path) -> Outcome<Vec<Figure>> {
    let window = super::window::open(desktop, dir).await?;
    to_list(&window).await?;
    let run = async |script: &str| window.run_async(&format!("{TOOLS} {script}")).await;
    let filter = numbers(&run(FILTER).await?);
    let rows = run(ROWS).await?.as_f64().ok_or("rows are counted")?;
    let palette = run(PALETTE).await?;
    let (opened, typed) = (numbers(&palette[0]), numbers(&palette[1]));
    window.close().await?;
    let mut figures = Vec::new();
    for (what, times, aim) in [
        ("filter, 10,000 keys: a keystroke to its picture", filter, "≤ 33 ms"),
        ("palette, 10,000 keys: a press to its picture", opened, "≤ 50 ms"),
        ("palette, 10,000 keys: a keystroke to its picture", typed, "≤ 50 ms"),
    ] {
        let worst = times.iter().copied().fold(0.0, f64::max);
        let middle = format!("{:.0} ms", median(times));
        figures.push(Figure::plain(format!("{what}, median"), middle).aim(aim));
        figures.push(Figure::plain(format!("{what}, worst"), format!("{worst:.0} ms")));
    }
    let what = "list, 10,000 keys: rows on the page, at most";
    figures.push(Figure::plain(what, format!("{rows}")).aim("≤ 60"));
    Ok(figures)
}

fn numbers(times: &Value) -> Vec<f64> {
    times
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect()
}
