//! `takeover`: the command that `KEYWHEEL_CLI` names goes on with everything that earlier versions left behind, each with
//! a real keychain and its provider.
//!
//! Prints what was lost, or said though it is not so. `cargo xtask leftovers --take-over` runs it with an optimised build,
//! as an update in place would bring it.

use std::process::ExitCode;

use tests::leftovers::{folders, gone_on_with};
use tokio::task::JoinSet;

/// So many worlds at a time: half of the time is waiting, for disks, keychains and providers.
const TOGETHER: usize = 4;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let (mut running, mut left) = (JoinSet::new(), folders().into_iter());
    let (mut done, mut wrong) = (0, 0);
    loop {
        while running.len() < TOGETHER
            && let Some(folder) = left.next()
        {
            running.spawn(async move { (gone_on_with(&folder).await, folder) });
        }
        let Some(ended) = running.join_next().await else { break };
        done += 1;
        let (found, folder) = match ended {
            Ok(ended) => ended,
            Err(panic) => (vec![panic.to_string()], "?".into()),
        };
        for what in found {
            wrong += 1;
            println!("{}: {what}", folder.file_name().unwrap_or_default().display());
        }
    }
    println!("{done} taken over, {wrong} things wrong");
    match wrong {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
