//! What the inputs lack or contradict is said, all of it and nothing else.

use crate::transfer::facts::{Facts, people_of};
use crate::transfer::violation::Violation;
use levee_model::plan::{Gap, METRES_AT_MOST, Plan, PlanInputs};
use levee_model::quantity::Persons;
use levee_model::report::VehicleKind;
use std::collections::BTreeSet;

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, inputs: &PlanInputs, found: &mut Vec<Violation>) {
    let mut expected = BTreeSet::new();
    wards(facts, &mut expected);
    needs(facts, inputs, &mut expected);
    ways(facts, inputs, &mut expected);
    vehicles(facts, &mut expected);
    for row in &inputs.step_downs {
        let (facility, level, to) = (&row.facility, row.level, row.to);
        if !facts.steps.iter().any(|s| (s.facility, s.level, s.to) == (facility, level, to)) {
            expected.insert(Gap::StepDownNotPossible { facility: facility.clone(), level, to });
        }
    }
    let said: BTreeSet<Gap> = plan.gaps.iter().cloned().collect();
    found.extend(expected.difference(&said).cloned().map(|gap| Violation::GapMissing { gap }));
    found.extend(said.difference(&expected).cloned().map(|gap| Violation::GapInvented { gap }));
    if said.len() != plan.gaps.len() {
        found.push(Violation::Sum { what: "list of gaps" });
    }
}

fn wards(facts: &Facts<'_>, expected: &mut BTreeSet<Gap>) {
    for &(facility, level) in facts.wards.keys() {
        let facility = facility.clone();
        let Some(row) = facts.row((&facility, level)) else {
            expected.insert(Gap::CapacityContradicts { facility, level });
            continue;
        };
        let columns = [
            (row.physical.is_none(), "physical"),
            (row.staffed.is_none(), "staffed"),
            (row.equipped.is_none(), "equipped"),
            (row.occupied.is_none(), "occupied"),
        ];
        let missing: Vec<String> = columns.iter().filter(|c| c.0).map(|c| c.1.to_owned()).collect();
        if !missing.is_empty() {
            expected.insert(Gap::CapacityUnknown { facility: facility.clone(), level, missing });
        }
        for service in &row.services {
            if facts.service((&facility, level), service.care) == Some(None) {
                let care = service.care;
                expected.insert(Gap::ServiceUnknown { facility: facility.clone(), level, care });
            }
        }
        if row.closes_on.zip(row.opens_on).is_some_and(|(closes, opens)| closes <= opens) {
            expected.insert(Gap::NeverOpen { facility });
        } else if facts.days.iter().all(|&day| !facts.is_accepted((&facility, level), day)) {
            expected.insert(Gap::NotAccepted { facility });
        }
    }
}

fn needs(facts: &Facts<'_>, inputs: &PlanInputs, expected: &mut BTreeSet<Gap>) {
    for need in &inputs.needs {
        let (district, day, class) = (need.district.clone(), need.day, need.class);
        if need.forecast_failed {
            expected.insert(Gap::ForecastFailed { district: district.clone(), day, class, care: need.care });
        }
        match people_of(need) {
            None => {
                expected.insert(Gap::NeedNotCredible { district, day, class });
            }
            Some(people @ 1..) if facts.day(day).is_none() => {
                expected.insert(Gap::NeedOutsidePlan { district, day, class, people: Persons::new(people) });
            }
            Some(_) => {}
        }
    }
}

fn ways(facts: &Facts<'_>, inputs: &PlanInputs, expected: &mut BTreeSet<Gap>) {
    for (district, _) in facts.districts() {
        let mut here = inputs.lanes.iter().filter(|l| l.from == *district).peekable();
        let mut any = false;
        if here.peek().is_none() {
            expected.insert(Gap::NoLanes { district: district.clone() });
        }
        for lane in here {
            let (district, facility) = (district.clone(), lane.facility.clone());
            if lane.metres > METRES_AT_MOST {
                expected.insert(Gap::LaneNotCredible { district, facility });
                continue;
            }
            any = true;
            let twin = |other: &&levee_model::plan::Lane| {
                other.from == lane.from && other.facility == lane.facility && other.metres <= METRES_AT_MOST
            };
            if inputs.lanes.iter().filter(twin).any(|other| other != lane) {
                expected.insert(Gap::LaneContradicts { district, facility });
            }
        }
        if !any {
            expected.insert(Gap::NoLanes { district: district.clone() });
        }
    }
}

fn vehicles(facts: &Facts<'_>, expected: &mut BTreeSet<Gap>) {
    for (district, (by_coach, by_ambulance)) in facts.districts() {
        let mut say = |kind: VehicleKind| {
            let rows: Vec<_> = facts.fleets.iter().filter(|f| f.district == *district && f.kind == kind).collect();
            let contradict = rows.iter().any(|r| *r != rows[0]);
            let district = district.clone();
            expected.insert(if contradict {
                Gap::FleetContradicts { district, kind }
            } else {
                Gap::FleetUnknown { district, kind }
            });
        };
        if by_coach && !matches!(facts.fleet(district, VehicleKind::Coach), Ok(Some(_))) {
            say(VehicleKind::Coach);
        }
        if by_ambulance {
            let kinds = [VehicleKind::Ambulance, VehicleKind::NegativePressureAmbulance];
            let fleets = kinds.map(|kind| facts.fleet(district, kind));
            for (kind, fleet) in kinds.into_iter().zip(&fleets) {
                if fleet.is_err() {
                    say(kind);
                }
            }
            if fleets == [Ok(None), Ok(None)] {
                say(VehicleKind::Ambulance);
            }
        }
    }
}
