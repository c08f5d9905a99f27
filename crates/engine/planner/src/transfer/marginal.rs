//! What one more unit would bring: exact, from the cheapest detour that the solved flow still leaves open.
//!
//! One more unit on a full arc u -> v saves what the cheapest way back from v to u in the residual network saves
//! (Ahuja, Magnanti, Orlin, 1993, section 9.9). For beds all these ways start at the sink: one search answers all.

use crate::solver::{Cost, Flow, TieredFlow};
use crate::transfer::network::Network;
use std::collections::VecDeque;

/// The residual network of a solved flow.
pub(crate) struct Residual<'a> {
    network: &'a TieredFlow,
    on: &'a [i64],
    /// By node: arcs at it.
    at: Vec<Vec<usize>>,
}

impl<'a> Residual<'a> {
    pub(crate) fn new(network: &'a Network, answer: &'a Flow) -> Self {
        let mut at = vec![Vec::new(); network.flow.supply.len()];
        for (k, arc) in network.flow.arcs.iter().enumerate() {
            at[arc.from].push(k);
            at[arc.to].push(k);
        }
        Self { network: &network.flow, on: &answer.on, at }
    }

    /// Cheapest cost to every node from `start`; `None` where nothing leads. Empty if the flow was not optimal after
    /// all, which shows as a search that does not end.
    pub(crate) fn costs_from(&self, start: usize) -> Vec<Option<Cost>> {
        let nodes = self.network.supply.len();
        let mut cost = vec![None; nodes];
        let mut queued = vec![false; nodes];
        let mut visits = vec![0u32; nodes];
        let mut queue = VecDeque::from([start]);
        cost[start] = Some(Cost::ZERO);
        while let Some(node) = queue.pop_front() {
            queued[node] = false;
            visits[node] += 1;
            if visits[node] as usize > nodes {
                return Vec::new();
            }
            let Some(here) = cost[node] else { continue };
            for &k in &self.at[node] {
                let arc = self.network.arcs[k];
                let (next, there) = if arc.from == node && self.on[k] < arc.cap {
                    (arc.to, here + arc.cost)
                } else if arc.to == node && self.on[k] > 0 {
                    (arc.from, here - arc.cost)
                } else {
                    continue;
                };
                if cost[next].is_none_or(|known| there < known) {
                    cost[next] = Some(there);
                    if !queued[next] {
                        queued[next] = true;
                        queue.push_back(next);
                    }
                }
            }
        }
        cost
    }

    /// Person-days saved in the three waiting tiers by one more unit on `arc`, given the costs from its head.
    pub(crate) fn saves(&self, arc: usize, from_head: &[Option<Cost>]) -> Option<[i64; 3]> {
        let arc = self.network.arcs.get(arc)?;
        let back = (*from_head.get(arc.from)?)?;
        let [a, b, c, ..] = (-(arc.cost + back)).0;
        Some(if [a, b, c] > [0, 0, 0] { [a, b, c] } else { [0, 0, 0] })
    }

    pub(crate) fn head(&self, arc: usize) -> Option<usize> {
        self.network.arcs.get(arc).map(|a| a.to)
    }
}
