//! The ledger's projections, and laws 2 and 3 in every commit.
//!
//! What is changed, and by which function of the ledger, is the same as in [`levee_ledger::Books::apply`]; here it lies in
//! a store, in rows that answer what people ask without reading everything.

mod bytes;
pub mod keys;
mod legacy;
mod orders;
pub mod read;
pub mod record;
pub mod rows;
mod seal;
mod sums;
mod touched;

use crate::event::{BatchRows, HandOverStep, HandedOver, LedgerChanged};
use crate::journal::{JournalError, LawBroken, Projections, Space};
use crate::projection::{decode, encode};
use jiff::Timestamp;
use levee_ledger::{Change, Flow, Opening, State};
use rows::HandOverRow;
use sums::Sums;
use touched::Touched;

pub(super) use legacy::moved;
pub(super) use seal::{prepared, sealed};

pub(super) fn law(why: String) -> JournalError {
    LawBroken::Obligations { why }.into()
}

/// What an event changes, gathered while its changes are applied: every obligation and every sum is read once and written
/// once, however many changes touch it.
#[derive(Default)]
struct Gathered {
    sums: Sums,
    touched: Touched,
}

impl Gathered {
    fn write(mut self, on: &mut dyn Projections) -> Result<(), JournalError> {
        self.touched.write(on, &mut self.sums)?;
        self.sums.write(on)
    }
}

/// Changes the projections by what changed in the ledger at a moment.
pub(super) fn changed(on: &mut dyn Projections, at: Timestamp, event: &LedgerChanged) -> Result<(), JournalError> {
    let mut gathered = Gathered::default();
    for change in &event.changes {
        apply(on, &mut gathered, at, change)?;
    }
    gathered.write(on)?;
    if let Some(BatchRows { batch, rows }) = event.batch {
        super::batch::count(on, batch, |record| record.accepted += rows)?;
    }
    Ok(())
}

fn apply(
    on: &mut dyn Projections,
    gathered: &mut Gathered,
    at: Timestamp,
    change: &Change,
) -> Result<(), JournalError> {
    let Gathered { sums, touched } = gathered;
    match change {
        Change::Order(order) => return orders::apply(on, touched, order),
        Change::Opened(opened) => {
            let obligation = &opened.obligation;
            if touched.get(on, &obligation.id)?.is_some() {
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
                on.put(Space::Ground, &by, &keys::obligation(&obligation.id))?;
            }
            touched.open(obligation.clone());
            return Ok(());
        }
        _ => {}
    }
    let Some(id) = change.obligation() else { return Ok(()) };
    let obligation = touched.get(on, &id)?.ok_or_else(|| law(format!("{id} was never opened")))?;
    if let Some(day) = change.day() {
        if day < obligation.posted {
            return Err(law(format!("{id}: an entry on {day} after one on {}", obligation.posted)));
        }
        sums.unsealed(on, &obligation.path, day)?;
    }
    let (kind, path, named) = (obligation.kind.clone(), obligation.path.clone(), obligation.is_named());
    let broken = |broken: levee_ledger::Broken| law(format!("{kind} in {path}: {broken}"));
    obligation.change(change).map_err(broken)?;
    let obligation = &*obligation;
    match change {
        Change::Grown(grown) => {
            sums.flow(on, grown.day, obligation, Flow::Opened, grown.units)?;
            sums.balance(on, obligation)?.open(Flow::Opened, grown.units, named);
            sums.closure(on, obligation, |row| row.due = row.due.saturating_add(grown.units))?;
        }
        Change::Named(named) => {
            sums.balance(on, obligation)?.leave_to_be_named(named.from, named.units).map_err(broken)?;
            // The named ones count as due themselves.
            sums.closure(on, obligation, |row| row.due = row.due.saturating_sub(named.units))?;
        }
        Change::Moved(moved) => {
            if moved.to == State::Expired && obligation.never_expires {
                return Err(law(format!("`{kind}` never expires")));
            }
            let flow = Flow::of(moved.from, moved.to);
            if let Some(flow) = flow {
                sums.flow(on, moved.day, obligation, flow, moved.units)?;
                sums.closed(on, obligation, moved, flow, at <= obligation.due)?;
            }
            let balance = sums.balance(on, obligation)?;
            balance.shift(moved.from, moved.to, moved.units, named).map_err(broken)?;
        }
        _ => {}
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
