//! The least that life-saving care must wait, whatever else is planned: the measure by which a decision holds it back.
//!
//! Severe and critical people only; ambulances never limit them; each service's slots and each day's moves to lower beds
//! are counted for that day alone. Solved by successive cheapest paths (Bellman and Ford), slow and plain.

use crate::transfer::decided::Decided;
use crate::transfer::facts::{Facts, Group, Ward};
use crate::transfer::flows::Flows;
use std::collections::{BTreeMap, VecDeque};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node<'a> {
    Source,
    End,
    Sink,
    Waiting(Group<'a>, usize),
    Service(Ward<'a>, levee_model::plan::CareNeed, usize),
    Beds(Ward<'a>, usize),
}

#[derive(Default)]
struct Paths {
    /// To, room, cost; each edge beside its reverse.
    edges: Vec<(usize, i64, i64)>,
    at: Vec<Vec<usize>>,
}

const PLENTY: i64 = i64::MAX / 8;

impl Paths {
    fn add(&mut self, from: usize, to: usize, room: i64, cost: i64) {
        self.at[from].push(self.edges.len());
        self.edges.push((to, room, cost));
        self.at[to].push(self.edges.len());
        self.edges.push((from, 0, -cost));
    }

    /// Cost of sending `wanted` from node 0 to node 1; `None` = not all of it gets there.
    fn send(&mut self, mut wanted: i64) -> Option<u64> {
        let mut total = 0u64;
        while wanted > 0 {
            let mut cost = vec![i64::MAX; self.at.len()];
            let mut by = vec![None; self.at.len()];
            let mut queued = vec![false; self.at.len()];
            let mut queue = VecDeque::from([0]);
            cost[0] = 0;
            while let Some(node) = queue.pop_front() {
                queued[node] = false;
                for &edge in &self.at[node] {
                    let (to, room, each) = self.edges[edge];
                    if room > 0 && cost[node].saturating_add(each) < cost[to] {
                        cost[to] = cost[node] + each;
                        by[to] = Some(edge);
                        if !queued[to] {
                            queued[to] = true;
                            queue.push_back(to);
                        }
                    }
                }
            }
            let mut most = wanted;
            let mut way = Vec::new();
            let mut node = 1;
            while node != 0 {
                let edge: usize = by[node]?;
                most = most.min(self.edges[edge].1);
                way.push(edge);
                node = self.edges[edge ^ 1].0;
            }
            for edge in way {
                self.edges[edge].1 -= most;
                self.edges[edge ^ 1].1 += most;
            }
            wanted -= most;
            total = total.saturating_add(cost[1].unsigned_abs().saturating_mul(most.unsigned_abs()));
        }
        Some(total)
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(PLENTY).min(PLENTY)
}

/// Least person-days without a bed of severe and critical people, `decided` being kept; `None` = it cannot be kept.
pub(crate) fn least_person_days<'a>(facts: &Facts<'a>, decided: &Decided<'a>) -> Option<u64> {
    let days = facts.days.len();
    let groups: Vec<Group<'a>> = facts.new.keys().copied().filter(|g| g.1.is_life_saving()).collect();
    if groups.is_empty() {
        return Some(0);
    }
    let mut edges: Vec<(Node<'a>, Node<'a>, i64, i64)> = Vec::new();
    let mut surplus: BTreeMap<Node<'a>, i64> = BTreeMap::new();
    let fixed = decided.fixed();
    for &group in &groups {
        for t in 0..days {
            let here = Node::Waiting(group, t);
            *surplus.entry(here).or_default() += whole(facts.new.get(&group).map_or(0, |new| new[t].0));
            edges.push((here, if t + 1 < days { Node::Waiting(group, t + 1) } else { Node::Sink }, PLENTY, 1));
            for (ward, ..) in facts.ways(group) {
                let known = group.2.is_none_or(|care| facts.service(ward, care).flatten().is_some());
                let exact = decided.is_exact((facts.days[t], group, ward));
                if !known || exact || !facts.admits(ward, facts.days[t]) || decided.forbids(group, ward.0) {
                    continue;
                }
                let to = group.2.map_or(Node::Beds(ward, t), |care| Node::Service(ward, care, t));
                edges.push((here, to, PLENTY, 0));
                if let Some(care) = group.2 {
                    let slots = facts.service(ward, care).flatten().unwrap_or(0);
                    let used = fixed.iter().filter(|((_, of, to), _)| *to == ward && of.2 == Some(care));
                    // More people sent than there are slots: a decision nobody can keep, not one that costs nothing.
                    let left = slots.checked_sub(used.map(|(_, people)| *people).sum())?;
                    let edge = (to, Node::Beds(ward, t), whole(left), 0);
                    if !edges.contains(&edge) {
                        edges.push(edge);
                    }
                }
            }
        }
    }
    for &ward in facts.wards.keys() {
        let cap = decided.caps.get(&ward).copied();
        let mut before = 0;
        for t in 0..days {
            let Some(free) = Flows::free_within(facts, ward, t, cap) else { continue };
            edges.push((Node::Beds(ward, t), Node::Sink, whole(free.saturating_sub(before)), 0));
            if t > 0 {
                edges.push((Node::Beds(ward, t), Node::Beds(ward, t - 1), PLENTY, 0));
            }
            before = free;
        }
    }
    for step in &facts.steps {
        let upper = (step.facility, step.level);
        let lower = (step.facility, step.to);
        let staying = facts.staying(upper, 0).unwrap_or(0);
        if decided.caps.get(&upper).is_some_and(|cap| staying > *cap) {
            continue;
        }
        for t in (0..days).filter(|t| facts.admits(lower, facts.days[*t])) {
            edges.push((Node::Beds(upper, t), Node::Beds(lower, t), whole(step.able[t]), 0));
        }
    }
    for ((day, group, ward), people) in &fixed {
        let t = facts.day(*day)?;
        *surplus.entry(Node::Beds(*ward, t)).or_default() += whole(*people);
        if group.1.is_life_saving() {
            *surplus.entry(Node::Waiting(*group, t)).or_default() -= whole(*people);
        }
    }
    // Whoever leaves a line by decision leaves it for sure: the sink takes no more than the others.
    let (mut wanted, mut leaving) = (0, 0);
    for (&node, &people) in &surplus {
        if people >= 0 {
            edges.push((Node::Source, node, people, 0));
            wanted += people;
        } else {
            edges.push((node, Node::End, -people, 0));
            leaving -= people;
        }
    }
    edges.push((Node::Sink, Node::End, wanted.checked_sub(leaving).filter(|rest| *rest >= 0)?, 0));
    let mut numbers: BTreeMap<Node<'a>, usize> = BTreeMap::from([(Node::Source, 0), (Node::End, 1)]);
    let mut paths = Paths { edges: Vec::new(), at: vec![Vec::new(); 2] };
    for (from, to, room, cost) in edges {
        let mut number = |node| {
            let next = numbers.len();
            *numbers.entry(node).or_insert(next)
        };
        let (from, to) = (number(from), number(to));
        paths.at.resize(numbers.len(), Vec::new());
        paths.add(from, to, room, cost);
    }
    paths.send(wanted)
}
