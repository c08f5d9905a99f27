//! One writer per city: an operating-system lock that ends with its process, however that dies.

use super::fault::{self, StoreFault};
use levee_app::journal::JournalError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

/// Held as long as the city may be written to.
pub(super) struct WriterLock {
    /// Never read: the lock lives as long as the open file.
    _file: File,
}

impl WriterLock {
    /// Takes the lock of the city in `folder`, or says who has it.
    pub(super) fn take(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join("levee.lock");
        let fail =
            |source| fault::store(&path.display().to_string(), StoreFault::Folder { path: path.clone(), source });
        let mut file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it is a courtesy; that somebody does is known without.
                let _ = file.read_to_string(&mut holder);
                let place = match holder.trim() {
                    "" => folder.display().to_string(),
                    pid => format!("{} (process {pid})", folder.display()),
                };
                return Err(JournalError::Busy { place });
            }
            Err(TryLockError::Error(source)) => return Err(fail(source)),
        }
        let note = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        match note {
            // On a full disk the city must still open, if only to be looked at and cleared up.
            Err(error) if !fault::is_full(&error) => Err(fail(error)),
            _ => Ok(Self { _file: file }),
        }
    }
}
