//! Replacing every key of one owner: all plans first, one question, then one after the other.

use keywheel_core::app::{Batch, Planned};
use keywheel_core::{Code, Failure};
use keywheel_wire::render::planned_view;
use keywheel_wire::{PlannedView, RotationView};

use super::{rotate, sheet};
use crate::ask::confirm;
use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;

pub async fn rotate(session: &Session, owner: &str, plan_only: bool, yes: bool) -> Result<Exit, Stop> {
    let (app, out) = (&session.app, &session.out);
    let keychain = session.keychain().await;
    let leaving = app.plan_batch(&Batch::Owner(owner.to_owned()), keychain).await?;
    if leaving.is_empty() {
        return Err(Failure::new(Code::NotFound).field("owner").into());
    }
    let mut planned = Vec::new();
    for one in &leaving {
        planned.push(show(session, one).await?);
    }
    if plan_only {
        out.value(&planned);
        return Ok(Exit::Done);
    }
    let ready: Vec<(&Planned, &str)> = leaving
        .iter()
        .filter_map(|one| {
            let proposal = one.proposal.as_ref().ok().filter(|proposal| proposal.held.is_none())?;
            Some((one, proposal.hash.as_str()))
        })
        .collect();
    let left = leaving.len() - ready.len();
    if left > 0 {
        let line = format!("{left} of {} cannot start now and stay as they are.", leaving.len());
        out.line(Line::new().look(Look::Warning, line));
    }
    if ready.is_empty() {
        return Err(Stop::Quiet(Exit::Later));
    }
    confirm(out, &format!("Start {} rotations?", ready.len()), yes)?;
    let mut worst = if left > 0 { Exit::Later } else { Exit::Done };
    let mut views: Vec<RotationView> = Vec::new();
    for (one, hash) in ready {
        let key = &one.facts.row.key;
        out.line("");
        out.line(Line::new().look(Look::Strong, key.name.as_str()));
        let work = async {
            let opened = app.start_rotation(key.id, hash, keychain).await?;
            app.go_on(opened).await
        };
        // One that fails does not hold up the others.
        match session.driving(work).await {
            Ok(rotation) => {
                let view = session.view(&rotation).await?;
                sheet::state(out, &view);
                views.push(view);
                worst = worst.max(Exit::of_rotation(&rotation));
            }
            Err(stop) => {
                super::tell(out, &stop);
                worst = worst.max(stop.exit());
            }
        }
    }
    out.value(&views);
    Ok(worst)
}

async fn show(session: &Session, one: &Planned) -> Result<PlannedView, Stop> {
    let out = &session.out;
    let key = &one.facts.row.key;
    let view = planned_view(one, &session.account_of(key).await?, &session.names().await?);
    let title = rotate::title(key, &view.provider_name);
    match (&view.plan, &view.error) {
        (Some(plan), _) => sheet::plan(out, &title, plan),
        (None, Some(error)) => {
            out.line(Line::new().look(Look::Strong, title));
            out.line(Line::new().look(
                Look::Bad,
                format!("  Cannot be replaced: {}. {}", error.message, error.remedy),
            ));
        }
        (None, None) => {}
    }
    Ok(view)
}
