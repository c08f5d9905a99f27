//! The tables of the journal's file, and the way from each version of them to the next.

use rusqlite::Connection;

/// Marks the file as a journal of Levee ("LeVe"), so that another database is not taken for one.
pub(super) const APPLICATION_ID: i32 = 0x4c65_5665;

/// Bytes of a page. 4, 8 and 16 KiB were about as fast (`bench/results/journal.md`); 16 KiB makes the fewest writes.
pub(super) const PAGE_BYTES: u32 = 16_384;

/// The n-th entry leads from version n to n + 1. Entries are added, never changed.
const MIGRATIONS: &[&str] = &["
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
"];

/// The version of the tables that this Levee writes.
pub(super) const KNOWN: u32 = 1;

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
pub(super) fn migrate(connection: &mut Connection, from: u32) -> rusqlite::Result<()> {
    let steps = MIGRATIONS.get(from as usize..).unwrap_or_default();
    if steps.is_empty() {
        return Ok(());
    }
    let commit = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for step in steps {
        commit.execute_batch(step)?;
    }
    commit.pragma_update(None, "application_id", APPLICATION_ID)?;
    commit.pragma_update(None, "user_version", KNOWN)?;
    commit.commit()
}
