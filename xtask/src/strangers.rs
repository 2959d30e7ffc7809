//! Services of the machine that a session must not let in: notification daemons, keychains, portals.
//!
//! Every session has decoys of them where a bus looks for services that it may start, whatever is installed. A decoy that
//! is started leaves a file behind.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use crate::command::Outcome;

/// What desktops start on a session's bus, as soon as somebody asks for it.
const NAMES: &[&str] = &[
    "org.freedesktop.Notifications",
    "org.freedesktop.secrets",
    "org.freedesktop.portal.Desktop",
    "org.freedesktop.impl.portal.desktop.kde",
    "org.a11y.Bus",
    "org.gtk.vfs.Daemon",
    "ca.desrt.dconf",
];

/// Folder of the decoys, and of what the started ones leave.
const FOLDER: &str = "strangers";

/// Puts the decoys into a session's folder and returns where its programs look for data: there first, as for what a
/// person has installed, then in the system's own folders.
pub fn plant(session: &Path) -> Outcome<OsString> {
    let folder = session.join(FOLDER);
    let services = folder.join("dbus-1/services");
    let planted = DirBuilder::new().recursive(true).mode(0o700).create(&services);
    let planted = planted.and_then(|()| {
        for name in NAMES {
            let exec = format!("/usr/bin/touch {}", folder.join(name).display());
            let service = format!("[D-BUS Service]\nName={name}\nExec={exec}\n");
            fs::write(services.join(format!("{name}.service")), service)?;
        }
        Ok(())
    });
    planted.map_err(|cause| format!("{} could not be made: {cause}", services.display()))?;
    let mut place = folder.into_os_string();
    place.push(":/usr/local/share:/usr/share");
    Ok(place)
}

/// Fails when one of them was started.
pub fn none_came(session: &Path) -> Outcome {
    let came: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| session.join(FOLDER).join(name).exists())
        .collect();
    match came.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "the session's bus started services of the machine: {}",
            came.join(", ")
        )),
    }
}
