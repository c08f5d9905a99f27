//! The journal in one SQLite file: `levee.db` in the city's folder.
//!
//! Write-ahead log, every commit synced to the disk before it is acknowledged. One process writes ([`SqliteJournal::open`]
//! holds the city's lock); others may read meanwhile ([`SqliteJournal::open_read_only`]). Opening reads a few pages,
//! however long the journal is.

mod commit;
mod fault;
mod group;
mod insert;
mod lock;
mod raw;
mod schema;
mod tables;
mod verify;

pub use fault::StoreFault;
pub(crate) use fault::is_full;
#[cfg(feature = "postgres")]
pub(crate) use verify::made_again;

use crate::group::{GroupStore, RunGroup};
use crate::record::Fields;
use group::Group;
use jiff::Timestamp;
use levee_app::event::{Position, StoredEvent, StreamName};
use levee_app::journal::{Each, EachRow, Journal, JournalError, Read, Receipt, Space, Verification, Work};
use levee_model::command::{CommandId, Envelope};
use lock::WriterLock;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};

/// The name of the journal's file in the city's folder.
pub const FILE: &str = "levee.db";

/// Pages that a connection keeps in memory, in KiB: the hot paths of a large city's trees, small beside an office PC.
const CACHE_KIB: i64 = 64 << 10;

/// The same of a connection that only reads: a server has a dozen of them, and pages that they miss the system still has.
const READER_CACHE_KIB: i64 = 24 << 10;

/// Pages of the write-ahead log before they are carried over into the file; 64 MiB.
const CHECKPOINT_PAGES: u32 = (64 << 20) / schema::PAGE_BYTES;

/// A city's journal on disk.
pub struct SqliteJournal {
    connection: Connection,
    /// The file, as errors name it.
    place: String,
    /// None when opened for reading.
    lock: Option<WriterLock>,
}

impl SqliteJournal {
    /// Makes the journal of a new city in `folder`, which must be there.
    pub fn create(folder: &Path) -> Result<Self, JournalError> {
        let (path, place) = named(folder);
        let lock = WriterLock::take(folder)?;
        // A file without tables is what a creation leaves that was cut off: it may be made again.
        let connection = connect(&path, &place, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let sqlite = |error| fault::sqlite(&place, error);
        if !schema::is_empty(&connection).map_err(sqlite)? {
            check(&connection, &place)?;
            return Err(fault::store(&place, StoreFault::Exists));
        }
        connection.pragma_update(None, "page_size", schema::PAGE_BYTES).map_err(sqlite)?;
        let journal = Self::ready(connection, place, lock, 0)?;
        let synced = std::fs::File::open(folder).and_then(|open| open.sync_all());
        synced
            .map_err(|source| fault::store(&journal.place, StoreFault::Folder { path: folder.to_owned(), source }))?;
        Ok(journal)
    }

    /// Opens the journal in `folder` for writing. Fails at once when another process has it open for writing.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let (path, place) = named(folder);
        present(folder, &path, &place)?;
        let lock = WriterLock::take(folder)?;
        let connection = connect(&path, &place, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let found = check(&connection, &place)?;
        Self::ready(connection, place, lock, found)
    }

    /// Opens the journal in `folder` for reading, whoever writes to it.
    pub fn open_read_only(folder: &Path) -> Result<Self, JournalError> {
        let (path, place) = named(folder);
        present(folder, &path, &place)?;
        let mut connection = connect(&path, &place, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if check(&connection, &place)? < schema::KNOWN {
            // What an earlier version kept must be brought up before anybody reads it; that only a writer may.
            drop(connection);
            drop(Self::open(folder)?);
            connection = connect(&path, &place, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        }
        tune(&connection, READER_CACHE_KIB).map_err(|error| fault::sqlite(&place, error))?;
        Ok(Self { connection, place, lock: None })
    }

    /// Closes the journal and leaves it as a single file that needs no log beside it, also where nobody may write.
    pub(crate) fn into_one_file(self) -> Result<(), JournalError> {
        let sqlite = |error| fault::sqlite(&self.place, error);
        self.connection.flush_prepared_statement_cache();
        self.connection.pragma_update(None, "journal_mode", "delete").map_err(sqlite)?;
        self.connection.close().map_err(|(_, error)| sqlite(error))?;
        let path = Path::new(&self.place);
        let synced = std::fs::File::open(path).and_then(|open| open.sync_all());
        synced.map_err(|source| fault::store(&self.place, StoreFault::Folder { path: path.to_owned(), source }))
    }

    fn ready(mut connection: Connection, place: String, lock: WriterLock, found: u32) -> Result<Self, JournalError> {
        let sqlite = |error| fault::sqlite(&place, error);
        connection.pragma_update(None, "journal_mode", "wal").map_err(sqlite)?;
        connection.pragma_update(None, "synchronous", "full").map_err(sqlite)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).map_err(sqlite)?;
        // After a bulk import the log is cut back to this size instead of keeping the import's.
        connection.pragma_update(None, "journal_size_limit", 64 << 20).map_err(sqlite)?;
        tune(&connection, CACHE_KIB).map_err(sqlite)?;
        schema::migrate(&mut connection, &place, found)?;
        Ok(Self { connection, place, lock: Some(lock) })
    }
}

fn named(folder: &Path) -> (PathBuf, String) {
    let path = folder.join(FILE);
    let place = path.display().to_string();
    (path, place)
}

fn present(folder: &Path, path: &Path, place: &str) -> Result<(), JournalError> {
    if crate::backup::restoring(folder) {
        return Err(fault::store(place, StoreFault::Missing));
    }
    match path.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(fault::store(place, StoreFault::Missing)),
        Err(source) => Err(fault::store(place, StoreFault::Folder { path: path.to_owned(), source })),
    }
}

fn connect(path: &Path, place: &str, flags: OpenFlags) -> Result<Connection, JournalError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| fault::sqlite(place, error))?;
    connection.set_prepared_statement_cache_capacity(32);
    // A reader may meet the moment in which the log is being carried over.
    connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(|error| fault::sqlite(place, error))?;
    Ok(connection)
}

