//! One key in full.

use keywheel_core::model::Key;
use keywheel_wire::render::key_detail_view;
use keywheel_wire::{KeyDetailView, VersionStateView, VersionView};

use crate::commands::target;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};
use crate::session::Session;
use crate::words::{self, when};

pub async fn print(session: &Session, key: &Key) -> Result<Exit, Stop> {
    let detail = session.app.key_detail(key.id, session.keychain().await).await?;
    let account = session.account_of(key).await?;
    let view = key_detail_view(&detail, &account, &session.names().await?);
    let Some(view) = view else {
        return Err(keywheel_core::Failure::new(keywheel_core::Code::KeyEnded).into());
    };
    session.out.value(&view);
    text(&session.out, &view, old_in_use(session, key).await?);
    Ok(Exit::Done)
}

/// Why its old value is not revoked yet, where a rotation waits for that.
async fn old_in_use(session: &Session, key: &Key) -> Result<Option<String>, Stop> {
    let Some(rotation) = session.app.rotation_of(key.id).await? else {
        return Ok(None);
    };
    let view = session.view(&rotation).await?;
    let said = |silence| format!("{} {}", view.headline, words::silence(silence));
    Ok(view.silence.as_ref().map(said))
}

fn text(out: &Out, view: &KeyDetailView, old_in_use: Option<String>) {
    let key = &view.key;
    let (look, status) = words::status(&key.status);
    let fact = |name: &str, value: Line| out.line(Line::new().look(Look::Quiet, format!("{name:<13}")).append(value));
    out.line(Line::new().look(
        Look::Strong,
        words::full_name(&key.org_name, &key.environment_name, &key.name),
    ));
    fact("Status", Line::new().look(look, status));
    let age = format!(
        "{} of {} d, since {}",
        words::age(&key.age),
        key.age.limit_days,
        words::born(&key.age.since, key.age.told)
    );
    fact("Age", age.into());
    fact("Policy", view.policy.sentence.as_str().into());
    if let Some(waiver) = &key.waiver {
        fact("Waived", Line::new().look(Look::Warning, words::waiver(waiver)));
    }
    fact(
        "Provider",
        format!("{}, account {}", key.provider_name, key.account_label).into(),
    );
    if let Some(owner) = &key.owner {
        fact("Owner", owner.as_str().into());
    }
    if let Some(used_for) = &key.used_for {
        fact("Used for", used_for.as_str().into());
    }
    if !key.permissions.is_empty() {
        fact("Allowed", key.permissions.join(", ").into());
    }
    if let Some(preset) = &key.preset {
        fact("Meant for", preset.as_str().into());
    }
    for flag in &key.flags {
        fact("Look at", Line::new().look(Look::Warning, &flag.sentence));
    }
    fact("Value", words::value(key).into());
    if let Some(verdict) = &key.verdict {
        fact("Verified", format!("{} {}", when(&verdict.at), verdict.message).into());
    }
    if let Some(at) = &key.last_used_at {
        fact("Last used", when(at).into());
    }
    if let Some(said) = old_in_use {
        fact("Old key", Line::new().look(Look::Warning, said));
    }
    fact("May", view.scope_note.as_str().into());
    fact("Ends", view.expiry_note.as_str().into());
    if let Some(leak) = &view.leak_note {
        fact("When leaked", leak.as_str().into());
    }
    if !view.same_value_as.is_empty() {
        let same = format!("the very same value as {}", view.same_value_as.join(", "));
        fact("Shared", Line::new().look(Look::Warning, same));
    }
    if let Some(page) = &view.page {
        fact("Page", page.as_str().into());
    }
    fact("Id", key.id.as_str().into());
    if !view.targets.is_empty() {
        out.line("");
        out.line(Line::new().look(Look::Quiet, "Used in"));
        view.targets.iter().for_each(|one| target::line(out, one));
    }
    out.line("");
    out.line(Line::new().look(Look::Quiet, "Versions"));
    for version in &view.versions {
        out.line(version_line(version));
    }
    out.line("");
    out.line(Line::new().look(Look::Quiet, "History"));
    for event in &view.history {
        out.line(
            Line::from("  ")
                .look(Look::Quiet, when(&event.at))
                .text(format!("  {}", event.sentence)),
        );
    }
}

fn version_line(version: &VersionView) -> Line {
    let state = match version.state {
        VersionStateView::Pending => "pending",
        VersionStateView::Live => "current",
        VersionStateView::Retiring => "retiring",
        VersionStateView::Revoked if version.receipt.as_ref().is_some_and(|receipt| receipt.proven) => "dead",
        VersionStateView::Revoked => "ended",
        VersionStateView::Compromised => "compromised",
    };
    let hint = version.hint.as_deref().unwrap_or("—");
    let held = match (version.kept, version.held) {
        (true, _) => "kept, unproven",
        (false, true) => "held",
        (false, false) => "not held",
    };
    let born = match &version.created_at {
        Some(at) => format!("created {}", words::born(at, version.created_told)),
        None => format!("first seen {}", when(&version.first_seen_at)),
    };
    let end = match (&version.receipt, &version.ended_at) {
        (Some(receipt), _) => format!(", {}", receipt.message),
        (None, Some(at)) => format!(", ended {}", when(at)),
        (None, None) => version
            .unlisted_since
            .as_deref()
            .map_or_else(String::new, |at| format!(", not listed since {}", when(at))),
    };
    let id = version
        .remote_id
        .as_deref()
        .map(|id| format!("  {id}"))
        .unwrap_or_default();
    Line::from(format!("  {state:<12}{hint}  {held}, {born}{end}")).look(Look::Quiet, id)
}
