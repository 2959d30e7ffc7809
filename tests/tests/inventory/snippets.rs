//! How programs use a key: the definition's header and address, a variable, never the value.

use keywheel_wire::SnippetsView;
use keywheel_wire::render::{snippets_view, variable_for};
use tests::World;

use super::{ON_PAGE, account, imported};

async fn snippets(world: &World, id: keywheel_core::model::KeyId) -> SnippetsView {
    let call = world.app().call(id).await.unwrap();
    let name = format!("acme/production/{}", call.key.name);
    snippets_view(&call, &name, &variable_for(call.key.name.as_str()))
}

#[tokio::test]
async fn each_provider_is_called_as_its_definition_says() {
    let world = World::calm().opened().await;
    for (provider, value, url) in [
        ("on-page", ON_PAGE, "https://api.on-page.ai/v1/credits"),
        ("authenta", "api_0123456789", "https://platform.authenta.ai/api/v1/jobs"),
        (
            "optiverse",
            "optiuser_v1_0123456789",
            "https://api.optiverse.ai/external-api/v1/list-records?limit=1",
        ),
        ("ai-api", "correct-horse-battery", "https://api.example.com/v1"),
    ] {
        let at = account(&world, provider, "Acme").await;
        let id = imported(&world, &at, "crawler", value).await;
        let view = snippets(&world, id).await;
        assert_eq!(view.variable, "CRAWLER_API_KEY");
        assert_eq!(
            view.curl,
            format!("printf 'Authorization: Bearer %s' \"$CRAWLER_API_KEY\" | curl -H @- '{url}'")
        );
        assert_eq!(
            view.sh,
            "export CRAWLER_API_KEY=\"$(keywheel reveal acme/production/crawler)\""
        );
        let all = serde_json::to_string(&view).unwrap();
        assert!(!all.contains(value) && !all.contains("KEYWHEEL-VALUE"), "{all}");
        world.app().remove_key(id).await.unwrap();
    }
    assert!(world.sim.requests().is_empty(), "nothing is sent for it");
}

#[tokio::test]
async fn the_first_header_of_several_is_the_one_that_is_used() {
    let world = World::calm().connected().await;
    let sent = world.sim.requests().len();
    let view = snippets(&world, world.the_key()).await;
    assert!(view.python.contains("\"X-Api-Key\": key"), "{}", view.python);
    assert!(view.javascript.contains("\"X-Api-Key\": key"), "{}", view.javascript);
    assert_eq!(world.sim.requests().len(), sent);
}
