//! Small stories with a known right answer.

use crate::city::{beds, fleet, inputs, lane, need};
use levee_check::check;
use levee_model::facility::Level;
use levee_model::plan::{CareClass, Cause, Plan, PlanInputs, Reason, Remedy, RideBy};
use levee_model::quantity::{Beds, Persons};
use levee_model::report::VehicleKind;
use levee_planner::{compare, nearest_first_greedy, propose};

fn plan(inputs: &PlanInputs) -> Plan {
    let plan = propose(inputs, 0);
    assert_eq!(check(&plan, inputs), []);
    plan
}

fn told(plan: &Plan) -> String {
    plan.orders
        .iter()
        .map(|o| {
            format!("{} {} {:?} {}: {} to {} {:?}", o.day, o.from, o.class, o.known, o.people, o.facility, o.level)
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// D1 can only reach F1; D2 is nearer to F1 but can reach F2 as well. By hand, D1 would be left without a bed.
fn two_districts_one_near_ward() -> PlanInputs {
    inputs(
        vec![need("D1", 0, CareClass::Moderate, 5, 0.0), need("D0", 0, CareClass::Moderate, 5, 0.0)],
        vec![beds("F1", Level::General, 5, 0), beds("F2", Level::General, 5, 0)],
        vec![lane("D1", "F1", 30), lane("D0", "F1", 5), lane("D0", "F2", 40)],
        vec![],
    )
}

#[test]
fn a_near_bed_is_left_to_those_who_have_no_other() {
    let city = two_districts_one_near_ward();
    let plan = plan(&city);
    insta::assert_snapshot!(told(&plan), @"
    2022-11-23 D0 Moderate 5: 5 to F2 General
    2022-11-23 D1 Moderate 5: 5 to F1 General
    ");
    assert!(plan.shortfalls.is_empty());
    let greedy = compare(&plan, &nearest_first_greedy(&city));
    // Five people for seven days: what looking at one district at a time costs.
    assert_eq!((greedy[1].plan, greedy[1].nearest_first), (0, 35));
}

#[test]
fn life_saving_care_beyond_the_beds_is_surge_and_never_an_order() {
    let city = inputs(
        vec![need("D1", 0, CareClass::Critical, 3, 0.0)],
        vec![beds("F1", Level::Critical, 2, 0)],
        vec![lane("D1", "F1", 5)],
        vec![fleet("D1", VehicleKind::Ambulance, 1, 1, 1)],
    );
    let plan = plan(&city);
    assert_eq!(plan.orders[0].people, Persons::new(2));
    // One ambulance trip is there; the second person goes by whatever the dispatcher finds, and keeps the bed.
    assert_eq!(plan.orders[0].rides[1].by, RideBy::Dispatch);
    assert_eq!((plan.surge[0].people, plan.surge[0].facility.clone()), (Persons::new(1), Some("F1".parse().unwrap())));
    let mend = &plan.shortfalls[0].mends[0];
    assert!(matches!(mend.remedy, Remedy::OneBed { .. }));
    assert_eq!(mend.saves_person_days, Some([7, 0, 0]));
}

#[test]
fn a_bed_that_comes_free_is_used_on_its_day() {
    let mut ward = beds("F1", Level::Makeshift, 4, 4);
    ward.discharges = vec![Beds::ZERO, Beds::new(3)];
    let city = inputs(vec![need("D1", 0, CareClass::Mild, 5, 0.0)], vec![ward], vec![lane("D1", "F1", 5)], vec![]);
    let plan = plan(&city);
    insta::assert_snapshot!(told(&plan), @"2022-11-24 D1 Mild 3: 3 to F1 Makeshift");
    assert!(plan.orders[0].reasons.contains(&Reason::Waited { people: Persons::new(3) }));
    assert_eq!(plan.totals.waiting_person_days, [5 + 6 * 2, 0, 0, 0]);
}

#[test]
fn coaches_make_whole_trips_and_a_shortage_of_them_is_said() {
    let city = inputs(
        vec![need("D1", 0, CareClass::Mild, 50, 0.0)],
        vec![beds("F1", Level::Makeshift, 10, 0), beds("F2", Level::Makeshift, 100, 0)],
        vec![lane("D1", "F1", 5), lane("D1", "F2", 50)],
        vec![fleet("D1", VehicleKind::Coach, 1, 20, 2)],
    );
    let plan = plan(&city);
    // 40 seats are two whole trips; 10 to the near ward and 30 to the far one would be three.
    insta::assert_snapshot!(told(&plan), @"
    2022-11-23 D1 Mild 40: 40 to F2 Makeshift
    2022-11-24 D1 Mild 10: 10 to F1 Makeshift
    ");
    assert_eq!(plan.shortfalls[0].cause, Cause::Vehicles);
}

#[test]
fn vehicles_that_nobody_reported_leave_the_ride_to_be_confirmed() {
    let city = inputs(
        vec![need("D1", 0, CareClass::Mild, 5, 0.0)],
        vec![beds("F1", Level::Makeshift, 10, 0)],
        vec![lane("D1", "F1", 5)],
        vec![],
    );
    let plan = plan(&city);
    assert_eq!(plan.orders[0].rides[0].by, RideBy::Unconfirmed { kind: VehicleKind::Coach });
    assert_eq!(plan.gaps.len(), 1);
}

#[test]
fn a_ward_that_did_not_say_how_full_it_is_takes_nobody() {
    let mut silent = beds("F1", Level::Makeshift, 100, 0);
    silent.occupied = None;
    let city = inputs(
        vec![need("D1", 0, CareClass::Mild, 5, 0.0)],
        vec![silent, beds("F2", Level::Makeshift, 10, 0)],
        vec![lane("D1", "F1", 5), lane("D1", "F2", 50)],
        vec![],
    );
    let plan = plan(&city);
    insta::assert_snapshot!(told(&plan), @"2022-11-23 D1 Mild 5: 5 to F2 Makeshift");
    assert!(matches!(plan.orders[0].reasons[2], Reason::NearerUnknown { .. }));
}

#[test]
fn a_mild_patient_is_never_put_in_intensive_care() {
    let city = inputs(
        vec![need("D1", 0, CareClass::Mild, 5, 0.0)],
        vec![beds("F1", Level::Critical, 10, 0), beds("F1", Level::General, 2, 0)],
        vec![lane("D1", "F1", 5)],
        vec![],
    );
    let plan = plan(&city);
    insta::assert_snapshot!(told(&plan), @"2022-11-23 D1 Mild 2: 2 to F1 General");
}
