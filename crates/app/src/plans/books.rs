//! Orders under way in the ledger, as the next plan must know them: accepted ones stand, approved and issued ones cost a change.
//!
//! A plan of a past day knows them as they stood then: what was known to happen to an order later is taken back (law 4).
//!
//! An order that came from a stored plan names it (`plan=NAME#NUMBER`) and is read back from there. Of any other transfer
//! its holds say where to and how many; the class is the one that its level of care is for.

use super::archive;
use super::document::PlanDocument;
use crate::city::{AppError, City};
use crate::event::{Event, Position};
use crate::journal::{Journal, Space};
use crate::ledger::orders::all_under_way;
use crate::projection::ledger::keys;
use crate::projection::{decode, scanned};
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::Change;
use levee_ledger::order::{Hold, Order, OrderChange, OrderId, OrderState};
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{CareClass, Revision, StandingOrder};
use levee_model::quantity::Persons;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What an order that moves people to beds calls itself.
pub const ACTION: &str = "transfer";
/// Why-code of an order that came from a stored plan.
pub const FROM_PLAN: &str = "plan";

/// Accepted and issued transfers of the days after `day`, as the city knew them at `moment`.
pub(crate) fn standing(
    city: &City<'_>,
    calendar: &Calendar,
    day: Date,
    moment: Timestamp,
) -> Result<Revision, AppError> {
    let mut revision = Revision::default();
    let mut plans: BTreeMap<String, Option<PlanDocument>> = BTreeMap::new();
    // While the day runs, what the books hold now is what is known of it.
    let over = calendar.end_of(day).is_some_and(|end| end <= moment);
    let orders = if over { as_they_stood(city.journal, moment)? } else { all_under_way(city.journal)? };
    for order in orders {
        let into = match order.state {
            OrderState::Accepted => &mut revision.frozen,
            OrderState::Approved | OrderState::Issued => &mut revision.issued,
            OrderState::Proposed | OrderState::Done | OrderState::Failed | OrderState::Cancelled => continue,
        };
        if order.action.as_str() != ACTION {
            continue;
        }
        let named = named_plan(city, &order, &mut plans)?;
        into.extend(of(&order, named, calendar).into_iter().filter(|standing| standing.day > day));
    }
    Ok(revision)
}

/// All orders in the states that they had at a moment, those not proposed by then left out.
///
/// Orders keep no times of their own, so the journal is read once, and not at all where there are no orders. What became known
/// later may stand anywhere in it: a replay enters a day long after the next.
fn as_they_stood(on: &dyn Journal, moment: Timestamp) -> Result<Vec<Order>, AppError> {
    let (from, to) = keys::all_orders();
    let all: Vec<Order> = scanned(on, Space::Order, (&from, &to), |_, value| decode(Space::Order, value))?;
    if all.is_empty() {
        return Ok(vec![]);
    }
    let mut then: BTreeMap<OrderId, Option<OrderState>> = BTreeMap::new();
    on.events(Position(0), &mut |event| {
        if let Event::LedgerChanged(ledger) = &event.event
            && event.known_at > moment
        {
            for change in &ledger.changes {
                let Change::Order(change) = change else { continue };
                match change.as_ref() {
                    // The first of the later steps says from where it led; one that was only proposed later was not there.
                    OrderChange::Proposed(order) => then.insert(order.id, None),
                    OrderChange::Advanced(step) => Some(*then.entry(step.order).or_insert(Some(step.from))),
                };
            }
        }
        ControlFlow::Continue(())
    })?;
    let mut orders = Vec::new();
    for order in all {
        match then.get(&order.id) {
            None => orders.push(order),
            Some(Some(state)) => orders.push(Order { state: *state, ..order }),
            Some(None) => {}
        }
    }
    orders.sort_by_key(|order| order.id);
    Ok(orders)
}

/// The plan and the number of the order that it came from.
fn named_plan<'a>(
    city: &City<'_>,
    order: &'a Order,
    plans: &'a mut BTreeMap<String, Option<PlanDocument>>,
) -> Result<Option<(&'a PlanDocument, &'a str)>, AppError> {
    let Some((name, number)) = order.why.rests_on.split_once('#').filter(|_| order.why.code == FROM_PLAN) else {
        return Ok(None);
    };
    if !plans.contains_key(name) {
        let found = match archive::named(city, name) {
            Ok(stored) => Some(stored.document),
            // Somebody wrote a name that is none: the order's own holds say what it does.
            Err(AppError::Asked { .. }) => None,
            Err(other) => return Err(other),
        };
        plans.insert(name.to_owned(), found);
    }
    Ok(plans.get(name).and_then(Option::as_ref).map(|document| (document, number)))
}

fn of(order: &Order, named: Option<(&PlanDocument, &str)>, calendar: &Calendar) -> Vec<StandingOrder> {
    if let Some((document, number)) = named
        && let Some(proposed) = document.order(number)
    {
        // What was approved may be fewer than what was proposed.
        let units = order.meets.iter().fold(0u64, |sum, promise| sum.saturating_add(promise.units));
        return vec![StandingOrder {
            day: proposed.day,
            from: proposed.from.clone(),
            class: proposed.class,
            care: proposed.care,
            facility: proposed.facility.clone(),
            level: proposed.level,
            people: Persons::new(units),
        }];
    }
    let Ok(from) = order.path.area().parse::<PlaceCode>() else { return vec![] };
    order.holds.iter().filter_map(|hold| of_hold(hold, &from, calendar)).collect()
}

fn of_hold(hold: &Hold, from: &PlaceCode, calendar: &Calendar) -> Option<StandingOrder> {
    let (facility, level) = hold.resource.as_str().split_once(':')?;
    let level: Level = serde_json::from_value(level.into()).ok()?;
    let facility: FacilityId = facility.parse().ok()?;
    let class = CareClass::ALL.into_iter().find(|class| class.level_needed() == level)?;
    let day = calendar.civil(hold.from).date();
    let people = Persons::new(hold.units);
    Some(StandingOrder { day, from: from.clone(), class, care: None, facility, level, people })
}
