//! Openings as one mixed-integer programme: the second opinion on the search over cuts, and the way to a bound where that search has to
//! stop.
//!
//! A switch for each site and each way to decide about it; the capacities and the people of the flow follow the switches; staff binds
//! them by kind and day.

use super::network::{Network, WAITS};
use super::sites::Field;
use crate::solver::programme::{Programme, Row, Solved};
use crate::transfer::problem::Problem;
use levee_model::plan::OpeningsInputs;
use std::collections::{BTreeMap, BTreeSet};

/// A programme made from the inputs of openings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningsProgramme {
    /// Its tiers are those of [`OpeningTier`](levee_model::plan::OpeningTier).
    pub programme: Programme,
    /// Its switches, by site with something to decide.
    switches: Vec<Vec<usize>>,
}

impl OpeningsProgramme {
    /// How many switches it has.
    pub fn switches(&self) -> usize {
        self.switches.iter().map(Vec::len).sum()
    }

    /// How many sites an answer opens or closes.
    pub fn decided(&self, solved: &Solved) -> usize {
        let on = |v: &usize| solved.values.get(*v).is_some_and(|x| *x > 0.5);
        self.switches.iter().filter(|site| site.iter().skip(1).any(on)).count()
    }
}

/// The openings of these inputs as a programme.
pub fn programme(inputs: &OpeningsInputs) -> OpeningsProgramme {
    let field = Field::new(inputs, Problem::new(&inputs.city).dates);
    let network = Network::new(inputs, &field, &mut BTreeSet::new());
    let flow = &network.flow;
    // Whoever is moved out of a site that closes comes on top of those who enter anyway.
    let moved = network.changes.iter().flatten().flat_map(|change| &change.people).map(|(_, more)| more);
    let total: i64 = flow.supply.iter().filter(|s| **s > 0).chain(moved).sum();
    let mut programme = Programme::default();
    for arc in &flow.arcs {
        programme.variable(0, (arc.cap < total).then_some(arc.cap));
    }
    let mut balance: Vec<Vec<(usize, i64)>> = vec![Vec::new(); flow.supply.len()];
    for (k, arc) in flow.arcs.iter().enumerate().filter(|(_, arc)| arc.from != arc.to) {
        balance[arc.from].push((k, 1));
        balance[arc.to].push((k, -1));
    }
    let mut caps: BTreeMap<usize, Vec<(usize, i64)>> = BTreeMap::new();
    let mut staff: Vec<Vec<(usize, i64)>> = vec![Vec::new(); field.free.len()];
    let mut staff_days = Vec::new();
    let mut switches = Vec::new();
    for (changes, candidate) in network.changes.iter().zip(&field.candidates) {
        let mut site = Vec::new();
        for (change, choice) in changes.iter().zip(&candidate.choices) {
            let switch = programme.switch();
            for &(arc, before, after) in &change.caps {
                caps.entry(arc).or_default().push((switch, after - before));
            }
            for &(node, more) in &change.people {
                balance[node].push((switch, -more));
                balance[0].push((switch, more));
            }
            for (row, &uses) in staff.iter_mut().zip(&choice.uses).filter(|(_, uses)| **uses != 0) {
                row.push((switch, uses));
            }
            if choice.staff_days != 0 {
                staff_days.push((switch, choice.staff_days));
            }
            site.push(switch);
        }
        programme.rows.push(Row::equal(site.iter().map(|&switch| (switch, 1)).collect(), 1));
        switches.push(site);
    }
    for (arc, changes) in caps {
        let before = flow.arcs[arc].cap;
        let most = changes.iter().map(|(_, more)| before + more).max().unwrap_or(before).max(before);
        programme.variables[arc].at_most = Some(most.min(total));
        let mut entries = vec![(arc, 1)];
        entries.extend(changes.into_iter().map(|(switch, more)| (switch, -more)));
        programme.rows.push(Row::at_most(entries, before));
    }
    for (row, &supply) in balance.into_iter().zip(&flow.supply) {
        if !row.is_empty() || supply != 0 {
            programme.rows.push(Row::equal(summed(row), supply));
        }
    }
    programme.rows.extend(staff.into_iter().zip(&field.free).map(|(row, &free)| Row::at_most(row, free)));
    for tier in 0..WAITS {
        let costs = flow.arcs.iter().enumerate().map(|(k, arc)| (k, arc.cost.0[tier]));
        programme.tiers.push(costs.filter(|(_, cost)| *cost != 0).collect());
    }
    programme.tiers.push(staff_days);
    OpeningsProgramme { programme, switches }
}

/// Each variable once.
fn summed(entries: Vec<(usize, i64)>) -> Vec<(usize, i64)> {
    let mut sum: BTreeMap<usize, i64> = BTreeMap::new();
    for (v, factor) in entries {
        *sum.entry(v).or_default() += factor;
    }
    sum.into_iter().filter(|(_, factor)| *factor != 0).collect()
}
