//! A judge that finds nothing shows nothing: what it is to find is planted.

use std::process::Stdio;

use tests::real::{Found, KEY, Kind, has_token};
use tokio::io::AsyncWriteExt;

use crate::bench::Bench;
use crate::row::Row;

fn kinds(found: &Found) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = found.0.iter().map(|(kind, _)| *kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

async fn kinds_now(bench: &Bench) -> Vec<Kind> {
    kinds(&bench.as_before().await.found)
}

/// Calls secret-tool for one of Keywheel's items.
async fn item(bench: &Bench, act: &[&str], name: &str) {
    let mut tool = bench.home.command("secret-tool");
    tool.args(act).args(["service", "app.keywheel", "username", name]);
    let mut tool = tool.stdin(Stdio::piped()).spawn().expect("secret-tool is installed");
    let mut input = tool.stdin.take().expect("its input");
    // What stores nothing reads nothing, and may have gone before this arrives.
    let _ = input.write_all(b"a value").await;
    drop(input);
    assert!(tool.wait().await.expect("its end").success());
}

#[tokio::test]
async fn a_key_that_nobody_has_and_an_item_that_nobody_knows_are_found() {
    let mut bench = Row::Overlap.connected(false).await;
    assert_eq!(kinds_now(&bench).await, []);

    item(&bench, &["store", "--label=stray"], "version/stray").await;
    assert_eq!(kinds_now(&bench).await, [Kind::Unexplained]);
    item(&bench, &["clear"], "version/stray").await;

    let page = bench.page.as_mut().expect("a provider's page");
    page.make(1, None).await;
    assert_eq!(kinds_now(&bench).await, [Kind::Unexplained]);
    let page = bench.page.as_ref().expect("a provider's page");
    page.delete(page.made()).await;
    assert_eq!(kinds_now(&bench).await, []);
}

#[tokio::test]
async fn a_value_that_is_gone_and_a_key_that_is_dead_are_found() {
    let bench = Row::Overlap.connected(false).await;
    let items = bench.home.keyring.items().await;
    for name in items.iter().filter(|name| name.starts_with("version/")) {
        item(&bench, &["clear"], name).await;
    }
    assert_eq!(kinds_now(&bench).await, [Kind::Lost]);

    let bench = Row::Overlap.connected(false).await;
    let page = bench.page.as_ref().expect("a provider's page");
    page.delete(&bench.old_id()).await;
    assert_eq!(kinds_now(&bench).await, [Kind::Lost]);
}

#[tokio::test]
async fn a_key_that_is_revoked_before_its_successor_is_confirmed_is_found() {
    let mut bench = Row::Overlap.connected(false).await;
    bench.home.run(&["rotate", KEY, "--yes"], "").await.ok();
    let page = bench.page.as_ref().expect("a provider's page");
    page.delete(&bench.old_id()).await;
    bench.home.pass(120).await;
    // Gone from the list and refused, it is dead, and nobody can be using it.
    bench.home.run(&["replaced", KEY], "").await.ok();
    assert_eq!(kinds(&bench.replaced().await.found), [Kind::Early]);
}

#[test]
fn a_token_is_told_from_a_masked_value_that_begins_like_one() {
    assert!(has_token(
        r#"{"error":"401 for eyJhbGciOiJub25lIn0.eyJleHAiOjE5OTk5OTk5OTl9.c2ln"}"#
    ));
    assert!(has_token("eyJ0eXAiOiJKV1Qi"));
    assert!(!has_token("sk_live_eyJx…, sk_live_…eyJa"));
}
