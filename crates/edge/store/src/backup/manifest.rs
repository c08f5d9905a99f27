//! The manifest of a backup: what it holds, byte for byte, and what it leaves out on purpose.

use super::BackupError;
use super::files::{io_error, write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The name of the manifest in a backup.
pub const MANIFEST: &str = "backup.json";

/// The format that this Levee writes.
const FORMAT: &str = "levee.backup/1";

/// A file of the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its path within the backup, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its bytes, in hex.
    pub blake3: String,
}

/// The head of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Its name.
    pub stream: String,
    /// How many events it has.
    pub sequence: u64,
    /// The hash of its last one, in hex.
    pub hash: String,
}

/// What a reader must know about keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// The name of the city's key; none when the city has no blob store.
    pub name: Option<String>,
    /// Where it is expected.
    pub expected: String,
    /// What is to be done with erasures.
    pub erasures: String,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `levee.backup/1`.
    pub format: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The city's id, as its settings say; none when they cannot be read.
    pub city: Option<String>,
    /// The hash of the city's first event, in hex: the same for all backups of a city.
    pub founded: String,
    /// The last position of the journal.
    pub last: u64,
    /// When its last event was recorded.
    pub last_recorded_at: Timestamp,
    /// Receipts.
    pub commands: u64,
    /// The heads of all chains.
    pub heads: Vec<Chain>,
    /// No key is in a backup; this says where they are.
    pub keys: Keys,
    /// Blobs that the journal names and the city itself does not have any more.
    pub missing_blobs: Vec<String>,
    /// Every file but this one.
    pub files: Vec<FileEntry>,
}

impl Manifest {
    pub(super) fn format() -> String {
        FORMAT.to_owned()
    }

    /// The words on keys.
    pub(super) fn keys(name: Option<String>) -> Keys {
        let file = name.as_ref().map_or_else(|| "the key file".to_owned(), |name| format!("the key `{name}`"));
        Keys {
            expected: format!(
                "{file} is not in this backup; it is expected in the folder for keys (LEVEE_KEYS, or levee/keys under XDG_DATA_HOME or ~/.local/share)"
            ),
            erasures: "after a restore the erasure list `erased` in the folder for keys is applied again before anything is read".to_owned(),
            name,
        }
    }

    /// Reads the manifest of a file, which must be there.
    pub(super) fn read(path: &Path) -> Result<Self, BackupError> {
        let bad = |why: String| BackupError::BadManifest { path: path.to_owned(), why };
        let bytes = std::fs::read(path).map_err(|source| io_error(path, source))?;
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
        match value.get("format").and_then(serde_json::Value::as_str) {
            Some(FORMAT) => serde_json::from_value(value).map_err(|error| bad(error.to_string())),
            Some(found) if found.starts_with("levee.backup/") => {
                Err(BackupError::Newer { path: path.to_owned(), found: found.to_owned() })
            }
            _ => Err(bad("it does not say that it is one".to_owned())),
        }
    }

    /// Writes it, durable under its name.
    pub(super) fn write(&self, path: &Path) -> Result<(), BackupError> {
        let write_json = |to: &mut dyn std::io::Write| {
            serde_json::to_writer_pretty(&mut *to, self).map_err(std::io::Error::from)?;
            to.write_all(b"\n")
        };
        write(path, write_json, |source| io_error(path, source))
    }
}
