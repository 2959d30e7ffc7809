//! Keychains that are not GNOME's, for real: KWallet and KeePassXC, each on a bus and in a home of its own, without a screen.
//!
//! They are only tried by `cargo xtask proofs`, which installs them. Tried with KWallet 5.103 and KeePassXC 2.7.4.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::daemons::private;

const PASSWORD: &str = "throw-away";
const SECRETS: &str = "org.freedesktop.secrets";
/// No start of one takes longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Nor does any end.
const DIALOG: Duration = Duration::from_secs(10);

/// Which one, and how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its wallet is open, and it lets every program in.
    KWallet,
    /// One database is open, a group of it exposed.
    KeePassXc {
        /// Whether it asks a person before it gives a value to a program, as it does at first.
        confirms: bool,
    },
}

/// One that runs; it ends with this.
pub struct Wallet {
    kind: Kind,
    process: Child,
    root: PathBuf,
    address: String,
}

impl Wallet {
    /// Makes its store and starts it; returns when the default collection is open.
    pub fn start(kind: Kind, root: &Path, address: &str) -> Wallet {
        fs::create_dir_all(root.join("home/config")).expect("a folder");
        match kind {
            Kind::KWallet => kwallet_is_set(root),
            Kind::KeePassXc { confirms } => {
                keepassxc_is_set(root, confirms);
                database_is_made(root, address);
            }
        }
        let mut wallet = Wallet {
            kind,
            process: spawned(kind, root, address),
            root: root.to_owned(),
            address: address.to_owned(),
        };
        wallet.has_its_name();
        if kind == Kind::KWallet {
            // It takes a wallet for a collection when it starts: so once to make the wallet, and once to use it.
            wallet.opens_its_wallet();
            wallet.ends("-TERM");
            wallet.process = spawned(kind, root, address);
            wallet.has_its_name();
        }
        wallet.opens();
        wallet
    }

    /// It is killed, as by a crash, started anew and opened again.
    pub fn crash(&mut self) {
        self.ends("-KILL");
        self.process = spawned(self.kind, &self.root, &self.address);
        self.has_its_name();
        self.opens();
    }

    /// It is ended, set otherwise and started anew.
    pub fn set(&mut self, confirms: bool) {
        self.kind = Kind::KeePassXc { confirms };
        self.ends("-TERM");
        keepassxc_is_set(&self.root, confirms);
        self.process = spawned(self.kind, &self.root, &self.address);
        self.has_its_name();
        self.opens();
    }

    fn opens(&self) {
        if self.kind == Kind::KWallet {
            self.opens_its_wallet();
        }
        // Until somebody has called this, the collection of an open wallet says that it is locked.
        let collection = self.until("a default collection", || {
            let told = self.asked(
                "org.freedesktop.Secret.Service.ReadAlias",
                "/org/freedesktop/secrets",
                &["default"],
            );
            let path = text(&told).split('\'').nth(1).map(str::to_owned);
            path.filter(|path| path.len() > 1)
        });
        let list = format!("['{collection}']");
        let told = text(&self.asked(
            "org.freedesktop.Secret.Service.Unlock",
            "/org/freedesktop/secrets",
            &[&list],
        ));
        // An open wallet asks nobody, and wants to be asked to all the same.
        if let Some(prompt) = told
            .split('\'')
            .find(|word| word.starts_with("/org/freedesktop/secrets/prompt/"))
        {
            self.asked("org.freedesktop.Secret.Prompt.Prompt", prompt, &[""]);
        }
        self.until("an open collection", || {
            let asked = ["org.freedesktop.Secret.Collection", "Locked"];
            let told = self.asked("org.freedesktop.DBus.Properties.Get", &collection, &asked);
            text(&told).contains("false").then_some(())
        });
    }

    /// Gives it the key of the wallet, as a login does: no dialog.
    fn opens_its_wallet(&self) {
        let key = format!(
            "import hashlib; print('@ay', list(hashlib.pbkdf2_hmac('sha512', b'{PASSWORD}', b'{}', 50000, 56)))",
            salt()
        );
        let key = Command::new("/usr/bin/python3").args(["-c", &key]).output();
        let key = text(&key.expect("Python is installed"));
        let mut open = Command::new("gdbus");
        open.args([
            "call",
            "--session",
            "-d",
            "org.kde.kwalletd5",
            "-o",
            "/modules/kwalletd5",
            "-m",
        ]);
        open.args(["org.kde.KWallet.pamOpen", "kdewallet", key.trim(), "0"]);
        let told = private(&mut open, &self.root, &self.address)
            .output()
            .expect("gdbus is installed");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    }

