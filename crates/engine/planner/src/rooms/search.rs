//! Which site opens when: branch and bound over the few sites that could open, the tiers compared one after another.
//!
//! A node gives every site a first and a last day on which it may open (the day after the plan = never). More rooms, or rooms
//! earlier, never make a tier of safety worse; so those tiers are at least what they are with every site at its first day, and
//! the tiers of cost at least what they are with every site at its last. A node is done when the latter reaches the
//! former's safety. Nodes are taken best bound first, so the bound at the end is the smallest of those left. Limits count nodes.

use super::balance::safety;
use super::bound::Cover;
use super::world::{Caps, World};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Known, promise, tail, price, staff-days, room-metres; compared entry by entry.
pub(super) type Cost = [u64; 6];

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// By candidate: the day it opens; the number of days = never.
    pub(super) opens: Vec<usize>,
    pub(super) cost: Cost,
    /// No choice costs less.
    pub(super) bound: Cost,
    pub(super) nodes: u64,
    pub(super) evaluations: u32,
    pub(super) finished: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    bound: Reverse<Cost>,
    /// Of equal bounds the deeper one first: it is nearer to an answer.
    depth: u32,
    number: u64,
    first: Vec<usize>,
    last: Vec<usize>,
}

struct Search<'w> {
    world: &'w World<'w>,
    evaluations: u32,
    best: Vec<usize>,
    cost: Cost,
    cover: Cover,
    numbered: u64,
}

/// Looks for the best choice, expanding at most `nodes` nodes.
pub(super) fn search(world: &World<'_>, nodes: u32) -> Found {
    let never = world.days();
    let n = world.candidates.len();
    let closed = vec![never; n];
    let mut search = Search {
        world,
        evaluations: 0,
        cost: [u64::MAX; 6],
        best: closed.clone(),
        cover: Cover::default(),
        numbered: 0,
    };
    search.offer(&closed);
    let start = search.start();
    search.offer(&start);
    search.cover = Cover::of(world, &search.cost);
    let earliest: Vec<usize> = world.candidates.iter().map(|c| c.first).collect();
    let (mut first, mut last) = (earliest, closed);
    let mut heap = BinaryHeap::new();
    search.tighten(&mut first, &mut last);
    search.push(&mut heap, first, last, 0);
    let (mut expanded, mut bound) = (0u64, None);
    while let Some(node) = heap.pop() {
        if node.bound.0 >= search.cost {
            break;
        }
        if expanded >= u64::from(nodes) {
            bound = Some(node.bound.0);
            break;
        }
        expanded += 1;
        search.expand(&mut heap, &node);
    }
    Found {
        bound: bound.unwrap_or(search.cost),
        finished: bound.is_none(),
        opens: search.best,
        cost: search.cost,
        nodes: expanded,
        evaluations: search.evaluations,
    }
}

/// Rooms by day when each candidate opens on its day.
pub(super) fn caps(world: &World<'_>, opens: &[usize]) -> Caps {
    let mut caps = world.base.clone();
    for (candidate, opens) in world.candidates.iter().zip(opens) {
        for day in *opens..world.days() {
            caps.add(candidate.place, day, candidate.by_day[day]);
        }
    }
    caps
}

/// Price, staff-days and room-metres of what opens.
fn costs(world: &World<'_>, opens: &[usize]) -> [u64; 3] {
    let days = world.days();
    let mut sum = [0u64; 3];
    for (candidate, opens) in world.candidates.iter().zip(opens).filter(|(_, opens)| **opens < days) {
        let staff = candidate.staff.unwrap_or(0).saturating_mul((days - opens) as u64);
        for (sum, more) in sum.iter_mut().zip([candidate.price, staff, candidate.room_metres()]) {
            *sum = sum.saturating_add(more);
        }
    }
    sum
}

/// Whether there are people to run what opens.
pub(super) fn staffed(world: &World<'_>, opens: &[usize]) -> bool {
    let Some(free) = &world.staff_free else { return true };
    (0..world.days()).all(|t| {
        let open = world.candidates.iter().zip(opens).filter(|(_, opens)| **opens <= t);
        open.fold(0u64, |sum, (c, _)| sum.saturating_add(c.staff.unwrap_or(0))) <= free[t]
    })
}

