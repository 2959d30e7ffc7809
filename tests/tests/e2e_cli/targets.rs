//! A key in files and commands, by the command: added, listed, written, half done, taken back.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tests::places::NAME;

use crate::{refused, run};
use tests::real::{KEY, Real, files};

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_is_written_the_next_one_fails_and_both_are_put_back() {
    run(|| async {
        let mut real = Real::connected().await;
        real.bind().await;
        let [first, second] = [real.places[0].clone(), real.places[1].clone()];
        let plan = real.run(&["rotate", KEY, "--plan"], "").await.ok();
        for place in [&first, &second] {
            assert!(plan.out.contains(place.path.to_str().unwrap()), "{}", plan.out);
        }
        let listed = real.json(&["target", "list", KEY]).await;
        let stands: Vec<_> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["stands"]["kind"].clone())
            .collect();
        assert_eq!(stands, ["serving", "serving"]);
        // Read-only from the mint on: what is read-only before is found by the check.
        second.lock();
        let early = real.run(&["rotate", KEY, "--yes"], "").await;
        assert_eq!(early.code, Some(75), "{early:?}");
        assert_eq!(real.sim.live_keys(&real.org.id).len(), 2, "nothing was created");
        second.unlock();
        let watched = second.clone();
        let sim = real.sim.clone();
        let org = real.org.id.clone();
        let locking = tokio::spawn(async move {
            while sim.live_keys(&org).len() < 3 {
                tokio::task::yield_now().await;
            }
            watched.lock();
        });
        let half = real.run(&["resume", KEY], "").await;
        locking.await.unwrap();
        assert_eq!(half.code, Some(79), "{half:?}");
        assert!(
            half.out.contains("was given the new key") && half.out.contains("keywheel undo"),
            "{}",
            half.out
        );
        let old = Some(real.old.value.clone());
        assert_ne!(first.value(), old);
        assert_eq!(second.value(), old);
        let works = |value: Option<String>| value.is_some_and(|value| real.sim.accepts(&value));
        assert!(works(first.value()) && works(second.value()), "both keys live");
        let undone = real.run(&["undo", KEY], "").await.ok();
        assert!(undone.out.contains("put back"), "{}", undone.out);
        second.unlock();
        files(&real.sim, &real.places, Some(&real.old.value)).assert_none();
        assert_eq!(real.sim.live_keys(&real.org.id).len(), 2);
        assert_eq!(real.run(&["doctor"], "").await.code, Some(0));
    });
}

#[test]
fn drift_is_shown_and_a_file_that_cannot_be_read_for_sure_is_refused_with_its_line() {
    run(|| async {
        let mut real = Real::connected().await;
        real.bind().await;
        let place = real.places[1].clone();
        place.write(&place.text("sk_theirs"));
        let doctor = real.run(&["doctor"], "").await;
        assert_eq!(doctor.code, Some(75));
        assert!(doctor.out.contains("another value than Keywheel's"), "{}", doctor.out);
        assert!(
            !doctor.out.contains("sk_theirs"),
            "what stands there is nobody's business"
        );
        let twice = real.dir.path().join("twice.env");
        std::fs::write(&twice, format!("{NAME}={}\nA=1\n{NAME}=x\n", real.old.value)).unwrap();
        let add = [
            "--json",
            "target",
            "add",
            KEY,
            "--name",
            NAME,
            "--env-file",
            twice.to_str().unwrap(),
        ];
        let said = real.run(&add, "").await;
        assert_eq!(refused(&said).1, "target.twice");
        let error: serde_json::Value = serde_json::from_str(&said.err).unwrap();
        assert_eq!(error["details"], serde_json::json!(["line 1", "line 3"]));
    });
}

#[test]
fn a_command_is_shown_allowed_and_gets_the_value_on_standard_input_only() {
    run(|| async {
        let real = Real::connected().await;
        let at = |name: &str| real.dir.path().join(name).to_str().unwrap().to_owned();
        let (put, has, store, seen) = (at("put"), at("has"), at("store"), at("seen"));
        std::fs::write(&store, &real.old.value).unwrap();
        // It looks at itself as any process of this user could.
        let looks = format!("tr '\\0' '\\n' < /proc/$$/cmdline > {seen}; cat /proc/$$/environ >> {seen}");
        std::fs::write(&put, format!("#!/bin/sh\n{looks}\ncat > {store}\n")).unwrap();
        std::fs::write(&has, format!("#!/bin/sh\n[ \"$(cat)\" = \"$(cat {store})\" ]\n")).unwrap();
        mode(Path::new(&put), 0o700);
        mode(Path::new(&has), 0o700);
        let words = format!("[\"{put}\", \"--env\", \"production\"]");
        let add = ["target", "add", KEY, "--command", &words, "--confirm", &has];
        let asked = real.run(&add, "").await;
        assert_eq!(asked.code, Some(2), "nobody can be asked here: {asked:?}");
        let mut yes = add.to_vec();
        yes.push("--yes");
        real.run(&yes, "").await.ok();
        let done = real.run(&["rotate", KEY, "--yes"], "").await.ok();
        assert!(done.out.contains("proven dead"), "it confirms itself: {}", done.out);
        let value = std::fs::read_to_string(&store).unwrap();
        assert!(value != real.old.value && real.sim.accepts(&value));
        let seen = String::from_utf8_lossy(&std::fs::read(&seen).unwrap()).into_owned();
        assert!(seen.contains("--env") && seen.contains("PATH="), "{seen}");
        assert!(
            real.canaries().iter().all(|canary| !seen.contains(canary)),
            "the value is in argv or environ"
        );
    });
}
