//! Network simplex over tiered costs.
//!
//! Method: Ahuja, Magnanti, Orlin, "Network Flows" (1993), chapter 11: primal network simplex with a strongly feasible
//! tree, which cannot cycle, and block pricing. Deviation: costs are compared tier by tier instead of as numbers. The
//! proofs need only an ordered group, so one run is optimal in all tiers, as if they were solved one after the other.

use super::{Arc, Flow, Solver, SolverError, TIERS, TieredFlow, UNLIMITED};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

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

impl Solver for NetworkSimplex {
    fn name(&self) -> &'static str {
        "network-simplex"
    }
    fn solve(&self, flow: &TieredFlow) -> Result<Flow, SolverError> {
        Tree::new(flow).solve(flow, self.pivots_at_most)
    }
}

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
        let mut tree = Tree::new(flow);
        tree.hang_from_sink(flow);
        tree.solve(flow, self.0.pivots_at_most)
    }
}

/// A cost with one more tier in front, for flow on the artificial arcs that make the first tree.
type Wide = [i64; TIERS + 1];

fn add(a: Wide, b: Wide) -> Wide {
    std::array::from_fn(|k| a[k] + b[k])
}
fn sub(a: Wide, b: Wide) -> Wide {
    std::array::from_fn(|k| a[k] - b[k])
}
fn widen(arc: &Arc) -> Wide {
    std::array::from_fn(|k| if k == 0 { 0 } else { arc.cost.0[k - 1] })
}
const NOTHING: Wide = [0; TIERS + 1];

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    InTree,
    AtZero,
    AtCap,
}

/// The basis: a spanning tree hanging from an extra root, and every other arc at zero or at its capacity.
struct Tree {
    from: Vec<usize>,
    to: Vec<usize>,
    cap: Vec<i64>,
    cost: Vec<Wide>,
    flow: Vec<i64>,
    state: Vec<State>,
    /// By node: the node above it, the arc to it, how deep it hangs, its potential.
    parent: Vec<usize>,
    above: Vec<usize>,
    depth: Vec<usize>,
    potential: Vec<Wide>,
    /// By node: tree arcs at it. Not kept for the root, whose side of a cut is never walked.
    arcs_at: Vec<Vec<usize>>,
    root: usize,
    next_block: usize,
    block: usize,
    stack: Vec<usize>,
}

impl Tree {
    fn new(flow: &TieredFlow) -> Self {
        let nodes = flow.supply.len();
        let root = nodes;
        let real = flow.arcs.len();
        let mut tree = Self {
            from: flow.arcs.iter().map(|a| a.from).collect(),
            to: flow.arcs.iter().map(|a| a.to).collect(),
            cap: flow.arcs.iter().map(|a| a.cap).collect(),
            cost: flow.arcs.iter().map(widen).collect(),
            flow: vec![0; real],
            state: vec![State::AtZero; real],
            parent: vec![root; nodes + 1],
            above: vec![usize::MAX; nodes + 1],
            depth: vec![1; nodes + 1],
            potential: vec![NOTHING; nodes + 1],
            arcs_at: vec![Vec::new(); nodes + 1],
            root,
            next_block: 0,
            block: 64.max(real.isqrt()),
            stack: Vec::new(),
        };
        tree.depth[root] = 0;
        let artificial: Wide = std::array::from_fn(|k| i64::from(k == 0));
        for (node, &supply) in flow.supply.iter().enumerate() {
            let (from, to) = if supply >= 0 { (node, root) } else { (root, node) };
            tree.above[node] = tree.from.len();
            tree.arcs_at[node].push(tree.from.len());
            tree.from.push(from);
            tree.to.push(to);
            tree.cap.push(UNLIMITED);
            tree.cost.push(artificial);
            tree.flow.push(supply.abs());
            tree.state.push(State::InTree);
            tree.potential[node] = if supply >= 0 { sub(NOTHING, artificial) } else { artificial };
        }
        tree
    }

