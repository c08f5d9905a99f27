//! The flow of waiting people with the sites' beds as switches.
//!
//! As the network of transfers (`transfer::network`), with two differences. Distance does not decide which site opens, so there is no
//! such tier; and districts whose people may go to the same beds share a hub, which spares an arc from each of them to each bed.
//! Rooms for isolation are a second, separate part of the same flow, in a tier of their own.

use super::city::class_of;
use super::sites::{Act, Field};
use crate::solver::{Arc, Basis, Cost, Flow, NetworkSimplex, SolverError, TieredFlow, UNLIMITED};
use crate::transfer::problem::{Coaches, Group, Problem, index};
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{Capacity, CareClass, Need, OpeningGap, OpeningsInputs, PEOPLE_AT_MOST, PlanInputs, RoomsNeed};
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, Persons};
use std::collections::BTreeMap;

/// Person-days in the four tiers of waiting.
pub(crate) type Waits = [i64; WAITS];

/// How many tiers of waiting there are.
pub(crate) const WAITS: usize = 4;

/// The tier of people who should be in isolation.
pub(crate) const ISOLATION: usize = 3;

/// A change of the network that one choice makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// Arc, and its capacity before and after.
    pub(crate) caps: Vec<(usize, i64, i64)>,
    /// Node, and people who enter there besides. They leave at the sink.
    pub(crate) people: Vec<(usize, i64)>,
}

/// Beds of one facility at one level in the flow.
pub(crate) struct Ward {
    pub(crate) facility: FacilityId,
    pub(crate) level: Level,
    /// By day: the arc by which beds that came free on that day are used.
    pub(crate) freed: Vec<Option<usize>>,
}

/// The network, what each choice changes in it, and what its arcs mean.
pub(crate) struct Network {
    pub(crate) flow: TieredFlow,
    /// `[candidate][choice]`.
    pub(crate) changes: Vec<Vec<Change>>,
    /// Of a site that is barred: the change that would open it.
    pub(crate) barred: Vec<Option<Change>>,
    /// Arcs on which people wait a day, with their class; 4 = isolation.
    waiting: Vec<(usize, usize)>,
    pub(crate) wards: Vec<Ward>,
}

/// A choice for each candidate.
pub(crate) type Choices = Vec<usize>;

/// A solved flow.
pub(crate) struct Solved {
    pub(crate) waits: Waits,
    pub(crate) flow: TieredFlow,
    pub(crate) answer: Flow,
    pub(crate) basis: Basis,
}

fn people(count: u64) -> i64 {
    i64::try_from(count.min(PEOPLE_AT_MOST)).unwrap_or(0)
}

/// A part of the flow: care, or isolation read as a city of its own with mild people only.
struct Part {
    problem: Problem,
    /// Groups that are there only because people may be moved out there.
    quiet: Vec<bool>,
    isolation: bool,
}

impl Network {
    pub(crate) fn new(
        inputs: &OpeningsInputs,
        field: &Field<'_>,
        gaps: &mut std::collections::BTreeSet<OpeningGap>,
    ) -> Self {
        let mut network = Self {
            flow: TieredFlow { supply: vec![0], arcs: Vec::new() },
            changes: field.candidates.iter().map(|c| vec![Change::default(); c.choices.len()]).collect(),
            barred: field.candidates.iter().map(|c| c.barred.as_ref().map(|_| Change::default())).collect(),
            waiting: Vec::new(),
            wards: Vec::new(),
        };
        let care = part(&care_city(inputs, field), field, false);
        network.lay(&care, field, inputs);
        let rooms = part(&rooms_city(inputs, field, gaps), field, true);
        network.lay(&rooms, field, inputs);
        network
    }

    fn node(&mut self) -> usize {
        self.flow.supply.push(0);
        self.flow.supply.len() - 1
    }

