//! What each facility carries by day, and the plan's sums.

use crate::transfer::books::Books;
use crate::transfer::network;
use crate::transfer::problem::{BedState, Problem};
use levee_model::plan::{CareNeed, CareTotals, FacilityLoad, STEP_DOWN_METRES, Totals};
use levee_model::quantity::{Beds, Persons};
use std::collections::BTreeMap;

/// Loads of all facilities whose beds are known, by facility, level and day.
pub(crate) fn loads(problem: &Problem, books: &Books<'_>) -> Vec<FacilityLoad> {
    let demand = nearest_demand(problem, books);
    let mut stepped_in = vec![vec![0u64; problem.days()]; problem.beds.len()];
    for (step, by_day) in problem.steps.iter().zip(books.steps()) {
        for (sum, people) in stepped_in[step.lower].iter_mut().zip(by_day) {
            *sum += people;
        }
    }
    let mut loads = Vec::new();
    for (bed, row) in problem.beds.iter().enumerate() {
        let BedState::Known { usable, limits, staying, leaving, .. } = &row.state else { continue };
        let Some(&binding) = limits.first() else { continue };
        let (mut held_before, mut out_before) = (0, 0);
        for day in 0..problem.days() {
            let (held, out) = (books.held(bed, day), books.stepped_out(bed, day));
            loads.push(FacilityLoad {
                facility: row.facility.clone(),
                level: row.level,
                day: problem.dates[day],
                usable: Beds::new(*usable),
                binding,
                discharged: Beds::new(leaving[day]),
                admitted: Persons::new(held - held_before - stepped_in[bed][day]),
                stepped_in: Persons::new(stepped_in[bed][day]),
                stepped_out: Persons::new(out - out_before),
                occupied: Beds::new(staying[day].saturating_sub(out).saturating_add(held)),
                nearest_demand: Persons::new(demand[bed][day]),
            });
            (held_before, out_before) = (held, out);
        }
    }
    loads
}

/// `[bed][day]`: people who need a bed on the day, or wait for one since before, and have no nearer one at their level.
fn nearest_demand(problem: &Problem, books: &Books<'_>) -> Vec<Vec<u64>> {
    let mut demand = vec![vec![0u64; problem.days()]; problem.beds.len()];
    for (group, ways) in problem.ways.iter().enumerate() {
        let Some(nearest) = ways.iter().find(|w| w.upgrade == 0) else { continue };
        for (day, sum) in demand[nearest.bed].iter_mut().enumerate() {
            let before = day.checked_sub(1).map_or(0, |before| books.waiting(group, before));
            *sum = sum.saturating_add(problem.need(group, day)).saturating_add(before);
        }
    }
    demand
}

#[derive(Clone, Copy, Default)]
struct Served {
    needed: [u64; 4],
    admitted: [u64; 4],
    unserved: [u64; 4],
}

/// Sums, and the value of the last tier in person-metres (upgrades and moves to lower beds at their exchange rates).
pub(crate) fn totals(problem: &Problem, books: &Books<'_>) -> (Totals, u64) {
    let mut all = Served::default();
    let mut by_care: BTreeMap<CareNeed, Served> = BTreeMap::new();
    let mut waiting_person_days = [0u64; 4];
    let mut admitted = vec![0u64; problem.groups.len()];
    let (mut upgraded, mut metres, mut tier) = (0u64, 0u128, 0u128);
    for (key, &people) in books.moves() {
        admitted[key.group] += people;
        let Some(way) = problem.ways[key.group].iter().find(|w| w.bed == key.bed) else { continue };
        if way.upgrade > 0 {
            upgraded += people;
        }
        metres += u128::from(way.metres) * u128::from(people);
        tier += u128::from(network::metres(problem, way.metres, way.upgrade)) * u128::from(people);
    }
    let moved_down: u64 = books.steps().iter().flatten().sum();
    tier += u128::from(STEP_DOWN_METRES) * u128::from(moved_down);
    for (group, g) in problem.groups.iter().enumerate() {
        let needed: u64 = (0..problem.days()).map(|day| problem.need(group, day)).sum();
        let unserved = problem.days().checked_sub(1).map_or(0, |last| books.waiting(group, last));
        waiting_person_days[g.class] += (0..problem.days()).map(|day| books.waiting(group, day)).sum::<u64>();
        let count = |served: &mut Served| {
            served.needed[g.class] += needed;
            served.admitted[g.class] += admitted[group];
            served.unserved[g.class] += unserved;
        };
        count(&mut all);
        if let Some(care) = g.care {
            count(by_care.entry(care).or_default());
        }
    }
    let persons = |counts: [u64; 4]| counts.map(Persons::new);
    let by_care = by_care.into_iter().map(|(care, served)| CareTotals {
        care,
        needed: persons(served.needed),
        admitted: persons(served.admitted),
        unserved: persons(served.unserved),
    });
    let totals = Totals {
        needed: persons(all.needed),
        admitted: persons(all.admitted),
        unserved: persons(all.unserved),
        waiting_person_days,
        upgraded: Persons::new(upgraded),
        person_km: u64::try_from(metres / 1000).unwrap_or(u64::MAX),
        by_care: by_care.collect(),
    };
    (totals, u64::try_from(tier).unwrap_or(u64::MAX))
}
