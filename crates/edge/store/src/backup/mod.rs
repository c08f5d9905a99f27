//! Backups: made while the city is at work, checked without its key, restored to any moment that they reach.
//!
//! ```text
//! <backup>/backup.json    the manifest, written last: a folder without it is no backup
//! <backup>/levee.db       the journal as it stood at one moment
//! <backup>/blobs/         every blob that the journal names, sealed as it is, and KEY, the name of the key
//! <backup>/vault.db       sealed personal records, if the city has any
//! <backup>/next/          what is being made; it takes its place when it is whole
//! ```
//!
//! **No key is ever in a backup.** Without the key file its blobs cannot be read, so the key file is kept elsewhere, and
//! not with the backup. After a restore the erasure list in the folder for keys is applied again: [`after_restore`].
//!
//! A backup into a folder that has one of the same city replaces it, and keeps the blobs that are there. A backup that is
//! cut off leaves the one before it as it was. Questions and answers: `docs/design/backup.md`.

mod check;
mod files;
mod make;
mod manifest;
mod restore;
mod sealed;

pub use check::check;
pub use make::{backup, backup_from};
pub use manifest::{Chain, FileEntry, Keys, MANIFEST, Manifest};
pub(crate) use restore::restoring;
pub use restore::{Restored, Until, after_restore, restore};
pub use sealed::{SealedBlobs, SealedFolder};

use levee_app::blob::BlobError;
use levee_app::journal::JournalError;
use std::path::PathBuf;

/// The file of sealed personal records in a city's folder.
const VAULT: &str = "vault.db";

/// Why a backup could not be made, is none, or could not be restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no manifest.
    #[error("{} is not a whole backup: it has no {MANIFEST}, which is written last; make it again", folder.display())]
    NoManifest {
        /// The folder.
        folder: PathBuf,
    },
    /// The manifest cannot be read.
    #[error("{} cannot be read as the manifest of a backup: {why}; use another backup", path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The manifest is of a later version.
    #[error("{} is of the format `{found}`, which this Levee does not read; upgrade Levee", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: String,
    },
    /// A file of the backup is missing.
    #[error("the backup is not whole: {} is missing; use another backup", path.display())]
    FileMissing {
        /// The file.
        path: PathBuf,
    },
    /// A file of the backup has another length.
    #[error("the backup is damaged: {} has {found} bytes and was written with {expected}; use another backup", path.display())]
    FileLength {
        /// The file.
        path: PathBuf,
        /// Its length.
        found: u64,
        /// What the manifest says.
        expected: u64,
    },
    /// A file of the backup has other bytes.
    #[error("the backup is damaged: {} does not have the bytes that were written; use another backup", path.display())]
    FileChanged {
        /// The file.
        path: PathBuf,
    },
    /// The journal of the backup is not the one that the manifest names.
    #[error("the backup does not hold together: its journal and its manifest differ in {what}; use another backup")]
    Differs {
        /// In what.
        what: &'static str,
    },
    /// The backup ends earlier.
    #[error("the backup ends at position {last}, so it cannot be restored to position {asked}")]
    Beyond {
        /// What was asked for.
        asked: u64,
        /// Where it ends.
        last: u64,
    },
    /// The target is in use.
    #[error("{} is not empty; name a folder that is not there yet", folder.display())]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds the backup of another city, or something else.
    #[error("{} holds the backup of another city, or something that is no backup; name another folder", folder.display())]
    NotOurs {
        /// The folder.
        folder: PathBuf,
    },
    /// Another backup is being made into the folder.
    #[error("another backup is being made into {}; wait until it is done", folder.display())]
    Running {
        /// The folder.
        folder: PathBuf,
    },
    /// The city was not founded by then.
    #[error("by then the city was not founded; name a later moment or position")]
    BeforeTheCity,
    /// The city has no event yet.
    #[error("the journal is empty: there is nothing to back up")]
    Nothing,
    /// The journal could not be copied.
    #[error("the journal could not be copied")]
    Journal(#[source] JournalError),
    /// A blob could not be copied.
    #[error("a blob could not be copied")]
    Blob(#[source] BlobError),
    /// The vault's records could not be copied, or the erasures not be applied.
    #[error("the vault could not be copied or opened")]
    Vault(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk is full.
    #[error("the disk is full while writing {}", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Reading or writing failed.
    #[error("could not read or write {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