impl Search<'_> {
    fn safety(&mut self, opens: &[usize]) -> [u64; 3] {
        self.evaluations = self.evaluations.saturating_add(1);
        safety(self.world, &caps(self.world, opens))
    }

    fn full(safety: [u64; 3], costs: [u64; 3]) -> Cost {
        [safety[0], safety[1], safety[2], costs[0], costs[1], costs[2]]
    }

    /// Keeps a choice if it is the best so far and can be staffed.
    fn offer(&mut self, opens: &[usize]) {
        if staffed(self.world, opens) {
            let cost = Self::full(self.safety(opens), costs(self.world, opens));
            self.keep(opens, cost);
        }
    }

    fn keep(&mut self, opens: &[usize], cost: Cost) {
        if cost < self.cost {
            let better = cost[..3] < self.cost[..3];
            self.cost = cost;
            self.best = opens.to_vec();
            if better {
                self.cover = Cover::of(self.world, &self.cost);
            }
        }
    }

    /// A good choice to begin with: all sites as early as can be, those of little use for many staff left out until the others
    /// can be staffed; then whatever is not needed stays closed, the dearest first, and the rest opens as late as it may.
    fn start(&mut self) -> Vec<usize> {
        let world = self.world;
        let never = world.days();
        let mut opens: Vec<usize> = world.candidates.iter().map(|c| c.first).collect();
        let use_of = |i: usize| world.candidates[i].by_day.iter().fold(0u128, |sum, n| sum + u128::from(*n));
        let staff_of = |i: usize| u128::from(world.candidates[i].staff.unwrap_or(0));
        let mut by_use: Vec<usize> = (0..opens.len()).filter(|i| staff_of(*i) > 0).collect();
        by_use.sort_by(|a, b| (use_of(*a) * staff_of(*b)).cmp(&(use_of(*b) * staff_of(*a))).then(a.cmp(b)));
        for i in by_use {
            if staffed(world, &opens) {
                break;
            }
            opens[i] = never;
        }
        let wanted = self.safety(&opens);
        let mut dearest: Vec<usize> = (0..opens.len()).filter(|i| opens[*i] < never).collect();
        let worth = |i: usize| (u128::from(world.candidates[i].price), use_of(i));
        // Price per room, the highest first.
        dearest.sort_by(|a, b| {
            let ((pa, ua), (pb, ub)) = (worth(*a), worth(*b));
            (pb * ua.max(1)).cmp(&(pa * ub.max(1))).then(staff_of(*b).cmp(&staff_of(*a))).then(a.cmp(b))
        });
        for i in dearest.clone() {
            let was = std::mem::replace(&mut opens[i], never);
            if self.safety(&opens) > wanted {
                opens[i] = was;
            }
        }
        dearest.sort_by(|a, b| staff_of(*b).cmp(&staff_of(*a)).then(a.cmp(b)));
        for i in dearest {
            self.delay(&mut opens, i, wanted);
        }
        opens
    }

    /// Opens a site as late as leaves safety what it is.
    fn delay(&mut self, opens: &mut [usize], i: usize, wanted: [u64; 3]) {
        let (mut good, mut bad) = (opens[i], self.world.days());
        while bad - good > 1 && good < bad {
            let middle = good + (bad - good) / 2;
            opens[i] = middle;
            if self.safety(opens) <= wanted { good = middle } else { bad = middle }
        }
        opens[i] = good;
    }

    /// Sites without which the best safety cannot be had, and the last day on which each of them must open: known as soon as a choice
    /// is at hand that is as safe as everything open at once.
    fn tighten(&mut self, first: &mut [usize], last: &mut [usize]) {
        let best = self.safety(first);
        if best[..] != self.cost[..3] {
            return;
        }
        let never = self.world.days();
        for i in 0..first.len() {
            let (mut good, mut bad) = (first[i], never + 1);
            // Later is never safer: the latest day that is still as safe.
            while bad - good > 1 {
                let middle = good + (bad - good) / 2;
                let was = std::mem::replace(&mut first[i], middle);
                let safe = self.safety(first) <= best;
                first[i] = was;
                if safe { good = middle } else { bad = middle }
            }
            last[i] = good.min(last[i]);
        }
    }

    /// Bounds a node; keeps it unless it cannot be better than the best.
    fn push(&mut self, heap: &mut BinaryHeap<Node>, first: Vec<usize>, last: Vec<usize>, depth: u32) {
        let world = self.world;
        if !staffed(world, &last) {
            return;
        }
        let mut safe = self.safety(&first);
        for (mine, limited) in safe.iter_mut().zip(self.cover.safety_with_staff(world, &first, &last)) {
            *mine = (*mine).max(limited);
        }
        if safe[..] > self.cost[..3] {
            return;
        }
        let mut least = costs(world, &last);
        let done = self.safety(&last);
        if done == safe {
            self.keep(&last, Self::full(safe, least));
            return;
        }
        if safe[..] == self.cost[..3] {
            least[0] = least[0].max(self.cover.price(world, &first, &last));
        }
        let bound = Self::full(safe, least);
        if bound < self.cost {
            self.numbered += 1;
            heap.push(Node { bound: Reverse(bound), depth, number: self.numbered, first, last });
        }
    }

    /// Splits a node: the site that brings most is opened or left closed; if all are decided, the day on which it opens is halved.
    fn expand(&mut self, heap: &mut BinaryHeap<Node>, node: &Node) {
        let world = self.world;
        let never = world.days();
        let brings = |i: usize| {
            let candidate = &world.candidates[i];
            let until = node.last[i].min(never);
            candidate.by_day[node.first[i]..until].iter().fold(0u128, |sum, n| sum + u128::from(*n))
        };
        let open = (0..node.first.len()).filter(|i| node.first[*i] < node.last[*i]);
        let Some(i) = open.max_by_key(|i| (node.last[*i] == never, brings(*i), Reverse(*i))) else { return };
        let middle = if node.last[i] == never { never - 1 } else { node.first[i] + (node.last[i] - node.first[i]) / 2 };
        let (mut later, mut sooner) = (node.first.clone(), node.last.clone());
        later[i] = middle + 1;
        sooner[i] = middle;
        self.push(heap, node.first.clone(), sooner, node.depth + 1);
        self.push(heap, later, node.last.clone(), node.depth + 1);
    }
}

/// Nothing opens.
pub(super) fn nothing(world: &World<'_>) -> Found {
    let opens = vec![world.days(); world.candidates.len()];
    let safe = safety(world, &caps(world, &opens));
    let cost = Search::full(safe, [0; 3]);
    Found { opens, cost, bound: [0; 6], nodes: 0, evaluations: 1, finished: false }
}
