//! Loads, totals and tiers are what the orders add up to.

use crate::transfer::facts::{Facts, Ward, ward_of};
use crate::transfer::flows::{Flows, needed};
use crate::transfer::violation::Violation;
use levee_model::facility::Binding;
use levee_model::plan::{CareClass, FacilityLoad, Plan, Tier};
use std::collections::BTreeMap;

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    loads(plan, facts, flows, found);
    totals(plan, facts, flows, found);
    if plan.origin != facts.origin {
        found.push(Violation::Origin { of: "the plan" });
    }
    if plan.solver.name.is_empty() || plan.engine_version.is_empty() {
        found.push(Violation::NoRecord);
    }
}

fn loads(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    let mut listed: BTreeMap<_, Vec<&FacilityLoad>> = BTreeMap::new();
    for load in &plan.loads {
        listed.entry((&load.facility, load.level, load.day)).or_default().push(load);
    }
    let demand = nearest_demand(facts, flows);
    for &ward in facts.wards.keys().filter(|w| facts.beds(**w).is_some()) {
        for (t, &day) in facts.days.iter().enumerate() {
            let entries = listed.remove(&(ward.0, ward.1, day)).unwrap_or_default();
            let asked = demand.get(&ward).map_or(0, |d| d[t]);
            if !matches!(entries.as_slice(), [one] if load_is_so(facts, flows, ward, t, asked, one)) {
                found.push(Violation::Load { facility: ward.0.clone(), level: ward.1, day });
            }
        }
    }
    for (facility, level, day) in listed.into_keys() {
        found.push(Violation::Load { facility: facility.clone(), level, day });
    }
}

fn load_is_so(facts: &Facts<'_>, flows: &Flows<'_>, ward: Ward<'_>, t: usize, asked: u64, load: &FacilityLoad) -> bool {
    let (Some(row), Some((usable, before))) = (facts.row(ward), facts.beds(ward)) else { return false };
    let leaving = facts.leaving(ward);
    let gone: u64 = leaving.iter().take(t + 1).sum();
    let held = flows.held(ward, t);
    let yesterday = t.checked_sub(1).map_or(0, |t| flows.held(ward, t));
    let limits =
        [(Binding::Physical, row.physical), (Binding::Staffed, row.staffed), (Binding::Equipped, row.equipped)];
    let first = limits.into_iter().find(|(_, beds)| beds.is_some_and(|b| b.get() == usable));
    load.usable.get() == usable
        && first.is_some_and(|(limit, _)| limit == load.binding)
        && load.discharged.get() == leaving[t]
        && load.admitted.get() == held - yesterday
        && load.occupied.get() == (before - gone).saturating_add(held)
        && load.nearest_demand.get() == asked
}

/// By ward and day: people of that day, waiting ones included, for whom it is the nearest at the level they need.
fn nearest_demand<'a>(facts: &Facts<'a>, flows: &Flows<'_>) -> BTreeMap<Ward<'a>, Vec<u64>> {
    let mut demand: BTreeMap<Ward<'a>, Vec<u64>> = BTreeMap::new();
    for (&group, new) in &facts.new {
        // Among equally near ones the first by facility.
        let own = facts.ways(group).into_iter().filter(|(_, _, upgrade)| *upgrade == 0);
        let Some((ward, ..)) = own.min_by_key(|(ward, lane, _)| (lane.metres, *ward)) else { continue };
        let sums = demand.entry(ward).or_insert_with(|| vec![0; facts.days.len()]);
        for (t, sum) in sums.iter_mut().enumerate() {
            *sum += new[t].0 + t.checked_sub(1).map_or(0, |before| flows.waiting(facts, group, before));
        }
    }
    demand
}

fn totals(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    let last = facts.days.len() - 1;
    let mut waited = [0u64; 4];
    for (k, class) in CareClass::ALL.into_iter().enumerate() {
        let groups = || facts.new.keys().filter(|g| g.1 == class);
        let total: u64 = groups().map(|g| needed(facts, *g, last).0).sum();
        let left: u64 = groups().map(|g| flows.waiting(facts, *g, last)).sum();
        let moved: u64 = groups().map(|g| flows.moved(*g, last)).sum();
        waited[k] = groups().flat_map(|g| (0..=last).map(|t| flows.waiting(facts, *g, t))).sum();
        let sums = [
            ("needed", plan.totals.needed[k].get(), total),
            ("unserved", plan.totals.unserved[k].get(), left),
            ("admitted", plan.totals.admitted[k].get(), moved),
            ("waiting", plan.totals.waiting_person_days[k], waited[k]),
            ("served and unserved", plan.totals.admitted[k].get() + plan.totals.unserved[k].get(), total),
        ];
        for (what, _, _) in sums.iter().filter(|(_, said, is)| said != is) {
            found.push(Violation::Sum { what });
        }
    }
    let (mut upgraded, mut metres, mut exchanged) = (0u64, 0u128, 0u128);
    for order in &plan.orders {
        let levels = facts.upgrade(order.class, ward_of(order).1).unwrap_or(0);
        let people = order.people.get();
        upgraded = upgraded.saturating_add(if levels > 0 { people } else { 0 });
        metres += u128::from(order.metres) * u128::from(people);
        exchanged += u128::from(levels) * u128::from(facts.limits.upgrade_metres) * u128::from(people);
    }
    if plan.totals.upgraded.get() != upgraded {
        found.push(Violation::Sum { what: "upgraded" });
    }
    if u128::from(plan.totals.person_km) != (metres / 1000).min(u64::MAX.into()) {
        found.push(Violation::Sum { what: "person-kilometres" });
    }
    let values = [
        (Tier::LifeSaving, u128::from(waited[2] + waited[3])),
        (Tier::Vulnerable, waited[1].into()),
        (Tier::Waiting, waited[0].into()),
        (Tier::Changes, 0),
        (Tier::Distance, (metres + exchanged).min(u64::MAX.into())),
    ];
    if plan.tiers.len() != values.len() {
        found.push(Violation::Sum { what: "list of tiers" });
    }
    let mut equal_so_far = true;
    for ((tier, value), said) in values.into_iter().zip(&plan.tiers) {
        // A bound of a later tier holds only while no earlier one was given up.
        let beats_bound = equal_so_far && said.bound.is_some_and(|bound| said.value < bound);
        equal_so_far &= said.bound.is_none_or(|bound| bound == said.value);
        if said.tier != tier || u128::from(said.value) != value || beats_bound {
            found.push(Violation::Tier { tier });
        }
    }
}
