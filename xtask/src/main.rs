//! `cargo xtask`: the commands of this project: prepare a machine, see Keywheel work, test it, bundle it.
//!
//! Deliberately absent: anything that the app itself does, and any command that does not work yet.

mod app;
mod area;
mod bench;
mod bindings;
mod bundle;
mod command;
mod deb;
mod demo;
mod display;
mod fuzz;
mod headless;
mod icons;
mod janitor;
mod keychain;
mod lanes;
mod leftovers;
mod mutants;
mod output;
mod pace;
mod place;
mod policy;
mod proofs;
mod proven;
mod servers;
mod setup;
mod share;
mod shots;
mod soak;
mod stage;
mod strangers;
mod tally;
mod target;
mod test;

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use command::Outcome;
use place::Place;

/// The commands of the Keywheel project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Shows Keywheel at work on a sample world, with a simulated provider
    ///
    /// With a display the window is yours. Without one, Keywheel is driven in a virtual display through a whole
    /// rotation, each step is printed, and screenshots are kept.
    Demo {
        /// Drive it in a virtual display even though there is a real one
        #[arg(long)]
        headless: bool,
        /// Where the screenshots go
        #[arg(long, value_name = "FOLDER", default_value = "target/screenshots")]
        shots: PathBuf,
    },
    /// Takes pictures of every screen, from the real window on the sample world, light and dark
    ///
    /// They are for the eye: look at them beside `docs/rubric.md` after a change to the page.
    Shots {
        /// Where the pictures go
        #[arg(long, value_name = "FOLDER", default_value = "target/shots")]
        into: PathBuf,
        /// Device pixels to a pixel: 1 or 2
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=2))]
        scale: u32,
        /// Only one theme: light or dark
        #[arg(long, value_parser = ["light", "dark"])]
        theme: Option<String>,
        /// Only these scenes, such as `list` or `rotation`
        scenes: Vec<String>,
    },
    /// Starts Keywheel for real use: your own keychain, your own data
    ///
    /// It is a development build: slower and larger than what `bundle` makes, and the same in everything else.
    Run,
    /// Checks everything: format, lints, dependencies, tests, the real window, the package
    ///
    /// Long sweeps run in a share that changes with the commit; `cargo xtask proofs` runs the whole of them.
    Test {
        /// Only these areas (rules, page, providers, rotation, keys, keychain, command, window, secrets, package), these
        /// integration tests, such as `e2e_cli`, or some tests of one, such as `e2e_window::walk`
        #[arg(value_name = "AREA", conflicts_with = "quick")]
        areas: Vec<String>,
        /// Only what a working loop needs: no browser, no window, no package
        #[arg(long)]
        quick: bool,
        /// Show each stage's output while it runs
        #[arg(long, short)]
        verbose: bool,
    },
    /// Runs what takes too long for every change: whole sweeps, mutants, leftovers, pairs, soak, fuzz, figures
    ///
    /// Each that goes well is noted with its commit in `docs/proofs.last`. A run that ends early is gone on with by the next
    /// one, as long as nothing but text was changed.
    Proofs {
        /// Also what went well already
        #[arg(long)]
        anew: bool,
        /// Show each stage's output while it runs
        #[arg(long, short)]
        verbose: bool,
    },
    /// Drives random rotations through random faults, in simulated time
    ///
    /// A table says what became of them. What went wrong is printed with its seed and what the seed stands for;
    /// `cargo xtask soak --seed SEED 1` runs it again alone.
    Soak {
        /// How many
        #[arg(required_unless_present = "pairs")]
        rotations: Option<u64>,
        /// Instead, every pair of faults of which the second falls into the recovery from the first
        #[arg(long, conflicts_with_all = ["rotations", "seed", "facts"])]
        pairs: bool,
        /// Instead, rotations at whose provider facts change and answers are not so, several at once
        #[arg(long)]
        facts: bool,
        /// The seed of the first; each next one has the next
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Makes one .deb with the desktop app and the `keywheel` command
    Bundle {
        /// Bundle the development build: quick, for testing the package itself
        #[arg(long)]
        dev: bool,
        /// Then install it, start both programs once, and remove it again
        #[arg(long = "try")]
        tried: bool,
    },
    /// Measures an optimised build and adds the figures to docs/figures.md
    ///
    /// They mean something only on a machine that does nothing else meanwhile.
    Bench {
        /// Instead, leave a window alone for so long: processor time and memory
        #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..))]
        idle: Option<u32>,
    },
    /// Looks for bytes that break what reads foreign text, guided by coverage
    Fuzz {
        /// How long each target is tried
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        seconds: u32,
        /// Only these targets, such as `dotenv`
        targets: Vec<String>,
    },
    /// Takes each guard of a rotation away, and says which test notices
    Mutants {
        /// Only these guards, such as `ReadBack`
        guards: Vec<String>,
    },
    /// Brings the command into every state of a rotation and keeps what it leaves behind: `tests/leftovers`
    ///
    /// What a version has left is kept once, for every later version to take over. Run again, it writes below
    /// `target/leftovers` and says where a course is another one than before.
    Leftovers {
        /// Write anew what is kept of this version
        #[arg(long)]
        replace: bool,
        /// Instead, let an optimised build take over everything that is kept, and go on with it
        #[arg(long, conflicts_with_all = ["replace", "names"])]
        take_over: bool,
        /// Only these states, such as `overlap-api-asking`
        names: Vec<String>,
    },
    /// Writes ui/src/ipc/types.ts from the shapes in `wire`
    Bindings {
        /// Write nothing; fail when the file is out of date
        #[arg(long)]
        check: bool,
    },
    /// Draws the icon set from icons/keywheel.svg
    Icons,
    /// Installs what building and testing need, where something is missing
    Setup,
    /// Runs a command in a throw-away home with its own display, session bus and unlocked keychain
    Headless {
        /// Lets the session's bus start a service of this machine, such as `org.a11y.Bus`; otherwise it starts none
        #[arg(long = "service", value_name = "NAME")]
        services: Vec<String>,
        /// The command and its arguments, after `--`
        #[arg(
            required = true,
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "COMMAND"
        )]
        command: Vec<OsString>,
    },
    /// Clears up after `headless`, also when that was killed
    #[command(hide = true)]
    Janitor { folder: PathBuf },
}

