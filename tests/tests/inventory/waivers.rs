//! Findings that are put off or accepted: with a reason, until a day, and not beyond what was known.

use keywheel_core::Code;
use keywheel_core::app::Inventory;
use keywheel_core::model::{KeyId, WaiverKind};
use keywheel_core::policy::Cause;
use keywheel_core::vault::VaultState;
use tests::World;

use super::{facts, refused};

const DAY: i64 = 24 * 60;

async fn inventory(world: &World) -> Inventory {
    world.app().inventory(VaultState::Ready).await.expect("an inventory")
}

/// Why the key waits in the queue, where it does.
async fn cause(world: &World, key: KeyId) -> Option<Cause> {
    let queue = inventory(world).await.overview.queue;
    let found = queue.iter().find(|(_, keys)| keys.iter().any(|one| one.key == key));
    found.map(|(cause, _)| *cause)
}

#[tokio::test]
async fn a_snoozed_key_leaves_the_queue_and_comes_back_by_itself() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    assert_eq!(cause(&world, key).await, Some(Cause::StaleProduction));
    app.waive(key, WaiverKind::Snooze, "after the release", 14)
        .await
        .expect("it is put off");
    assert_eq!(cause(&world, key).await, None);
    assert_eq!(inventory(&world).await.overview.waived, 1);
    let waiver = facts(&world, key).await.waiver.expect("it is shown with the key");
    assert_eq!(waiver.reason.as_str(), "after the release");

    world.advance(13 * DAY);
    assert_eq!(cause(&world, key).await, None, "one day is left");
    world.advance(DAY);
    assert_eq!(
        cause(&world, key).await,
        Some(Cause::StaleProduction),
        "its day has come"
    );
    assert_eq!(facts(&world, key).await.waiver, None);
}

#[tokio::test]
async fn an_accepted_risk_ends_when_a_person_says_so_and_all_of_it_is_in_the_activity() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    app.waive(key, WaiverKind::AcceptRisk, "read-only, behind a proxy", 180)
        .await
        .expect("accepted");
    app.waive(key, WaiverKind::Snooze, "no: next week", 7)
        .await
        .expect("the later word counts");
    app.end_waiver(key).await.expect("it ends");
    assert_eq!(cause(&world, key).await, Some(Cause::StaleProduction));
    assert_eq!(refused(app.end_waiver(key).await).0, Code::NotFound);
    let events = app.key_detail(key, VaultState::Ready).await.expect("details").history;
    let verbs: Vec<&str> = events.iter().map(|event| event.verb.as_str()).take(3).collect();
    assert_eq!(verbs, ["key.waiver_ended", "key.snoozed", "key.risk_accepted"]);
    assert_eq!(events[2].word.as_deref(), Some("180 d, read-only, behind a proxy"));
}

#[tokio::test]
async fn what_is_worse_than_what_was_known_is_not_covered() {
    let world = World::calm().connected().await;
    let key = world.key_of(&world.bystander.key_id).await.expect("it is listed");
    world.advance(80 * DAY);
    assert_eq!(cause(&world, key).await, Some(Cause::DueSoon));
    world
        .app()
        .waive(key, WaiverKind::AcceptRisk, "known", 365)
        .await
        .expect("accepted");
    assert_eq!(cause(&world, key).await, None);
    world.advance(9 * DAY);
    assert_eq!(
        cause(&world, key).await,
        Some(Cause::StaleProduction),
        "stale is worse than due soon"
    );
    assert_eq!(facts(&world, key).await.waiver, None);
}

#[tokio::test]
async fn a_waiver_wants_a_finding_a_reason_and_an_end() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let fresh = world.key_of(&world.bystander.key_id).await.expect("it is listed");
    let nothing = app.waive(fresh, WaiverKind::Snooze, "x", 7).await;
    assert_eq!(refused(nothing).0, Code::KeyNoFinding);
    for (kind, reason, days, field) in [
        (WaiverKind::Snooze, " ", 7, "reason"),
        (WaiverKind::Snooze, "x", 0, "days"),
        (WaiverKind::Snooze, "x", 91, "days"),
        (WaiverKind::AcceptRisk, "x", 366, "days"),
    ] {
        let expected = (Code::InputInvalid, Some(field.to_owned()));
        assert_eq!(refused(app.waive(key, kind, reason, days).await), expected);
    }
    assert_eq!(facts(&world, key).await.waiver, None);
}

#[tokio::test]
async fn a_management_credential_ages_and_is_replaced_at_its_account() {
    use keywheel_core::model::Purpose;
    use keywheel_core::policy::{NextAct, Queued};

    let world = World::calm().connected().await;
    world.advance(91 * DAY);
    let found = inventory(&world).await;
    let credential = found.keys.iter().find(|one| one.row.key.purpose == Purpose::Management);
    let id = credential.expect("it is listed as a key").row.key.id;
    let stale = found
        .overview
        .queue
        .iter()
        .find(|(cause, _)| *cause == Cause::StaleProduction);
    let queued = Queued {
        key: id,
        act: NextAct::ReplaceCredential,
    };
    assert!(
        stale.is_some_and(|(_, keys)| keys.contains(&queued)),
        "{:?}",
        found.overview.queue
    );
}
