//! The ledger's projections, and laws 2 and 3 in every commit.
//!
//! What is changed, and by which function of the ledger, is the same as in [`levee_ledger::Books::apply`]; here it lies in
//! a store, in rows that answer what people ask without reading everything.

pub mod keys;
mod legacy;
mod orders;
pub mod read;
pub mod rows;
mod seal;
mod sums;

use crate::event::{BatchRows, HandOverStep, HandedOver, LedgerChanged};
use crate::journal::{JournalError, LawBroken, Projections, Space};
use crate::projection::{decode, encode};
use jiff::Timestamp;
use levee_ledger::{Change, Flow, Obligation, Opening, State};
use rows::{HandOverRow, OwedRow};
use sums::Sums;

pub(super) use legacy::moved;
pub(super) use seal::{prepared, sealed};

pub(super) fn law(why: String) -> JournalError {
    LawBroken::Obligations { why }.into()
}

/// Changes the projections by what changed in the ledger at a moment.
pub(super) fn changed(on: &mut dyn Projections, at: Timestamp, event: &LedgerChanged) -> Result<(), JournalError> {
    let mut sums = Sums::default();
    for change in &event.changes {
        apply(on, &mut sums, at, change)?;
    }
    sums.write(on)?;
    if let Some(BatchRows { batch, rows }) = event.batch {
        super::batch::count(on, batch, |record| record.accepted += rows)?;
    }
    Ok(())
}

fn apply(on: &mut dyn Projections, sums: &mut Sums, at: Timestamp, change: &Change) -> Result<(), JournalError> {
    match change {
        Change::Order(order) => return orders::apply(on, order),
        Change::Opened(opened) => {
            let obligation = &opened.obligation;
            let key = keys::obligation(&obligation.id);
            if on.get(Space::Obligation, &key)?.is_some() {
                return Err(law(format!("{} is opened twice", obligation.id)));
            }
            let units = obligation.split.all();
            if units == 0 || obligation.split.of(State::Opened) != units || obligation.version != 1 {
                return Err(law(format!("{} is not opened as something new", obligation.id)));
            }
            sums.unsealed(on, &obligation.path, obligation.posted)?;
            let flow = match opened.how {
                Opening::New => Some(Flow::Opened),
                Opening::Transferred(_) => Some(Flow::TransferredIn),
                Opening::Named(_) => None,
            };
            if let Some(flow) = flow {
                sums.flow(on, obligation.posted, obligation, flow, units)?;
            }
            let named = obligation.is_named();
            let balance = sums.balance(on, obligation)?;
            match flow {
                Some(flow) => balance.open(flow, units, named),
                None => balance.name(units),
            }
            sums.closure(on, obligation, |row| row.due = row.due.saturating_add(units))?;
            if let Some(ground) = &obligation.ground {
                let by = keys::ground(&obligation.kind, &obligation.path, ground);
                on.put(Space::Ground, &by, &key)?;
            }
            return store(on, sums, None, obligation);
        }
        _ => {}
    }
    let Some(id) = change.obligation() else { return Ok(()) };
    let before = read::obligation(on, &id)?.ok_or_else(|| law(format!("{id} was never opened")))?;
    if let Some(day) = change.day() {
        if day < before.posted {
            return Err(law(format!("{id}: an entry on {day} after one on {}", before.posted)));
        }
        sums.unsealed(on, &before.path, day)?;
    }
    let broken = |broken: levee_ledger::Broken| law(format!("{} in {}: {broken}", before.kind, before.path));
    let after = before.clone().after(change).map_err(broken)?;
    match change {
        Change::Grown(grown) => {
            sums.flow(on, grown.day, &before, Flow::Opened, grown.units)?;
            sums.balance(on, &before)?.open(Flow::Opened, grown.units, before.is_named());
            sums.closure(on, &before, |row| row.due = row.due.saturating_add(grown.units))?;
        }
        Change::Named(named) => {
            sums.balance(on, &before)?.leave_to_be_named(named.from, named.units).map_err(broken)?;
            // The named ones count as due themselves.
            sums.closure(on, &before, |row| row.due = row.due.saturating_sub(named.units))?;
        }
        Change::Moved(moved) => {
            if moved.to == State::Expired && before.never_expires {
                return Err(law(format!("`{}` never expires", before.kind)));
            }
            let flow = Flow::of(moved.from, moved.to);
            if let Some(flow) = flow {
                sums.flow(on, moved.day, &before, flow, moved.units)?;
                sums.closed(on, &before, moved, flow, at <= before.due)?;
            }
            let balance = sums.balance(on, &before)?;
            balance.shift(moved.from, moved.to, moved.units, before.is_named()).map_err(broken)?;
        }
        _ => {}
    }
    store(on, sums, Some(&before), &after)
}

/// Writes an obligation, and the lists that it stands in.
fn store(
    on: &mut dyn Projections,
    sums: &mut Sums,
    before: Option<&Obligation>,
    after: &Obligation,
) -> Result<(), JournalError> {
    on.put(Space::Obligation, &keys::obligation(&after.id), &encode(Space::Obligation, after)?)?;
    let (listed, lists) = (before.and_then(OwedRow::of), OwedRow::of(after));
    if listed != lists {
        let key = keys::owed(after.path.book(), &after.section, after.due, &after.id);
        match &lists {
            Some(row) => on.put(Space::Owed, &key, &encode(Space::Owed, row)?)?,
            None => on.delete(Space::Owed, &key)?,
        }
        sums.due(on, after, listed.as_ref(), lists.as_ref())?;
    }
    let owner = |row: &Option<OwedRow>| row.as_ref().and_then(|row| row.owner.clone());
    let (owned, owns) = (owner(&listed), owner(&lists));
    if owned != owns {
        if let Some(person) = owned {
            on.delete(Space::Owner, &keys::owner(&person, after.due, &after.id))?;
        }
        if let Some(person) = owns {
            on.put(Space::Owner, &keys::owner(&person, after.due, &after.id), &[])?;
        }
    }
    Ok(())
}

/// A post is offered or taken over.
pub(super) fn handed_over(on: &mut dyn Projections, event: &HandedOver) -> Result<(), JournalError> {
    let row = HandOverRow {
        from: event.from.clone(),
        to: event.to.clone(),
        accepted: event.step == HandOverStep::Accepted,
        open: event.open,
        list: event.list,
    };
    let key = keys::hand_over(&event.area, &event.section, event.at);
    on.put(Space::HandOver, &key, &encode(Space::HandOver, &row)?)
}

pub(super) fn get<T: serde::de::DeserializeOwned>(
    on: &dyn crate::journal::Read,
    space: Space,
    key: &[u8],
) -> Result<Option<T>, JournalError> {
    on.get(space, key)?.map(|bytes| decode(space, &bytes)).transpose()
}
