//! The plan of transfers and the runs take turns.

use crate::day::{DAY, inputs, lane, person, vehicle};
use jiff::civil::date;
use levee_model::facility::Level;
use levee_model::plan::runs::RunInputs;
use levee_model::plan::{Capacity, CareClass, Fleet, Need, Plan, PlanInputs, PlanLimits};
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, Persons, Vehicles};
use levee_model::report::VehicleKind;
use levee_planner::runs::{RunSearch, converge};

fn ward(facility: &str, beds: u64) -> Capacity {
    Capacity {
        facility: facility.parse().unwrap(),
        level: Level::Makeshift,
        district: "D1".parse().unwrap(),
        physical: Some(Beds::new(beds)),
        staffed: Some(Beds::new(beds)),
        equipped: Some(Beds::new(beds)),
        occupied: Some(Beds::ZERO),
        discharges: Vec::new(),
        acceptance_until: Some(date(2023, 3, 1)),
        opens_on: None,
        closes_on: None,
        services: Vec::new(),
        origin: Origin::Reported,
    }
}

/// One coach of ten seats, "three trips a day": 12 beds half an hour away, 100 beds more than three hours away.
fn a_day_that_does_not_hold_three_trips() -> (PlanInputs, RunInputs) {
    let lanes = vec![lane("D1", "F1", 30), lane("D1", "F2", 200)];
    let people = (1..=30).map(|n| person(n, "D1", CareClass::Mild, 5)).collect();
    let runs = inputs(people, vec![], lanes.clone(), vec![vehicle("V1", VehicleKind::Coach, "D1", 10)]);
    let plan = PlanInputs {
        start: DAY,
        needs: vec![Need {
            district: "D1".parse().unwrap(),
            day: DAY,
            class: CareClass::Mild,
            care: None,
            known: Persons::new(30),
            forecast: None,
            forecast_failed: false,
            origin: Origin::Reported,
        }],
        capacity: vec![ward("F1", 12), ward("F2", 100)],
        lanes,
        fleets: vec![Fleet {
            district: "D1".parse().unwrap(),
            kind: VehicleKind::Coach,
            vehicles: Some(Vehicles::new(1)),
            crews: Some(1),
            seats: Some(10),
            trips_per_day: Some(3),
            origin: Origin::Reported,
        }],
        step_downs: Vec::new(),
        limits: PlanLimits { days: 2, ..PlanLimits::default() },
        revision: Default::default(),
    };
    (plan, runs)
}

fn today(plan: &Plan) -> u64 {
    plan.orders.iter().filter(|o| o.day == DAY).map(|o| o.people.get()).sum()
}

#[test]
fn what_runs_cannot_do_goes_back_until_the_plan_promises_what_they_can() {
    let (plan, day) = a_day_that_does_not_hold_three_trips();
    let once = converge(&plan, &day, 1, RunSearch::default(), 1);
    let done = converge(&plan, &day, 20, RunSearch::default(), 1);
    assert_eq!(levee_check::check(&done.plan, &done.inputs), []);
    assert_eq!(levee_check::runs::check(&done.runs, &done.run_inputs), []);
    assert!(!once.settled && done.settled);
    assert!(done.runs.cuts.is_empty());
    let riding = |runs: &levee_model::plan::runs::RunPlan| runs.figures.on_runs[0].get();
    assert_eq!(today(&done.plan), riding(&done.runs), "as many are promised a place today as get a run");
    assert!(today(&once.plan) > riding(&once.runs));
    assert!(riding(&done.runs) >= riding(&once.runs));
    insta::assert_snapshot!(format!("{} rounds, {} people on {} runs", done.rounds, riding(&done.runs), done.runs.runs.len()), @"3 rounds, 20 people on 2 runs");
}
