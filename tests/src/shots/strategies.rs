//! The plan of each way to replace a key, by the API and by a person, at an invented provider; and the person's step.

use std::collections::BTreeMap;

use keywheel_core::App;
use keywheel_core::app::{Connect, Description, ExistingKey, OrgChoice};
use keywheel_core::failure::Failure;
use provider_sim::{GraceFrom, Strategy};

use super::{leave_key, open_key};
use crate::album::{Album, Stage};
use crate::lab;
use crate::sample::said;
use crate::window::Outcome;

const CASES: [(&str, Strategy, GraceFrom); 6] = [
    ("overlap", Strategy::Overlap, GraceFrom::Roll),
    ("roll", Strategy::Roll, GraceFrom::Roll),
    ("roll-with-grace", Strategy::RollWithGrace, GraceFrom::Roll),
    ("roll-from-first-use", Strategy::RollWithGrace, GraceFrom::FirstUse),
    ("replace-first", Strategy::ReplaceFirst, GraceFrom::Roll),
    ("two-slot", Strategy::TwoSlot, GraceFrom::Roll),
];

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::empty(album).await?;
    let folder = stage.dir.join("providers");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for (name, strategy, from) in CASES {
        for (who, text) in [
            ("api", lab::unlisted(strategy, from)),
            ("person", lab::by_person(strategy, from)),
        ] {
            let id = format!("{name}-{who}");
            let text = text.replace("id = \"lab\"", &format!("id = \"{id}\""));
            let text = text.replace("name = \"Lab\"", &format!("name = \"Lab {id}\""));
            std::fs::write(folder.join(format!("{id}.toml")), text).map_err(|error| error.to_string())?;
        }
    }
    let app = stage.app().await?;
    let filled = fill(&app).await;
    app.close().await;
    filled.map_err(|failure| said(&failure))?;

    let window = stage.open().await?;
    for (name, _, _) in CASES {
        for who in ["api", "person"] {
            let id = format!("{name}-{who}");
            open_key(&window, &id).await?;
            window.click("rotate").await?;
            window.css("[data-testid=start]:not([aria-disabled=true])").await?;
            window.says("rotation-sheet", "Check").await?;
            stage.take(&window, &format!("50-plan-{id}")).await?;
            if who == "person" {
                window.click("start").await?;
                window.find("task").await?;
                window.until("rotation-sheet", "data-state", "awaiting_person").await?;
                stage.take(&window, &format!("51-task-{id}")).await?;
            }
            window.keys(super::ESCAPE).await?;
            window.gone("[data-testid=rotation-sheet]").await?;
            leave_key(&window).await?;
        }
    }
    window.close().await
}

/// An account and a key for each.
async fn fill(app: &App) -> Result<(), Failure> {
    let environment = app.find_environment("production").await?.id;
    for (at, (name, _, _)) in CASES.into_iter().enumerate() {
        for (n, who) in ["api", "person"].into_iter().enumerate() {
            let id = format!("{name}-{who}");
            let org = match app.find_org("acme").await {
                Ok(org) => OrgChoice::Existing(org.id),
                Err(_) => OrgChoice::New("acme".to_owned()),
            };
            let admin = match who {
                "api" => Some((
                    "admin_key".to_owned(),
                    app.paste("admin_key", "lab_admin_of_a_picture".to_owned())?.handle,
                )),
                _ => None,
            };
            let form = Connect {
                org,
                provider_id: id.clone(),
                label: id.clone(),
                scheme: admin.as_ref().map(|(scheme, _)| scheme.clone()).unwrap_or_default(),
                fields: BTreeMap::from([("project_id".to_owned(), format!("project-{at}-{n}"))]),
                pasted: admin.into_iter().collect(),
                base_url: None,
                environment,
                anyway: false,
            };
            let key = ExistingKey {
                account: app.connect(form).await?.account.id,
                environment,
                name: id,
                pasted: app.paste("key", format!("lab_OfAPicture{at}{n}Only0123456789"))?.handle,
                created: None,
                about: Description::default(),
                anyway: true,
            };
            app.add_key(key).await?;
        }
    }
    Ok(())
}