    fn asked(&self, method: &str, object: &str, arguments: &[&str]) -> Output {
        let mut call = Command::new("gdbus");
        call.args(["call", "--session", "-d", SECRETS, "-o", object, "-m", method])
            .args(arguments);
        private(&mut call, &self.root, &self.address)
            .output()
            .expect("gdbus is installed")
    }

    fn has_its_name(&self) {
        let mut wait = Command::new("gdbus");
        wait.args(["wait", "--session", "--timeout=60", SECRETS]);
        let waited = private(&mut wait, &self.root, &self.address)
            .status()
            .expect("gdbus is installed");
        assert!(waited.success(), "{:?} has its name", self.kind);
    }

    fn until<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            match look() {
                Some(seen) => return seen,
                None => assert!(begun.elapsed() < PATIENCE, "{:?}: no {what}", self.kind),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn ends(&mut self, signal: &str) {
        let pid = self.process.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        assert!(sent.expect("kill is installed").success());
        let asked = Instant::now();
        // One that shows a dialog before it ends would wait for a person.
        while self.process.try_wait().expect("its state").is_none() {
            if asked.elapsed() > DIALOG {
                let _ = self.process.kill();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Wallet {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawned(kind: Kind, root: &Path, address: &str) -> Child {
    let mut command = match kind {
        Kind::KWallet => Command::new("kwalletd5"),
        Kind::KeePassXc { .. } => {
            let mut command = Command::new("keepassxc");
            command.arg("--pw-stdin").arg(root.join("secrets.kdbx"));
            command
        }
    };
    let log = fs::File::create(root.join("wallet.log")).expect("a log");
    private(&mut command, root, address)
        .env("QT_QPA_PLATFORM", "offscreen")
        .stdin(Stdio::piped())
        .stdout(log.try_clone().expect("a log"))
        .stderr(log);
    let mut process = command.spawn().expect("it is installed");
    let mut input = process.stdin.take().expect("its input");
    // KWallet reads nothing.
    let _ = input.write_all(format!("{PASSWORD}\n").as_bytes());
    process
}

/// The salt of the wallet's key, of the length that KWallet's has.
fn salt() -> String {
    format!("{:056}", 7)
}

fn kwallet_is_set(root: &Path) {
    let folder = root.join("home/data/kwalletd");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("kdewallet.salt"), salt()).expect("a file");
    let set = "[Wallet]\nEnabled=true\nFirst Use=false\nUse One Wallet=true\nDefault Wallet=kdewallet\n\
               Local Wallet=kdewallet\nPrompt on Open=false\nClose When Idle=false\nLeave Open=true\n\n\
               [org.freedesktop.secrets]\napiEnabled=true\n";
    fs::write(root.join("home/config/kwalletrc"), set).expect("a file");
}

fn keepassxc_is_set(root: &Path, confirms: bool) {
    let folder = root.join("home/config/keepassxc");
    fs::create_dir_all(&folder).expect("a folder");
    let set = format!(
        "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\nMinimizeAfterUnlock=false\n\n[GUI]\n\
         CheckForUpdates=false\n\n[FdoSecrets]\nEnabled=true\nConfirmAccessItem={confirms}\n\
         ConfirmDeleteItem={confirms}\nShowNotification=false\n"
    );
    fs::write(folder.join("keepassxc.ini"), set).expect("a file");
}

/// A database with one group, which is exposed; of KeePass's own XML.
fn database_is_made(root: &Path, address: &str) {
    let xml = root.join("secrets.xml");
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile><Meta><Generator>KeePassXC</Generator><DatabaseName>Test</DatabaseName><CustomData><Item>
<Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{00000000-0000-0000-0000-000000000001}</Value></Item></CustomData></Meta>
<Root><Group><UUID>AAAAAAAAAAAAAAAAAAAAAg==</UUID><Name>Root</Name>
<Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Secrets</Name></Group></Group></Root></KeePassFile>
"#;
    fs::write(&xml, text).expect("a file");
    let mut import = Command::new("keepassxc-cli");
    import
        .args(["import", "-q", "-p"])
        .arg(&xml)
        .arg(root.join("secrets.kdbx"));
    private(&mut import, root, address)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut import = import.spawn().expect("KeePassXC is installed");
    let mut input = import.stdin.take().expect("its input");
    input
        .write_all(format!("{PASSWORD}\n{PASSWORD}\n").as_bytes())
        .expect("it reads");
    drop(input);
    let told = import.wait_with_output().expect("its end");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
}

fn text(told: &Output) -> String {
    String::from_utf8_lossy(&told.stdout).into_owned()
}
