//! The hub's answer to a mint is cut at twenty different bytes, in a share at ten: each time it settles alone.

use std::collections::BTreeSet;

use crate::hub::{ADMIN, Hub};
use crate::machine::{begin, connect};
use tests::Share;
use tests::wire::Wire;

#[tokio::test]
async fn a_mint_whose_answer_is_cut_anywhere_ends_with_one_live_token_that_is_held() {
    let (hub, mut machine) = (Hub::start().await, begin().await);
    // The witness calls with the old tokens, too.
    machine.run(&["policy", "set", "--quiet", "0"], "").await.ok();
    let wire = Wire::to(&hub.address).await;
    let share = Share::one_in(2);
    for (cut, twentieths) in (0..20).filter(|n| share.has(*n)).enumerate() {
        let (user, key) = (format!("user-{twentieths}"), format!("key-{twentieths}"));
        let (old_id, old) = hub.user_with_token(&user, &key).await;
        connect(&machine, &wire.address, &user, ADMIN).await.ok();
        machine.hold(&key, &old).await;
        wire.cut("POST /hub/api/users/", twentieths);
        let mut said = machine.run(&["rotate", &key, "--yes"], "").await;
        assert_eq!(
            wire.cuts().len(),
            cut + 1,
            "the mint was sent, and its answer cut: {said:?}"
        );
        for _ in 0..5 {
            if said.code == Some(0) {
                break;
            }
            assert!(matches!(said.code, Some(75 | 76)), "{twentieths}/20: {said:?}");
            said = machine.run(&["resume", &key], "").await;
        }
        assert_eq!(
            said.out["state"]["kind"], "awaiting_person",
            "{twentieths}/20, without a question: {said:?}"
        );

        let tokens = hub.tokens(&user).await;
        let news: Vec<&str> = tokens
            .iter()
            .filter_map(|token| token["id"].as_str().filter(|id| *id != old_id))
            .collect();
        let [new] = news[..] else {
            panic!("{twentieths}/20: {} new tokens live", news.len());
        };
        let held: Vec<(Option<String>, String)> = machine
            .held(&key)
            .await
            .into_iter()
            .filter_map(|(version, value)| Some((version["remoteId"].as_str().map(str::to_owned), value?)))
            .collect();
        let value = held
            .iter()
            .find(|(id, _)| id.as_deref() == Some(new))
            .map(|(_, value)| value);
        let value = value.unwrap_or_else(|| panic!("{twentieths}/20: the new token is not held"));
        assert_eq!(hub.recognises(value).await.as_deref(), Some(new), "{twentieths}/20");
        assert_eq!(
            hub.recognises(&old).await,
            Some(old_id),
            "{twentieths}/20: the old one works on"
        );

        machine.run(&["replaced", &key], "").await.ok();
        assert_eq!(hub.recognises(&old).await, None, "{twentieths}/20");
        assert_eq!(hub.tokens(&user).await.len(), 1, "{twentieths}/20: no orphan");
    }
    let cuts = wire.cuts();
    let bytes: BTreeSet<usize> = cuts.iter().map(|(through, _)| *through).collect();
    assert_eq!(bytes.len(), share.least(20), "at so many different bytes: {cuts:?}");
    assert!(cuts.iter().all(|(through, whole)| through < whole), "{cuts:?}");
    println!("cut after so many bytes of so many: {cuts:?}");
    let open = machine.run(&["unaccounted", "list"], "").await.ok();
    assert_eq!(open.as_array().map(Vec::len), Some(0), "nothing is unaccounted");
    machine.run(&["doctor"], "").await.ok();
}
