//! The whole course at each provider, with the program killed and opened again in the middle.

use crate::desk::{AI_API, AUTHENTA, Desk, ON_PAGE, OPTIVERSE};

#[tokio::test]
async fn on_page_the_person_creates_a_second_key_and_deletes_the_old_one() {
    let mut desk = Desk::connected(&ON_PAGE).await;
    let fields = [("name", "site-audit"), ("permission", "credits:read")];
    let old = desk.first_key(&fields).await;
    let plan = desk.plan().await;
    assert!(plan.contains("You create a second key on on-page.ai's page"), "{plan}");
    desk.start().await;
    desk.turn("mint", "create").await;
    desk.picture("on-page-7-mint").await;
    let new = desk.make(&fields).await;
    desk.killed_and_reopened().await;
    desk.turn("mint", "create").await;
    desk.take(&new).await;
    desk.window().find("replaced").await.expect("the new key is verified");
    desk.picture("on-page-8-confirm").await;
    desk.window().click("replaced").await.expect("I have replaced it");
    desk.turn("revoke_old", "delete").await;
    desk.picture("on-page-9-delete").await;
    desk.delete(&old).await;
    desk.window().click("deleted").await.expect("I have deleted it");
    desk.until("completed").await;
    desk.window().find("receipt").await.expect("a receipt");
    desk.picture("on-page-10-completed").await;
    desk.assert_replaced(&old, &new).await;
    desk.close().await;
}

#[tokio::test]
async fn authenta_the_person_regenerates_and_the_old_value_is_dead_at_once() {
    let mut desk = Desk::connected(&AUTHENTA).await;
    let old = desk.first_key(&[("name", "site-audit"), ("permission", "Read")]).await;
    let plan = desk.plan().await;
    assert!(plan.contains("stops working at once"), "{plan}");
    assert!(plan.contains("Outage."), "{plan}");
    desk.start().await;
    desk.turn("mint", "roll").await;
    desk.picture("authenta-7-roll").await;
    let new = desk.regenerate(&old).await;
    desk.killed_and_reopened().await;
    desk.turn("mint", "roll").await;
    desk.take(&new).await;
    desk.window().find("replaced").await.expect("the new key is verified");
    desk.picture("authenta-8-confirm").await;
    desk.window().click("replaced").await.expect("I have replaced it");
    desk.until("completed").await;
    desk.picture("authenta-9-completed").await;
    desk.assert_replaced(&old, &new).await;
    desk.close().await;
}

#[tokio::test]
async fn the_ai_api_is_verified_by_the_call_that_the_account_names() {
    let mut desk = Desk::connected(&AI_API).await;
    let fields = [
        ("name", "site-audit"),
        ("purpose", "Production"),
        ("permission", "read"),
    ];
    let old = desk.first_key(&fields).await;
    desk.plan().await;
    desk.start().await;
    desk.turn("mint", "create").await;
    desk.picture("ai-api-7-mint").await;
    let new = desk.make(&fields).await;
    desk.take(&new).await;
    desk.window().find("replaced").await.expect("the new key is verified");
    desk.window().click("replaced").await.expect("I have replaced it");
    desk.turn("revoke_old", "delete").await;
    desk.picture("ai-api-8-delete").await;
    desk.delete(&old).await;
    desk.killed_and_reopened().await;
    desk.turn("revoke_old", "delete").await;
    desk.window().click("deleted").await.expect("I have deleted it");
    desk.until("completed").await;
    desk.picture("ai-api-9-completed").await;
    desk.assert_replaced(&old, &new).await;
    desk.close().await;
}

#[tokio::test]
async fn optiverse_the_old_key_goes_first_and_each_call_waits_its_turn() {
    let mut desk = Desk::connected(&OPTIVERSE).await;
    let old = desk.first_key(&[]).await;
    let plan = desk.plan().await;
    assert!(plan.contains("Only one key can exist"), "{plan}");
    assert!(plan.contains("Outage."), "{plan}");
    assert!(plan.contains("one call in 3 seconds"), "{plan}");
    desk.start().await;
    desk.turn("revoke_old", "delete").await;
    desk.picture("optiverse-7-delete").await;
    desk.delete(&old).await;
    desk.window().click("deleted").await.expect("I have deleted it");
    desk.turn("mint", "create").await;
    desk.picture("optiverse-8-mint").await;
    let new = desk.make(&[]).await;
    desk.killed_and_reopened().await;
    desk.turn("mint", "create").await;
    desk.take(&new).await;
    desk.window().find("replaced").await.expect("the new key is verified");
    desk.picture("optiverse-9-confirm").await;
    desk.window().click("replaced").await.expect("I have replaced it");
    desk.until("completed").await;
    desk.picture("optiverse-10-completed").await;
    desk.assert_replaced(&old, &new).await;
    let ledger = desk.provider.ledger().await.expect("the ledger");
    let refused = tests::sample::list(&ledger, "requests")
        .into_iter()
        .filter(|request| request["status"] == 429)
        .count();
    assert_eq!(refused, 0, "never asked too soon");
    desk.close().await;
}
