//! What earlier versions left behind is taken over by this one: every folder below `tests/leftovers`, opened in process.
//!
//! `cargo xtask leftovers` makes them; the rules are those of every later version too.

use std::path::Path;

use tests::leftovers::{Look, Restored, folders, rules};

/// Fewer than these, and they were not all kept.
const LEAST: usize = 150;

/// Opens a leftover, lets everything happen that happens without a person, and says what is wrong then.
async fn taken_over(folder: &Path) -> Vec<String> {
    let restored = match Restored::from(folder).await {
        Ok(restored) => restored,
        Err(error) => return vec![format!("it cannot be built again: {error}")],
    };
    let before = Look::at(&restored).await;
    let app = match restored.open().await {
        Ok(app) => app,
        Err(failure) => return vec![format!("it does not open: {failure:?}")],
    };
    let mut wrong = rules::folded(&app).await;
    wrong.extend(rules::unclaimed(&app).await);
    for _ in 0..2 {
        if let Err(failure) = app.tick().await {
            wrong.push(format!("the timer: {failure:?}"));
        }
        if let Err(failure) = app.refresh(None).await {
            wrong.push(format!("the lists: {failure:?}"));
        }
    }
    wrong.extend(rules::folded(&app).await);
    app.close().await;
    let after = Look::at(&restored).await;
    wrong.extend(rules::kept(&before, &after));
    wrong.extend(rules::unended(&after));
    wrong.extend(rules::held(&before, &after));
    wrong.extend(rules::accounted(&restored.kept.keychain, &restored.sim, &after));
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_leftover_is_taken_over_without_a_loss() {
    let folders = folders();
    assert!(folders.len() >= LEAST, "only {} are kept", folders.len());
    let running: Vec<_> = folders
        .into_iter()
        .map(|folder| (folder.clone(), tokio::spawn(async move { taken_over(&folder).await })))
        .collect();
    let mut wrong = Vec::new();
    for (folder, taken_over) in running {
        let found = taken_over.await.unwrap_or_else(|panic| vec![panic.to_string()]);
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        wrong.extend(found.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
