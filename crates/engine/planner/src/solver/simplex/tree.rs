//! The basis: a spanning tree hanging from an extra root, and every other arc empty or full.

use super::Basis;
use super::key::Key;
use crate::solver::{TieredFlow, UNLIMITED};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    InTree,
    AtZero,
    AtCap,
}

pub(super) struct Tree<K> {
    from: Vec<usize>,
    to: Vec<usize>,
    cap: Vec<i64>,
    cost: Vec<K>,
    flow: Vec<i64>,
    state: Vec<State>,
    /// By node: the node above it, the arc to it, how deep it hangs, its potential.
    parent: Vec<usize>,
    above: Vec<usize>,
    depth: Vec<usize>,
    potential: Vec<K>,
    /// By node: tree arcs at it. Not kept for the root, whose side of a cut is never walked.
    arcs_at: Vec<Vec<usize>>,
    root: usize,
    /// Arcs that are not artificial; the artificial one of a node follows at this plus its number.
    real: usize,
    next_block: usize,
    block: usize,
    stack: Vec<usize>,
}

impl<K: Key> Tree<K> {
    /// All arcs empty, no node hung yet.
    pub(super) fn bare(flow: &TieredFlow, mut cost: Vec<K>, artificial: K) -> Self {
        let nodes = flow.supply.len();
        let real = flow.arcs.len();
        let root = nodes;
        cost.resize(real + nodes, artificial);
        Self {
            from: flow.arcs.iter().map(|a| a.from).chain(0..nodes).collect(),
            to: flow.arcs.iter().map(|a| a.to).chain((0..nodes).map(|_| root)).collect(),
            cap: flow.arcs.iter().map(|a| a.cap).chain((0..nodes).map(|_| UNLIMITED)).collect(),
            cost,
            flow: vec![0; real + nodes],
            state: vec![State::AtZero; real + nodes],
            parent: vec![root; nodes + 1],
            above: vec![usize::MAX; nodes + 1],
            depth: vec![0; nodes + 1],
            potential: vec![K::NOTHING; nodes + 1],
            arcs_at: vec![Vec::new(); nodes + 1],
            root,
            real,
            next_block: 0,
            block: 64.max(real.isqrt()),
            stack: Vec::new(),
        }
    }

    /// An arc outside the tree, empty or full.
    pub(super) fn leave_at(&mut self, arc: usize, state: State) {
        self.state[arc] = state;
        self.flow[arc] = if state == State::AtCap { self.cap[arc] } else { 0 };
    }

    /// A node below another, by an arc with flow on it.
    pub(super) fn hang(&mut self, node: usize, up: usize, arc: usize, flow: i64) {
        self.parent[node] = up;
        self.above[node] = arc;
        self.flow[arc] = flow;
        self.state[arc] = State::InTree;
        self.arcs_at[node].push(arc);
        if up != self.root {
            self.arcs_at[up].push(arc);
        }
    }

    /// A node below the root by its artificial arc, which carries what is left at the node.
    pub(super) fn hang_from_root(&mut self, node: usize, left: i64) {
        let arc = self.real + node;
        (self.from[arc], self.to[arc]) = if left >= 0 { (node, self.root) } else { (self.root, node) };
        self.hang(node, self.root, arc, left.abs());
    }

    /// Depths and potentials of a tree whose nodes are all hung.
    pub(super) fn settle(&mut self) {
        let below: Vec<usize> = (0..self.root).filter(|&n| self.parent[n] == self.root).collect();
        for node in below {
            let arc = self.above[node];
            self.depth[node] = 1;
            self.potential[node] = if self.from[arc] == node { K::NOTHING.sub(self.cost[arc]) } else { self.cost[arc] };
            self.stack.push(node);
        }
        while let Some(node) = self.stack.pop() {
            for k in 0..self.arcs_at[node].len() {
                let arc = self.arcs_at[node][k];
                if arc == self.above[node] {
                    continue;
                }
                let (below, potential) = if self.from[arc] == node {
                    (self.to[arc], self.potential[node].add(self.cost[arc]))
                } else {
                    (self.from[arc], self.potential[node].sub(self.cost[arc]))
                };
                self.depth[below] = self.depth[node] + 1;
                self.potential[below] = potential;
                self.stack.push(below);
            }
        }
    }

    /// Flow and basis; `None` when an artificial arc still carries something.
    pub(super) fn finish(mut self, real: usize) -> Option<(Vec<i64>, Basis)> {
        if self.flow[real..].iter().any(|&left| left != 0) {
            return None;
        }
        self.above.truncate(self.root);
        let full = self.state[..real].iter().map(|s| *s == State::AtCap).collect();
        self.flow.truncate(real);
        Some((self.flow, Basis { above: self.above, full }))
    }

    pub(super) fn potentials(mut self) -> Vec<K> {
        self.potential.truncate(self.root);
        self.potential
    }

    /// cost + potential(from) - potential(to); zero on every tree arc.
    fn reduced(&self, arc: usize) -> K {
        self.cost[arc].add(self.potential[self.from[arc]]).sub(self.potential[self.to[arc]])
    }

    /// The most promising arc of the next block that has one; `None` when no arc improves anything.
    pub(super) fn price(&mut self) -> Option<usize> {
        let mut best: Option<(K, usize)> = None;
        let mut at = self.next_block;
        for seen in 1..=self.real {
            if at >= self.real {
                at = 0;
            }
            let gain = match self.state[at] {
                State::InTree => K::NOTHING,
                State::AtZero => self.reduced(at),
                State::AtCap => K::NOTHING.sub(self.reduced(at)),
            };
            if gain < K::NOTHING && best.is_none_or(|(most, _)| gain < most) {
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

    pub(super) fn pivot(&mut self, entering: usize) {
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
        let shift = if self.from[entering] == inside { K::NOTHING.sub(reduced) } else { reduced };
        for end in [self.from[entering], self.to[entering]] {
            if end != self.root {
                self.arcs_at[end].push(entering);
            }
        }
        self.parent[inside] = outside;
        self.above[inside] = entering;
        self.depth[inside] = self.depth[outside] + 1;
        self.potential[inside] = self.potential[inside].add(shift);
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
                self.potential[below] = self.potential[below].add(shift);
                self.stack.push(below);
            }
        }
    }
}
