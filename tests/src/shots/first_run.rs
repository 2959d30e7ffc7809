//! From nothing to a connected account, with a token that is refused in between.

use crate::album::{Album, Stage};
use crate::outside;
use crate::sample::{list, text};
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::empty(album).await?;
    let world = stage.provider.world().await?;
    let org = list(&world, "orgs").remove(0);
    let uid = &org["members"][0]["uid"];
    let user = list(&world, "users")
        .into_iter()
        .find(|user| user["uid"] == *uid)
        .ok_or("no owner")?;
    let window = stage.open().await?;
    window.find("first-run").await?;
    stage.take(&window, "01-first-run").await?;

    window.click("sign-up").await?;
    window.find("provider-overten").await?;
    window.click("wizard-next").await?;
    window.find("field-key-name").await?;
    stage.take(&window, "02-sign-up").await?;
    window.keys("\u{E00C}").await?;
    window.gone("[data-testid=connect-sheet]").await?;

    window.click("connect").await?;
    window.find("provider-overten").await?;
    stage.take(&window, "03-connect-provider").await?;
    window.click("wizard-next").await?;
    window.fill("field-org-name", "acme").await?;
    window.fill("field-label", "main").await?;
    window.fill("field-org_id", &text(&org["id"])).await?;
    window.fill("field-web_api_key", &text(&user["web_api_key"])).await?;
    outside::copy("AMf-vBw3nT0kenOfSomebodyElse00").await?;
    window.click("take-refresh_token").await?;
    window.find("taken-refresh_token").await?;
    stage.take(&window, "04-connect-access").await?;
    window.click("connect-submit").await?;
    window.css("[data-testid=connect-sheet] [data-testid=error], [data-testid=connect-sheet] [aria-invalid], [data-testid=connect-sheet] [role=alert]").await?;
    stage.take(&window, "05-connect-refused").await?;

    outside::copy(&text(&user["refresh_token"])).await?;
    if window.has("[data-testid=forget-refresh_token]").await {
        window.click("forget-refresh_token").await?;
    }
    window.click("take-refresh_token").await?;
    window.find("taken-refresh_token").await?;
    window.click("connect-submit").await?;
    window.find("connect-lines").await?;
    stage.take(&window, "06-connect-found").await?;
    window.click("wizard-done").await?;
    window.css("[data-testid=key-row]").await?;
    stage.take(&window, "07-keys-not-held").await?;
    window.close().await
}
