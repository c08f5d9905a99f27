//! Judges the runs of a day.
//!
//! In: a [`RunPlan`] and the [`RunInputs`] it was made from. Out: every [`RunViolation`], none for a plan that may be shown. Restated
//! here: who travels, who is dispatched now and who stays on which ground; that nobody is lost or listed twice; that households and
//! children with guardians are together in one vehicle and one facility; that places are those of the plan of transfers; that every
//! minute of every vehicle is within window, shift, curfew, breaks and driving limits (law 9); that life-saving care is never queued
//! (law 7); that who comes first goes first; that every cause, remedy, cut, gap and figure says what is so.
//!
//! Not judged: whether another plan would bring more people, and the record of the search.

mod facts;
mod figures;
mod people;
mod places;
mod rides;
mod stays;
mod urgent;
mod violation;

pub use violation::{RunRule, RunViolation};

use levee_model::plan::runs::{RunInputs, RunPlan};

/// Everything that is wrong with the runs, in a fixed order. Empty = they may be shown to people.
pub fn check(plan: &RunPlan, inputs: &RunInputs) -> Vec<RunViolation> {
    let facts = facts::Facts::of(inputs);
    let folk = people::Folk::of(inputs);
    let mut found = Vec::new();
    if plan.day != inputs.day {
        found.push(RunViolation::WrongDay);
    }
    if plan.engine_version.is_empty() {
        found.push(RunViolation::NoRecord);
    }
    urgent::check(plan, inputs, &facts, &folk, &mut found);
    rides::check(plan, &facts, &folk, &mut found);
    let places = places::check(plan, &facts, &folk, &mut found);
    stays::check(plan, &facts, &folk, &places, &mut found);
    figures::check(plan, inputs, &facts, &folk, &mut found);
    found
}