    fn arc(&mut self, from: usize, to: usize, cap: i64, cost: Cost) -> usize {
        self.flow.arcs.push(Arc { from, to, cap, cost });
        self.flow.arcs.len() - 1
    }

    fn lay(&mut self, part: &Part, field: &Field<'_>, inputs: &OpeningsInputs) {
        let (problem, days, sink) = (&part.problem, field.days(), 0);
        let first_bed = self.flow.supply.len();
        for _ in 0..problem.beds.len() * days {
            self.node();
        }
        let bed_node = |bed: usize, day: usize| first_bed + bed * days + day;
        let waiting: Vec<Vec<usize>> =
            problem.groups.iter().map(|_| (0..days).map(|_| self.node()).collect()).collect();
        let mut hubs: BTreeMap<(usize, Vec<usize>), usize> = BTreeMap::new();
        for (group, who) in problem.groups.iter().enumerate() {
            let tier = if part.isolation { ISOLATION } else { tier_of(who.class) };
            for day in 0..days {
                let here = waiting[group][day];
                let next = if day + 1 < days { waiting[group][day + 1] } else { sink };
                let arc = self.arc(here, next, UNLIMITED, Cost::in_tier(tier, 1));
                self.waiting.push((arc, if part.isolation { 4 } else { who.class }));
                if !part.quiet[group] {
                    let need = people(problem.need(group, day));
                    self.flow.supply[here] += need;
                    self.flow.supply[sink] -= need;
                }
                let usable = problem.ways[group].iter().map(|way| way.bed).filter(|&bed| problem.beds[bed].admits(day));
                let mut beds: Vec<usize> = usable.collect();
                beds.sort_unstable();
                if beds.is_empty() {
                    continue;
                }
                let known = hubs.get(&(day, beds.clone())).copied();
                let hub = known.unwrap_or_else(|| {
                    let hub = self.node();
                    for &bed in &beds {
                        self.arc(hub, bed_node(bed, day), UNLIMITED, Cost::ZERO);
                    }
                    hubs.insert((day, beds), hub);
                    hub
                });
                let seats = match problem.coaches[who.district] {
                    coaches @ Coaches::Known { .. } if !who.is_life_saving() && !part.isolation => coaches.people(),
                    _ => None,
                };
                self.arc(here, hub, seats.map_or(UNLIMITED, people), Cost::ZERO);
            }
        }
        // Whoever may move down, counted for each day alone: more than is possible, as with coaches.
        for step in &problem.steps {
            for day in (0..days).filter(|day| problem.beds[step.lower].admits(*day)) {
                let cap = people(step.able.get(day).copied().unwrap_or(0));
                self.arc(bed_node(step.upper, day), bed_node(step.lower, day), cap, Cost::ZERO);
            }
        }
        // Never used, for waiting is cheaper from every node; it only lets every node reach the sink without limit, so that the
        // potentials of all nodes hang together.
        let never = Cost::in_tier(0, i64::try_from(days).unwrap_or(0) + 2);
        for (bed, row) in problem.beds.iter().enumerate() {
            let candidate = field.candidates.iter().position(|c| c.site.facility == row.facility);
            let shut = candidate.filter(|&c| !field.candidates[c].beds.is_empty());
            let mut before = 0;
            let mut freed = vec![None; days];
            for (day, freed) in freed.iter_mut().enumerate() {
                self.arc(bed_node(bed, day), sink, UNLIMITED, never);
                if day > 0 {
                    self.arc(bed_node(bed, day), bed_node(bed, day - 1), UNLIMITED, Cost::ZERO);
                }
                let Some(free) = row.free(day, None) else { continue };
                let cap = if shut.is_some() { 0 } else { people(free.saturating_sub(before)) };
                *freed = Some(self.arc(bed_node(bed, day), sink, cap, Cost::ZERO));
                before = free;
            }
            let level = if part.isolation { Level::Isolation } else { row.level };
            if let Some(c) = candidate {
                self.switch(c, level, &freed, field, inputs, problem, &waiting);
            }
            self.wards.push(Ward { facility: row.facility.clone(), level, freed });
        }
    }

