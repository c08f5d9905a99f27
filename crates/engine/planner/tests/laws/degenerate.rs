//! Inputs at the edge of sense still give a plan with a clear list.

use crate::city::{beds, day, fleet, inputs, lane, need};
use levee_check::check;
use levee_model::facility::Level;
use levee_model::plan::{CareClass, Cause, Gap, Pin, Plan, PlanInputs, Refusal, StandingOrder};
use levee_model::quantity::{Beds, ExpectedPersons, Persons};
use levee_model::report::VehicleKind;
use levee_planner::propose;

fn plan(inputs: &PlanInputs) -> Plan {
    let plan = propose(inputs, 0);
    assert_eq!(check(&plan, inputs), []);
    assert_eq!(plan.solver.fell_back, None);
    plan
}

#[test]
fn nothing_at_all() {
    let plan = plan(&inputs(vec![], vec![], vec![], vec![]));
    assert!(plan.orders.is_empty() && plan.shortfalls.is_empty() && plan.gaps.is_empty());
}

#[test]
fn needs_of_nobody() {
    let city = inputs(vec![need("D1", 0, CareClass::Mild, 0, 0.0)], vec![], vec![], vec![]);
    assert!(plan(&city).gaps.is_empty());
}

#[test]
fn no_beds_in_the_city() {
    let city = inputs(vec![need("D1", 0, CareClass::Critical, 1, 0.0)], vec![], vec![lane("D1", "F1", 1)], vec![]);
    let plan = plan(&city);
    assert_eq!(plan.shortfalls[0].cause, Cause::NoFacility);
    assert_eq!((plan.surge[0].people, plan.surge[0].facility.clone()), (Persons::new(1), None));
    // On the days after, the same person is in surge care; nobody else is to be dispatched.
    assert_eq!((plan.surge[1].people, plan.surge[1].in_surge), (Persons::ZERO, Persons::new(1)));
}

#[test]
fn no_way_from_the_district() {
    let needs = vec![need("D1", 0, CareClass::Moderate, 2, 0.0)];
    let plan = plan(&inputs(needs, vec![beds("F1", Level::General, 9, 0)], vec![], vec![]));
    assert_eq!(plan.shortfalls[0].cause, Cause::NoLane);
    assert!(plan.gaps.contains(&Gap::NoLanes { district: "D1".parse().unwrap() }));
}

#[test]
fn a_million_people() {
    let needs = vec![need("D1", 0, CareClass::Mild, 1_000_000, 0.0)];
    let city = inputs(
        needs,
        vec![beds("F1", Level::Makeshift, 2_000_000, 0)],
        vec![lane("D1", "F1", 40)],
        vec![fleet("D1", VehicleKind::Coach, 10_000, 40, 3)],
    );
    assert_eq!(plan(&city).totals.admitted[0], Persons::new(1_000_000));
}

#[test]
fn numbers_beyond_all_people_are_listed_and_not_planned_with() {
    let mut endless = need("D1", 0, CareClass::Mild, 1, 0.0);
    endless.known = Persons::new(u64::MAX);
    let mut forecast = need("D1", 1, CareClass::Mild, 0, 1.0);
    forecast.forecast = forecast.forecast.map(|mut f| {
        f.people = ExpectedPersons::new(1e300).unwrap();
        f
    });
    let mut ward = beds("F1", Level::Makeshift, u64::MAX, u64::MAX);
    ward.discharges = vec![Beds::new(u64::MAX); 9];
    let mut far = lane("D1", "F1", 1);
    far.metres = u64::MAX;
    let fleets = vec![fleet("D1", VehicleKind::Coach, u64::MAX, u64::MAX, u64::MAX)];
    let needs = vec![endless, forecast, need("D1", 0, CareClass::Mild, 3, 0.0)];
    let city = inputs(needs, vec![ward], vec![lane("D1", "F1", 5), far], fleets);
    let plan = plan(&city);
    assert_eq!(plan.gaps.iter().filter(|g| matches!(g, Gap::NeedNotCredible { .. })).count(), 2);
    assert_eq!(plan.gaps.iter().filter(|g| matches!(g, Gap::LaneNotCredible { .. })).count(), 1);
    assert_eq!(plan.totals.admitted[0], Persons::new(3));
}