/// The version of the tables, if they are ones that this Levee can read.
fn check(connection: &Connection, place: &str) -> Result<u32, JournalError> {
    let found = schema::version(connection).map_err(|error| fault::sqlite(place, error))?;
    match schema::application_id(connection).map_err(|error| fault::sqlite(place, error))? {
        schema::APPLICATION_ID if found > schema::KNOWN => {
            Err(JournalError::TooNew { place: place.to_owned(), found, known: schema::KNOWN })
        }
        schema::APPLICATION_ID => Ok(found),
        // Created and cut off before its tables were there.
        0 if schema::is_empty(connection).map_err(|error| fault::sqlite(place, error))? => {
            Err(fault::store(place, StoreFault::Missing))
        }
        _ => Err(fault::store(place, StoreFault::NotAJournal)),
    }
}

fn tune(connection: &Connection, cache_kib: i64) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "file")
}

/// The columns of an event that [`fields`] reads, in its order.
const COLUMNS: &str = "position, stream, sequence, kind, version, command_id, envelope, occurred, known_at, \
     recorded_at, body, hash";

/// The stored fields of an event, and its hash.
fn fields<'r>(row: &'r Row<'_>) -> rusqlite::Result<(Fields<'r>, &'r [u8])> {
    let bytes = |nth: usize| {
        let value = row.get_ref(nth)?;
        value
            .as_bytes()
            .map_err(|error| rusqlite::Error::FromSqlConversionFailure(nth, value.data_type(), Box::new(error)))
    };
    let fields = Fields {
        position: row.get(0)?,
        stream: bytes(1)?,
        sequence: row.get(2)?,
        kind: bytes(3)?,
        version: row.get(4)?,
        command: bytes(5)?,
        envelope: bytes(6)?,
        occurred: row.get(7)?,
        known_at: row.get(8)?,
        recorded_at: row.get(9)?,
        body: bytes(10)?,
    };
    Ok((fields, bytes(11)?))
}

