//! Judges a plan of openings and closings, and the plan of transfers that goes with it.
//!
//! Restated here, from the definitions in `levee_model::plan` alone: what may be decided about a site (lead time, minimum days open,
//! safety acceptance by law 8, what is known by law 11), which staff that takes and whether it is there, that every site is
//! answered exactly once and no bed or person of staff is counted twice, and that every reason which follows from the inputs is so.
//! Transfers are judged against a city that is put together here anew.
//!
//! Not judged: whether the plan is the best one, what a decision saves in person-days, and the record of the solver. But transfers that
//! let people wait less than the openings say is possible are caught.

mod city;
mod facts;
mod plan;
mod violation;

pub use violation::OpeningViolation;

use levee_model::plan::{OpeningsInputs, OpeningsPlan, Plan, Tier};

/// Everything that is wrong with a plan of openings, in a fixed order. Empty = it may be shown to people.
pub fn check(plan: &OpeningsPlan, inputs: &OpeningsInputs) -> Vec<OpeningViolation> {
    plan::check(plan, inputs)
}

/// [`check`], and the transfers planned for the city with those openings.
pub fn check_with_transfers(plan: &OpeningsPlan, transfers: &Plan, inputs: &OpeningsInputs) -> Vec<OpeningViolation> {
    let mut found = check(plan, inputs);
    let city = city::decided(plan, inputs);
    found.extend(crate::transfer::check(transfers, &city).into_iter().map(OpeningViolation::Transfers));
    let waits = |tier: Tier| transfers.tiers.iter().find(|t| t.tier == tier).map(|t| t.value);
    let theirs = [Tier::LifeSaving, Tier::Vulnerable, Tier::Waiting].map(waits);
    let ours: Vec<Option<u64>> = plan.tiers.iter().take(3).map(|t| Some(t.value)).collect();
    if ours.len() == 3 && theirs[..] < ours[..] {
        found.push(OpeningViolation::WaitsLessThanPossible);
    }
    found
}
