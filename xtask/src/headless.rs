//! A desktop session without a screen: throw-away home, display, session bus, unlocked keychain, window manager.
//!
//! A command in it sees nothing of the person's own session. When this process ends, however it ends, the janitor
//! stops all that is left and deletes the folder.

use std::{
    env,
    ffi::OsString,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode},
    thread,
    time::{Duration, Instant},
};

use crate::{
    command::{self, Outcome},
    display,
    janitor::Janitor,
    keychain, setup, strangers,
};

/// The variable that every process of a session carries: its value is the session's folder.
pub const MARK: &str = "KEYWHEEL_HEADLESS";

/// Folders of the throw-away home, by the variable that names each.
const FOLDERS: &[(&str, &str)] = &[
    ("HOME", "home"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_CONFIG_DIRS", "system"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_RUNTIME_DIR", "run"),
    ("XDG_STATE_HOME", "state"),
];

/// Variables that are the same in every session.
const FIXED: &[(&str, &str)] = &[
    ("GDK_BACKEND", "x11"),
    ("GIO_USE_VFS", "local"),
    ("GSETTINGS_BACKEND", "memory"),
    ("GTK_A11Y", "none"),
    ("LC_ALL", "C.UTF-8"),
    ("LIBGL_ALWAYS_SOFTWARE", "1"),
    ("NO_AT_BRIDGE", "1"),
    ("TZ", "UTC"),
    ("XDG_SESSION_TYPE", "x11"),
    (keychain::PASSWORD_VARIABLE, keychain::PASSWORD),
];

/// The service by which programs tell screen readers what they show.
const ACCESSIBILITY: &str = "org.a11y.Bus";

/// Variables that keep programs from asking for it.
const WITHOUT_ACCESSIBILITY: &[&str] = &["GTK_A11Y", "NO_AT_BRIDGE"];

/// Variables of the person's own session that must not shine through.
const FOREIGN: &[&str] = &[
    "DBUS_SESSION_BUS_ADDRESS",
    "DBUS_STARTER_ADDRESS",
    "DBUS_STARTER_BUS_TYPE",
    "DESKTOP_SESSION",
    "DISPLAY",
    "GNOME_KEYRING_CONTROL",
    "GTK_IM_MODULE",
    "GTK_MODULES",
    "GTK_USE_PORTAL",
    "SESSION_MANAGER",
    "SSH_AUTH_SOCK",
    "WAYLAND_DISPLAY",
    "WAYLAND_SOCKET",
    "XAUTHORITY",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_ID",
];

/// Caches that stay where they are, by variable and place in the real home: nothing is fetched twice.
const KEPT: &[(&str, &str)] = &[
    ("CARGO_HOME", ".cargo"),
    ("RUSTUP_HOME", ".rustup"),
    ("npm_config_cache", ".npm"),
];

/// A running session. Dropping it ends everything in it.
pub struct Headless {
    folder: PathBuf,
    variables: Vec<(OsString, OsString)>,
    services: Vec<Child>,
    janitor: Janitor,
}

impl Headless {
    /// Starts a session and returns once its keychain is known to be unlocked.
    pub fn start() -> Outcome<Headless> {
        Headless::start_with(&[])
    }

    /// The same, where the bus may start these services of the machine, such as `org.a11y.Bus`.
    pub fn start_with(services: &[String]) -> Outcome<Headless> {
        setup::system(&[setup::WINDOW])?;
        let folder = new_folder()?;
        let janitor = Janitor::hire(&folder)?;
        let mut variables = variables(&folder)?;
        if services.iter().any(|name| name == ACCESSIBILITY) {
            variables.retain(|(name, _)| !WITHOUT_ACCESSIBILITY.iter().any(|off| name == off));
        }
        let mut session = Headless {
            folder,
            variables,
            services: Vec::new(),
            janitor,
        };
        display::open(&mut session)?;
        keychain::open(&mut session, services)?;
        display::manage_windows(&mut session)?;
        Ok(session)
    }

