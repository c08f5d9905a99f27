//! The plan as a flow of people over time, with its cost in tiers.
//!
//! Nodes: a group (district, class, care need) that waits on a day; the beds of a facility's level on a day; in front of
//! them, a service's slots; one sink. People enter where they are needed, and either wait a day (one person-day in their
//! tier) or go to a bed of their level or above (metres and upgrades, in the last tier). A bed of a day takes people into
//! beds that came free on that day or before: the arc back in time. A bed given stays given to the plan's end, so
//! occupancy never passes the usable beds. From a higher bed an arc leads to a lower one of the same day: somebody who may
//! moves down, and whoever came for the higher bed has it.
//!
//! People of accepted orders and of pins are taken out where they wait and put in where they lie, at no choice.
//! An arc that issued orders speak of is split: their people go free of change, others do not.
//!
//! Three rules are no flow, because they bind people across the lines that the flow keeps apart: coach seats that several
//! groups of a district share, slots of a service over all days, people able to move down over all days. [`Limits`] keeps
//! them: first each is counted for one group and one day alone, which is more than possible and hence a bound; where that
//! does not hold together, what comes first is held and the rest is solved again.

use crate::solver::{Arc, Cost, Flow, TieredFlow, UNLIMITED};
use crate::transfer::books::Move;
use crate::transfer::limits::Limits;
use crate::transfer::names::ArcName;
use crate::transfer::problem::Problem;
use levee_model::plan::{CareNeed, METRES_AT_MOST, STEP_DOWN_METRES};
use std::collections::BTreeMap;

/// Tiers of the flow's cost.
pub(crate) const LIFE_SAVING: usize = 0;
pub(crate) const VULNERABLE: usize = 1;
pub(crate) const WAITING: usize = 2;
pub(crate) const CHANGES: usize = 3;
pub(crate) const DISTANCE: usize = 4;

/// The tier in which a group waits.
pub(crate) fn tier_of(problem: &Problem, group: usize) -> usize {
    match problem.groups[group].class {
        0 if problem.kept.vulnerable.contains(&group) => VULNERABLE,
        0 => WAITING,
        1 => VULNERABLE,
        _ => LIFE_SAVING,
    }
}

/// Person-metres of one person on a way, upgrades included at their exchange rate.
pub(crate) fn metres(problem: &Problem, metres: u64, upgrade: usize) -> u64 {
    let upgrade = problem.limits.upgrade_metres.saturating_mul(upgrade as u64);
    metres.saturating_add(upgrade.min(METRES_AT_MOST * 4))
}

/// A network and what its arcs mean.
pub(crate) struct Network {
    pub(crate) flow: TieredFlow,
    /// By arc: what it means.
    pub(crate) names: Vec<ArcName>,
    /// Each move with its arcs: one, and another where issued orders speak of it.
    arcs: Vec<(Move, usize, Option<usize>)>,
    /// `[bed][day]`: the arc by which beds that came free on that day are used.
    pub(crate) freed: Vec<Vec<Option<usize>>>,
    /// `[group][day]`: the arc of their coach seats.
    pub(crate) seats: Vec<Vec<Option<usize>>>,
    /// By bed and service, by day: the arc of its slots.
    slots: BTreeMap<(usize, CareNeed), Vec<usize>>,
    /// `[step][day]`: the arc from the higher beds to the lower ones.
    steps: Vec<Vec<Option<usize>>>,
    /// What people who are not the planner's to place cost besides.
    fixed: [u128; crate::solver::TIERS],
}

/// What an answer says.
#[derive(Clone, Debug)]
pub(crate) struct Moves {
    pub(crate) moves: BTreeMap<Move, u64>,
    /// `[step][day]`.
    pub(crate) steps: Vec<Vec<u64>>,
    pub(crate) slots: BTreeMap<(usize, CareNeed), Vec<u64>>,
}

fn people(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(UNLIMITED).min(UNLIMITED)
}

/// How nodes are numbered.
pub(crate) struct Nodes {
    pub(crate) days: usize,
    pub(crate) groups: usize,
    pub(crate) beds: usize,
}

impl Nodes {
    pub(crate) const SINK: usize = 0;
    pub(crate) fn waiting(&self, group: usize, day: usize) -> usize {
        1 + group * self.days + day
    }
    pub(crate) fn riding(&self, group: usize, day: usize) -> usize {
        self.waiting(self.groups, 0) + group * self.days + day
    }
    pub(crate) fn bed(&self, bed: usize, day: usize) -> usize {
        self.riding(self.groups, 0) + bed * self.days + day
    }
    pub(crate) fn service(&self, number: usize, day: usize) -> usize {
        self.bed(self.beds, 0) + number * self.days + day
    }
}

