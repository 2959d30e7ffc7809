//! A list that comes in pages by a definition of one's own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use keywheel_core::clock::{Clock, Sleep, Steady, SystemEntropy};
use keywheel_core::http::{Request, Sending, Transport};
use keywheel_core::model::{Credential, Secret};
use keywheel_core::provider::{Definition, Executor, Provider, Workspace};
use keywheel_core::{Code, Effect};
use provider_sim::{GraceFrom, Strategy};
use tests::lab;
use tests::script::{Script, at, json};

fn page(id: &str, next: &str) -> tests::script::Said {
    json(200, &format!(r#"{{"keys":[{{"id":"{id}"}}],"next":{next}}}"#))
}

/// An account of the definition.
fn project(text: &str) -> Workspace {
    let mut at = at(Definition::parse(text).expect("a definition").into());
    at.fields.insert("project_id".to_owned(), "p1".to_owned());
    at.credential = Some(Credential {
        scheme: "admin_key".to_owned(),
        fields: BTreeMap::new(),
        secret: Secret::new("lab_admin_1".to_owned()),
    });
    at
}

#[tokio::test]
async fn the_next_page_is_asked_for_in_the_query() {
    let text = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let at = project(&text);
    let says = [page("one", "\"a&b=\""), page("two", "\"c\""), page("three", "null")];
    let (executor, script) = Script::executor(says);
    let listed = executor.list(&at).await.expect("three pages");
    let ids: Vec<&str> = listed.keys().iter().map(|key| key.remote_id.as_str()).collect();
    assert_eq!(ids, ["one", "two", "three"]);
    let lines: Vec<String> = script.asked().iter().map(|asked| asked.line.clone()).collect();
    let keys = "GET https://api.lab.invalid/v1/projects/p1/keys";
    assert_eq!(
        lines,
        [
            keys.to_owned(),
            format!("{keys}?after=a%26b%3D"),
            format!("{keys}?after=c")
        ]
    );
}

#[test]
fn what_stands_in_the_query_already_is_not_sent_twice() {
    let text = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace(
        "/keys\"\nauth = \"management\"\nok",
        "/keys?after=x\"\nauth = \"management\"\nok",
    );
    let problem = Definition::parse(&text).expect_err("the field is taken");
    assert_eq!(problem.to_string(), "list.page: this field has no meaning here");
}

/// Time that passes with each answer, whose list has a next page for ever.
#[derive(Default)]
struct Endless {
    pages: AtomicU64,
}

impl Clock for Endless {
    fn now(&self) -> Timestamp {
        tests::script::now()
    }

    fn sleep(&self, _: Duration) -> Sleep<'_> {
        Box::pin(std::future::ready(()))
    }

    fn steady(&self) -> Steady {
        Steady {
            boot: "one".to_owned(),
            up: Duration::from_secs(20 * self.pages.load(Ordering::Relaxed)),
        }
    }
}

#[async_trait]
impl Transport for Endless {
    async fn send(&self, _: Request, _: Sending) -> tests::script::Said {
        let n = self.pages.fetch_add(1, Ordering::Relaxed);
        page(&format!("key_{n}"), &format!("\"{n}\""))
    }
}

#[tokio::test]
async fn a_list_that_does_not_come_to_its_end_is_given_up() {
    let text = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let at = project(&text);
    let endless = Arc::new(Endless::default());
    let executor = Executor::new(endless.clone(), endless.clone(), Arc::new(SystemEntropy));
    let failure = executor.list(&at).await.expect_err("it is given up");
    assert_eq!(
        (failure.code, failure.effect),
        (Code::ProviderListEndless, Effect::NotApplied)
    );
    assert!(endless.pages.load(Ordering::Relaxed) < 20, "within five minutes");
}

#[tokio::test]
async fn a_date_of_the_future_is_none_at_which_a_key_was_made() {
    let text = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let body = r#"{"keys":[{"id":"one","created_at":"2099-01-01T00:00:00Z"},{"id":"two","created_at":"2020-01-01T00:00:00Z"}]}"#;
    let (executor, _) = Script::executor([json(200, body)]);
    let listed = executor.list(&project(&text)).await.expect("a page");
    let made: Vec<bool> = listed.keys().iter().map(|key| key.created_at.is_some()).collect();
    assert_eq!(made, [false, true]);
}
