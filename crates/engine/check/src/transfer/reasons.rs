//! Every order has reasons, and what they say is so.

use crate::transfer::facts::{Facts, Ward, ward_of};
use crate::transfer::flows::Flows;
use crate::transfer::violation::{OrderRule, Violation};
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
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
    let nearer = nearer(facts, order);
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
            Reason::Nearest => nearer.is_empty(),
            Reason::NearestWithRoom => {
                !nearer.is_empty() && nearer.iter().all(|&ward| full_or_shut(facts, flows, ward, day))
            }
            Reason::Upgraded { needed, given } => {
                (*needed, *given) == (order.class.level_needed(), order.level) && needed < given
            }
            Reason::LaneEstimated => is_estimated(facts, order),
            about_a_nearer_one => nearer_is_so(facts, flows, order, &nearer, day, about_a_nearer_one),
        };
        if !so || order.reasons[..number].contains(reason) {
            return false;
        }
    }
    let has = |wanted: fn(&Reason) -> bool| order.reasons.iter().any(wanted);
    let full = nearer.iter().all(|&ward| full_or_shut(facts, flows, ward, day));
    let said = order.reasons.iter().filter(|r| speaks_of_a_nearer_one(r)).count();
    known == order.known.get()
        && known + expected == order.people.get()
        && said == to_say(facts, &nearer, order.day).min(NEARER_SAID)
        && has(|r| *r == Reason::Nearest) == nearer.is_empty()
        && has(|r| *r == Reason::NearestWithRoom) == (full && !nearer.is_empty())
        && has(|r| matches!(r, Reason::Upgraded { .. })) == (order.level != order.class.level_needed())
        && has(|r| *r == Reason::LaneEstimated) == is_estimated(facts, order)
}

/// How many different things there are to say: a facility that is shut says so once, a full or silent one by level.
fn to_say(facts: &Facts<'_>, nearer: &[Ward<'_>], day: jiff::civil::Date) -> usize {
    let mut said = std::collections::BTreeSet::new();
    for &(facility, level) in nearer {
        let ward = (facility, level);
        let by_level = facts.beds(ward).is_none() || facts.admits(ward, day);
        said.insert((facility, by_level.then_some(level), facts.is_open(ward, day)));
    }
    said.len()
}

fn is_estimated(facts: &Facts<'_>, order: &ProposedOrder) -> bool {
    facts.lane(&order.from, &order.facility).is_some_and(|l| l.method == LaneMethod::GreatCircle)
}

/// Of a group's people moved on a day, those who waited since before go first: so many must be said to have waited.
fn waited(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    let mut said: BTreeMap<_, u64> = BTreeMap::new();
    for order in &plan.orders {
        let people = order.reasons.iter().map(|r| if let Reason::Waited { people } = r { people.get() } else { 0 });
        let sum = said.entry((&order.from, order.class, order.day)).or_default();
        *sum = people.fold(*sum, u64::saturating_add);
    }
    for (number, order) in plan.orders.iter().enumerate() {
        let Some(day) = facts.day(order.day) else { continue };
        let group = (&order.from, order.class);
        let Some(before) = day.checked_sub(1) else {
            if said.get(&(group.0, group.1, order.day)).is_some_and(|n| *n > 0) {
                found.push(Violation::Order { order: number, rule: OrderRule::Reason });
            }
            continue;
        };
        let moved = flows.moved(group, day) - flows.moved(group, before);
        let right = moved.min(flows.waiting(facts, group, before));
        if said.get(&(group.0, group.1, order.day)) != Some(&right) {
            found.push(Violation::Order { order: number, rule: OrderRule::Reason });
        }
    }
}

fn speaks_of_a_nearer_one(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::NearerLeftToOthers { .. }
            | Reason::NearerFull { .. }
            | Reason::NearerNotAccepted { .. }
            | Reason::NearerNotOpen { .. }
            | Reason::NearerUnknown { .. }
    )
}

/// Whether both quantiles are those of a forecast for these people by then.
fn is_forecast(facts: &Facts<'_>, order: &ProposedOrder, (low, high): (f64, f64)) -> bool {
    let given = |wanted: f64| {
        facts
            .needs
            .iter()
            .filter(|n| n.district == order.from && n.class == order.class && n.day <= order.day)
            .filter_map(|n| n.forecast)
            .any(|f| f.quantile.total_cmp(&wanted).is_eq())
    };
    low <= high && given(low) && given(high)
}

/// Wards nearer than the one chosen that could serve these people without a higher upgrade.
fn nearer<'a>(facts: &Facts<'a>, order: &ProposedOrder) -> Vec<Ward<'a>> {
    let Some(upgrade) = facts.upgrade(order.class, order.level) else { return Vec::new() };
    facts
        .ways((&order.from, order.class))
        .into_iter()
        .filter(|(ward, lane, up)| *up <= upgrade && lane.metres < order.metres && *ward != ward_of(order))
        .map(|(ward, _, _)| ward)
        .collect()
}

fn is_full(facts: &Facts<'_>, flows: &Flows<'_>, ward: Ward<'_>, day: usize) -> bool {
    Flows::free(facts, ward, day).is_some_and(|free| free <= flows.held(ward, day))
}

fn full_or_shut(facts: &Facts<'_>, flows: &Flows<'_>, ward: Ward<'_>, day: usize) -> bool {
    !facts.admits(ward, facts.days[day]) || is_full(facts, flows, ward, day)
}

fn nearer_is_so(
    facts: &Facts<'_>,
    flows: &Flows<'_>,
    order: &ProposedOrder,
    nearer: &[Ward<'_>],
    day: usize,
    reason: &Reason,
) -> bool {
    let date = order.day;
    let any = |facility: &FacilityId, level: Option<Level>, so: &dyn Fn(Ward<'_>) -> bool| {
        nearer.iter().any(|&w| w.0 == facility && level.is_none_or(|l| l == w.1) && so(w))
    };
    match reason {
        Reason::NearerLeftToOthers { facility, level } => {
            any(facility, Some(*level), &|w| facts.admits(w, date) && !is_full(facts, flows, w, day))
        }
        Reason::NearerFull { facility, level } => {
            any(facility, Some(*level), &|w| facts.admits(w, date) && is_full(facts, flows, w, day))
        }
        Reason::NearerNotAccepted { facility } => {
            any(facility, None, &|w| facts.beds(w).is_some() && facts.is_open(w, date) && !facts.is_accepted(w, date))
        }
        Reason::NearerNotOpen { facility } => {
            any(facility, None, &|w| facts.beds(w).is_some() && !facts.is_open(w, date))
        }
        Reason::NearerUnknown { facility, level } => any(facility, Some(*level), &|w| facts.beds(w).is_none()),
        _ => true,
    }
}
