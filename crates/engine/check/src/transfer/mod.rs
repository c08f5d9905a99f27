//! Judges a plan of transfers and beds.
//!
//! In: a [`Plan`] and the [`PlanInputs`] it was made from. Out: every [`Violation`], none for a plan that may be shown.
//! What is restated here: who needs a bed, which beds may be planned into and when (law 8), what vehicles can carry and
//! at which hours (law 9), that nobody is lost or served twice, that life-saving care is never queued (law 7), that
//! nothing unknown is used as if it were known (law 11), that what people decided is kept or could not be kept, and that
//! every order, reason, sum and gap says what is so.
//!
//! Not judged: whether the plan is the best one, what a remedy would save, and the record of the solver.

mod decided;
mod facts;
mod flows;
mod gaps;
mod law7;
mod orders;
mod reasons;
mod rides;
mod short;
mod steps;
mod sums;
#[cfg(test)]
mod tests;
mod violation;

pub use violation::{OrderRule, Violation};

use levee_model::plan::{Plan, PlanInputs};

/// Everything that is wrong with the plan, in a fixed order. Empty = it may be shown to people.
pub fn check(plan: &Plan, inputs: &PlanInputs) -> Vec<Violation> {
    let facts = facts::Facts::of(plan, inputs);
    let mut found = Vec::new();
    if plan.start != inputs.start || usize::from(plan.days) != facts.days.len() {
        found.push(Violation::WrongDays);
    }
    let flows = flows::Flows::of(plan, &facts);
    orders::check(plan, &facts, &mut found);
    steps::check(plan, &facts, &flows, &mut found);
    rides::check(plan, &facts, &mut found);
    flows.check(&facts, &mut found);
    reasons::check(plan, &facts, &flows, &mut found);
    short::check(plan, &facts, &flows, &mut found);
    sums::check(plan, &facts, &flows, &mut found);
    gaps::check(plan, &facts, inputs, &mut found);
    decided::check(plan, &facts, inputs, &mut found);
    found
}
