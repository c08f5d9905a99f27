//! Every order has reasons, and what they say is so.

use crate::transfer::facts::{Facts, Ward, group_of, ward_of};
use crate::transfer::flows::Flows;
use crate::transfer::violation::{OrderRule, Violation};
use levee_model::plan::{LaneMethod, Plan, ProposedOrder, Reason};
use std::collections::BTreeMap;

/// Of so many nearer facilities an order must say why they were not taken.
const NEARER_SAID: usize = 3;

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    for (number, order) in plan.orders.iter().enumerate() {
        if !are_so(facts, flows, order) {
            found.push(Violation::Order { order: number, rule: OrderRule::Reason });
        }
    }
    waited(plan, facts, flows, found);
}

fn are_so(facts: &Facts<'_>, flows: &Flows<'_>, order: &ProposedOrder) -> bool {
    let Some(day) = facts.day(order.day) else { return false };
    let key = (order.day, group_of(order), ward_of(order));
    let pinned = if order.frozen { 0 } else { facts.decided.pinned(key) };
    let as_issued = if order.frozen { 0 } else { facts.decided.issued(key).min(order.people.get()) };
    // Of an accepted order, and of one that a pin makes as a whole, no distance was weighed.
    let weighed = !order.frozen && pinned < order.people.get();
    let against = if weighed { against_nearer(facts, flows, order, day) } else { Vec::new() };
    let left_to_others = against.iter().any(|r| matches!(r, Reason::NearerLeftToOthers { .. }));
    let mut known = 0;
    let mut expected = 0;
    for (number, reason) in order.reasons.iter().enumerate() {
        let so = match reason {
            Reason::NeedKnown { people } => {
                known += people.get();
                people.get() > 0
            }
            Reason::NeedForecast { people, quantiles } => {
                expected += people.get();
                people.get() > 0 && is_forecast(facts, order, *quantiles)
            }
            // Who waited is counted over all orders of a group's day, below.
            Reason::Waited { people } => people.get() > 0 && *people <= order.people,
            Reason::Nearest => weighed && against.is_empty(),
            Reason::NearestWithRoom => weighed && !against.is_empty() && !left_to_others,
            Reason::Upgraded { needed, given } => {
                (*needed, *given) == (order.class.level_needed(), order.level) && needed < given
            }
            Reason::LaneEstimated => is_estimated(facts, order),
            Reason::Accepted => order.frozen,
            Reason::Pinned { people } => people.get() > 0 && people.get() == pinned,
            Reason::AsIssued { people } => people.get() > 0 && people.get() == as_issued,
            about_a_nearer_one => against.contains(about_a_nearer_one),
        };
        if !so || order.reasons[..number].contains(reason) {
            return false;
        }
    }
    let has = |wanted: fn(&Reason) -> bool| order.reasons.iter().any(wanted);
    let said = order.reasons.iter().filter(|r| against.contains(r)).count();
    known == order.known.get()
        && known + expected == order.people.get()
        && said == against.len().min(NEARER_SAID)
        && has(|r| *r == Reason::Nearest) == (weighed && against.is_empty())
        && has(|r| *r == Reason::NearestWithRoom) == (!against.is_empty() && !left_to_others)
        && has(|r| matches!(r, Reason::Upgraded { .. })) == (order.level != order.class.level_needed())
        && has(|r| *r == Reason::LaneEstimated) == is_estimated(facts, order)
        && has(|r| *r == Reason::Accepted) == order.frozen
        && has(|r| matches!(r, Reason::Pinned { .. })) == (pinned > 0)
        && has(|r| matches!(r, Reason::AsIssued { .. })) == (as_issued > 0)
}

/// What there is to say of wards nearer than the one chosen that could serve these people without a higher upgrade, each
/// thing once: a facility that is forbidden or shut says so for all its levels.
fn against_nearer(facts: &Facts<'_>, flows: &Flows<'_>, order: &ProposedOrder, day: usize) -> Vec<Reason> {
    let Some(upgrade) = facts.upgrade(order.class, order.level) else { return Vec::new() };
    let mut all = Vec::new();
    for (ward, lane, up) in facts.ways(group_of(order)) {
        if up <= upgrade && lane.metres < order.metres && ward != ward_of(order) {
            let reason = against(facts, flows, order, ward, day);
            if !all.contains(&reason) {
                all.push(reason);
            }
        }
    }
    all
}

fn against(facts: &Facts<'_>, flows: &Flows<'_>, order: &ProposedOrder, ward: Ward<'_>, day: usize) -> Reason {
    let group = group_of(order);
    let (facility, level) = (ward.0.clone(), ward.1);
    let service_known = group.2.is_none_or(|care| facts.service(ward, care).flatten().is_some());
    if facts.decided.forbids(group, ward.0) {
        Reason::NearerForbidden { facility }
    } else if facts.beds(ward).is_none() || !service_known {
        Reason::NearerUnknown { facility, level }
    } else if !facts.is_open(ward, order.day) {
        Reason::NearerNotOpen { facility }
    } else if !facts.is_accepted(ward, order.day) {
        Reason::NearerNotAccepted { facility }
    } else if facts.decided.is_exact((order.day, group, ward)) {
        Reason::NearerPinned { facility, level }
    } else if flows.is_full(facts, ward, group, day) {
        Reason::NearerFull { facility, level }
    } else {
        Reason::NearerLeftToOthers { facility, level }
    }
}

fn is_estimated(facts: &Facts<'_>, order: &ProposedOrder) -> bool {
    facts.lane(&order.from, &order.facility).is_some_and(|l| l.method == LaneMethod::GreatCircle)
}

/// Of a group's people moved on a day, those who waited since before go first: so many must be said to have waited.
fn waited(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    let mut said: BTreeMap<_, u64> = BTreeMap::new();
    for order in &plan.orders {
        let people = order.reasons.iter().map(|r| if let Reason::Waited { people } = r { people.get() } else { 0 });
        let sum = said.entry((group_of(order), order.day)).or_default();
        *sum = people.fold(*sum, u64::saturating_add);
    }
    for (number, order) in plan.orders.iter().enumerate() {
        let Some(day) = facts.day(order.day) else { continue };
        let group = group_of(order);
        let Some(before) = day.checked_sub(1) else {
            if said.get(&(group, order.day)).is_some_and(|n| *n > 0) {
                found.push(Violation::Order { order: number, rule: OrderRule::Reason });
            }
            continue;
        };
        let moved = flows.moved(group, day) - flows.moved(group, before);
        let right = moved.min(flows.waiting(facts, group, before));
        if said.get(&(group, order.day)) != Some(&right) {
            found.push(Violation::Order { order: number, rule: OrderRule::Reason });
        }
    }
}

/// Whether both quantiles are those of a forecast for these people by then.
fn is_forecast(facts: &Facts<'_>, order: &ProposedOrder, (low, high): (f64, f64)) -> bool {
    let given = |wanted: f64| {
        facts
            .needs
            .iter()
            .filter(|n| (&n.district, n.class, n.care) == group_of(order) && n.day <= order.day && !n.forecast_failed)
            .filter_map(|n| n.forecast)
            .any(|f| f.quantile.total_cmp(&wanted).is_eq())
    };
    low <= high && given(low) && given(high)
}
