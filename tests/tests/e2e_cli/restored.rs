//! A data directory that is put back from a backup, older than the keychain: what is there is seen, and can be taken back.

use std::path::Path;

use serde_json::Value;

use tests::real::{KEY, Real};

use crate::run;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

#[test]
fn a_value_that_is_younger_than_the_database_is_seen_and_taken_back() {
    run(|| async {
        let real = Real::connected().await;
        let (data, backup) = (real.data(), real.dir.path().join("backup"));
        copy(Path::new(&data), &backup);
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        real.run(&["replaced", KEY], "").await.ok();
        let new = value(&real, KEY).await;
        let before = real.keyring.items().await;

        let database = Path::new(&data).join(keywheel_core::store::DB_FILE);
        std::fs::copy(backup.join(keywheel_core::store::DB_FILE), &database).expect("it is put back");
        let told = real.run(&["doctor"], "").await;
        assert_eq!(told.code, Some(75), "{told:?}");
        assert!(
            told.out.contains("1 value in the keychain is held for no key here"),
            "{told:?}"
        );
        assert!(
            told.out.contains("is not in the keychain, which should hold it"),
            "the old one: {told:?}"
        );

        real.run(&["account", "refresh", "main"], "").await.ok();
        let strays = real.json(&["keychain", "strays"]).await;
        let [stray] = strays.as_array().expect("a list").as_slice() else {
            panic!("one value: {strays}")
        };
        let (item, fits) = (text(&stray["value"]), text(&stray["fits"]));
        assert!(!stray.to_string().contains(&new), "its value is not shown");
        real.run(&["keychain", "take", &item, &fits], "").await.ok();
        assert_eq!(value(&real, &fits).await, new, "it serves again");
        let again = real.json(&["keychain", "strays"]).await;
        assert_eq!(again[0]["copied"], Value::Bool(true), "{again}");
        let after = real.keyring.items().await;
        assert!(before.iter().all(|item| after.contains(item)), "nothing was deleted");

        let refused = real.run(&["keychain", "forget", &item], "").await;
        assert_eq!(refused.code, Some(2), "nobody was asked: {refused:?}");
        let behind = real.run(&["keychain", "forget", &item, "--yes"], "").await;
        assert!(behind.err.contains("[keychain.ahead]"), "{behind:?}");
        let told = real.run(&["doctor"], "").await;
        assert!(told.out.contains("a later state of this data directory"), "{told:?}");
        real.run(&["keychain", "own", "--yes"], "").await.ok();
        let again = real.run(&["keychain", "own"], "").await.ok();
        assert!(again.out.contains("nothing was changed"), "{again:?}");
        real.run(&["keychain", "forget", &item, "--yes"], "").await.ok();
        assert_eq!(real.json(&["keychain", "strays"]).await, Value::Array(vec![]));
        let mine = real.run(&["keychain", "forget", &item, "--yes"], "").await;
        assert_eq!(mine.code, Some(2), "{mine:?}");
        assert_eq!(value(&real, &fits).await, new, "its own item stays");
    });
}

#[test]
fn a_rotation_of_a_backup_that_was_put_back_waits_until_somebody_has_looked() {
    run(|| async {
        let real = Real::connected().await;
        let database = Path::new(&real.data()).join(keywheel_core::store::DB_FILE);
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        let backup = std::fs::read(&database).expect("it is read");
        let settled = real.run(&["settle", KEY, "--old", "works", "--new", "leave"], "").await;
        assert!(settled.out.contains("Ended by your word"), "{settled:?}");
        std::fs::write(&database, backup).expect("it is put back");
        for words in [&["replaced", KEY][..], &["resume"], &["undo", KEY]] {
            let refused = real.run(words, "").await;
            assert!(refused.err.contains("[keychain.ahead]"), "{refused:?}");
        }
        assert!(real.old_record().is_live());
        real.run(&["keychain", "own", "--yes"], "").await.ok();
        let seen = real.run(&["doctor"], "").await;
        assert_eq!(seen.code, Some(75), "{seen:?}");
        assert!(seen.out.contains("that was put back"), "{seen:?}");
        let alone = real.run(&["resume"], "").await;
        assert_eq!(alone.code, Some(76), "{alone:?}");
        assert!(alone.err.contains("[rotation.behind]"), "{alone:?}");
        real.run(&["resume", KEY], "").await.ok();
        assert_eq!(real.run(&["doctor"], "").await.code, Some(0));
        real.run(&["replaced", KEY], "").await.ok();
        assert!(!real.old_record().is_live());
    });
}

#[test]
fn a_rotation_is_ended_by_a_word_about_each_key() {
    run(|| async {
        let real = Real::connected().await;
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        let partly = real.run(&["settle", KEY, "--old", "works"], "").await;
        assert_eq!(partly.code, Some(2), "{partly:?}");
        assert!(partly.err.contains("new"), "it names what is missing: {partly:?}");
        let ended = real
            .run(&["settle", KEY, "--old", "works", "--new", "leave"], "")
            .await
            .ok();
        assert!(ended.out.contains("Ended by your word"), "{ended:?}");
        let told = real.run(&["doctor"], "").await;
        assert!(told.out.contains("1 unaccounted at a provider"), "{told:?}");
        let listed = real.json(&["unaccounted", "list"]).await;
        assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
        let activity = real.run(&["activity"], "").await.ok();
        assert!(
            activity
                .out
                .contains("the old key works, nothing is said of the new one"),
            "{activity:?}"
        );
    });
}

/// The value of a key, read beside the command.
async fn value(real: &Real, key: &str) -> String {
    let shown = real.json(&["key", "show", key]).await;
    let version = text(&shown["key"]["versionId"]);
    real.keyring.value_of(&version).await.expect("it is there")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}
