//! A value that leaked: whose it is, what to do now, and the letter to the provider.

use keywheel_core::app::{Answer, Remedy};
use keywheel_core::model::Secret;
use keywheel_core::rotation::{Claim, Claims};
use keywheel_core::vault::VaultState;
use keywheel_wire::render::{Names, identified_view};
use keywheel_wire::{IdentifiedView, LeakActView};
use provider_sim::Fault;
use serde_json::json;
use tests::{World, went};

use super::{ON_PAGE, account, imported};

async fn told(world: &World, value: &str) -> (Vec<Remedy>, IdentifiedView) {
    let app = world.app();
    let handle = world.pasted("key", value);
    let found = app.identify(&handle, VaultState::Ready).await.unwrap();
    let again = app.identify(&handle, VaultState::Ready).await;
    assert!(again.is_err(), "the value is not kept");
    let view = identified_view(&found, &Names::of(&app).await.unwrap(), world.now());
    assert!(
        !serde_json::to_string(&view).unwrap().contains(value),
        "the value is not shown"
    );
    (found.ours.iter().map(|one| one.remedy).collect(), view)
}

#[tokio::test]
async fn a_held_key_is_known_by_its_fingerprint_and_reported_without_its_value() {
    let world = World::calm().connected().await;
    let requests = world.sim.requests().len();
    let (remedies, view) = told(&world, &world.old.value).await;
    assert_eq!(remedies, [Remedy::RevokeFirst], "its document says: immediately");
    assert_eq!(view.message, "It is Acme/production/payments.");
    assert_eq!(view.candidates[0].name, "Overten");
    assert!(view.candidates.len() > 1, "others begin their keys alike");
    let key = &view.keys[0];
    assert!(key.certain && !key.ended);
    let commands: Vec<_> = key.steps.iter().filter_map(|step| step.command.as_deref()).collect();
    let full = "Acme/production/payments";
    assert_eq!(
        commands,
        [
            format!("keywheel rotate {full} --revoke-first"),
            format!("keywheel rotate {full}")
        ]
    );
    let said: Vec<_> = key.steps.iter().map(|step| step.sentence.as_str()).collect();
    assert!(
        said[0].contains("Everything that uses it stops"),
        "the outage: {said:?}"
    );
    assert_eq!(said[1], "Then send the report below to support@overten.ai.");
    assert_eq!(key.steps[0].act, Some(LeakActView::RevokeFirst));
    let reach = key.reach.as_deref().unwrap_or_default();
    assert!(reach.contains("everything in its organisation and bills it"), "{reach}");
    let report = key
        .report
        .as_ref()
        .expect("Overten looks through the use of leaked keys");
    assert_eq!(report.to, "support@overten.ai");
    assert!(report.body.contains(&world.org.id), "{}", report.body);
    assert!(report.body.contains("Key prefix: sk_live_"), "{}", report.body);
    assert!(report.body.contains("Window of time: 2026-"), "{}", report.body);
    assert_eq!(world.sim.requests().len(), requests, "nothing is sent anywhere");
}

#[tokio::test]
async fn a_key_that_is_not_held_is_known_by_its_beginning() {
    let world = World::calm().connected().await;
    let (_, view) = told(&world, &world.bystander.value).await;
    assert_eq!(view.keys.len(), 1);
    assert!(!view.keys[0].certain);
    assert!(view.keys[0].message.contains("begins like"), "{}", view.keys[0].message);
}

#[tokio::test]
async fn a_former_value_has_nothing_left_to_end() {
    let world = World::calm().connected().await;
    let rotation = went(world.rotate().await);
    let (remedies, _) = told(&world, &world.old.value).await;
    assert_eq!(remedies, [Remedy::UnderWay]);
    let app = world.app();
    let id = rotation.id;
    went(world.live(async move { app.confirm_replaced(id).await }).await);
    let (remedies, view) = told(&world, &world.old.value).await;
    assert_eq!(remedies, [Remedy::Ended]);
    assert!(view.keys[0].ended);
    assert_eq!(view.message, "It was a value of yours and has ended.");
    assert!(
        view.keys[0].report.is_some(),
        "its use can be looked through all the same"
    );
}