    fn solve(mut self, flow: &TieredFlow, pivots_at_most: u64) -> Result<Flow, SolverError> {
        let mut iterations = 0;
        while let Some(entering) = self.price() {
            if iterations >= pivots_at_most {
                return Err(SolverError::WorkLimit { iterations });
            }
            iterations += 1;
            self.pivot(entering);
        }
        let real = flow.arcs.len();
        if self.flow[real..].iter().any(|&left| left != 0) {
            return Err(SolverError::Infeasible);
        }
        self.flow.truncate(real);
        Ok(Flow { on: self.flow, iterations })
    }

    /// Hangs each node without supply on the first arc of its cheapest way to the only sink, and each node with supply
    /// on its direct arc there, if that takes more than the supply.
    ///
    /// The tree stays strongly feasible: every arc so used points to the root and can take more than it carries.
    fn hang_from_sink(&mut self, flow: &TieredFlow) {
        let mut sinks = flow.supply.iter().enumerate().filter(|(_, s)| **s < 0);
        let (Some((sink, _)), None) = (sinks.next(), sinks.next()) else { return };
        let mut into: Vec<Vec<usize>> = vec![Vec::new(); flow.supply.len()];
        for (k, arc) in flow.arcs.iter().enumerate().filter(|(_, arc)| arc.cap > flow.supply[arc.from].max(0)) {
            into[arc.to].push(k);
        }
        // Dijkstra over arcs backwards; costs are never negative.
        let mut best: Vec<Option<Wide>> = vec![None; flow.supply.len()];
        let mut queue = BinaryHeap::from([Reverse((NOTHING, sink, usize::MAX))]);
        while let Some(Reverse((far, node, by))) = queue.pop() {
            if best[node].is_some() {
                continue;
            }
            best[node] = Some(far);
            if by != usize::MAX {
                self.hang(node, by, flow.supply[node], sink);
            }
            for &k in &into[node] {
                let next = flow.arcs[k].from;
                if best[next].is_none() && (flow.supply[next] == 0 || node == sink) {
                    queue.push(Reverse((add(far, self.cost[k]), next, k)));
                }
            }
        }
        self.turn_to_root(sink);
    }

    /// Takes a node off its artificial arc and hangs it on a real one, which carries its supply to the sink.
    fn hang(&mut self, node: usize, by: usize, supply: i64, sink: usize) {
        let (artificial, to) = (self.above[node], self.to[by]);
        self.flow[artificial] = 0;
        self.state[artificial] = State::AtZero;
        self.arcs_at[node].retain(|&arc| arc != artificial);
        self.flow[by] = supply;
        let of_sink = self.above[sink];
        self.flow[of_sink] -= supply;
        self.state[by] = State::InTree;
        self.arcs_at[node].push(by);
        self.arcs_at[to].push(by);
        self.parent[node] = to;
        self.above[node] = by;
        self.depth[node] = self.depth[to] + 1;
        self.potential[node] = sub(self.potential[to], self.cost[by]);
    }

    /// An artificial arc that brings nothing any more is turned round, so that it points to the root; everything hung below it
    /// moves with it.
    fn turn_to_root(&mut self, sink: usize) {
        let arc = self.above[sink];
        if self.flow[arc] != 0 {
            return;
        }
        (self.from[arc], self.to[arc]) = (sink, self.root);
        let shift = sub(sub(NOTHING, self.cost[arc]), self.potential[sink]);
        for node in 0..self.potential.len() {
            let mut top = node;
            while top != self.root && self.parent[top] != self.root {
                top = self.parent[top];
            }
            if top == sink {
                self.potential[node] = add(self.potential[node], shift);
            }
        }
    }

    /// cost + potential(from) - potential(to); zero on every tree arc.
    fn reduced(&self, arc: usize) -> Wide {
        sub(add(self.cost[arc], self.potential[self.from[arc]]), self.potential[self.to[arc]])
    }

    /// The most promising arc of the next block that has one; `None` when no arc improves anything.
    fn price(&mut self) -> Option<usize> {
        let real = self.from.len() + 1 - self.parent.len();
        let mut best: Option<(Wide, usize)> = None;
        let mut at = self.next_block;
        for seen in 1..=real {
            if at >= real {
                at = 0;
            }
            let gain = match self.state[at] {
                State::InTree => NOTHING,
                State::AtZero => self.reduced(at),
                State::AtCap => sub(NOTHING, self.reduced(at)),
            };
            if gain < NOTHING && best.is_none_or(|(most, _)| gain < most) {
                best = Some((gain, at));
            }
            at += 1;
            if seen % self.block == 0 && best.is_some() {
                break;
            }
        }
        self.next_block = at;
        best.map(|(_, arc)| arc)
    }

