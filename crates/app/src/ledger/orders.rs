//! Orders as people write them, and those that are under way.

use crate::city::AppError;
use crate::journal::{Read, Space};
use crate::projection::ledger::{keys, read};
use jiff::Timestamp;
use levee_ledger::catalogue::{FieldType, FieldValue};
use levee_ledger::order::{Action, Hold, Order, OrderId, OrderState, Promise, Why};
use levee_ledger::{AreaPath, NewSubject, Obligation, ObligationId, Refusal, Section, Subject};
use levee_model::ids::{EntityId, PersonId};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// An order as somebody proposes it.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// What it does.
    pub action: Action,
    /// The obligations that it is to meet, one at least.
    pub meets: Vec<Promise>,
    /// Why.
    pub why: Why,
    /// By when it is to be done.
    pub due: Timestamp,
    /// The capacity that it needs.
    pub holds: Vec<Hold>,
    /// Where; where its first obligation is, if left out.
    pub path: Option<AreaPath>,
    /// The section that carries it out; that of its first obligation if left out.
    pub section: Option<Section>,
    /// Who carries it out.
    pub by: Option<PersonId>,
}

/// The obligation, or the refusal that there is none.
///
/// # Errors
/// There is none; the journal cannot be read.
pub fn known(on: &dyn Read, id: ObligationId) -> Result<Obligation, AppError> {
    read::obligation(on, &id)?.ok_or_else(|| Refusal::UnknownObligation(id).into())
}

/// The order, or the refusal that there is none.
///
/// # Errors
/// There is none; the journal cannot be read.
pub fn known_order(on: &dyn Read, id: OrderId) -> Result<Order, AppError> {
    read::order(on, &id)?.ok_or_else(|| Refusal::UnknownOrder(id).into())
}

/// The order that is proposed.
///
/// # Errors
/// It meets nothing, or something that is not owed; the journal cannot be read.
pub fn proposed(on: &dyn Read, new: NewOrder, id: EntityId) -> Result<Order, AppError> {
    let first = new.meets.first().ok_or_else(|| AppError::Asked {
        what: "an order meets at least one obligation, and none was named".to_owned(),
        hint: "name what it is to meet".to_owned(),
    })?;
    let first = known(on, first.obligation)?;
    Ok(Order {
        id: OrderId(id),
        action: new.action,
        path: new.path.unwrap_or(first.path),
        section: new.section.unwrap_or(first.section),
        meets: new.meets,
        why: new.why,
        holds: new.holds,
        // The ledger says it, from what the order meets.
        life_saving: false,
        carried_out_by: new.by,
        due: new.due,
        state: OrderState::Proposed,
        reason: None,
        version: 1,
    })
}

/// All orders under way, by id.
pub(crate) fn all_under_way(on: &dyn Read) -> Result<Vec<Order>, AppError> {
    let (from, to) = keys::all_live_orders();
    let mut ids: Vec<OrderId> = Vec::new();
    on.scan(Space::Order, &from, &to, &mut |(key, _)| {
        ids.extend(keys::last_obligation(key).map(|id| OrderId(id.0)));
        ControlFlow::Continue(())
    })?;
    let mut orders: Vec<Order> = Vec::new();
    for id in ids {
        orders.extend(read::order(on, &id)?);
    }
    orders.sort_by_key(|order| order.id);
    Ok(orders)
}

/// Orders under way in an area, the first due first.
///
/// # Errors
/// The journal cannot be read.
pub fn under_way(on: &dyn Read, area: &AreaPath) -> Result<Vec<Order>, AppError> {
    let mut orders = all_under_way(on)?;
    orders.retain(|order| order.path.is_within(area));
    orders.sort_by_key(|order| (order.due, order.id));
    Ok(orders)
}

/// The place of an order in a list by due time: whole seconds, then its id.
pub type Place = (i64, OrderId);

/// Up to `limit` orders under way in an area, the first due first, after a place in that list; and whether there are more. Only the keys of
/// the area's book are looked through, and as many orders read as the page needs.
///
/// # Errors
/// The journal cannot be read.
pub fn page(
    on: &dyn Read,
    area: &AreaPath,
    section: Option<&str>,
    after: Option<Place>,
    limit: usize,
) -> Result<(Vec<Order>, bool), AppError> {
    // What is the city's own stands in a book beside those of its districts.
    let (from, to) = if area.book() == area.city() { keys::all_live_orders() } else { keys::live_orders(area.book()) };
    let mut places: Vec<Place> = Vec::new();
    on.scan(Space::Order, &from, &to, &mut |(key, _)| {
        places.extend(keys::due_order(key).filter(|place| after.is_none_or(|after| *place > after)));
        ControlFlow::Continue(())
    })?;
    places.sort_unstable();
    let mut orders = Vec::new();
    for (_, id) in places {
        let Some(order) = read::order(on, &id)? else { continue };
        if !order.path.is_within(area) || section.is_some_and(|section| order.section.as_str() != section) {
            continue;
        }
        if orders.len() == limit {
            return Ok((orders, true));
        }
        orders.push(order);
    }
    Ok((orders, false))
}

/// Those who were counted and are known by pseudonym now: what the counted one says of itself holds for each of them.
///
/// # Errors
/// Somebody is named twice; there is no such obligation; the journal cannot be read.
pub fn named(
    on: &dyn Read,
    counted: ObligationId,
    subjects: &[Subject],
    new_id: &mut dyn FnMut() -> EntityId,
) -> Result<Vec<NewSubject>, AppError> {
    let mut once = BTreeSet::new();
    if let Some(twice) = subjects.iter().find(|subject| !once.insert(*subject)) {
        return Err(AppError::Asked {
            what: format!("{twice} is named twice"),
            hint: "name each of them once".to_owned(),
        });
    }
    let fields = known(on, counted)?.fields;
    let new =
        |subject: &Subject| NewSubject { id: ObligationId(new_id()), subject: subject.clone(), fields: fields.clone() };
    Ok(subjects.iter().map(new).collect())
}

/// The value of a field, from a text; none where it does not fit.
pub fn field_value(holds: &FieldType, given: &str) -> Option<FieldValue> {
    match holds {
        FieldType::Count => given.parse().ok().map(FieldValue::Count),
        FieldType::Decimal => given.parse().ok().filter(|number: &f64| number.is_finite()).map(FieldValue::Decimal),
        FieldType::Date => given.parse().ok().map(FieldValue::Date),
        FieldType::DateTime => given.parse().ok().map(FieldValue::DateTime),
        FieldType::Flag => given.parse().ok().map(FieldValue::Flag),
        _ => Some(FieldValue::Text(given.to_owned())),
    }
}
