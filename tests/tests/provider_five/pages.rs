//! A list that comes in pages by a definition of one's own.

use std::collections::BTreeMap;

use keywheel_core::model::{Credential, Secret};
use keywheel_core::provider::{Definition, Provider};
use provider_sim::{GraceFrom, Strategy};
use tests::lab;
use tests::script::{Script, at, json};

fn page(id: &str, next: &str) -> tests::script::Said {
    json(200, &format!(r#"{{"keys":[{{"id":"{id}"}}],"next":{next}}}"#))
}

#[tokio::test]
async fn the_next_page_is_asked_for_in_the_query() {
    let text = lab::definition(Strategy::Overlap, GraceFrom::Roll);
    let mut at = at(Definition::parse(&text).expect("a definition").into());
    at.fields.insert("project_id".to_owned(), "p1".to_owned());
    at.credential = Some(Credential {
        scheme: "admin_key".to_owned(),
        fields: BTreeMap::new(),
        secret: Secret::new("lab_admin_1".to_owned()),
    });
    let says = [page("one", "\"a&b=\""), page("two", "\"c\""), page("three", "null")];
    let (executor, script) = Script::executor(says);
    let listed = executor.list(&at).await.expect("three pages");
    let ids: Vec<&str> = listed.iter().map(|key| key.remote_id.as_str()).collect();
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
