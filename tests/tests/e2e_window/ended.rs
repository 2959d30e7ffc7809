//! The window is asked to end while a command of a target runs: nothing of it has the last word.

use tests::sample::text;
use tests::slow::Slow;

use crate::scene::Scene;

#[tokio::test]
async fn a_request_to_end_takes_a_running_command_along() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    window.fill("filter", "status:stale").await.expect("the filter");
    let row = window.css("[data-testid=key-row]").await.expect("a stale key");
    let id = row.attr("data-key-id").await.expect("a row").expect("an id");
    let (_, revealed, _) = scene.command(&["reveal", &id]).await;
    let old = text(&revealed["value"]);
    let folder = tempfile::tempdir().expect("a folder");
    let slow = Slow::new(folder.path(), &old);
    let put = slow.put.to_str().expect("text");
    let (exit, _, failure) = scene.command(&["target", "add", &id, "--command", put, "--yes"]).await;
    assert_eq!(exit, Some(0), "{failure}");

    assert_eq!(scene.start_rotation().await, id);
    let running = slow.started().await;
    window.signal("-TERM").await.expect("it is asked to end");
    window.ended().await.expect("it ends");
    assert!(!running.goes_on());
    assert_eq!(slow.store(), old, "it had not written yet");
    let (_, _, failure) = scene.command(&["resume", &id]).await;
    let new = slow.store();
    assert!(new != old && scene.live().await.contains(&new), "{failure}");
}
