//! The binary: its first line, its flags, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;

fn start(arguments: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_provider-sim"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let address = ready["listening"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    (child, address)
}

fn get(address: &str, path: &str) -> Value {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn end(mut child: Child) -> ExitStatus {
    drop(child.stdin.take());
    child.wait().unwrap()
}

#[test]
fn it_serves_the_demo_at_the_given_time_and_ends_with_its_input() {
    let (child, address) = start(&["--port", "0", "--world", "demo", "--now", "2026-11-21T14:05:00Z"]);
    let world = get(&address, "/_sim/world");
    assert_eq!(world["keys"].as_array().unwrap().len(), 40);
    let now = get(&address, "/_sim/clock");
    assert!(now["now"].as_str().unwrap().starts_with("2026-11-21T14:05:"), "{now}");
    assert!(end(child).success());
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn it_serves_an_empty_world_or_one_from_a_file() {
    let (child, address) = start(&["--world", "empty"]);
    let empty = get(&address, "/_sim/world");
    assert_eq!(empty["keys"].as_array().unwrap().len(), 0);
    end(child);
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("world-{}.json", std::process::id()));
    std::fs::write(&file, empty.to_string()).unwrap();
    let (child, address) = start(&["--world", file.to_str().unwrap()]);
    assert_eq!(get(&address, "/_sim/world"), empty);
    end(child);
    std::fs::remove_file(file).unwrap();
}

#[cfg(unix)]
#[test]
fn it_ends_on_sigterm_although_its_input_stays_open() {
    for arguments in [&["--world", "empty"][..], &["--world", "empty", "--ignore-stdin"][..]] {
        let (mut child, _) = start(arguments);
        let input = child.stdin.take();
        assert!(child.try_wait().unwrap().is_none());
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(child.wait().unwrap().success(), "{arguments:?}");
        drop(input);
    }
}
