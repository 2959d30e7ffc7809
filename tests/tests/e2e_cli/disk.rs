//! No space left, on a real file system: before a rotation begins, and after its key was created.

use std::path::Path;
use std::time::Duration;

use provider_sim::Fault;
use tests::mounts;

use crate::{refused, run};
use tests::real::{KEY, Real};

const MINT: &str = "/api/v1/organizations/*/api-keys";

/// The file system is this large; a database with its rollback journal takes a quarter of it.
const KIB: usize = 2048;

fn requests(real: &Real) -> usize {
    real.sim.requests().len()
}

#[test]
fn on_a_full_disk_a_rotation_is_refused_before_anything_is_sent() {
    let test = "disk::on_a_full_disk_a_rotation_is_refused_before_anything_is_sent";
    let Some(place) = mounts::on_a_small_disk(test, KIB) else {
        return;
    };
    run(|| async {
        let real = Real::begin_in(&place).await.with_account().await;
        let (filler, sent) = (place.join("filler"), requests(&real));
        mounts::fill(&filler);
        for command in [
            ["rotate", KEY, "--yes"].as_slice(),
            &["revoke", KEY, "--yes"],
            &["key", "add", "main", "nightly", "--env", "ci"],
        ] {
            let said = real.run(&[&["--json"], command].concat(), "").await;
            assert_eq!(refused(&said), (1, "store.full".into(), None), "{command:?}");
        }
        let told = real.run(&["rotate", KEY, "--yes"], "").await.err;
        for words in ["no space left for the database", "[store.full]", "Free some space"] {
            assert!(told.contains(words), "{words} in {told}");
        }
        assert_eq!(requests(&real), sent, "nothing was sent");
        let listed = real.run(&["key", "list"], "").await.ok().out;
        assert!(listed.contains("checkout-api"), "what is there can still be read");
        real.run(&["rotate", KEY, "--plan"], "").await.ok();

        std::fs::remove_file(&filler).unwrap();
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        real.run(&["replaced", KEY], "").await.ok();
        real.replaced().await.assert_none();
    });
}

#[test]
fn a_disk_that_fills_up_after_the_mint_loses_no_key() {
    let test = "disk::a_disk_that_fills_up_after_the_mint_loses_no_key";
    let Some(place) = mounts::on_a_small_disk(test, KIB) else {
        return;
    };
    run(|| async {
        let real = Real::begin_in(&place).await.with_account().await;
        let filler = place.join("filler");
        rotate_until_full(&real, &filler).await;
        let made = real.sim.live_keys(&real.org.id).len();
        assert_eq!(made, 3, "the key was created before the disk was full");

        // Whatever is tried meanwhile is refused and sends no second request to create.
        for (command, code) in [
            (["resume", KEY].as_slice(), "store.full"),
            (&["undo", KEY], "rotation.not_now"),
            (&["rotate", KEY, "--yes"], "key.rotating"),
        ] {
            let said = real.run(&[&["--json"], command].concat(), "").await;
            assert_eq!(refused(&said).1, code, "{command:?}");
        }
        assert_eq!(real.sim.count("POST", MINT), 1);
        real.run(&["key", "show", KEY], "").await.ok();

        std::fs::remove_file(&filler).unwrap();
        real.run(&["resume", KEY], "").await.ok();
        assert_eq!(
            real.sim.count("POST", MINT),
            1,
            "the one key was found: its value had reached the keychain"
        );
        real.run(&["replaced", KEY], "").await.ok();
        real.replaced().await.assert_none();
    });
}

/// Rotates; while the provider's answer to the mint is on its way, the disk fills up.
async fn rotate_until_full(real: &Real, filler: &Path) {
    real.sim.inject(Fault::hold().on("POST", MINT).after());
    let arguments = ["--json", "rotate", KEY, "--yes"];
    let (said, ()) = tokio::join!(real.run(&arguments, ""), async {
        while real.sim.count("POST", MINT) == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        mounts::fill(filler);
        real.sim.clear_faults();
    });
    assert_eq!(refused(&said), (1, "store.full".into(), None), "{said:?}");
}

#[test]
fn a_disk_that_is_full_at_each_later_step_loses_no_key() {
    let test = "disk::a_disk_that_is_full_at_each_later_step_loses_no_key";
    let Some(place) = mounts::on_a_small_disk(test, KIB) else {
        return;
    };
    run(|| async {
        let real = Real::begin_in(&place).await.with_account().await;
        let filler = place.join("filler");
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        mounts::fill(&filler);
        let said = real.run(&["--json", "replaced", KEY], "").await;
        assert_eq!(refused(&said), (1, "store.full".into(), None));
        assert!(
            real.old_record().is_live(),
            "nothing is revoked that cannot be written down"
        );
        std::fs::remove_file(&filler).unwrap();

        // Once more, and now the disk fills up while the provider revokes.
        let revoke = "/api/v1/organizations/*/api-keys/*";
        real.sim.inject(Fault::hold().on("DELETE", revoke).after());
        let arguments = ["--json", "replaced", KEY];
        let (said, ()) = tokio::join!(real.run(&arguments, ""), async {
            while real.sim.count("DELETE", revoke) == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            mounts::fill(&filler);
            real.sim.clear_faults();
        });
        assert_eq!(refused(&said).1, "store.full", "{said:?}");
        std::fs::remove_file(&filler).unwrap();
        real.run(&["resume", KEY], "").await.ok();
        assert_eq!(real.sim.count("DELETE", revoke), 1, "it was asked about, not repeated");
        real.replaced().await.assert_none();
    });
}