fn main() -> ExitCode {
    let done = fuzz::compile().unwrap_or_else(|| carry_out(Arguments::parse().task));
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Carries out one task and returns the exit code to end with.
fn carry_out(task: Task) -> Outcome<ExitCode> {
    let place = Place::find()?;
    match task {
        Task::Demo { headless, shots } => return demo::show(&place, headless, &shots),
        Task::Shots {
            into,
            scale,
            theme,
            scenes,
        } => return shots::take(&place, &into, scale, theme.as_deref(), &scenes),
        Task::Run => return app::start(&place),
        Task::Headless { services, command } => return headless::run(&services, &command),
        Task::Test {
            quick: true, verbose, ..
        } => return test::quick(&place, verbose),
        Task::Test { areas, verbose, .. } => return test::run(&place, &areas, verbose),
        Task::Proofs { anew, verbose } => return proofs::run(&place, anew, verbose),
        Task::Soak {
            rotations, seed, facts, ..
        } => {
            let what = match rotations {
                Some(cells) if facts => soak::Soak::Facts(cells, seed),
                Some(rotations) => soak::Soak::Faults(rotations, seed),
                None => soak::Soak::Pairs,
            };
            return soak::run(&place, what);
        }
        Task::Bundle { dev, tried } => {
            let package = bundle::make(&place, dev)?;
            println!("{}, {}", package.display(), deb::size(&package)?);
            if tried {
                setup::system(&[setup::WINDOW])?;
                let report = stage::Report::new(false, pace::Pace::default());
                let result = report.stage("package", |output| deb::try_out(&place, &package, output));
                return Ok(report.close(result));
            }
        }
        Task::Fuzz { seconds, targets } => return fuzz::run(&place, seconds, &targets),
        Task::Mutants { guards } => return mutants::run(&place, &guards),
        Task::Leftovers { take_over: true, .. } => return leftovers::take_over(&place),
        Task::Leftovers { replace, names, .. } => return leftovers::make(&place, replace, &names),
        Task::Bench { idle } => return bench::measure(&place, idle),
        Task::Bindings { check: true } => bindings::check(&place)?,
        Task::Bindings { check: false } => bindings::write(&place)?,
        Task::Icons => icons::draw(&place)?,
        Task::Setup => setup::everything(&place)?,
        Task::Janitor { folder } => janitor::serve(&folder)?,
    }
    Ok(ExitCode::SUCCESS)
}
