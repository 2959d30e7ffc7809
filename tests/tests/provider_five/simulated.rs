//! The definitions against the simulator, which was written from the same documents and knows none of them.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use keywheel_core::clock::{SystemClock, SystemEntropy};
use keywheel_core::http::{Redirection, WireTransport};
use keywheel_core::model::{Answer, Credential, Secret, Standing, Verdict};
use keywheel_core::provider::{Definition, Executor, Provider as _, Workspace};
use provider_sim::{Account, Clock as SimClock, Options, Provider, Serving, Simulator, Strategy, World};

use tests::script::{at, built_in, now};

async fn verdict(executor: &Executor, id: &str, value: &str) -> Verdict {
    executor.verify(&at(built_in(id)), &Secret::new(value.to_owned())).await
}

/// The invented provider, as far as rolling goes.
const LAB: &str = r#"
schema = 1
id = "lab"
name = "Lab"
monogram = "L"
docs = "https://docs.lab.invalid"
hosts = ["api.lab.invalid"]
base_url = "https://api.lab.invalid/v1"
strategy = "roll"
[key]
pattern = '^lab_[A-Za-z0-9_-]{8,80}$'
shape = "lab_…"
max_bytes = 128
expiry = "none"
scope = "all"
[reconcile]
by = "none"
[[account_field]]
name = "project_id"
label = "Project"
[[scheme]]
id = "admin"
kind = "header"
label = "Admin key"
help = "x"
header = { name = "Authorization", value = "Bearer {credential.token}" }
field = [{ name = "admin_key", label = "Admin key", secret = true }]
[[auth.key]]
name = "Authorization"
value = "Bearer {key.value}"
[errors]
code = ["/error/code"]
[verify]
request = "GET /me"
auth = "key"
live = [200]
dead = ["401 invalid_key"]
[roll]
request = "POST /projects/{account.project_id}/keys/{key.remote_id}/roll"
auth = "management"
applied = [200]
absent = [404]
secret = ["/secret"]
remote_id = ["/id"]
"#;

/// A simulator of that world on loopback, and an executor that is led to it.
async fn led(world: World, hosts: Vec<String>) -> (Simulator, Serving, Executor) {
    let options = Options {
        clock: SimClock::manual(now()),
        world,
        seed: Some(7),
        ..Options::default()
    };
    let sim = Simulator::new(options);
    let serving = sim.serve(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let leads = move |host: &str| hosts.iter().any(|listed| listed == host);
    let redirection = Redirection::new(leads, &format!("http://{}", serving.addr)).unwrap();
    let clock = Arc::new(SystemClock::new());
    let wire = Arc::new(WireTransport::new(clock.clone(), Some(redirection)));
    let executor = Executor::new(wire, clock, Arc::new(SystemEntropy));
    (sim, serving, executor)
}

#[tokio::test]
async fn a_roll_gives_a_value_that_works_where_the_old_one_did() {
    let slots = LAB
        .replace(
            "strategy = \"roll\"",
            "strategy = \"two_slot\"\nslots = [\"primary\", \"secondary\"]",
        )
        .replace("keys/{key.remote_id}/roll", "slots/{key.remote_id}/regenerate");
    for (text, strategy) in [(LAB, Strategy::Roll), (&slots, Strategy::TwoSlot)] {
        let world = World::lab(now());
        let (sim, _serving, executor) = led(world.clone(), vec!["api.lab.invalid".to_owned()]).await;
        let rules = |one: &Account| one.lab.clone().filter(|rules| rules.strategy == strategy);
        let project = world.accounts.iter().find(|one| rules(one).is_some()).unwrap();
        let old = world.keys.iter().find(|key| key.org_id == project.id).unwrap();
        let at = Workspace {
            nonce: None,
            fields: BTreeMap::from([("project_id".to_owned(), project.id.clone())]),
            credential: Some(Credential {
                scheme: "admin".to_owned(),
                fields: BTreeMap::new(),
                secret: Secret::new(rules(project).unwrap().admin_key),
            }),
            ..at(Arc::new(Definition::parse(text).unwrap()))
        };
        let id = old.grant.slot.as_ref().unwrap_or(&old.key_id);
        let rolled = executor.roll(&at, id).await.ok().unwrap();
        assert_eq!(rolled.remote_id.as_ref(), Some(&old.key_id), "{strategy:?}");
        assert!(
            sim.accepts(rolled.secret.expose()) && !sim.accepts(&old.value),
            "{strategy:?}"
        );
        let told = executor.verify(&at, &rolled.secret).await;
        assert_eq!(told.answer, Answer::Live, "{strategy:?}");
        let old = executor.verify(&at, &Secret::new(old.value.clone())).await;
        assert_eq!(old.answer, Answer::Dead, "{strategy:?}");
    }
}

#[tokio::test]
async fn every_key_of_the_world_is_known_by_its_form_and_told_for_what_it_is() {
    let world = World::five(now());
    let hosts = ["on-page", "authenta", "optiverse"]
        .map(|id| built_in(id).hosts().to_vec())
        .concat();
    let (sim, _serving, executor) = led(world.clone(), hosts).await;
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
