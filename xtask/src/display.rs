//! The session's display: Xvfb behind a cookie, and a window manager, without which no window has the focus.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use crate::{
    command::{self, Outcome},
    headless::{Headless, random_hex},
};

/// Starts a display that only this session can open, on a number that is free.
pub fn open(session: &mut Headless) -> Outcome {
    let (authority, cookie) = (session.folder().join("xauthority"), random_hex(16)?);
    session.set("XAUTHORITY", authority.clone());
    // The server takes any entry as its cookie; clients look for the one with the display's number.
    allow(session, ":0", &cookie)?;
    let mut server = session.command("Xvfb");
    server.args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "2560x1640x24",
        "-dpi",
        "96",
        "-nolisten",
        "tcp",
        "-noreset",
    ]);
    server
        .arg("-auth")
        .arg(&authority)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(session.log("Xvfb")?);
    let mut server_process = server.spawn().map_err(|cause| command::not_started(&server, &cause))?;
    let mut number = String::new();
    if let Some(answer) = server_process.stdout.take() {
        BufReader::new(answer)
            .read_line(&mut number)
            .map_err(|cause| format!("Xvfb said nothing: {cause}"))?;
    }
    session.keep(server_process);
    let number = number.trim();
    if number.is_empty() {
        return Err(session.complaints("Xvfb"));
    }
    let display = format!(":{number}");
    allow(session, &display, &cookie)?;
    session.set("DISPLAY", display);
    Ok(())
}

/// Starts the window manager.
pub fn manage_windows(session: &mut Headless) -> Outcome {
    let mut manager = session.command("openbox");
    manager
        .arg("--sm-disable")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(session.log("openbox")?);
    let process = manager
        .spawn()
        .map_err(|cause| command::not_started(&manager, &cause))?;
    session.keep(process);
    let query = |session: &Headless| {
        let mut xprop = session.command("xprop");
        xprop.args(["-root", "_NET_SUPPORTING_WM_CHECK"]);
        command::text(&mut xprop).is_ok_and(|answer| answer.contains("window id"))
    };
    session.wait("openbox", || query(session))
}

/// Writes the cookie for a display. It goes through a pipe: arguments can be read by others.
fn allow(session: &Headless, display: &str, cookie: &str) -> Outcome {
    let mut xauth: Command = session.command("xauth");
    xauth
        .args(["-q", "source", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut process = xauth.spawn().map_err(|cause| command::not_started(&xauth, &cause))?;
    if let Some(mut input) = process.stdin.take() {
        writeln!(input, "add {display} . {cookie}").map_err(|cause| format!("xauth took no cookie: {cause}"))?;
    }
    let status = process.wait().map_err(|cause| command::not_started(&xauth, &cause))?;
    if status.success() {
        Ok(())
    } else {
        Err(command::ended(&xauth, status))
    }
}
