//! One IAM user's account in Keywheel, with its first key held.

use tests::machine::{Machine, Said};

use crate::cloud::{Cloud, Pair};

/// The slot that is rotated.
pub const KEY: &str = "checkout-api";
/// Connects the account of a user; `address`: none in a demo directory, which leads AWS's own names there.
pub async fn connect(machine: &Machine, address: Option<&str>, user: &str, admin: &str) -> Said {
    // The witness calls with the old keys, too.
    machine.run(&["policy", "set", "--quiet", "0"], "").await.ok();
    let field = format!("user={user}");
    let mut form = vec!["account", "connect", "--provider", "aws-iam", "--org", "lab"];
    form.extend(["--env", "production", "--scheme", "access_key", "--label", user]);
    form.extend(["--field", &field]);
    if let Some(address) = address {
        form.extend(["--base-url", address]);
    }
    machine.run(&form, admin).await
}

/// Gives the listed key its name, and Keywheel its value.
pub async fn name_and_hold(machine: &mut Machine, key: &Pair) {
    let listed = machine.run(&["key", "list"], "").await.ok();
    let begins = format!("{}…", &key.id[..17]);
    let rows = listed.as_array().unwrap();
    let found = rows.iter().find(|row| row["hint"] == begins.as_str());
    let id = found.unwrap_or_else(|| panic!("{begins} is not in {listed}"))["id"]
        .as_str()
        .unwrap();
    machine.run(&["key", "rename", id, KEY], "").await.ok();
    machine.conceal(&key.secret);
    machine.run(&["key", "hold", KEY], &key.lines()).await.ok();
}

/// At the cloud's own address, for a new user.
pub async fn ready(cloud: &Cloud, user: &str) -> (Machine, Pair) {
    let mut machine = Machine::begin(&[&cloud.admin.secret]).await;
    let old = cloud.user(user);
    let said = connect(&machine, Some(&cloud.address), user, &cloud.admin.lines()).await;
    said.ok();
    name_and_hold(&mut machine, &old).await;
    (machine, old)
}

/// The value that the keychain holds for the one version that serves, and the provider's id of it.
pub async fn live(machine: &Machine) -> Pair {
    let held = machine.held(KEY).await;
    let live: Vec<_> = held.iter().filter(|(version, _)| version["state"] == "live").collect();
    let [(version, Some(value))] = live[..] else {
        panic!("{} versions live, or the one is not held", live.len());
    };
    let (id, secret) = value.split_once('\n').expect("two parts");
    assert_eq!(version["remoteId"], id, "the inventory names the key that is held");
    let ended = held.iter().filter(|(version, _)| version["state"] != "live");
    assert!(
        ended.into_iter().all(|(_, value)| value.is_none()),
        "ended values are out of the keychain"
    );
    Pair {
        id: id.to_owned(),
        secret: secret.to_owned(),
    }
}
