//! The vault: personal data under a key for each person.
//!
//! ```text
//! <keys>/<name of the city's key>/subjects     a key for each person, wrapped by the city's key, in slots of 128 bytes
//! <keys>/<name of the city's key>/erased       the erasure list: a pseudonym per line, only ever added to
//! <city>/vault.db                              the records, sealed under the persons' keys
//! ```
//!
//! Erasing somebody puts them on the list, overwrites their slot where it lies, and removes the record; each step is on the
//! disk before the next. A record that comes back with a backup has no key; a key that comes back is destroyed when the
//! vault is opened, because its owner is on the list. Why slots and no database for keys: `docs/design/vault.md`.

mod erased;
mod keys;
mod memory;
mod records;
mod seal;
mod sealed;

pub use memory::MemoryVault;
pub use records::{SealedRecord, SealedRecords, SqliteRecords, VAULT_FILE};
pub use sealed::{FolderVault, SealedVault, VaultOpenError};

use levee_app::vault::VaultError;
use levee_model::subject::Pseudonym;
use std::io;
use std::path::Path;

/// A pseudonym for somebody new, from the system's random source.
pub fn random_pseudonym() -> Result<Pseudonym, VaultError> {
    Ok(Pseudonym::from_random(random()?))
}

fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| VaultError::Random { why: error.to_string() })?;
    Ok(bytes)
}

fn io_error(path: &Path, source: io::Error) -> VaultError {
    let place = path.display().to_string();
    if crate::sqlite::is_full(&source) { VaultError::Full { place } } else { VaultError::Io { place, source } }
}

/// Opens a file that only its owner may read; for writing it is made when it is not there.
fn private_file(path: &Path, write: bool) -> Result<std::fs::File, VaultError> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(write).create(write).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| io_error(path, source))
}
