//! Policies by scope and findings that are put off or accepted, as a script sees them.

use crate::{refused, run};
use tests::real::{KEY, Real, Said};

#[test]
fn check_tells_a_script_whether_keys_are_stale() {
    run(|| async {
        let real = Real::connected().await;
        let code = |said: Said| said.code;
        assert_eq!(
            code(real.run(&["check"], "").await),
            Some(3),
            "100 days are more than 90"
        );
        assert_eq!(code(real.run(&["check", "--max-age", "200"], "").await), Some(0));
        assert_eq!(code(real.run(&["check", "--max-age", "none"], "").await), Some(2));
        assert_eq!(code(real.run(&["check", "--max-age", "0"], "").await), Some(2));
        real.run(&["policy", "set", "--env", "production", "--max-age", "150"], "")
            .await
            .ok();
        assert_eq!(code(real.run(&["check"], "").await), Some(0), "the policy decides");
        let stale = real.run(&["--json", "check", "--max-age", "50"], "").await;
        let found = stale.json()["stale"].as_array().map(Vec::len);
        assert_eq!((stale.code, found), (Some(3), Some(1)));
    });
}

#[test]
fn a_policy_for_one_key_goes_before_the_others_and_says_so() {
    run(|| async {
        let real = Real::connected().await;
        let tried = real.json(&["policy", "set", "--max-age", "200", "--dry-run"]).await;
        assert_eq!(
            tried["sentence"],
            "200 d at most for all keys leaves 1 key no longer stale."
        );
        assert_eq!(real.run(&["check"], "").await.code, Some(3), "nothing was set");

        real.run(&["policy", "set", "--max-age", "200"], "").await.ok();
        assert_eq!(real.run(&["check"], "").await.code, Some(0));
        let narrow = ["policy", "set", "--key", KEY, "--max-age", "30", "--overlap", "2"];
        let said = real.run(&narrow, "").await.ok();
        assert!(said.out.contains("makes 1 key stale"), "{}", said.out);
        let why = real.json(&["policy", "show", "--key", KEY]).await;
        assert_eq!(why["maxAgeFrom"]["kind"], "key");
        assert_eq!(why["dueSoonFrom"]["label"], "all keys");
        let quiet = ["policy", "set", "--org", "acme", "--quiet", "24"];
        let said = real.run(&quiet, "").await.ok();
        assert!(
            said.out
                .contains("Silent for 24 h first where its use is told, from organisation acme."),
            "{}",
            said.out
        );
        let why = real.json(&["policy", "show", "--key", KEY]).await;
        assert_eq!(
            (&why["quietHours"], &why["quietFrom"]["kind"]),
            (&24.into(), &"org".into())
        );
        assert!(real.run(&["policy", "list"], "").await.ok().out.contains("QUIET"));
        let often = ["policy", "set", "--key", KEY, "--verify", "1"];
        let said = real.run(&often, "").await.ok();
        assert!(said.out.contains("Verified every day, from key"), "{}", said.out);
        let due = real.run(&["verify", "--due"], "").await.ok();
        assert!(
            due.out.contains("Overten accepted it."),
            "nobody has asked yet: {}",
            due.out
        );
        let due = real.run(&["verify", "--due"], "").await.ok();
        assert!(due.out.contains("No key is due."), "{}", due.out);
        let never = ["policy", "set", "--quiet", "8761"];
        assert_eq!(real.run(&never, "").await.code, Some(2), "a year at most");
        let shown = real.run(&["key", "show", KEY], "").await.ok();
        let line = "30 d at most, from key acme/production/checkout-api.";
        assert!(shown.out.contains(line), "{}", shown.out);

        real.run(&["policy", "clear", "--key", KEY], "").await.ok();
        assert_eq!(
            real.run(&["check"], "").await.code,
            Some(0),
            "the wider one decides again"
        );
        let two = ["policy", "set", "--org", "acme", "--env", "ci", "--max-age", "9"];
        assert_eq!(real.run(&two, "").await.code, Some(2), "a rule has one scope");
    });
}

#[test]
fn a_check_counts_what_is_put_off_and_not_what_is_accepted() {
    run(|| async {
        let real = Real::connected().await;
        let put_off = ["key", "snooze", KEY, "--days", "7", "--reason", "after the release"];
        real.run(&put_off, "").await.ok();
        assert_eq!(real.run(&["check"], "").await.code, Some(3), "it counts as before");
        let accept = ["key", "accept-risk", KEY, "--days", "90", "--reason", "behind a proxy"];
        real.run(&accept, "").await.ok();
        let checked = real.run(&["check"], "").await;
        assert_eq!(checked.code, Some(0));
        assert!(checked.out.contains("behind a proxy"), "{}", checked.out);
        real.run(&["key", "wake", KEY], "").await.ok();
        assert_eq!(real.run(&["check"], "").await.code, Some(3));
        let long = ["--json", "key", "snooze", KEY, "--days", "91", "--reason", "x"];
        let (code, word, field) = refused(&real.run(&long, "").await);
        assert_eq!(
            (code, word.as_str(), field.as_deref()),
            (2, "input.invalid", Some("days"))
        );
    });
}