    /// What each choice about a candidate changes at one of its wards.
    #[expect(clippy::too_many_arguments, reason = "the ward, and what its numbers mean")]
    fn switch(
        &mut self,
        c: usize,
        level: Level,
        freed: &[Option<usize>],
        field: &Field<'_>,
        inputs: &OpeningsInputs,
        problem: &Problem,
        waiting: &[Vec<usize>],
    ) {
        let candidate = &field.candidates[c];
        let beds = candidate.beds.iter().find(|(l, _)| *l == level).map_or(0, |(_, beds)| people(beds.get()));
        let opened = |day: usize| freed[day].map(|arc| (arc, 0, beds));
        if let (Some(change), Some((_, day))) = (&mut self.barred[c], &candidate.barred) {
            change.caps.extend(opened(*day));
        }
        for (k, choice) in candidate.choices.iter().enumerate() {
            match choice.act {
                Act::Leave => {}
                Act::Open(day) => self.changes[c][k].caps.extend(opened(day)),
                Act::Close(day) => {
                    for arc in freed.iter().flatten() {
                        let cap = self.flow.arcs[*arc].cap;
                        self.changes[c][k].caps.push((*arc, cap, 0));
                    }
                    let class = if level == Level::Isolation { Some(0) } else { class_of(level).map(index) };
                    let still = still_there(inputs, &candidate.site.facility, level, day);
                    let district = problem.districts.binary_search(&candidate.site.district);
                    let line = |g: &Group| Ok(g.district) == district && Some(g.class) == class && g.care.is_none();
                    if let (Some(group), true) = (problem.groups.iter().position(line), still > 0) {
                        self.changes[c][k].people.push((waiting[group][day], people(still)));
                    }
                }
            }
        }
    }

    /// What a choice of everything costs, from the basis of an earlier one.
    pub(crate) fn solve(
        &self,
        choices: &Choices,
        besides: Option<&Change>,
        start: Option<&Basis>,
    ) -> Result<Solved, SolverError> {
        let mut flow = self.flow.clone();
        let chosen = choices.iter().enumerate().filter_map(|(c, &k)| self.changes.get(c)?.get(k));
        for change in chosen.chain(besides) {
            for &(arc, _, cap) in &change.caps {
                flow.arcs[arc].cap = cap;
            }
            for &(node, more) in &change.people {
                flow.supply[node] += more;
                flow.supply[0] -= more;
            }
        }
        self.solve_flow(flow, start)
    }

    pub(crate) fn solve_flow(&self, flow: TieredFlow, start: Option<&Basis>) -> Result<Solved, SolverError> {
        let (answer, basis) = NetworkSimplex::default().solve_from(&flow, start)?;
        if let Some(what) = flow.broken_by(&answer.on) {
            return Err(SolverError::NotAFlow { what });
        }
        let cost = flow.cost_of(&answer.on);
        let waits = std::array::from_fn(|k| i64::try_from(cost[k]).unwrap_or(i64::MAX));
        Ok(Solved { waits, flow, answer, basis })
    }

    /// Person-days of waiting by class; the last is isolation.
    pub(crate) fn by_class(&self, solved: &Solved) -> [i64; 5] {
        let mut sum = [0; 5];
        for &(arc, class) in &self.waiting {
            sum[class] += solved.answer.on.get(arc).copied().unwrap_or(0);
        }
        sum
    }
}

/// People who are in a ward now and have not left by the end of a day.
pub(crate) fn still_there(inputs: &OpeningsInputs, facility: &FacilityId, level: Level, day: usize) -> u64 {
    let row = inputs.city.capacity.iter().find(|row| row.facility == *facility && row.level == level);
    row.map_or(0, |row| {
        let there = row.occupied.map_or(0, |b| b.get());
        let gone = row.discharges.iter().take(day + 1).fold(0u64, |sum, b| sum.saturating_add(b.get()));
        there.saturating_sub(gone)
    })
}

