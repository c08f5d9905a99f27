//! What can go wrong between Levee and PostgreSQL, in words, and how to mend it.

use levee_app::journal::JournalError;
use tokio_postgres::error::SqlState;

/// Why the database cannot be used as asked.
#[derive(Debug, thiserror::Error)]
pub enum PostgresFault {
    /// The address cannot be read. It is not repeated: it may hold a password.
    #[error(
        "the address of the database cannot be read; it looks like `postgres://user@host/database` or `host=/folder/of/socket dbname=database`"
    )]
    Address(#[source] tokio_postgres::Error),
    /// Nobody answers, or answers "no".
    #[error("the database could not be reached; check that PostgreSQL runs there and that this user may connect")]
    Unreachable(#[source] tokio_postgres::Error),
    /// The connection could not even be set up on this side.
    #[error("this machine could not set up a connection")]
    System(#[source] std::io::Error),
    /// There is no journal.
    #[error("there is no journal in this database; make a city in it, or name the database of one")]
    Missing,
    /// There is one already.
    #[error("there is a journal in this database already; name an empty one")]
    Exists,
    /// The schema is somebody else's.
    #[error("the schema `levee` of this database is not a journal of Levee; it was left as it is")]
    NotAJournal,
    /// Texts would be changed on their way.
    #[error("the database keeps texts as {found}; make one with `CREATE DATABASE … ENCODING 'UTF8'`")]
    Encoding {
        /// Its encoding.
        found: String,
    },
    /// It was opened for reading, or the server is a standby.
    #[error("the journal can only be read: it was opened for reading, or the server is a standby")]
    ReadOnly,
    /// A part of the command was refused and the command went on as if it had not been.
    #[error("an event of the command was refused, so the command was not carried out")]
    Refused,
    /// A moment beyond the calendar.
    #[error("a moment lies beyond what the journal can hold (years -9999 to 9999)")]
    Moment,
    /// A number that the column cannot hold.
    #[error("a number is beyond what a column of the database holds")]
    Number,
    /// The connection went away before the commit; nothing was written.
    #[error("the connection was lost; nothing of the command was written, it can be sent again")]
    Lost(#[source] tokio_postgres::Error),
    /// The connection went away during the commit and nobody can be asked what became of it.
    #[error(
        "the connection was lost during the commit and could not be made again, so it is not known whether the command was kept; send it again with the same id when the database is back: it is never carried out twice"
    )]
    Unknown(#[source] tokio_postgres::Error),
    /// Two transactions were in each other's way.
    #[error("the database gave this transaction up in favour of another; nothing was written, it can be sent again")]
    Conflict(#[source] tokio_postgres::Error),
    /// An import into a store that is not empty.
    #[error("the journal already holds something; a copy goes into an empty one only")]
    NotEmpty,
    /// Anything else that PostgreSQL says.
    #[error("PostgreSQL could not do it")]
    Postgres(#[source] tokio_postgres::Error),
}

/// The error under which a fault leaves the store.
pub(super) fn store(place: &str, fault: impl std::error::Error + Send + Sync + 'static) -> JournalError {
    JournalError::Store { place: place.to_owned(), source: Box::new(fault) }
}

/// Whether the connection is gone, or the server is going. What was under way on it may or may not have been done.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => {
            // Class 08: connection exceptions; 57P01 to 57P05: the backend or the server was told to go.
            code.code().starts_with("08")
                || code.code().starts_with("57P")
                || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        }
        // An error that no server wrote: the connection is closed or its stream failed.
        None => error.is_closed() || has_io_source(error),
    }
}

fn has_io_source(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The error of a statement whose transaction is certainly not committed.
pub(super) fn postgres(place: &str, error: tokio_postgres::Error) -> JournalError {
    if is_lost(&error) {
        return store(place, PostgresFault::Lost(error));
    }
    match error.code() {
        Some(code) if *code == SqlState::DISK_FULL => JournalError::Full { place: place.to_owned() },
        Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE => JournalError::Busy { place: place.to_owned() },
        Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
            store(place, PostgresFault::Conflict(error))
        }
        Some(code) if *code == SqlState::READ_ONLY_SQL_TRANSACTION => store(place, PostgresFault::ReadOnly),
        _ => store(place, PostgresFault::Postgres(error)),
    }
}
