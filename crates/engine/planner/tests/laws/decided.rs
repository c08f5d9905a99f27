//! Stories of what people decide, of care beside the bed, and of moves to lower beds.

use crate::city::{beds, day, inputs, lane, need};
use levee_check::check;
use levee_model::facility::Level;
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, Persons};
use levee_planner::{compare_plans, propose};

fn plan(inputs: &PlanInputs) -> Plan {
    let plan = propose(inputs, 0);
    assert_eq!(check(&plan, inputs), []);
    plan
}

fn told(plan: &Plan) -> String {
    let line =
        |o: &ProposedOrder| format!("{} {} {:?} {} to {} {:?}", o.day, o.from, o.class, o.people, o.facility, o.level);
    plan.orders.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Three mild people, two wards, the first one nearer.
fn two_wards() -> PlanInputs {
    inputs(
        vec![need("D1", 0, CareClass::Mild, 3, 0.0)],
        vec![beds("F1", Level::Makeshift, 9, 0), beds("F2", Level::Makeshift, 9, 0)],
        vec![lane("D1", "F1", 5), lane("D1", "F2", 6)],
        vec![],
    )
}

fn to_f2(people: u64) -> StandingOrder {
    StandingOrder {
        day: day(0),
        from: "D1".parse().unwrap(),
        class: CareClass::Mild,
        care: None,
        facility: "F2".parse().unwrap(),
        level: Level::Makeshift,
        people: Persons::new(people),
    }
}

#[test]
fn issued_orders_stay_where_that_costs_nobody_a_day() {
    let mut city = two_wards();
    insta::assert_snapshot!(told(&plan(&city)), @"2022-11-23 D1 Mild 3 to F1 Makeshift");
    city.revision.issued = vec![to_f2(3)];
    let again = plan(&city);
    insta::assert_snapshot!(told(&again), @"2022-11-23 D1 Mild 3 to F2 Makeshift");
    assert_eq!(again.tiers[3].value, 0);
    // With room for two only, one person waits or changes: waiting counts more.
    city.capacity[1] = beds("F2", Level::Makeshift, 2, 0);
    let again = plan(&city);
    assert_eq!((again.tiers[2].value, again.tiers[3].value), (0, 1));
}

#[test]
fn an_accepted_order_stands_and_holds_its_bed() {
    let mut city = two_wards();
    city.revision.frozen = vec![to_f2(1), to_f2(1)];
    let plan = plan(&city);
    insta::assert_snapshot!(told(&plan), @"
    2022-11-23 D1 Mild 1 to F1 Makeshift
    2022-11-23 D1 Mild 2 to F2 Makeshift
    ");
    assert_eq!(plan.orders.iter().map(|o| o.frozen).collect::<Vec<_>>(), [false, true]);
    assert!(plan.orders[1].reasons.contains(&Reason::Accepted));
}

#[test]
fn nobody_keeps_an_intensive_care_bed_empty_by_decree() {
    let cap = Pin::Cap { facility: "F1".parse().unwrap(), level: Level::Critical, beds: Beds::new(1) };
    let mut city = inputs(
        vec![need("D1", 0, CareClass::Critical, 2, 0.0)],
        vec![beds("F1", Level::Critical, 2, 0)],
        vec![lane("D1", "F1", 5)],
        vec![],
    );
    city.revision.pins = vec![cap];
    let refused = plan(&city);
    assert_eq!(refused.pins[0].refused, Some(Refusal::LifeSaving));
    assert!(refused.surge.is_empty());
    // Where one bed is enough, the other may be kept.
    city.needs = vec![need("D1", 0, CareClass::Critical, 1, 0.0)];
    assert_eq!(plan(&city).pins[0].refused, None);
}

#[test]
fn who_got_better_moves_down_and_leaves_the_bed_to_who_needs_it() {
    let mut city = inputs(
        vec![need("D1", 0, CareClass::Severe, 2, 0.0)],
        vec![beds("F1", Level::General, 4, 3), beds("F1", Level::Severe, 2, 2)],
        vec![lane("D1", "F1", 5)],
        vec![],
    );
    city.step_downs = vec![StepDown {
        facility: "F1".parse().unwrap(),
        level: Level::Severe,
        to: Level::General,
        eligible: vec![Persons::new(2)],
        origin: Origin::Reported,
    }];
    let plan = plan(&city);
    // Two may move, one bed is free below: one severe person has a bed, the other is surge.
    assert_eq!(plan.step_downs.iter().map(|o| o.people).collect::<Vec<_>>(), [Persons::new(1)]);
    assert_eq!((plan.totals.admitted[2], plan.totals.unserved[2]), (Persons::new(1), Persons::new(1)));
}

#[test]
fn who_needs_dialysis_goes_where_it_is_and_no_further_than_its_slots() {
    let mut city = inputs(
        vec![Need { care: Some(CareNeed::Dialysis), ..need("D1", 0, CareClass::Moderate, 3, 0.0) }],
        vec![beds("F1", Level::General, 9, 0), beds("F2", Level::General, 9, 0)],
        vec![lane("D1", "F1", 5), lane("D1", "F2", 60)],
        vec![],
    );
    let nowhere = plan(&city);
    assert_eq!((nowhere.orders.len(), nowhere.shortfalls[0].cause), (0, Cause::NoService));
    city.capacity[1].services = vec![ServiceSlots { care: CareNeed::Dialysis, slots: Some(Beds::new(2)) }];
    let plan = plan(&city);
    insta::assert_snapshot!(told(&plan), @"2022-11-23 D1 Moderate 2 to F2 General");
    assert_eq!(plan.shortfalls[0].cause, Cause::Slots);
    assert_eq!(plan.totals.by_care[0].unserved[1], Persons::new(1));
}

#[test]
fn an_order_that_held_a_slot_back_is_refused_though_a_pin_takes_the_slots_since() {
    let severe = |n, people| Need { care: Some(CareNeed::Dialysis), ..need("D1", n, CareClass::Severe, people, 0.0) };
    let mut city = inputs(
        vec![severe(0, 2), severe(1, 1)],
        vec![beds("F1", Level::Severe, 9, 0), beds("F2", Level::Severe, 9, 0)],
        vec![lane("D1", "F1", 5), lane("D1", "F2", 6)],
        vec![],
    );
    for (facility, slots) in [(0, 2), (1, 1)] {
        city.capacity[facility].services =
            vec![ServiceSlots { care: CareNeed::Dialysis, slots: Some(Beds::new(slots)) }];
    }
    city.capacity[1].opens_on = Some(day(1));
    let on = |n, people| StandingOrder {
        day: day(n),
        class: CareClass::Severe,
        care: Some(CareNeed::Dialysis),
        facility: "F1".parse().unwrap(),
        level: Level::Severe,
        ..to_f2(people)
    };
    city.limits.days = 2;
    city.revision.frozen = vec![on(1, 1)];
    // Only F1 is open today: a slot kept for tomorrow costs one of today's two people a day, ...
    assert_eq!(plan(&city).frozen[0].refused, Some(Refusal::LifeSaving));
    // ... and stays refused where both slots are promised by hand: three orders cannot have them.
    city.revision.pins = vec![Pin::Assign { order: on(0, 2), exactly: false }];
    let decided = plan(&city);
    assert_eq!((decided.frozen[0].refused, decided.pins[0].refused), (Some(Refusal::LifeSaving), None));
}

#[test]
fn two_plans_side_by_side_say_what_changed_and_why() {
    let before = two_wards();
    let mut after = before.clone();
    after.revision.pins =
        vec![Pin::Forbid { from: "D1".parse().unwrap(), facility: "F1".parse().unwrap(), class: None }];
    after.needs[0].known = Persons::new(4);
    let (plan_before, plan_after) = (plan(&before), plan(&after));
    let compared = compare_plans((&before, &plan_before), (&after, &plan_after));
    assert_eq!(compared.people_changed, Persons::new(4));
    let grew = ChangeCause::NeedGrew { by: Persons::new(1) };
    let told: Vec<_> =
        compared.changes.iter().map(|c| (c.facility.as_str(), c.before.get(), c.after.get(), &c.why)).collect();
    assert_eq!(told, [("F1", 3, 0, &vec![ChangeCause::Pin, grew.clone()]), ("F2", 0, 4, &vec![grew])]);
    assert_eq!((compared.before.reserve[0], compared.after.reserve[0]), (Beds::new(15), Beds::new(14)));
    assert_eq!((compared.before.person_km, compared.after.person_km), (15, 24));
    assert_eq!(compare_plans((&before, &plan_before), (&before, &plan_before)).changes, []);
}
