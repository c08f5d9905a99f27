//! Projections on SQLite, with a buffer for the writes of a commit.
//!
//! Writes wait in memory, sorted, and go to the database together: keys that a commit writes again and again (a batch's
//! record, a count) reach it once, and a bulk of rows reaches its tree in key order. Reads see the buffer first. A scan
//! over keys that wait sends them to the database before it begins.

use super::fault;
use levee_app::journal::{EachRow, JournalError, Projections, Read, Space};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Bound;

/// What may wait before it is sent to the database. Enough for about 30,000 facts; a commit of any size stays small.
const MOST_WAITING_BYTES: usize = 16 << 20;

/// Bytes that a waiting entry takes beside its key and value: a rough count of map nodes and two heap blocks.
const ENTRY_BYTES: usize = 96;

#[derive(Default)]
struct Waiting {
    bytes: usize,
    /// `None` = to be removed.
    spaces: BTreeMap<u8, BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

/// The projections of one connection within a transaction.
pub(super) struct Tables<'c> {
    connection: &'c Connection,
    place: &'c str,
    waiting: RefCell<Waiting>,
    /// The last value read from the database. Every event asks whether the city is founded; this spares the query.
    read: RefCell<Option<Asked>>,
}

struct Asked {
    space: Space,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

impl<'c> Tables<'c> {
    pub(super) fn new(connection: &'c Connection, place: &'c str) -> Self {
        Self { connection, place, waiting: RefCell::default(), read: RefCell::default() }
    }

    /// Sends everything that waits to the database.
    pub(super) fn flush(&self) -> Result<(), JournalError> {
        let waiting = self.waiting.take();
        self.send(waiting).map_err(|error| fault::sqlite(self.place, error))
    }

    fn send(&self, waiting: Waiting) -> rusqlite::Result<()> {
        if waiting.bytes == 0 {
            return Ok(());
        }
        let mut put = self.connection.prepare_cached(
            "INSERT INTO projection (space, key, value) VALUES (?1, ?2, ?3) \
             ON CONFLICT (space, key) DO UPDATE SET value = excluded.value",
        )?;
        let mut delete = self.connection.prepare_cached("DELETE FROM projection WHERE space = ?1 AND key = ?2")?;
        for (space, entries) in waiting.spaces {
            for (key, value) in entries {
                match value {
                    Some(value) => put.execute(params![space, key, value])?,
                    None => delete.execute(params![space, key])?,
                };
            }
        }
        Ok(())
    }

    fn wait(&self, space: Space, key: &[u8], value: Option<&[u8]>) -> Result<(), JournalError> {
        self.read.borrow_mut().take_if(|read| read.space == space && read.key == key);
        let full = {
            let mut waiting = self.waiting.borrow_mut();
            waiting.bytes += key.len() + value.map_or(0, <[u8]>::len) + ENTRY_BYTES;
            let entries = waiting.spaces.entry(space as u8).or_default();
            let value = value.map(<[u8]>::to_vec);
            match entries.get_mut(key) {
                Some(before) => *before = value,
                None => {
                    entries.insert(key.to_vec(), value);
                }
            }
            waiting.bytes > MOST_WAITING_BYTES
        };
        if full { self.flush() } else { Ok(()) }
    }

    fn waits_within(&self, space: Space, from: &[u8], to: &[u8]) -> bool {
        let range = (Bound::Included(from), Bound::Excluded(to));
        let waiting = self.waiting.borrow();
        let entries = waiting.spaces.get(&(space as u8)).filter(|_| from < to);
        entries.is_some_and(|entries| entries.range::<[u8], _>(range).next().is_some())
    }
}

impl Read for Tables<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        if let Some(waits) = self.waiting.borrow().spaces.get(&(space as u8)).and_then(|entries| entries.get(key)) {
            return Ok(waits.clone());
        }
        if let Some(read) = self.read.borrow().as_ref().filter(|read| read.space == space && read.key == key) {
            return Ok(read.value.clone());
        }
        let value = get(self.connection, space, key).map_err(|error| fault::sqlite(self.place, error))?;
        self.read.replace(Some(Asked { space, key: key.to_vec(), value: value.clone() }));
        Ok(value)
    }

    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        if self.waits_within(space, from, to) {
            self.flush()?;
        }
        scan(self.connection, space, from, to, each).map_err(|error| fault::sqlite(self.place, error))
    }
}

impl Projections for Tables<'_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.wait(space, key, Some(value))
    }

    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.wait(space, key, None)
    }
}

/// The committed value under a key.
pub(super) fn get(connection: &Connection, space: Space, key: &[u8]) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT value FROM projection WHERE space = ?1 AND key = ?2")?
        .query_row(params![space as u8, key], |row| row.get(0))
        .optional()
}

/// The committed values from `from` up to and without `to`.
pub(super) fn scan(
    connection: &Connection,
    space: Space,
    from: &[u8],
    to: &[u8],
    each: EachRow<'_>,
) -> rusqlite::Result<()> {
    let mut select = connection
        .prepare_cached("SELECT key, value FROM projection WHERE space = ?1 AND key >= ?2 AND key < ?3 ORDER BY key")?;
    let mut rows = select.query(params![space as u8, from, to])?;
    while let Some(row) = rows.next()? {
        if each((row.get_ref(0)?.as_blob()?, row.get_ref(1)?.as_blob()?)).is_break() {
            break;
        }
    }
    Ok(())
}
