//! The faults that are set, and which of them a request meets.

use std::time::Duration;

use tokio::sync::watch;

use super::{Fault, FaultKind, Moment, RuleRecord};
use crate::call::Call;
use crate::pattern::{method_matches, path_matches};

/// Faults in the order they were set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    set: Vec<RuleRecord>,
    last_id: u64,
    /// Tells those that are held that all is forgotten.
    forgotten: watch::Sender<()>,
}

/// What one request meets: at most one fault of each slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) before: Pause,
    pub(crate) after: Pause,
    pub(crate) no_effect: bool,
    pub(crate) duplicate: bool,
    pub(crate) lag: Lag,
    pub(crate) answer: Option<(Moment, FaultKind)>,
    pub(crate) names: Vec<String>,
}

/// What is waited for: a span, and the moment at which all faults are forgotten.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pause {
    span: Duration,
    held: Option<watch::Receiver<()>>,
}

impl Pause {
    pub(crate) fn is_none(&self) -> bool {
        self.span.is_zero() && self.held.is_none()
    }

    pub(crate) async fn over(mut self) {
        if !self.span.is_zero() {
            tokio::time::sleep(self.span).await;
        }
        if let Some(held) = &mut self.held {
            // A simulator that is gone holds nobody.
            let _ = held.changed().await;
        }
    }
}

/// Spans by which the provider's own parts disagree.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lag {
    pub(crate) list: Duration,
    pub(crate) new_refused: Duration,
    pub(crate) revoked_accepted: Duration,
}

/// What a fault occupies; two faults of one slot wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Answer,
    Delay(Moment),
    NoEffect,
    Duplicate,
    ListLag,
    NewKeyRefused,
    RevokedKeyAccepted,
}

impl Rules {
    /// Sets a fault and returns its number.
    pub(crate) fn set(&mut self, fault: Fault) -> u64 {
        self.last_id += 1;
        self.set.push(RuleRecord {
            id: self.last_id,
            fault,
            seen: 0,
            fired: 0,
        });
        self.last_id
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.set.clear();
        self.forgotten.send_replace(());
    }

    /// What is set, spent faults included.
    pub(crate) fn records(&self) -> Vec<RuleRecord> {
        self.set.clone()
    }

    /// Counts the request and takes the faults that it meets.
    pub(crate) fn take(&mut self, call: &Call) -> Plan {
        let mut plan = Plan::default();
        let mut taken = Vec::new();
        for rule in &mut self.set {
            if !rule.fault.matches(call) {
                continue;
            }
            rule.seen += 1;
            let spent = rule.fault.times.is_some_and(|times| rule.fired >= times);
            let slot = rule.fault.slot();
            if rule.seen < rule.fault.nth || spent || taken.contains(&slot) {
                continue;
            }
            rule.fired += 1;
            taken.push(slot);
            plan.add(&rule.fault, &self.forgotten);
        }
        plan
    }
}

impl Fault {
    fn matches(&self, call: &Call) -> bool {
        let method = self.method.as_deref().unwrap_or("*");
        let host = self.host.as_deref().unwrap_or(&call.host);
        method_matches(method, call.method.as_str())
            && host.eq_ignore_ascii_case(&call.host)
            && path_matches(&self.path, &call.path)
    }

    fn slot(&self) -> Slot {
        match self.kind {
            FaultKind::Status { .. }
            | FaultKind::Drop
            | FaultKind::CutBody { .. }
            | FaultKind::Hang
            | FaultKind::Malformed { .. }
            | FaultKind::Dated { .. }
            | FaultKind::EchoSecret { .. } => Slot::Answer,
            FaultKind::Delay { .. } | FaultKind::Hold => Slot::Delay(self.moment()),
            FaultKind::NoEffect => Slot::NoEffect,
            FaultKind::Duplicate => Slot::Duplicate,
            FaultKind::ListLag { .. } => Slot::ListLag,
            FaultKind::NewKeyRefused { .. } => Slot::NewKeyRefused,
            FaultKind::RevokedKeyAccepted { .. } => Slot::RevokedKeyAccepted,
        }
    }
}

impl Plan {
    fn add(&mut self, fault: &Fault, forgotten: &watch::Sender<()>) {
        self.names.push(fault.kind.name().to_owned());
        match &fault.kind {
            FaultKind::Delay { ms } => self.pause(fault.moment()).span = Duration::from_millis(*ms),
            FaultKind::Hold => self.pause(fault.moment()).held = Some(forgotten.subscribe()),
            FaultKind::NoEffect => self.no_effect = true,
            FaultKind::Duplicate => self.duplicate = true,
            FaultKind::ListLag { ms } => self.lag.list = Duration::from_millis(*ms),
            FaultKind::NewKeyRefused { ms } => self.lag.new_refused = Duration::from_millis(*ms),
            FaultKind::RevokedKeyAccepted { ms } => self.lag.revoked_accepted = Duration::from_millis(*ms),
            answer => self.answer = Some((fault.moment(), answer.clone())),
        }
    }

    fn pause(&mut self, moment: Moment) -> &mut Pause {
        match moment {
            Moment::Before => &mut self.before,
            Moment::After => &mut self.after,
        }
    }
}

impl FaultKind {
    /// The name in JSON and in the ledger.
    fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Delay { .. } => "delay",
            Self::Hold => "hold",
            Self::Drop => "drop",
            Self::CutBody { .. } => "cut_body",
            Self::Hang => "hang",
            Self::Malformed { .. } => "malformed",
            Self::NoEffect => "no_effect",
            Self::Duplicate => "duplicate",
            Self::Dated { .. } => "dated",
            Self::ListLag { .. } => "list_lag",
            Self::NewKeyRefused { .. } => "new_key_refused",
            Self::RevokedKeyAccepted { .. } => "revoked_key_accepted",
            Self::EchoSecret { .. } => "echo_secret",
        }
    }
}