/// The tier in which a class waits.
fn tier_of(class: usize) -> usize {
    match class {
        0 => 2,
        1 => 1,
        _ => 0,
    }
}

fn part(city: &PlanInputs, field: &Field<'_>, isolation: bool) -> Part {
    // A line of waiting people is known to the problem only if somebody is in it; people moved out of a site may be the first.
    let mut city = city.clone();
    let names = |problem: &Problem| -> Vec<_> {
        problem.groups.iter().map(|g| (problem.districts[g.district].clone(), g.class, g.care)).collect()
    };
    let heard = names(&Problem::new(&city));
    for candidate in field.candidates.iter().filter(|c| c.beds.is_empty()) {
        for class in CareClass::ALL {
            let name = (candidate.site.district.clone(), index(class), None);
            city.needs.push(Need {
                district: candidate.site.district.clone(),
                day: city.start,
                class,
                care: None,
                known: Persons::new(u64::from(!heard.contains(&name))),
                forecast: None,
                forecast_failed: false,
                origin: Origin::Reported,
            });
        }
    }
    let problem = Problem::new(&city);
    let quiet = names(&problem).iter().map(|name| !heard.contains(name)).collect();
    Part { problem, quiet, isolation }
}

/// The beds of shut sites as if all were open from the first day: what they are on each day is switched in the flow.
fn switched<'a>(field: &'a Field<'_>, rooms: bool) -> impl Iterator<Item = Capacity> + 'a {
    field.candidates.iter().flat_map(move |c| {
        c.beds.iter().filter(move |(level, _)| (*level == Level::Isolation) == rooms).map(move |&(level, beds)| {
            Capacity {
                facility: c.site.facility.clone(),
                level: if rooms { Level::Makeshift } else { level },
                district: c.site.district.clone(),
                physical: Some(beds),
                staffed: Some(beds),
                equipped: Some(beds),
                occupied: Some(Beds::ZERO),
                discharges: Vec::new(),
                services: Vec::new(),
                acceptance_until: field.dates.last().copied(),
                opens_on: None,
                closes_on: None,
                origin: c.site.origin,
            }
        })
    })
}

fn care_city(inputs: &OpeningsInputs, field: &Field<'_>) -> PlanInputs {
    let mut city = inputs.city.clone();
    city.capacity.extend(switched(field, false));
    city
}

/// Isolation as a city of its own: rooms read as the lowest beds, people as mild ones, and rides without limit.
fn rooms_city(
    inputs: &OpeningsInputs,
    field: &Field<'_>,
    gaps: &mut std::collections::BTreeSet<OpeningGap>,
) -> PlanInputs {
    let rooms = inputs.city.capacity.iter().filter(|row| row.level == Level::Isolation);
    let mut capacity: Vec<Capacity> = rooms.map(|row| Capacity { level: Level::Makeshift, ..row.clone() }).collect();
    capacity.extend(switched(field, true));
    let usable = |need: &&RoomsNeed| field.dates.contains(&need.day) && need.rooms.get() <= PEOPLE_AT_MOST;
    for need in inputs.rooms.iter().filter(|need| !usable(need) && need.rooms.get() > 0) {
        gaps.insert(OpeningGap::RoomsNeedUnusable { district: need.district.clone(), day: need.day });
    }
    let needs = inputs.rooms.iter().filter(usable).map(|need| Need {
        district: need.district.clone(),
        day: need.day,
        class: CareClass::Mild,
        care: None,
        known: Persons::new(need.rooms.get()),
        forecast: None,
        forecast_failed: false,
        origin: need.origin,
    });
    PlanInputs {
        needs: needs.collect(),
        capacity,
        fleets: Vec::new(),
        step_downs: Vec::new(),
        revision: levee_model::plan::Revision::default(),
        ..inputs.city.clone()
    }
}
