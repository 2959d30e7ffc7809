//! Commands whose Keywheel leaves before they end.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use super::{Place, code, command, secret};
use crate::failure::{Code, Effect};
use crate::model::Target;
use crate::target::running::Running;
use crate::target::{Targets, Way};

/// Something else happens meanwhile.
async fn a_moment() {
    let look = tokio::task::spawn_blocking(|| fs::read_dir("/proc").map(Iterator::count));
    look.await.expect("it ends").expect("a folder");
}

/// Waits for the line that a script writes: the process that it has started.
async fn started(place: &Place) -> Pid {
    for _ in 0..20_000 {
        if let Some(id) = place.read("pids").strip_suffix('\n') {
            return Pid::from_raw(id.parse().expect("a number")).expect("a process");
        }
        a_moment().await;
    }
    panic!("it was not started");
}

fn has_ended(process: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()));
    stat.map_or(true, |stat| stat.contains(") Z "))
}

/// What runs on when its group is ended, once.
fn escapes(place: &Place) -> Target {
    let at = |name: &str| place.at(name).to_str().expect("text").to_owned();
    let (once, pids, store) = (at("once"), at("pids"), at("store"));
    let body = format!(
        "if [ ! -e {once} ]; then touch {once}; setsid sh -c 'echo $$ > {pids}; exec sleep 300' & wait; fi; cat > {store}"
    );
    Target::Command(command(&place.script("escape", &body)))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_ends_its_commands_with_all_they_started_and_begins_none() {
    let place = Place::new();
    let running: &'static Running = Box::leak(Box::new(Running::new()));
    let machine = place.machine().among(running);
    let pids = place.at("pids").to_str().expect("text").to_owned();
    let hangs = command(&place.script("hang", &format!("sleep 300 & echo $! > {pids}; wait")));
    let going = tokio::spawn(async move {
        let target = Target::Command(hangs);
        machine
            .replace(&target, &secret("old"), &secret("new"), Way::Deploy)
            .await
    });
    let child = started(&place).await;
    assert!(!has_ended(child));
    tokio::task::spawn_blocking(|| running.end()).await.expect("it ends");
    assert!(has_ended(child), "it is waited for");
    for _ in 0..100 {
        a_moment().await;
    }
    assert!(!going.is_finished(), "that it was killed is no outcome");
    let mut next = tokio::process::Command::new("/bin/true");
    assert!(running.start(&mut next, None).is_none());
}

#[tokio::test]
async fn while_a_command_goes_on_without_its_keywheel_no_other_one_runs() {
    let place = Place::new();
    let (left, leaving, target) = (place.machine(), escapes(&place), escapes(&place));
    let going = tokio::spawn(async move {
        left.replace(&leaving, &secret("old"), &secret("new"), Way::Deploy)
            .await
    });
    let child = started(&place).await;
    going.abort();
    assert!(going.await.is_err());
    let (machine, old, new) = (place.machine(), secret("old"), secret("new"));
    assert_eq!(code(machine.rests(&target).await), Some(Code::TargetStillRunning));
    let refused = machine.replace(&target, &new, &old, Way::Restore).await;
    let refused = refused.expect_err("it has to wait");
    assert_eq!(
        (refused.code, refused.effect),
        (Code::TargetStillRunning, Effect::NotApplied)
    );
    let other = Target::Command(command(&place.script("other", "cat > /dev/null")));
    machine.rests(&other).await.expect("that is another place");
    kill_process(child, Signal::KILL).expect("it runs");
    for _ in 0..100 {
        if machine.rests(&target).await.is_ok() {
            break;
        }
    }
    machine
        .replace(&target, &new, &old, Way::Restore)
        .await
        .expect("nobody is left who could write after it");
    assert_eq!(place.read("store"), "old");
}

#[tokio::test]
async fn what_a_command_that_ended_has_left_behind_holds_nothing_up() {
    let place = Place::new();
    let at = |name: &str| place.at(name).to_str().expect("text").to_owned();
    let (pids, there) = (at("pids"), at("there"));
    let body =
        format!("setsid sh -c 'touch {there}; exec sleep 300' & echo $! > {pids}; until [ -e {there} ]; do :; done");
    let target = Target::Command(command(&place.script("restart", &body)));
    let machine = place.machine();
    machine
        .replace(&target, &secret("old"), &secret("new"), Way::Deploy)
        .await
        .expect("it ends with 0");
    let child = started(&place).await;
    assert!(!has_ended(child), "a server that it has started anew");
    machine.rests(&target).await.expect("the command has ended");
    let left = fs::read_dir(place.at("data").join("locks")).expect("a folder").count();
    assert_eq!(left, 0, "and its lock with it");
    kill_process(child, Signal::KILL).expect("it runs");
}