#[test]
fn dates_that_contradict_themselves() {
    let mut ward = beds("F1", Level::Makeshift, 9, 0);
    (ward.opens_on, ward.closes_on) = (Some(day(3)), Some(day(1)));
    let city = inputs(vec![need("D1", 0, CareClass::Mild, 2, 0.0)], vec![ward], vec![lane("D1", "F1", 5)], vec![]);
    let plan = plan(&city);
    assert!(plan.orders.is_empty());
    assert!(plan.gaps.contains(&Gap::NeverOpen { facility: "F1".parse().unwrap() }));
    assert_eq!(plan.shortfalls[0].cause, Cause::NotOpen);
}

#[test]
fn two_reports_that_differ_are_not_chosen_between() {
    let rows = vec![beds("F1", Level::Makeshift, 9, 0), beds("F1", Level::Makeshift, 8, 0)];
    let city = inputs(vec![need("D1", 0, CareClass::Mild, 2, 0.0)], rows, vec![lane("D1", "F1", 5)], vec![]);
    let plan = plan(&city);
    assert!(plan.orders.is_empty());
    assert_eq!(plan.shortfalls[0].cause, Cause::UnknownCapacity);
}

#[test]
fn a_failed_forecast_is_not_nobody() {
    let mut failed = need("D1", 0, CareClass::Mild, 2, 50.0);
    failed.forecast_failed = true;
    let city = inputs(vec![failed], vec![beds("F1", Level::Makeshift, 90, 0)], vec![lane("D1", "F1", 5)], vec![]);
    let plan = plan(&city);
    let (district, class) = ("D1".parse().unwrap(), CareClass::Mild);
    assert!(plan.gaps.contains(&Gap::ForecastFailed { district, day: day(0), class, care: None }));
    assert_eq!((plan.totals.needed[0], plan.totals.admitted[0]), (Persons::new(2), Persons::new(2)));
}

#[test]
fn an_expired_acceptance_admits_nobody() {
    let mut ward = beds("F1", Level::Makeshift, 9, 0);
    ward.acceptance_until = Some(day(-1));
    let city = inputs(vec![need("D1", 0, CareClass::Mild, 2, 0.0)], vec![ward], vec![lane("D1", "F1", 5)], vec![]);
    let plan = plan(&city);
    assert!(plan.orders.is_empty());
    assert!(plan.gaps.contains(&Gap::NotAccepted { facility: "F1".parse().unwrap() }));
    assert_eq!(plan.shortfalls[0].cause, Cause::NotAccepted);
}

#[test]
fn of_two_pins_that_contradict_one_another_one_is_kept() {
    let exactly = |people| Pin::Assign {
        order: StandingOrder {
            day: day(0),
            from: "D1".parse().unwrap(),
            class: CareClass::Mild,
            care: None,
            facility: "F1".parse().unwrap(),
            level: Level::Makeshift,
            people: Persons::new(people),
        },
        exactly: true,
    };
    let needs = vec![need("D1", 0, CareClass::Mild, 5, 0.0)];
    let mut city = inputs(needs, vec![beds("F1", Level::Makeshift, 9, 0)], vec![lane("D1", "F1", 5)], vec![]);
    city.revision.pins = vec![exactly(3), exactly(2)];
    let plan = plan(&city);
    let answers: Vec<_> = plan.pins.iter().map(|o| o.refused).collect();
    assert_eq!(answers, [None, Some(Refusal::Contradicts)]);
    assert_eq!(plan.orders[0].people, Persons::new(2));
    // The other three may come on the next day, when nothing is pinned.
    assert_eq!((plan.orders[1].day, plan.orders[1].people), (day(1), Persons::new(3)));
    assert_eq!(plan.shortfalls[0].cause, Cause::Pinned);
}

#[test]
fn a_window_that_ends_before_it_starts_lets_no_coach_depart() {
    let mut city = inputs(
        vec![need("D1", 0, CareClass::Mild, 2, 0.0), need("D1", 0, CareClass::Severe, 1, 0.0)],
        vec![beds("F1", Level::Makeshift, 9, 0), beds("F1", Level::Severe, 9, 0)],
        vec![lane("D1", "F1", 5)],
        vec![],
    );
    city.limits.coach_until = jiff::civil::time(4, 0, 0, 0);
    let plan = plan(&city);
    assert_eq!(plan.orders.len(), 1, "only the severe one rides, by ambulance");
}

#[test]
fn the_last_days_of_the_calendar() {
    let mut city = inputs(vec![], vec![], vec![], vec![]);
    city.start = jiff::civil::Date::MAX;
    assert_eq!(plan(&city).days, 1);
}
