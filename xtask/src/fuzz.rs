//! `cargo xtask fuzz`: looks for bytes that break a target, guided by the code that they reach.
//!
//! LLVM's coverage comes with the stable compiler; only packages of this workspace are built with it, so nothing foreign
//! is compiled a second time.

use std::{
    env,
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    app,
    command::{self, Outcome},
    place::Place,
    setup,
};

/// Has cargo call this program in place of `rustc` for our packages.
const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";
/// Set for cargo: this program is the wrapper.
const COMPILES: &str = "KEYWHEEL_COMPILES";

/// What libFuzzer is guided by, and speed: it tries thousands of inputs a second.
const COVERAGE: &[&str] = &[
    "-Copt-level=2",
    "-Cdebug-assertions=on",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// Runs each target, or those named, for so many seconds; what is found lies in `target/fuzz`, and the run fails.
pub fn run(place: &Place, seconds: u32, named: &[String]) -> Outcome<ExitCode> {
    let (corpus, found) = (place.root.join("tests/corpus"), place.target.join("fuzz"));
    let mut targets = kept(&corpus)?;
    if let Some(unknown) = named.iter().find(|name| !targets.contains(name)) {
        return Err(format!("there is no target {unknown:?}, only {}", targets.join(", ")));
    }
    targets.retain(|target| named.is_empty() || named.contains(target));
    setup::system(&[setup::BUILD])?;
    let myself = env::current_exe().map_err(|cause| cause.to_string())?;
    let mut build = app::unlinted(place, "build");
    build.args(["--bin", "fuzz", "--features", "tests/fuzz"]);
    command::run(build.env(WRAPPER, myself).env(COMPILES, "1"))?;
    for target in &targets {
        let new = found.join(target);
        std::fs::create_dir_all(&new).map_err(|cause| format!("{}: {cause}", new.display()))?;
        let mut fuzz = place.command(place.program("fuzz"));
        fuzz.env("KEYWHEEL_FUZZ", target).args([new, corpus.join(target)]);
        fuzz.args([format!("-max_total_time={seconds}"), "-print_final_stats=1".into()]);
        fuzz.args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=8192", "-verbosity=0"]);
        fuzz.arg(format!("-artifact_prefix={}/broken-{target}-", found.display()));
        println!("{target}");
        command::run(&mut fuzz)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The targets: each has a folder with what is kept for it.
fn kept(corpus: &Path) -> Outcome<Vec<String>> {
    let entries = std::fs::read_dir(corpus).map_err(|cause| format!("{}: {cause}", corpus.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

/// Where cargo calls this program for `rustc`: compiles with coverage what is no part of the compilation itself.
pub fn compile() -> Option<Outcome<ExitCode>> {
    env::var_os(COMPILES)?;
    let mut arguments = env::args_os().skip(1);
    let mut rustc = Command::new(arguments.next()?);
    rustc.args(arguments);
    // A build script and a macro run in the compiler, where nothing counts.
    if env::var("CARGO_CRATE_NAME").is_ok_and(|name| name != "build_script_build") {
        rustc.args(COVERAGE);
    }
    Some(command::become_it(&mut rustc))
}
