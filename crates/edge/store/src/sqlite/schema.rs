//! The tables of the journal's file, and the way from each version of them to the next.

use super::fault;
use super::tables::Tables;
use super::{COLUMNS, fields};
use levee_app::event::NewEvent;
use levee_app::journal::JournalError;
use levee_app::projection;
use rusqlite::Connection;

/// Marks the file as a journal of Levee ("LeVe"), so that another database is not taken for one.
pub(super) const APPLICATION_ID: i32 = 0x4c65_5665;

/// Bytes of a page. 4, 8 and 16 KiB were about as fast (`bench/results/journal.md`); 16 KiB makes the fewest writes.
pub(super) const PAGE_BYTES: u32 = 16_384;

/// A step from one version of the tables to the next.
enum Step {
    /// The tables change.
    Tables(&'static str),
    /// What the projections hold changed: they are made again from the journal. Takes as long as a verification.
    Projections,
}

/// The n-th entry leads from version n to n + 1. Entries are added, never changed.
const MIGRATIONS: &[Step] = &[
    Step::Tables(
        "
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    command_id BLOB NOT NULL,
    envelope TEXT NOT NULL,
    occurred INTEGER NOT NULL,
    known_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE stream (
    name TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE command (
    command_id BLOB PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE projection (
    space INTEGER NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (space, key)
) STRICT, WITHOUT ROWID;
",
    ),
    // Obligations have a life of their own; before, the projections kept sums of them.
    Step::Projections,
    // Rows of the ledger are short bytes; before, they were JSON and numbers of eight bytes.
    Step::Projections,
];

/// The version of the tables that this Levee writes.
pub(super) const KNOWN: u32 = 3;

// A migration without its version, or a version without its migration, does not build.
const _: () = assert!(MIGRATIONS.len() == KNOWN as usize);

/// The version of a file's tables; 0 when it has none yet.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The application id of a file; 0 when nobody set one.
pub(super) fn application_id(connection: &Connection) -> rusqlite::Result<i32> {
    connection.query_row("PRAGMA application_id", [], |row| row.get(0))
}

/// Whether a file has no table yet.
pub(super) fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

/// Brings the tables from `from` to [`KNOWN`], all steps in one transaction.
pub(super) fn migrate(connection: &mut Connection, place: &str, from: u32) -> Result<(), JournalError> {
    let sqlite = |error| fault::sqlite(place, error);
    let steps = MIGRATIONS.get(from as usize..).unwrap_or_default();
    if steps.is_empty() {
        return Ok(());
    }
    let commit = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sqlite)?;
    for step in steps {
        if let Step::Tables(sql) = step {
            commit.execute_batch(sql).map_err(sqlite)?;
        }
    }
    // A new file has no event: there is nothing to make again.
    if from > 0 && steps.iter().any(|step| matches!(step, Step::Projections)) {
        projections(&commit, place)?;
    }
    commit.pragma_update(None, "application_id", APPLICATION_ID).map_err(sqlite)?;
    commit.pragma_update(None, "user_version", KNOWN).map_err(sqlite)?;
    commit.commit().map_err(sqlite)
}

/// Makes the projections again from the journal. An event that cannot be read stops it, and the file stays as it was.
fn projections(connection: &Connection, place: &str) -> Result<(), JournalError> {
    let sqlite = |error| fault::sqlite(place, error);
    connection.execute("DELETE FROM projection", []).map_err(sqlite)?;
    let mut onto = Tables::new(connection, place);
    let mut select = connection.prepare(&format!("SELECT {COLUMNS} FROM event ORDER BY position")).map_err(sqlite)?;
    let mut rows = select.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        let position = row.get(0).map_err(sqlite)?;
        let unreadable = |why: String| JournalError::Unreadable { position, why };
        let (fields, _) = fields(row).map_err(|error| unreadable(error.to_string()))?;
        let stored = fields.read().map_err(|error| unreadable(error.to_string()))?;
        let (stream, occurred, known_at) = (stored.stream, stored.occurred, stored.known_at);
        let new = NewEvent { stream, occurred, known_at, event: stored.event };
        projection::project(&mut onto, stored.position, &new)?;
    }
    onto.flush()
}
