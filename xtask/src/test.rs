//! `cargo xtask test`: every check of this project, in the order in which a failure is cheapest to learn of.

use std::{
    process::{Command, ExitCode},
    thread,
};

use crate::{
    app,
    area::Wanted,
    bindings,
    command::{self, Outcome},
    deb, lanes,
    output::Output,
    pace::Pace,
    place::Place,
    policy, proofs, setup,
    share::Share,
    stage::Report,
    target::Target,
};

/// Runs every check, or those that are wanted.
pub fn run(place: &Place, wanted: &[String], verbose: bool) -> Outcome<ExitCode> {
    let wanted = Wanted::read(wanted)?;
    setup::everything(place)?;
    let share = Share::of(place);
    let pace = match wanted.is_whole() {
        true => Pace::of(place),
        false => Pace::default(),
    };
    let stages = stages(&wanted);
    let about: f32 = stages.iter().filter_map(|stage| pace.about(stage)).sum();
    let about = match wanted.is_whole() {
        true => format!(", about {:.0} min", about / 60.0),
        false => String::new(),
    };
    println!("{} stages{about}: {}", stages.len(), stages.join(", "));
    println!("of long sweeps a share: {}; {}", share.told(), proofs::last(place));
    let report = Report::new(verbose, pace);
    let result = whole(place, &wanted, &share, &report);
    Ok(report.close(result))
}

/// Runs what a working loop needs: no browser, no window, no package.
pub fn quick(place: &Place, verbose: bool) -> Outcome<ExitCode> {
    setup::system(&[setup::BUILD, setup::WINDOW])?;
    setup::ui(place)?;
    let report = Report::new(verbose, Pace::of(place));
    let result = format(place, &report)
        .and_then(|()| report.stage("page: build", |output| output.run(&mut app::page(place))))
        .and_then(|()| {
            both(
                || page(place, &report),
                || {
                    report.stage("lints", |output| {
                        output.run(app::unlinted(place, "clippy").args(["--all-targets", "--", "-D", "warnings"]))
                    })?;
                    report.stage("unit tests", |output| {
                        // The whole of the heart's table takes minutes and gigabytes.
                        output.run(Share::of(place).dress(app::cargo(place, "test").args(["--lib", "--bins"])))
                    })
                },
            )
        });
    Ok(report.close(result))
}

/// The names of the stages that are wanted, in order.
fn stages(wanted: &Wanted) -> Vec<&'static str> {
    let integration = wanted.integration().into_iter();
    let (in_a_session, anywhere): (Vec<_>, Vec<_>) = integration.partition(|name| Target::is_for_session(name));
    let rules = wanted.has("rules");
    [
        ("format", rules),
        ("page: build", true),
        ("page: types", wanted.has("page")),
        ("page: tests", wanted.has("page")),
        ("dependencies", rules),
        ("page: browser", wanted.has("page")),
        ("lints and build", true),
        ("bindings", rules),
        ("tests", rules || !anywhere.is_empty()),
        ("doc tests", rules),
        ("session", !in_a_session.is_empty()),
        ("package", wanted.has("package")),
    ]
    .into_iter()
    .filter_map(|(stage, runs)| runs.then_some(stage))
    .collect()
}

