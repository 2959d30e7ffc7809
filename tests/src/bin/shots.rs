//! `cargo xtask shots`: pictures of every screen, from the real window on the sample world.

use std::path::PathBuf;
use std::process::ExitCode;

use tests::album::Album;
use tests::shots;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match take(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

/// Takes what is asked for; a scene that stops does not keep the others from being taken.
async fn take(arguments: &[String]) -> Result<(), String> {
    let (mut flags, mut scenes) = (Vec::new(), Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.strip_prefix("--") {
            Some(flag) => flags.push((flag, rest.next().ok_or_else(|| format!("{argument} needs a value"))?)),
            None => scenes.push(argument.as_str()),
        }
    }
    let flag = |name: &str| {
        flags
            .iter()
            .find(|(flag, _)| *flag == name)
            .map(|(_, value)| value.as_str())
    };
    let path = |name: &str| {
        flag(name)
            .map(PathBuf::from)
            .ok_or_else(|| format!("--{name} is missing"))
    };
    if scenes.is_empty() {
        scenes = shots::SCENES.to_vec();
    }
    let folder = path("into")?;
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let mut stopped = Vec::new();
    for dark in [false, true] {
        if flag("theme").is_some_and(|theme| (theme == "dark") != dark) {
            continue;
        }
        let album = Album {
            folder: folder.clone(),
            desktop: path("desktop")?,
            sim: path("sim")?,
            dark,
            scale: flag("scale").and_then(|scale| scale.parse().ok()).unwrap_or(1),
        };
        for scene in &scenes {
            match shots::take(&album, scene).await {
                Ok(()) => println!("  ✓ {scene}, {}", album.theme()),
                Err(what) => stopped.push(format!("{scene}, {}: {what}", album.theme())),
            }
        }
    }
    println!("The pictures are in {}.", folder.display());
    if stopped.is_empty() {
        Ok(())
    } else {
        Err(format!("Some scenes stopped:\n{}", stopped.join("\n")))
    }
}
