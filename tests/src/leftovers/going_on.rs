//! The command of this version goes on where a former one stopped.

use std::path::Path;

use super::kept::Kept;
use super::look::Look;
use super::rules;
use crate::keyring::Keyring;
use crate::real::Home;

/// What a person does after an update: looks at everything, and goes on with what is open.
const WORDS: &[&[&str]] = &[
    &["doctor"],
    &["account", "refresh"],
    &["key", "list"],
    &["verify", "--all"],
    &["activity"],
    &["resume"],
    &["verify", "--all"],
    &["account", "refresh"],
    &["doctor"],
];

/// Lets the command do that with a real keychain, and says what is wrong then.
pub async fn gone_on_with(folder: &Path) -> Vec<String> {
    let kept = match Kept::read(folder) {
        Ok(kept) => kept,
        Err(error) => return vec![format!("it cannot be read: {error}")],
    };
    let home = Home::taking_over(&kept, Keyring::own().await).await;
    let before = Look::at_home(&home).await;
    let mut wrong = Vec::new();
    for words in WORDS {
        let said = home.run(words, "").await;
        // Something may be open, refused or not told; it may not have failed.
        if !matches!(said.code, Some(0 | 1 | 75..=80)) || said.err.contains("panicked") {
            wrong.push(format!("{words:?}: {said:?}"));
        }
    }
    let after = Look::at_home(&home).await;
    let mut values = kept.keychain.clone();
    for name in after.items.difference(&before.items) {
        values.extend(home.keyring.item(name).await.map(|value| (name.clone(), value)));
    }
    wrong.extend(rules::kept(&before, &after));
    wrong.extend(rules::unended(&after));
    wrong.extend(rules::held(&before, &after));
    wrong.extend(rules::accounted(&values, &home.sim, &after));
    wrong.extend(rules::true_of(&values, &home.sim, &before, &after));
    wrong
}