    fn pivot(&mut self, entering: usize) {
        let forward = self.state[entering] == State::AtZero;
        let (first, second) =
            if forward { (self.from[entering], self.to[entering]) } else { (self.to[entering], self.from[entering]) };
        let apex = self.apex(first, second);
        // The cycle runs apex -> first -> second -> apex. Leaving at the last arc that blocks keeps the tree strongly
        // feasible: hence `<` on the way up from `first` and `<=` on the way up from `second`.
        let mut most = if forward { self.cap[entering] - self.flow[entering] } else { self.flow[entering] };
        let mut leaving = None;
        let mut node = first;
        while node != apex {
            let arc = self.above[node];
            let room = if self.from[arc] == node { self.flow[arc] } else { self.cap[arc] - self.flow[arc] };
            if room < most {
                most = room;
                leaving = Some((node, first, second));
            }
            node = self.parent[node];
        }
        node = second;
        while node != apex {
            let arc = self.above[node];
            let room = if self.from[arc] == node { self.cap[arc] - self.flow[arc] } else { self.flow[arc] };
            if room <= most {
                most = room;
                leaving = Some((node, second, first));
            }
            node = self.parent[node];
        }
        self.push(entering, forward, first, second, apex, most);
        match leaving {
            None => self.state[entering] = if forward { State::AtCap } else { State::AtZero },
            Some((cut, inside, outside)) => self.rehang(entering, cut, inside, outside),
        }
    }

    fn apex(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depth[a] >= self.depth[b] { a = self.parent[a] } else { b = self.parent[b] }
        }
        a
    }

    fn push(&mut self, entering: usize, forward: bool, first: usize, second: usize, apex: usize, people: i64) {
        if people == 0 {
            return;
        }
        self.flow[entering] += if forward { people } else { -people };
        let mut node = first;
        while node != apex {
            let arc = self.above[node];
            self.flow[arc] += if self.from[arc] == node { -people } else { people };
            node = self.parent[node];
        }
        node = second;
        while node != apex {
            let arc = self.above[node];
            self.flow[arc] += if self.from[arc] == node { people } else { -people };
            node = self.parent[node];
        }
    }

    /// Cuts the tree above `cut` and hangs the piece, by its node `inside`, to `outside` with the entering arc.
    fn rehang(&mut self, entering: usize, cut: usize, inside: usize, outside: usize) {
        let leaving = self.above[cut];
        self.state[leaving] = if self.flow[leaving] == 0 { State::AtZero } else { State::AtCap };
        self.state[entering] = State::InTree;
        for end in [self.from[leaving], self.to[leaving]] {
            if let Some(place) = self.arcs_at[end].iter().position(|&arc| arc == leaving) {
                self.arcs_at[end].swap_remove(place);
            }
        }
        let reduced = self.reduced(entering);
        let shift = if self.from[entering] == inside { sub(NOTHING, reduced) } else { reduced };
        for end in [self.from[entering], self.to[entering]] {
            if end != self.root {
                self.arcs_at[end].push(entering);
            }
        }
        self.parent[inside] = outside;
        self.above[inside] = entering;
        self.depth[inside] = self.depth[outside] + 1;
        self.potential[inside] = add(self.potential[inside], shift);
        self.stack.push(inside);
        while let Some(node) = self.stack.pop() {
            let up = self.above[node];
            for k in 0..self.arcs_at[node].len() {
                let arc = self.arcs_at[node][k];
                if arc == up {
                    continue;
                }
                let below = if self.from[arc] == node { self.to[arc] } else { self.from[arc] };
                self.parent[below] = node;
                self.above[below] = arc;
                self.depth[below] = self.depth[node] + 1;
                self.potential[below] = add(self.potential[below], shift);
                self.stack.push(below);
            }
        }
    }
}
