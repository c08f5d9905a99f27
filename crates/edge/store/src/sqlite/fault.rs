//! What can be wrong with the file, in words, and how to mend it.

use levee_app::journal::JournalError;
use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why the journal's file cannot be used as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// There is no file.
    #[error("there is no journal here; make a city with `levee init`, or name the folder of one")]
    Missing,
    /// There is one already.
    #[error("there is a journal here already; name an empty folder")]
    Exists,
    /// The file is something else.
    #[error("the file is not a journal of Levee; it was left as it is")]
    NotAJournal,
    /// It was opened for reading.
    #[error("the journal was opened for reading only")]
    ReadOnly,
    /// A part of the command was refused and the command went on as if it had not been.
    #[error("an event of the command was refused, so the command was not carried out")]
    Refused,
    /// The transaction did not last to its end.
    #[error("the database took the transaction back")]
    RolledBack,
    /// The transaction that the command shared with others failed; the first of them knows more.
    #[error("what was to be committed together failed: {why}")]
    Shared {
        /// What the database said.
        why: String,
    },
    /// A moment beyond the calendar.
    #[error("a moment lies beyond what the journal can hold (years -9999 to 9999)")]
    Moment,
    /// The file is damaged.
    #[error(
        "the file is damaged; keep a copy of it, run `levee journal verify` to see which events are hurt, and restore the last backup"
    )]
    Damaged(#[source] rusqlite::Error),
    /// The folder or its lock could not be used.
    #[error("could not use {}", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Anything else that SQLite says.
    #[error("SQLite could not do it")]
    Sqlite(#[source] rusqlite::Error),
}

/// The error under which a fault leaves the store.
pub(super) fn store(place: &str, fault: impl std::error::Error + Send + Sync + 'static) -> JournalError {
    JournalError::Store { place: place.to_owned(), source: Box::new(fault) }
}

/// ENOSPC, EFBIG, EDQUOT: the disk, the largest file, or the quota is full.
pub(crate) fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | FileTooLarge | QuotaExceeded)
}

/// The error of a call to SQLite. To be made right after the call, while the system's last error is still its own.
pub(super) fn sqlite(place: &str, error: rusqlite::Error) -> JournalError {
    let system = std::io::Error::last_os_error();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => JournalError::Full { place: place.to_owned() },
        // A write beyond the largest file or the quota is a plain I/O error to SQLite.
        Some(ErrorCode::SystemIoFailure) if is_full(&system) => JournalError::Full { place: place.to_owned() },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::Busy { place: place.to_owned() },
        Some(ErrorCode::DatabaseCorrupt) => store(place, StoreFault::Damaged(error)),
        Some(ErrorCode::NotADatabase) => store(place, StoreFault::NotAJournal),
        _ => store(place, StoreFault::Sqlite(error)),
    }
}
