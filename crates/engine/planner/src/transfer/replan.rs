//! Planning again after a change: from where the solve of the plan before ended.
//!
//! A pin, a forbidden way, other beds, a new report change little of a network; the tree of the old optimum, mended where the new
//! capacities do not fit it, is a few pivots from the new one. Bounds, and the values of a plan that was solved in one pass, are those of
//! a plan from nothing; which of several plans of equal value it is may depend on the start.

use crate::solver::{Basis, NetworkSimplex};
use crate::transfer::names::{Carrier, Shape};
use crate::transfer::propose::made_by;
use levee_model::plan::{Plan, PlanInputs};

/// Where the solves of a plan ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warm {
    shape: Shape,
    /// By pass.
    bases: Vec<Basis>,
}

/// A plan, and what the next one starts from.
#[derive(Clone, Debug, PartialEq)]
pub struct Replanned {
    /// The plan.
    pub plan: Plan,
    /// `None` when the plan was not made from a solved flow.
    pub warm: Option<Warm>,
}

/// As [`propose`](super::propose), starting from where an earlier plan ended; `None` = from nothing. The earlier plan may be one of another
/// day or another city: what it says of what is not there is not used.
pub fn replan(inputs: &PlanInputs, seed: u64, warm: Option<&Warm>) -> Replanned {
    let name = if warm.is_some() { "network-simplex-warm" } else { "network-simplex" };
    // All passes of a plan have networks of one shape.
    let mut next: Option<(Warm, Option<Carrier>)> = None;
    let plan = made_by(
        name,
        &mut |problem, network| {
            let (next, carrier) = next.get_or_insert_with(|| {
                let shape = Shape::of(problem, network);
                let carrier = warm.map(|warm| warm.shape.to(&shape));
                (Warm { shape, bases: Vec::new() }, carrier)
            });
            let before = warm.and_then(|warm| warm.bases.get(next.bases.len())).zip(carrier.as_ref());
            let start = before.map(|(basis, carrier)| carrier.carry(basis)).or_else(|| next.bases.last().cloned());
            let (flow, basis) = NetworkSimplex::default().solve_from(&network.flow, start.as_ref())?;
            next.bases.push(basis);
            Ok(flow)
        },
        inputs,
        seed,
    );
    let warm = next.map(|(warm, _)| warm).filter(|_| plan.solver.fell_back.is_none());
    Replanned { plan, warm }
}
