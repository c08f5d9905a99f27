//! Loads, totals and tiers are what the orders add up to.

use crate::transfer::facts::{Facts, Group, Ward, group_of, ward_of};
use crate::transfer::flows::{Flows, needed};
use crate::transfer::violation::Violation;
use levee_model::facility::Binding;
use levee_model::plan::{CareClass, CareNeed, CareTotals, FacilityLoad, Plan, STEP_DOWN_METRES, Tier};
use levee_model::quantity::Persons;
use std::collections::BTreeMap;

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    loads(plan, facts, flows, found);
    by_care(plan, facts, flows, found);
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
            if !matches!(entries.as_slice(), [one] if load_is_so(plan, facts, flows, (ward, t), asked, one)) {
                found.push(Violation::Load { facility: ward.0.clone(), level: ward.1, day });
            }
        }
    }
    for (facility, level, day) in listed.into_keys() {
        found.push(Violation::Load { facility: facility.clone(), level, day });
    }
}

fn load_is_so(
    plan: &Plan,
    facts: &Facts<'_>,
    flows: &Flows<'_>,
    (ward, t): (Ward<'_>, usize),
    asked: u64,
    load: &FacilityLoad,
) -> bool {
    let (Some(row), Some((usable, before))) = (facts.row(ward), facts.beds(ward)) else { return false };
    let leaving = facts.leaving(ward);
    let gone: u64 = leaving.iter().take(t + 1).sum();
    let held = flows.held(ward, t);
    let yesterday = t.checked_sub(1).map_or(0, |t| flows.held(ward, t));
    let today = plan.step_downs.iter().filter(|o| o.day == facts.days[t] && o.facility == *ward.0);
    let people = |to: bool| {
        let mine = today.clone().filter(move |o| (if to { o.to } else { o.level }) == ward.1);
        mine.fold(0u64, |sum, o| sum.saturating_add(o.people.get()))
    };
    let stepped_out = flows.stepped_out(ward, t);
    let limits =
        [(Binding::Physical, row.physical), (Binding::Staffed, row.staffed), (Binding::Equipped, row.equipped)];
    let first = limits.into_iter().find(|(_, beds)| beds.is_some_and(|b| b.get() == usable));
    load.usable.get() == usable
        && first.is_some_and(|(limit, _)| limit == load.binding)
        && load.discharged.get() == leaving[t]
        && load.admitted.get() == (held - yesterday).saturating_sub(people(true))
        && load.stepped_in.get() == people(true)
        && load.stepped_out.get() == people(false)
        && load.occupied.get() == (before - gone).saturating_sub(stepped_out).saturating_add(held)
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

/// Needs = served + unserved, by class and care need.
fn by_care(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    let last = facts.days.len() - 1;
    let mut right = Vec::new();
    for care in CareNeed::ALL {
        let groups: Vec<Group<'_>> = facts.new.keys().copied().filter(|g| g.2 == Some(care)).collect();
        if groups.is_empty() {
            continue;
        }
        let sum = |of: &dyn Fn(Group<'_>) -> u64| {
            CareClass::ALL.map(|class| Persons::new(groups.iter().filter(|g| g.1 == class).map(|g| of(*g)).sum()))
        };
        right.push(CareTotals {
            care,
            needed: sum(&|g| needed(facts, g, last).0),
            admitted: sum(&|g| flows.moved(g, last)),
            unserved: sum(&|g| flows.waiting(facts, g, last)),
        });
    }
    if plan.totals.by_care != right {
        found.push(Violation::Sum { what: "people by care need" });
    }
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
    let moved_down: u128 = plan.step_downs.iter().map(|o| u128::from(o.people.get())).sum();
    exchanged += u128::from(STEP_DOWN_METRES) * moved_down;
    let mut by_tier = [0u128; 3];
    for &group in facts.new.keys() {
        by_tier[facts.tier(group)] += (0..=last).map(|t| u128::from(flows.waiting(facts, group, t))).sum::<u128>();
    }
    let values = [
        (Tier::LifeSaving, by_tier[0]),
        (Tier::Vulnerable, by_tier[1]),
        (Tier::Waiting, by_tier[2]),
        (Tier::Changes, changes(plan, facts)),
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

/// People placed otherwise than issued orders say, accepted orders aside, of groups that have issued orders.
fn changes(plan: &Plan, facts: &Facts<'_>) -> u128 {
    let of_groups = plan.orders.iter().filter(|o| !o.frozen && facts.decided.has_issued(facts, group_of(o)));
    let changed =
        of_groups.map(|o| o.people.get().saturating_sub(facts.decided.issued((o.day, group_of(o), ward_of(o)))));
    changed.map(u128::from).sum()
}
