//! A command in the making: changes so far, and what they touch as it would stand after them.

use super::Books;
use crate::change::Change;
use crate::obligation::{Obligation, ObligationId};
use crate::refusal::Refusal;
use std::collections::BTreeMap;

/// So many are looked through one by one; beyond, an index is kept.
const FEW: usize = 8;

pub(super) struct Draft<'b> {
    pub(super) books: &'b Books,
    pub(super) changes: Vec<Change>,
    touched: Vec<Obligation>,
    /// Where in `touched` each lies; empty as long as they are few.
    index: BTreeMap<ObligationId, usize>,
}

impl<'b> Draft<'b> {
    pub(super) fn new(books: &'b Books) -> Self {
        Self { books, changes: Vec::new(), touched: Vec::new(), index: BTreeMap::new() }
    }

    pub(super) fn get(&self, id: &ObligationId) -> Result<&Obligation, Refusal> {
        let touched = self.find(id).and_then(|nth| self.touched.get(nth));
        touched.or_else(|| self.books.obligation(id)).ok_or(Refusal::UnknownObligation(*id))
    }

    fn find(&self, id: &ObligationId) -> Option<usize> {
        match self.index.is_empty() {
            true => self.touched.iter().position(|touched| touched.id == *id),
            false => self.index.get(id).copied(),
        }
    }

    fn touch(&mut self, obligation: Obligation) -> usize {
        let nth = self.touched.len();
        if nth == FEW {
            self.index = self.touched.iter().enumerate().map(|(nth, touched)| (touched.id, nth)).collect();
        }
        if nth >= FEW {
            self.index.insert(obligation.id, nth);
        }
        self.touched.push(obligation);
        nth
    }

    /// Goes on with an obligation as it stands now.
    pub(super) fn carry(&mut self, after: Obligation) {
        match self.find(&after.id).and_then(|nth| self.touched.get_mut(nth)) {
            Some(touched) => *touched = after,
            None => drop(self.touch(after)),
        }
    }

    /// Adds a change of an obligation, which must fit: every caller has looked at what there is.
    pub(super) fn push(&mut self, change: Change) -> Result<(), Refusal> {
        if let Some(id) = change.obligation()
            && !matches!(change, Change::Opened(_))
        {
            let nth = match self.find(&id) {
                Some(nth) => nth,
                None => self.touch(self.get(&id)?.clone()),
            };
            let Some(touched) = self.touched.get_mut(nth) else { return Err(Refusal::UnknownObligation(id)) };
            let (posted, version) = (touched.posted, touched.version);
            if let Some(day) = change.day()
                && day < posted
            {
                return Err(Refusal::TimeBackwards { id, posted, day });
            }
            touched.change(&change).map_err(|broken| match broken {
                crate::account::Broken::Transition { from, to } => Refusal::Transition { id, from, to },
                _ => Refusal::Stale { id: id.to_string(), seen: version, now: version },
            })?;
        }
        self.changes.push(change);
        Ok(())
    }
}
