//! The sums that an event changes, gathered while its changes are applied and written once.

use super::rows::{ClosureRow, DueRow, Numbers, OwedRow};
use super::{keys, law};
use crate::journal::{JournalError, LawBroken, Projections, Space};
use jiff::civil::Date;
use levee_ledger::{AreaPath, Balance, Flow, Flows, KindId, Move, Obligation};
use std::collections::BTreeMap;

type DueKey = (String, levee_ledger::Section, KindId, i64);

#[derive(Default)]
pub(super) struct Sums {
    flows: BTreeMap<(Date, AreaPath, KindId), Flows>,
    balances: BTreeMap<(AreaPath, KindId), Balance>,
    due: BTreeMap<DueKey, DueRow>,
    closures: BTreeMap<DueKey, ClosureRow>,
    sealed: BTreeMap<String, Option<Date>>,
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
            .ok_or_else(|| LawBroken::Projection { space, why: format!("it has {} bytes", bytes.len()) }.into()),
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
        let account = (day, of.path.clone(), of.kind.clone());
        if let Some(flows) = self.flows.get_mut(&account) {
            flows.post(flow, units);
            return Ok(());
        }
        let mut flows: Flows = numbers(on, Space::Account, &keys::account(day, &of.path, &of.kind))?;
        flows.post(flow, units);
        self.flows.insert(account, flows);
        Ok(())
    }

    pub(super) fn balance(&mut self, on: &dyn Projections, of: &Obligation) -> Result<&mut Balance, JournalError> {
        use std::collections::btree_map::Entry;
        match self.balances.entry((of.path.clone(), of.kind.clone())) {
            Entry::Occupied(there) => Ok(there.into_mut()),
            Entry::Vacant(free) => Ok(free.insert(numbers(on, Space::Balance, &keys::balance(&of.path, &of.kind))?)),
        }
    }

    fn slot_key(of: &Obligation) -> DueKey {
        (of.path.book().to_owned(), of.section.clone(), of.kind.clone(), keys::slot(of.due))
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
        let key = Self::slot_key(of);
        let mut row = match self.due.get(&key) {
            Some(row) => *row,
            None => numbers(on, Space::Due, &keys::due(&key.0, &key.1, &key.2, key.3))?,
        };
        // Obligations opened before 1970 would count as opened then; there are none.
        let opened = u64::try_from(of.opened_at.as_second()).unwrap_or(0);
        let less = |from: u64, by: u64| {
            from.checked_sub(by).ok_or_else(|| law(format!("{}: more leaves what is due than is in it", of.kind)))
        };
        row.units = less(row.units, units(before))?.saturating_add(units(after));
        row.items = less(row.items, items(before))?.saturating_add(items(after));
        row.opened_seconds = less(row.opened_seconds, items(before) * opened)?.saturating_add(items(after) * opened);
        self.due.insert(key, row);
        Ok(())
    }

    pub(super) fn closure(
        &mut self,
        on: &dyn Projections,
        of: &Obligation,
        change: impl FnOnce(&mut ClosureRow),
    ) -> Result<(), JournalError> {
        let key = Self::slot_key(of);
        let mut row = match self.closures.get(&key) {
            Some(row) => *row,
            None => numbers(on, Space::Closure, &keys::closure(&key.0, &key.1, key.3, &key.2))?,
        };
        change(&mut row);
        self.closures.insert(key, row);
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
        for ((path, kind), balance) in &self.balances {
            balance.check().map_err(|broken| law(format!("{kind} in {path}: {broken}")))?;
            on.put(Space::Balance, &keys::balance(path, kind), &balance.to_bytes())?;
        }
        for ((day, path, kind), flows) in &self.flows {
            on.put(Space::Account, &keys::account(*day, path, kind), &flows.to_bytes())?;
        }
        for ((book, section, kind, slot), row) in &self.due {
            let key = keys::due(book, section, kind, *slot);
            match row.items {
                0 => on.delete(Space::Due, &key)?,
                _ => on.put(Space::Due, &key, &row.to_bytes())?,
            }
        }
        for ((book, section, kind, slot), row) in &self.closures {
            on.put(Space::Closure, &keys::closure(book, section, *slot, kind), &row.to_bytes())?;
        }
        Ok(())
    }
}