fn whole(place: &Place, wanted: &Wanted, share: &Share, report: &Report) -> Outcome {
    let (rules, has_page) = (wanted.has("rules"), wanted.has("page"));
    if rules {
        format(place, report)?;
    }
    report.stage("page: build", |output| output.run(&mut app::page(place)))?;
    // Compiling takes what the page's tools leave of the cores: they wait for each other, and it waits for nobody.
    both(
        || {
            if has_page {
                page(place, report)?;
            }
            if rules {
                report.stage("dependencies", |output| dependencies(place, output))?;
            }
            match has_page {
                true => report.stage("page: browser", |output| {
                    output.run(share.dress(&mut npm(place, "test:browser")))
                }),
                false => Ok(()),
            }
        },
        || report.stage("lints and build", |output| build(place, wanted, output)),
    )?;
    if rules {
        report.stage("bindings", |_| bindings::check(place))?;
    }
    let (in_a_session, anywhere) = targets(place, wanted)?;
    if !anywhere.is_empty() {
        report.stage("tests", |output| lanes::cores(anywhere, share, output))?;
    }
    if rules {
        report.stage("doc tests", |output| output.run(app::cargo(place, "test").arg("--doc")))?;
    }
    if !in_a_session.is_empty() {
        report.stage("session", |output| lanes::sessions(in_a_session, share, output))?;
    }
    match wanted.has("package") {
        true => report.stage("package", |output| deb::check(place, output)),
        false => Ok(()),
    }
}

fn format(place: &Place, report: &Report) -> Outcome {
    report.stage("format", |output| {
        output.run(
            place
                .cargo()
                .args(["fmt", "--all", "--check", "--", "--color", "never"]),
        )
    })
}

fn page(place: &Place, report: &Report) -> Outcome {
    report.stage("page: types", |output| output.run(&mut npm(place, "check")))?;
    report.stage("page: tests", |output| output.run(&mut npm(place, "test")))
}

/// Compiles everything that is wanted once, and lints it while doing so. What a lint forbids does not compile; the crates
/// that do not need it are looked at all the same. What runs beside it comes first: a browser has an eye on the clock.
fn build(place: &Place, wanted: &Wanted, output: &mut Output) -> Outcome {
    let mut build = command::behind(&app::programs(place));
    output.run(build.arg("--keep-going").args(selection(wanted)))
}

/// What cargo is asked to build of the tests.
fn selection(wanted: &Wanted) -> Vec<&'static str> {
    if wanted.is_whole() {
        return vec!["--all-targets"];
    }
    let tests = wanted.integration().into_iter().flat_map(|test| ["--test", test]);
    wanted
        .has("rules")
        .then_some("--lib")
        .into_iter()
        .chain(tests)
        .collect()
}

/// The targets that are wanted: those that need a session, and the others.
fn targets(place: &Place, wanted: &Wanted) -> Outcome<(Vec<Target>, Vec<Target>)> {
    let integration = wanted.integration();
    let mut selection = selection(wanted);
    // Without any, cargo would take all.
    selection.push("--bins");
    let all = Target::built(place, &selection)?.into_iter();
    let (units, named): (Vec<Target>, Vec<Target>) = all.partition(|target| !target.is_integration);
    for name in &integration {
        if !named.iter().any(|target| target.name == *name) {
            return Err(format!("{name}: cargo built no such test"));
        }
    }
    let units = units.into_iter().filter(|_| wanted.has("rules"));
    let named = named
        .into_iter()
        .filter(|target| integration.contains(&target.name.as_str()));
    let narrowed = units.chain(named).map(|target| wanted.narrow(target));
    let narrowed: Vec<Target> = narrowed.collect::<Outcome<_>>()?;
    Ok(narrowed.into_iter().partition(Target::needs_session))
}

/// Checks the dependency policy, and the advisories where their database can be reached.
fn dependencies(place: &Place, output: &mut Output) -> Outcome {
    output.run(&mut policy::check(place)?)?;
    match output.run(&mut policy::advisories(place)?) {
        Err(_) if policy::database_out_of_reach(output.text()) => {
            output.note("advisories skipped: their database cannot be reached");
            Ok(())
        }
        result => result,
    }
}

/// Runs both at the same time; the first failure counts.
fn both(one: impl FnOnce() -> Outcome + Send, other: impl FnOnce() -> Outcome) -> Outcome {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        let one = one.join().unwrap_or_else(|_| Err("a stage panicked".to_owned()));
        one.and(other)
    })
}

/// Returns a script of the page's package.
fn npm(place: &Place, script: &str) -> Command {
    let mut npm = place.npm();
    npm.args(["run", "--silent", script]);
    npm
}
