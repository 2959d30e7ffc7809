//! What can be wrong about what Keywheel is given: the right code, field and exit, and nothing is lost.

use crate::{refused, run};
use tests::real::{KEY, Real};

type Refusal = (i32, String, Option<String>);

fn refusal(exit: i32, code: &str, field: &str) -> Refusal {
    (exit, code.to_owned(), (!field.is_empty()).then(|| field.to_owned()))
}

#[test]
fn a_value_that_is_not_this_keys_is_refused_and_a_held_one_stays() {
    run(|| async {
        let real = Real::connected().await;
        let listed = real.json(&["key", "list"]).await;
        let other = listed
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["held"] == false)
            .unwrap();
        let other = other["id"].as_str().unwrap();
        let hold = async |value: &str| refused(&real.run(&["--json", "key", "hold", other], value).await);
        assert_eq!(
            hold("sk_test_nothing").await,
            refusal(2, "input.wrong_key_format", "key")
        );
        assert_eq!(hold(&real.old.value).await, refusal(2, "input.other_key", "key"));
        assert_eq!(hold("").await, refusal(2, "input.missing", "key"));
        assert_eq!(hold("sk_live_\u{1b}[31m").await, refusal(2, "input.invalid", "key"));
        real.run(&["key", "hold", other], &format!("{}\n", real.bystander.value))
            .await
            .ok();
        let again = real.run(&["--json", "key", "hold", other], &real.bystander.value).await;
        assert_eq!(refused(&again).1, "key.held");
        real.run(&["verify", "--all"], "").await.ok();
    });
}

#[test]
fn a_name_that_is_taken_or_not_there_is_refused() {
    run(|| async {
        let real = Real::connected().await;
        let said = async |arguments: &[&str]| {
            let mut all = vec!["--json"];
            all.extend(arguments);
            refused(&real.run(&all, "").await)
        };
        let taken = |field: &str| refusal(2, "input.duplicate_name", field);
        assert_eq!(said(&["org", "add", "Acme"]).await, taken("name"));
        assert_eq!(said(&["env", "add", "production"]).await, taken("name"));
        let other = real.json(&["key", "list"]).await;
        let other = other
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["name"] != "checkout-api")
            .unwrap()
            .clone();
        assert_eq!(
            said(&["key", "rename", other["id"].as_str().unwrap(), "checkout-api"]).await,
            taken("name")
        );
        assert_eq!(
            said(&["key", "show", "nowhere"]).await,
            refusal(2, "input.not_found", "key")
        );
        assert_eq!(
            said(&["org", "add", "a\u{1b}[2Jb"]).await,
            refusal(2, "input.invalid", "name")
        );
        assert_eq!(
            said(&["policy", "set", "--max-age", "0"]).await,
            refusal(2, "input.invalid", "max_age_days")
        );
        assert_eq!(
            said(&["settings", "set", "--theme", "dark", "--clipboard", "1"]).await,
            refusal(2, "input.invalid", "clipboard_seconds")
        );
        let settings = real.json(&["settings", "list"]).await;
        assert_eq!(settings["theme"], "system", "nothing of it is set: {settings}");
        let again = real.connect("main", &real.owner.refresh_token).await;
        assert_eq!(refused(&again).1, "account.connected_already");
        assert_eq!(
            real.json(&["account", "list"]).await.as_array().map(Vec::len),
            Some(1),
            "nothing half made stays"
        );
        real.run(&["verify", KEY], "").await.ok();
    });
}

#[test]
fn a_name_with_a_character_that_cannot_be_seen_is_refused_and_nothing_is_renamed() {
    run(|| async {
        let real = Real::connected().await;
        let before = real.json(&["key", "list"]).await;
        for unseen in [
            '\u{202e}',
            '\u{2066}',
            '\u{200b}',
            '\u{200d}',
            '\u{feff}',
            '\u{ad}',
            '\u{3164}',
            '\u{e0041}',
            '\u{9b}',
        ] {
            let name = format!("pay{unseen}ments");
            let label = format!("label {unseen}");
            for command in [
                ["org", "add", &name].as_slice(),
                &["org", "rename", "acme", &name],
                &["env", "add", &name],
                &["env", "rename", "staging", &name],
                &["key", "rename", KEY, &name],
                &["key", "add", "main", &name, "--env", "ci"],
            ] {
                let said = real.run(&[&["--json"], command].concat(), "").await;
                assert_eq!(refused(&said), refusal(2, "input.invalid", "name"), "{command:?}");
                assert!(said.err.contains("cannot be seen"), "{}", said.err);
                let plain = real.run(command, "").await;
                assert!(plain.err.contains("at: name"), "{}", plain.err);
                assert!(!(plain.out + &plain.err).contains(unseen), "and it is not printed");
            }
            let connect = real.connect(&label, &real.owner.refresh_token).await;
            assert_eq!(refused(&connect), refusal(2, "input.invalid", "label"));
        }
        assert_eq!(real.json(&["key", "list"]).await, before, "every name is as it was");
        assert_eq!(
            real.sim.count("POST", "/api/v1/organizations/*/api-keys"),
            0,
            "nothing was created"
        );
        real.run(&["key", "rename", KEY, "Prüfstelle 決済"], "").await.ok();
        real.run(&["verify", "acme/production/Prüfstelle 決済"], "").await.ok();
    });
}

