//! What the plan costs in each tier, and how past promises held.

use super::balance::Balances;
use super::facts::Facts;
use super::violation::RoomViolation;
use levee_model::plan::METRES_AT_MOST;
use levee_model::plan::room_plan::{PromisesHeld, RoomPlan, RoomTier};
use levee_model::plan::rooms::{Opening, RoomInputs};

pub(crate) fn check(plan: &RoomPlan, facts: &Facts<'_>, balances: &Balances, found: &mut Vec<RoomViolation>) {
    let [known, promise, tail] = balances.safety(facts);
    let [mut price, mut staff_days, mut distance] = [0u64; 3];
    for opening in &plan.openings {
        let row = facts.sites.get(&opening.site).and_then(|view| view.row);
        if let Some(Opening::Possible { price: one, .. }) = row.map(|row| row.opening) {
            price = price.saturating_add(one);
        }
        let days = facts.dates.iter().filter(|day| **day >= opening.opens_on).count() as u64;
        staff_days = staff_days.saturating_add(opening.staff.unwrap_or(0).saturating_mul(days));
        let way = opening.metres.unwrap_or(METRES_AT_MOST);
        distance = distance.saturating_add(opening.rooms.get().saturating_mul(way));
    }
    let costs = [known, promise, tail, price, staff_days, distance];
    if !plan.tiers.iter().map(|t| t.tier).eq(RoomTier::ALL) {
        found.push(RoomViolation::Tiers);
        return;
    }
    let mut exact = true;
    for (said, cost) in plan.tiers.iter().zip(costs) {
        let bounded = match said.bound {
            // Below it nothing is known of the tiers that follow.
            Some(bound) => exact && bound <= said.value,
            None => !exact,
        };
        if said.value != cost || !bounded {
            found.push(RoomViolation::Tier { tier: said.tier });
        }
        exact &= said.bound == Some(said.value);
    }
    if plan.record != held(facts.inputs) {
        found.push(RoomViolation::Record);
    }
}

fn held(inputs: &RoomInputs) -> Vec<PromisesHeld> {
    let mut rows = Vec::new();
    for of_districts in [false, true] {
        let mut row = PromisesHeld { of_districts, known: 0, open: 0, broken: 0, stated: 0.0 };
        let mut stated = Vec::new();
        for promise in inputs.promises.iter().filter(|p| p.district.is_some() == of_districts) {
            match promise.came {
                None => row.open += 1,
                Some(came) => {
                    row.known += 1;
                    row.broken += u32::from(came > promise.rooms);
                    stated.push(promise.overflow_probability);
                }
            }
        }
        stated.retain(|p| p.is_finite());
        stated.sort_by(f64::total_cmp);
        row.stated = stated.into_iter().fold(0.0, |sum, p| sum + p);
        if row.known + row.open > 0 {
            rows.push(row);
        }
    }
    rows
}
