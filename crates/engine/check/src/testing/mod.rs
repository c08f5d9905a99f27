//! Judges a plan of testing from the definitions of its words.
//!
//! In: a [`TestingPlan`] and the [`TestingInputs`] it was made from. Out: every [`TestingViolation`], none for a plan that may be shown.
//! What is restated here: who is to be sampled and who is not (refused and exempt ones resolve the duty), how many may share a
//! tube, where a team can be and only once, when a tube leaves, arrives, is loaded and reported, that no laboratory
//! loads more than its share of certified capacity in whole runs, that tubes and people balance, and that a proof of shortfall
//! proves it.
//!
//! Not judged: whether the plan is the best one, what outside help would bring, how many second samples the plan holds hours
//! for, and the record of the solver.

mod books;
mod facts;
mod outcomes;
mod parcels;
mod proof;
mod sampling;
mod violation;
mod waiting;

pub use violation::TestingViolation;

use levee_model::plan::testing::{Caveat, TestingInputs, TestingPlan};

/// Everything that is wrong with the plan, in a fixed order. Empty = it may be shown to people.
pub fn check(plan: &TestingPlan, inputs: &TestingInputs) -> Vec<TestingViolation> {
    let mut found = Vec::new();
    let facts = facts::Facts::of(inputs, plan, &mut found);
    if plan.start != inputs.start {
        found.push(TestingViolation::WrongStart);
    }
    sampling::check(plan, &facts, &mut found);
    parcels::check(plan, &facts, &mut found);
    waiting::check(plan, &facts, &mut found);
    outcomes::check(plan, &facts, &mut found);
    books::check(plan, &facts, &mut found);
    proof::check(plan, &facts, &mut found);
    record(plan, &facts, &mut found);
    found
}

fn record(plan: &TestingPlan, facts: &facts::Facts<'_>, found: &mut Vec<TestingViolation>) {
    let mut due = vec![Caveat::CareDoesNotWait];
    if facts.jobs.values().any(|job| job.pool > 1) {
        due.extend([Caveat::Clustering, Caveat::Dilution, Caveat::ExpectedRetests]);
    }
    if plan.caveats != due {
        found.push(TestingViolation::Wrong { what: "caveats" });
    }
    if plan.origin != facts.origin {
        found.push(TestingViolation::Wrong { what: "origin" });
    }
    if plan.solver.name.is_empty() || plan.engine_version.is_empty() {
        found.push(TestingViolation::Wrong { what: "record of what made it" });
    }
    if plan.gaps != facts.gaps.iter().cloned().collect::<Vec<_>>() {
        found.push(TestingViolation::Wrong { what: "list of gaps" });
    }
}