impl Network {
    /// Everybody.
    pub(crate) fn new(problem: &Problem, limits: &Limits) -> Self {
        Self::of(problem, limits, |_| true)
    }

    /// Severe and critical people only; others hold the beds that are fixed for them.
    pub(crate) fn of_life_saving_care(problem: &Problem, limits: &Limits) -> Self {
        Self::of(problem, limits, |group| problem.groups[group].is_life_saving())
    }

    fn of(problem: &Problem, limits: &Limits, takes: impl Fn(usize) -> bool) -> Self {
        let (days, groups, beds) = (problem.days(), problem.groups.len(), problem.beds.len());
        let nodes = Nodes { days, groups, beds };
        let mut network = Self {
            flow: TieredFlow { supply: vec![0; nodes.service(limits.slots.len(), 0)], arcs: Vec::new() },
            names: Vec::new(),
            arcs: Vec::new(),
            freed: vec![vec![None; days]; beds],
            seats: vec![vec![None; days]; groups],
            slots: BTreeMap::new(),
            steps: vec![vec![None; days]; problem.steps.len()],
            fixed: [0; crate::solver::TIERS],
        };
        let services: BTreeMap<(usize, CareNeed), usize> = limits.slots.keys().copied().zip(0..).collect();
        for group in (0..groups).filter(|group| takes(*group)) {
            network.add_group(problem, limits, &nodes, &services, group);
        }
        for (&key, caps) in &limits.slots {
            for (day, &cap) in caps.iter().enumerate() {
                let name = ArcName::Slots { bed: key.0, care: key.1, day };
                let (from, to) = (nodes.service(services[&key], day), nodes.bed(key.0, day));
                let arc = network.add(name, from, to, people(cap), Cost::ZERO);
                network.slots.entry(key).or_default().push(arc);
            }
        }
        network.add_beds(problem, &nodes);
        for (number, step) in problem.steps.iter().enumerate() {
            for day in (0..days).filter(|day| problem.beds[step.lower].admits(*day)) {
                let cost = Cost::in_tier(DISTANCE, people(STEP_DOWN_METRES));
                let cap = people(limits.steps[number][day]);
                let name = ArcName::Down { upper: step.upper, lower: step.lower, day };
                let arc = network.add(name, nodes.bed(step.upper, day), nodes.bed(step.lower, day), cap, cost);
                network.steps[number][day] = Some(arc);
            }
        }
        network.fix(problem, &nodes, &takes);
        network
    }

    /// The same with other bounds of seats, slots and moves down.
    pub(crate) fn bound_by(&mut self, limits: &Limits) {
        let mut set = |arc: Option<usize>, most: Option<u64>| {
            if let (Some(arc), Some(most)) = (arc.and_then(|arc| self.flow.arcs.get_mut(arc)), most) {
                arc.cap = people(most);
            }
        };
        for (arcs, seats) in self.seats.iter().zip(&limits.seats) {
            arcs.iter().zip(seats).for_each(|(arc, most)| set(*arc, *most));
        }
        for (key, arcs) in &self.slots {
            let most = limits.slots.get(key).into_iter().flatten();
            arcs.iter().zip(most).for_each(|(arc, most)| set(Some(*arc), Some(*most)));
        }
        for (arcs, able) in self.steps.iter().zip(&limits.steps) {
            arcs.iter().zip(able).for_each(|(arc, most)| set(*arc, Some(*most)));
        }
    }

    fn add(&mut self, name: ArcName, from: usize, to: usize, cap: i64, cost: Cost) -> usize {
        self.names.push(name);
        self.flow.arcs.push(Arc { from, to, cap, cost });
        self.flow.arcs.len() - 1
    }

