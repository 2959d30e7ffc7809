//! `cargo xtask mutants`: which test notices that a guard is missing.

use std::path::PathBuf;
use std::process::ExitCode;

use keywheel_core::guard::Guard;
use tests::mutants::{self, Mutant};

/// The part of the guards that has to be noticed, in percent.
const AT_LEAST: usize = 95;

/// `mutants [--guard NAME]... PROGRAM...`
fn main() -> ExitCode {
    let (mut guards, mut programs) = (Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument != "--guard" {
            programs.push(PathBuf::from(argument));
            continue;
        }
        let name = arguments.next().unwrap_or_default();
        match Guard::ALL.iter().find(|guard| format!("{guard:?}") == name) {
            Some(guard) => guards.push(*guard),
            None => {
                eprintln!("there is no guard {name}");
                return ExitCode::from(2);
            }
        }
    }
    if guards.is_empty() {
        guards = Guard::ALL.to_vec();
    }
    let found = mutants::each(&programs, &guards, tell);
    let noticed = found.iter().filter(|mutant| mutant.noticed_by.is_some()).count();
    println!("{noticed} of {} guards are missed when they are gone", found.len());
    match noticed * 100 >= found.len() * AT_LEAST {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn tell(mutant: &Mutant) {
    let by = mutant.noticed_by.as_deref().unwrap_or("NOT NOTICED");
    let name = format!("{:?}", mutant.guard);
    println!("{name:<18} {:>4} s  {by}", mutant.took.as_secs());
}
