//! What is wrong, or unfinished.

use clap::Args;
use keywheel_core::app::Use;
use keywheel_core::failure::{Code, Family};
use keywheel_core::model::Key;
use keywheel_core::rotation::State;
use keywheel_core::vault::VaultState;
use keywheel_wire::render::{self, keychain_view, target_view};
use keywheel_wire::{DoctorLineView, DoctorView, TargetStandsView};

use super::sheet;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::words::{self, full_name, quoted, when};

/// A rotation that has stood still for so long wants somebody.
const UNSETTLED_SECONDS: i64 = 600;

#[derive(Debug, Args)]
#[command(after_long_help = "Exit: 0 all well, or waiting as planned; 75 something is amiss. It changes nothing.")]
pub struct Doctor {}

impl Doctor {
    pub async fn run(&self, session: &Session) -> Result<Exit, Stop> {
        let mut lines = vec![database(session).await?];
        lines.extend(keychain(session).await);
        lines.extend(definitions(session));
        lines.extend(changed(session).await?);
        lines.extend(rotations(session).await?);
        lines.extend(unaccounted(session).await?);
        lines.extend(lists(session).await?);
        lines.extend(kept(session).await?);
        lines.extend(disagreement(session).await?);
        let on_the_way = super::on_the_way(session).await?.into_iter();
        lines.extend(on_the_way.map(|(says, remedy)| line("values", false, says, remedy)));
        lines.extend(targets(session).await?);
        let well = lines.iter().all(|line| line.ok);
        for line in &lines {
            let (look, mark) = if line.ok {
                (Look::Good, "✓")
            } else {
                (Look::Bad, "✗")
            };
            session.out.line(
                Line::new()
                    .look(look, format!("{mark} "))
                    .text(format!("{:<13}", line.topic))
                    .text(&line.message),
            );
            if !line.remedy.is_empty() {
                session
                    .out
                    .line(Line::new().look(Look::Quiet, format!("               {}", line.remedy)));
            }
        }
        session.out.value(&DoctorView { lines });
        Ok(if well { Exit::Done } else { Exit::Later })
    }
}

fn line(topic: &str, ok: bool, message: impl Into<String>, remedy: impl Into<String>) -> DoctorLineView {
    DoctorLineView {
        topic: topic.to_owned(),
        ok,
        message: message.into(),
        remedy: remedy.into(),
    }
}

async fn database(session: &Session) -> Result<DoctorLineView, Stop> {
    let place = session.app.directory().display().to_string();
    Ok(match session.app.integrity().await? {
        true => match session.app.is_writable().await {
            Ok(()) => line("database", true, format!("whole, in {place}"), ""),
            Err(failure) => {
                let message = format!("{}, in {place}", failure.message());
                line("database", false, message, failure.remedy())
            }
        },
        false => line(
            "database",
            false,
            format!("damaged, in {place}"),
            "Restore keywheel.db from a backup; values in the keychain are not affected.",
        ),
    })
}

async fn keychain(session: &Session) -> Vec<DoctorLineView> {
    let state = session.keychain().await;
    let view = keychain_view(state);
    let mut lines = vec![line("keychain", state == VaultState::Ready, view.message, view.remedy)];
    match session.app.vault().backend().await {
        Ok(backend) => lines.push(line("keychain", true, backend, "")),
        // What keeps it from naming itself is the line above.
        Err(failure) if state == VaultState::Ready => {
            lines.push(line("keychain", false, failure.message(), failure.remedy()));
        }
        Err(_) => {}
    }
    if state == VaultState::Ready
        && let Err(failure) = session.app.recognises().await
    {
        lines.push(line("keychain", false, failure.message(), failure.remedy()));
    }
    if state == VaultState::Ready
        && let Err(failure) = session.app.keychain_is_writable().await
    {
        let says = format!("nothing can be stored there: {}", failure.message());
        lines.push(line("keychain", false, says, failure.remedy()));
    }
    let elsewhere = session.app.vault().locked_elsewhere().await;
    if elsewhere > 0 {
        let says = render::locked_elsewhere(elsewhere);
        lines.push(line("keychain", false, says, render::LOCKED_ELSEWHERE_REMEDY));
    }
    if let Ok(Some(other)) = session.app.copied_from().await {
        lines.push(line("keychain", false, render::copied(&other), render::COPIED_REMEDY));
    } else if let Err(failure) = session.app.has_the_keys().await {
        lines.push(line("keychain", false, failure.message(), failure.remedy()));
    }
    lines
}

fn definitions(session: &Session) -> Vec<DoctorLineView> {
    let problems = session.app.catalog_problems();
    let count = session.app.catalog().all().count();
    let mut lines = vec![line("definitions", true, format!("{count} in use"), "")];
    lines.extend(problems.iter().map(|left_out| {
        let message = format!("{} is left out: {}", left_out.file, left_out.problem);
        line(
            "definitions",
            false,
            message,
            "Correct the file in the folder `providers` of the data directory.",
        )
    }));
    lines
}

async fn changed(session: &Session) -> Result<Vec<DoctorLineView>, Stop> {
    let changed = session.app.changed_definitions().await?.into_iter();
    let told = changed.map(|one| {
        let label = quoted(one.account.label.as_str());
        let message = render::definition_changed(&one);
        line(
            "definitions",
            false,
            message,
            format!("keywheel account definition {label}"),
        )
    });
    Ok(told.collect())
}

