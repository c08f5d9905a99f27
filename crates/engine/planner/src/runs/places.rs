//! Who gets one of the places that the plan of transfers gives a district: by key, households in one facility.

use crate::runs::clock::Way;
use crate::runs::people::{KINDS, Kinds};
use crate::runs::problem::{Car, Problem};

/// A district's places, shared out.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    /// `[site]`: places for people alone, once those of the households are set aside.
    pub(crate) left: Vec<Kinds>,
    /// `[site]`: households that go there, by key.
    pub(crate) households: Vec<Vec<usize>>,
    /// `[kind]`: people alone who have a place somewhere, by key.
    pub(crate) alone: [Vec<usize>; KINDS],
    /// `[site]`: the most seats of a vehicle that could go there.
    pub(crate) reach: Vec<u64>,
}

/// The way of a run of one pick-up, or `None` when a part of it is not known.
pub(crate) fn way(problem: &Problem<'_>, car: &Car<'_>, district: usize, facility: usize, ready: u32) -> Option<Way> {
    let legs = vec![problem.hop(car.base, district)?, problem.lane(district, facility)?];
    Some(way_of(problem, car, legs, vec![ready], facility))
}

/// Home is the known way from the facility to the base, else the way back by the pick-ups.
pub(crate) fn way_of(problem: &Problem<'_>, car: &Car<'_>, legs: Vec<u32>, ready: Vec<u32>, facility: usize) -> Way {
    let out = legs.iter().fold(0u32, |sum, leg| sum.saturating_add(*leg));
    Way { home: problem.lane(car.base, facility).unwrap_or(out), legs, ready }
}

/// Whether the vehicle, with nothing else to do, could make the run.
pub(crate) fn could(problem: &Problem<'_>, car: &Car<'_>, district: usize, facility: usize, ready: u32) -> bool {
    way(problem, car, district, facility, ready).is_some_and(|way| car.hours.run(&car.hours.start(), &way).is_some())
}

/// `[site]`: the most seats of a vehicle that could go there; own ones, else those of others.
fn seats_that_reach(problem: &Problem<'_>, district: usize) -> Vec<u64> {
    let most = |facility: usize, own: bool| {
        let cars = problem.cars.iter().filter(|c| (c.base == district) == own);
        cars.filter(|c| could(problem, c, district, facility, 0)).map(|c| c.seats).max().unwrap_or(0)
    };
    let sites = &problem.sites[district];
    sites
        .iter()
        .map(|s| most(s.facility, true).max(if s.minutes.is_some() { most(s.facility, false) } else { 0 }))
        .collect()
}

fn within(takes: &Kinds, left: &Kinds) -> bool {
    takes.iter().zip(left).all(|(takes, left)| takes <= left)
}

/// How many take a place above their class.
fn gone_up(takes: &Kinds, fixed: &Kinds) -> u64 {
    (1..KINDS).step_by(2).map(|moderate| takes[moderate] - fixed[moderate]).sum()
}

/// Walks the district's groups by key. A person alone takes one of the places that are left, wherever; a household takes
/// all its places in one facility. So whoever comes first is served first, and only as many places are promised as there are.
pub(crate) fn share(problem: &Problem<'_>, district: usize) -> Share {
    let sites = &problem.sites[district];
    let mut left: Vec<Kinds> = sites.iter().map(|s| s.places()).collect();
    let mut free: Kinds = std::array::from_fn(|kind| left.iter().fold(0, |sum, l| l[kind].saturating_add(sum)));
    let reach = seats_that_reach(problem, district);
    let mut households: Vec<Vec<usize>> = vec![Vec::new(); sites.len()];
    let mut alone: [Vec<usize>; KINDS] = Default::default();
    for &g in &problem.groups[district] {
        let group = &problem.people.groups[g];
        if group.size() == 1 {
            let kind = group.kind();
            if free[kind] > 0 {
                free[kind] -= 1;
                alone[kind].push(g);
            }
            continue;
        }
        let fits = |at: &usize| {
            let takes = group.takes(&left[*at])?;
            within(&takes, &free).then_some(takes)
        };
        // Where a vehicle gets to, with the fewest people above their class, the nearest.
        let best = (0..sites.len())
            .filter_map(|at| {
                fits(&at).map(|takes| (reach[at] < group.size(), gone_up(&takes, &group.fixed), at, takes))
            })
            .min();
        let chosen = match best {
            Some((_, _, at, takes)) => Some((at, takes)),
            None => make_room(problem, g, &mut left, &mut households, &free),
        };
        if let Some((at, takes)) = chosen {
            for kind in 0..KINDS {
                left[at][kind] -= takes[kind];
                free[kind] -= takes[kind];
            }
            households[at].push(g);
        }
    }
    for all in &mut households {
        all.sort_unstable();
    }
    Share { left, households, alone, reach }
}

/// Moves one household to another facility so that this one finds room together; nobody loses a place by it.
fn make_room(
    problem: &Problem<'_>,
    g: usize,
    left: &mut [Kinds],
    households: &mut [Vec<usize>],
    free: &Kinds,
) -> Option<(usize, Kinds)> {
    let group = &problem.people.groups[g];
    for at in 0..left.len() {
        for nth in 0..households[at].len() {
            let moved = households[at][nth];
            let other = &problem.people.groups[moved];
            // Without people who may go up a class, what a household takes is the same everywhere.
            if other.flexible != [0; KINDS] {
                continue;
            }
            let freed: Kinds = std::array::from_fn(|kind| left[at][kind] + other.fixed[kind]);
            let Some(takes) = group.takes(&freed) else { continue };
            if !within(&takes, free) {
                continue;
            }
            let to = (0..left.len()).find(|to| *to != at && within(&other.fixed, &left[*to]));
            if let Some(to) = to {
                left[to] = std::array::from_fn(|kind| left[to][kind] - other.fixed[kind]);
                left[at] = freed;
                households[at].remove(nth);
                households[to].push(moved);
                return Some((at, takes));
            }
        }
    }
    None
}
