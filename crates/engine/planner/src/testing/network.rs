//! Tubes through sites, ways and laboratories as one flow over hours, with its cost in tiers.
//!
//! Nodes: a duty's tubes; each choice of site and hour for them ([`Slot`]); tubes collected before; tubes at a laboratory that may be
//! loaded from one hour on and are due at one minute (a *rack*); a laboratory's hour; its day; one sink. A tube enters at its duty, is
//! sampled at a slot, travels to a rack, is loaded in some hour, and counts against hour and day. Late hours are paid on the
//! way from rack to hour, metres on the way to the rack, an hour's delay on the way out. Whatever is not taken goes from the duty
//! straight to the sink, at its price in its own tier. All bounds are whole, so the optimum is in whole tubes.

use crate::solver::{Arc, Cost, Flow, TieredFlow, UNLIMITED};
use crate::testing::allot::Slot;
use crate::testing::problem::{Problem, Road, hours_late, tier_of};
use levee_model::plan::testing::OutsideHelp;
use std::collections::BTreeMap;

/// Tiers of the flow's cost after those of lateness (0 safety, 1 vulnerable, 2 everybody else).
pub(crate) const CHANGES: usize = 3;
pub(crate) const DISTANCE: usize = 4;

/// Whose tubes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// Of a slot, by number.
    Slot(usize),
    /// Collected before, by number of the row.
    Waiting(usize),
}

/// Tubes of one source that one laboratory loads in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parcel {
    pub(crate) source: Source,
    /// Which laboratory; one beyond the last is the outside one.
    pub(crate) bench: usize,
    pub(crate) hour: u16,
    pub(crate) tubes: u64,
}

/// What stands in the network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'s> {
    pub(crate) slots: &'s [Slot],
    /// Runs need not be whole.
    pub(crate) loose: bool,
    /// A laboratory outside, without limits; each tube there counts as a change, the more the more are in one hour.
    pub(crate) outside: Option<OutsideHelp>,
    pub(crate) reach: Reach,
}

/// How much of the city stands in the network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Ways to so many laboratories from each place, the nearest ones.
    nearest: usize,
    /// So many hours of loading after receipt.
    hours: u16,
}

impl Reach {
    pub(crate) const ALL: Self = Self { nearest: usize::MAX, hours: u16::MAX };
    /// Enough when laboratories have room: then nothing is late, and no wider network could do better in the tiers of lateness.
    pub(crate) const NEAR: Self = Self { nearest: 6, hours: 8 };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rack {
    bench: usize,
    first: u16,
    due: i64,
    tier: usize,
    people: u64,
}

/// The node of a rack, the arcs into it with their source, the arcs out of it with their hour.
struct Shelf {
    node: usize,
    arrivals: Vec<(usize, Source)>,
    loadings: Vec<(usize, u16)>,
}

/// A network and what its arcs mean.
pub(crate) struct Network {
    pub(crate) flow: TieredFlow,
    racks: BTreeMap<Rack, Shelf>,
}

pub(crate) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(UNLIMITED).min(UNLIMITED)
}

impl Network {
    pub(crate) fn new(problem: &Problem<'_>, scope: &Scope<'_>) -> Self {
        let mut network = Self { flow: TieredFlow { supply: vec![0], arcs: Vec::new() }, racks: BTreeMap::new() };
        let tasks = network.enter_tasks(problem);
        for (k, slot) in scope.slots.iter().enumerate() {
            let task = &problem.tasks[slot.task];
            let node = network.node(0);
            network.arc(tasks[slot.task], node, whole(slot.cap), Cost::ZERO);
            let issued = problem.issued.get(&(&problem.spots[slot.spot].id, &task.id));
            let roads = problem.roads_from(&problem.spots[slot.spot].id);
            for road in nearest(roads, scope.reach.nearest) {
                let Some((_, _, first)) = problem.trip(road, slot.hour) else { continue };
                let mut cost = Cost::in_tier(DISTANCE, whole(road.metres));
                let changed = issued.is_some_and(|to| !to.contains(&problem.benches[road.bench].id));
                cost.0[CHANGES] = i64::from(changed);
                let (due, people) = (task.due(slot.hour), u64::from(task.pool));
                let rack = Rack { bench: road.bench, first, due, tier: task.tier(), people };
                network.put_in_rack(rack, node, Source::Slot(k), cost);
            }
            if let Some(help) = scope.outside {
                let first = (u32::from(slot.hour) + 1) * 60 + help.minutes;
                let first = u16::try_from(first.div_ceil(60)).unwrap_or(u16::MAX).max(help.from_hour);
                if first < problem.loading.until {
                    let (due, people) = (task.due(slot.hour), u64::from(task.pool));
                    let rack = Rack { bench: problem.benches.len(), first, due, tier: task.tier(), people };
                    network.put_in_rack(rack, node, Source::Slot(k), Cost::ZERO);
                }
            }
        }
        network.enter_waiting(problem);
        network.leave(problem, scope);
        network
    }

