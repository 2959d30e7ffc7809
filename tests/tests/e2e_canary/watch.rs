//! Every place where a value could be seen, looked at again and again through a run.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use canary::{Canary, Finding, Kin, Onlooker, Scanner, files, memory};
use serde_json::Value;
use tempfile::TempDir;
use tests::provider::Provider;
use tests::sample;

use crate::command::run;
use crate::rows::database;

/// How a Firebase ID token of the simulator goes on after `{"alg":"RS256",`: the same in each, and in nothing else.
const ID_TOKEN: &str = "ImtpZCI6ImI1ZTFmM2E5YzA3ZCIsInR5cCI6IkpXVCJ9";

pub struct Watch {
    pub provider: Provider,
    /// The data directory.
    pub dir: PathBuf,
    /// The user whose credential manages keys, the organisation, and its keys.
    pub user: Value,
    pub org: Value,
    pub keys: Vec<Value>,
    mark: String,
    session: PathBuf,
    onlooker: Onlooker,
    /// For each kind of place how much was looked at: times, and bytes or pieces.
    counts: BTreeMap<&'static str, (usize, u64)>,
    found: Vec<Finding>,
    folder: TempDir,
}

/// A program that was built beside this test.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    let built = test.ancestors().nth(2).expect("the test lies below the programs");
    built.join(name)
}

