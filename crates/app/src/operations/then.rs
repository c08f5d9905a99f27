//! The books as they stood at a moment: what became known later is not there.
//!
//! The projections hold what is known now. For an earlier moment those of the ledger and of restrictions are made again, in memory,
//! from the events that were known by then; everything else (reports, reference tables, artefacts) carries its own moment and is read
//! where it lies.

use crate::event::{Event, LedgerChanged, NewEvent, Position};
use crate::journal::{EachRow, Journal, JournalError, Projections, Read, Space};
use crate::projection::project;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};

/// Spaces that are made again.
const REMADE: [Space; 14] = [
    Space::Obligation,
    Space::Owed,
    Space::Account,
    Space::Balance,
    Space::Due,
    Space::Closure,
    Space::Ground,
    Space::Owner,
    Space::Order,
    Space::Resource,
    Space::Seal,
    Space::Carry,
    Space::HandOver,
    Space::Measure,
];

/// Key of a row: its space, then its key.
type Key = (Space, Vec<u8>);

/// Projections at a moment.
pub(super) struct Then<'a> {
    real: &'a dyn Journal,
    /// The rows that were made again; `None` = the moment is now, and what is kept is what was known.
    made: Option<BTreeMap<Key, Vec<u8>>>,
    /// Writes of the event that is being applied; an event that a law refuses leaves nothing.
    waiting: BTreeMap<Key, Option<Vec<u8>>>,
    /// Events that rest on one that was not known yet.
    pub(super) left_out: u64,
}

fn is_remade(event: &Event) -> bool {
    matches!(
        event,
        Event::ObligationsMoved(_)
            | Event::LedgerChanged(_)
            | Event::SettlementPrepared(_)
            | Event::DaySealed(_)
            | Event::HandedOver(_)
            | Event::MeasuresChanged(_)
            | Event::MeasureRecorded(_)
            | Event::ServiceOffered(_)
    )
}

impl<'a> Then<'a> {
    /// What is known now.
    pub(super) fn now(real: &'a dyn Journal) -> Self {
        Self { real, made: None, waiting: BTreeMap::new(), left_out: 0 }
    }

    /// What was known at `moment`.
    pub(super) fn at(real: &'a dyn Journal, moment: Timestamp) -> Result<Self, JournalError> {
        let mut then = Self { real, made: Some(BTreeMap::new()), waiting: BTreeMap::new(), left_out: 0 };
        let mut fault = None;
        real.events(Position(0), &mut |stored| {
            if stored.known_at > moment || !is_remade(&stored.event) {
                return ControlFlow::Continue(());
            }
            let event = match stored.event {
                // Rows of a batch are counted against the batch, which is read where it lies.
                Event::LedgerChanged(changed) => Event::LedgerChanged(LedgerChanged { batch: None, ..changed }),
                other => other,
            };
            let new = NewEvent { stream: stored.stream, occurred: stored.occurred, known_at: stored.known_at, event };
            let done = project(&mut then, stored.position, &new);
            let waiting = std::mem::take(&mut then.waiting);
            match done {
                Ok(()) => then.keep(waiting),
                // It changes something that nobody knew of yet: it was not known either.
                Err(JournalError::Law(_)) => then.left_out += 1,
                Err(error) => {
                    fault = Some(error);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        })?;
        fault.map_or(Ok(then), Err)
    }

    fn keep(&mut self, waiting: BTreeMap<Key, Option<Vec<u8>>>) {
        let made = self.made.get_or_insert_default();
        for (key, value) in waiting {
            match value {
                Some(value) => made.insert(key, value),
                None => made.remove(&key),
            };
        }
    }

    fn remakes(&self, space: Space) -> Option<&BTreeMap<Key, Vec<u8>>> {
        self.made.as_ref().filter(|_| REMADE.contains(&space))
    }
}

impl Read for Then<'_> {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, JournalError> {
        let Some(made) = self.remakes(space) else { return self.real.get(space, key) };
        let key = (space, key.to_vec());
        Ok(self.waiting.get(&key).cloned().unwrap_or_else(|| made.get(&key).cloned()))
    }

    fn scan(&self, space: Space, from: &[u8], to: &[u8], each: EachRow<'_>) -> Result<(), JournalError> {
        let Some(made) = self.remakes(space) else { return self.real.scan(space, from, to, each) };
        if from >= to {
            return Ok(());
        }
        let range = (Bound::Included((space, from.to_vec())), Bound::Excluded((space, to.to_vec())));
        if self.waiting.range(range.clone()).next().is_none() {
            for ((_, key), value) in made.range(range) {
                if each((key, value)).is_break() {
                    break;
                }
            }
            return Ok(());
        }
        let mut rows: BTreeMap<&Vec<u8>, &Vec<u8>> =
            made.range(range.clone()).map(|((_, key), value)| (key, value)).collect();
        for ((_, key), value) in self.waiting.range(range) {
            match value {
                Some(value) => rows.insert(key, value),
                None => rows.remove(key),
            };
        }
        for (key, value) in rows {
            if each((key, value)).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl Projections for Then<'_> {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), JournalError> {
        self.waiting.insert((space, key.to_vec()), Some(value.to_vec()));
        Ok(())
    }
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<(), JournalError> {
        self.waiting.insert((space, key.to_vec()), None);
        Ok(())
    }
}
