//! Sign-ins in the journal's database, for several servers: one that signs somebody out signs them out everywhere.

use crate::postgres::Asked;
use levee_app::access::{AccessError, AccessRecords, Kept, RecordKind};
use levee_app::journal::JournalError;
use std::sync::{Mutex, MutexGuard, PoisonError};

const MAKE: &str = "CREATE SCHEMA IF NOT EXISTS levee_access;
CREATE TABLE IF NOT EXISTS levee_access.record (
    kind smallint NOT NULL, key text NOT NULL, version bigint NOT NULL, value bytea NOT NULL, PRIMARY KEY (kind, key))";
const GET: &str = "SELECT value, version FROM levee_access.record WHERE kind = $1 AND key = $2";
const ADD: &str =
    "INSERT INTO levee_access.record (kind, key, version, value) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING";
const CHANGE: &str =
    "UPDATE levee_access.record SET value = $3, version = $4 + 1 WHERE kind = $1 AND key = $2 AND version = $4";
const FORGET: &str = "DELETE FROM levee_access.record WHERE kind = $1 AND key = $2";
const ALL: &str = "SELECT key, value, version FROM levee_access.record WHERE kind = $1 ORDER BY key";

/// Sign-ins in PostgreSQL.
pub struct PostgresAccess {
    database: Mutex<Asked>,
}

impl PostgresAccess {
    /// Opens them in the database at `address`, and makes their table where there is none.
    ///
    /// # Errors
    /// The database cannot be reached or written.
    pub fn open(address: &str) -> Result<Self, AccessError> {
        let database = Asked::open(address).map_err(failed)?;
        // Two servers that start at once may both try: the one that comes second finds it made.
        if let Err(error) = database.batch(MAKE) {
            database.batch(MAKE).map_err(|_| failed(error))?;
        }
        Ok(Self { database: Mutex::new(database) })
    }

    fn database(&self) -> MutexGuard<'_, Asked> {
        self.database.lock().unwrap_or_else(|poisoned| {
            let database = PoisonError::into_inner(poisoned);
            database.forget();
            database
        })
    }
}

fn failed(error: JournalError) -> AccessError {
    AccessError::Store { place: "in PostgreSQL".to_owned(), source: Box::new(error) }
}

fn kind_of(kind: RecordKind) -> i16 {
    i16::from(kind as u8)
}

fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

fn kept(value: Vec<u8>, version: i64) -> Kept {
    Kept { value, version: u64::try_from(version).unwrap_or(0) }
}

impl AccessRecords for PostgresAccess {
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Kept>, AccessError> {
        let rows = self.database().query(GET, &[&kind_of(kind), &key]).map_err(failed)?;
        let row = |row: &tokio_postgres::Row| Ok(kept(row.try_get(0)?, row.try_get(1)?));
        rows.first().map(row).transpose().map_err(|error: tokio_postgres::Error| AccessError::Store {
            place: "in PostgreSQL".to_owned(),
            source: Box::new(error),
        })
    }

    fn put(&self, kind: RecordKind, key: &str, value: &[u8], instead_of: u64) -> Result<(), AccessError> {
        let database = self.database();
        let changed = if instead_of == 0 {
            database.execute(ADD, &[&kind_of(kind), &key, &value])
        } else {
            database.execute(CHANGE, &[&kind_of(kind), &key, &value, &signed(instead_of)])
        };
        if changed.map_err(failed)? == 1 { Ok(()) } else { Err(AccessError::Changed) }
    }

    fn forget(&self, kind: RecordKind, key: &str) -> Result<(), AccessError> {
        self.database().execute(FORGET, &[&kind_of(kind), &key]).map(drop).map_err(failed)
    }

    fn all(&self, kind: RecordKind) -> Result<Vec<(String, Kept)>, AccessError> {
        let rows = self.database().query(ALL, &[&kind_of(kind)]).map_err(failed)?;
        let row = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, kept(row.try_get(1)?, row.try_get(2)?)));
        rows.iter()
            .map(row)
            .collect::<Result<_, tokio_postgres::Error>>()
            .map_err(|error| AccessError::Store { place: "in PostgreSQL".to_owned(), source: Box::new(error) })
    }
}
