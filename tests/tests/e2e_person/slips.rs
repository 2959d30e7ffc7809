//! What people get wrong, and a new key that is not wanted.

use crate::desk::{Desk, ON_PAGE};

const FIELDS: [(&str, &str); 2] = [("name", "site-audit"), ("permission", "credits:read")];

#[tokio::test]
async fn a_wrong_and_an_old_value_are_refused_in_words_and_nothing_is_lost() {
    let desk = Desk::connected(&ON_PAGE).await;
    let old = desk.first_key(&FIELDS).await;
    desk.plan().await;
    desk.start().await;
    desk.turn("mint", "create").await;

    desk.take("sk_live_somebodyelses").await;
    let (code, words) = desk.refusal().await;
    assert_eq!(code, "input.wrong_key_format", "{words}");
    desk.picture("on-page-slip-format").await;
    desk.turn("mint", "create").await;

    desk.take(&old).await;
    desk.window()
        .css("[data-testid=error][data-code=\"input.same_key\"]")
        .await
        .expect("it says that this is the old key");
    desk.picture("on-page-slip-same").await;
    desk.turn("mint", "create").await;
    desk.assert_live(&old).await;

    let new = desk.make(&FIELDS).await;
    desk.take(&new).await;
    desk.window().find("replaced").await.expect("the right value goes on");
    desk.close().await;
}

#[tokio::test]
async fn a_mistyped_value_is_refused_by_the_provider_and_can_be_taken_again() {
    let desk = Desk::connected(&ON_PAGE).await;
    desk.begin_key().await;
    let value = desk.make(&FIELDS).await;
    let mut slip = value.clone();
    let last = slip.pop();
    slip.push(if last == Some('x') { 'y' } else { 'x' });
    desk.take(&slip).await;
    desk.until("failed").await;
    desk.picture("on-page-slip-refused").await;
    desk.window().click("paste-again").await.expect("Take it again");
    desk.turn("mint", "create").await;
    desk.take(&value).await;
    desk.until("completed").await;
    desk.assert_live(&value).await;
    desk.close().await;
}

#[tokio::test]
async fn a_new_key_that_is_not_wanted_is_deleted_by_the_person_and_proven_gone() {
    let desk = Desk::connected(&ON_PAGE).await;
    let old = desk.first_key(&FIELDS).await;
    desk.plan().await;
    desk.start().await;
    desk.turn("mint", "create").await;
    let new = desk.make(&FIELDS).await;
    desk.take(&new).await;
    desk.window().find("replaced").await.expect("the new key is verified");
    desk.window().click("undo").await.expect("Discard new key");
    desk.until("awaiting_person").await;
    desk.window()
        .css("[data-testid=task][data-kind=discard]")
        .await
        .expect("its deletion is asked for");
    let words = desk.window().says("task", "Delete").await.expect("the task's words");
    assert!(
        words.contains("Delete the new key") && words.contains("Keep the old one"),
        "{words}"
    );
    assert!(!words.contains("Delete the old key"), "{words}");
    desk.picture("on-page-discard").await;
    desk.window().click("deleted").await.expect("I have deleted it");
    desk.window()
        .css("[data-testid=task][data-kind=discard]")
        .await
        .expect("it still works, so it is asked for again");
    let still = desk.window().says("headline", "still accepts the new key").await;
    still.expect("why it is asked for again");
    desk.picture("on-page-discard-still").await;
    desk.delete(&new).await;
    desk.window().click("deleted").await.expect("I have deleted it");
    desk.until("undone").await;
    desk.picture("on-page-undone").await;
    desk.assert_live(&old).await;
    let record = desk.provider.key_of_value(&new).await.expect("the ledger");
    assert!(
        record.expect("the new key")["refused_calls"].as_u64() > Some(0),
        "its end was proven"
    );
    desk.close().await;
}
