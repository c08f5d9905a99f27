//! One linear programme per tier through `microlp`: the second opinion.
//!
//! Each tier is minimised with the tiers before it held at their optimum. The vertices of that face are vertices of the
//! flow polytope, so the answer is whole up to the arithmetic's error; it is rounded and then checked as a flow.

use super::{Flow, Solver, SolverError, TIERS, TieredFlow};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// `microlp` behind the seam. Its arithmetic is floating point and it warns that it may cycle or panic on hard
/// problems: not for a live plan, but good for comparing values on small ones.
#[derive(Clone, Copy, Debug, Default)]
pub struct Programmes;

impl Solver for Programmes {
    fn name(&self) -> &'static str {
        "microlp"
    }

    fn solve(&self, flow: &TieredFlow) -> Result<Flow, SolverError> {
        let mut held: Vec<(usize, f64)> = Vec::new();
        let mut on = vec![0; flow.arcs.len()];
        let mut iterations = 0;
        for tier in 0..TIERS {
            if flow.arcs.iter().all(|a| a.cost.0[tier] == 0) && tier > 0 {
                held.push((tier, 0.0));
                continue;
            }
            let values =
                one_tier(flow, tier, &held).map_err(|said| SolverError::BackEnd { tier, said: said.to_string() })?;
            iterations += 1;
            let best: f64 = flow.arcs.iter().zip(&values).map(|(a, x)| float(a.cost.0[tier]) * x).sum();
            held.push((tier, best.round()));
            #[expect(clippy::cast_possible_truncation, reason = "rounded first; what is off is caught below")]
            let whole = values.iter().map(|x| x.round() as i64).collect();
            on = whole;
        }
        match flow.broken_by(&on) {
            Some(what) => Err(SolverError::NotAFlow { what }),
            None => Ok(Flow { on, iterations }),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "people and metres stay far below 2^52")]
fn float(x: i64) -> f64 {
    x as f64
}

fn one_tier(flow: &TieredFlow, tier: usize, held: &[(usize, f64)]) -> Result<Vec<f64>, microlp::Error> {
    let total: i64 = flow.supply.iter().filter(|&&s| s > 0).sum();
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let vars: Vec<Variable> =
        flow.arcs.iter().map(|a| problem.add_var(float(a.cost.0[tier]), (0.0, float(a.cap.min(total))))).collect();
    let mut rows: Vec<Vec<(Variable, f64)>> = vec![Vec::new(); flow.supply.len()];
    for (arc, &var) in flow.arcs.iter().zip(&vars) {
        rows[arc.from].push((var, 1.0));
        rows[arc.to].push((var, -1.0));
    }
    for (row, &supply) in rows.iter().zip(&flow.supply) {
        if !row.is_empty() {
            problem.add_constraint(row, ComparisonOp::Eq, float(supply));
        }
    }
    for &(before, best) in held {
        let row: Vec<_> = flow
            .arcs
            .iter()
            .zip(&vars)
            .filter(|(a, _)| a.cost.0[before] != 0)
            .map(|(a, &var)| (var, float(a.cost.0[before])))
            .collect();
        if !row.is_empty() {
            // Half a unit of slack would be too much (costs are whole), none too little for floating point.
            problem.add_constraint(&row, ComparisonOp::Le, best + 1e-6);
        }
    }
    let solution = problem.solve()?;
    Ok(vars.iter().map(|&v| *solution.var_value(v)).collect())
}
