//! Sign-ins in a file of the city's folder, which only its owner may read.

use levee_app::access::{AccessError, AccessRecords, Kept, RecordKind};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The name of the file in the city's folder.
pub const FILE: &str = "access.db";

/// How long one process waits while another writes.
const BUSY: Duration = Duration::from_secs(5);

/// Sign-ins on disk.
pub struct SqliteAccess {
    connection: Mutex<Connection>,
    place: String,
}

impl SqliteAccess {
    /// Opens the file in `folder`, and makes it where there is none.
    ///
    /// # Errors
    /// The file cannot be made or read.
    pub fn open(folder: &Path) -> Result<Self, AccessError> {
        let path = folder.join(FILE);
        let place = path.display().to_string();
        let failed =
            |source: Box<dyn std::error::Error + Send + Sync>| AccessError::Store { place: place.clone(), source };
        private(&path).map_err(|error| failed(Box::new(error)))?;
        let open = || {
            let connection = Connection::open(&path)?;
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS record (
                    kind INTEGER NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, value BLOB NOT NULL,
                    PRIMARY KEY (kind, key)
                 ) STRICT, WITHOUT ROWID",
            )?;
            Ok(connection)
        };
        let connection = open().map_err(|error: rusqlite::Error| failed(Box::new(error)))?;
        Ok(Self { connection: Mutex::new(connection), place })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, error: rusqlite::Error) -> AccessError {
        AccessError::Store { place: self.place.clone(), source: Box::new(error) }
    }
}

/// Makes the file, if it is not there, so that only its owner may read it.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

impl AccessRecords for SqliteAccess {
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Kept>, AccessError> {
        self.connection()
            .prepare_cached("SELECT value, version FROM record WHERE kind = ?1 AND key = ?2")
            .and_then(|mut select| {
                select
                    .query_row(params![kind as u8, key], |row| Ok(Kept { value: row.get(0)?, version: row.get(1)? }))
                    .optional()
            })
            .map_err(|error| self.failed(error))
    }

    fn put(&self, kind: RecordKind, key: &str, value: &[u8], instead_of: u64) -> Result<(), AccessError> {
        let sql = if instead_of == 0 {
            "INSERT INTO record (kind, key, version, value) VALUES (?1, ?2, ?3 + 1, ?4) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE record SET value = ?4, version = ?3 + 1 WHERE kind = ?1 AND key = ?2 AND version = ?3"
        };
        let changed = self
            .connection()
            .prepare_cached(sql)
            .and_then(|mut put| put.execute(params![kind as u8, key, instead_of, value]))
            .map_err(|error| self.failed(error))?;
        if changed == 1 { Ok(()) } else { Err(AccessError::Changed) }
    }

    fn forget(&self, kind: RecordKind, key: &str) -> Result<(), AccessError> {
        self.connection()
            .prepare_cached("DELETE FROM record WHERE kind = ?1 AND key = ?2")
            .and_then(|mut delete| delete.execute(params![kind as u8, key]))
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    fn all(&self, kind: RecordKind) -> Result<Vec<(String, Kept)>, AccessError> {
        self.connection()
            .prepare_cached("SELECT key, value, version FROM record WHERE kind = ?1 ORDER BY key")
            .and_then(|mut select| {
                let row =
                    |row: &rusqlite::Row<'_>| Ok((row.get(0)?, Kept { value: row.get(1)?, version: row.get(2)? }));
                select.query_map([kind as u8], row)?.collect()
            })
            .map_err(|error| self.failed(error))
    }
}
