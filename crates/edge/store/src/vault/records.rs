//! Where sealed records lie: a table of pseudonyms and bytes. A city on a database server keeps the same table there.

use levee_app::vault::VaultError;
use levee_model::subject::Pseudonym;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params};
use std::path::Path;

/// A record as it lies in a store; nothing can be read in it without the person's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRecord {
    /// How often the person's record was sealed; part of what it is sealed for.
    pub revision: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Keeps sealed records. It needs no secrecy of its own: no key ever comes here.
pub trait SealedRecords {
    /// Sets the records of these people, all or none; durable when it returns.
    fn put(&mut self, records: &[(Pseudonym, SealedRecord)]) -> Result<(), VaultError>;
    /// Somebody's record.
    fn get(&self, subject: Pseudonym) -> Result<Option<SealedRecord>, VaultError>;
    /// Removes the records of these people; they need not be there.
    fn remove(&mut self, subjects: &[Pseudonym]) -> Result<(), VaultError>;
}

/// The name of the file in the city's folder.
pub const VAULT_FILE: &str = "vault.db";

/// Marks the file as a vault of Levee ("LeVv").
const APPLICATION_ID: i32 = 0x4c65_5676;

/// The version of its table.
const KNOWN: u32 = 1;

/// Records in one SQLite file in the city's folder.
pub struct SqliteRecords {
    /// None when there is no file yet and it was opened to be read.
    connection: Option<Connection>,
    place: String,
}

impl SqliteRecords {
    /// Opens the file in the folder `city`; to write, it is made when it is not there.
    pub fn open(city: &Path, write: bool) -> Result<Self, VaultError> {
        let path = city.join(VAULT_FILE);
        let place = path.display().to_string();
        let there = path.try_exists().map_err(|source| super::io_error(&path, source))?;
        if !there && !write {
            return Ok(Self { connection: None, place });
        }
        let mode = match write {
            true => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            false => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let opened = connect(&path, mode, write).map_err(|error| fault(&place, error))?;
        let (connection, application, version) = opened;
        let refused = |why| VaultError::Damaged { place: place.clone(), why };
        match (application, version) {
            (APPLICATION_ID, KNOWN) => {}
            (APPLICATION_ID, _) => return Err(refused("it was written by a later version of Levee")),
            _ => return Err(refused("it is not a vault of Levee")),
        }
        Ok(Self { connection: Some(connection), place })
    }

    fn write(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>) -> Result<(), VaultError> {
        let place = &self.place;
        let Some(connection) = &mut self.connection else {
            return Err(VaultError::Damaged { place: place.clone(), why: "it was opened to be read" });
        };
        let done = connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|whole| {
            work(&whole)?;
            whole.commit()
        });
        done.map_err(|error| fault(place, error))
    }
}

fn connect(path: &Path, mode: OpenFlags, write: bool) -> rusqlite::Result<(Connection, i32, u32)> {
    let mut connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    if write {
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        // What is removed is overwritten with zeros. It cannot be read without its key; it need not lie about either.
        connection.pragma_update(None, "secure_delete", true)?;
        let whole = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let empty: bool = whole.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
        if empty {
            whole.execute_batch(
                "CREATE TABLE record (
                    subject BLOB PRIMARY KEY,
                    revision INTEGER NOT NULL,
                    sealed BLOB NOT NULL
                ) STRICT, WITHOUT ROWID;",
            )?;
            whole.pragma_update(None, "application_id", APPLICATION_ID)?;
            whole.pragma_update(None, "user_version", KNOWN)?;
        }
        whole.commit()?;
    }
    let application = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok((connection, application, version))
}

/// To be called right after the call that failed, while the system's last error is still its own.
fn fault(place: &str, error: rusqlite::Error) -> VaultError {
    let system = std::io::Error::last_os_error();
    let place = place.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => VaultError::Full { place },
        Some(ErrorCode::SystemIoFailure) if crate::sqlite::is_full(&system) => VaultError::Full { place },
        Some(ErrorCode::NotADatabase) => VaultError::Damaged { place, why: "it is not a vault of Levee" },
        _ => VaultError::Store { place, source: Box::new(error) },
    }
}

impl SealedRecords for SqliteRecords {
    fn put(&mut self, records: &[(Pseudonym, SealedRecord)]) -> Result<(), VaultError> {
        self.write(|whole| {
            let mut put = whole.prepare_cached(
                "INSERT INTO record (subject, revision, sealed) VALUES (?1, ?2, ?3) ON CONFLICT (subject) \
                 DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed",
            )?;
            for (subject, SealedRecord { revision, bytes }) in records {
                put.execute(params![subject.bytes(), revision, bytes])?;
            }
            Ok(())
        })
    }

    fn get(&self, subject: Pseudonym) -> Result<Option<SealedRecord>, VaultError> {
        let Some(connection) = &self.connection else { return Ok(None) };
        connection
            .prepare_cached("SELECT revision, sealed FROM record WHERE subject = ?1")
            .and_then(|mut select| {
                let record = |row: &rusqlite::Row<'_>| Ok(SealedRecord { revision: row.get(0)?, bytes: row.get(1)? });
                select.query_row([subject.bytes()], record).optional()
            })
            .map_err(|error| fault(&self.place, error))
    }

    fn remove(&mut self, subjects: &[Pseudonym]) -> Result<(), VaultError> {
        self.write(|whole| {
            let mut remove = whole.prepare_cached("DELETE FROM record WHERE subject = ?1")?;
            subjects.iter().try_for_each(|subject| remove.execute([subject.bytes()]).map(|_| ()))
        })
    }
}
