//! What the page may not do: commands without permission, script from elsewhere.

use std::time::Duration;

use tests::outside;
use tests::running::can_leave_a_core_file;
use tests::window::Window;

use crate::scene::{Scene, call};

#[tokio::test]
async fn a_command_without_permission_is_refused_and_the_page_runs_no_foreign_script() {
    let scene = Scene::empty().await;
    let window = &scene.window;
    window.find("first-run").await.expect("the first run is shown");

    let allowed = call(window, "inventory", "{}").await;
    assert!(allowed.starts_with("allowed"), "{allowed}");
    for (command, arguments) in [
        ("plugin:clipboard-manager|read_text", "{}"),
        ("plugin:clipboard-manager|write_text", "{ text: 'x' }"),
        ("plugin:clipboard-manager|clear", "{}"),
        ("plugin:opener|open_url", "{ url: 'https://example.com' }"),
        ("plugin:opener|open_path", "{ path: '/etc/passwd' }"),
        ("plugin:fs|read_text_file", "{ path: '/etc/passwd' }"),
        ("plugin:shell|execute", "{ program: 'sh', args: ['-c', 'id'] }"),
        ("plugin:window|close", "{}"),
        ("plugin:webview|create_webview_window", "{ options: {} }"),
        ("get_secret", "{}"),
    ] {
        let answer = call(window, command, arguments).await;
        assert!(answer.starts_with("refused"), "{command}: {answer}");
        assert!(
            answer.contains("not allowed") || answer.contains("not found"),
            "{command}: {answer}"
        );
    }

    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = elsewhere.local_addr().expect("an address").port();
    for address in [
        format!("http://tauri.localhost:{port}/?v=1"),
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.1:{port}/"),
    ] {
        let go = format!("location.href = '{address}'; return null;");
        window.run(&go).await.expect("the page goes on");
        let reached = tokio::time::timeout(Duration::from_millis(400), elsewhere.accept()).await;
        assert!(reached.is_err(), "{address} was shown");
    }
    window.find("first-run").await.expect("the page is still ours");
    for process in window.processes().await.expect("its processes") {
        assert!(!can_leave_a_core_file(&process), "{process}");
    }

    let probes = "
        const done = arguments[arguments.length - 1];
        const found = [];
        document.addEventListener('securitypolicyviolation', (e) => found.push(e.effectiveDirective));
        const inline = document.createElement('script');
        inline.textContent = 'window.__inline = true';
        document.body.append(inline);
        const remote = document.createElement('script');
        remote.src = 'https://example.com/x.js';
        document.body.append(remote);
        const picture = new Image();
        picture.src = 'https://example.com/x.png';
        let evaluated = false;
        try { evaluated = (0, eval)('1 + 1') === 2; } catch { evaluated = false; }
        fetch('https://example.com/').catch(() => {});
        setTimeout(() => done(JSON.stringify({
            inline: window.__inline === true, evaluated, global: typeof window.__TAURI__,
            frozen: Object.isFrozen(Object.prototype), found: [...new Set(found)].sort() })), 600);";
    let seen = window.run_async(probes).await.expect("the probes ran");
    let seen: serde_json::Value = serde_json::from_str(seen.as_str().unwrap_or_default()).expect("JSON");
    assert_eq!(seen["inline"], false, "inline script did not run");
    assert_eq!(seen["evaluated"], false, "eval did not run");
    assert_eq!(seen["global"], "undefined", "there is no global API");
    assert_eq!(seen["frozen"], true, "the prototype is frozen");
    let found = seen["found"].to_string();
    for directive in ["script-src", "img-src", "connect-src"] {
        assert!(found.contains(directive), "{directive} was not enforced: {found}");
    }
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_script_of_the_page_acts_for_no_press_only_with_a_yes_from_outside_the_page() {
    let scene = Scene::pressed().await;
    let window = &scene.window;
    let held = "
        const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke('inventory', {}).then(({ keys }) => done(keys.find((key) => key.held).versionId));";
    let version = window.run_async(held).await.expect("a key that is held");
    for command in ["reveal_version", "copy_version"] {
        let script = format!(
            "window.said = [];
             window.__TAURI_INTERNALS__.invoke('{command}', {{ versionId: {version} }})
                 .then(() => window.said.push('shown'), (error) => window.said.push(error.code));"
        );
        window.run(&script).await.expect("it runs");
        let asks = "Keywheel asks";
        window
            .until_shown(asks, true)
            .await
            .expect("a dialog of the system asks");
        outside::until_focused(asks).await.expect("it has the keyboard");
        outside::press("Escape").await.expect("the person says no");
        assert_eq!(said(window).await, "window.unasked", "{command}");

        // A key that a person presses is seen, for one act, and nothing asks.
        outside::raise("Keywheel")
            .await
            .expect("the window is before all others");
        outside::until_focused("Keywheel").await.expect("it has the keyboard");
        outside::press("Right").await.expect("a key");
        window.run(&script).await.expect("it runs");
        assert_eq!(said(window).await, "shown", "{command}");
    }
    window.close().await.expect("the window closes");
}

/// What the script was told.
pub async fn said(window: &Window) -> String {
    for _ in 0..100 {
        let said = window
            .run("return window.said[0] ?? null")
            .await
            .expect("the page answers");
        if let Some(said) = said.as_str() {
            return said.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    "nothing".to_owned()
}
