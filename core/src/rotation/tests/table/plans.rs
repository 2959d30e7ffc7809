//! Every plan that differs, each with what its provider can tell.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::model::{Binding, BindingId, EnvFile, KeyId, Name, Target};
use crate::provider::{Grace, GraceStarts, ReconcileBy, Strategy};
use crate::rotation::{Act, Actor, Facts, Plan};

const ACTORS: [(Actor, Actor); 4] = [
    (Actor::Api, Actor::Api),
    (Actor::Api, Actor::Person),
    (Actor::Person, Actor::Api),
    (Actor::Person, Actor::Person),
];

/// A plan, and what is so around it.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) plan: Plan,
    pub(super) old_held: bool,
    pub(super) by: ReconcileBy,
    pub(super) bindings: Vec<Binding>,
}

/// Each once.
pub(super) fn settings() -> Vec<Setting> {
    let mut seen = BTreeSet::new();
    let all = facts().into_iter().flat_map(|facts| {
        let by = match (facts.minter, facts.lists) {
            (Actor::Api, true) => vec![ReconcileBy::Name, ReconcileBy::Difference],
            _ => vec![ReconcileBy::None],
        };
        by.into_iter().map(move |by| Setting {
            plan: Plan::decide(facts.clone()),
            old_held: facts.old_held,
            by,
            bindings: facts.bindings.clone(),
        })
    });
    all.filter(|setting| seen.insert((setting.plan.canonical(), setting.old_held, format!("{:?}", setting.by))))
        .collect()
}

fn facts() -> Vec<Facts> {
    let hour = Duration::from_secs(3_600);
    let strategies = [
        (Strategy::Overlap, None),
        (Strategy::Roll, None),
        (Strategy::RollWithGrace, Some(GraceStarts::Roll)),
        (Strategy::RollWithGrace, Some(GraceStarts::FirstUse)),
        (Strategy::ReplaceFirst, None),
        (Strategy::TwoSlot, None),
    ];
    // What is around a plan takes turns: each meets each of the other things, not each combination of them.
    let mut turns = [(true, false, 0), (true, true, 2), (false, false, 0), (true, true, 0)]
        .into_iter()
        .cycle();
    let mut all = Vec::new();
    for (strategy, starts) in strategies {
        for act in [Act::Rotate, Act::Create, Act::SignUp, Act::Revoke] {
            for (minter, revoker) in ACTORS {
                for (verifies, lists) in [(true, true), (true, false), (false, true), (false, false)] {
                    let (old_held, waits, files) = turns.next().unwrap_or_default();
                    let span = if waits { hour } else { Duration::ZERO };
                    // Only a rotation meets its strategy.
                    if act != Act::Rotate && strategy != Strategy::Overlap {
                        continue;
                    }
                    all.push(Facts {
                        act,
                        strategy,
                        minter,
                        revoker,
                        old_held,
                        verifies,
                        lists,
                        overlap: span,
                        quiet: span,
                        grace: starts.map(|starts| Grace { span: hour, starts }),
                        bindings: bindings(files),
                    });
                }
            }
        }
        // One further: a cycle as long as the table would always meet the same.
        turns.next();
    }
    all
}

/// So many files, and with two of them a place that only the person can reach.
fn bindings(files: u64) -> Vec<Binding> {
    let file = |n| {
        Target::EnvFile(EnvFile {
            path: format!("/srv/{n}/.env").into(),
            file: format!("/srv/{n}/.env").into(),
            name: "KEY".to_owned(),
        })
    };
    let by_hand = Target::ByHand(Name::new("dashboard").expect("a name"));
    let targets = (0..files).map(file).chain((files == 2).then_some(by_hand));
    let uses = (0..).zip(targets).map(|(n, target)| Binding {
        id: BindingId::new(n, [0; 10]),
        key_id: KeyId::new(0, [0; 10]),
        target,
        holds: None,
    });
    uses.collect()
}
