//! The sums that an event changes, gathered while its changes are applied and written once.

use super::rows::{ClosureRow, DueRow, Numbers, OwedRow};
use super::{keys, law};
use crate::journal::{JournalError, LawBroken, Projections, Space};
use jiff::civil::Date;
use levee_ledger::{AreaPath, Balance, Flow, Flows, Move, Obligation};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Sums by the keys of their rows.
type Rows<T> = BTreeMap<Vec<u8>, T>;

#[derive(Default)]
pub(super) struct Sums {
    flows: Rows<Flows>,
    balances: Rows<Balance>,
    due: Rows<DueRow>,
    closures: Rows<ClosureRow>,
    sealed: BTreeMap<String, Option<Date>>,
}

/// A sum as it stands after the changes so far, to be changed further.
fn row<'r, const N: usize, T: Numbers<N> + Default>(
    rows: &'r mut Rows<T>,
    on: &dyn Projections,
    space: Space,
    key: Vec<u8>,
) -> Result<&'r mut T, JournalError> {
    match rows.entry(key) {
        Entry::Occupied(there) => Ok(there.into_mut()),
        Entry::Vacant(free) => {
            let kept = numbers(on, space, free.key())?;
            Ok(free.insert(kept))
        }
    }
}

/// A row of numbers, or zeros.
pub(super) fn numbers<const N: usize, T: Numbers<N> + Default>(
    on: &dyn crate::journal::Read,
    space: Space,
    key: &[u8],
) -> Result<T, JournalError> {
    match on.get(space, key)? {
        None => Ok(T::default()),
        Some(bytes) => T::from_bytes(&bytes)
            .ok_or_else(|| LawBroken::Projection { space, why: format!("key {}", key.escape_ascii()) }.into()),
    }
}

impl Sums {
    /// Refuses an entry on a sealed day.
    pub(super) fn unsealed(&mut self, on: &dyn Projections, path: &AreaPath, day: Date) -> Result<(), JournalError> {
        let book = path.book();
        let sealed = match self.sealed.get(book) {
            Some(sealed) => *sealed,
            None => {
                let sealed = super::read::closed(on, path.city(), book)?;
                self.sealed.insert(book.to_owned(), sealed);
                sealed
            }
        };
        match sealed {
            Some(sealed) if day <= sealed => Err(law(format!("{book} is sealed up to {sealed}: no entry on {day}"))),
            _ => Ok(()),
        }
    }

    pub(super) fn flow(
        &mut self,
        on: &dyn Projections,
        day: Date,
        of: &Obligation,
        flow: Flow,
        units: u64,
    ) -> Result<(), JournalError> {
        row(&mut self.flows, on, Space::Account, keys::account(day, &of.path, &of.kind))?.post(flow, units);
        Ok(())
    }

    pub(super) fn balance(&mut self, on: &dyn Projections, of: &Obligation) -> Result<&mut Balance, JournalError> {
        row(&mut self.balances, on, Space::Balance, keys::balance(&of.path, &of.kind))
    }

    pub(super) fn due(
        &mut self,
        on: &dyn Projections,
        of: &Obligation,
        before: Option<&OwedRow>,
        after: Option<&OwedRow>,
    ) -> Result<(), JournalError> {
        let units = |row: Option<&OwedRow>| row.map_or(0, |row| row.units);
        let items = |row: Option<&OwedRow>| u64::from(row.is_some());
        if (units(before), items(before)) == (units(after), items(after)) {
            return Ok(());
        }
        let key = keys::due(of.path.book(), &of.section, &of.kind, keys::slot(of.due));
        let row = row(&mut self.due, on, Space::Due, key)?;
        // Obligations opened before 1970 would count as opened then; there are none.
        let opened = u64::try_from(of.opened_at.as_second()).unwrap_or(0);
        let less = |from: u64, by: u64| {
            from.checked_sub(by).ok_or_else(|| law(format!("{}: more leaves what is due than is in it", of.kind)))
        };
        row.units = less(row.units, units(before))?.saturating_add(units(after));
        row.items = less(row.items, items(before))?.saturating_add(items(after));
        row.opened_seconds = less(row.opened_seconds, items(before) * opened)?.saturating_add(items(after) * opened);
        Ok(())
    }

    pub(super) fn closure(
        &mut self,
        on: &dyn Projections,
        of: &Obligation,
        change: impl FnOnce(&mut ClosureRow),
    ) -> Result<(), JournalError> {
        let key = keys::closure(of.path.book(), &of.section, keys::slot(of.due), &of.kind);
        change(row(&mut self.closures, on, Space::Closure, key)?);
        Ok(())
    }

    /// Counts how units that were due were closed; a correction takes it back.
    pub(super) fn closed(
        &mut self,
        on: &dyn Projections,
        of: &Obligation,
        moved: &Move,
        flow: Flow,
        in_time: bool,
    ) -> Result<(), JournalError> {
        use levee_ledger::State;
        let units = moved.units;
        self.closure(on, of, |row| match flow {
            Flow::Met if in_time => row.met_in_time = row.met_in_time.saturating_add(units),
            Flow::Met => row.met_late = row.met_late.saturating_add(units),
            Flow::Waived => row.waived = row.waived.saturating_add(units),
            Flow::Expired => row.expired = row.expired.saturating_add(units),
            // No longer due here: it was an error, or is owed elsewhere.
            Flow::Voided | Flow::TransferredOut => row.due = row.due.saturating_sub(units),
            Flow::Corrected => match moved.from {
                State::Waived => row.waived = row.waived.saturating_sub(units),
                State::Expired => row.expired = row.expired.saturating_sub(units),
                State::Voided => row.due = row.due.saturating_add(units),
                // Whether it was met in time is not kept: what was late is taken back first.
                _ => {
                    let late = row.met_late.min(units);
                    row.met_late -= late;
                    row.met_in_time = row.met_in_time.saturating_sub(units - late);
                }
            },
            Flow::Opened | Flow::TransferredIn => {}
        })
    }

    /// Writes all sums. Law 2: in every account, what is owed by state is what its flows leave.
    pub(super) fn write(self, on: &mut dyn Projections) -> Result<(), JournalError> {
        for (key, balance) in &self.balances {
            balance.check().map_err(|broken| {
                let account = keys::balance_parts(key).map(|(path, kind)| format!("{kind} in {path}"));
                law(format!("{}: {broken}", account.unwrap_or_else(|| key.escape_ascii().to_string())))
            })?;
            on.put(Space::Balance, key, &balance.to_bytes())?;
        }
        for (key, flows) in &self.flows {
            on.put(Space::Account, key, &flows.to_bytes())?;
        }
        for (key, row) in &self.due {
            match row.items {
                0 => on.delete(Space::Due, key)?,
                _ => on.put(Space::Due, key, &row.to_bytes())?,
            }
        }
        for (key, row) in &self.closures {
            on.put(Space::Closure, key, &row.to_bytes())?;
        }
        Ok(())
    }
}
