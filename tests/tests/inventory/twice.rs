//! One account of a provider that is connected a second time.

use keywheel_core::Code;
use keywheel_core::app::Connect;
use tests::world::World;

#[tokio::test]
async fn an_account_that_is_connected_already_is_connected_again_only_when_a_person_says_so() {
    let world = World::calm().connected().await;
    let form = async |label: &str| Connect {
        label: label.to_owned(),
        ..world.connect_form().await
    };
    let count = async || world.column("SELECT id FROM accounts").await.len();
    let again = Connect {
        org: keywheel_core::app::OrgChoice::New("Other".to_owned()),
        ..form("again").await
    };
    let refused = world.app().connect(again).await.err().expect("it is refused");
    assert_eq!(refused.code, Code::AccountTwice);
    assert!(format!("{:?}", refused.details).contains("main"), "it is named");
    assert_eq!(count().await, 1);
    let anyway = Connect {
        org: keywheel_core::app::OrgChoice::New("Other".to_owned()),
        anyway: true,
        ..form("again").await
    };
    world.app().connect(anyway).await.expect("a person has said so");
    assert_eq!(count().await, 2);
}
