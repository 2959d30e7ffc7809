//! A key that is brought in, flagged and leaked; one whose value lies in a repository; all keys of one who leaves.

use std::path::Path;
use std::process::Command;

use tests::outside;

use crate::desk::{Desk, ON_PAGE};

const ENTER: &str = "\u{E007}";

impl Desk {
    /// Runs an act of the palette.
    async fn act(&self, words: &str) {
        let window = self.window();
        window.click_css("nav .find").await.expect("Search or run");
        window.fill("palette-input", words).await.expect("the act");
        window.keys(ENTER).await.expect("Enter");
    }

    /// Chooses an option, as the list of a select does.
    async fn choose(&self, id: &str, value: &str) {
        let set = format!(
            "const box = document.querySelector('[data-testid=\"{id}\"]'); box.value = '{value}'; \
             box.dispatchEvent(new Event('change', {{ bubbles: true }})); return box.value"
        );
        let chosen = self.window().run(&set).await.expect("a select");
        assert_eq!(chosen, value, "{id} offers it");
    }

    async fn flagged(&self, code: &str) {
        let flag = format!("[data-testid=drawer] [data-testid=flag][data-code={code}]");
        self.window()
            .css(&flag)
            .await
            .unwrap_or_else(|error| panic!("{code}: {error}"));
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .expect("git");
    assert!(ran.status.success(), "{arguments:?}: {ran:?}");
}

#[tokio::test]
async fn a_key_is_brought_in_flagged_found_to_have_leaked_and_replaced_with_the_old_one_first() {
    let desk = Desk::connected(&ON_PAGE).await;
    let window = desk.window();
    let fields = [
        ("name", "report"),
        ("permission", "jobs:read"),
        ("permission", "scan:create"),
    ];
    let old = desk.make(&fields).await;

    window.click("import-first").await.expect("Import key");
    outside::copy(&old).await.expect("it is copied");
    window.click("take-key").await.expect("Take from clipboard");
    window.find("taken-key").await.expect("it is taken");
    window.fill("field-name", "report").await.expect("its name");
    window.fill("field-owner", "Ada Lovelace").await.expect("its owner");
    desk.choose("field-preset", "Read-only integration").await;
    window
        .click_css("[data-testid='permission-scan:create'] input")
        .await
        .expect("a wider permission");
    window.click("import").await.expect("Import key");
    desk.flagged("broader").await;

    outside::copy(&old).await.expect("the leaked value");
    window.click("leaked").await.expect("A key has leaked");
    window.click("take-leaked").await.expect("Take from clipboard");
    window.says("leak-message", "It is acme/").await.expect("it is known");
    desk.picture("found-1-leaked").await;
    window.click("leak-revoke_first").await.expect("Revoke first");
    window
        .css("[data-testid=start]:not([aria-disabled=true])")
        .await
        .expect("its plan");
    let plan = window
        .says("old-key-line", "Outage.")
        .await
        .expect("the outage is named");
    assert!(plan.contains("before the new one exists"), "{plan}");
    desk.picture("found-2-plan").await;
    desk.start().await;
    desk.turn("revoke_old", "delete").await;
    desk.delete(&old).await;
    window.click("deleted").await.expect("I have deleted it");
    desk.turn("mint", "create").await;
    let asked = window.text("task-permissions").await.expect("which permissions");
    assert!(asked.contains("scan:create"), "those of the old key: {asked}");
    let new = desk.make(&fields).await;
    desk.take(&new).await;
    window.click("replaced").await.expect("I have replaced it");
    desk.until("completed").await;
    desk.assert_replaced(&old, &new).await;
    window.click("leave").await.expect("Done");
    window.click("leak-close").await.expect("Close");

    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("prod.env"), format!("KEY={new}\n")).expect("a file");
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "prod.env"]);
    desk.act("folder").await;
    let path = folder.path().to_str().expect("a plain path");
    window.fill("field-folder", path).await.expect("the folder");
    window.click("scan-look").await.expect("Look");
    let place = window.says("sighting", "prod.env:1").await.expect("the place");
    assert!(place.contains("acme/"), "{place}");
    desk.picture("found-3-scan").await;
    window.click("scan-show").await.expect("Show key");
    desk.flagged("in_tracked_file").await;

    desk.act("leaves").await;
    desk.choose("field-owner", "Ada Lovelace").await;
    window
        .css("[data-testid=batch-key][data-state=ready]")
        .await
        .expect("its plan");
    desk.picture("found-4-leaving").await;
    window.click("batch-begin").await.expect("one press");
    window
        .css("[data-testid=batch-key][data-state=begun]")
        .await
        .expect("it has begun");
    window.click("batch-show").await.expect("Show rotation");
    desk.turn("mint", "create").await;
    desk.assert_live(&new).await;
    desk.close().await;
}