impl Watch {
    /// A provider and an empty data directory that is redirected to it.
    pub async fn begin() -> Watch {
        let session = std::env::var_os("KEYWHEEL_HEADLESS").expect("run it inside `cargo xtask headless --`");
        let mark = format!("KEYWHEEL_HEADLESS={}", session.to_string_lossy());
        let provider = Provider::start(&program("provider-sim"), sample::NOW)
            .await
            .expect("a simulator");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("tmp")).expect("a folder for temporary files");
        let dir = folder.path().join("data");
        let now = sample::NOW.parse().expect("a moment");
        sample::mark(&dir, &provider.address, now)
            .await
            .expect("a demo directory");
        let world = provider.world().await.expect("the simulator's world");
        let org = sample::list(&world, "orgs").remove(0);
        let mut users = sample::list(&world, "users").into_iter();
        let user = users.find(|user| user["uid"] == org["members"][0]["uid"]);
        let mut keys = sample::list(&world, "keys");
        keys.retain(|key| key["org_id"] == org["id"]);
        keys.sort_by_key(|key| sample::text(&key["created_at"]));
        Watch {
            provider,
            dir,
            user: user.expect("its owner"),
            org,
            keys,
            onlooker: Onlooker::begin(&mark),
            mark,
            session: session.into(),
            counts: BTreeMap::new(),
            found: Vec::new(),
            folder,
        }
    }

    /// A place for this run's files; it is looked through with them.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn temporary(&self) -> PathBuf {
        self.folder().join("tmp")
    }

    /// Says where the window lets out the next value that it takes.
    pub fn plant(&self, leak: &str) {
        std::fs::write(self.folder().join("leak"), leak).expect("a file");
    }

    /// What starts the window so that it tells everything, into a file of this run.
    pub fn desktop(&self) -> PathBuf {
        let script = self.folder().join("window");
        let text = format!(
            "#!/bin/sh\ncd {}\nexport KEYWHEEL_LOG=trace KEYWHEEL_LEAK=$PWD/leak TMPDIR=$PWD/tmp\n\
             exec 2>>window.log\nexec {} \"$@\"\n",
            self.folder().display(),
            program("keywheel-desktop").display()
        );
        std::fs::write(&script, text).expect("a script");
        let executable = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&script, executable).expect("a program");
        script
    }

    /// All canaries by now: those of the world, and the keys and organisations made since.
    pub async fn scanner(&self) -> Scanner {
        let world = self.provider.world().await.expect("the world");
        let ledger = self.provider.ledger().await.expect("the ledger");
        let uid = &self.user["uid"];
        let ours = |org: &Value| sample::list(org, "members").iter().any(|member| member["uid"] == *uid);
        let orgs: Vec<Value> = sample::list(&world, "orgs").into_iter().filter(ours).collect();
        let mut canaries = vec![
            Canary::new("management credential", &sample::text(&self.user["refresh_token"])),
            Canary::new("token made from it", ID_TOKEN),
        ];
        for org in &orgs {
            let name = format!("webhook secret of {}", sample::text(&org["name"]));
            canaries.push(Canary::new(&name, &sample::text(&org["webhook_secret"])));
        }
        for (n, key) in self.keys.iter().enumerate() {
            canaries.push(Canary::new(&self.name_of(n), &sample::text(&key["value"])));
        }
        let mut keys = sample::list(&ledger, "keys");
        keys.retain(|key| orgs.iter().any(|org| org["id"] == key["org_id"]));
        keys.retain(|key| self.keys.iter().all(|old| old["value"] != key["value"]));
        for key in keys {
            let name = format!("new key {}", sample::text(&key["key_id"]));
            canaries.push(Canary::new(&name, &sample::text(&key["value"])));
        }
        Scanner::new(&canaries)
    }

    /// What a key that was there at the beginning is called in a finding.
    pub fn name_of(&self, key: usize) -> String {
        format!("old key {key}")
    }

    /// Looks at a text that came out somewhere.
    pub fn text(&mut self, kind: &'static str, scanner: &Scanner, bytes: &[u8]) {
        self.note(kind, 1, bytes.len() as u64, scanner.find(kind, bytes));
    }

    /// Looks at the memory of a process.
    pub fn memory(&mut self, kind: &'static str, scanner: &Scanner, process: u32) {
        let (read, found) = memory(process, scanner).expect("the memory of a process of this session");
        assert!(read > 100_000, "{read} bytes of memory are not a whole program");
        self.note(kind, 1, read, found);
    }

    /// Looks at the memory of every process of WebKit.
    pub fn webkit(&mut self, scanner: &Scanner) {
        let all = Kin::named(&self.mark, "WebKit");
        for name in ["WebKitWebProcess", "WebKitNetworkProcess"] {
            assert!(all.iter().any(|kin| kin.name == name), "there is a {name}: {all:?}");
        }
        for kin in all {
            self.memory("memory of WebKit", scanner, kin.id);
        }
    }

    /// Looks at all files, at the database's rows, and at every argument and environment so far.
    pub async fn disk(&mut self, scanner: &Scanner) {
        for folder in [self.folder().to_owned(), self.session.clone()] {
            let (read, found) = files(&folder, scanner);
            self.note("files", 1, read as u64, found);
        }
        let file = self.dir.join("keywheel.db");
        let (rows, found) = database(&file, scanner).await.expect("the database");
        self.note("rows of the database", 1, rows as u64, found);
        let (seen, found) = self.onlooker.found(scanner);
        self.note("arguments and environments", self.onlooker.looks(), seen as u64, found);
    }

    fn note(&mut self, kind: &'static str, times: usize, amount: u64, found: Vec<Finding>) {
        let count = self.counts.entry(kind).or_default();
        *count = (count.0 + times, count.1 + amount);
        self.found.extend(found);
    }

    /// The id in Keywheel of a key that the provider listed: its list shows how a value begins.
    pub async fn key(&mut self, value: &str) -> String {
        let listed = run(self, &["key", "list", "--json"], "").await.ok();
        let listed: Value = serde_json::from_str(&listed.out).expect("a list of keys");
        let begins = |key: &&Value| value.starts_with(key["hint"].as_str().unwrap_or("none").trim_end_matches('…'));
        let key = listed.as_array().into_iter().flatten().find(begins);
        sample::text(&key.expect("the key was listed")["id"])
    }

    /// What was seen up to now, each kind once in each place.
    pub fn found(&self) -> Vec<Finding> {
        let mut found = self.found.clone();
        found.sort();
        found.dedup();
        found
    }

    /// Prints how much was looked at.
    pub fn table(&self) {
        println!("{:<28}{:>8}{:>14}", "place", "looks", "bytes, pieces");
        for (kind, (times, amount)) in &self.counts {
            println!("{kind:<28}{times:>8}{amount:>14}");
        }
    }
}
