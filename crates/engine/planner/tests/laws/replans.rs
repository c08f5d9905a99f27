//! Planning again from where the plan before ended.

use crate::city::any_city;
use levee_check::check;
use levee_model::plan::{Pin, Plan, PlanInputs, Revision, StandingOrder, Tier};
use levee_model::quantity::{Beds, Persons};
use levee_planner::{propose, transfer::replan};
use proptest::prelude::*;

/// Bounds in the tiers of waiting; and all values, where the plan is proved best in all tiers.
fn said(plan: &Plan) -> (Vec<Option<u64>>, Option<Vec<u64>>) {
    let waiting = plan.tiers.iter().filter(|t| !matches!(t.tier, Tier::Changes | Tier::Distance));
    let proved = plan.tiers.iter().all(|t| t.bound.is_some());
    (waiting.map(|t| t.bound).collect(), proved.then(|| plan.tiers.iter().map(|t| t.value).collect()))
}

/// What somebody may do after a plan: pin an order of it to somebody more or fewer, forbid its way, cap its beds, report other beds, call
/// all of it issued, go on to the next day.
fn changed(inputs: &PlanInputs, plan: &Plan, what: usize, which: usize) -> PlanInputs {
    let mut next = inputs.clone();
    let Some(order) = plan.orders.get(which % plan.orders.len().max(1)) else { return next };
    let standing = |people| StandingOrder {
        day: order.day,
        from: order.from.clone(),
        class: order.class,
        care: order.care,
        facility: order.facility.clone(),
        level: order.level,
        people,
    };
    match what {
        0 => next.revision.pins.push(Pin::Assign {
            order: standing(Persons::new(order.people.get() / 2)),
            exactly: which.is_multiple_of(2),
        }),
        1 => next.revision.pins.push(Pin::Forbid {
            from: order.from.clone(),
            facility: order.facility.clone(),
            class: Some(order.class),
        }),
        2 => next.revision.pins.push(Pin::Cap {
            facility: order.facility.clone(),
            level: order.level,
            beds: Beds::new(order.people.get() / 2),
        }),
        3 => {
            for row in next.capacity.iter_mut().filter(|row| row.facility == order.facility) {
                row.staffed = row.staffed.map(|beds| Beds::new(beds.get() * 3 / 4 + 1));
            }
        }
        4 => next.revision.issued.push(standing(order.people)),
        _ => next.start = next.start.tomorrow().unwrap(),
    }
    next
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// A plan from where another ended passes the check, and is as good as one from nothing.
    #[test]
    fn a_warm_plan_is_as_good_as_a_cold_one(inputs in any_city(), what in 0..6usize, which in 0..40usize) {
        let first = replan(&inputs, 3, None);
        prop_assert_eq!(said(&first.plan), said(&propose(&inputs, 3)));
        let warm = first.warm.unwrap();
        let again = replan(&inputs, 3, Some(&warm));
        prop_assert_eq!(said(&again.plan), said(&first.plan));
        if first.plan.solver.solves == 1 {
            prop_assert_eq!((again.plan.solver.iterations, &again.plan.orders), (0, &first.plan.orders));
        }
        let next = changed(&inputs, &first.plan, what, which);
        let (cold, warm) = (propose(&next, 3), replan(&next, 3, Some(&warm)).plan);
        prop_assert_eq!(check(&warm, &next), []);
        prop_assert_eq!(&warm.pins, &cold.pins);
        prop_assert_eq!(&warm.frozen, &cold.frozen);
        let ((bounds, best), (cold_bounds, cold_best)) = (said(&warm), said(&cold));
        prop_assert_eq!(bounds, cold_bounds);
        if best.is_some() && cold_best.is_some() {
            prop_assert_eq!(best, cold_best);
        }
    }

    /// What another city's plan left behind is no harm.
    #[test]
    fn a_foreign_start_is_no_harm(inputs in any_city(), other in any_city()) {
        let foreign = replan(&PlanInputs { revision: Revision::default(), ..other }, 3, None).warm.unwrap();
        let warm = replan(&inputs, 3, Some(&foreign)).plan;
        prop_assert_eq!(check(&warm, &inputs), []);
        prop_assert_eq!(said(&warm).0, said(&propose(&inputs, 3)).0);
    }
}
