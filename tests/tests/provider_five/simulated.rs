//! The definitions against the simulator, which was written from the same documents and knows none of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use keywheel_core::clock::{SystemClock, SystemEntropy};
use keywheel_core::http::{Redirection, WireTransport};
use keywheel_core::model::{Answer, Secret, Standing, Verdict};
use keywheel_core::provider::{Executor, Provider as _};
use provider_sim::{Clock as SimClock, Options, Provider, Simulator, World};

use super::script::{at, built_in, now};

async fn verdict(executor: &Executor, id: &str, value: &str) -> Verdict {
    executor.verify(&at(built_in(id)), &Secret::new(value.to_owned())).await
}

#[tokio::test]
async fn every_key_of_the_world_is_known_by_its_form_and_told_for_what_it_is() {
    let world = World::five(now());
    let options = Options {
        clock: SimClock::manual(now()),
        world: world.clone(),
        seed: Some(7),
        ..Options::default()
    };
    let sim = Simulator::new(options);
    let serving = sim.serve(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let hosts = ["on-page", "authenta", "optiverse"]
        .map(|id| built_in(id).hosts().to_vec())
        .concat();
    let led = Redirection::new(hosts, &format!("http://{}", serving.addr)).unwrap();
    let clock = Arc::new(SystemClock::new());
    let wire = Arc::new(WireTransport::new(clock.clone(), Some(led)));
    let executor = Executor::new(wire, clock, Arc::new(SystemEntropy));
    let mut seen = 0;
    for key in &world.keys {
        let account = world.accounts.iter().find(|account| account.id == key.org_id);
        let id = match account.map(|account| account.provider) {
            Some(Provider::OnPage) => "on-page",
            Some(Provider::Authenta) => "authenta",
            Some(Provider::Optiverse) => "optiverse",
            Some(Provider::AiApi) => "ai-api",
            Some(Provider::Lab) | None => continue,
        };
        let definition = built_in(id);
        assert!(
            definition.matches_key(&Secret::new(key.value.clone())),
            "{id}: its form is not known"
        );
        if id == "ai-api" {
            continue;
        }
        seen += 1;
        let allowed = match id {
            "on-page" => key.grant.permissions.iter().any(|one| one == "credits:read"),
            "authenta" => key.grant.permissions.iter().any(|one| one == "Read"),
            _ => true,
        };
        let told = verdict(&executor, id, &key.value).await;
        let wanted = match (sim.accepts(&key.value), allowed) {
            (false, _) => (Answer::Dead, None),
            (true, true) => (Answer::Live, None),
            (true, false) => (Answer::Live, Some(Standing::Restricted)),
        };
        assert_eq!((told.answer, told.standing), wanted, "{id}: {told:?}");
    }
    assert!(seen >= 8, "the world has keys of all three: {seen}");
    for (id, value) in [
        ("on-page", "op_live_000000000000000000000000"),
        ("authenta", "api_000000000000000000000000"),
        ("optiverse", "optiuser_v1_000000000000000000000000"),
    ] {
        assert_eq!(verdict(&executor, id, value).await.answer, Answer::Dead, "{id}");
    }
    let optiverse = world
        .accounts
        .iter()
        .find(|one| one.provider == Provider::Optiverse)
        .unwrap();
    let again = world
        .keys
        .iter()
        .find(|key| key.org_id == optiverse.id && sim.accepts(&key.value));
    let again = verdict(&executor, "optiverse", &again.unwrap().value).await;
    assert_eq!(
        (again.answer, again.standing),
        (Answer::Undetermined, Some(Standing::RateLimited)),
        "one call in three minutes"
    );
}
