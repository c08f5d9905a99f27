//! Moves from a higher level of care to a lower one.

use crate::transfer::facts::{Facts, ward_of};
use crate::transfer::flows::Flows;
use crate::transfer::violation::Violation;
use levee_model::plan::{Plan, StepDownOrder, StepDownReason};
use levee_model::provenance::Origin;

pub(crate) fn check(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, found: &mut Vec<Violation>) {
    let key = |o: &StepDownOrder| (o.day, o.facility.clone(), o.level, o.to);
    for (number, order) in plan.step_downs.iter().enumerate() {
        let twice = plan.step_downs[..number].iter().any(|other| key(other) == key(order));
        let mut broken = |what| found.push(Violation::StepDown { order: number, what });
        if twice {
            broken("it stands twice");
        }
        if order.people.get() == 0 {
            broken("it moves nobody");
        }
        match one(plan, facts, flows, order) {
            Ok(()) => {}
            Err(what) => broken(what),
        }
    }
    if !plan.step_downs.iter().map(key).is_sorted() {
        found.push(Violation::Unordered { list: "moves to a lower level" });
    }
}

fn one(plan: &Plan, facts: &Facts<'_>, flows: &Flows<'_>, order: &StepDownOrder) -> Result<(), &'static str> {
    let day = facts.day(order.day).ok_or("its day is not in the plan")?;
    let is_this = |s: &&crate::transfer::facts::Steps<'_>| {
        (s.facility, s.level, s.to) == (&order.facility, order.level, order.to)
    };
    let steps = facts.steps.iter().find(is_this).ok_or("nobody there may move between these levels")?;
    let same =
        plan.step_downs.iter().filter(|o| (&o.facility, o.level, o.to) == (&order.facility, order.level, order.to));
    let moved = same.filter(|o| o.day <= order.day).fold(0u64, |sum, o| sum.saturating_add(o.people.get()));
    if moved > steps.able[day] {
        return Err("more move than are able to");
    }
    let (upper, lower) = ((&order.facility, order.level), (&order.facility, order.to));
    if !facts.admits(lower, order.day) {
        return Err("the lower level takes nobody on that day");
    }
    let idle = (day..facts.days.len()).all(|t| !full(facts, flows, upper, t));
    if idle {
        return Err("nobody needs the beds that come free");
    }
    let coming = plan.orders.iter().filter(|o| ward_of(o) == upper && o.day >= order.day).map(|o| o.people.get());
    let from_above = plan.step_downs.iter().filter(|o| (&o.facility, o.to) == upper && o.day >= order.day);
    let needed: u64 = coming.chain(from_above.map(|o| o.people.get())).fold(0, u64::saturating_add);
    let right = [
        StepDownReason::Eligible { people: levee_model::quantity::Persons::new(steps.able[day]) },
        StepDownReason::BedsNeeded { people: levee_model::quantity::Persons::new(needed) },
    ];
    if order.reasons != right || needed == 0 {
        return Err("a reason is missing or not so");
    }
    let rows = [upper, lower].into_iter().filter_map(|ward| facts.row(ward)).map(|row| row.origin);
    if order.origin != rows.fold(steps.origin, Origin::max) {
        return Err("its origin is not the worst of what it rests on");
    }
    Ok(())
}

fn full(facts: &Facts<'_>, flows: &Flows<'_>, ward: crate::transfer::facts::Ward<'_>, day: usize) -> bool {
    flows.free(facts, ward, day).is_some_and(|free| free <= flows.held(ward, day))
}
