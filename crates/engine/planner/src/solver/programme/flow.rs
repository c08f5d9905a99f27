//! Flows as programmes: a variable for each arc, a row for each node.

use super::{BackEnd, Programme, Row, WhyNot, WorkLimits};
use crate::solver::{Flow, Solver, SolverError, TIERS, TieredFlow};

impl TieredFlow {
    /// The same flow as a programme. Variable `k` is arc `k`; the tiers are those of the cost.
    pub fn programme(&self) -> Programme {
        let total: i64 = self.supply.iter().filter(|&&s| s > 0).sum();
        let mut programme = Programme::default();
        let mut entries: Vec<Vec<(usize, i64)>> = vec![Vec::new(); self.supply.len()];
        for (k, arc) in self.arcs.iter().enumerate() {
            // Nobody gains by going round, so no arc carries more than all; a bound that cannot bind only hides from a back end that
            // there is none.
            programme.variable(0, (arc.cap < total).then_some(arc.cap));
            if arc.from != arc.to {
                entries[arc.from].push((k, 1));
                entries[arc.to].push((k, -1));
            }
        }
        let rows = entries.into_iter().zip(&self.supply).filter(|(row, supply)| !row.is_empty() || **supply != 0);
        programme.rows = rows.map(|(row, &supply)| Row::equal(row, supply)).collect();
        let tier = |t: usize| -> Vec<(usize, i64)> {
            let costs = self.arcs.iter().enumerate().map(|(k, arc)| (k, arc.cost.0[t]));
            costs.filter(|(_, cost)| *cost != 0).collect()
        };
        programme.tiers = (0..TIERS).map(tier).collect();
        programme
    }
}

/// A back end for programmes as a solver of flows: the second opinion. The corners of the best face in each tier are corners of the
/// flow, so the answer is whole up to the arithmetic's error; it is rounded and then checked as a flow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Programmes<B> {
    /// What solves them.
    pub by: B,
    /// How much work it may do.
    pub within: WorkLimits,
}

impl<B> Programmes<B> {
    /// With the usual limits.
    pub fn by(by: B) -> Self {
        Self { by, within: WorkLimits::default() }
    }
}

impl<B: BackEnd> Solver for Programmes<B> {
    fn name(&self) -> &'static str {
        self.by.name()
    }

    fn solve(&self, flow: &TieredFlow) -> Result<Flow, SolverError> {
        let solved = self.by.solve(&flow.programme(), self.within).map_err(|error| match error {
            WhyNot::Infeasible => SolverError::Infeasible,
            WhyNot::BackEnd { tier, said } => SolverError::BackEnd { tier, said },
            WhyNot::Unbounded { tier } | WhyNot::WorkLimit { tier } => {
                SolverError::BackEnd { tier, said: error.to_string() }
            }
            WhyNot::Faulty { .. } | WhyNot::TooLarge { .. } => {
                SolverError::BackEnd { tier: 0, said: error.to_string() }
            }
        })?;
        let on = solved.rounded();
        match flow.broken_by(&on) {
            Some(what) => Err(SolverError::NotAFlow { what }),
            None => Ok(Flow { on, iterations: solved.iterations }),
        }
    }
}