#[tokio::test]
async fn a_value_that_is_only_said_to_be_gone_may_work() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let claims = Claims {
        old: Some(Claim::Gone),
        new: Some(Claim::Works),
    };
    let app = world.app();
    app.settle_rotation(waiting.id, claims).await.unwrap();
    let (remedies, view) = told(&world, &world.old.value).await;
    assert!(
        matches!(
            remedies[..],
            [Remedy::Unproven {
                back: None,
                lists: true,
                alone: false
            }]
        ),
        "{remedies:?}"
    );
    assert!(!view.keys[0].ended);
    assert!(view.message.contains("may work"), "{}", view.message);
    assert_eq!(
        view.keys[0].steps[0].command.as_deref(),
        Some("keywheel account refresh main")
    );

    world.advance(15);
    app.refresh(None).await.unwrap();
    let (remedies, view) = told(&world, &world.old.value).await;
    let [entry] = app.unaccounted().await.unwrap().try_into().unwrap();
    assert_eq!(
        view.keys[0].steps[0].command,
        Some(format!("keywheel unaccounted settle {} --revoke", entry.id)),
        "{remedies:?}"
    );
    let remote_id = world.old.key_id.clone();
    app.settle_unaccounted(entry.id, Answer::Revoke { remote_id })
        .await
        .unwrap();
    let (remedies, view) = told(&world, &world.old.value).await;
    assert_eq!(remedies, [Remedy::Ended], "a call with it was refused");
    assert!(view.keys[0].ended);
}

#[tokio::test]
async fn a_value_that_was_proven_dead_and_is_listed_again_may_work() {
    let world = World::calm().connected().await;
    let rotation = went(world.rotate().await);
    let app = world.app();
    let ended = went(world.live(app.confirm_replaced(rotation.id)).await);
    assert_eq!(told(&world, &world.old.value).await.0, [Remedy::Ended]);
    let new = ended.subject.new.and_then(|new| new.remote_id).unwrap();
    let entry = |id: &str| json!({"key_id": id, "prefix": "sk_live_"});
    let all = json!([entry(&world.old.key_id), entry(&new), entry(&world.bystander.key_id)]);
    let listed = Fault::status(200).body(all).before().always().on("GET", "/**/api-keys");
    world.sim.inject(listed);
    world.advance(15);
    app.refresh(None).await.unwrap();
    let (remedies, view) = told(&world, &world.old.value).await;
    let [entry] = app.unaccounted().await.unwrap().try_into().unwrap();
    assert!(
        matches!(remedies[..], [Remedy::Unproven { back: Some(id), .. }] if id == entry.id),
        "{remedies:?}"
    );
    app.settle_unaccounted(entry.id, Answer::Keep).await.unwrap();
    let (remedies, _) = told(&world, &world.old.value).await;
    assert!(
        matches!(remedies[..], [Remedy::Unproven { back: None, .. }]),
        "somebody's, and alive: {remedies:?}"
    );
    assert!(!view.keys[0].ended);
}

#[tokio::test]
async fn the_way_out_is_that_of_the_strategy() {
    let world = World::calm().opened().await;
    for (provider, value, remedy) in [
        ("on-page", ON_PAGE, Remedy::Overlap { revocable: true }),
        ("authenta", "api_0123456789", Remedy::AtOnce),
        ("optiverse", "optiuser_v1_0123456789", Remedy::AtOnce),
        ("ai-api", "correct-horse-battery", Remedy::Overlap { revocable: true }),
    ] {
        let at = account(&world, provider, "Acme").await;
        let id = imported(&world, &at, provider, value).await;
        let (remedies, view) = told(&world, value).await;
        assert_eq!(remedies, [remedy], "{provider}");
        assert!(view.keys[0].report.is_none(), "{provider} offers no audit");
        world.app().remove_key(id).await.unwrap();
        let (remedies, _) = told(&world, value).await;
        assert_eq!(
            remedies,
            [Remedy::OnThePage],
            "{provider}: it is not in Keywheel any more"
        );
    }
}

#[tokio::test]
async fn a_strangers_value_is_named_by_its_form() {
    let world = World::calm().opened().await;
    let (remedies, view) = told(&world, &format!("hf_{}", "a".repeat(34))).await;
    assert!(remedies.is_empty());
    assert_eq!(
        view.message,
        "It looks like a key of Hugging Face, and it is none of yours here."
    );
    let nobody = Secret::new("correct-horse-battery-staple".to_owned());
    let (_, view) = told(&world, nobody.expose()).await;
    assert!(view.candidates.is_empty());
}
