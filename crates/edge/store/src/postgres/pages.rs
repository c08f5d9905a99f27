//! Reading in pages: many rows in little memory, and whoever is handed a row may ask for more while it has it.

use super::link::{Link, Session};
use super::schema::LONGEST_KEY;
use crate::record::Fields;
use levee_app::journal::{JournalError, Space};
use tokio_postgres::{Error, Row};

const GET: &str = "SELECT value FROM levee.projection WHERE space = $1 AND key = $2";
const GET_LONG: &str = "SELECT value FROM levee.projection_long WHERE space = $1 AND key = $2";

/// Both tables in the order of keys; the planner merges the index of the one with the few rows of the other.
const SCAN: &str = "SELECT key, value FROM (\
     SELECT key, value FROM levee.projection WHERE space = $1 AND key >= $2 AND key < $3 UNION ALL \
     SELECT key, value FROM levee.projection_long WHERE space = $1 AND key >= $2 AND key < $3\
     ) AS both_tables ORDER BY key LIMIT $4";

/// Rows of the first page of a scan. One that ends within it took one round trip.
pub(super) const FIRST_PAGE: i64 = 256;

/// A page grows to this many rows.
const LARGEST_PAGE: i64 = 4096;

/// The value under a key.
pub(super) async fn get(session: &Session, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let statement = session.prepared(if key.len() > LONGEST_KEY { GET_LONG } else { GET }).await?;
    let row = session.client().query_opt(&statement, &[&i16::from(space as u8), &key]).await?;
    row.map(|row| row.try_get(0)).transpose()
}

/// Keys with their values, in order.
pub(super) type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// Rows of a range, page by page.
pub(super) struct Pages {
    space: Space,
    from: Vec<u8>,
    to: Vec<u8>,
    size: i64,
    ended: bool,
}

impl Pages {
    pub(super) fn new(space: Space, from: &[u8], to: &[u8]) -> Self {
        Self { space, from: from.to_vec(), to: to.to_vec(), size: FIRST_PAGE, ended: from >= to }
    }

    /// Whether the last page has been fetched.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// The next page; empty when there is none.
    pub(super) async fn next(&mut self, session: &Session) -> Result<Rows, Error> {
        if self.ended {
            return Ok(Vec::new());
        }
        let statement = session.prepared(SCAN).await?;
        let space = i16::from(self.space as u8);
        let rows = session.client().query(&statement, &[&space, &self.from, &self.to, &self.size]).await?;
        self.ended = (rows.len() as i64) < self.size;
        self.size = (self.size * 4).min(LARGEST_PAGE);
        let rows: Rows = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, Error>>()?;
        if let Some((last, _)) = rows.last() {
            // The smallest key after it.
            self.from.clone_from(last);
            self.from.push(0);
        }
        Ok(rows)
    }
}

/// The columns of an event that [`fields`] reads, in its order.
const EVENTS: &str = "SELECT position, stream, sequence, kind, version, command_id, envelope, occurred, known_at, \
     recorded_at, body, hash FROM levee.event WHERE position > $1 ORDER BY position LIMIT $2";

/// Bytes of bodies that a page of events aims at.
const PAGE_BYTES: usize = 4 << 20;

/// Events in the order of positions, page by page.
pub(super) struct EventPages {
    after: i64,
    size: i64,
    ended: bool,
}

impl EventPages {
    /// Of positions after this one.
    pub(super) fn after(after: i64) -> Self {
        Self { after, size: 64, ended: false }
    }

    /// The same, for a reader who wants so many of them at most.
    pub(super) fn between(after: i64, most: u64) -> Self {
        Self { size: i64::try_from(most).unwrap_or(i64::MAX).clamp(1, 64), ..Self::after(after) }
    }

    /// Whether the last page has been fetched.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// The next page; empty when there is none.
    pub(super) fn fetch(&mut self, link: &Link) -> Result<Vec<Row>, JournalError> {
        if self.ended {
            return Ok(Vec::new());
        }
        let rows = link.ask(async |session| {
            session.client().query(&session.prepared(EVENTS).await?, &[&self.after, &self.size]).await
        })?;
        self.ended = (rows.len() as i64) < self.size;
        let wrong = |error| link.fault(error);
        let mut bytes = 0;
        for row in &rows {
            bytes += row.try_get::<_, &[u8]>(10).map_err(wrong)?.len();
        }
        if let Some(last) = rows.last() {
            self.after = last.try_get(0).map_err(wrong)?;
        }
        self.size = match bytes {
            bytes if bytes < PAGE_BYTES / 4 => (self.size * 4).min(LARGEST_PAGE),
            bytes if bytes > PAGE_BYTES => (self.size / 4).max(4),
            _ => self.size,
        };
        Ok(rows)
    }
}

/// The stored fields of an event, and its hash.
pub(super) fn fields(row: &Row) -> Result<(Fields<'_>, &[u8]), String> {
    let bytes = |nth: usize| row.try_get::<_, &[u8]>(nth).map_err(|error| error.to_string());
    let text = |nth: usize| row.try_get::<_, &str>(nth).map(str::as_bytes).map_err(|error| error.to_string());
    let signed = |nth: usize| row.try_get::<_, i64>(nth).map_err(|error| error.to_string());
    let whole = |nth: usize| {
        u64::try_from(signed(nth)?).map_err(|_| format!("its {} is below zero", row.columns()[nth].name()))
    };
    let fields = Fields {
        position: whole(0)?,
        stream: text(1)?,
        sequence: whole(2)?,
        kind: text(3)?,
        version: whole(4)?,
        command: bytes(5)?,
        envelope: bytes(6)?,
        occurred: signed(7)?,
        known_at: signed(8)?,
        recorded_at: signed(9)?,
        body: bytes(10)?,
    };
    Ok((fields, bytes(11)?))
}
