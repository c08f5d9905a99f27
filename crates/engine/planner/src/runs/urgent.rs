//! Life-saving care: everybody at once, each with the best place and the first ambulance, nobody behind a plan (law 7).

use crate::runs::people::{Fate, key};
use crate::runs::problem::Problem;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::runs::{Guardianship, Quota, RunInputs, Urgent};
use levee_model::plan::{CareClass, CareNeed};
use std::collections::BTreeMap;

/// A place for life-saving care: whether over capacity, minutes by ambulance (unknown ones last), facility.
type Rank<'a> = (bool, bool, u32, &'a FacilityId);

/// Everybody who is to be dispatched now; the most ill first, then the vulnerable, then the longest waiting.
pub(crate) fn urgent(inputs: &RunInputs, problem: &Problem<'_>) -> Vec<Urgent> {
    let mut places: BTreeMap<(&PlaceCode, CareClass, Option<CareNeed>), BTreeMap<Rank<'_>, u64>> = BTreeMap::new();
    for quota in inputs.quotas.iter().filter(|q| serves(q)) {
        let minutes = minutes(problem, quota);
        let rank = (quota.over_capacity, minutes.is_none(), minutes.unwrap_or(0), &quota.facility);
        let left = places.entry((&quota.from, quota.class, quota.care)).or_default().entry(rank).or_default();
        *left = left.saturating_add(quota.people.get());
    }
    let mut ambulances: Vec<_> = problem.ambulances.iter().map(|all| all.iter()).collect();
    let mut rows: Vec<_> = problem.people.rows.iter().filter(|l| l.fate == Fate::Urgent).map(|l| l.row).collect();
    rows.sort_by_key(|row| key(row));
    rows.iter()
        .map(|row| {
            let place = places.get_mut(&(&row.district, row.class, row.care)).and_then(|all| {
                let (rank, left) = all.iter_mut().find(|(_, left)| **left > 0)?;
                *left -= 1;
                Some((rank.3.clone(), rank.0))
            });
            let here = problem.districts.binary_search(&row.district).ok();
            let vehicle = here.and_then(|d| ambulances.get_mut(d)).and_then(Iterator::next);
            Urgent {
                person: row.person,
                district: row.district.clone(),
                class: row.class,
                over_capacity: place.as_ref().is_some_and(|(_, over)| *over),
                facility: place.map(|(facility, _)| facility),
                vehicle: vehicle.map(|v| v.id.clone()),
                escort: match row.guardianship {
                    Guardianship::By { person } if person != row.person => Some(person),
                    _ => None,
                },
            }
        })
        .collect()
}

fn serves(quota: &Quota) -> bool {
    let fits = quota.level >= quota.class.level_needed() && quota.level != Level::Laboratory;
    quota.class.is_life_saving() && fits && quota.people.get() > 0
}

fn minutes(problem: &Problem<'_>, quota: &Quota) -> Option<u32> {
    let district = problem.districts.binary_search(&quota.from).ok()?;
    let facility = problem.facilities.binary_search(&quota.facility).ok()?;
    problem.ambulance_minutes(district, facility)
}