    fn node(&mut self, supply: u64) -> usize {
        self.flow.supply.push(whole(supply));
        self.flow.supply[0] -= whole(supply);
        self.flow.supply.len() - 1
    }

    fn arc(&mut self, from: usize, to: usize, cap: i64, cost: Cost) -> usize {
        self.flow.arcs.push(Arc { from, to, cap, cost });
        self.flow.arcs.len() - 1
    }

    fn put_in_rack(&mut self, rack: Rack, from: usize, source: Source, cost: Cost) {
        let node = match self.racks.get(&rack) {
            Some(shelf) => shelf.node,
            None => {
                let node = self.node(0);
                self.racks.insert(rack, Shelf { node, arrivals: Vec::new(), loadings: Vec::new() });
                node
            }
        };
        let arc = self.arc(from, node, UNLIMITED, cost);
        if let Some(shelf) = self.racks.get_mut(&rack) {
            shelf.arrivals.push((arc, source));
        }
    }

    fn enter_tasks(&mut self, problem: &Problem<'_>) -> Vec<usize> {
        let mut nodes = Vec::with_capacity(problem.tasks.len());
        for task in &problem.tasks {
            let node = self.node(task.tubes());
            self.arc(node, 0, UNLIMITED, Cost::in_tier(task.tier(), whole(task.untested(problem.limits))));
            nodes.push(node);
        }
        nodes
    }

    fn enter_waiting(&mut self, problem: &Problem<'_>) {
        for (k, row) in problem.waiting.iter().enumerate() {
            let (people, tier) = (u64::from(row.people_per_tube), tier_of(row.class));
            let due = due_of_waiting(problem, k);
            let node = self.node(row.tubes.get());
            self.arc(node, 0, UNLIMITED, Cost::in_tier(tier, whole(pending_cost(problem, k))));
            if let Some(bench) = problem.bench_at(row) {
                let rack = Rack { bench, first: problem.loading.from, due, tier, people };
                self.put_in_rack(rack, node, Source::Waiting(k), Cost::ZERO);
            }
            for road in problem.roads_from(&row.at) {
                let Some((_, _, first)) = problem.trip_of_waiting(row, road) else { continue };
                let rack = Rack { bench: road.bench, first, due, tier, people };
                self.put_in_rack(rack, node, Source::Waiting(k), Cost::in_tier(DISTANCE, whole(road.metres)));
            }
        }
    }

    /// From racks to hours to days to the sink.
    fn leave(&mut self, problem: &Problem<'_>, scope: &Scope<'_>) {
        let mut hours: BTreeMap<(usize, u16), usize> = BTreeMap::new();
        for (k, bench) in problem.benches.iter().enumerate() {
            let days: Vec<usize> = bench.by_day.iter().map(|_| self.node(0)).collect();
            for (day, &cap) in days.iter().zip(&bench.by_day) {
                self.arc(*day, 0, whole(cap), Cost::ZERO);
            }
            for hour in problem.loading.from..problem.loading.until {
                let at = usize::from(hour);
                let cap = if scope.loose { bench.loose[at] } else { bench.by_hour[at] };
                if cap > 0 {
                    let node = self.node(0);
                    self.arc(node, days[at / 24], whole(cap), later(problem, hour));
                    hours.insert((k, hour), node);
                }
            }
        }
        if let Some(help) = scope.outside {
            self.leave_outside(problem, help, &mut hours);
        }
        let turnaround = |bench: usize| match problem.benches.get(bench) {
            Some(bench) => bench.turnaround,
            None => scope.outside.map_or(0, |help| help.turnaround_minutes),
        };
        let racks: Vec<(Rack, usize)> = self.racks.iter().map(|(rack, shelf)| (*rack, shelf.node)).collect();
        for (rack, node) in racks {
            let last = rack.first.saturating_add(scope.reach.hours);
            for (&(_, hour), &to) in hours.range((rack.bench, rack.first)..=(rack.bench, last)) {
                let result = i64::from(hour) * 60 + i64::from(turnaround(rack.bench));
                let late = hours_late(result, rack.due).saturating_mul(rack.people);
                let arc = self.arc(node, to, UNLIMITED, Cost::in_tier(rack.tier, whole(late)));
                if let Some(shelf) = self.racks.get_mut(&rack) {
                    shelf.loadings.push((arc, hour));
                }
            }
        }
    }