impl Read for SqliteJournal {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        tables::get(&self.connection, space, key).map_err(|error| fault::sqlite(&self.place, error))
    }

    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        tables::scan(&self.connection, space, from, to, each).map_err(|error| fault::sqlite(&self.place, error))
    }
}

/// The receipt of a command, if it was carried out.
fn receipt(connection: &Connection, place: &str, command: CommandId) -> Result<Option<Receipt>, JournalError> {
    connection
        .prepare_cached("SELECT first, last FROM command WHERE command_id = ?1")
        .and_then(|mut select| {
            let row = |row: &Row<'_>| {
                let (first, last) = (Position(row.get(0)?), Position(row.get(1)?));
                Ok(Receipt { command_id: command, first, last, repeated: true })
            };
            select.query_row([command.uuid().as_bytes()], row).optional()
        })
        .map_err(|error| fault::sqlite(place, error))
}

/// The last committed position; 0 when empty.
fn last(connection: &Connection, place: &str) -> Result<Position, JournalError> {
    connection
        .prepare_cached("SELECT max(position) FROM event")
        .and_then(|mut select| select.query_row([], |row| row.get::<_, Option<u64>>(0)))
        .map(|last| Position(last.unwrap_or(0)))
        .map_err(|error| fault::sqlite(place, error))
}

/// The committed head of every chain, by name.
fn heads(connection: &Connection, place: &str) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
    let sqlite = |error| fault::sqlite(place, error);
    let mut select =
        connection.prepare_cached("SELECT name, sequence, hash FROM stream ORDER BY name").map_err(sqlite)?;
    let mut rows = select.query([]).map_err(sqlite)?;
    let mut heads = Vec::new();
    while let Some(row) = rows.next().map_err(sqlite)? {
        let name: String = row.get(0).map_err(sqlite)?;
        let name: StreamName = name.parse().map_err(|error| fault::store(place, error))?;
        heads.push((name, row.get(1).map_err(sqlite)?, row.get(2).map_err(sqlite)?));
    }
    Ok(heads)
}

impl GroupStore for SqliteJournal {
    fn group(&mut self, run: RunGroup<'_>) -> Result<(), JournalError> {
        if self.lock.is_none() {
            return Err(fault::store(&self.place, StoreFault::ReadOnly));
        }
        let sqlite = |error| fault::sqlite(&self.place, error);
        // Rolls back when dropped: on an error, and while a panic in a command unwinds.
        let whole = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate).map_err(sqlite)?;
        let mut group = Group::begin(&self.connection, &self.place)?;
        run(&mut group);
        group.finish()?;
        whole.commit().map_err(sqlite)
    }
}

impl Journal for SqliteJournal {
    fn transact(&mut self, envelope: &Envelope, now: Timestamp, work: Work<'_>) -> Result<Receipt, JournalError> {
        let mut done = None;
        let committed = self.group(&mut |group| done = Some(group.transact(envelope, now, &mut *work)));
        match (done, committed) {
            (Some(Ok(receipt)), Ok(())) => Ok(receipt),
            // Its own error says more than that of the transaction.
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(fault::store(&self.place, StoreFault::RolledBack)),
        }
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, JournalError> {
        receipt(&self.connection, &self.place, command)
    }

    fn events(&self, after: Position, each: Each<'_, StoredEvent>) -> Result<(), JournalError> {
        let sqlite = |error| fault::sqlite(&self.place, error);
        let after = i64::try_from(after.0).unwrap_or(i64::MAX);
        let mut select = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM event WHERE position > ?1 ORDER BY position"))
            .map_err(sqlite)?;
        let mut rows = select.query(params![after]).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            let position = row.get(0).map_err(sqlite)?;
            let unreadable = |why: String| JournalError::Unreadable { position, why };
            let (fields, _) = fields(row).map_err(|error| unreadable(error.to_string()))?;
            if each(fields.read().map_err(|error| unreadable(error.to_string()))?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn last(&self) -> Result<Position, JournalError> {
        last(&self.connection, &self.place)
    }

    fn heads(&self) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        heads(&self.connection, &self.place)
    }

    fn verify(&self) -> Result<Verification, JournalError> {
        verify::verify(&self.connection, &self.place)
    }
}
