//! A first tree from every node's cheapest way to the sink.

use super::key::{Key, Wide, widen};
use super::{Basis, NetworkSimplex};
use crate::solver::{Flow, Solver, SolverError, TIERS, TieredFlow};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The same solver, started from every node's cheapest way to the sink instead of from artificial arcs.
///
/// For networks with one sink, in which whatever enters may also go straight there (unserved, at its price): the start is
/// then feasible, and its prices are those of a network without limits. Nodes of which that is not so start as in
/// [`NetworkSimplex`]. Both end at an optimum, where several are equal not always at the same one.
#[derive(Clone, Copy, Debug, Default)]
pub struct FromSink(pub NetworkSimplex);

impl Solver for FromSink {
    fn name(&self) -> &'static str {
        "network-simplex-from-sink"
    }
    fn solve(&self, flow: &TieredFlow) -> Result<Flow, SolverError> {
        self.0.solve_from(flow, cheapest_ways(flow).as_ref()).map(|(flow, _)| flow)
    }
}

/// `None` unless there is exactly one sink.
fn cheapest_ways(flow: &TieredFlow) -> Option<Basis> {
    let mut sinks = flow.supply.iter().enumerate().filter(|(_, s)| **s < 0);
    let (Some((sink, _)), None) = (sinks.next(), sinks.next()) else { return None };
    let nodes = flow.supply.len();
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (k, arc) in flow.arcs.iter().enumerate().filter(|(_, arc)| arc.cap > flow.supply[arc.from].max(0)) {
        into[arc.to].push(k);
    }
    // Beyond the arcs: hangs from the root.
    let mut above = vec![usize::MAX; nodes];
    // Dijkstra over arcs backwards; costs are never negative.
    let mut reached = vec![false; nodes];
    let nothing: Wide = [0; TIERS + 1];
    let mut queue = BinaryHeap::from([Reverse((nothing, sink, usize::MAX))]);
    while let Some(Reverse((far, node, by))) = queue.pop() {
        if reached[node] {
            continue;
        }
        reached[node] = true;
        above[node] = by;
        for &k in &into[node] {
            let next = flow.arcs[k].from;
            if !reached[next] && (flow.supply[next] == 0 || node == sink) {
                queue.push(Reverse((far.add(widen(&flow.arcs[k])), next, k)));
            }
        }
    }
    Some(Basis { above, full: vec![false; flow.arcs.len()] })
}
