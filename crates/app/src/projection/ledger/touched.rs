//! The obligations that an event changes: each is read when it is first asked for, and written when the event ends.

use super::rows::OwedRow;
use super::sums::Sums;
use super::{keys, read, record};
use crate::journal::{JournalError, Projections, Space};
use levee_ledger::{Obligation, ObligationId};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// An obligation as it stands now, and the line of the list that it stood in before the event.
struct One {
    /// Of one that the event opens: none.
    listed: Option<OwedRow>,
    now: Obligation,
}

/// Obligations by id; in boxes, because nearly every event has one, and a node of the tree has room for eleven.
#[derive(Default)]
pub(super) struct Touched(BTreeMap<ObligationId, Box<One>>);

impl Touched {
    /// An obligation as it stands after the changes so far, to be changed further.
    pub(super) fn get(
        &mut self,
        on: &dyn Projections,
        id: &ObligationId,
    ) -> Result<Option<&mut Obligation>, JournalError> {
        match self.0.entry(*id) {
            Entry::Occupied(there) => Ok(Some(&mut there.into_mut().now)),
            Entry::Vacant(free) => match read::obligation(on, id)? {
                None => Ok(None),
                Some(now) => Ok(Some(&mut free.insert(Box::new(One { listed: OwedRow::of(&now), now })).now)),
            },
        }
    }

    /// Takes one that is new.
    pub(super) fn open(&mut self, now: Obligation) {
        self.0.insert(now.id, Box::new(One { listed: None, now }));
    }

    /// Writes them, and the lists that they stand in.
    pub(super) fn write(self, on: &mut dyn Projections, sums: &mut Sums) -> Result<(), JournalError> {
        for one in self.0.into_values() {
            let One { listed, now } = *one;
            on.put(Space::Obligation, &keys::obligation(&now.id), &record::to_bytes(&now))?;
            let lists = OwedRow::of(&now);
            if listed == lists {
                continue;
            }
            let key = keys::owed(now.path.book(), &now.section, now.due, &now.id);
            match &lists {
                Some(row) => on.put(Space::Owed, &key, &row.to_bytes())?,
                None => on.delete(Space::Owed, &key)?,
            }
            sums.due(on, &now, listed.as_ref(), lists.as_ref())?;
            let owner = |row: Option<OwedRow>| row.and_then(|row| row.owner);
            let (owned, owns) = (owner(listed), owner(lists));
            if owned != owns {
                if let Some(person) = owned {
                    on.delete(Space::Owner, &keys::owner(&person, now.due, &now.id))?;
                }
                if let Some(person) = owns {
                    on.put(Space::Owner, &keys::owner(&person, now.due, &now.id), &[])?;
                }
            }
        }
        Ok(())
    }
}
