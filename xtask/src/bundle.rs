//! `cargo xtask bundle`: one .deb that holds the desktop app and the `keywheel` command.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use crate::{
    app,
    command::{self, Outcome},
    place::Place,
    setup,
};

/// The release of the bundler. It comes as a compiled program inside a package, so nothing is built for it.
const VERSION: &str = "2.12.4";

/// Builds what is missing and returns the path of the .deb.
pub fn make(place: &Place, dev: bool) -> Outcome<PathBuf> {
    if dev {
        app::build(place)?;
    } else {
        release(place)?;
    }
    pack(place, dev, &mut command::run)
}

/// Packs programs that are built already.
pub fn pack(place: &Place, dev: bool, run: &mut dyn FnMut(&mut Command) -> Outcome) -> Outcome<PathBuf> {
    let built = place.target.join(if dev { "debug" } else { "release" });
    let packages = built.join("bundle/deb");
    // What an earlier version left would be taken for this one.
    let _ = fs::remove_dir_all(&packages);
    let command_line =
        json!({ "bundle": { "linux": { "deb": { "files": { "/usr/bin/keywheel": built.join("keywheel") }}}}});
    let mut tauri = Command::new(tool(place)?);
    tauri
        .current_dir(place.root.join("src-tauri"))
        .args(["bundle", "--bundles", "deb", "--config"]);
    tauri
        .arg(command_line.to_string())
        .args(dev.then_some("--debug"))
        .env("CARGO_TARGET_DIR", &place.target);
    run(&mut tauri)?;
    let package = one_deb(&packages)?;
    squeeze(&package, dev, run)?;
    Ok(package)
}

/// Packs a package once more, with the better compression that the bundler does not offer; one for the tests fast.
fn squeeze(package: &Path, dev: bool, run: &mut dyn FnMut(&mut Command) -> Outcome) -> Outcome {
    let content = package.with_extension("content");
    run(Command::new("dpkg-deb").arg("--raw-extract").args([package, &content]))?;
    run(Command::new("dpkg-deb")
        .args(["--root-owner-group", if dev { "-Zzstd" } else { "-Zxz" }])
        .args(dev.then_some("-z3"))
        .arg("--build")
        .args([&content, package]))?;
    fs::remove_dir_all(&content).map_err(|cause| format!("{}: {cause}", content.display()))
}

/// Returns the path of the bundler, installing it among this project's tools when it is not there.
pub fn tool(place: &Place) -> Outcome<PathBuf> {
    let folder = place.tools().join(format!("tauri-cli-{VERSION}"));
    let tauri = folder.join("node_modules/.bin/tauri");
    if !tauri.exists() {
        println!("installing the bundler {VERSION}");
        let mut npm = place.command("npm");
        npm.args([
            "install",
            "--silent",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-save",
        ]);
        command::run(
            npm.arg("--prefix")
                .arg(&folder)
                .arg(format!("@tauri-apps/cli@{VERSION}")),
        )?;
    }
    Ok(tauri)
}

/// Builds what people install: no test feature, optimised, each program once.
fn release(place: &Place) -> Outcome {
    setup::system(&[setup::BUILD])?;
    setup::ui(place)?;
    command::run(&mut app::page(place))?;
    let mut cargo = place.cargo();
    cargo.args(["build", "--release", "-p", "keywheel-desktop", "-p", "keywheel-cli"]);
    cargo.args(["--bins", "--features", "keywheel-desktop/custom-protocol"]);
    command::run(only_what_is_granted(place, &mut cargo))
}

/// Sets what the bundler sets when it builds: commands of plugins that no capability grants are left out.
pub fn only_what_is_granted<'a>(place: &Place, cargo: &'a mut Command) -> &'a mut Command {
    cargo.env("REMOVE_UNUSED_COMMANDS", place.root.join("src-tauri"))
}

/// Returns the only .deb in a folder.
fn one_deb(folder: &Path) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).map_err(|cause| format!("no package in {}: {cause}", folder.display()))?;
    let mut packages = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "deb"));
    packages.next().ok_or(format!("no package in {}", folder.display()))
}