#[test]
fn an_account_that_cannot_be_connected_leaves_nothing_behind() {
    run(|| async {
        let real = Real::begin().await;
        let org = format!("org_id={}", real.org.id);
        let key = format!("web_api_key={}", real.owner.web_api_key);
        let form = async |more: &[&str], secret: &str| {
            let mut all = vec![
                "--json",
                "account",
                "connect",
                "--provider",
                "overten",
                "--org",
                "acme",
                "--new-org",
            ];
            all.extend([
                "--label",
                "main",
                "--env",
                "production",
                "--scheme",
                "firebase_refresh",
                "--field",
                &key,
            ]);
            all.extend(more);
            refused(&real.run(&all, secret).await)
        };
        let good = real.owner.refresh_token.as_str();
        assert_eq!(form(&[], good).await, refusal(2, "input.missing", "org_id"));
        assert_eq!(
            form(&["--field", "org_id=a b"], good).await,
            refusal(2, "input.invalid", "org_id")
        );
        let plain = ["--field", &org, "--base-url", "http://api.example.com"];
        assert_eq!(form(&plain, good).await, refusal(2, "input.not_https", "base_url"));
        let in_argv = ["--field", &org, "--field", "refresh_token=not-a-real-one"];
        assert_eq!(form(&in_argv, good).await, refusal(2, "input.usage", "refresh_token"));
        assert_eq!(
            form(&["--field", "nothing=x"], good).await,
            refusal(2, "input.usage", "nothing")
        );
        assert_eq!(
            form(&["--field", &org], "wrong-token").await,
            refusal(82, "credential.refused", "refresh_token")
        );
        real.sim.refuse_user(&real.owner.uid, Some("TOKEN_EXPIRED"));
        let expired = form(&["--field", &org], good).await;
        assert_eq!(
            (expired.0, expired.1.starts_with("credential.")),
            (82, true),
            "{expired:?}"
        );
        real.sim.refuse_user(&real.owner.uid, None);
        let now = real.sim.clock().now().to_string();
        real.run(&["init", "--demo", "http://127.0.0.1:9", "--now", &now], "")
            .await
            .ok();
        assert_eq!(
            form(&["--field", &org], good).await.0,
            75,
            "nobody there: nothing was changed"
        );
        assert_eq!(real.json(&["org", "list"]).await.as_array().map(Vec::len), Some(0));
        assert_eq!(real.json(&["account", "list"]).await.as_array().map(Vec::len), Some(0));
        let left = real
            .keyring
            .items()
            .await
            .into_iter()
            .filter(|item| item.starts_with("version/"))
            .count();
        assert_eq!(left, 0, "no value stays in the keychain");
        real.run(&["init", "--demo", &real.address, "--now", &now], "")
            .await
            .ok();
        real.connect("main", good).await.ok();
    });
}

#[test]
fn a_credential_that_dies_in_the_middle_is_replaced_and_the_rotation_goes_on() {
    run(|| async {
        let real = Real::connected().await;
        real.sim.refuse_user(&real.owner.uid, Some("USER_DISABLED"));
        let stopped = real.run(&["--json", "rotate", KEY, "--yes"], "").await;
        assert_eq!(stopped.code, Some(82), "{stopped:?}");
        assert_eq!(stopped.json()["state"]["kind"], "failed");
        assert_eq!(real.sim.live_keys(&real.org.id).len(), 2, "nothing was created");
        let still = real
            .run(
                &["--json", "account", "replace-credential", "main"],
                &real.owner.refresh_token,
            )
            .await;
        assert_eq!(refused(&still), refusal(82, "credential.refused", "refresh_token"));
        real.sim.refuse_user(&real.owner.uid, None);
        real.run(&["account", "replace-credential", "main"], &real.owner.refresh_token)
            .await
            .ok();
        real.run(&["resume", KEY], "").await.ok();
        real.sim.refuse_user(&real.owner.uid, Some("USER_DISABLED"));
        let amber = real.run(&["replaced", KEY], "").await;
        assert_eq!(amber.code, Some(82), "one old key awaits removal: {amber:?}");
        assert!(real.old_record().is_live());
        real.sim.refuse_user(&real.owner.uid, None);
        real.run(&["resume", KEY], "").await.ok();
        real.replaced().await.assert_none();
    });
}

#[test]
fn a_place_that_cannot_be_used_is_named_and_not_made_worse() {
    run(|| async {
        let real = Real::begin().await;
        let list = ["--json", "org", "list"];
        let read_only = real.run_in("/sys/kernel/keywheel-e2e", &list, "").await;
        assert_eq!(refused(&read_only).1, "store.read_only");
        let file = real.dir.path().join("a-file");
        std::fs::write(&file, "x").unwrap();
        let no_dir = real.run_in(file.join("data").to_str().unwrap(), &list, "").await;
        assert_eq!(refused(&no_dir).1, "store.unavailable");
    });
}

#[test]
fn a_damaged_database_is_told_and_left_as_it_is() {
    run(|| async {
        let real = Real::connected().await;
        let file = real.dir.path().join("data").join("keywheel.db");
        let whole = std::fs::read(&file).unwrap();
        let mut torn = whole.clone();
        torn[4096..16384].fill(0xA5);
        for damaged in [
            torn,
            b"not a database at all, but some text that somebody put here".to_vec(),
        ] {
            std::fs::write(&file, &damaged).unwrap();
            for command in [["key", "list"].as_slice(), &["doctor"], &["rotate", KEY, "--yes"]] {
                let mut all = vec!["--json"];
                all.extend(command);
                assert_eq!(
                    refused(&real.run(&all, "").await),
                    refusal(1, "store.damaged", ""),
                    "{command:?}"
                );
            }
            assert_eq!(std::fs::read(&file).unwrap(), damaged, "nothing was written over it");
        }
        std::fs::write(&file, &whole).unwrap();
        real.run(&["verify", KEY], "").await.ok();
    });
}
