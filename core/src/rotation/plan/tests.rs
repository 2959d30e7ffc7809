use super::*;
use crate::model::{Command, EnvFile, KeyId, Name, Target};

fn facts(act: Act, strategy: Strategy) -> Facts {
    Facts {
        act,
        strategy,
        minter: Actor::Api,
        revoker: Actor::Api,
        old_held: true,
        verifies: true,
        lists: true,
        overlap: Duration::ZERO,
        quiet: Duration::ZERO,
        grace: None,
        bindings: Vec::new(),
    }
}

fn grace(starts: GraceStarts) -> Option<Grace> {
    Some(Grace {
        span: Duration::from_secs(3600),
        starts,
    })
}

fn words(plan: &Plan) -> String {
    let words: Vec<_> = plan.steps.iter().map(|step| step.kind.as_str()).collect();
    words.join(" ")
}

#[test]
fn each_strategy_has_its_order_and_its_point_of_no_return() {
    let hour = Duration::from_secs(3600);
    for (strategy, grace, steps, pivot) in [
        (
            Strategy::Overlap,
            None,
            "check mint store verify_new copy confirm wait revoke_old prove_dead",
            "revoke_old",
        ),
        (
            Strategy::TwoSlot,
            None,
            "check mint store verify_new copy confirm wait revoke_old prove_dead",
            "revoke_old",
        ),
        (
            Strategy::Roll,
            None,
            "check mint store verify_new copy confirm prove_dead",
            "mint",
        ),
        (
            Strategy::RollWithGrace,
            grace(GraceStarts::Roll),
            "check mint store verify_new copy confirm wait prove_dead",
            "mint",
        ),
        (
            Strategy::RollWithGrace,
            grace(GraceStarts::FirstUse),
            "check mint store copy confirm verify_new wait prove_dead",
            "mint",
        ),
        (
            Strategy::ReplaceFirst,
            None,
            "check revoke_old mint store verify_new copy confirm prove_dead",
            "revoke_old",
        ),
    ] {
        let plan = Plan::decide(Facts {
            overlap: hour,
            grace,
            ..facts(Act::Rotate, strategy)
        });
        assert_eq!(words(&plan), steps, "{strategy:?}");
        assert_eq!(
            plan.pivot().map(|at| plan.steps[at].kind.as_str()),
            Some(pivot),
            "{strategy:?}"
        );
    }
}

#[test]
fn where_both_keys_live_the_person_confirms_before_the_point_of_no_return() {
    for strategy in [Strategy::Overlap, Strategy::TwoSlot] {
        let plan = Plan::decide(facts(Act::Rotate, strategy));
        assert_eq!(plan.pivot(), plan.index(StepKind::Confirm).map(|at| at + 1));
        assert!(!plan.has_outage());
    }
}

#[test]
fn only_a_plan_that_ends_the_old_key_before_the_new_one_is_in_place_has_an_outage() {
    let outage = |strategy| Plan::decide(facts(Act::Rotate, strategy)).has_outage();
    assert!(outage(Strategy::Roll) && outage(Strategy::ReplaceFirst));
    assert!(!outage(Strategy::RollWithGrace) && !outage(Strategy::Overlap) && !outage(Strategy::TwoSlot));
}

#[test]
fn the_end_is_proven_by_the_best_witness_there_is() {
    let proof = |strategy, old_held, verifies, lists| {
        let facts = Facts {
            old_held,
            verifies,
            lists,
            ..facts(Act::Rotate, strategy)
        };
        Plan::decide(facts).proof
    };
    assert_eq!(proof(Strategy::Overlap, true, true, true), Proof::Refusal);
    assert_eq!(proof(Strategy::Overlap, false, true, true), Proof::Unlisted);
    assert_eq!(proof(Strategy::Overlap, true, false, false), Proof::Word);
    assert_eq!(
        proof(Strategy::Roll, false, true, true),
        Proof::Word,
        "the list goes on showing it"
    );
}

#[test]
fn creating_has_no_point_of_no_return() {
    assert_eq!(Plan::decide(facts(Act::Create, Strategy::Overlap)).pivot(), None);
    assert_eq!(Plan::decide(facts(Act::Create, Strategy::Roll)).pivot(), None);
}

#[test]
fn a_plan_is_read_back_as_it_was_written_and_any_change_changes_the_hash() {
    for (strategy, grace) in [
        (Strategy::Overlap, None),
        (Strategy::Roll, None),
        (Strategy::RollWithGrace, grace(GraceStarts::FirstUse)),
        (Strategy::ReplaceFirst, None),
        (Strategy::TwoSlot, None),
    ] {
        for actor in [Actor::Api, Actor::Person] {
            let plan = Plan::decide(Facts {
                minter: actor,
                revoker: actor,
                overlap: Duration::from_secs(60),
                grace,
                ..facts(Act::Rotate, strategy)
            });
            assert_eq!(Plan::read(&plan.canonical()), Some(plan.clone()));
            let other = Plan {
                proof: Proof::Word,
                ..plan.clone()
            };
            assert_ne!(plan.hash("k", "v"), other.hash("k", "v"));
            assert_ne!(plan.hash("k", "v"), plan.hash("k", "w"));
        }
    }
    let by_api = Plan::decide(facts(Act::Rotate, Strategy::Roll));
    let by_person = Plan::decide(Facts {
        minter: Actor::Person,
        ..facts(Act::Rotate, Strategy::Roll)
    });
    assert_ne!(by_api.hash("k", "v"), by_person.hash("k", "v"), "who acts is confirmed");
}

