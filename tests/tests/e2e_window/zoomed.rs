//! The zoom: by keys, from the command, and still there the next time.

use std::time::{Duration, Instant};

use tests::keyboard::{CTRL, Keyboard, SHIFT};
use tests::window::Window;

use crate::scene::{Scene, program};

const PATIENCE: Duration = Duration::from_secs(20);

async fn width(window: &Window) -> f64 {
    let width = window.run("return innerWidth").await.expect("a width");
    width.as_f64().expect("a number")
}

/// Until the page is as wide as the window at that zoom, to a pixel.
async fn is_at(window: &Window, whole: f64, percent: f64) {
    let begun = Instant::now();
    loop {
        let (seen, wanted) = (width(window).await, whole * 100.0 / percent);
        if (seen - wanted).abs() <= 1.5 {
            return;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "{seen} px instead of {wanted} px at {percent} %"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_window_zooms_by_keys_keeps_it_and_follows_the_command() {
    let scene = Scene::sample().await;
    let keyboard = Keyboard::of(&scene.window);
    let whole = width(&scene.window).await;
    for (chord, percent) in [
        (&[CTRL, '+'][..], 110.0),
        (&[CTRL, SHIFT, '+'], 125.0),
        (&[CTRL, '-'], 110.0),
        (&[CTRL, '0'], 100.0),
        (&[CTRL, '='], 110.0),
    ] {
        keyboard.press(chord).await.expect("a key");
        is_at(&scene.window, whole, percent).await;
    }
    let (code, _, said) = scene.command(&["settings", "set", "--zoom", "200"]).await;
    assert_eq!(code, Some(0), "{said}");
    is_at(&scene.window, whole, 200.0).await;
    scene.picture("zoomed").await;
    scene.window.close().await.expect("the window closes");

    let window = Window::open(&program("keywheel-desktop"), &scene.dir, false)
        .await
        .expect("a window");
    is_at(&window, whole, 200.0).await;
    window.close().await.expect("the window closes");
}
