//! The desktop as another program has it: the clipboard, the keyboard, the windows and the button that closes one.

use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::window::Outcome;

/// The text on the clipboard.
pub async fn clipboard() -> Outcome<String> {
    xclip(&["-selection", "clipboard", "-o"]).await
}

/// Waits until that text is on the clipboard.
pub async fn until_copied(text: &str) -> Outcome {
    for _ in 0..400 {
        if clipboard().await? == text {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err("something else is on the clipboard".to_owned())
}

/// The formats it is offered in; a secret one says so.
pub async fn clipboard_targets() -> Outcome<String> {
    xclip(&["-selection", "clipboard", "-o", "-t", "TARGETS"]).await
}

/// Copies a text, as a person would at a provider's page.
pub async fn copy(text: &str) -> Outcome {
    let mut child = Command::new("xclip")
        .args(["-selection", "clipboard", "-i"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("xclip does not start: {error}"))?;
    let mut input = child.stdin.take().ok_or("xclip takes no input")?;
    input
        .write_all(text.as_bytes())
        .await
        .map_err(|error| error.to_string())?;
    drop(input);
    child.wait().await.map(drop).map_err(|error| error.to_string())
}

/// Presses keys as the keyboard does, whatever has the focus: `ctrl+shift+space`.
pub async fn press(chord: &str) -> Outcome {
    let pressed = Command::new("xdotool").args(["key", chord]).status().await;
    match pressed.map_err(|error| format!("no xdotool: {error}"))?.success() {
        true => Ok(()),
        false => Err(format!("{chord} was not pressed")),
    }
}

/// Titles of the windows on the desktop.
pub async fn titles() -> Outcome<Vec<String>> {
    let listed = Command::new("wmctrl").arg("-l").output().await;
    let listed = listed.map_err(|error| format!("no wmctrl: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    // Window, desktop, machine, title.
    let title = |line: &str| line.split_whitespace().skip(3).collect::<Vec<_>>().join(" ");
    Ok(listed.lines().map(title).collect())
}

/// Waits until a window of that title is on the desktop, or none is.
pub async fn until_shown(title: &str, shown: bool) -> Outcome {
    let mut titles = Vec::new();
    for _ in 0..200 {
        titles = self::titles().await?;
        if titles.iter().any(|it| it == title) == shown {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err(format!("{title} is not as wanted among {titles:?}"))
}

/// Turns to the window of that title.
pub async fn raise(title: &str) -> Outcome {
    let raised = Command::new("wmctrl").args(["-F", "-a", title]).status().await;
    match raised.map_err(|error| format!("no wmctrl: {error}"))?.success() {
        true => Ok(()),
        false => Err(format!("there is no window {title}")),
    }
}

/// Asks the window manager to close the window of one of these processes, as its title bar's button does.
pub async fn close_window(processes: &[String]) -> Outcome {
    let said = |error| format!("no wmctrl: {error}");
    let listed = Command::new("wmctrl").arg("-lp").output().await.map_err(said)?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    // Window, desktop, process, machine, title.
    let window = listed.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let (window, process) = (words.next()?, words.nth(1)?);
        processes.iter().any(|it| it == process).then_some(window)
    });
    let window = window.ok_or("there is no window to close")?;
    let asked = Command::new("wmctrl").args(["-i", "-c", window]).status().await;
    match asked.map_err(said)?.success() {
        true => Ok(()),
        false => Err("the window could not be asked to close".to_owned()),
    }
}

async fn xclip(arguments: &[&str]) -> Outcome<String> {
    let asked = Command::new("xclip").args(arguments).output();
    let out = tokio::time::timeout(std::time::Duration::from_secs(10), asked).await;
    let out = out
        .map_err(|_| "the clipboard does not answer")?
        .map_err(|error| format!("no xclip: {error}"))?;
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}
