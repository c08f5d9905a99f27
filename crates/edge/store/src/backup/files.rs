//! Files of a backup: copied, digested, named and made durable.

use super::BackupError;
use super::manifest::FileEntry;
use crate::sqlite::is_full;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::Path;

/// The error of a file or folder.
pub(super) fn io_error(path: &Path, source: io::Error) -> BackupError {
    let path = path.to_owned();
    if is_full(&source) { BackupError::Full { path } } else { BackupError::Io { path, source } }
}

/// Length and digest of a file; none when it is not there.
pub(super) fn digest(path: &Path) -> Result<Option<(u64, blake3::Hash)>, BackupError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error(path, error)),
    };
    let mut hasher = blake3::Hasher::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(Some((hasher.count(), hasher.finalize()))),
            Ok(length) => hasher.update(piece.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(io_error(path, error)),
        };
    }
}

/// The entry of a file that is there.
pub(super) fn entry(root: &Path, name: &str) -> Result<FileEntry, BackupError> {
    let path = root.join(name);
    let (bytes, digest) = digest(&path)?.ok_or_else(|| BackupError::FileMissing { path })?;
    Ok(FileEntry { path: name.to_owned(), bytes, blake3: digest.to_hex().to_string() })
}

/// A folder that only its owner may read, with all that lead to it.
pub(super) fn private_folder(folder: &Path) -> Result<(), BackupError> {
    crate::keys::private_folder(folder).map_err(|source| io_error(folder, source))
}

/// Writes a new file that only its owner may read, whole and durable under its name; `by` gives its bytes.
pub(super) fn write<E>(
    path: &Path,
    by: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    error: impl FnOnce(E) -> BackupError,
) -> Result<(), BackupError> {
    let temporary = path.with_extension("tmp");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&temporary).map_err(|source| io_error(&temporary, source))?;
    let mut to = io::BufWriter::with_capacity(256 << 10, file);
    by(&mut to).map_err(error)?;
    let synced = to.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
    synced.map_err(|source| io_error(&temporary, source))?;
    rename(&temporary, path)
}

/// Copies a file, durable under its name.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut source = File::open(from).map_err(|source| io_error(from, source))?;
    write(to, |to| io::copy(&mut source, to).map(|_| ()), |source| io_error(to, source))
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), BackupError> {
    std::fs::rename(from, to).map_err(|source| io_error(to, source))
}

/// Removes a file that need not be there.
pub(super) fn remove(path: &Path) -> Result<(), BackupError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(path, error)),
        _ => Ok(()),
    }
}

/// Removes a folder that need not be there.
pub(super) fn remove_folder(folder: &Path) -> Result<(), BackupError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(folder, error)),
        _ => Ok(()),
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|open| open.sync_all()).map_err(|source| io_error(folder, source))
}
