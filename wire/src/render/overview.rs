//! The overview.

use keywheel_core::model::Status;
use keywheel_core::policy::{Cause, NextAct, Overview};

use crate::{
    AgeBinView, CauseView, CellView, DueDayView, NextActView, OverviewView, QueueGroupView, QueuedView, StatusWordView,
};

/// As many keys of one cause as a person reads; the rest is in the list.
const SHOWN: usize = 24;

pub(super) fn overview_view(overview: &Overview) -> OverviewView {
    OverviewView {
        queue: overview
            .queue
            .iter()
            .map(|(cause, keys)| QueueGroupView {
                cause: cause_view(*cause),
                count: number(keys.len()),
                items: keys
                    .iter()
                    .take(SHOWN)
                    .map(|queued| QueuedView {
                        key_id: queued.key.to_string(),
                        act: act_view(queued.act),
                    })
                    .collect(),
            })
            .collect(),
        cells: overview
            .cells
            .iter()
            .map(|cell| CellView {
                org_id: cell.org.to_string(),
                environment_id: cell.environment.to_string(),
                worst: word_view(cell.worst),
                worst_count: number(cell.worst_count),
                count: number(cell.count),
            })
            .collect(),
        ages: overview
            .ages
            .iter()
            .map(|bin| AgeBinView {
                from_percent: bin.from_percent,
                count: number(bin.count),
                due: number(bin.due),
            })
            .collect(),
        due: overview
            .due
            .iter()
            .map(|day| DueDayView {
                in_days: day.in_days,
                production: number(day.production),
                other: number(day.other),
            })
            .collect(),
        waived: number(overview.waived),
        verified: number(overview.verified),
        verifiable: number(overview.verifiable),
    }
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn cause_view(cause: Cause) -> CauseView {
    match cause {
        Cause::Refused => CauseView::Refused,
        Cause::Rotation => CauseView::Rotation,
        Cause::StaleProduction => CauseView::StaleProduction,
        Cause::StaleElsewhere => CauseView::StaleElsewhere,
        Cause::DueSoon => CauseView::DueSoon,
        Cause::Unverified => CauseView::Unverified,
    }
}

fn act_view(act: NextAct) -> NextActView {
    match act {
        NextAct::Rotate => NextActView::Rotate,
        NextAct::ReplaceCredential => NextActView::ReplaceCredential,
        NextAct::ShowRotation => NextActView::ShowRotation,
        NextAct::Verify => NextActView::Verify,
        NextAct::Look => NextActView::Look,
    }
}

fn word_view(status: Status) -> StatusWordView {
    match status {
        Status::Refused => StatusWordView::Refused,
        Status::Expired => StatusWordView::Expired,
        Status::NotReplaced => StatusWordView::NotReplaced,
        Status::Stale => StatusWordView::Stale,
        Status::DueSoon => StatusWordView::DueSoon,
        Status::Unverified => StatusWordView::Unverified,
        Status::NotHeld => StatusWordView::NotHeld,
        Status::Rotating => StatusWordView::Rotating,
        Status::Fresh => StatusWordView::Fresh,
        Status::Revoked => StatusWordView::Revoked,
    }
}
