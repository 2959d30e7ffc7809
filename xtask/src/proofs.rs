//! `cargo xtask proofs`: everything that takes too long for every change, and of which `cargo xtask test` runs a share.

use std::{env, fs, path::PathBuf, process::ExitCode, time::Duration};

use crate::{
    app,
    command::{self, Outcome},
    lanes,
    output::Output,
    pace::Pace,
    place::Place,
    setup,
    share::Share,
    stage::Report,
    target::Target,
};

/// The targets whose sweeps run in shares otherwise, and those that do not run at all.
const SWEEPS: &[&str] = &["faults", "strategies", "crash", "e2e_wallets"];

/// The longest of them: optimised they take a third of the time, and the build of the others would take longer than they do.
const LONGEST: &[&str] = &["cells", "matrix"];

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
    // Last: nothing runs beside it any more.
    ("bench", &["bench"]),
];

/// Runs all of them and notes at which commit they went well.
pub fn run(place: &Place, verbose: bool) -> Outcome<ExitCode> {
    setup::everything(place)?;
    setup::system(&[setup::WALLETS])?;
    let report = Report::new(verbose, Pace::of(place));
    let result = all(place, &report).and_then(|()| note(place));
    Ok(report.close(result))
}

/// One that fails does not keep the others from being run: a whole run takes hours.
fn all(place: &Place, report: &Report) -> Outcome {
    // The build makes this program anew, and what runs has no name from then on.
    let myself = env::current_exe().map_err(|cause| cause.to_string())?;
    report.stage("page: build", |output| output.run(&mut app::page(place)))?;
    report.stage("lints and build", |output| {
        output.run(app::programs(place).args(selection(SWEEPS)))
    })?;
    let targets = Target::built(place, &selection(SWEEPS))?.into_iter();
    let (sessions, mut sweeps): (Vec<_>, Vec<_>) = targets.partition(Target::needs_session);
    report.stage("optimised build", |_| {
        sweeps.extend(Target::optimised(place, &selection(LONGEST))?);
        Ok(())
    })?;
    let mut failed = Vec::new();
    // One after the other, each on all cores: side by side the longest would be left alone on one.
    for sweep in sweeps {
        let swept = report.stage(&sweep.name, |output| {
            output.patient(PATIENCE);
            output.run(Share::whole().dress(sweep.command(&[]).args(sweep.filter())))
        });
        failed.extend(swept.err());
    }
    let in_sessions = report.stage("kills, wallets", |output| {
        output.patient(PATIENCE);
        lanes::sessions(sessions, &Share::whole(), output)
    });
    failed.extend(in_sessions.err());
    let browser = report.stage("page: browser, whole", |output| {
        output.run(Share::whole().dress(place.npm().args(["run", "--silent", "test:browser"])))
    });
    failed.extend(browser.err());
    for (stage, arguments) in OTHERS {
        let other = report.stage(stage, |output: &mut Output| {
            output.patient(PATIENCE);
            output.run(place.command(&myself).args(*arguments))
        });
        failed.extend(other.err());
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("; ")),
    }
}

fn selection(names: &[&'static str]) -> Vec<&'static str> {
    names.iter().flat_map(|name| ["--test", *name]).collect()
}

/// Where it is noted when they last went well.
fn file(place: &Place) -> PathBuf {
    place.root.join("docs/proofs.last")
}

fn note(place: &Place) -> Outcome {
    let commit = command::text(
        place
            .command("git")
            .args(["show", "--no-patch", "--format=%h %cs", "HEAD"]),
    )?;
    let file = file(place);
    fs::write(&file, commit).map_err(|cause| format!("{}: {cause}", file.display()))
}

/// When they last ran whole, in words.
pub fn last(place: &Place) -> String {
    let Ok(noted) = fs::read_to_string(file(place)) else {
        return "`cargo xtask proofs`, which runs the whole, has not been run yet".to_owned();
    };
    let commit = noted.split(' ').next().unwrap_or_default();
    let since = command::text(
        place
            .command("git")
            .args(["rev-list", "--count", &format!("{commit}..HEAD")]),
    );
    let since = since.map_or(String::new(), |count| format!(", {} commits ago", count.trim()));
    format!("`cargo xtask proofs` last ran whole at {}{since}", noted.trim())
}
