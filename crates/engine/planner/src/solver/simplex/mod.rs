//! Network simplex over tiered costs, cold or from the tree of a flow solved before.
//!
//! Method: Ahuja, Magnanti, Orlin, "Network Flows" (1993), chapter 11: primal network simplex with a strongly feasible
//! tree, which cannot cycle, and block pricing. Deviation: costs are compared tier by tier instead of as numbers. The
//! proofs need only an ordered group, so one run is optimal in all tiers, as if they were solved one after the other.
//!
//! `key` is the arithmetic of costs; `tree` the basis and its pivots; `warm` makes a first tree, from nothing or from a [`Basis`]; `sink` one from
//! cheapest ways.

mod key;
mod sink;
mod tree;
mod warm;

pub use sink::FromSink;

use super::{Flow, Solver, SolverError, TieredFlow};
use key::{Packing, Wide, widen};
use tree::Tree;

/// Our own solver: whole people, no rounding, no tolerance.
#[derive(Clone, Copy, Debug)]
pub struct NetworkSimplex {
    /// Stop after so many pivots. Pivots observed at the size of Chongqing stay below twice the number of arcs.
    pub pivots_at_most: u64,
}

impl Default for NetworkSimplex {
    fn default() -> Self {
        // Far above what was ever seen (tens of thousands), and still an end.
        Self { pivots_at_most: 20_000_000 }
    }
}

/// Where a solve ended: its spanning tree, and which other arcs are full. A start for a network with the same nodes and arcs and
/// other supplies, capacities or costs. Of a network of another shape nothing is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// By node: the arc to the node above; at or beyond the number of arcs = hangs from the root.
    above: Vec<usize>,
    full: Vec<bool>,
}

impl Basis {
    /// The same in another network: by node and arc of this one, its number there. What hangs by an arc that is not there, and every node
    /// that is new, hangs from the root.
    pub(crate) fn renumbered(
        &self,
        nodes: &[Option<usize>],
        node_count: usize,
        arcs: &[Option<usize>],
        arc_count: usize,
    ) -> Self {
        let mut other = Self { above: vec![usize::MAX; node_count], full: vec![false; arc_count] };
        for (above, node) in self.above.iter().zip(nodes) {
            let there = node.and_then(|node| other.above.get_mut(node));
            if let (Some(there), Some(Some(arc))) = (there, arcs.get(*above)) {
                *there = *arc;
            }
        }
        for (full, arc) in self.full.iter().zip(arcs) {
            if let Some(there) = arc.and_then(|arc| other.full.get_mut(arc)) {
                *there = *full;
            }
        }
        other
    }

    /// What one more person at each node would cost in all tiers, up to one number that is the same for all nodes; the first entry
    /// belongs to the artificial arcs of the first tree.
    pub(crate) fn potentials(&self, flow: &TieredFlow) -> Vec<Wide> {
        let cost = flow.arcs.iter().map(widen).collect();
        Tree::<Wide>::new(flow, cost, key::ARTIFICIAL, Some(self)).potentials()
    }
}

impl NetworkSimplex {
    /// [`Solver::solve`], starting from the tree of an earlier solve. The costs of the answer are those of a cold start; which of
    /// several flows of equal cost it is may depend on the start.
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn solve_from(&self, flow: &TieredFlow, start: Option<&Basis>) -> Result<(Flow, Basis), SolverError> {
        match Packing::of(flow) {
            Some(packing) => {
                let cost = flow.arcs.iter().map(|arc| packing.pack(widen(arc))).collect();
                self.run(flow, Tree::new(flow, cost, packing.pack(key::ARTIFICIAL), start))
            }
            None => {
                let cost = flow.arcs.iter().map(widen).collect();
                self.run(flow, Tree::new(flow, cost, key::ARTIFICIAL, start))
            }
        }
    }

    fn run<K: key::Key>(&self, flow: &TieredFlow, mut tree: Tree<K>) -> Result<(Flow, Basis), SolverError> {
        let mut iterations = 0;
        while let Some(entering) = tree.price() {
            if iterations >= self.pivots_at_most {
                return Err(SolverError::WorkLimit { iterations });
            }
            iterations += 1;
            tree.pivot(entering);
        }
        let real = flow.arcs.len();
        let (on, basis) = tree.finish(real).ok_or(SolverError::Infeasible)?;
        Ok((Flow { on, iterations }, basis))
    }
}

impl Solver for NetworkSimplex {
    fn name(&self) -> &'static str {
        "network-simplex"
    }
    fn solve(&self, flow: &TieredFlow) -> Result<Flow, SolverError> {
        self.solve_from(flow, None).map(|(flow, _)| flow)
    }
}