    /// Gives a command the session's environment.
    pub fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)))
    }

    /// Returns a command that runs inside the session.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.dress(&mut command);
        command
    }

    /// The session's folder, which only its owner can enter.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a command in the session and passes its exit code on; fails when something of the machine was let in.
    pub fn become_it(&self, command: &mut Command) -> Outcome<ExitCode> {
        let code = command::become_it(self.dress(command))?;
        self.was_alone()?;
        Ok(code)
    }

    /// Fails when something of the machine was let in.
    pub fn was_alone(&self) -> Outcome {
        strangers::none_came(&self.folder)
    }

    /// Adds a variable for everything that starts from here on.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push((name.into(), value.into()));
    }

    /// Keeps a program that belongs to the session, to stop it at the end.
    pub fn keep(&mut self, service: Child) {
        self.services.push(service);
    }

    /// Returns a file for a service's complaints, shown if the session does not come up.
    pub fn log(&self, service: &str) -> Outcome<fs::File> {
        fs::File::create(self.folder.join(format!("{service}.log"))).map_err(|cause| format!("no log file: {cause}"))
    }

    /// Waits until `ready`, and fails with the service's complaints if it takes too long.
    pub fn wait(&self, service: &str, mut ready: impl FnMut() -> bool) -> Outcome {
        let deadline = Instant::now() + Duration::from_secs(15);
        while !ready() {
            if Instant::now() > deadline {
                return Err(self.complaints(service));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Says that a service did not come up, with what it wrote.
    pub fn complaints(&self, service: &str) -> String {
        let log = fs::read_to_string(self.folder.join(format!("{service}.log"))).unwrap_or_default();
        format!("{service} did not start\n{}", log.trim_end())
    }
}

impl Drop for Headless {
    fn drop(&mut self) {
        self.janitor.dismiss();
        for service in &mut self.services {
            // The janitor has asked it to stop; a service that it may not look into is stopped here.
            let _ = service.kill();
            let _ = service.wait();
        }
    }
}

/// Runs a command in a session of its own and passes its exit code on.
pub fn run(services: &[String], words: &[OsString]) -> Outcome<ExitCode> {
    let [program, arguments @ ..] = words else {
        return Err("no command was given".into());
    };
    Headless::start_with(services)?.become_it(Command::new(program).args(arguments))
}

/// Makes a new folder under the system's temporary one.
fn new_folder() -> Outcome<PathBuf> {
    let folder = env::temp_dir().join(format!("keywheel-{}", random_hex(6)?));
    private(&folder)?;
    Ok(folder)
}

/// Makes the folders and returns the variables that name them, with what is fixed and what is kept.
fn variables(folder: &Path) -> Outcome<Vec<(OsString, OsString)>> {
    let mut variables: Vec<(OsString, OsString)> = Vec::new();
    for (name, kept) in KEPT {
        let default = env::var_os("HOME").map(|home| Path::new(&home).join(kept));
        if let Some(path) = env::var_os(name)
            .map(PathBuf::from)
            .or(default)
            .filter(|path| path.is_dir())
        {
            variables.push((name.into(), path.into()));
        }
    }
    for (name, inside) in FOLDERS {
        let path = folder.join(inside);
        private(&path)?;
        variables.push((name.into(), path.into()));
    }
    variables.extend(FIXED.iter().map(|(name, value)| (name.into(), value.into())));
    variables.push(("XDG_DATA_DIRS".into(), strangers::plant(folder)?));
    variables.push((MARK.into(), folder.into()));
    Ok(variables)
}

/// Makes a folder that only its owner can enter.
fn private(path: &Path) -> Outcome {
    DirBuilder::new()
        .mode(0o700)
        .create(path)
        .map_err(|cause| format!("{} could not be made: {cause}", path.display()))
}

/// Returns `bytes` random bytes in hexadecimal.
pub fn random_hex(bytes: usize) -> Outcome<String> {
    use std::io::Read;
    let mut random = vec![0; bytes];
    let read = fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut random));
    read.map_err(|cause| format!("no random numbers: {cause}"))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
