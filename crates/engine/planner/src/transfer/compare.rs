//! The plan beside the obvious alternative: everybody to the nearest bed with room.

use crate::transfer::propose::greedy_plan;
use levee_model::plan::{Plan, PlanInputs, Tier};

/// What a careful dispatcher would do by hand: each day the most ill first, each to the nearest bed with room.
///
/// Keeps the same hard limits as [`crate::transfer::propose`]; looks neither at other districts nor at tomorrow.
pub fn nearest_first_greedy(inputs: &PlanInputs) -> Plan {
    greedy_plan(inputs, 0)
}

/// One tier, planned and nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Which tier.
    pub tier: Tier,
    /// What the plan costs in it.
    pub plan: u64,
    /// What nearest-first costs in it.
    pub nearest_first: u64,
}

/// Tier by tier, the plan beside nearest-first. A later tier only compares where the earlier ones are equal.
pub fn compare(plan: &Plan, nearest_first: &Plan) -> Vec<Comparison> {
    plan.tiers
        .iter()
        .filter_map(|ours| {
            let theirs = nearest_first.tiers.iter().find(|t| t.tier == ours.tier)?;
            Some(Comparison { tier: ours.tier, plan: ours.value, nearest_first: theirs.value })
        })
        .collect()
}
