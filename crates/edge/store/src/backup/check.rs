//! Whether a folder is a whole backup, found out without any key.

use super::BackupError;
use super::files::digest;
use super::make::hex;
use super::manifest::{MANIFEST, Manifest};
use crate::sqlite::{FILE, SqliteJournal};
use levee_app::journal::Journal as _;
use std::path::{Component, Path, PathBuf};

/// Where the next backup is made.
pub(super) const NEXT: &str = "next";

/// A backup and where its files are.
pub(super) struct Located {
    root: PathBuf,
    /// Whether it was cut off while it took its place: then its files may still be in `next`.
    pub(super) moving: bool,
    pub(super) manifest: Manifest,
}

impl Located {
    /// Where a file of the backup is.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        let next = self.root.join(NEXT).join(name);
        if self.moving && next.exists() { next } else { self.root.join(name) }
    }

    /// The journal, opened to be read.
    pub(super) fn journal(&self) -> Result<SqliteJournal, BackupError> {
        let path = self.path(FILE);
        let folder = path.parent().unwrap_or(&self.root);
        SqliteJournal::open_read_only(folder).map_err(BackupError::Journal)
    }

    /// Looks at every file.
    pub(super) fn check(&self) -> Result<(), BackupError> {
        for file in &self.manifest.files {
            let path = self.path(&file.path);
            let (bytes, found) = digest(&path)?.ok_or_else(|| BackupError::FileMissing { path: path.clone() })?;
            if bytes != file.bytes {
                return Err(BackupError::FileLength { path, found: bytes, expected: file.bytes });
            }
            if found.to_hex().as_str() != file.blake3 {
                return Err(BackupError::FileChanged { path });
            }
        }
        let journal = self.journal()?;
        if journal.last().map_err(BackupError::Journal)?.0 != self.manifest.last {
            return Err(BackupError::Differs { what: "the last position" });
        }
        let heads = journal.heads().map_err(BackupError::Journal)?;
        let same = heads.len() == self.manifest.heads.len()
            && heads.iter().zip(&self.manifest.heads).all(|((stream, sequence, hash), head)| {
                stream.as_str() == head.stream && *sequence == head.sequence && hex(*hash) == head.hash
            });
        if same { Ok(()) } else { Err(BackupError::Differs { what: "the heads of the chains" }) }
    }
}

/// Finds the manifest of the backup in `folder`.
pub(super) fn locate(folder: &Path) -> Result<Located, BackupError> {
    let (here, next) = (folder.join(MANIFEST), folder.join(NEXT).join(MANIFEST));
    let (path, moving) = match (here.exists(), next.exists()) {
        (true, _) => (here, false),
        (false, true) => (next, true),
        (false, false) => return Err(BackupError::NoManifest { folder: folder.to_owned() }),
    };
    let manifest = Manifest::read(&path)?;
    let within = |name: &str| {
        let mut parts = Path::new(name).components().peekable();
        parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
    };
    if let Some(file) = manifest.files.iter().find(|file| !within(&file.path)) {
        let why = format!("it names `{}`, which is not within the backup", file.path);
        return Err(BackupError::BadManifest { path, why });
    }
    if !manifest.files.iter().any(|file| file.path == FILE) {
        return Err(BackupError::BadManifest { path, why: format!("it names no {FILE}") });
    }
    Ok(Located { root: folder.to_owned(), moving, manifest })
}

/// Checks the backup in `folder`: the manifest, the length and the digest of every file, and that the journal ends where
/// the manifest says. Needs no key, and writes nothing.
pub fn check(folder: &Path) -> Result<Manifest, BackupError> {
    let located = locate(folder)?;
    located.check()?;
    Ok(located.manifest)
}
