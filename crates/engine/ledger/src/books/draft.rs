//! A command in the making: changes so far, and what they touch as it would stand after them.

use super::Books;
use crate::change::Change;
use crate::obligation::{Obligation, ObligationId};
use crate::refusal::Refusal;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// So many are looked through one by one; beyond, an index is kept.
const FEW: usize = 8;

pub(super) struct Draft<'b> {
    pub(super) books: &'b Books,
    pub(super) changes: Vec<Change>,
    /// The first obligation that was changed, as long as that was once: most commands look at none again after its change, and
    /// need no copy of it.
    once: Option<Once>,
    touched: Vec<Obligation>,
    /// Where in `touched` each lies; empty as long as they are few.
    index: BTreeMap<ObligationId, usize>,
}

/// An obligation of the books with one change.
struct Once {
    id: ObligationId,
    /// Which of the draft's changes.
    change: usize,
    /// As it stands after it, once somebody asks.
    after: OnceCell<Obligation>,
}

impl<'b> Draft<'b> {
    pub(super) fn new(books: &'b Books) -> Self {
        Self { books, changes: Vec::new(), once: None, touched: Vec::new(), index: BTreeMap::new() }
    }

    pub(super) fn get(&self, id: &ObligationId) -> Result<&Obligation, Refusal> {
        let touched = self.find(id).and_then(|nth| self.touched.get(nth));
        let touched =
            touched.or_else(|| self.once.as_ref().filter(|once| once.id == *id).and_then(|once| self.after(once)));
        touched.or_else(|| self.books.obligation(id)).ok_or(Refusal::UnknownObligation(*id))
    }

    fn after<'d>(&'d self, once: &'d Once) -> Option<&'d Obligation> {
        let (before, change) = (self.books.obligation(&once.id)?, self.changes.get(once.change)?);
        Some(once.after.get_or_init(|| {
            let mut after = before.clone();
            // It was looked at when it was added: it fits.
            let fits = after.change(change);
            debug_assert_eq!(fits, Ok(()));
            after
        }))
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
        self.once.take_if(|once| once.id == after.id);
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
            let found = self.find(&id);
            if found.is_none() && self.once.is_none() && self.touched.is_empty() {
                let before = self.get(&id)?;
                Self::fits(before, &change)?;
                before.moved(&change).map_err(|broken| Self::refused(before, broken))?;
                self.once = Some(Once { id, change: self.changes.len(), after: OnceCell::new() });
            } else {
                let nth = match found {
                    Some(nth) => nth,
                    None => {
                        // Of the one that was changed once this makes its copy, which goes on from there.
                        self.get(&id)?;
                        let made = self.once.take_if(|once| once.id == id).and_then(|once| once.after.into_inner());
                        let now = made.map_or_else(|| self.get(&id).cloned(), Ok)?;
                        self.touch(now)
                    }
                };
                let Some(touched) = self.touched.get_mut(nth) else { return Err(Refusal::UnknownObligation(id)) };
                Self::fits(touched, &change)?;
                touched.change(&change).map_err(|broken| Self::refused(touched, broken))?;
            }
        }
        self.changes.push(change);
        Ok(())
    }

    /// Nothing is entered on a day before the last entry.
    fn fits(on: &Obligation, change: &Change) -> Result<(), Refusal> {
        match change.day() {
            Some(day) if day < on.posted => Err(Refusal::TimeBackwards { id: on.id, posted: on.posted, day }),
            _ => Ok(()),
        }
    }

    fn refused(on: &Obligation, broken: crate::account::Broken) -> Refusal {
        match broken {
            crate::account::Broken::Transition { from, to } => Refusal::Transition { id: on.id, from, to },
            _ => Refusal::Stale { id: on.id.to_string(), seen: on.version, now: on.version },
        }
    }
}