    /// Steps of rising price flatten the peak of what is asked for.
    fn leave_outside(&mut self, problem: &Problem<'_>, help: OutsideHelp, hours: &mut BTreeMap<(usize, u16), usize>) {
        let all: u64 = problem.tasks.iter().map(|t| t.tubes()).sum();
        let from = help.from_hour.max(problem.loading.from);
        let step = (all / u64::from(problem.loading.until.saturating_sub(from).max(1)) / 8).max(1);
        for hour in from..problem.loading.until {
            let node = self.node(0);
            for k in 0..8u64 {
                let mut cost = later(problem, hour);
                cost.0[CHANGES] = 10 + whole(k);
                let cap = if k == 7 { UNLIMITED } else { whole(step) };
                self.arc(node, 0, cap, cost);
            }
            hours.insert((problem.benches.len(), hour), node);
        }
    }

    /// What an answer means. Within a rack everybody is due at once: who is sampled first is loaded first.
    pub(crate) fn parcels(&self, answer: &Flow) -> Vec<Parcel> {
        let on = |arc: usize| u64::try_from(answer.on.get(arc).copied().unwrap_or(0)).unwrap_or(0);
        let mut parcels = Vec::new();
        for (rack, shelf) in &self.racks {
            let mut out = shelf.loadings.iter().map(|&(arc, hour)| (on(arc), hour)).filter(|(n, _)| *n > 0);
            let mut place = out.next();
            for &(arc, source) in &shelf.arrivals {
                let mut left = on(arc);
                while left > 0 {
                    let Some((room, hour)) = place else { break };
                    let tubes = left.min(room);
                    parcels.push(Parcel { source, bench: rack.bench, hour, tubes });
                    left -= tubes;
                    place = if room > tubes { Some((room - tubes, hour)) } else { out.next() };
                }
            }
        }
        parcels
    }
}

/// What waiting for this hour costs in the last tier.
fn later(problem: &Problem<'_>, hour: u16) -> Cost {
    Cost::in_tier(DISTANCE, whole(u64::from(hour) * problem.limits.hour_metres.min(1_000_000)))
}

/// The nearest ways of a place: fewest minutes, then metres.
fn nearest(roads: &[Road], at_most: usize) -> Vec<&Road> {
    let mut found: Vec<&Road> = roads.iter().collect();
    if found.len() > at_most {
        found.sort_by_key(|r| (r.minutes, r.metres, r.bench));
        found.truncate(at_most);
        found.sort_by_key(|r| r.bench);
    }
    found
}

/// Minute until which tubes collected before were promised.
pub(crate) fn due_of_waiting(problem: &Problem<'_>, row: usize) -> i64 {
    let row = problem.waiting[row];
    i64::from(row.sampled_hour) * 60 + i64::from(row.promise_minutes)
}

/// What a tube collected before costs in its tier if the plan does not analyse it: as if it came at the plan's end, and
/// then as long again as an untested person counts.
pub(crate) fn pending_cost(problem: &Problem<'_>, row: usize) -> u64 {
    let end = i64::from(problem.loading.until) * 60;
    let late = hours_late(end, due_of_waiting(problem, row));
    let each = late + u64::from(problem.limits.untested_hours.max(1));
    each.saturating_mul(u64::from(problem.waiting[row].people_per_tube))
}
