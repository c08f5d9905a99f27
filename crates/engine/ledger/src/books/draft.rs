//! A command in the making: changes so far, and what they touch as it would stand after them.

use super::Books;
use crate::change::Change;
use crate::obligation::{Obligation, ObligationId};
use crate::refusal::Refusal;

pub(super) struct Draft<'b> {
    pub(super) books: &'b Books,
    pub(super) changes: Vec<Change>,
    /// Few at a time: a list is faster than a map.
    touched: Vec<Obligation>,
}

impl<'b> Draft<'b> {
    pub(super) fn new(books: &'b Books) -> Self {
        Self { books, changes: Vec::new(), touched: Vec::new() }
    }

    pub(super) fn get(&self, id: &ObligationId) -> Result<&Obligation, Refusal> {
        self.touched
            .iter()
            .find(|touched| touched.id == *id)
            .or_else(|| self.books.obligations.get(id))
            .ok_or(Refusal::UnknownObligation(*id))
    }

    /// Goes on with an obligation as it stands now.
    pub(super) fn carry(&mut self, after: Obligation) {
        match self.touched.iter_mut().find(|touched| touched.id == after.id) {
            Some(touched) => *touched = after,
            None => self.touched.push(after),
        }
    }

    /// Adds a change of an obligation, which must fit: every caller has looked at what there is.
    pub(super) fn push(&mut self, change: Change) -> Result<(), Refusal> {
        if let Some(id) = change.obligation()
            && !matches!(change, Change::Opened(_))
        {
            let before = self.get(&id)?.clone();
            let (posted, version) = (before.posted, before.version);
            if let Some(day) = change.day()
                && day < posted
            {
                return Err(Refusal::TimeBackwards { id, posted, day });
            }
            let after = before.after(&change).map_err(|broken| match broken {
                crate::account::Broken::Transition { from, to } => Refusal::Transition { id, from, to },
                _ => Refusal::Stale { id: id.to_string(), seen: version, now: version },
            })?;
            self.carry(after);
        }
        self.changes.push(change);
        Ok(())
    }
}
