//! The table: every plan, from each position that can be reached, with every answer that a deed can have, whether it is so
//! or not. Whatever comes, it is accepted, and moves on or rests with a verb; and an answer that stays the same for ever
//! never leads round in circles.
//!
//! Nothing is asked here and nothing is written to a disk: only `next`, `settle` and `after` decide.

mod answers;
mod kind;
mod looked;
mod person;
mod plans;
mod world;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use self::answers::Answers;
use self::kind::Kind;
use self::plans::{Setting, settings};
use self::world::World;
use super::share;
use crate::rotation::moves::{Evidence, Move, Onward};
use crate::rotation::next::next;
use crate::rotation::settle::settle;
use crate::rotation::state::State;

/// Deeds of one turn, between two rows.
const LONGEST_TURN: usize = 12;
/// Rows that are written without waiting for anybody or anything.
const LONGEST_RUN: usize = 80;
/// How often a person presses what is offered.
const PATIENCE: usize = 12;

/// What a turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Written,
    Sleeps,
    Rests,
}

/// Goes on until a row is written, or there is nothing to be done now. Panics where a row is refused.
fn turn(world: &mut World, answers: &mut Answers) -> Turn {
    let mut evidence = Evidence::default();
    for _ in 0..LONGEST_TURN {
        let scene = world.scene();
        let decided = next(&scene, &mut evidence);
        let decided = decided.unwrap_or_else(|failure| panic!("{:?} at {}", failure.code, world.told()));
        match decided {
            Move::Rest => return Turn::Rests,
            Move::Sleep(until) => {
                world.now = until;
                return Turn::Sleeps;
            }
            Move::Note(entries) | Move::Finish(entries, _) => {
                world.write(entries);
                return Turn::Written;
            }
            Move::Do(intent, deed) => {
                let before = scene;
                let seen = answers.to(&before, deed);
                let settled = settle(&before, seen);
                let settled = settled.unwrap_or_else(|failure| panic!("{:?} at {}", failure.code, world.told()));
                let wrote = !intent.is_empty() || !settled.entries.is_empty();
                world.write(intent);
                world.write(settled.entries);
                world.see_to(settled.after);
                match settled.onward {
                    Onward::Rest => return Turn::Rests,
                    Onward::Pause(span) => {
                        world.pass(span);
                        return if wrote { Turn::Written } else { Turn::Sleeps };
                    }
                    Onward::Go => {}
                }
                let goes_on = settled.learnt.is_some();
                if let Some(learnt) = settled.learnt {
                    evidence.learn(learnt);
                }
                if wrote && (!goes_on || evidence.revoke_again.is_none()) {
                    return Turn::Written;
                }
            }
        }
    }
    panic!("it asks for ever at {}", world.told());
}

/// All that can follow a position, however it is answered.
fn successors(world: &World) -> Vec<(Turn, World)> {
    let mut found = Vec::new();
    // Each turn is taken once for each choice of answers.
    let mut script = Vec::new();
    loop {
        let mut answers = Answers::scripted(script);
        let mut then = world.clone();
        let turn = turn(&mut then, &mut answers);
        found.push((turn, then));
        match answers.next_script() {
            Some(next) => script = next,
            None => return found,
        }
    }
}

/// Walks one setting whole; returns how many answers were tried.
fn walk(setting: &Setting) -> usize {
    let begin = World::new(setting);
    let (mut known, mut queue) = (BTreeMap::from([(begin.shape(), Vec::new())]), VecDeque::from([begin]));
    let (mut ends, mut tried) = (BTreeSet::new(), 0);
    while let Some(world) = queue.pop_front() {
        let from = world.shape();
        let mut all = Vec::new();
        if world.rotation.position.is_closed() {
            ends.insert(from);
            continue;
        }
        for (turn, then) in successors(&world) {
            tried += 1;
            if turn == Turn::Rests {
                let verbs = person::verbs(&then);
                let stuck = verbs.is_empty() && !matches!(then.rotation.position.state, State::Closed(_));
                assert!(
                    !stuck || person::is_asked_again(&then),
                    "nothing leads on from {}",
                    then.told()
                );
                all.extend(verbs);
            }
            if turn == Turn::Sleeps {
                // A person may come before the moment does.
                all.extend(person::verbs(&then));
                all.extend(successors(&then).into_iter().map(|(_, woken)| woken));
            }
            all.push(then);
        }
        for then in all {
            let shape = then.shape();
            match known.get_mut(&shape) {
                Some(before) => before.push(from.clone()),
                None => {
                    known.insert(shape, vec![from.clone()]);
                    queue.push_back(then);
                }
            }
        }
    }
    // Back from the ends: what is not met has no way there.
    let (mut reaches, mut queue) = (ends.clone(), ends.into_iter().collect::<Vec<String>>());
    while let Some(shape) = queue.pop() {
        for before in &known[&shape] {
            if reaches.insert(before.clone()) {
                queue.push(before.clone());
            }
        }
    }
    let lost: Vec<&String> = known.keys().filter(|shape| !reaches.contains(*shape)).collect();
    assert!(lost.is_empty(), "no way to an end of {setting:?} from {lost:#?}");
    tried
}

#[test]
fn every_answer_is_accepted_and_moves_on_or_rests_with_a_verb_and_an_end_in_reach() {
    let whole = settings();
    let all = whole.len();
    let settings = share::one_in(32, whole);
    let tried: usize = settings.iter().map(walk).sum();
    println!("{} plans, {tried} turns", settings.len());
    // Plans differ in how long they are: a share of a few may have the short ones.
    let least = if settings.len() == all { 10_000 } else { 4_000 };
    assert!(tried > least * settings.len(), "only {tried} turns");
}

/// A person presses what is offered until it ends, or for so long.
fn persist(setting: &Setting, mut answers: Answers) -> Answers {
    let mut world = World::new(setting);
    let (mut pressed, mut rows) = (0, 0);
    while !world.rotation.position.is_closed() && pressed < PATIENCE {
        let turn = turn(&mut world, &mut answers);
        match turn {
            Turn::Written => rows += 1,
            Turn::Sleeps | Turn::Rests => (rows, pressed) = (0, pressed + 1),
        }
        assert!(
            rows < LONGEST_RUN,
            "{}: round in circles at {}",
            answers.told(),
            world.told()
        );
        if turn == Turn::Rests {
            // What leads on comes before what leads back.
            world = person::verbs(&world).into_iter().next().unwrap_or(world);
        }
    }
    answers
}

#[test]
fn an_answer_that_stays_the_same_for_ever_never_leads_round_in_circles() {
    let (settings, mut runs) = (share::one_in(32, settings()), 0);
    for setting in &settings {
        let honest = persist(setting, Answers::honest()).asked();
        for one in lies(&honest) {
            let asked = persist(setting, Answers::stubborn(&[one])).asked();
            // What is asked only because of the first may stay the same as well.
            let more: BTreeSet<Kind> = asked.difference(&honest).copied().collect();
            let both = lies(&more);
            runs += 1 + both.len();
            for other in both {
                persist(setting, Answers::stubborn(&[one, other]));
            }
        }
    }
    println!("{} plans, {runs} runs", settings.len());
    assert!(runs > 20 * settings.len(), "only {runs} runs");
}

/// Every answer to these that is not as it should be.
fn lies(kinds: &BTreeSet<Kind>) -> Vec<(Kind, usize)> {
    let all = kinds
        .iter()
        .flat_map(|kind| (1..kind.answers()).map(|choice| (*kind, choice)));
    all.collect()
}