/// Every open one: what stands still without a plan for it is amiss, what waits as planned is not.
async fn rotations(session: &Session) -> Result<Vec<DoctorLineView>, Stop> {
    let now = session.app.clock().now();
    let open = session.app.open_rotations().await?;
    let mut lines = Vec::new();
    for rotation in &open {
        let moved = rotation.records.last().map_or(rotation.opened_at, |record| record.at);
        let view = session.view(rotation).await?;
        let still = now.duration_since(moved).as_secs() >= UNSETTLED_SECONDS;
        // One that waits for the person or for its time is on its way.
        let stopped = matches!(
            rotation.position.state,
            State::Failed(_) | State::RestoreFailed(_) | State::Discarding(_)
        );
        let unsettled = rotation.position.is_unsettled() || view.acts.resume || view.acts.check;
        // Time does not cure a credential.
        let refused = matches!(rotation.position.state, State::AwaitingTime { code: Some(code), .. }
            if code.family() == Family::Credential);
        let at_once = stopped || refused || rotation.position.is_unsettled();
        let amiss = rotation.driver.is_none() && (unsettled && (still || at_once) || rotation.is_unseen());
        let name = full_name(&view.org_name, &view.environment_name, &view.key_name);
        let silence = view
            .silence
            .as_ref()
            .map(|silence| format!(" {}", words::silence(silence)));
        let message = format!(
            "{name}: {}{} Since {}.",
            view.headline,
            silence.unwrap_or_default(),
            when(&moved.to_string())
        );
        let remedy = match amiss {
            true => match &view.acts.settle {
                Some(settle) => format!(
                    "keywheel resume {0}; or, where you know what became of the keys: keywheel {1} {0}",
                    quoted(&name),
                    sheet::settling(settle)
                ),
                None => format!("keywheel resume {}", quoted(&name)),
            },
            false => String::new(),
        };
        lines.push(line("rotations", !amiss, message, remedy));
    }
    let unread = session.app.unread_rotations().await?.into_iter();
    lines.extend(unread.map(|(id, failure)| line("rotations", false, render::unread(id, &failure), failure.remedy())));
    if lines.is_empty() {
        lines.push(line("rotations", true, "none open", ""));
    }
    Ok(lines)
}

/// What stands where keys are used. While a rotation is under way, its own line says so.
async fn targets(session: &Session) -> Result<Vec<DoctorLineView>, Stop> {
    let uses = session.app.all_targets(session.keychain().await).await?;
    let open = session.app.open_rotations().await?;
    let rotating = |one: &&Use| {
        open.iter()
            .any(|rotation| rotation.subject.key.id == one.binding.key_id)
    };
    let mut lines = Vec::new();
    for one in uses.iter().filter(|one| !rotating(one)) {
        let view = target_view(one);
        let remedy = match &view.stands {
            TargetStandsView::Serving | TargetStandsView::Untold => continue,
            TargetStandsView::Amiss { .. } => String::new(),
            TargetStandsView::Other | TargetStandsView::Drifted => "keywheel target list".to_owned(),
        };
        let place = view.place.map(|place| format!(" ({place})")).unwrap_or_default();
        lines.push(line(
            "targets",
            false,
            format!("{}{place}: {}", view.title, view.says),
            remedy,
        ));
    }
    if lines.is_empty() {
        lines.push(line("targets", true, format!("{} known, none amiss", uses.len()), ""));
    }
    Ok(lines)
}

/// Lists of accounts that say less than they should, and credentials that are refused.
async fn lists(session: &Session) -> Result<Vec<DoctorLineView>, Stop> {
    let names = session.names().await?;
    let mut lines = Vec::new();
    for (id, listing) in session.app.listings().await? {
        let Some((_, code)) = listing.failed else { continue };
        let amiss = matches!(code, Code::ProviderListLacks | Code::ProviderEntryUnread);
        if !amiss && code.family() != Family::Credential {
            continue;
        }
        let account = session.app.find_account(&id.to_string()).await?;
        let says = format!("{}/{}: {}", names.org(account.org_id), account.label, code.message());
        lines.push(line("accounts", false, says, code.remedy()));
    }
    Ok(lines)
}

/// Not amiss: nothing is lost by them, and only a person can say that they may go.
async fn kept(session: &Session) -> Result<Option<DoctorLineView>, Stop> {
    let count = session.app.count_kept().await?;
    let message = match count {
        0 => return Ok(None),
        1 => "the value of one ended key is kept: nothing proves that it is dead".to_owned(),
        _ => format!("the values of {count} ended keys are kept: nothing proves that they are dead"),
    };
    Ok(Some(line(
        "values",
        true,
        message,
        "keywheel key forget KEY removes them",
    )))
}

/// Values without a row, and rows without a value. A keychain that does not answer has its own line.
async fn disagreement(session: &Session) -> Result<Vec<DoctorLineView>, Stop> {
    let names = session.names().await?;
    let full = |key: &Key| format!("{}/{}", names.environment(key.environment_id), key.name);
    let mut lines = Vec::new();
    if let Ok(Some(found)) = session.app.disagreement().await {
        lines.extend(found.missing.iter().map(|key| {
            let says = render::missing(&full(key));
            line("values", false, says, render::MISSING_REMEDY)
        }));
        lines.extend(render::strays(&found).map(|(ok, says)| line("values", ok, says, render::STRAYS_REMEDY)));
    }
    if session.keychain().await == VaultState::Ready && session.app.recognises().await.is_ok() {
        let altered = session.app.altered().await.unwrap_or_default();
        lines.extend(altered.iter().map(|key| {
            let says = render::altered(&full(key));
            line("values", false, says, render::ALTERED_REMEDY)
        }));
    }
    Ok(lines)
}

async fn unaccounted(session: &Session) -> Result<Vec<DoctorLineView>, Stop> {
    let count = session.app.unaccounted().await?.len();
    Ok(vec![match count {
        0 => line("keys", true, "none unaccounted", ""),
        _ => line(
            "keys",
            false,
            format!("{count} unaccounted at a provider"),
            "keywheel unaccounted list",
        ),
    }])
}
