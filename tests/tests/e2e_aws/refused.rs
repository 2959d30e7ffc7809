//! What the cloud does not grant.

use crate::cloud::{Cloud, Pair};
use crate::desk::{KEY, connect, live, name_and_hold, ready};
use tests::machine::Machine;

#[tokio::test]
async fn a_third_key_is_refused_before_anything_is_sent() {
    const USER: &str = "alan";
    let cloud = Cloud::of_all();
    let (mut machine, old) = ready(cloud, USER).await;
    let second = cloud.key_of(USER);
    machine.conceal(&second.secret);
    cloud.switch_off(USER, &second);
    // The plan says who is in the way, and the list what became of it.
    machine.run(&["account", "refresh", USER], "").await.ok();
    let plan = machine.run(&["rotate", KEY, "--plan"], "").await.ok();
    let line = plan["noPlaceLine"].as_str().expect("it is said");
    assert!(
        line.contains(&old.id) && line.contains(&format!("{}, switched off", second.id)),
        "{line}"
    );
    let flagged = machine.run(&["key", "list"], "").await.ok();
    let off = |row: &&serde_json::Value| {
        row["flags"]
            .as_array()
            .is_some_and(|flags| flags.iter().any(|flag| flag["code"] == "switched_off"))
    };
    assert_eq!(flagged.as_array().unwrap().iter().filter(off).count(), 1, "{flagged}");
    let before = cloud.keys(USER);
    let said = machine.run(&["rotate", KEY, "--yes"], "").await;
    assert_eq!(said.code, Some(75), "nothing was changed: {said:?}");
    let told = format!("{said:?}");
    assert!(told.contains("provider.no_free_slot"), "{told}");
    assert!(told.contains("Revoke a key that is not in use first."), "{told}");
    assert_eq!(cloud.keys(USER), before, "nothing was created, nothing was deleted");
    assert_eq!(cloud.recognises(&old).as_deref(), Ok(USER));

    // The slot is freed by revoking the other one, and the rotation goes on where it stood.
    machine.run(&["account", "refresh", USER], "").await.ok();
    let listed = machine.run(&["key", "list"], "").await.ok();
    let begins = format!("{}…", &second.id[..17]);
    let other = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["hint"] == begins.as_str());
    let other = other.unwrap()["id"].as_str().unwrap().to_owned();
    machine.run(&["revoke", &other, "--yes"], "").await.ok();
    let said = machine.run(&["resume", KEY], "").await;
    assert_eq!(said.state(), "awaiting_person", "{said:?}");
    machine.run(&["replaced", KEY], "").await.ok();
    let new = live(&machine).await;
    assert_eq!(cloud.keys(USER), [(new.id.clone(), true)]);
}

#[tokio::test]
async fn the_key_that_manages_the_others_is_not_revoked() {
    const USER: &str = "donald";
    let cloud = Cloud::of_all();
    let own = cloud.user_who_may(USER, &["iam:*"]);
    let mut machine = Machine::begin(&[&own.secret]).await;
    connect(&machine, Some(&cloud.address), USER, &own.lines()).await.ok();
    name_and_hold(&mut machine, &own).await;
    for verb in ["rotate", "revoke"] {
        let said = machine.run(&[verb, KEY, "--yes"], "").await;
        assert_ne!(said.code, Some(0), "{said:?}");
        assert!(format!("{said:?}").contains("key.manages_account"), "{said:?}");
        assert_eq!(cloud.keys(USER), [(own.id.clone(), true)], "{verb}");
        machine.run(&["undo", KEY], "").await;
    }
}

#[tokio::test]
async fn a_key_that_can_be_switched_off_and_not_deleted_is_said_to_be_that() {
    const USER: &str = "edsger";
    let cloud = Cloud::of_all();
    let (mut machine, old) = (Machine::begin(&[]).await, cloud.user(USER));
    let may = [
        "iam:ListAccessKeys",
        "iam:CreateAccessKey",
        "iam:UpdateAccessKey",
        "iam:GetAccessKeyLastUsed",
    ];
    let keeper = cloud.user_who_may("keeper", &may);
    machine.conceal(&keeper.secret);
    connect(&machine, Some(&cloud.address), USER, &keeper.lines())
        .await
        .ok();
    name_and_hold(&mut machine, &old).await;
    machine.run(&["rotate", KEY, "--yes"], "").await.ok();
    let said = machine.run(&["replaced", KEY], "").await;
    assert_ne!(said.code, Some(0), "{said:?}");
    assert!(format!("{said:?}").contains("key.inactive"), "{said:?}");
    let keys = cloud.keys(USER);
    assert!(
        keys.contains(&(old.id.clone(), false)),
        "it is off, and there: {keys:?}"
    );

    // Once it may be deleted, both calls are made once more.
    cloud.allow("keeper", &["iam:*"]);
    let said = machine.run(&["resume", KEY], "").await;
    assert_eq!(said.state(), "completed", "{said:?}");
    let new = live(&machine).await;
    assert_eq!(cloud.keys(USER), [(new.id, true)]);
}

#[tokio::test]
async fn what_the_cloud_does_not_grant_leaves_nothing_behind() {
    const USER: &str = "tony";
    let cloud = Cloud::of_all();
    let machine = Machine::begin(&[&cloud.admin.secret]).await;
    cloud.user(USER);
    let stranger = cloud.user("eve");
    let wrong = Pair {
        secret: stranger.secret.clone(),
        ..cloud.admin.clone()
    };
    let unknown = Pair {
        id: "AKIANOBODY0000000000".to_owned(),
        ..cloud.admin.clone()
    };
    let said_so = [
        (USER, &wrong, 82, "SignatureDoesNotMatch"),
        (USER, &unknown, 82, "InvalidClientTokenId"),
        (USER, &stranger, 82, "AccessDenied"),
        ("nobody", &cloud.admin, 1, "NoSuchEntity"),
    ];
    for (user, who, exit, code) in said_so {
        let said = connect(&machine, Some(&cloud.address), user, &who.lines()).await;
        assert_eq!(said.code, Some(exit), "{said:?}");
        assert!(format!("{said:?}").contains(code), "{code}: {said:?}");
    }
    let plain = connect(&machine, Some("http://iam.example.org"), USER, &cloud.admin.lines()).await;
    assert_eq!(plain.refused(), (Some(2), "input.not_https", Some("base_url")));
    let accounts = machine.run(&["account", "list"], "").await.ok();
    assert_eq!(accounts.as_array().map(Vec::len), Some(0));
    assert_eq!(cloud.keys(USER).len(), 1, "nothing was created");
}
