//! The main job, as a person does it in the window: find the stale key, rotate it, replace it, see the old one dead.

use std::path::Path;

use crate::outside;
use crate::provider::Provider;
use crate::window::{Outcome, Window};

/// From the overview, on which the window opens, to the list of keys.
pub async fn to_list(window: &Window) -> Outcome {
    window.click_css("[data-testid=place-keys]").await?;
    window.css("[data-testid=key-row]").await.map(drop)
}

/// Does it, prints each step with the ledger as witness, and takes pictures where asked.
pub async fn main_job(window: &Window, provider: &Provider, shots: Option<&Path>) -> Outcome {
    window.find("demo-banner").await?;
    picture(window, shots, "overview").await?;
    to_list(window).await?;
    picture(window, shots, "keys").await?;
    say("The window shows the keys, worst first.");

    window.fill("filter", "status:stale").await?;
    let row = window.css("[data-testid=key-row]").await?;
    let name = row
        .attr("data-key-name")
        .await
        .ok()
        .flatten()
        .ok_or("a row without a name")?;
    picture(window, shots, "keys-stale").await?;
    window.click_css("[data-testid=key-row]").await?;
    window.find("drawer").await?;
    window.css("[data-testid=rotate]:not([disabled])").await?;
    picture(window, shots, "drawer").await?;
    say(&format!("The stale key is {name}."));

    window.click("rotate").await?;
    window.css("[data-testid=start]").await?;
    picture(window, shots, "rotation-plan").await?;
    let before = live(provider).await?;
    window.click("start").await?;
    window.until("rotation-sheet", "data-state", "awaiting_person").await?;
    picture(window, shots, "rotation-awaiting").await?;
    let after = live(provider).await?;
    let new: Vec<&String> = after.iter().filter(|value| !before.contains(value)).collect();
    let [new] = new[..] else {
        return Err(format!("{} keys were created instead of one", new.len()));
    };
    say("One press on Rotate key: the provider's ledger shows exactly one new key, and the old one live.");

    let copied = outside::clipboard().await?;
    if &copied != new {
        return Err("the clipboard does not hold the new value".to_owned());
    }
    if !outside::clipboard_targets()
        .await?
        .contains("x-kde-passwordManagerHint")
    {
        return Err("the clipboard does not say that its content is secret".to_owned());
    }
    if window.page_text().await?.contains(new.as_str()) {
        return Err("the page holds the new value".to_owned());
    }
    say("Another program reads the new value from the clipboard, marked as secret; the page never held it.");

    window.click("replaced").await?;
    window.until("rotation-sheet", "data-state", "completed").await?;
    window.find("receipt").await?;
    picture(window, shots, "rotation-completed").await?;
    let now = live(provider).await?;
    let ended: Vec<&String> = before.iter().filter(|value| !now.contains(value)).collect();
    let [old] = ended[..] else {
        return Err(format!("{} keys ended instead of one", ended.len()));
    };
    let record = provider
        .key_of_value(old)
        .await?
        .ok_or("the old key is not in the ledger")?;
    if record["refused_calls"].as_u64().unwrap_or_default() == 0 {
        return Err("the ledger shows no call with the old key that was refused".to_owned());
    }
    say("I have replaced it: the ledger shows the old key revoked, and a call with it refused after that.");
    Ok(())
}

async fn live(provider: &Provider) -> Outcome<Vec<String>> {
    let ledger = provider.ledger().await?;
    let keys = ledger["keys"].as_array().cloned().unwrap_or_default();
    let live = keys.into_iter().filter(|key| key["revoked_at"].is_null());
    Ok(live
        .filter_map(|key| key["value"].as_str().map(str::to_owned))
        .collect())
}

async fn picture(window: &Window, shots: Option<&Path>, name: &str) -> Outcome {
    match shots {
        Some(folder) => window.picture(&folder.join(format!("{name}.png"))).await,
        None => Ok(()),
    }
}

fn say(what: &str) {
    println!("  ✓ {what}");
}
