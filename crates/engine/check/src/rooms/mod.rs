//! Judges a plan of isolation rooms.
//!
//! In: a [`RoomPlan`] and the [`RoomInputs`] it was made from. Out: every [`RoomViolation`], none for a plan that may be shown.
//! What is restated here: which rooms may be counted (known, accepted: law 8, never twice), which sites may open and when, within
//! the staff that is free (law 9), who is short in every draw, what suffices at the stated probability, what sharing saves, what is
//! short and why, which gaps the inputs have, what the plan costs in each tier, and how past promises held.
//!
//! Not judged: whether the plan is the best one (only that no bound lies above its value), whether all remedies are named, and the
//! record of the solver.
#![expect(clippy::indexing_slicing, reason = "days, districts and groups are numbered by this module itself")]

mod balance;
mod facts;
mod flow;
mod gaps;
mod openings;
mod short;
mod tiers;
mod violation;

pub use violation::{OpeningRoomRule, RoomShortRule, RoomViolation};

use balance::Balances;
use levee_model::plan::room_plan::RoomPlan;
use levee_model::plan::rooms::RoomInputs;

/// Everything that is wrong with the plan, in a fixed order. Empty = it may be shown to people.
pub fn check(plan: &RoomPlan, inputs: &RoomInputs) -> Vec<RoomViolation> {
    let facts = facts::Facts::of(inputs);
    let mut found = Vec::new();
    let opens = openings::days(plan);
    let balances = Balances::of(&facts, &opens);
    header(plan, &facts, &mut found);
    openings::check(plan, &facts, &balances, &mut found);
    balances.check(plan, &facts, &mut found);
    short::check(plan, &facts, &balances, &opens, &mut found);
    gaps::check(plan, &facts, &mut found);
    tiers::check(plan, &facts, &balances, &mut found);
    found
}

fn header(plan: &RoomPlan, facts: &facts::Facts<'_>, found: &mut Vec<RoomViolation>) {
    let stated = facts.inputs.policy.overflow_probability;
    let promised = if stated.is_nan() || stated.is_infinite() { 0.0 } else { stated.clamp(0.0, 1.0) };
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
    let origins = facts.inputs.sites.iter().map(|s| s.origin).chain(facts.inputs.known.iter().map(|k| k.origin));
    let origins = origins.chain(facts.inputs.lanes.iter().map(|l| l.origin));
    let worst = origins.chain(facts.inputs.demand.iter().map(|d| d.origin())).max();
    for (what, so) in [
        ("start", plan.start == facts.inputs.start),
        ("days", usize::from(plan.days) == facts.dates.len()),
        ("overflow_probability", same(plan.overflow_probability + 0.0, promised + 0.0)),
        ("draws", plan.draws as usize == facts.draws),
        ("draws_allowed", plan.draws_allowed as usize == facts.allowed.unwrap_or(0)),
        ("origin", plan.origin == worst.unwrap_or(levee_model::provenance::Origin::Reported)),
    ] {
        if !so {
            found.push(RoomViolation::Header { what });
        }
    }
    if plan.solver.name.is_empty() || plan.engine_version.is_empty() {
        found.push(RoomViolation::NoRecord);
    }
}
