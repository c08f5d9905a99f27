//! A plan written by hand, right and wrong. The planner's own tests break every field of real plans.

use crate::{OrderRule, Violation, check};
use jiff::civil::{date, time};
use levee_model::facility::{Binding, Level};
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, Persons};
use levee_model::report::VehicleKind;

fn inputs() -> PlanInputs {
    let day = date(2022, 11, 23);
    PlanInputs {
        start: day,
        needs: vec![Need {
            district: "D1".parse().unwrap(),
            day,
            class: CareClass::Moderate,
            care: None,
            known: Persons::new(2),
            forecast: None,
            forecast_failed: false,
            origin: Origin::Reported,
        }],
        capacity: vec![Capacity {
            facility: "F1".parse().unwrap(),
            level: Level::General,
            district: "D1".parse().unwrap(),
            physical: Some(Beds::new(5)),
            staffed: Some(Beds::new(4)),
            equipped: Some(Beds::new(5)),
            occupied: Some(Beds::new(2)),
            discharges: vec![],
            services: vec![],
            acceptance_until: Some(day),
            opens_on: None,
            closes_on: None,
            origin: Origin::Reported,
        }],
        lanes: vec![Lane {
            from: "D1".parse().unwrap(),
            facility: "F1".parse().unwrap(),
            metres: 3000,
            coach_minutes: 10,
            ambulance_minutes: 8,
            method: LaneMethod::RoadTable,
            origin: Origin::Reported,
        }],
        fleets: vec![],
        step_downs: vec![],
        revision: Revision::default(),
        limits: PlanLimits { days: 1, ..PlanLimits::default() },
    }
}

fn plan() -> Plan {
    let day = date(2022, 11, 23);
    let tier = |tier, value| TierOutcome { tier, value, bound: None };
    let count = |n| [0, n, 0, 0].map(Persons::new);
    Plan {
        start: day,
        days: 1,
        surge: vec![],
        orders: vec![ProposedOrder {
            day,
            from: "D1".parse().unwrap(),
            facility: "F1".parse().unwrap(),
            level: Level::General,
            class: CareClass::Moderate,
            care: None,
            frozen: false,
            people: Persons::new(2),
            known: Persons::new(2),
            metres: 3000,
            minutes: 10,
            rides: vec![Ride { by: RideBy::Unconfirmed { kind: VehicleKind::Coach }, people: Persons::new(2) }],
            window: Window { from: time(6, 0, 0, 0), until: time(22, 0, 0, 0) },
            reasons: vec![Reason::NeedKnown { people: Persons::new(2) }, Reason::Nearest],
            origin: Origin::Reported,
        }],
        step_downs: vec![],
        pins: vec![],
        frozen: vec![],
        shortfalls: vec![],
        gaps: vec![Gap::FleetUnknown { district: "D1".parse().unwrap(), kind: VehicleKind::Coach }],
        loads: vec![FacilityLoad {
            facility: "F1".parse().unwrap(),
            level: Level::General,
            day,
            usable: Beds::new(4),
            binding: Binding::Staffed,
            discharged: Beds::ZERO,
            admitted: Persons::new(2),
            stepped_in: Persons::ZERO,
            stepped_out: Persons::ZERO,
            occupied: Beds::new(4),
            nearest_demand: Persons::new(2),
        }],
        tiers: vec![
            tier(Tier::LifeSaving, 0),
            tier(Tier::Vulnerable, 0),
            tier(Tier::Waiting, 0),
            tier(Tier::Changes, 0),
            tier(Tier::Distance, 6000),
        ],
        totals: Totals {
            needed: count(2),
            admitted: count(2),
            unserved: count(0),
            waiting_person_days: [0; 4],
            upgraded: Persons::ZERO,
            person_km: 6,
            by_care: vec![],
        },
        origin: Origin::Reported,
        solver: SolverRecord { name: "by hand".into(), iterations: 0, solves: 0, fell_back: None },
        engine_version: "0".into(),
        seed: 0,
    }
}

fn rules(plan: &Plan, inputs: &PlanInputs) -> Vec<OrderRule> {
    let rule = |v| if let Violation::Order { rule, .. } = v { Some(rule) } else { None };
    check(plan, inputs).into_iter().filter_map(rule).collect()
}

#[test]
fn a_right_plan_passes() {
    assert_eq!(check(&plan(), &inputs()), []);
}

#[test]
fn acceptance_that_ended_the_day_before_is_caught() {
    let mut inputs = inputs();
    inputs.capacity[0].acceptance_until = Some(date(2022, 11, 22));
    assert!(rules(&plan(), &inputs).contains(&OrderRule::NotAccepted));
}

#[test]
fn beds_that_are_not_known_are_never_used() {
    for forget in [
        (|c: &mut Capacity| c.physical = None) as fn(&mut Capacity),
        |c| c.staffed = None,
        |c| c.equipped = None,
        |c| c.occupied = None,
    ] {
        let mut inputs = inputs();
        forget(&mut inputs.capacity[0]);
        assert!(rules(&plan(), &inputs).contains(&OrderRule::UnknownBeds));
    }
}

#[test]
fn the_least_of_the_three_limits_counts() {
    let mut inputs = inputs();
    inputs.capacity[0].equipped = Some(Beds::new(3));
    let over = check(&plan(), &inputs).into_iter().find(|v| matches!(v, Violation::OverCapacity { .. }));
    assert_eq!(over.unwrap().to_string(), "F1 General, 2022-11-23: 2 planned in, 1 beds free");
}

#[test]
fn a_coach_at_night_is_caught_even_if_the_limits_allow_it() {
    let (mut plan, mut inputs) = (plan(), inputs());
    inputs.limits.coach_from = time(1, 0, 0, 0);
    plan.orders[0].window.from = time(1, 0, 0, 0);
    assert!(rules(&plan, &inputs).contains(&OrderRule::Window));
}

#[test]
fn a_person_moved_who_does_not_need_it_is_caught() {
    let mut inputs = inputs();
    inputs.needs[0].known = Persons::new(1);
    assert!(check(&plan(), &inputs).iter().any(|v| matches!(v, Violation::NotNeeded { moved: 2, needed: 1, .. })));
}
