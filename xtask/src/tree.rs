//! Where the repository lies, and which files it holds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The root of the repository that this chore was started from.
pub fn root() -> Result<PathBuf> {
    // `cargo run` says where the package lies now; the compiled-in place serves a binary that is started by hand.
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    let root = package.parent().context("the xtask package has no folder above it")?;
    ensure!(root.join("Cargo.lock").is_file(), "{} is not the root of the workspace: no Cargo.lock", root.display());
    Ok(root.to_path_buf())
}

/// One text file of the repository.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Path from the root, with `/`.
    pub path: String,
    /// The content.
    pub text: String,
}

/// All files of the repository, tracked or about to be; what git ignores is left out.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Files that are UTF-8.
    pub texts: Vec<TextFile>,
    /// Every path, texts and others, sorted.
    pub paths: Vec<String>,
}

impl Tree {
    /// Reads the files that git knows or would add.
    pub fn read(root: &Path) -> Result<Self> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("could not start git; it says which files belong to the repository")?;
        ensure!(listed.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr).trim());
        let mut paths: Vec<String> = String::from_utf8_lossy(&listed.stdout)
            .split('\0')
            .filter(|path| !path.is_empty() && root.join(path).is_file())
            .map(String::from)
            .collect();
        paths.sort();
        paths.dedup();
        let mut texts = Vec::new();
        for path in &paths {
            let bytes = fs::read(root.join(path)).with_context(|| format!("could not read {path}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                texts.push(TextFile { path: path.clone(), text });
            }
        }
        Ok(Self { texts, paths })
    }

    /// The text of one file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    /// The text files whose name ends so.
    pub fn ending<'t>(&'t self, end: &'t str) -> impl Iterator<Item = &'t TextFile> {
        self.texts.iter().filter(move |file| file.path.ends_with(end))
    }
}
