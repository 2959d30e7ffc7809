//! Values of held keys in text.

use keywheel_core::failure::Code;
use tests::World;

use super::{ON_PAGE, account, facts, imported, refused};

#[tokio::test]
async fn each_value_is_found_with_its_line_and_its_key() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let longer = format!("{ON_PAGE}_more");
    imported(&world, &at, "short", ON_PAGE).await;
    imported(&world, &at, "long", &longer).await;
    imported(&world, &at, "twin", ON_PAGE).await;
    let scanner = world.app().scanner().await.unwrap();
    assert_eq!((scanner.values(), scanner.not_held, scanner.too_short), (2, 0, 0));
    let look = |text: &str| -> Vec<(usize, String)> {
        let found = scanner.look(text.as_bytes());
        found.iter().map(|one| (one.line, one.key.name.to_string())).collect()
    };
    assert!(look("").is_empty());
    assert!(
        look(&format!("nothing\n{}", &ON_PAGE[..20])).is_empty(),
        "a beginning is no value"
    );
    let text = format!("KEY={ON_PAGE}\r\n\n# {ON_PAGE} {ON_PAGE}\nx=\"{longer}\"");
    let named = |line: usize, name: &str| (line, name.to_owned());
    assert_eq!(
        look(&text),
        [
            named(1, "short"),
            named(1, "twin"),
            named(3, "short"),
            named(3, "twin"),
            named(4, "short"),
            named(4, "twin"),
            named(4, "long"),
        ]
    );
}

#[tokio::test]
async fn long_text_without_a_line_end_takes_no_longer_for_many_hits() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    imported(&world, &at, "crawler", ON_PAGE).await;
    let scanner = world.app().scanner().await.unwrap();
    let text = ON_PAGE.repeat(100_000);
    assert_eq!(scanner.look(text.as_bytes()).len(), 1, "each key once a line");
}

#[tokio::test]
async fn what_is_not_held_is_counted_and_removed_keys_are_left_alone() {
    let world = World::calm().connected().await;
    let scanner = world.app().scanner().await.unwrap();
    assert_eq!(scanner.not_held, 1, "the bystander is only listed");
    let text = format!("{} {}", world.old.value, world.bystander.value);
    let found: Vec<_> = scanner.look(text.as_bytes()).iter().map(|one| one.key.id).collect();
    assert_eq!(found, [world.the_key()]);
    world.app().remove_key(world.the_key()).await.unwrap();
    let scanner = world.app().scanner().await.unwrap();
    assert!(scanner.look(text.as_bytes()).is_empty());
}

fn git(folder: &std::path::Path, arguments: &[&str]) {
    let ran = std::process::Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{arguments:?}: {ran:?}");
}

#[tokio::test]
async fn a_key_whose_value_git_tracks_is_flagged_until_a_scan_finds_it_gone() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let key = imported(&world, &at, "crawler", ON_PAGE).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.env"), format!("\nKEY={ON_PAGE}\n")).unwrap();
    std::fs::write(folder.path().join("untracked.env"), ON_PAGE).unwrap();
    let app = world.app();
    let nothing = app.scan(folder.path()).await;
    assert_eq!(refused(nothing), (Code::InputNotTracked, Some("folder".into())));
    assert_eq!(
        refused(app.scan("settings".as_ref()).await).0,
        Code::InputNotTracked,
        "a whole path"
    );
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "settings.env"]);
    let requests = world.sim.requests().len();
    let scanned = app.scan(folder.path()).await.unwrap();
    let places: Vec<_> = scanned.places.iter().map(|one| (one.path.as_str(), one.line)).collect();
    assert_eq!(places, [("settings.env", 2)], "what git does not track is not read");
    let flags = facts(&world, key).await.flags;
    let told: Vec<_> = flags
        .iter()
        .map(|flag| (flag.kind.as_str(), flag.about.clone()))
        .collect();
    let place = format!("{}/settings.env:2", folder.path().display());
    assert_eq!(told, [("in_tracked_file", vec![place])]);
    assert_eq!(world.sim.requests().len(), requests, "nothing is sent anywhere");

    std::fs::write(folder.path().join("settings.env"), "KEY=\n").unwrap();
    assert!(app.scan(folder.path()).await.unwrap().places.is_empty());
    assert!(facts(&world, key).await.flags.is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_link_leads_to_is_not_what_git_tracks() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    imported(&world, &at, "crawler", ON_PAGE).await;
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::create_dir_all(folder.path().join("deploy/prod")).unwrap();
    std::fs::write(folder.path().join("deploy/prod/env"), "KEY=\n").unwrap();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    std::fs::create_dir(elsewhere.path().join("prod")).unwrap();
    std::fs::write(elsewhere.path().join("prod/env"), ON_PAGE).unwrap();
    std::fs::remove_dir_all(folder.path().join("deploy")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("deploy")).unwrap();
    let scanned = world.app().scan(folder.path()).await.unwrap();
    assert!(scanned.places.is_empty(), "{:?}", scanned.places);
    assert_eq!(scanned.not_read, 1, "it is named as one that was not read");
}
