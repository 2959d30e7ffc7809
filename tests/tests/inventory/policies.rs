//! Policies by scope: which one decides, why, and what a change would do.

use keywheel_core::Code;
use keywheel_core::model::{OrgId, Policy, PolicyScope, Status};
use keywheel_core::vault::VaultState;
use keywheel_wire::render::{Names, effect_view, inventory_view, key_detail_view};
use tests::World;

use super::{facts, refused};

fn limit(scope: PolicyScope, days: u32) -> Policy {
    Policy {
        max_age_days: Some(days),
        ..Policy::open(scope)
    }
}

#[tokio::test]
async fn the_narrowest_scope_that_sets_something_decides_and_the_details_say_so() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let account = app.find_account("main").await.expect("the account");
    let scopes = [
        PolicyScope::All,
        PolicyScope::Environment(world.production().await),
        PolicyScope::Org(account.org_id),
        PolicyScope::Provider("overten".to_owned()),
        PolicyScope::Account(account.id),
        PolicyScope::Key(key),
    ];
    let said = [
        "all keys",
        "environment production",
        "organisation Acme",
        "provider Overten",
        "account Acme/main",
        "key Acme/production/payments",
    ];
    for ((at, scope), label) in (1..).zip(&scopes).zip(said) {
        app.set_policy(&limit(scope.clone(), 100 + at))
            .await
            .expect("it is set");
        let found = facts(&world, key).await.policy.max_age_days;
        assert_eq!((found.value, &found.from), (100 + at, scope));
        let detail = app.key_detail(key, VaultState::Ready).await.expect("details");
        let names = Names::of(&app).await.expect("names");
        let view = key_detail_view(&detail, &account, &names).expect("a view");
        assert_eq!(view.policy.max_age_from.label, label);
        let why = format!("{} d at most, from {label}.", 100 + at);
        assert!(
            label == "all keys" || view.policy.sentence.starts_with(&why),
            "{}",
            view.policy.sentence
        );
    }
    for scope in scopes.iter().rev() {
        app.set_policy(&Policy::open(scope.clone()))
            .await
            .expect("it is taken away");
    }
    assert_eq!(facts(&world, key).await.policy.max_age_days.value, Policy::MAX_AGE_DAYS);
    let events = app.activity(40).await.expect("the activity");
    let count = |verb: &str| events.iter().filter(|event| event.verb == verb).count();
    assert_eq!((count("policy.set"), count("policy.removed")), (6, 6));
}

#[tokio::test]
async fn a_preview_counts_and_sets_nothing() {
    let world = World::calm().connected().await;
    let app = world.app();
    let week = limit(PolicyScope::Environment(world.production().await), 1);
    let effect = app.policy_effect(&week).await.expect("an effect");
    assert_eq!(
        (effect.stale_before, effect.stale_after),
        (1, 2),
        "search is one day old"
    );
    assert_eq!(
        effect.turning,
        [world.key_of(&world.bystander.key_id).await.expect("listed")]
    );
    let names = Names::of(&app).await.expect("names");
    let view = effect_view(&effect, &week, &names);
    assert_eq!(
        view.sentence,
        "1 d at most for environment production makes 1 key stale."
    );
    assert!(app.policies().await.expect("policies").is_empty(), "nothing was set");

    app.set_policy(&week).await.expect("it is set");
    let inventory = app.inventory(VaultState::Ready).await.expect("an inventory");
    let stale = inventory
        .keys
        .iter()
        .filter(|one| one.standing.status() == Status::Stale);
    assert_eq!(stale.count(), effect.stale_after, "the preview said what came");
    let view = inventory_view(&inventory, &Names::of(&app).await.expect("names"), app.instance());
    assert_eq!((view.rules[0].keys, view.rules[0].stale), (3, 2));
}

#[tokio::test]
async fn a_policy_out_of_bounds_or_for_nothing_is_refused_by_its_field() {
    let world = World::calm().connected().await;
    let app = world.app();
    for (policy, field) in [
        (limit(PolicyScope::All, 0), "max_age_days"),
        (limit(PolicyScope::All, 3651), "max_age_days"),
        (
            Policy {
                due_soon_percent: Some(101),
                ..Policy::open(PolicyScope::All)
            },
            "due_soon_percent",
        ),
        (
            Policy {
                overlap_hours: Some(8761),
                ..Policy::open(PolicyScope::All)
            },
            "overlap_hours",
        ),
    ] {
        let expected = (Code::InputInvalid, Some(field.to_owned()));
        assert_eq!(refused(app.policy_effect(&policy).await), expected);
        assert_eq!(refused(app.set_policy(&policy).await), expected);
    }
    let nobody = limit(PolicyScope::Provider("nobody".to_owned()), 30);
    assert_eq!(refused(app.set_policy(&nobody).await).0, Code::ProviderUnknown);
    let nowhere = limit(PolicyScope::Org(OrgId::new(9, [9; 10])), 30);
    assert_eq!(refused(app.set_policy(&nowhere).await).0, Code::NotFound);
    assert!(app.policies().await.expect("policies").is_empty());
}

#[tokio::test]
async fn the_policy_of_a_removed_key_is_gone_with_it() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    app.set_policy(&limit(PolicyScope::Key(key), 30))
        .await
        .expect("it is set");
    app.remove_key(key).await.expect("it is removed");
    assert!(app.policies().await.expect("policies").is_empty());
}
