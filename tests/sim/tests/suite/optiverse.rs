//! Optiverse's codes, pace and dashboard.

use provider_sim::{Envelope, Fault, Pace, Provider};

use crate::desk::five;

const RECORDS: &str = "https://api.optiverse.ai/external-api/v1/list-records";

#[tokio::test]
async fn a_key_lists_records_once_in_three_minutes() {
    let desk = five();
    let key = desk.key(&desk.named("ada@acme.example"), "records-sync");
    let said = desk.get(&format!("{RECORDS}?limit=1"), &key.value).await;
    assert_eq!((said.status, &said.json()["success"]), (200, &true.into()));
    assert_eq!(said.json()["pagination"]["limit"], 1);
    for (wait, status) in [(0, 429), (179, 429), (1, 200), (0, 429)] {
        desk.pass(wait);
        let said = desk.get(RECORDS, &key.value).await;
        assert_eq!(
            (said.status, said.header("retry-after")),
            (status, ""),
            "after {wait} s more"
        );
    }
    let other = desk.key(&desk.named("jonas@acme.example"), "records-sync");
    assert_eq!(desk.get(RECORDS, &other.value).await.status, 200, "another user");
}

#[tokio::test]
async fn each_code_of_the_table_is_answered() {
    let desk = five();
    let user = desk.named("ada@acme.example");
    let key = desk.key(&user, "records-sync");
    desk.sim.set_pace(&user.id, Pace::Off);
    let nowhere = "https://api.optiverse.ai/external-api/v1/nowhere".to_owned();
    for (url, value, status, code) in [
        (RECORDS.to_owned(), "", 401, "AUTH001"),
        (RECORDS.to_owned(), "wrong", 401, "AUTH002"),
        (format!("{RECORDS}?limit=101"), &key.value, 400, "VAL001"),
        (format!("{RECORDS}?dateFrom=soon"), &key.value, 400, "VAL001"),
        (nowhere, &key.value, 404, "PERM001"),
    ] {
        let said = desk.get(&url, value).await;
        assert_eq!((said.status, said.code().as_str()), (status, code), "{url}");
    }
    desk.sim.inject(Fault::status(500).host("api.optiverse.ai"));
    assert_eq!(desk.get(RECORDS, &key.value).await.code(), "SRV500");
    desk.sim.expire(&key.key_id, Some(desk.sim.clock().now()));
    assert_eq!(
        desk.get(RECORDS, &key.value).await.code(),
        "AUTH002",
        "expired and unknown are one code"
    );
    desk.sim.expire(&key.key_id, None);
    desk.sim.suspend(&user.id, true);
    assert_eq!(desk.get(RECORDS, &key.value).await.code(), "PERM001");
    desk.sim.set_envelope(Provider::Optiverse, Envelope::Flat);
    assert_eq!(desk.get(RECORDS, "wrong").await.field("code"), "AUTH002");
}

#[tokio::test]
async fn a_user_has_one_key_and_deletes_it_before_the_next() {
    let desk = five();
    let user = desk.named("ada@acme.example");
    let old = desk.key(&user, "records-sync");
    let page = format!("/optiverse/{}/profile/settings", user.id);
    let refused = desk.submit(&page, "").await;
    assert_eq!((refused.status, refused.notice_code().as_str()), (409, "KEY001"));
    assert_eq!(
        (refused.new_key(), desk.sim.live_keys(&user.id).len()),
        (String::new(), 1)
    );
    desk.submit(&format!("{page}/{}/delete", old.key_id), "").await;
    assert_eq!(desk.get(RECORDS, &old.value).await.code(), "AUTH002");
    let new = desk.submit(&page, "").await.new_key();
    assert!(new.starts_with("optiuser_v1_"), "{new}");
    assert_eq!(desk.get(RECORDS, &new).await.status, 200);
    assert!(!desk.open(&page).await.text.contains(&new), "shown once");
}

#[tokio::test]
async fn the_pace_can_be_the_users() {
    let desk = five();
    let user = desk.named("ada@acme.example");
    let old = desk.key(&user, "records-sync");
    desk.sim.set_pace(&user.id, Pace::User);
    assert_eq!(desk.get(RECORDS, &old.value).await.status, 200);
    let page = format!("/optiverse/{}/profile/settings", user.id);
    desk.submit(&format!("{page}/{}/delete", old.key_id), "").await;
    let new = desk.submit(&page, "").await.new_key();
    assert_eq!(desk.get(RECORDS, &new).await.status, 429);
    desk.pass(180);
    assert_eq!(desk.get(RECORDS, &new).await.status, 200);
}
