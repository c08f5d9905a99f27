//! Orders, and the capacity that they hold. The same bed twice is refused in the commit.

use super::touched::Touched;
use super::{get, keys, law};
use crate::journal::{JournalError, Projections, Space};
use crate::projection::encode;
use levee_ledger::order::{Order, OrderChange, Resource};

pub(super) fn apply(on: &mut dyn Projections, touched: &mut Touched, change: &OrderChange) -> Result<(), JournalError> {
    match change {
        OrderChange::Proposed(order) => {
            let key = keys::order(&order.id);
            if on.get(Space::Order, &key)?.is_some() {
                return Err(law(format!("order {} is proposed twice", order.id)));
            }
            if order.meets.is_empty() || order.why.rests_on.is_empty() {
                return Err(law(format!("order {} meets nothing or says not why", order.id)));
            }
            tie(on, touched, order, true)?;
            put(on, order)
        }
        OrderChange::Advanced(step) => {
            let before: Order = get(on, Space::Order, &keys::order(&step.order))?
                .ok_or_else(|| law(format!("order {} was never proposed", step.order)))?;
            if before.state != step.from || !step.from.may_become(step.to, before.life_saving) {
                return Err(law(format!("order {} cannot go from {:?} to {:?}", step.order, before.state, step.to)));
            }
            for change in before.capacity_changes(step) {
                let key = keys::resource(&change.resource);
                let mut resource: Resource = get(on, Space::Resource, &key)?.unwrap_or_default();
                resource.change(&change, before.life_saving).map_err(|no| law(no.to_string()))?;
                match resource.holds.is_empty() {
                    true => on.delete(Space::Resource, &key)?,
                    false => on.put(Space::Resource, &key, &encode(Space::Resource, &resource)?)?,
                }
            }
            if step.to.is_over() {
                tie(on, touched, &before, false)?;
            }
            put(on, &before.advanced(step))
        }
    }
}

fn put(on: &mut dyn Projections, order: &Order) -> Result<(), JournalError> {
    on.put(Space::Order, &keys::order(&order.id), &encode(Space::Order, order)?)?;
    let live = keys::live_order(order.path.book(), order.due, &order.id);
    if order.state.is_over() { on.delete(Space::Order, &live) } else { on.put(Space::Order, &live, &[]) }
}

/// Notes on the obligations that an order names whether it is under way.
fn tie(on: &dyn Projections, touched: &mut Touched, order: &Order, live: bool) -> Result<(), JournalError> {
    for promise in &order.meets {
        let id = promise.obligation;
        let obligation = touched
            .get(on, &id)?
            .ok_or_else(|| law(format!("order {} names {id}, which was never opened", order.id)))?;
        obligation.tie(order.id, live);
    }
    Ok(())
}
