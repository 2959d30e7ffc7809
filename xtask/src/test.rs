//! `cargo xtask test`: every check of this project, in the order in which a failure is cheapest to learn of.

use std::process::{Command, ExitCode};

use serde_json::Value;

use crate::{
    app, bindings,
    command::{self, Outcome},
    deb, lanes,
    place::Place,
    policy, setup,
    stage::{Output, Report},
};

/// Beginnings of the names of integration tests that need a display, a clipboard and a keychain.
const IN_A_SESSION: &[&str] = &["e2e", "crash", "keychain"];

/// Runs every check, or those of a working loop.
pub fn run(place: &Place, quick: bool, verbose: bool) -> Outcome<ExitCode> {
    if quick {
        setup::system(&[setup::BUILD, setup::WINDOW])?;
        setup::ui(place)?;
    } else {
        setup::everything(place)?;
    }
    let mut report = Report::new(verbose);
    let result = common(place, &mut report).and_then(|()| {
        if quick {
            units(place, &mut report)
        } else {
            whole(place, &mut report)
        }
    });
    Ok(report.close(result))
}

/// What both runs begin with.
fn common(place: &Place, report: &mut Report) -> Outcome {
    report.stage("format", |output| {
        output.run(
            place
                .cargo()
                .args(["fmt", "--all", "--check", "--", "--color", "never"]),
        )
    })?;
    report.stage("page: types", |output| output.run(&mut npm(place, "check")))?;
    report.stage("page: tests", |output| output.run(&mut npm(place, "test")))?;
    report.stage("page: build", |output| output.run(&mut app::page(place)))?;
    report.stage("lints", |output| {
        output.run(app::cargo(place, "clippy").args(["--all-targets", "--", "-D", "warnings"]))
    })
}

/// The rest of a working loop.
fn units(place: &Place, report: &mut Report) -> Outcome {
    report.stage("rust: unit tests", |output| {
        output.run(app::cargo(place, "test").args(["--lib", "--bins"]))
    })
}

/// The rest of the whole run.
fn whole(place: &Place, report: &mut Report) -> Outcome {
    report.stage("dependencies", |output| dependencies(place, output))?;
    report.stage("page: browser", |output| output.run(&mut npm(place, "test:browser")))?;
    report.stage("rust: build", |output| output.run(&mut app::programs(place)))?;
    report.stage("bindings", |_| bindings::check(place))?;
    let (in_a_session, anywhere) = integration_tests(place)?;
    report.stage("rust: tests", |output| {
        let mut cargo = app::cargo(place, "test");
        cargo
            .args(["--lib", "--bins", "--examples"])
            .args(anywhere.iter().flat_map(|name| ["--test", name]));
        output.run(&mut cargo)?;
        output.run(app::cargo(place, "test").arg("--doc"))
    })?;
    if !in_a_session.is_empty() {
        report.stage("rust: window", |output| lanes::run(place, &in_a_session, output))?;
    }
    report.stage("package", |output| deb::check(place, output))
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

/// Returns the names of the integration tests: those that need a session, and the others.
fn integration_tests(place: &Place) -> Outcome<(Vec<String>, Vec<String>)> {
    let metadata = command::text(place.cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|cause| format!("cargo metadata: {cause}"))?;
    let targets = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|package| package["targets"].as_array());
    let tests = targets.flatten().filter(|target| target["kind"][0] == "test");
    let names = tests.filter_map(|target| target["name"].as_str().map(str::to_owned));
    Ok(names.partition(|name| IN_A_SESSION.iter().any(|start| name.starts_with(start))))
}

/// Returns a script of the page's package.
fn npm(place: &Place, script: &str) -> Command {
    let mut npm = place.npm();
    npm.args(["run", "--silent", script]);
    npm
}
