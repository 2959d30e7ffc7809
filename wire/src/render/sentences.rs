//! What every plan says, in one text file for the eye: each strategy, by the API and by a person.
//!
//! After a change of words: `KEYWHEEL_WRITE=1 cargo test -p keywheel-wire sentences`, then read the difference.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use keywheel_core::model::{Binding, BindingId, Command, EnvFile, KeyId, Name, Target};
use keywheel_core::provider::{Grace, GraceStarts, Strategy};
use keywheel_core::rotation::{Act, Actor, Facts, Plan};

use super::plan::{detail, old_key_line, sentence, title};

const STRATEGIES: [Strategy; 5] = [
    Strategy::Overlap,
    Strategy::Roll,
    Strategy::RollWithGrace,
    Strategy::ReplaceFirst,
    Strategy::TwoSlot,
];
const FILE: &str = "src/render/sentences.txt";

fn facts(act: Act, strategy: Strategy, by: Actor) -> Facts {
    let grace = Grace {
        span: Duration::from_secs(86_400),
        starts: GraceStarts::Roll,
    };
    Facts {
        act,
        strategy,
        minter: by,
        revoker: by,
        old_held: true,
        verifies: true,
        lists: by == Actor::Api,
        overlap: Duration::ZERO,
        quiet: Duration::ZERO,
        grace: (strategy == Strategy::RollWithGrace).then_some(grace),
        bindings: Vec::new(),
    }
}

fn binding(target: Target) -> Binding {
    Binding {
        id: BindingId::new(0, [0; 10]),
        key_id: KeyId::new(0, [0; 10]),
        target,
        holds: None,
    }
}

fn file() -> Target {
    Target::EnvFile(EnvFile {
        path: "/srv/shop/.env".into(),
        file: "/srv/shop/.env".into(),
        name: "ACME_KEY".to_owned(),
    })
}

fn by_hand() -> Target {
    Target::ByHand(Name::new("Vercel dashboard").expect("a name"))
}

fn command() -> Target {
    Target::Command(Command {
        write: vec![
            "/srv/bin/put-key".to_owned(),
            "--env".to_owned(),
            "production".to_owned(),
        ],
        confirm: Some(vec!["/srv/bin/has-key".to_owned()]),
        restore: None,
        allowed: None,
    })
}

fn write(out: &mut String, name: &str, facts: &Facts, own: Strategy) -> std::fmt::Result {
    let bindings = &facts.bindings;
    let plan = Plan::decide(facts.clone());
    writeln!(out, "{name}")?;
    writeln!(out, "  {}", sentence(&plan, "Acme", Some(own)))?;
    writeln!(out, "  {}", old_key_line(&plan, "Acme"))?;
    for (index, step) in plan.steps.iter().enumerate() {
        let here = if plan.pivot() == Some(index) { "==" } else { "  " };
        let you = if step.actor == Actor::Person { " [you]" } else { "" };
        writeln!(
            out,
            "  {here} {}{you}: {}",
            title(step.kind, &plan),
            detail(step, &plan, bindings, "Acme")
        )?;
    }
    writeln!(out)
}

fn all() -> Result<String, std::fmt::Error> {
    let mut out = String::from("What each plan says. == is the point of no return. Acme is the provider.\n\n");
    let actors = [(Actor::Api, "by the API"), (Actor::Person, "by you")];
    for strategy in STRATEGIES {
        for (actor, who) in actors {
            let name = format!("Rotate, {}, {who}", strategy.as_str());
            write(&mut out, &name, &facts(Act::Rotate, strategy, actor), strategy)?;
        }
    }
    for act in [Act::Create, Act::Revoke] {
        for (actor, who) in actors {
            let name = format!("{}, {who}", act.as_str());
            write(
                &mut out,
                &name,
                &facts(act, Strategy::Overlap, actor),
                Strategy::Overlap,
            )?;
        }
    }
    write(
        &mut out,
        "signup, by the API",
        &facts(Act::SignUp, Strategy::Overlap, Actor::Api),
        Strategy::Overlap,
    )?;
    for (actor, who) in actors {
        let name = format!("Rotate, overlap, the old key first after a leak, {who}");
        let facts = facts(Act::Rotate, Strategy::ReplaceFirst, actor);
        write(&mut out, &name, &facts, Strategy::Overlap)?;
    }
    let first_use = Grace {
        span: Duration::from_secs(3600),
        starts: GraceStarts::FirstUse,
    };
    let overlap = |by| facts(Act::Rotate, Strategy::Overlap, by);
    let more = [
        (
            "Rotate, overlap of a day, by the API",
            Facts {
                overlap: Duration::from_secs(86_400),
                ..overlap(Actor::Api)
            },
        ),
        (
            "Rotate, overlap of a day, by you",
            Facts {
                overlap: Duration::from_secs(86_400),
                ..overlap(Actor::Person)
            },
        ),
        (
            "Rotate, overlap, by the API, the provider tells when a key was last used",
            Facts {
                quiet: Duration::from_secs(3600),
                ..overlap(Actor::Api)
            },
        ),
        (
            "Rotate, overlap, by the API, the old value is not held",
            Facts {
                old_held: false,
                ..overlap(Actor::Api)
            },
        ),
        (
            "Rotate, overlap, by you, the provider cannot be asked",
            Facts {
                verifies: false,
                ..overlap(Actor::Person)
            },
        ),
        (
            "Rotate, roll_with_grace from the first use, by the API",
            Facts {
                grace: Some(first_use),
                ..facts(Act::Rotate, Strategy::RollWithGrace, Actor::Api)
            },
        ),
    ];
    for (name, targets) in [
        ("a file and a place of your own", vec![file(), by_hand()]),
        ("a file", vec![file()]),
        ("a command that confirms", vec![command()]),
    ] {
        let name = format!("Rotate, overlap, by the API, used in {name}");
        let bindings = targets.into_iter().map(binding).collect();
        let facts = Facts {
            bindings,
            ..overlap(Actor::Api)
        };
        write(&mut out, &name, &facts, Strategy::Overlap)?;
    }
    for (name, facts) in more {
        write(&mut out, name, &facts, facts.strategy)?;
    }
    Ok(out)
}

#[test]
fn each_plan_says_what_the_file_says() {
    let said = all().expect("text");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("KEYWHEEL_WRITE").is_some() {
        std::fs::write(&file, &said).expect("the file is written");
    }
    let expected = std::fs::read_to_string(&file).expect("the file is there");
    assert!(said == expected, "{FILE} says something else; now it is:\n{said}");
}
