//! The files of the project, as git sees them, with what a rule reads of them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Folders that hold nothing written by us, for a tree without git.
const GENERATED: &[&str] = &[".git", "target", "node_modules", "dist", "dist-mock", "gen"];

/// One text file.
pub struct File {
    /// The path from the project's root, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    /// Makes a file that is not on disk, to plant a violation in.
    pub fn planted(path: &str, text: &str) -> File {
        File {
            path: path.into(),
            text: text.into(),
        }
    }

    /// Returns whether it lies under a folder and has an ending.
    pub fn is(&self, folder: &str, ending: &str) -> bool {
        self.path.starts_with(folder) && self.path.ends_with(ending)
    }

    /// Returns the Rust code without comments and without what is compiled for tests only.
    pub fn code(&self) -> String {
        let shipped = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = shipped.lines().map(|line| match line.find("//") {
            Some(at) if !line[..at].contains('"') => &line[..at],
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Reads every text file of the project.
pub fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut paths = listed(root).unwrap_or_else(|| walked(root, Path::new("")));
    paths.sort();
    let read = |path: String| {
        Some(File {
            text: fs::read_to_string(root.join(&path)).ok()?,
            path,
        })
    };
    let files: Vec<File> = paths.into_iter().filter_map(read).collect();
    assert!(
        files.iter().any(|file| file.path == "Cargo.toml"),
        "no files were found under {}",
        root.display()
    );
    files
}

/// Lists what git holds or would take, if this is a git tree.
fn listed(root: &Path) -> Option<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = git.output().ok().filter(|output| output.status.success())?;
    let paths = String::from_utf8(output.stdout).ok()?;
    Some(paths.split_terminator('\0').map(str::to_owned).collect())
}

/// Lists what lies under a folder.
fn walked(root: &Path, folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        let path: PathBuf = folder.join(&name);
        if !entry.path().is_dir() {
            paths.push(path.to_str().unwrap().to_owned());
        } else if !GENERATED.iter().any(|generated| name == *generated) {
            paths.extend(walked(root, &path));
        }
    }
    paths
}

#[test]
fn git_and_the_disk_list_the_same_kinds_of_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for path in walked(root, Path::new("xtask")) {
        assert!(
            listed(root).is_none_or(|listed| listed.contains(&path)),
            "{path} is not listed by git"
        );
    }
}

#[test]
fn comments_and_tests_are_no_code() {
    let file = File::planted(
        "a.rs",
        "use a; // b\nlet url = \"https://c\";\n#[cfg(test)]\nmod tests { use d; }",
    );
    assert_eq!(file.code(), "use a; \nlet url = \"https://c\";");
}
