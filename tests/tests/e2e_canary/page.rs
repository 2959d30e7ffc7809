//! The window of a run: what its page shows, holds and hears.

use canary::Scanner;
use tests::window::Window;

use crate::watch::Watch;

/// Keeps every answer that the page gets from Rust, and every event.
const LISTEN: &str = "
    const done = arguments[arguments.length - 1];
    const heard = (window.heard = []);
    const original = window.fetch;
    window.fetch = async (...asked) => {
        const answer = await original(...asked);
        const text = await answer.clone().text();
        heard.push('answer to ' + String(asked[0]?.url ?? asked[0]) + ': ' + text);
        return answer;
    };
    const tauri = window.__TAURI_INTERNALS__;
    const keep = tauri.transformCallback((event) => heard.push('event ' + JSON.stringify(event)));
    tauri.invoke('plugin:event|listen', { event: 'told', target: { kind: 'Any' }, handler: keep })
        .then(() => done('listening'), (error) => done(String(error)));";

/// Everything that the page shows or keeps for later.
const HOLDS: &str = "
    const store = (of) => Object.entries(of).flat().join('\\n');
    const fields = [...document.querySelectorAll('input,textarea,select')].map((field) => field.value);
    return [document.documentElement.outerHTML, document.body.innerText, document.title, location.href,
        document.cookie, store(localStorage), store(sessionStorage), ...fields].join('\\n');";

/// Opens the window of a run and listens to its page.
pub async fn open(watch: &Watch) -> Window {
    let opened = Window::open(&watch.desktop(), &watch.dir, false).await;
    let window = opened.expect("a window");
    window
        .css("[data-testid=first-run], [data-testid=queue]")
        .await
        .expect("the page");
    assert_eq!(window.run_async(LISTEN).await.expect("an answer"), "listening");
    window
}

/// Looks at the page and at what it has heard. Returns that.
pub async fn look(watch: &mut Watch, window: &Window, scanner: &Scanner) -> String {
    let holds = window.run(HOLDS).await.expect("what the page holds");
    let holds = holds.as_str().unwrap_or_default();
    assert!(holds.contains("<html"), "the page was read");
    watch.text("text and DOM of the page", scanner, holds.as_bytes());
    let heard = window
        .run("return window.heard.join('\\n')")
        .await
        .expect("what it heard");
    let heard = heard.as_str().unwrap_or_default().to_owned();
    watch.text("answers and events", scanner, heard.as_bytes());
    heard
}

/// A moment of the run: the page, and the memory of WebKit.
pub async fn moment(watch: &mut Watch, window: &Window) -> String {
    let scanner = watch.scanner().await;
    let heard = look(watch, window, &scanner).await;
    watch.webkit(&scanner);
    heard
}
