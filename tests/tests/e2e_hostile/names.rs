//! Names that would like to be more than text: in a terminal, in the window, in a snippet.

use serde_json::{Value, json};
use tests::raw::answer;
use tests::window::{Window, pictures};

use crate::hub::{Asked, Hub, OLD, token};
use crate::victim::{Victim, acts, program};

fn names(elsewhere: &str) -> Vec<String> {
    [
        format!("<img src='{elsewhere}/a' onerror='window.ran = 1'>"),
        format!("<script src='{elsewhere}/b'></script>"),
        "<svg onload=window.ran=2>".to_owned(),
        "{{constructor.constructor('window.ran = 3')()}}".to_owned(),
        "javascript:window.ran=4".to_owned(),
        "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[1;31mpayments".to_owned(),
        "\u{1b}]52;c;b3duZWQ=\u{7}".to_owned(),
        "pay\u{202e}stnem\u{2066}".to_owned(),
        "pay\u{200b}ments\r\nRevoked.".to_owned(),
        "'; DROP TABLE keys; --".to_owned(),
        "$(touch owned)`touch owned`".to_owned(),
        format!("token {OLD}"),
    ]
    .into()
}

#[tokio::test]
async fn a_name_is_text_in_the_terminal_and_in_the_window_and_nothing_of_it_runs() {
    let hub = Hub::start().await;
    let victim = Victim::of(&hub).await;
    let names = names(&hub.witness.url());
    let list: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(n, name)| token(&format!("a{}", n + 1), name))
        .collect();
    let body = json!({ "api_tokens": list }).to_string();
    hub.spoil(Asked::List, answer("200 OK", "", &body));
    victim.run(&["account", "refresh", "ada"], "").await.said.ok();
    for arguments in [
        &["key", "list"][..],
        &["account", "list"],
        &["check", "--max-age", "1"],
        &["activity"],
        &["doctor"],
        &["rotate", "checkout-api", "--plan"],
        &["key", "show", "checkout-api"],
    ] {
        // What it writes is looked at as it is read.
        victim.read(arguments).await;
    }

    let opened = Window::open(&program("keywheel-desktop"), &victim.dir(), false).await;
    let window = opened.expect("a window");
    let rows = "return document.querySelectorAll('[data-testid=key-row]').length";
    tests::journey::to_list(&window).await.expect("the keys are listed");
    let count = window.run(rows).await.expect("a number");
    // One row a name, and one for the credential.
    assert_eq!(count, json!(names.len() + 1));
    for n in 0..=names.len() {
        let press = format!("document.querySelectorAll('[data-testid=key-row]')[{n}].click()");
        window.run(&press).await.expect("a press");
        window.find("drawer").await.expect("the key is shown");
        let shown = window.run("return document.body.innerText").await.expect("a text");
        let shown = shown.as_str().unwrap_or_default();
        assert!(!shown.contains(OLD), "a value stands in a name");
        assert_eq!(shown.chars().find(|c| acts(*c) && *c != '\t'), None, "{shown:?}");
    }
    if let Some(folder) = pictures() {
        window
            .picture(&folder.join("hostile-names.png"))
            .await
            .expect("a picture");
    }
    let foreign =
        "return [window.ran ?? null, document.querySelectorAll('main img, main script, [onload], [onerror]').length,
        document.title]";
    let foreign = window.run(foreign).await.expect("an answer");
    assert_eq!(
        foreign,
        json!([null, 0, "Keywheel"]),
        "nothing of a name ran or became an element"
    );
    window.close().await.expect("the window closes");
    assert_eq!(hub.witness.requests(), Vec::<String>::new(), "nothing was fetched");
    for folder in [victim.dir(), std::env::current_dir().expect("a place")] {
        assert!(!folder.join("owned").exists(), "nothing was executed");
    }
}
