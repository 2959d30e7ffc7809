//! The course of a rotation at a cloud that answers.

use crate::cloud::{Cloud, Pair};
use crate::desk::{KEY, connect, live, ready};

fn ids(keys: &[(String, bool)]) -> Vec<&str> {
    keys.iter().map(|(id, _)| id.as_str()).collect()
}

#[tokio::test]
async fn an_access_key_is_replaced_and_the_cloud_refuses_the_old_one() {
    const USER: &str = "ada";
    let cloud = Cloud::of_all();
    let (machine, old) = ready(cloud, USER).await;
    machine.run(&["verify", KEY], "").await.ok();

    machine.run(&["rotate", KEY, "--yes"], "").await.ok();
    let keys = cloud.keys(USER);
    assert_eq!(keys.len(), 2, "one new key, and the old one: {keys:?}");
    assert!(keys.iter().all(|(_, on)| *on), "both work: {keys:?}");
    assert_eq!(cloud.recognises(&old).as_deref(), Ok(USER));

    machine.run(&["replaced", KEY], "").await.ok();
    assert_eq!(
        cloud.recognises(&old),
        Err("InvalidClientTokenId".to_owned()),
        "the old key is refused"
    );
    let new = live(&machine).await;
    assert_eq!(ids(&cloud.keys(USER)), [new.id.as_str()]);
    assert_eq!(cloud.recognises(&new).as_deref(), Ok(USER));
    machine.run(&["doctor"], "").await.ok();

    let shown = machine.run(&["key", "show", KEY], "").await.ok();
    assert_eq!(shown["key"]["hint"], format!("AKIA…{}", &new.id[16..]));
    let old = shown["versions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["remoteId"] == old.id.as_str());
    let receipt = old.unwrap()["receipt"]["message"].as_str().unwrap();
    assert!(receipt.contains("refused by AWS IAM: 403"), "{receipt}");
}

#[tokio::test]
async fn when_a_key_was_last_used_is_asked_for_each_key() {
    const USER: &str = "grace";
    let cloud = Cloud::of_all();
    let (machine, _) = ready(cloud, USER).await;
    let key = async || machine.run(&["key", "show", KEY], "").await.ok()["key"].clone();
    assert!(key().await["lastUsedAt"].is_null(), "never");
    machine.run(&["verify", KEY], "").await.ok();
    machine.run(&["account", "refresh", USER], "").await.ok();
    let used = key().await["lastUsedAt"].as_str().map(str::to_owned);
    let used: jiff::Timestamp = used.expect("it was used").parse().unwrap();
    assert!(jiff::Timestamp::now().duration_since(used).as_secs() < 600, "{used}");
}

#[tokio::test]
async fn a_key_that_is_in_use_is_revoked_only_when_a_person_insists() {
    const USER: &str = "mary";
    let cloud = Cloud::of_all();
    let (machine, old) = ready(cloud, USER).await;
    machine.run(&["policy", "set", "--quiet", "24"], "").await.ok();
    machine.run(&["rotate", KEY, "--yes"], "").await.ok();
    assert_eq!(cloud.recognises(&old).as_deref(), Ok(USER));
    let waits = machine.run(&["replaced", KEY], "").await;
    assert_eq!(
        (waits.code, &waits.out["silence"]["reason"]),
        (Some(75), &"still_used".into()),
        "{waits:?}"
    );
    let seen = waits.out["silence"]["lastUsedAt"].as_str().expect("when it was used");
    let seen: jiff::Timestamp = seen.parse().unwrap();
    assert!(jiff::Timestamp::now().duration_since(seen).as_secs() < 600, "{seen}");
    assert_eq!(cloud.recognises(&old).as_deref(), Ok(USER), "it works on");
    machine.run(&["replaced", KEY, "--anyway"], "").await.ok();
    assert_eq!(cloud.recognises(&old), Err("InvalidClientTokenId".to_owned()));
}

#[tokio::test]
async fn a_new_key_is_taken_back_a_key_is_created_and_one_revoked_at_once() {
    const USER: &str = "joan";
    let cloud = Cloud::of_all();
    let (machine, old) = ready(cloud, USER).await;
    machine.run(&["rotate", KEY, "--yes"], "").await.ok();
    machine.run(&["undo", KEY], "").await.ok();
    assert_eq!(ids(&cloud.keys(USER)), [old.id.as_str()]);

    machine
        .run(&["key", "add", USER, "nightly", "--env", "ci"], "")
        .await
        .ok();
    assert_eq!(cloud.keys(USER).len(), 2);
    machine.run(&["revoke", KEY, "--yes"], "").await.ok();
    assert!(
        cloud.recognises(&old).is_err(),
        "an emergency revocation reaches the cloud"
    );
    assert_eq!(cloud.keys(USER).len(), 1);
    machine.run(&["verify", "nightly"], "").await.ok();
}

#[tokio::test]
async fn two_parts_go_in_and_out_together_and_one_by_one() {
    const USER: &str = "radia";
    let cloud = Cloud::of_all();
    let (mut machine, old) = ready(cloud, USER).await;
    let second = cloud.key_of(USER);
    machine.conceal(&second.secret);
    // As a credentials file has them, before the list shows the key.
    let file = format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        second.id, second.secret
    );
    let add = ["key", "import", "batch", "--account", USER, "--env", "ci"];
    machine.run(&add, &file).await.ok();

    let Pair { id, secret } = &old;
    let whole = machine.prints(&["reveal", KEY]).await;
    assert_eq!(
        whole.trim_end(),
        format!("AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={secret}")
    );
    for (part, value) in [("access_key_id", id), ("secret_access_key", secret)] {
        let printed = machine.prints(&["reveal", KEY, "--part", part]).await;
        assert_eq!(printed.trim_end(), value);
    }
    let batch = machine.prints(&["reveal", "batch", "--part", "access_key_id"]).await;
    assert_eq!(batch.trim_end(), second.id);

    let wrong = machine.run(&["copy", KEY, "--part", "password"], "").await;
    assert_eq!(wrong.refused(), (Some(2), "input.invalid", Some("part")));
    let half = machine
        .run(&["key", "import", "half", "--account", USER, "--env", "ci"], id)
        .await;
    assert_eq!(half.refused(), (Some(2), "input.wrong_key_format", Some("key")));

    let snippet = machine.run(&["key", "snippet", KEY, "--for", "sh"], "").await.ok();
    let sh = snippet["sh"].as_str().unwrap();
    let lines: Vec<&str> = sh.lines().collect();
    assert_eq!(lines.len(), 2, "{sh}");
    assert!(
        lines[0].starts_with("export AWS_ACCESS_KEY_ID=\"$(keywheel reveal "),
        "{sh}"
    );
    assert!(
        lines[1].starts_with("export AWS_SECRET_ACCESS_KEY=\"$(keywheel reveal "),
        "{sh}"
    );
    // Keywheel answers for what its snippet says: curl signs, and the cloud knows the key.
    let curl = snippet["curl"].as_str().unwrap();
    let called = tokio::process::Command::new("bash")
        .args(["-c", &format!("{curl} --silent --fail-with-body")])
        .env("AWS_ACCESS_KEY_ID", id)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .output()
        .await
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&called.stdout),
        String::from_utf8_lossy(&called.stderr),
    );
    assert!(out.contains(&format!(":user/{USER}</Arn>")), "{curl}\n{out}{err}");
}

#[tokio::test]
async fn a_management_credential_is_two_parts_too() {
    const USER: &str = "hedy";
    let cloud = Cloud::of_all();
    cloud.user(USER);
    let machine = tests::machine::Machine::begin(&[&cloud.admin.secret]).await;
    let Pair { id, secret } = &cloud.admin;
    let csv = format!("Access key ID,Secret access key\r\n{id},{secret}\r\n");
    connect(&machine, Some(&cloud.address), USER, &csv).await.ok();
    let wrong = connect(&machine, Some(&cloud.address), "eve", secret).await;
    assert_eq!(wrong.refused(), (Some(2), "input.invalid", Some("access_key")));
}
