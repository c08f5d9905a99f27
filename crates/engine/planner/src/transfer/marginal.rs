//! What one more unit would bring: exact, from the cheapest detour that the solved flow still leaves open.
//!
//! One more unit on a full arc u -> v saves what the cheapest way back from v to u in the residual network saves
//! (Ahuja, Magnanti, Orlin, 1993, section 9.9). For beds all these ways start at the sink: one search answers all.

use crate::solver::{Arc, Cost, Flow, TieredFlow};
use crate::transfer::network::Network;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

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
                let Some((next, step)) = self.step(k, node) else { continue };
                let there = here + step;
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
        let from = self.network.arcs.get(arc)?.from;
        self.saved(arc, (*from_head.get(from)?)?)
    }

    /// [`Residual::saves`] by a search of its own. `prices` are the costs from one node: with them no step is cheaper than nothing, and
    /// the search ends as soon as it is back (Johnson, 1977). Where they do not reach, all is searched.
    pub(crate) fn saves_by_search(&self, arc: usize, prices: &[Option<Cost>]) -> Option<[i64; 3]> {
        let &Arc { from, to, .. } = self.network.arcs.get(arc)?;
        match prices.get(to) {
            Some(Some(_)) => self.saved(arc, self.cheapest(to, from, prices)?),
            _ => self.saves(arc, &self.costs_from(to)),
        }
    }

    fn saved(&self, arc: usize, back: Cost) -> Option<[i64; 3]> {
        let [a, b, c, ..] = (-(self.network.arcs.get(arc)?.cost + back)).0;
        Some(if [a, b, c] > [0, 0, 0] { [a, b, c] } else { [0, 0, 0] })
    }

    /// Dijkstra over costs made positive by prices.
    fn cheapest(&self, start: usize, target: usize, prices: &[Option<Cost>]) -> Option<Cost> {
        let price = |node: usize| prices.get(node).copied().flatten();
        let mut best: Vec<Option<Cost>> = vec![None; self.network.supply.len()];
        let mut queue = BinaryHeap::from([Reverse((Cost::ZERO, start))]);
        best[start] = Some(Cost::ZERO);
        while let Some(Reverse((far, node))) = queue.pop() {
            if best[node].is_some_and(|known| known < far) {
                continue;
            }
            let here = price(node)?;
            if node == target {
                return Some(far + here - price(start)?);
            }
            for &k in &self.at[node] {
                let Some((next, step)) = self.step(k, node) else { continue };
                // Who can be reached from a node with a price has one.
                let Some(there) = price(next) else { continue };
                let next_far = far + (step + here - there);
                if best[next].is_none_or(|known| next_far < known) {
                    best[next] = Some(next_far);
                    queue.push(Reverse((next_far, next)));
                }
            }
        }
        None
    }

    /// Where an arc leads from a node in the residual network, and for how much.
    fn step(&self, k: usize, node: usize) -> Option<(usize, Cost)> {
        let arc = self.network.arcs[k];
        if arc.from == node && self.on[k] < arc.cap {
            Some((arc.to, arc.cost))
        } else if arc.to == node && self.on[k] > 0 {
            Some((arc.from, -arc.cost))
        } else {
            None
        }
    }
}
