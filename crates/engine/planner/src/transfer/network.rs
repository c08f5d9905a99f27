//! The plan as a flow of people over time, with its cost in tiers.
//!
//! Nodes: people of a class who wait in a district on a day; the beds of a facility's level on a day; one sink. People
//! enter where they are needed, and either wait a day (one person-day in their tier) or go to a bed of their level or
//! above (metres and upgrades, in the last tier). A bed of a day takes people into beds that came free on that day or
//! before: the arc back in time. A bed given stays given to the plan's end, so occupancy never passes the usable beds.
//!
//! Coach seats are shared by moderate and mild people of a district. That one rule is no flow: it is kept by
//! [`Seats`], first each class against all seats, then mild people against those that moderate ones leave.

use crate::solver::{Arc, Cost, Flow, TieredFlow, UNLIMITED};
use crate::transfer::books::Move;
use crate::transfer::problem::Problem;
use std::collections::BTreeMap;

/// Tiers of the flow's cost.
pub(crate) const LIFE_SAVING: usize = 0;
pub(crate) const VULNERABLE: usize = 1;
pub(crate) const WAITING: usize = 2;
pub(crate) const DISTANCE: usize = 3;

/// The tier in which a class waits.
pub(crate) fn tier_of(class: usize) -> usize {
    match class {
        0 => WAITING,
        1 => VULNERABLE,
        _ => LIFE_SAVING,
    }
}

/// Coach seats that a class may use: `[district][day]` for mild and for moderate people; `None` = no limit is known.
#[derive(Clone, Debug)]
pub(crate) struct Seats {
    pub(crate) mild: Vec<Vec<Option<u64>>>,
    pub(crate) moderate: Vec<Vec<Option<u64>>>,
}

impl Seats {
    /// Every seat open to each of the two classes: more than is possible, hence a bound.
    pub(crate) fn all_for_each(problem: &Problem) -> Self {
        let all: Vec<Vec<Option<u64>>> =
            problem.coaches.iter().map(|coaches| vec![coaches.people(); problem.days()]).collect();
        Self { mild: all.clone(), moderate: all }
    }

    /// Moderate people keep what `moves` gave them, mild ones get the rest.
    ///
    /// Holding the moderate departures day by day is safe: fewer on any day would mean more waiting in their own tier.
    pub(crate) fn moderate_first(problem: &Problem, moves: &BTreeMap<Move, u64>) -> Self {
        let mut seats = Self::all_for_each(problem);
        for district in 0..problem.districts.len() {
            for day in 0..problem.days() {
                let all = seats.moderate[district][day];
                let used = leaving(moves, district, 1, day);
                seats.moderate[district][day] = all.map(|_| used);
                seats.mild[district][day] = all.map(|all| all.saturating_sub(used));
            }
        }
        seats
    }
}

/// People of a class who leave a district on a day.
pub(crate) fn leaving(moves: &BTreeMap<Move, u64>, district: usize, class: usize, day: usize) -> u64 {
    let from = Move { day, district, class, bed: 0 };
    let to = Move { day, district, class, bed: usize::MAX };
    moves.range(from..=to).map(|(_, people)| people).sum()
}

/// A network and what its arcs mean.
pub(crate) struct Network {
    pub(crate) flow: TieredFlow,
    /// Arc of each move.
    arcs: BTreeMap<Move, usize>,
    /// `[bed][day]`: the arc by which beds that came free on that day are used.
    pub(crate) freed: Vec<Vec<Option<usize>>>,
    /// `[district][day]` for mild and moderate people: the arc of their coach seats.
    pub(crate) seats: [Vec<Vec<Option<usize>>>; 2],
}

fn people(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(UNLIMITED).min(UNLIMITED)
}

impl Network {
    #[expect(clippy::needless_range_loop, reason = "districts, classes and days index the problem as well")]
    pub(crate) fn new(problem: &Problem, seats: &Seats) -> Self {
        let (days, districts) = (problem.days(), problem.districts.len());
        let sink = 0;
        let waiting = |district: usize, class: usize, day: usize| 1 + (district * 4 + class) * days + day;
        let riding =
            |district: usize, class: usize, day: usize| waiting(districts, 0, 0) + (district * 2 + class) * days + day;
        let bed_node = |bed: usize, day: usize| riding(districts, 0, 0) + bed * days + day;
        let mut flow = TieredFlow { supply: vec![0; bed_node(problem.beds.len(), 0)], arcs: Vec::new() };
        let mut add = |from: usize, to: usize, cap: i64, cost: Cost| {
            flow.arcs.push(Arc { from, to, cap, cost });
            flow.arcs.len() - 1
        };
        let mut arcs = BTreeMap::new();
        let mut seat_arcs = [vec![vec![None; days]; districts], vec![vec![None; days]; districts]];
        for district in 0..districts {
            for class in 0..4 {
                for day in 0..days {
                    let here = waiting(district, class, day);
                    let next = if day + 1 < days { waiting(district, class, day + 1) } else { sink };
                    add(here, next, UNLIMITED, Cost::in_tier(tier_of(class), 1));
                    let limit = match class {
                        0 => seats.mild[district][day],
                        1 => seats.moderate[district][day],
                        _ => None,
                    };
                    let mut depart = here;
                    if let Some(limit) = limit {
                        depart = riding(district, class, day);
                        seat_arcs[class][district][day] = Some(add(here, depart, people(limit), Cost::ZERO));
                    }
                    for way in problem.ways[district][class].iter().filter(|w| problem.beds[w.bed].admits(day)) {
                        let upgrade = problem.limits.upgrade_metres.saturating_mul(way.upgrade as u64);
                        let metres = way.metres.saturating_add(upgrade.min(levee_model::plan::METRES_AT_MOST * 4));
                        let cost = Cost::in_tier(DISTANCE, people(metres));
                        let arc = add(depart, bed_node(way.bed, day), UNLIMITED, cost);
                        arcs.insert(Move { day, district, class, bed: way.bed }, arc);
                    }
                }
            }
        }
        let mut freed = vec![vec![None; days]; problem.beds.len()];
        for (bed, row) in problem.beds.iter().enumerate() {
            let mut before = 0;
            for day in 0..days {
                let Some(free) = row.free(day) else { continue };
                freed[bed][day] = Some(add(bed_node(bed, day), sink, people(free.saturating_sub(before)), Cost::ZERO));
                if day > 0 {
                    add(bed_node(bed, day), bed_node(bed, day - 1), UNLIMITED, Cost::ZERO);
                }
                before = free;
            }
        }
        for district in 0..districts {
            for class in 0..4 {
                for day in 0..days {
                    let need = people(problem.need(district, class, day));
                    flow.supply[waiting(district, class, day)] = need;
                    flow.supply[sink] -= need;
                }
            }
        }
        Self { flow, arcs, freed, seats: seat_arcs }
    }

    /// The moves of an answer; those of nobody are left out.
    pub(crate) fn moves(&self, answer: &Flow) -> BTreeMap<Move, u64> {
        self.arcs
            .iter()
            .filter_map(|(&key, &arc)| u64::try_from(*answer.on.get(arc)?).ok().filter(|&n| n > 0).map(|n| (key, n)))
            .collect()
    }
}
