//! The whole run: an account is connected, an old key taken, rotated and proven dead, in the window and then by the
//! command; another organisation is opened; what goes wrong is told.

use tests::sample::text;
use tests::{outside, wizard};

use crate::command::run;
use crate::page::{look, moment, open};
use crate::watch::Watch;

#[tokio::test]
async fn no_canary_is_seen_in_a_whole_run_of_the_window_and_the_command() {
    let mut watch = Watch::begin().await;
    in_the_window(&mut watch).await;
    by_the_command(&mut watch).await;
    let scanner = watch.scanner().await;
    watch.disk(&scanner).await;
    let log = std::fs::read_to_string(watch.folder().join("window.log")).expect("the window's log");
    for told in ["TRACE", "the page asks", "take_from_clipboard", "list"] {
        assert!(log.contains(told), "the window tells everything: {told}");
    }
    watch.table();
    let found = watch.found();
    assert!(found.is_empty(), "{} seen:\n{found:#?}", found.len());
}

async fn in_the_window(watch: &mut Watch) {
    let window = open(watch).await;
    window.click("connect").await.expect("Connect an account");
    window.find("provider-overten").await.expect("Overten is offered");
    window.click("wizard-next").await.expect("Next");
    window.fill("field-org-name", "acme").await.expect("the organisation");
    window.fill("field-label", "main").await.expect("the label");
    for (field, value) in [
        ("org_id", &watch.org["id"]),
        ("web_api_key", &watch.user["web_api_key"]),
    ] {
        let filled = window.fill(&format!("field-{field}"), &text(value)).await;
        filled.expect("what is not secret");
    }
    outside::copy(&text(&watch.user["refresh_token"]))
        .await
        .expect("a copied token");
    window.click("take-refresh_token").await.expect("Take from clipboard");
    window.find("taken-refresh_token").await.expect("it was taken");
    moment(watch, &window).await;
    window.click("connect-submit").await.expect("Connect");
    let connected = window.says("connect-lines", "Credential accepted").await;
    connected.expect("what connecting found");
    wizard::finish(&window).await.expect("Done");

    window.click_css("[data-testid=key-row]").await.expect("the oldest key");
    outside::copy(&text(&watch.keys[0]["value"])).await.expect("its value");
    window.click("paste").await.expect("Paste value");
    window.click("take-key").await.expect("Take from clipboard");
    window.gone("[data-testid=paste]").await.expect("the value is held now");
    moment(watch, &window).await;
    window.click("rotate").await.expect("Rotate");
    window.click("start").await.expect("Rotate key");
    let waits = window.until("rotation-sheet", "data-state", "awaiting_person").await;
    waits.expect("the person's turn");
    moment(watch, &window).await;
    let scanner = watch.scanner().await;
    watch.disk(&scanner).await;
    window.click("replaced").await.expect("I have replaced it");
    let done = window.until("rotation-sheet", "data-state", "completed").await;
    done.expect("the old key is dead");
    moment(watch, &window).await;
    window.click("leave").await.expect("Done");
    // It clears itself after 45 s, which may have passed.
    let clear = "document.querySelector('[data-testid=clear-clipboard]')?.click()";
    window.run(clear).await.expect("Clear now");
    window
        .gone("[data-testid=clipboard]")
        .await
        .expect("nothing is on the clipboard");

    for place in ["overview", "activity", "accounts"] {
        window
            .click(&format!("place-{place}"))
            .await
            .expect("a place of the window");
        window.css("main").await.expect("it is shown");
        let scanner = watch.scanner().await;
        look(watch, &window, &scanner).await;
    }
    let heard = moment(watch, &window).await;
    for told in [
        "answer to ipc://localhost/plan_rotation",
        "answer to ipc://localhost/take_from_clipboard",
        "event {",
    ] {
        assert!(heard.contains(told), "answers and events are heard: {told}");
    }
    window.close().await.expect("the window closes");
}

async fn by_the_command(watch: &mut Watch) {
    let old = watch.keys[1].clone();
    let key = watch.key(&text(&old["value"])).await;
    run(watch, &["key", "hold", &key], &text(&old["value"])).await.ok();
    run(watch, &["verify", &key], "").await.ok();
    run(watch, &["rotate", &key, "--yes"], "").await.ok();
    run(watch, &["replaced", &key], "").await.ok();
    let web_api_key = format!("web_api_key={}", text(&watch.user["web_api_key"]));
    let form = [
        "account",
        "sign-up",
        "--provider",
        "overten",
        "--org",
        "acme",
        "--label",
        "second",
    ];
    let access = [
        "--env",
        "staging",
        "--scheme",
        "firebase_refresh",
        "--field",
        &web_api_key,
    ];
    let opened = [&form[..], &access, &["--field", "org_name=Second"]].concat();
    let token = text(&watch.user["refresh_token"]);
    run(watch, &opened, &token).await.ok();
    // What goes wrong is told too: a value that is not this key's, a credential that is refused.
    let wrong = text(&watch.keys[2]["value"]);
    let refused = run(watch, &["key", "hold", &key], &wrong).await;
    assert_ne!(refused.code, Some(0), "{}", refused.out);
    let cut = &token[..token.len() - 1];
    let refused = run(watch, &["account", "replace-credential", "main"], cut).await;
    assert_eq!(refused.code, Some(82), "{}", refused.err);
    for arguments in [
        &["account", "list"][..],
        &["activity"],
        &["key", "show", &key],
        &["doctor"],
    ] {
        run(watch, arguments, "").await;
    }
}
