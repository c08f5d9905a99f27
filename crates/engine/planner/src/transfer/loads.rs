//! What each facility carries by day, and the plan's sums.

use crate::transfer::books::Books;
use crate::transfer::problem::{BedState, Problem};
use levee_model::plan::{FacilityLoad, Totals};
use levee_model::quantity::{Beds, Persons};

/// Loads of all facilities whose beds are known, by facility, level and day.
pub(crate) fn loads(problem: &Problem, books: &Books<'_>) -> Vec<FacilityLoad> {
    let demand = nearest_demand(problem, books);
    let mut loads = Vec::new();
    for (bed, row) in problem.beds.iter().enumerate() {
        let BedState::Known { usable, limits, occupied, leaving, .. } = &row.state else { continue };
        let Some(&binding) = limits.first() else { continue };
        let mut stays = *occupied;
        let mut held_before = 0;
        for day in 0..problem.days() {
            stays -= leaving[day];
            let held = books.held(bed, day);
            loads.push(FacilityLoad {
                facility: row.facility.clone(),
                level: row.level,
                day: problem.dates[day],
                usable: Beds::new(*usable),
                binding,
                discharged: Beds::new(leaving[day]),
                admitted: Persons::new(held - held_before),
                stepped_in: Persons::ZERO,
                stepped_out: Persons::ZERO,
                occupied: Beds::new(stays.saturating_add(held)),
                nearest_demand: Persons::new(demand[bed][day]),
            });
            held_before = held;
        }
    }
    loads
}

/// `[bed][day]`: people who need a bed on the day, or wait for one since before, and have no nearer one at their level.
fn nearest_demand(problem: &Problem, books: &Books<'_>) -> Vec<Vec<u64>> {
    let mut demand = vec![vec![0u64; problem.days()]; problem.beds.len()];
    for (district, ways) in problem.ways.iter().enumerate() {
        for (class, ways) in ways.iter().enumerate() {
            let Some(nearest) = ways.iter().find(|w| w.upgrade == 0) else { continue };
            for (day, sum) in demand[nearest.bed].iter_mut().enumerate() {
                let before = day.checked_sub(1).map_or(0, |before| books.waiting(district, class, before));
                *sum = sum.saturating_add(problem.need(district, class, day)).saturating_add(before);
            }
        }
    }
    demand
}

/// Sums, and the value of the last tier in person-metres (upgrades at their exchange rate).
pub(crate) fn totals(problem: &Problem, books: &Books<'_>) -> (Totals, u64) {
    let mut needed = [0u64; 4];
    let mut unserved = [0u64; 4];
    let mut waiting_person_days = [0u64; 4];
    for district in 0..problem.districts.len() {
        for class in 0..4 {
            for day in 0..problem.days() {
                needed[class] += problem.need(district, class, day);
                waiting_person_days[class] += books.waiting(district, class, day);
            }
            unserved[class] += problem.days().checked_sub(1).map_or(0, |last| books.waiting(district, class, last));
        }
    }
    let mut admitted = [0u64; 4];
    let (mut upgraded, mut metres, mut tier) = (0u64, 0u128, 0u128);
    for (key, &people) in books.moves() {
        admitted[key.class] += people;
        let ways = &problem.ways[key.district][key.class];
        let Some(way) = ways.iter().find(|w| w.bed == key.bed) else { continue };
        if way.upgrade > 0 {
            upgraded += people;
        }
        let upgrade = u128::from(problem.limits.upgrade_metres) * way.upgrade as u128;
        metres += u128::from(way.metres) * u128::from(people);
        tier += (u128::from(way.metres) + upgrade) * u128::from(people);
    }
    let totals = Totals {
        needed: needed.map(Persons::new),
        admitted: admitted.map(Persons::new),
        unserved: unserved.map(Persons::new),
        waiting_person_days,
        upgraded: Persons::new(upgraded),
        person_km: u64::try_from(metres / 1000).unwrap_or(u64::MAX),
        by_care: Vec::new(),
    };
    (totals, u64::try_from(tier).unwrap_or(u64::MAX))
}
