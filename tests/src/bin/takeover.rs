//! `takeover`: the command that `KEYWHEEL_CLI` names goes on with everything that earlier versions left behind, each with
//! a real keychain and its provider.
//!
//! Prints what was lost, or said though it is not so. `cargo xtask leftovers --take-over` runs it with an optimised build,
//! as an update in place would bring it.

use std::path::PathBuf;
use std::process::ExitCode;

use tests::leftovers::{folders, gone_on_with};
use tests::together;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let (mut done, mut wrong) = (0, 0);
    let taken = |folder: PathBuf| async move { (gone_on_with(&folder).await, folder) };
    together(folders(), taken, |(found, folder)| {
        done += 1;
        for what in found {
            wrong += 1;
            println!("{}: {what}", folder.file_name().unwrap_or_default().display());
        }
    })
    .await;
    println!("{done} taken over, {wrong} things wrong");
    match wrong {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
