//! What a transaction sees: what waits, then what is known, then the database.

use super::fault::{self, PostgresFault};
use super::group::Group;
use super::load::Load;
use super::pages::{self, FIRST_PAGE, Pages, Rows};
use super::rows::Over;
use crate::record::NO_HASH;
use levee_app::event::StreamName;
use levee_app::journal::{EachRow, JournalError, Space};
use std::cmp::Ordering;
use std::ops::ControlFlow;
use tokio_postgres::Row;

/// Largest rows of a range that are remembered after a scan. Larger ones are read again.
const MOST_RANGE_BYTES: usize = 256 << 10;

const HEAD: &str = "SELECT sequence, hash FROM levee.stream WHERE name = $1";
pub(super) const HEADS: &str = "SELECT name, sequence, hash FROM levee.stream ORDER BY name";

impl Group<'_> {
    /// The value under a key, as a command with these own writes sees it.
    pub(super) fn value(&self, own: &Load, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        if let Some(waits) = own.rows.get(space, key).or_else(|| self.load.rows.get(space, key)) {
            return Ok(waits.map(<[u8]>::to_vec));
        }
        if let Some(known) = self.memory.known.borrow().get(space, key) {
            return Ok(known.map(<[u8]>::to_vec));
        }
        let value = self.answered(async |session| pages::get(session, space, key).await)?;
        self.memory.known.borrow_mut().learn(space, key, value.as_deref());
        Ok(value)
    }

    /// The rows of a range, as a command with these own writes sees them.
    pub(super) fn range(
        &self,
        own: &Load,
        (space, from, to): (Space, &[u8], &[u8]),
        each: EachRow<'_>,
    ) -> Result<(), JournalError> {
        let waiting = Over::new(own.rows.range(space, from, to), self.load.rows.range(space, from, to));
        let mut waiting = waiting.peekable();
        let (first, mut pages) = self.stored(space, from, to)?;
        let mut stored = first.into_iter().peekable();
        loop {
            if stored.peek().is_none()
                && let Some(more) = &mut pages
            {
                stored = self.page(more)?.into_iter().peekable();
            }
            let order = match (waiting.peek(), stored.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((waits, _)), Some((stored, _))) => (*waits).cmp(stored.as_slice()),
            };
            // What waits stands above what is stored.
            let upper = if order == Ordering::Greater { None } else { waiting.next() };
            let lower = if order == Ordering::Less { None } else { stored.next() };
            let flow = match (upper, &lower) {
                (Some((key, Some(value))), _) => each((key, value)),
                (None, Some((key, value))) => each((key, value)),
                (Some((_, None)), _) | (None, None) => ControlFlow::Continue(()),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }

    /// The rows that the database has: those of the first page, and the way to the others.
    fn stored(&self, space: Space, from: &[u8], to: &[u8]) -> Result<(Rows, Option<Pages>), JournalError> {
        if let Some(known) = self.memory.known.borrow().rows(space, from, to) {
            return Ok((known, None));
        }
        let mut pages = Pages::new(space, from, to);
        let rows = self.page(&mut pages)?;
        if !pages.ended() {
            return Ok((rows, Some(pages)));
        }
        let bytes: usize = rows.iter().map(|(key, value)| key.len() + value.len()).sum();
        if bytes <= MOST_RANGE_BYTES && (rows.len() as i64) < FIRST_PAGE {
            self.memory.known.borrow_mut().learn_range(space, from, to, &rows);
        }
        Ok((rows, None))
    }

    fn page(&self, of: &mut Pages) -> Result<Rows, JournalError> {
        self.session.wait_for(of.next(&self.session)).map_err(|error| self.link.fault(error))
    }

    /// The head of a chain, as a command with these own writes sees it.
    pub(super) fn head(&self, own: &Load, stream: &str) -> Result<(u64, [u8; 32]), JournalError> {
        if let Some(head) = own.heads.get(stream).or_else(|| self.load.heads.get(stream)) {
            return Ok(*head);
        }
        if let Some(head) = self.memory.known.borrow().head(stream) {
            return Ok(head);
        }
        let row = self
            .answered(async |session| session.client().query_opt(&session.prepared(HEAD).await?, &[&stream]).await)?;
        let head = match row {
            Some(row) => head(&row, 0, &self.link.place)?,
            None => (0, NO_HASH),
        };
        self.memory.known.borrow_mut().learn_head(stream, head);
        Ok(head)
    }

    /// Every chain, as a command with these own writes sees them.
    pub(super) fn heads(&self, own: &Load) -> Result<Vec<(StreamName, u64, [u8; 32])>, JournalError> {
        if self.memory.known.borrow().heads().is_none() {
            let rows =
                self.answered(async |session| session.client().query(&session.prepared(HEADS).await?, &[]).await)?;
            let all = rows.iter().map(|row| named_head(row, &self.link.place)).collect::<Result<Vec<_>, _>>()?;
            self.memory.known.borrow_mut().learn_heads(all.into_iter());
        }
        let mut heads = self.memory.known.borrow().heads().cloned().unwrap_or_default();
        for (name, head) in self.load.heads.iter().chain(&own.heads) {
            heads.insert(name.clone(), *head);
        }
        let there = heads.into_iter().filter(|(_, (sequence, _))| *sequence > 0);
        there.map(|(name, (sequence, hash))| Ok((stream(&name, &self.link.place)?, sequence, hash))).collect()
    }
}

/// A chain's name, when it is one.
pub(super) fn stream(name: &str, place: &str) -> Result<StreamName, JournalError> {
    name.parse().map_err(|error| fault::store(place, error))
}

/// The name and the head of a row of [`HEADS`].
pub(super) fn named_head(row: &Row, place: &str) -> Result<(String, (u64, [u8; 32])), JournalError> {
    Ok((row.try_get(0).map_err(|error| fault::postgres(place, error))?, head(row, 1, place)?))
}

/// A head from two columns of a row.
fn head(row: &Row, from: usize, place: &str) -> Result<(u64, [u8; 32]), JournalError> {
    let wrong = |error| fault::postgres(place, error);
    let sequence = u64::try_from(row.try_get::<_, i64>(from).map_err(wrong)?);
    let hash = <[u8; 32]>::try_from(row.try_get::<_, &[u8]>(from + 1).map_err(wrong)?);
    match (sequence, hash) {
        (Ok(sequence), Ok(hash)) => Ok((sequence, hash)),
        _ => Err(fault::store(place, PostgresFault::Number)),
    }
}
