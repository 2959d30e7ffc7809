//! A JupyterHub with its database, without a proxy and without notebooks: the API is all that is asked.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// What the service `keys` of the hub's configuration authenticates with.
pub const ADMIN: &str = "5e0c7d0f51a64d9c8a2f5b0b8f1d3c47";

/// A proxy that does nothing stands in for the one that a hub starts beside itself.
const CONFIGURATION: &str = "
from jupyterhub.proxy import Proxy
class NoProxy(Proxy):
    should_start = False
    async def add_route(self, *a, **k): pass
    async def delete_route(self, *a, **k): pass
    async def get_all_routes(self): return {}
    async def check_routes(self, *a, **k): pass
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.bind_url = 'http://127.0.0.1:{public}'
c.JupyterHub.hub_bind_url = 'http://127.0.0.1:{port}'
c.JupyterHub.db_url = 'sqlite:///hub.sqlite'
c.JupyterHub.authenticator_class = 'dummy'
c.Authenticator.allow_all = True
c.JupyterHub.services = [{'name': 'keys', 'api_token': '{admin}'}]
c.JupyterHub.load_roles = [{'name': 'keys', 'services': ['keys'], 'scopes': ['admin:users', 'tokens']}]
";

/// A running hub; it ends when this is dropped.
pub struct Hub {
    pub address: String,
    http: reqwest::Client,
    _program: Child,
    _folder: TempDir,
}

impl Hub {
    pub async fn start() -> Hub {
        let folder = tempfile::tempdir().unwrap();
        let (port, public) = (free_port(), free_port());
        let configuration = CONFIGURATION
            .replace("{public}", &public.to_string())
            .replace("{port}", &port.to_string())
            .replace("{admin}", ADMIN);
        std::fs::write(folder.path().join("config.py"), configuration).unwrap();
        let log = || {
            std::fs::File::options()
                .create(true)
                .append(true)
                .open(folder.path().join("log"))
                .unwrap()
        };
        let program = Command::new(program())
            .args(["-f", "config.py"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log())
            .stderr(log())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let hub = Hub {
            address: format!("http://127.0.0.1:{port}/hub/api"),
            http: reqwest::Client::new(),
            _program: program,
            _folder: folder,
        };
        for _ in 0..600 {
            if hub
                .http
                .get(&hub.address)
                .send()
                .await
                .is_ok_and(|answer| answer.status() == 200)
            {
                return hub;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(hub._folder.path().join("log")).unwrap_or_default();
        panic!("the hub does not start:\n{log}");
    }

    async fn ask(&self, method: reqwest::Method, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.address))
            .header("authorization", format!("token {token}"));
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (
            status,
            serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default(),
        )
    }

    /// A user with one token, whose note is the name of the key: its id and its value.
    pub async fn user_with_token(&self, user: &str, note: &str) -> (String, String) {
        let (added, _) = self
            .ask(reqwest::Method::POST, &format!("/users/{user}"), ADMIN, None)
            .await;
        assert_eq!(added, 201);
        let path = format!("/users/{user}/tokens");
        let (made, token) = self
            .ask(reqwest::Method::POST, &path, ADMIN, Some(json!({ "note": note })))
            .await;
        assert_eq!(made, 201);
        let text = |name: &str| token[name].as_str().unwrap().to_owned();
        (text("id"), text("token"))
    }

    /// What the hub lists.
    pub async fn tokens(&self, user: &str) -> Vec<Value> {
        let (status, listed) = self
            .ask(reqwest::Method::GET, &format!("/users/{user}/tokens"), ADMIN, None)
            .await;
        assert_eq!(status, 200);
        listed["api_tokens"].as_array().unwrap().clone()
    }

    /// Which of its tokens the hub takes this value for; none: it refuses it.
    pub async fn recognises(&self, value: &str) -> Option<String> {
        match self.ask(reqwest::Method::GET, "/user", value, None).await {
            (200, who) => Some(who["token_id"].as_str().unwrap().to_owned()),
            (status, _) => {
                assert_eq!(status, 403);
                None
            }
        }
    }
}

/// The hub that the set-up installed beside the programs.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let tools = test.ancestors().nth(3).map(|target| target.join("tools")).unwrap();
    let folders = std::fs::read_dir(&tools).into_iter().flatten().flatten();
    let hubs = folders.filter(|entry| entry.file_name().to_string_lossy().starts_with("jupyterhub-"));
    let mut programs = hubs.map(|entry| entry.path().join("bin/jupyterhub"));
    programs
        .find(|program: &PathBuf| Path::new(program).is_file())
        .expect("no JupyterHub: run `cargo xtask setup`, which installs it or says what to run")
}

fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}
