//! Orders of a stored plan put into the ledger as proposals. People approve, issue and accept them there (law 10).

use super::archive::Stored;
use super::books::{ACTION, FROM_PLAN};
use crate::city::AppError;
use crate::journal::Read;
use crate::ledger::owed::{Query, owed};
use crate::ledger::placements::KIND;
use crate::ledger::{Desk, path_of};
use jiff::Timestamp;
use jiff::civil::Time;
use levee_ledger::order::{Hold, Order, OrderId, OrderState, Promise, ResourceId, Why};
use levee_ledger::{AreaPath, Command, KindId, ObligationId};
use levee_model::ids::EntityId;
use levee_model::plan::ProposedOrder;
use std::collections::BTreeMap;

fn asked(what: String, hint: &str) -> AppError {
    AppError::Asked { what, hint: hint.to_owned() }
}

fn meaning(why: impl std::fmt::Display) -> AppError {
    AppError::Meaning { table: "orders".into(), why: why.to_string() }
}

/// The commands that propose these orders (`1119-05` a group, `1119-05/2` one of it), each resting on the care placements
/// that are owed in its district, else in the city as a whole, the longest due first.
pub fn proposals(
    on: &dyn Read,
    desk: &Desk,
    plan: &Stored,
    wanted: &[String],
    at: Timestamp,
    new_id: &mut dyn FnMut() -> EntityId,
) -> Result<Vec<Command>, AppError> {
    let mut commands = Vec::new();
    let mut taken: BTreeMap<ObligationId, u64> = BTreeMap::new();
    for one in wanted {
        let orders = plan.document.orders(one);
        if orders.is_empty() {
            return Err(asked(
                format!("plan {} has no order {one}", plan.name),
                "see its orders with `levee plan show CITY PLAN`",
            ));
        }
        for (number, order) in orders {
            if order.class.is_life_saving() {
                return Err(asked(
                    format!("order {number} is life-saving care, which waits for no approval"),
                    "dispatch it at once: one person proposes and issues an order on an urgent-care obligation (`levee order`)",
                ));
            }
            let meets = meets(on, desk, order, at, &mut taken)?;
            commands.push(Command::Propose(Box::new(written(desk, plan, &number, order, meets, OrderId(new_id()))?)));
        }
    }
    Ok(commands)
}

fn meets(
    on: &dyn Read,
    desk: &Desk,
    order: &ProposedOrder,
    at: Timestamp,
    taken: &mut BTreeMap<ObligationId, u64>,
) -> Result<Vec<Promise>, AppError> {
    let kind: KindId = KIND.parse().map_err(meaning)?;
    let district = path(desk, &order.from)?;
    let city = path(desk, desk.places.city())?;
    let mut left = order.people.get();
    let mut meets = Vec::new();
    for area in [&district, &city] {
        let query = Query {
            area: area.clone(),
            late: false,
            kind: Some(kind.clone()),
            section: None,
            owner: None,
            limit: usize::MAX,
        };
        for item in owed(on, desk, &query, at)?.items {
            // What another district owes is not this one's to meet.
            if left == 0 || (item.row.path != *area && *area == city) {
                continue;
            }
            let used = taken.entry(item.obligation).or_default();
            let units = left.min(item.row.units.saturating_sub(*used));
            if units > 0 {
                *used += units;
                left -= units;
                meets.push(Promise { obligation: item.obligation, units });
            }
        }
    }
    if left > 0 {
        return Err(asked(
            format!("the books owe {} care placements fewer in {} than the order moves people", left, order.from),
            "expected people are ordered for when they are known; propose fewer orders, or open what is owed with `levee open`",
        ));
    }
    Ok(meets)
}

fn path(desk: &Desk, code: &levee_model::area::PlaceCode) -> Result<AreaPath, AppError> {
    path_of(&desk.places, code).ok_or_else(|| meaning(format!("{code} has no path")))
}

fn written(
    desk: &Desk,
    plan: &Stored,
    number: &str,
    order: &ProposedOrder,
    meets: Vec<Promise>,
    id: OrderId,
) -> Result<Order, AppError> {
    let moment = |day: jiff::civil::Date, time: Time| {
        desk.calendar.moment(day.to_datetime(time)).ok_or_else(|| meaning("a time beyond the calendar"))
    };
    let due = moment(order.day, order.window.until)?;
    // The plan keeps the bed to its end.
    let days = plan.document.transfers().map_or(1, |plan| plan.days);
    let start = plan.document.transfers().map_or(order.day, |plan| plan.start);
    let ends = start.saturating_add(jiff::Span::new().days(i64::from(days)));
    let level = serde_json::to_value(order.level).ok().and_then(|level| level.as_str().map(str::to_owned));
    let resource: ResourceId = format!("{}:{}", order.facility, level.unwrap_or_default()).parse().map_err(meaning)?;
    let hold = Hold {
        resource,
        units: order.people.get(),
        from: moment(order.day, order.window.from)?,
        until: moment(ends, Time::midnight())?,
        confirm_by: due,
        used: false,
        surge: false,
    };
    Ok(Order {
        id,
        action: ACTION.parse().map_err(meaning)?,
        path: path(desk, &order.from)?,
        section: ACTION.parse().map_err(meaning)?,
        meets,
        why: Why { code: FROM_PLAN.to_owned(), rests_on: format!("{}#{number}", plan.name) },
        holds: vec![hold],
        life_saving: false,
        carried_out_by: None,
        due,
        state: OrderState::Proposed,
        reason: None,
        version: 1,
    })
}
