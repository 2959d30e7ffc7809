//! Every way out is tried with a value that takes it: each is found, where it was let out and in the form it took.

use tests::sample::text;
use tests::{Share, outside};

use crate::command::run;
use crate::page::{look, open};
use crate::watch::Watch;

impl Watch {
    /// Fails unless nothing of that key was seen up to now.
    fn assert_unseen(&self, key: usize, leak: &str) {
        let canary = self.name_of(key);
        let seen: Vec<_> = self.found().into_iter().filter(|one| one.canary == canary).collect();
        assert!(seen.is_empty(), "before {leak}: {seen:#?}");
    }

    /// Fails unless that key was seen at that place in that form.
    fn assert_seen(&self, key: usize, leak: &str, place: &str, form: &str) {
        let (canary, found) = (self.name_of(key), self.found());
        let is_it = found
            .iter()
            .any(|one| one.canary == canary && one.place.contains(place) && one.form == form);
        assert!(is_it, "{leak}: {found:#?}");
        println!("{leak:<16}{place:<28}{form}");
    }
}

#[tokio::test]
async fn each_leak_that_is_planted_in_the_command_is_found() {
    let mut watch = Watch::begin().await;
    let form = [
        "account",
        "connect",
        "--provider",
        "overten",
        "--org",
        "acme",
        "--new-org",
        "--label",
        "main",
    ];
    let org = format!("org_id={}", text(&watch.org["id"]));
    let web_api_key = format!("web_api_key={}", text(&watch.user["web_api_key"]));
    let access = [
        "--env",
        "production",
        "--scheme",
        "firebase_refresh",
        "--field",
        &org,
        "--field",
        &web_api_key,
    ];
    let token = text(&watch.user["refresh_token"]);
    run(&mut watch, &[&form[..], &access].concat(), &token).await.ok();
    let (scanner, share) = (watch.scanner().await, Share::one_in(8));
    for (n, (leak, place, form)) in [
        ("log", "standard error", "plain"),
        ("error", "standard error", "bytes, as Debug prints them"),
        ("argument", "arguments of sh", "plain"),
        ("environment", "environment of sleep", "hex"),
        ("temporary-file", "/tmp/let-out", "UTF-16LE"),
        ("home-file", "/home/let-out", "reversed"),
        ("row", "orgs.name in", "plain"),
        ("memory", "memory of keywheel", "plain"),
    ]
    .into_iter()
    .enumerate()
    .filter(|(n, _)| share.has(*n))
    {
        watch.assert_unseen(n, leak);
        let value = text(&watch.keys[n]["value"]);
        let key = watch.key(&value).await;
        run(&mut watch, &["key", "hold", &key, "--leak", leak], &value).await;
        watch.disk(&scanner).await;
        watch.assert_seen(n, leak, place, form);
    }
    let _ = std::fs::remove_file(std::env::home_dir().expect("a home").join("let-out"));
}

#[tokio::test]
async fn each_leak_that_is_planted_in_the_window_is_found() {
    let mut watch = Watch::begin().await;
    let window = open(&watch).await;
    let (scanner, share) = (watch.scanner().await, Share::one_in(6));
    watch.webkit(&scanner);
    for (n, (leak, place, form)) in [
        ("log", "/window.log", "PERCENT"),
        ("event", "answers and events", "plain"),
        ("answer", "answers and events", "plain"),
        ("page", "text and DOM of the page", "reversed"),
        ("script", "memory of WebKitWebProces", "plain"),
        ("storage", "/data/", "UTF-16LE"),
    ]
    .into_iter()
    .enumerate()
    .filter(|(n, _)| share.has(*n))
    {
        watch.assert_unseen(n, leak);
        watch.plant(leak);
        outside::copy(&text(&watch.keys[n]["value"]))
            .await
            .expect("a copied value");
        let taken = "const done = arguments[arguments.length - 1];
            const { invoke } = window.__TAURI_INTERNALS__;
            invoke('take_from_clipboard', { providerId: 'overten', field: 'key' })
                .then(() => invoke('forget_pasted', { handle: 'none' }))
                .then(() => done('taken'), (error) => done(JSON.stringify(error)));";
        assert_eq!(window.run_async(taken).await.expect("an answer"), "taken");
        look(&mut watch, &window, &scanner).await;
        match leak {
            "script" => watch.webkit(&scanner),
            // What the page keeps is written when it goes.
            "storage" => window.close().await.expect("the window closes"),
            _ => {}
        }
        watch.disk(&scanner).await;
        watch.assert_seen(n, leak, place, form);
    }
}
