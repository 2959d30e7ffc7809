//! A provider whose new key ends the old one, and whose page is a person's: the plan for a key that two files hold, and
//! the person's step.

use keywheel_core::App;
use keywheel_core::app::{Connect, OrgChoice};
use keywheel_core::failure::Failure;
use keywheel_core::model::KeyId;
use std::collections::BTreeMap;

use super::open_key;
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::places::{self, Place};
use crate::sample::{list, said, text};
use crate::window::Outcome;

const NAME: &str = "Backend-Server-Key";

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::of_world(album, "five").await?;
    let world = stage.provider.world().await?;
    let value = list(&world, "keys")
        .into_iter()
        .find(|key| key["suggested_name"] == NAME || key["name"] == NAME)
        .map(|key| text(&key["value"]))
        .ok_or("no such key in the world")?;
    let app = stage.app().await?;
    let key = hold(&app, value.clone()).await.map_err(|failure| said(&failure))?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let places = [0, 1].map(|n| Place::new(folder.path(), n, &value));
    places::bind(&places, &app, key).await;
    app.close().await;

    let window = stage.open().await?;
    to_list(&window).await?;
    open_key(&window, NAME).await?;
    window.click("rotate").await?;
    window.css("[data-testid=start]:not([aria-disabled=true])").await?;
    stage.take(&window, "36-cutover-plan").await?;
    window.click("start").await?;
    window.find("task").await?;
    stage.take(&window, "37-cutover-task").await?;
    window.close().await
}

/// Takes an existing key in, as a person would: by the form for a new one, with the value from the page.
async fn hold(app: &App, value: String) -> Result<KeyId, Failure> {
    let environment = app.find_environment("production").await?.id;
    let form = Connect {
        org: OrgChoice::New("acme".to_owned()),
        provider_id: "authenta".to_owned(),
        label: "platform".to_owned(),
        scheme: String::new(),
        fields: BTreeMap::new(),
        pasted: BTreeMap::new(),
        base_url: None,
        environment,
        anyway: false,
    };
    let account = app.connect(form).await?.account.id;
    let rotation = app
        .new_key(account, environment, NAME, &keywheel_core::app::Description::default())
        .await?;
    app.go_on(rotation).await?;
    let pasted = app.paste("key", value)?;
    let taken = app.take_new_value(rotation, &pasted.handle, false).await?;
    Ok(taken.subject.key.id)
}
