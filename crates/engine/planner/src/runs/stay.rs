//! Why somebody still waits, and what would mend it.

use crate::runs::people::{Group, Kinds};
use crate::runs::places::could;
use crate::runs::problem::{Car, Problem};
use levee_model::plan::runs::{CutCause, RunRemedy, StayCause};
use levee_model::plan::{CareClass, CareNeed};
use std::collections::BTreeMap;

/// Cause and remedies of somebody who was held back before any place or vehicle was looked at.
pub(crate) fn held(cause: StayCause) -> Vec<RunRemedy> {
    vec![match cause {
        StayCause::GuardianUnknown | StayCause::GuardianDoesNotTravel => RunRemedy::NameGuardian,
        StayCause::ExemptionUndecided => RunRemedy::DecideExemption,
        StayCause::HouseholdHeld => RunRemedy::AskHousehold,
        StayCause::NotYet => RunRemedy::NextDay,
        _ => RunRemedy::Reconcile,
    }]
}

/// The group's people by what they need.
fn by_need(problem: &Problem<'_>, group: &Group) -> Vec<(CareClass, Option<CareNeed>, u64)> {
    let mut people: BTreeMap<(CareClass, Option<CareNeed>), u64> = BTreeMap::new();
    for k in &group.members {
        let row = problem.people.row(*k);
        *people.entry((row.class, row.care)).or_default() += 1;
    }
    people.into_iter().map(|((class, care), count)| (class, care, count)).collect()
}

/// Why a group has no place: `left` = places of the district that nobody takes.
pub(crate) fn no_place(
    problem: &Problem<'_>,
    district: usize,
    group: &Group,
    left: &Kinds,
) -> (StayCause, Vec<RunRemedy>) {
    let places = RunRemedy::Places { district: problem.districts[district].clone(), people: by_need(problem, group) };
    match group.takes(left) {
        Some(_) => (StayCause::NoPlaceTogether, vec![places, RunRemedy::AskHousehold]),
        None => (StayCause::NoPlace, vec![places]),
    }
}

/// Why a group with a place has no run.
pub(crate) fn no_run(
    problem: &Problem<'_>,
    district: usize,
    facility: usize,
    group: &Group,
) -> (StayCause, Vec<RunRemedy>) {
    let here = || problem.districts[district].clone();
    let Some(minutes) = problem.lane(district, facility) else {
        return (StayCause::NoLane, vec![RunRemedy::Lanes { district: here() }]);
    };
    let limits = &problem.limits;
    let one_run = RunRemedy::OneRun {
        district: here(),
        facility: problem.facilities[facility].clone(),
        seats: group.size(),
        minutes: minutes.saturating_mul(2).saturating_add(limits.load_minutes).saturating_add(limits.unload_minutes),
    };
    let cars: Vec<&Car<'_>> = problem.cars.iter().filter(|c| problem.hop(c.base, district).is_some()).collect();
    if cars.is_empty() {
        let unknown = problem.unknown_cars.iter().any(|base| problem.hop(*base, district).is_some());
        return match unknown {
            true => (StayCause::VehiclesUnknown, vec![RunRemedy::ReportVehicles { district: here() }]),
            false => (StayCause::NoVehicle, vec![one_run]),
        };
    }
    let large: Vec<&Car<'_>> = cars.into_iter().filter(|c| c.seats >= group.size()).collect();
    if large.is_empty() {
        let larger = RunRemedy::LargerVehicle { district: here(), seats: group.size() };
        let ask = (group.size() > 1).then_some(RunRemedy::AskHousehold);
        return (StayCause::NoSeatsTogether, std::iter::once(larger).chain(ask).collect());
    }
    let any = |ready| large.iter().any(|c| could(problem, c, district, facility, ready));
    if any(group.ready) {
        (StayCause::VehicleTime, vec![one_run, RunRemedy::NextDay])
    } else if any(0) {
        // Found positive too late in the day for this way.
        (StayCause::WayTooLong, vec![RunRemedy::NextDay])
    } else {
        let relay = RunRemedy::Relay { district: here(), facility: problem.facilities[facility].clone() };
        (StayCause::WayTooLong, vec![relay])
    }
}

/// The cut that a cause makes, if the plan of transfers can do something about it.
pub(crate) fn cut_of(cause: StayCause) -> Option<CutCause> {
    match cause {
        StayCause::NoVehicle | StayCause::VehiclesUnknown => Some(CutCause::Vehicles),
        StayCause::NoSeatsTogether => Some(CutCause::Seats),
        StayCause::WayTooLong => Some(CutCause::WayTooLong),
        StayCause::VehicleTime => Some(CutCause::VehicleTime),
        _ => None,
    }
}
