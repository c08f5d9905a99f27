//! Every order has reasons, and what they say is so.

use crate::facts::{Facts, Ward, ward_of};
use crate::flows::Flows;
use crate::violation::{OrderRule, Violation};
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{LaneMethod, Plan, ProposedOrder, Reason};

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    for (number, order) in plan.orders.iter().enumerate() {
        if !are_so(facts, flows, order) {
            found.push(Violation::Order { order: number, rule: OrderRule::Reason });
        }
    }
}

fn are_so(facts: &Facts<'_>, flows: &Flows<'_>, order: &ProposedOrder) -> bool {
    let mut known = 0;
    let mut expected = 0;
    let mut where_to = false;
    let mut upgraded = false;
    let mut estimated = false;
    for reason in &order.reasons {
        let so = match reason {
            Reason::NeedKnown { people } => {
                known += people.get();
                true
            }
            Reason::NeedForecast { people, quantiles } => {
                expected += people.get();
                is_forecast(facts, order, *quantiles)
            }
            Reason::Waited { people } => people.get() > 0 && *people <= order.people && order.day > facts.days[0],
            Reason::Nearest => {
                where_to = true;
                nearer(facts, order).is_empty()
            }
            Reason::NearestWithRoom => {
                where_to = true;
                let Some(day) = facts.day(order.day) else { return false };
                nearer(facts, order).iter().all(|&ward| full_or_shut(facts, flows, ward, day))
            }
            Reason::Upgraded { needed, given } => {
                upgraded = true;
                (*needed, *given) == (order.class.level_needed(), order.level) && needed < given
            }
            Reason::LaneEstimated => {
                estimated = true;
                facts.lane(&order.from, &order.facility).is_some_and(|l| l.method == LaneMethod::GreatCircle)
            }
            about_a_nearer_one => {
                if matches!(about_a_nearer_one, Reason::NearerLeftToOthers { .. }) {
                    where_to = true;
                }
                nearer_is_so(facts, flows, order, about_a_nearer_one)
            }
        };
        if !so {
            return false;
        }
    }
    let method = facts.lane(&order.from, &order.facility).map(|l| l.method);
    // What the first three nearer ones say may hide that a fourth is left to others: then none of them is "full".
    let where_to = where_to || !nearer(facts, order).is_empty();
    where_to
        && !order.reasons.is_empty()
        && known == order.known.get()
        && known + expected == order.people.get()
        && upgraded == (order.level != order.class.level_needed())
        && estimated == (method == Some(LaneMethod::GreatCircle))
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

fn nearer_is_so(facts: &Facts<'_>, flows: &Flows<'_>, order: &ProposedOrder, reason: &Reason) -> bool {
    let Some(day) = facts.day(order.day) else { return false };
    let date = order.day;
    let nearer = nearer(facts, order);
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
        Reason::NearerNotAccepted { facility } => any(facility, None, &|w| !facts.is_accepted(w, date)),
        Reason::NearerNotOpen { facility } => any(facility, None, &|w| !facts.is_open(w, date)),
        Reason::NearerUnknown { facility, level } => any(facility, Some(*level), &|w| facts.beds(w).is_none()),
        _ => true,
    }
}
