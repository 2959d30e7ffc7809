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

/// Windows of these processes: the number by which the desktop knows each, and its title.
pub async fn windows(processes: &[String]) -> Outcome<Vec<(String, String)>> {
    let listed = Command::new("wmctrl").arg("-lp").output().await;
    let listed = listed.map_err(|error| format!("no wmctrl: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    // Window, desktop, process, machine, title.
    let window = |line: &str| {
        let mut words = line.split_whitespace();
        let (number, process) = (words.next()?, words.nth(1)?);
        let title = words.skip(1).collect::<Vec<_>>().join(" ");
        processes
            .iter()
            .any(|it| it == process)
            .then_some((number.to_owned(), title))
    };
    Ok(listed.lines().filter_map(window).collect())
}

/// Waits until the window of that title has the keyboard.
pub async fn until_focused(title: &str) -> Outcome {
    let mut active = String::new();
    for _ in 0..200 {
        let asked = Command::new("xdotool")
            .args(["getactivewindow", "getwindowname"])
            .output()
            .await;
        let said = asked.map_err(|error| format!("no xdotool: {error}"))?;
        active = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        if active == title {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err(format!("{active} has the keyboard, not {title}"))
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
    let windows = windows(processes).await?;
    let (window, _) = windows.first().ok_or("there is no window to close")?;
    let asked = Command::new("wmctrl")
        .args(["-i", "-c", window.as_str()])
        .status()
        .await;
    match asked.map_err(|error| format!("no wmctrl: {error}"))?.success() {
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