fn used(target: Target) -> Binding {
    Binding {
        id: BindingId::new(7, [1; 10]),
        key_id: KeyId::new(7, [2; 10]),
        target,
        holds: None,
    }
}

fn file() -> Target {
    Target::EnvFile(EnvFile {
        path: "/a/.env".into(),
        file: "/a/.env".into(),
        name: "KEY".to_owned(),
    })
}

fn command(confirm: Option<Vec<String>>) -> Target {
    Target::Command(Command {
        write: vec!["/bin/put".to_owned()],
        confirm,
        restore: None,
        allowed: None,
    })
}

#[test]
fn each_target_that_is_written_is_a_step_and_what_is_left_is_the_persons() {
    let by_hand = || Target::ByHand(Name::new("dashboard").unwrap());
    let confirming = || command(Some(vec!["/bin/has".to_owned()]));
    for (targets, steps) in [
        (vec![], "copy confirm"),
        (vec![by_hand()], "copy confirm"),
        (vec![file()], "deploy_1 confirm"),
        (vec![file(), by_hand(), file()], "copy deploy_1 deploy_3 confirm"),
        (vec![command(None)], "deploy_1 confirm"),
        (vec![confirming()], "deploy_1"),
        (vec![confirming(), confirming()], "deploy_1 deploy_2"),
        (vec![confirming(), file()], "deploy_1 deploy_2 confirm"),
    ] {
        let plan = Plan::decide(Facts {
            bindings: targets.into_iter().map(used).collect(),
            ..facts(Act::Rotate, Strategy::Overlap)
        });
        let all = format!("check mint store verify_new {steps} revoke_old prove_dead");
        assert_eq!(words(&plan), all);
        assert_eq!(Plan::read(&plan.canonical()), Some(plan), "{all}");
    }
}

#[test]
fn no_strategy_ends_the_old_key_between_two_targets() {
    for (strategy, grace) in [
        (Strategy::Overlap, None),
        (Strategy::TwoSlot, None),
        (Strategy::Roll, None),
        (Strategy::RollWithGrace, grace(GraceStarts::Roll)),
        (Strategy::RollWithGrace, grace(GraceStarts::FirstUse)),
        (Strategy::ReplaceFirst, None),
    ] {
        let plan = Plan::decide(Facts {
            bindings: vec![used(file()), used(file())],
            grace,
            ..facts(Act::Rotate, strategy)
        });
        let at = |kind| plan.index(kind).unwrap();
        let [first, second, confirm] = [Deploy(0), Deploy(1), Confirm].map(at);
        assert_eq!((second, confirm), (first + 1, first + 2), "{strategy:?}");
        let pivot = plan.pivot().unwrap();
        assert!(pivot < first || pivot > confirm, "{strategy:?}");
        assert!(
            at(Store) < first,
            "{strategy:?}: what is not stored is not written anywhere"
        );
    }
}

#[test]
fn a_plan_without_targets_reads_as_it_did_before_there_were_any() {
    let plan = Plan::decide(facts(Act::Rotate, Strategy::Overlap));
    assert!(!plan.canonical().contains("bindings"));
    let emergency = Plan::decide(Facts {
        bindings: vec![used(file())],
        ..facts(Act::Revoke, Strategy::Overlap)
    });
    assert_eq!(words(&emergency), "revoke_old prove_dead");
}

#[test]
fn only_where_both_keys_live_is_the_use_of_the_old_one_asked_about_and_the_plan_says_so() {
    let hour = Duration::from_secs(3600);
    for strategy in [
        Strategy::Overlap,
        Strategy::Roll,
        Strategy::RollWithGrace,
        Strategy::ReplaceFirst,
        Strategy::TwoSlot,
    ] {
        for act in [Act::Rotate, Act::Create, Act::SignUp, Act::Revoke] {
            let plan = |quiet| {
                Plan::decide(Facts {
                    quiet,
                    ..facts(act, strategy)
                })
            };
            let asks = act == Act::Rotate && matches!(strategy, Strategy::Overlap | Strategy::TwoSlot);
            let listening = plan(hour);
            assert_eq!(listening.listens(), asks, "{act:?} {strategy:?}");
            assert_eq!(Plan::read(&listening.canonical()), Some(listening.clone()));
            let same = listening.hash("key", "old") == plan(Duration::ZERO).hash("key", "old");
            assert_eq!(same, !asks, "what is confirmed names the quiet time");
        }
    }
}

#[test]
fn who_takes_a_new_key_back_is_who_revokes_there_and_a_plan_of_an_earlier_version_is_read() {
    let plan = |minter, revoker| {
        Plan::decide(Facts {
            minter,
            revoker,
            ..facts(Act::Rotate, Strategy::Overlap)
        })
    };
    let mixed = plan(Actor::Api, Actor::Person);
    assert_eq!(mixed.discard, Discard::Person);
    assert_eq!(plan(Actor::Person, Actor::Api).discard, Discard::Api);
    let slots = Plan::decide(facts(Act::Rotate, Strategy::TwoSlot));
    assert_eq!(slots.discard, Discard::Forget);
    for plan in [mixed.clone(), slots] {
        assert_eq!(Plan::read(&plan.canonical()), Some(plan));
    }
    let former = mixed.canonical().replace("discard=person\n", "");
    let read = Plan::read(&former).expect("it is read");
    assert_eq!(read.discard, Discard::Api, "as it was meant then");
}
