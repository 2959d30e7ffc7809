//! A database that cannot be used: what is wrong, where the file is, what to do; and nothing is written over it.

use crate::scene::{Scene, picture, program};
use tests::keyring;
use tests::window::Window;

#[tokio::test]
async fn a_damaged_database_is_told_with_its_place_and_opens_again_once_it_is_restored() {
    let scene = Scene::sample().await;
    scene.window.close().await.expect("the window closes");
    let before = scene.live().await;
    let file = scene.dir.join(keywheel_core::store::DB_FILE);
    let whole = std::fs::read(&file).expect("a database");
    let mut torn = whole.clone();
    torn[4096..16384].fill(0xA5);
    let letter = b"Dear Ada, this is a letter and no database, and it is longer than a header. ".repeat(9);
    for (name, bytes) in [("damaged", torn), ("foreign", letter)] {
        std::fs::write(&file, &bytes).expect("it is written");
        let window = Window::open(&program("keywheel-desktop"), &scene.dir, name == "foreign")
            .await
            .expect("a window opens all the same");
        window
            .css("[data-testid=failed] [data-testid=error][data-code=\"store.damaged\"]")
            .await
            .expect("it says that the database is damaged");
        let said = window.text("failed").await.expect("what it says");
        for words in [
            "The database is damaged",
            "Restore keywheel.db from a backup",
            &file.display().to_string(),
        ] {
            assert!(said.contains(words), "{words} in {said}");
        }
        assert!(!said.contains("could not be reached"), "{said}");
        picture(&window, name).await;
        window.click("open-again").await.expect("Try again");
        window
            .until("failed", "data-tries", "1")
            .await
            .expect("it was tried, and is still damaged");
        assert_eq!(
            std::fs::read(&file).expect("it is there"),
            bytes,
            "nothing was written over it"
        );

        std::fs::write(&file, &whole).expect("the backup");
        window.click("open-again").await.expect("Try again");
        window
            .css("[data-testid=queue-row]")
            .await
            .expect("the keys are there, without a restart");
        keyring::lock().await.expect("the keychain locks");
        window
            .until("keychain-banner", "data-state", "locked")
            .await
            .expect("and the window looks after itself again");
        keyring::unlock().await.expect("the keychain unlocks");
        window.close().await.expect("the window closes");
    }
    assert_eq!(scene.live().await, before, "the provider was not touched");
}
