//! A first tree: every node hung from the root by an arc of its own, or the tree of a flow solved before, mended where the new
//! supplies and capacities do not fit it.
//!
//! Mending: from the leaves up, each node sends what is left at it along the arc above. Where that is more than the arc takes (or
//! would leave it unable to send one more up, which a strongly feasible tree must), the arc is left full or empty, out of the
//! tree, and the node hangs from the root by an artificial arc that carries the rest. The pivots then drive it out.

use super::Basis;
use super::key::Key;
use super::tree::{State, Tree};
use crate::solver::{TieredFlow, UNLIMITED};

impl<K: Key> Tree<K> {
    /// `cost` by arc of the flow; `artificial` must outweigh any path of them.
    pub(super) fn new(flow: &TieredFlow, cost: Vec<K>, artificial: K, start: Option<&Basis>) -> Self {
        let (nodes, real) = (flow.supply.len(), flow.arcs.len());
        let mut tree = Self::bare(flow, cost, artificial);
        let start = start.filter(|basis| basis.above.len() == nodes && basis.full.len() == real);
        let (parent, above, order) = start.map_or_else(
            || (vec![nodes; nodes], (real..real + nodes).collect(), (0..nodes).collect()),
            |basis| hanging(flow, basis),
        );
        let mut in_tree = vec![false; real];
        for &arc in above.iter().filter(|&&arc| arc < real) {
            in_tree[arc] = true;
        }
        let mut left: Vec<i64> = flow.supply.clone();
        if let Some(basis) = start {
            for (k, arc) in flow.arcs.iter().enumerate() {
                if basis.full[k] && !in_tree[k] && arc.cap < UNLIMITED {
                    tree.leave_at(k, State::AtCap);
                    left[arc.from] -= arc.cap;
                    left[arc.to] += arc.cap;
                }
            }
        }
        for &node in order.iter().rev() {
            let (arc, up) = (above[node], parent[node]);
            let need = left[node];
            if arc < real && up < nodes {
                let (outward, cap) = (flow.arcs[arc].from == node, flow.arcs[arc].cap);
                let carried = if outward { need } else { -need };
                let strong = if outward { (0..cap).contains(&carried) } else { (1..=cap).contains(&carried) };
                if strong {
                    tree.hang(node, up, arc, carried);
                    left[up] += need;
                    continue;
                }
                let kept = if carried <= 0 { 0 } else { cap.min(carried) };
                tree.leave_at(arc, if kept == 0 { State::AtZero } else { State::AtCap });
                let sent = if outward { kept } else { -kept };
                left[up] += sent;
                tree.hang_from_root(node, need - sent);
            } else {
                tree.hang_from_root(node, need);
            }
        }
        tree.settle();
        tree
    }
}

/// By node: the one above and the arc to it; and all nodes, each after the one above it. Whatever does not hang together hangs
/// from the root.
fn hanging(flow: &TieredFlow, basis: &Basis) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
    let (nodes, real) = (flow.supply.len(), flow.arcs.len());
    let mut parent = vec![nodes; nodes];
    let mut above: Vec<usize> = (real..real + nodes).collect();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); nodes + 1];
    for (node, &arc) in basis.above.iter().enumerate() {
        let up = match flow.arcs.get(arc) {
            Some(a) if a.from == node && a.to != node => a.to,
            Some(a) if a.to == node && a.from != node => a.from,
            _ => nodes,
        };
        if up < nodes {
            parent[node] = up;
            above[node] = arc;
        }
        below[up].push(node);
    }
    let mut order = Vec::with_capacity(nodes);
    let mut seen = vec![false; nodes];
    let mut stack: Vec<usize> = below[nodes].clone();
    let mut next = 0;
    loop {
        while let Some(node) = stack.pop() {
            seen[node] = true;
            order.push(node);
            stack.extend(below[node].iter().copied().filter(|&n| !seen[n]));
        }
        // Only a basis that is no tree has a node that was not reached.
        let Some(lost) = (next..nodes).find(|&n| !seen[n]) else { break };
        parent[lost] = nodes;
        above[lost] = real + lost;
        stack.push(lost);
        next = lost;
    }
    (parent, above, order)
}
