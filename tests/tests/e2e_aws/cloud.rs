//! A moto server that authenticates, and boto3 as the witness of what it holds.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};

/// Calls that moto takes from anybody: those that make the first administrator.
const UNSIGNED: &str = "3";

/// An access key, as its two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub id: String,
    pub secret: String,
}

impl Pair {
    /// One part a line.
    pub fn lines(&self) -> String {
        format!("{}\n{}", self.id, self.secret)
    }

    fn of(made: &Value) -> Pair {
        let text = |name: &str| made["AccessKey"][name].as_str().unwrap().to_owned();
        Pair {
            id: text("AccessKeyId"),
            secret: text("SecretAccessKey"),
        }
    }
}

/// A running server. One is for all tests, each of which has a user of its own there.
pub struct Cloud {
    pub address: String,
    /// May do everything.
    pub admin: Pair,
    witness: Mutex<Witness>,
}

/// Ends when its input does, and so with this process.
struct Witness {
    _program: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Cloud {
    pub fn of_all() -> &'static Cloud {
        static CLOUD: OnceLock<Cloud> = OnceLock::new();
        CLOUD.get_or_init(Cloud::start)
    }

    pub fn start() -> Cloud {
        let mut server = Command::new(program())
            .args(["-c", include_str!("cloud.py")])
            .env("INITIAL_NO_AUTH_ACTION_COUNT", UNSIGNED)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (ask, answers) = (server.stdin.take().unwrap(), server.stdout.take().unwrap());
        let mut witness = Witness {
            _program: server,
            ask,
            answers: BufReader::new(answers),
        };
        let address = witness.answer().expect("moto starts");
        let mut cloud = Cloud {
            address: address.as_str().unwrap().to_owned(),
            admin: Pair {
                id: "AKIANOBODY0000000000".to_owned(),
                secret: "nobody".to_owned(),
            },
            witness: Mutex::new(witness),
        };
        cloud.iam("create_user", json!({ "UserName": "admin" }));
        cloud.allow("admin", &["*"]);
        cloud.admin = cloud.key_of("admin");
        cloud
    }

    /// Calls as somebody; the code of a refusal is an error.
    fn call(&self, who: &Pair, service: &str, call: &str, with: Value) -> Result<Value, String> {
        let Pair { id, secret } = who;
        let asked = json!({ "service": service, "id": id, "secret": secret, "call": call, "with": with });
        // A test that failed beside this one has left nothing half said.
        let mut witness = self.witness.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(witness.ask, "{asked}").unwrap();
        witness.answer()
    }

    fn iam(&self, call: &str, with: Value) -> Value {
        let answer = self.call(&self.admin, "iam", call, with.clone());
        answer.unwrap_or_else(|code| panic!("{call} {with}: {code}"))
    }

    /// Allows a user these actions.
    pub fn allow(&self, user: &str, actions: &[&str]) {
        let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
        let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
        let with = json!({ "UserName": user, "PolicyName": "may", "PolicyDocument": policy });
        self.iam("put_user_policy", with);
    }

    /// A further key of a user.
    pub fn key_of(&self, user: &str) -> Pair {
        Pair::of(&self.iam("create_access_key", json!({ "UserName": user })))
    }

    /// A new user with one key.
    pub fn user(&self, name: &str) -> Pair {
        self.iam("create_user", json!({ "UserName": name }));
        self.key_of(name)
    }

    /// A new user who may do only this, and its key.
    pub fn user_who_may(&self, name: &str, actions: &[&str]) -> Pair {
        let key = self.user(name);
        self.allow(name, actions);
        key
    }

    /// The ids of a user's keys and whether each is switched on.
    pub fn keys(&self, user: &str) -> Vec<(String, bool)> {
        let listed = self.iam("list_access_keys", json!({ "UserName": user }));
        let keys = listed["AccessKeyMetadata"].as_array().unwrap().iter();
        let read = |key: &Value| {
            (
                key["AccessKeyId"].as_str().unwrap().to_owned(),
                key["Status"] == "Active",
            )
        };
        keys.map(read).collect()
    }

    pub fn switch_off(&self, user: &str, key: &Pair) {
        let with = json!({ "UserName": user, "AccessKeyId": key.id, "Status": "Inactive" });
        self.iam("update_access_key", with);
    }

    /// Whose key AWS takes it for; the code where it refuses it.
    pub fn recognises(&self, key: &Pair) -> Result<String, String> {
        let who = self.call(key, "sts", "get_caller_identity", json!({}))?;
        Ok(who["Arn"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
    }
}

impl Witness {
    fn answer(&mut self) -> Result<Value, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).expect("moto and its witness run");
        match answer["error"].as_str() {
            Some(code) => Err(code.to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }
}

/// Python of the environment that the set-up made beside our programs.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let tools = test.ancestors().nth(3).map(|target| target.join("tools")).unwrap();
    let folders = std::fs::read_dir(&tools).into_iter().flatten().flatten();
    let motos = folders.filter(|entry| entry.file_name().to_string_lossy().starts_with("moto-"));
    let mut programs = motos.map(|entry| entry.path().join("bin/python"));
    programs
        .find(|program| program.is_file())
        .expect("no moto: run `cargo xtask setup`, which installs it or says what to run")
}
