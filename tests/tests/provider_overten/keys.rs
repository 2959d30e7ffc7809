//! Opening an organisation, creating, listing and revoking keys.

use std::collections::BTreeMap;

use keywheel_core::failure::{Code, Effect};
use keywheel_core::provider::Provider;
use provider_sim::{Container, ListStyle};

use super::world::{Way, World, credential, overten, workspace};
use tests::script::{Script, json};

fn inputs<const N: usize>(given: [(&str, &str); N]) -> BTreeMap<String, String> {
    given
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// An executor at an account with a pasted token that never runs out.
fn scripted(body: &str) -> (keywheel_core::provider::Executor, keywheel_core::provider::Workspace) {
    let (provider, _) = Script::executor([json(200, body)]);
    // {"alg":"none"}.{"exp":1999999999}
    let token = credential(
        "firebase_id_token",
        "eyJhbGciOiJub25lIn0.eyJleHAiOjE5OTk5OTk5OTl9.c2ln",
        [],
    );
    (provider, workspace(&overten(), "org_1", Some(token)))
}

#[tokio::test]
async fn a_sign_up_opens_an_organisation_and_gives_both_secrets() {
    for way in Way::BOTH {
        let world = World::new(way).await;
        let at = workspace(&world.definition, "", Some(world.refresh()));
        let form = inputs([
            ("org_name", "Beta \"Labs\" ü"),
            ("tier", "pro"),
            ("existing_org_id", ""),
        ]);
        let opened = world.provider.sign_up(&at, &form).await.unwrap();
        let org_id = &opened.fields["org_id"];
        let keys = world.sim.live_keys(org_id);
        assert_eq!(keys.len(), 1, "{way:?}");
        assert_eq!(keys[0].value, opened.key.secret.expose());
        assert_eq!(
            keys[0].name.as_deref(),
            Some("default"),
            "a name that is left out is the provider's"
        );
        let org = world
            .sim
            .world()
            .orgs
            .into_iter()
            .find(|org| org.id == *org_id)
            .unwrap();
        assert_eq!((org.name.as_str(), org.tier.as_str()), ("Beta \"Labs\" ü", "pro"));
        let [(name, webhook)] = opened.others.as_slice() else {
            panic!("one further secret")
        };
        assert_eq!(
            (name.as_str(), webhook.expose()),
            ("webhook_secret", org.webhook_secret.as_str())
        );
    }
}

#[tokio::test]
async fn a_sign_up_with_an_existing_organisation_opens_none() {
    let world = World::new(Way::Loopback).await;
    let at = workspace(&world.definition, "", Some(world.refresh()));
    let form = inputs([("existing_org_id", world.org.id.as_str()), ("key_name", "first")]);
    let opened = world.provider.sign_up(&at, &form).await.unwrap();
    assert_eq!(opened.fields["org_id"], world.org.id);
    assert_eq!(world.sim.world().orgs.len(), 1);
    assert_eq!(world.sim.live_keys(&world.org.id)[0].name.as_deref(), Some("first"));
}

#[tokio::test]
async fn a_form_that_is_wrong_is_not_sent() {
    let world = World::new(Way::InProcess).await;
    let at = workspace(&world.definition, "", Some(world.refresh()));
    let long = "x".repeat(121);
    for (form, code, field) in [
        (inputs([]), Code::InputMissing, "org_name"),
        (inputs([("org_name", "")]), Code::InputMissing, "org_name"),
        (
            inputs([("org_name", "Acme"), ("existing_org_id", "org_1")]),
            Code::InputInvalid,
            "existing_org_id",
        ),
        (inputs([("org_name", "A")]), Code::InputInvalid, "org_name"),
        (inputs([("org_name", long.as_str())]), Code::InputInvalid, "org_name"),
        (inputs([("org_name", "Ac\nme")]), Code::InputInvalid, "org_name"),
        (
            inputs([("org_name", "Acme"), ("tier", "gold")]),
            Code::InputInvalid,
            "tier",
        ),
        (
            inputs([("org_name", "Acme"), ("admin", "true")]),
            Code::InputInvalid,
            "admin",
        ),
    ] {
        let failure = world.provider.sign_up(&at, &form).await.err().unwrap();
        assert_eq!(
            (failure.code, failure.field.as_deref()),
            (code, Some(field)),
            "{form:?}"
        );
        assert_eq!(failure.effect, Effect::NotApplied);
    }
    assert_eq!(world.sim.requests().len(), 0);
}

#[tokio::test]
async fn a_minted_key_is_the_one_at_the_provider() {
    for way in Way::BOTH {
        let world = World::new(way).await;
        let name = "acme / production · ü kw-7f3a";
        let minted = world.provider.mint(&world.at(), name).await.unwrap();
        let keys = world.sim.live_keys(&world.org.id);
        assert_eq!(keys.len(), 1, "{way:?}");
        assert_eq!(keys[0].value, minted.secret.expose());
        assert_eq!(Some(&keys[0].key_id), minted.remote_id.as_ref());
        assert_eq!(Some(keys[0].created_at), minted.created_at);
        assert_eq!(
            keys[0].name.as_deref(),
            Some(name),
            "the name carries the rotation's nonce"
        );
        assert_eq!(world.mints(), 1);
    }
}

#[tokio::test]
async fn a_list_is_read_in_each_container() {
    for way in Way::BOTH {
        for container in [Container::Bare, Container::Keys, Container::ApiKeys] {
            for created_at in [true, false] {
                let world = World::new(way).await;
                world.sim.set_list(
                    &world.org.id,
                    ListStyle {
                        container,
                        created_at,
                        ..ListStyle::default()
                    },
                );
                assert_eq!(
                    world.provider.list(&world.at()).await.unwrap().whole().unwrap(),
                    [],
                    "an empty list is a list"
                );
                for name in ["a", "b"] {
                    world.provider.mint(&world.at(), name).await.unwrap();
                }
                let listed = world.provider.list(&world.at()).await.unwrap().whole().unwrap();
                let real = world.sim.live_keys(&world.org.id);
                assert_eq!(listed.len(), 2, "{container:?}");
                for (listed, real) in listed.iter().zip(&real) {
                    assert_eq!(listed.remote_id, real.key_id, "{container:?}");
                    let prefix = listed.prefix.as_deref().unwrap();
                    assert!(
                        real.value.starts_with(prefix) && prefix.len() < real.value.len(),
                        "{prefix}"
                    );
                    assert_eq!(listed.created_at, created_at.then_some(real.created_at));
                    assert_eq!((listed.last_used_at, listed.expires_at), (None, None));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_trusted_is_refused_whole() {
    let many: Vec<String> = (0..10_001).map(|n| format!(r#"{{"id":"k{n}"}}"#)).collect();
    let deep = format!(r#"[{{"id":"k","x":{}{}}}]"#, "[".repeat(40), "]".repeat(40));
    for (body, code) in [
        (r#"{"keys":{"0":{"id":"k"}}}"#.to_owned(), Code::ProviderUnexpected),
        (format!("[{}]", many.join(",")), Code::ProviderTooLarge),
        (deep, Code::ProviderUnexpected),
        ("<html>".to_owned(), Code::ProviderUnexpected),
        (String::new(), Code::ProviderUnexpected),
    ] {
        let (provider, at) = scripted(&body);
        let failure = provider.list(&at).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.effect),
            (code, Effect::NotApplied),
            "{}",
            &body[..body.len().min(60)]
        );
    }
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_may_be_any_key_and_hides_none() {
    for entry in [
        r#"{"prefix":"sk_live_a"}"#.to_owned(),
        r#""k2""#.to_owned(),
        r#"{"id":"../../admin"}"#.to_owned(),
        r#"{"id":"a b"}"#.to_owned(),
        r#"{"id":["k"]}"#.to_owned(),
        format!(r#"{{"id":"{}"}}"#, "k".repeat(300)),
        r#"{"id":"sk_live_0123456789abcdefghijABCDEFGH"}"#.to_owned(),
        // Two keys of one id.
        r#"{"id":"k2","name":"ours"},{"id":"k2","name":"theirs"}"#.to_owned(),
    ] {
        let (provider, at) = scripted(&format!(r#"[{{"id":"k1"}},{entry}]"#));
        let listed = provider.list(&at).await.expect(&entry);
        assert_eq!(listed.shows("k1"), Ok(true), "{entry}");
        let said = listed.shows("k2").map_err(|failure| failure.code);
        assert_eq!(said, Err(Code::ProviderEntryUnread), "{entry}");
        assert_eq!(listed.entry("k2"), None, "{entry}");
        assert!(listed.whole().is_err(), "{entry}");
    }
}

#[tokio::test]
async fn a_name_of_any_length_spoils_no_list() {
    let (provider, at) = scripted(&format!(r#"[{{"id":"k","name":"{}"}}]"#, "ñ".repeat(300)));
    let listed = provider.list(&at).await.expect("a list").whole().expect("all of it");
    assert_eq!(listed[0].name, Some("ñ".repeat(100)));
}

#[tokio::test]
async fn a_list_gives_each_key_once_and_no_value() {
    let body = r#"[{"key_id":"k1","name":"x sk_live_0123456789abcdefghijABCDEFGH"},
        {"key_id":"k1"},
        {"id":7,"prefix":"sk_live_0123456789abcdefghijABCDEFGH","created_at":1795176000}]"#;
    let (provider, at) = scripted(body);
    let keys = provider.list(&at).await.unwrap().whole().unwrap();
    let ids: Vec<&str> = keys.iter().map(|key| key.remote_id.as_str()).collect();
    assert_eq!(ids, ["k1", "7"]);
    assert!(
        !format!("{keys:?}").contains("0123456789abcdef"),
        "a value in a list is dropped: {keys:?}"
    );
    assert_eq!(
        keys[1].created_at.map(|at| at.to_string()).as_deref(),
        Some("2026-11-20T12:00:00Z")
    );
}

#[tokio::test]
async fn a_revoked_key_is_gone_at_the_provider() {
    for way in Way::BOTH {
        let world = World::new(way).await;
        let id = world
            .provider
            .mint(&world.at(), "old")
            .await
            .unwrap()
            .remote_id
            .unwrap();
        world.provider.mint(&world.at(), "other").await.unwrap();
        world.provider.revoke(&world.at(), &id).await.unwrap();
        let live = world.sim.live_keys(&world.org.id);
        assert_eq!((live.len(), live[0].name.as_deref()), (1, Some("other")), "{way:?}");
        let failure = world.provider.revoke(&world.at(), &id).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.effect),
            (Code::ProviderKeyGone, Effect::NotApplied)
        );
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_not_sent() {
    let world = World::new(Way::InProcess).await;
    for id in [
        "",
        ".",
        "..",
        "a/b",
        "../../organizations",
        "k?x=1",
        "k#",
        "k\r\nX: y",
        "k%2f..",
        "-k",
        &"k".repeat(200),
    ] {
        let failure = world.provider.revoke(&world.at(), id).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.effect),
            (Code::KeyIdUnknown, Effect::NotApplied),
            "{id:?}"
        );
    }
    assert_eq!(world.sim.requests().len(), 0);
}
