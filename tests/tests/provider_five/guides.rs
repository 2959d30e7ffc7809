//! What a person is led to, and what people are told.

use std::time::Duration;

use keywheel_core::provider::{BoundTo, Performer, ProviderStep, Strategy};

use tests::script::built_in;

const PERSON: Option<Performer> = Some(Performer::Person);

#[test]
fn each_provider_has_the_strategy_of_its_documents_by_a_person() {
    for (id, strategy, roll) in [
        ("on-page", Strategy::Overlap, None),
        ("authenta", Strategy::Roll, PERSON),
        ("ai-api", Strategy::Overlap, None),
        ("optiverse", Strategy::ReplaceFirst, None),
    ] {
        let definition = built_in(id);
        assert_eq!(definition.strategy(), strategy, "{id}");
        assert_eq!(definition.performer(ProviderStep::Mint), PERSON, "{id}");
        assert_eq!(definition.performer(ProviderStep::Revoke), PERSON, "{id}");
        assert_eq!(definition.performer(ProviderStep::Roll), roll, "{id}");
        let can = definition.capabilities();
        assert!(can.verify && !can.mint && !can.roll && !can.revoke && !can.list, "{id}");
        assert!(
            !definition.unconfirmed().is_empty(),
            "{id}: documents leave something open"
        );
    }
    let overten = built_in("overten");
    assert_eq!(overten.performer(ProviderStep::Mint), Some(Performer::Api));
    assert_eq!(overten.contact(), Some("support@overten.ai"));
    assert!(overten.needs_credential());
}

#[test]
fn a_guide_names_the_key_and_opens_a_page_of_the_provider() {
    let guide = built_in("authenta")
        .guide(ProviderStep::Roll, "Backend-Server-Key")
        .unwrap();
    assert!(guide.page.starts_with("https://docs.authenta.ai/"), "{}", guide.page);
    assert!(
        guide
            .say
            .contains("the details of Backend-Server-Key, click Regenerate"),
        "{}",
        guide.say
    );
    for id in ["on-page", "authenta", "ai-api", "optiverse"] {
        for step in [ProviderStep::Mint, ProviderStep::Revoke] {
            let guide = built_in(id).guide(step, "{name}").unwrap();
            assert!(guide.page.starts_with("https://") && guide.say.ends_with('.'), "{id}");
        }
    }
}

#[test]
fn permissions_and_presets_are_those_of_the_documents() {
    let names = |id: &str| -> Vec<String> {
        let definition = built_in(id);
        definition.permissions().iter().map(|one| one.name.clone()).collect()
    };
    let on_page = [
        "classify:create",
        "scan:create",
        "jobs:read",
        "results:read",
        "credits:read",
        "webhooks:write",
    ];
    assert_eq!(names("on-page"), on_page);
    assert_eq!(names("authenta"), ["Read", "Write", "Delete"]);
    assert_eq!(names("ai-api"), ["read", "write", "admin", "webhook"]);
    assert!(names("optiverse").is_empty() && names("overten").is_empty());
    assert_eq!(
        built_in("on-page").presets()[0].permissions,
        ["jobs:read", "results:read", "credits:read"]
    );
    assert_eq!(
        built_in("ai-api").purposes(),
        ["Development", "Production", "Read-only", "Admin"]
    );
}

#[test]
fn bounds_and_remedies_are_those_of_the_documents() {
    let optiverse = built_in("optiverse");
    let pace = optiverse.pace().unwrap();
    assert_eq!((pace.requests, pace.span), (1, Duration::from_secs(180)));
    assert_eq!(
        (optiverse.live_limit(), optiverse.contact()),
        (Some(1), Some("support@optiverse.ai"))
    );
    for code in ["AUTH001", "AUTH002", "KEY001", "VAL001", "PERM001", "SRV500"] {
        assert!(optiverse.advice(None, Some(code)).is_some(), "{code}");
    }
    assert_eq!(optiverse.bound_to(), Some(BoundTo::Person));
    assert_eq!(built_in("authenta").bound_to(), Some(BoundTo::Person));
    let on_page = built_in("on-page");
    assert_eq!(on_page.bound_to(), Some(BoundTo::Organisation));
    let suspended = on_page.advice(Some(403), Some("ORGANIZATION_SUSPENDED")).unwrap();
    assert!(
        suspended.contains("suspended"),
        "the code goes before the status: {suspended}"
    );
    let name = built_in("authenta").proposed_name_for("production", "Backend-Server");
    assert_eq!(name.as_deref(), Some("Backend-Server-Key"));
}
