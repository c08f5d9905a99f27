//! Projections on SQLite, with a layer of writes that wait. A scan merges the layer with the table.

use super::{fault, insert};
use crate::layer::Layer;
use levee_app::journal::{EachRow, JournalError, Projections, Read, Space};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What may wait before it is sent to the database. Enough for about 30,000 facts; a commit of any size stays small.
pub(super) const MOST_WAITING_BYTES: usize = 16 << 20;

/// Values read from the database that are kept within a transaction: what every event asks again.
const MOST_READ_BYTES: usize = 1 << 20;

#[derive(Default)]
struct Asked {
    bytes: usize,
    values: BTreeMap<u8, BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

/// The projections of one connection within a transaction.
pub(super) struct Tables<'c> {
    connection: &'c Connection,
    place: &'c str,
    waiting: Layer,
    /// What the database has under keys that were asked for. Every event asks whether the city is founded.
    asked: RefCell<Asked>,
    /// The statement that reads a value, once it was needed: to look it up for every value costs as much as to run it.
    select: RefCell<Option<CachedStatement<'c>>>,
}

impl<'c> Tables<'c> {
    pub(super) fn new(connection: &'c Connection, place: &'c str) -> Self {
        Self { connection, place, waiting: Layer::default(), asked: RefCell::default(), select: RefCell::default() }
    }

    /// Sends everything that waits to the database.
    pub(super) fn flush(&mut self) -> Result<(), JournalError> {
        let waiting = std::mem::take(&mut self.waiting);
        self.send(waiting)
    }

    /// Sends a layer to the database. Nothing may wait in between.
    #[expect(clippy::needless_pass_by_value, reason = "what was sent no longer waits")]
    pub(super) fn send(&mut self, layer: Layer) -> Result<(), JournalError> {
        if layer.bytes() > 0 {
            // Shorter than to find out which of the values are still true.
            self.forget();
            insert::layer(self.connection, &layer).map_err(|error| fault::sqlite(self.place, error))?;
        }
        Ok(())
    }

    /// Forgets what was read, for instance before the database goes back to an earlier state.
    pub(super) fn forget(&mut self) {
        self.asked.take();
    }

    /// Lets a later layer wait above what waits.
    pub(super) fn take_over(&mut self, later: Layer) -> Result<(), JournalError> {
        self.waiting.take_over(later);
        self.flush_when_full()
    }

    fn kept(&self, space: Space, key: &[u8]) -> rusqlite::Result<Option<Vec<u8>>> {
        let mut select = self.select.borrow_mut();
        let select = match &mut *select {
            Some(select) => select,
            none => none.insert(self.connection.prepare_cached(SELECT)?),
        };
        select.query_row(params![space as u8, key], |row| row.get(0)).optional()
    }

    fn flush_when_full(&mut self) -> Result<(), JournalError> {
        if self.waiting.bytes() > MOST_WAITING_BYTES { self.flush() } else { Ok(()) }
    }
}

impl Read for Tables<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        if let Some(waits) = self.waiting.get(space, key) {
            return Ok(waits.clone());
        }
        if let Some(value) = self.asked.borrow().values.get(&(space as u8)).and_then(|values| values.get(key)) {
            return Ok(value.clone());
        }
        let value = self.kept(space, key).map_err(|error| fault::sqlite(self.place, error))?;
        let mut asked = self.asked.borrow_mut();
        asked.bytes += key.len() + value.as_ref().map_or(0, Vec::len) + 96;
        if asked.bytes > MOST_READ_BYTES {
            *asked = Asked::default();
        } else {
            asked.values.entry(space as u8).or_default().insert(key.to_vec(), value.clone());
        }
        Ok(value)
    }

    fn has(&self, space: Space, key: &[u8]) -> Result<bool, JournalError> {
        if let Some(waits) = self.waiting.get(space, key) {
            return Ok(waits.is_some());
        }
        if let Some(value) = self.asked.borrow().values.get(&(space as u8)).and_then(|values| values.get(key)) {
            return Ok(value.is_some());
        }
        Ok(self.get(space, key)?.is_some())
    }

    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        self.waiting.scan(space, (from, to), each, |each| {
            scan(self.connection, space, from, to, each).map_err(|error| fault::sqlite(self.place, error))
        })
    }
}

impl Projections for Tables<'_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.waiting.set(space, key, Some(value));
        self.flush_when_full()
    }

    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.waiting.set(space, key, None);
        self.flush_when_full()
    }
}

const SELECT: &str = "SELECT value FROM projection WHERE space = ?1 AND key = ?2";

/// The committed value under a key.
pub(super) fn get(connection: &Connection, space: Space, key: &[u8]) -> rusqlite::Result<Option<Vec<u8>>> {
    connection.prepare_cached(SELECT)?.query_row(params![space as u8, key], |row| row.get(0)).optional()
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
