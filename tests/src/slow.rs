//! A command that puts a key into a file, and takes its time the first time.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// The command, and what it writes.
pub struct Slow {
    /// The program, which wants no arguments and reads the key from its standard input.
    pub put: PathBuf,
    store: PathBuf,
    began: PathBuf,
}

impl Slow {
    /// In that folder, its file holding the value.
    pub fn new(folder: &Path, value: &str) -> Slow {
        let at = |name: &str| folder.join(name);
        let (put, store, slow, began) = (at("put"), at("store"), at("slow"), at("began"));
        fs::write(&store, value).expect("it is written");
        fs::write(&slow, "").expect("it is written");
        let waits = format!(
            "if [ -e {0} ]; then rm {0}; echo $$ > {1}; sleep 50; fi",
            slow.display(),
            began.display()
        );
        let body = format!(
            "#!/bin/sh\nvalue=$(cat)\n{waits}\nprintf %s \"$value\" > {}\n",
            store.display()
        );
        fs::write(&put, body).expect("it is written");
        fs::set_permissions(&put, fs::Permissions::from_mode(0o700)).expect("it can be run");
        Slow { put, store, began }
    }

    /// Waits until it runs the first time; its process, which leads its group.
    pub async fn started(&self) -> Running {
        for _ in 0..800 {
            let told = fs::read_to_string(&self.began).unwrap_or_default();
            if let Some(id) = told.strip_suffix('\n') {
                return Running(id.to_owned());
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("the command was not run")
    }

    /// What it has written last.
    pub fn store(&self) -> String {
        fs::read_to_string(&self.store).expect("it is there")
    }
}

/// A process of it.
pub struct Running(String);

impl Running {
    pub fn goes_on(&self) -> bool {
        !crate::running::has_ended(&self.0)
    }

    /// Ends it and all that it started.
    pub async fn end(&self) {
        let group = format!("-{}", self.0);
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status().await;
        assert!(killed.expect("kill").success());
        while self.goes_on() {
            tokio::time::sleep(LOOK).await;
        }
    }
}