    fn add_group(
        &mut self,
        problem: &Problem,
        limits: &Limits,
        nodes: &Nodes,
        services: &BTreeMap<(usize, CareNeed), usize>,
        group: usize,
    ) {
        let care = problem.groups[group].care;
        let changes = problem.kept.was_issued.contains(&group);
        for day in 0..nodes.days {
            let here = nodes.waiting(group, day);
            let next = if day + 1 < nodes.days { nodes.waiting(group, day + 1) } else { Nodes::SINK };
            let name = ArcName::Wait { group, day };
            self.add(name, here, next, UNLIMITED, Cost::in_tier(tier_of(problem, group), 1));
            let need = people(problem.need(group, day));
            self.flow.supply[here] += need;
            self.flow.supply[Nodes::SINK] -= need;
            let mut depart = here;
            if let Some(limit) = limits.seats[group][day] {
                depart = nodes.riding(group, day);
                let name = ArcName::Seats { group, day };
                self.seats[group][day] = Some(self.add(name, here, depart, people(limit), Cost::ZERO));
            }
            for way in problem.ways[group].iter().filter(|way| problem.is_usable(group, way, day)) {
                let key = Move { day, group, bed: way.bed };
                if problem.kept.exact.contains(&key) {
                    continue;
                }
                let arrive = care
                    .and_then(|care| services.get(&(way.bed, care)))
                    .map_or_else(|| nodes.bed(way.bed, day), |number| nodes.service(*number, day));
                let mut cost = Cost::in_tier(DISTANCE, people(metres(problem, way.metres, way.upgrade)));
                let mut as_issued = None;
                let name = |as_issued| ArcName::Go { group, day, bed: way.bed, as_issued };
                if changes {
                    let kept = problem.kept.issued(key).saturating_sub(problem.kept.fixed(key).pinned);
                    if kept > 0 {
                        as_issued = Some(self.add(name(true), depart, arrive, people(kept), cost));
                    }
                    cost = cost + Cost::in_tier(CHANGES, 1);
                }
                let arc = self.add(name(false), depart, arrive, UNLIMITED, cost);
                self.arcs.push((key, arc, as_issued));
            }
        }
    }

    fn add_beds(&mut self, problem: &Problem, nodes: &Nodes) {
        for bed in 0..nodes.beds {
            let mut before = 0;
            for day in 0..nodes.days {
                let Some(free) = problem.free(bed, day) else { continue };
                let (name, more) = (ArcName::Freed { bed, day }, people(free.saturating_sub(before)));
                let arc = self.add(name, nodes.bed(bed, day), Nodes::SINK, more, Cost::ZERO);
                self.freed[bed][day] = Some(arc);
                if day > 0 {
                    let name = ArcName::Back { bed, day };
                    self.add(name, nodes.bed(bed, day), nodes.bed(bed, day - 1), UNLIMITED, Cost::ZERO);
                }
                before = free;
            }
        }
    }

    /// People of accepted orders and pins leave the line and lie in their beds.
    fn fix(&mut self, problem: &Problem, nodes: &Nodes, takes: &impl Fn(usize) -> bool) {
        for (&key, fixed) in &problem.kept.fixed {
            let count = people(fixed.people());
            self.flow.supply[nodes.bed(key.bed, key.day)] += count;
            let from = if takes(key.group) { nodes.waiting(key.group, key.day) } else { Nodes::SINK };
            self.flow.supply[from] -= count;
            if let Some(way) = problem.ways[key.group].iter().find(|way| way.bed == key.bed) {
                let each = u128::from(metres(problem, way.metres, way.upgrade));
                self.fixed[DISTANCE] += each * u128::from(fixed.people());
            }
            self.fixed[CHANGES] += u128::from(problem.kept.changed(key, fixed.pinned));
        }
    }

    /// What an answer costs in each tier, people who are not the planner's to place included.
    pub(crate) fn cost_of(&self, answer: &Flow) -> [u128; crate::solver::TIERS] {
        let mut cost = self.flow.cost_of(&answer.on);
        for (sum, fixed) in cost.iter_mut().zip(self.fixed) {
            *sum += fixed;
        }
        cost
    }

    /// What people who are not the planner's to place cost in each tier.
    pub(crate) fn fixed(&self) -> [u128; crate::solver::TIERS] {
        self.fixed
    }

    /// By bed and service, by day: the arc of its slots.
    pub(crate) fn slots(&self) -> &BTreeMap<(usize, CareNeed), Vec<usize>> {
        &self.slots
    }

    /// `[step][day]`: the arc from the higher beds to the lower ones.
    pub(crate) fn steps(&self) -> &[Vec<Option<usize>>] {
        &self.steps
    }

    /// The moves of an answer, those of nobody and the fixed ones left out.
    pub(crate) fn moves(&self, answer: &Flow) -> Moves {
        let on = |arc: &usize| answer.on.get(*arc).and_then(|n| u64::try_from(*n).ok()).unwrap_or(0);
        let moves = self.arcs.iter().map(|(key, arc, as_issued)| (*key, on(arc) + as_issued.as_ref().map_or(0, on)));
        Moves {
            moves: moves.filter(|(_, people)| *people > 0).collect(),
            steps: self.steps.iter().map(|days| days.iter().map(|arc| arc.as_ref().map_or(0, on)).collect()).collect(),
            slots: self.slots.iter().map(|(&key, arcs)| (key, arcs.iter().map(on).collect())).collect(),
        }
    }
}
