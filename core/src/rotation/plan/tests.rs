use super::*;

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
        grace: None,
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
