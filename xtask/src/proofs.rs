//! `cargo xtask proofs`: everything that takes too long for every change, and of which `cargo xtask test` runs a share.

use std::{env, process::ExitCode, time::Duration};

use crate::{
    app, command::Outcome, lanes, output::Output, pace::Pace, place::Place, proven::Proven, setup, share::Share,
    stage::Report, target::Target,
};

/// The targets whose sweeps run in shares otherwise, and those that do not run at all.
const SWEEPS: &[&str] = &["faults", "strategies"];

/// Those of them that need a session each.
const IN_SESSIONS: &[&str] = &["crash", "e2e_wallets"];

/// The longest of them, which run optimised: the build of the others would take longer than they do.
const LONGEST: &[&str] = &["matrix", "cells"];

/// The longest that one of them may take.
const PATIENCE: Duration = Duration::from_secs(3 * 3_600);

/// What this program does by other names: the stage, and the arguments.
const OTHERS: &[(&str, &[&str])] = &[
    ("mutants", &["mutants"]),
    ("leftovers", &["leftovers", "--take-over"]),
    ("pairs", &["soak", "--pairs"]),
    ("soak", &["soak", "10000"]),
    ("facts", &["soak", "--facts", "10000"]),
    ("fuzz", &["fuzz"]),
];

/// Last: nothing runs beside it any more.
const BENCH: &str = "bench";

/// The proofs that run in sessions, and the one of the page.
const KILLS: &str = "kills, wallets";
const BROWSER: &str = "page: browser, whole";

/// Runs all of them; those that went well since something was changed are not run again, unless `anew`.
pub fn run(place: &Place, anew: bool, verbose: bool) -> Outcome<ExitCode> {
    Proven::of(place).begin()?;
    setup::everything(place)?;
    setup::system(&[setup::WALLETS])?;
    let report = Report::new(verbose, Pace::of(place));
    let mut course = Course {
        report: &report,
        proven: Proven::of(place),
        anew,
        failed: Vec::new(),
    };
    let result = all(place, &mut course).and_then(|()| match course.failed.is_empty() {
        true => Ok(()),
        false => Err(course.failed.join("; ")),
    });
    Ok(report.close(result))
}

/// A run of them. One that fails does not keep the others from being run: a whole run takes hours.
struct Course<'a> {
    report: &'a Report,
    proven: Proven<'a>,
    anew: bool,
    failed: Vec<String>,
}

impl Course<'_> {
    fn is_due(&self, name: &str) -> bool {
        self.anew || self.proven.at(name).is_none()
    }

    /// Runs one that is due, and keeps that it went well.
    fn prove(&mut self, name: &str, act: impl FnOnce(&mut Output) -> Outcome) {
        if let Some(at) = self.proven.at(name).filter(|_| !self.anew) {
            println!("{name:<24} went well at {at}");
            return;
        }
        let proven = self.report.stage(name, |output| {
            output.patient(PATIENCE);
            act(output)
        });
        self.failed.extend(proven.and_then(|()| self.proven.keep(name)).err());
    }
}

fn all(place: &Place, course: &mut Course<'_>) -> Outcome {
    // The build makes this program anew, and what runs has no name from then on.
    let myself = env::current_exe().map_err(|cause| cause.to_string())?;
    let due = |names: &[&'static str]| names.iter().copied().filter(|name| course.is_due(name)).collect();
    let (sweeps, longest): (Vec<_>, Vec<_>) = (due(SWEEPS), due(LONGEST));
    let sessions = if course.is_due(KILLS) { IN_SESSIONS } else { &[] };
    let built = [&sweeps, sessions].concat();
    course
        .report
        .stage("page: build", |output| output.run(&mut app::page(place)))?;
    let mut targets = Vec::new();
    // Without a name cargo would build all.
    if !built.is_empty() {
        course.report.stage("lints and build", |output| {
            output.run(app::programs(place).args(selection(&built)))
        })?;
        targets = Target::built(place, &selection(&built))?;
    }
    let (sessions, targets): (Vec<_>, Vec<_>) = targets.into_iter().partition(Target::needs_session);
    // What takes long comes late: a run that is ended then has kept the others.
    sweep(course, SWEEPS, &targets);
    course.prove(KILLS, |output| lanes::sessions(sessions, &Share::whole(), output));
    course.prove(BROWSER, |output| {
        output.run(Share::whole().dress(place.npm().args(["run", "--silent", "test:browser"])))
    });
    for (name, arguments) in OTHERS {
        course.prove(name, |output| output.run(place.command(&myself).args(*arguments)));
    }
    let mut targets = Vec::new();
    if !longest.is_empty() {
        course.report.stage("optimised build", |_| {
            targets = Target::optimised(place, &selection(&longest))?;
            Ok(())
        })?;
    }
    sweep(course, LONGEST, &targets);
    course.prove(BENCH, |output| output.run(place.command(&myself).arg(BENCH)));
    Ok(())
}

/// One after the other, each on all cores: side by side the longest would be left alone on one.
fn sweep(course: &mut Course<'_>, names: &[&str], targets: &[Target]) {
    for name in names {
        course.prove(name, |output| {
            let target = targets.iter().find(|target| target.name == *name);
            let target = target.ok_or("cargo built no such target")?;
            output.run(Share::whole().dress(target.command(&[]).args(target.filter())))
        });
    }
}

fn selection(names: &[&'static str]) -> Vec<&'static str> {
    names.iter().flat_map(|name| ["--test", *name]).collect()
}

/// When they last ran, in words.
pub fn last(place: &Place) -> String {
    let others = OTHERS.iter().map(|(name, _)| name);
    let all: Vec<&str> = LONGEST
        .iter()
        .chain(SWEEPS)
        .chain(&[KILLS, BROWSER, BENCH])
        .chain(others)
        .copied()
        .collect();
    Proven::of(place).told(&all)
}
