//! A district's own vehicles: which goes where, when, with whom.
//!
//! Runs are made one after the other: the vehicle that is free first takes the facility that a rule prefers, filled by key. Several rules
//! are tried, then the best ones with noise, a fixed number of times; the plan that leaves the fewest moderate people, then
//! the fewest mild ones, then the least waiting, is kept.

use crate::runs::clock::{Clock, Times};
use crate::runs::people::{KINDS, Kinds};
use crate::runs::places::{Share, way};
use crate::runs::problem::Problem;

/// One run of a vehicle before it is written: who gets on where, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trip {
    /// District and groups, in the order of the stops.
    pub(crate) stops: Vec<(usize, Vec<usize>)>,
    /// Index of the facility.
    pub(crate) facility: usize,
}

impl Trip {
    pub(crate) fn people(&self, problem: &Problem<'_>) -> u64 {
        self.stops.iter().flat_map(|(_, groups)| groups).map(|g| problem.people.groups[*g].size()).sum()
    }
}

/// The trips of every vehicle.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roster {
    /// `[car]`: its trips, in order.
    pub(crate) trips: Vec<Vec<Trip>>,
}

/// Which facility the next free vehicle takes.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// Moderate people first, then most people for each minute.
    Dense,
    /// Moderate people first, then the longest way: it fits only early.
    Longest,
    /// Where whoever comes first can go.
    First,
    /// Most people for each minute; a moderate one counts as four, a choice of judgement.
    Weighted,
}

const RULES: [Rule; 4] = [Rule::Dense, Rule::Longest, Rule::First, Rule::Weighted];

/// What is kept small, the most important first: moderate and mild people left, their minutes of waiting, minutes at the wheel.
type Objective = [u64; 5];

struct Decoded {
    /// Car and trip, in the order of making.
    trips: Vec<(usize, Trip)>,
    objective: Objective,
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n.max(1)
    }

    fn rule(&mut self) -> Rule {
        match self.below(4) {
            0 => Rule::Dense,
            1 => Rule::Longest,
            2 => Rule::First,
            _ => Rule::Weighted,
        }
    }
}

/// Schedules one district's own vehicles. Says how many schedules were tried.
pub(crate) fn schedule(
    problem: &Problem<'_>,
    district: usize,
    share: &Share,
    tries: u32,
    seed: u64,
) -> (Vec<(usize, Trip)>, u64) {
    let cars: Vec<usize> = (0..problem.cars.len()).filter(|c| problem.cars[*c].base == district).collect();
    let waits = share.households.iter().any(|h| !h.is_empty()) || share.alone.iter().any(|a| !a.is_empty());
    if cars.is_empty() || !waits {
        return (Vec::new(), 0);
    }
    let mut random = Random(seed ^ (district as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut best: Option<(Decoded, Rule)> = None;
    let mut tried = 0;
    let mut attempt = |rule: Rule, noise: Option<&mut Random>, best: &mut Option<(Decoded, Rule)>| {
        let decoded = decode(problem, district, share, &cars, rule, noise);
        tried += 1;
        if best.as_ref().is_none_or(|(b, _)| decoded.objective < b.objective) {
            *best = Some((decoded, rule));
        }
    };
    for rule in RULES {
        attempt(rule, None, &mut best);
    }
    for nth in 0..tries {
        let kept = best.as_ref().map_or(Rule::Dense, |(_, rule)| *rule);
        let rule = if nth % 2 == 0 { kept } else { random.rule() };
        attempt(rule, Some(&mut random), &mut best);
    }
    (best.map(|(decoded, _)| decoded.trips).unwrap_or_default(), tried)
}

/// What is left to do while runs are made.
pub(crate) struct Rest<'a, 'b> {
    problem: &'a Problem<'b>,
    share: &'a Share,
    /// `[site]`: places for people alone.
    pub(crate) left: Vec<Kinds>,
    /// `[group]`: whether it is on a run.
    pub(crate) taken: Vec<bool>,
    /// `[site]`: people of households not yet on a run, mild and moderate ones.
    households: Vec<[u64; 2]>,
    /// `[kind]`: the first of the people alone who is not on a run.
    next: [usize; KINDS],
    /// `[kind]`: people alone not on a run.
    alone: Kinds,
}

impl<'a, 'b> Rest<'a, 'b> {
    pub(crate) fn new(problem: &'a Problem<'b>, share: &'a Share) -> Self {
        let of = |g: &usize| problem.people.groups[*g].classes();
        let sum = |all: &Vec<usize>| all.iter().map(of).fold([0, 0], |s, n| [s[0] + n[0], s[1] + n[1]]);
        Self {
            problem,
            share,
            left: share.left.clone(),
            taken: vec![false; problem.people.groups.len()],
            households: share.households.iter().map(sum).collect(),
            next: [0; KINDS],
            alone: std::array::from_fn(|kind| share.alone[kind].len() as u64),
        }
    }

    pub(crate) fn nothing_left(&self) -> bool {
        self.alone == [0; KINDS] && self.households.iter().all(|h| *h == [0, 0])
    }

    /// Moderate people and all people that a vehicle would find for a facility, at most.
    pub(crate) fn finds(&self, site: usize, seats: u64) -> (u64, u64) {
        let class = |c: usize| {
            let alone = (c..KINDS).step_by(2).map(|kind| self.alone[kind].min(self.left[site][kind]));
            alone.fold(self.households[site][c], u64::saturating_add)
        };
        let moderate = class(1).min(seats);
        (moderate, moderate + class(0).min(seats - moderate))
    }

    /// The first one alone who is ready, for a kind of place.
    fn first_alone(&self, kind: usize, at: u32) -> Option<usize> {
        let all = &self.share.alone[kind];
        let open = |g: &&usize| self.problem.people.groups[**g].ready <= at && !self.taken[**g];
        all.get(self.next[kind]..)?.iter().find(open).copied()
    }

    /// Fills a vehicle by key with people who are ready. A household that does not fit any more leaves its seats to others.
    pub(crate) fn fill(&mut self, site: usize, seats: u64, at: u32) -> Vec<usize> {
        let mut on_board = Vec::new();
        let mut seats = seats;
        let groups = &self.problem.people.groups;
        let mut households = self.share.households[site].iter().copied().peekable();
        while seats > 0 {
            while households.next_if(|g| self.taken[*g] || groups[*g].ready > at || groups[*g].size() > seats).is_some()
            {
            }
            let alone = (0..KINDS).filter(|kind| self.left[site][*kind] > 0 && self.alone[*kind] > 0);
            let alone = alone.filter_map(|kind| self.first_alone(kind, at));
            let Some(g) = alone.chain(households.peek().copied()).min() else { break };
            if households.peek() == Some(&g) {
                households.next();
            }
            self.take(site, g);
            seats -= groups[g].size();
            on_board.push(g);
        }
        on_board
    }

    /// Sets a group down as being on a run.
    pub(crate) fn take(&mut self, site: usize, g: usize) {
        let group = &self.problem.people.groups[g];
        let kind = group.kind();
        self.taken[g] = true;
        if group.size() == 1 {
            self.left[site][kind] -= 1;
            self.alone[kind] -= 1;
            let all = &self.share.alone[kind];
            while all.get(self.next[kind]).is_some_and(|g| self.taken[*g]) {
                self.next[kind] += 1;
            }
        } else {
            let [mild, moderate] = group.classes();
            self.households[site][0] -= mild;
            self.households[site][1] -= moderate;
        }
    }

    /// The next minute after `at` at which somebody not yet on a run is ready.
    fn next_ready(&self, at: u32) -> Option<u32> {
        let all = self.share.households.iter().chain(&self.share.alone).flatten();
        all.filter(|g| !self.taken[**g]).map(|g| self.problem.people.groups[*g].ready).filter(|r| *r > at).min()
    }

    /// The first who could go to a site.
    pub(crate) fn first_for(&self, site: usize) -> usize {
        let household = self.share.households[site].iter().copied().find(|g| !self.taken[*g]);
        let alone = (0..KINDS).filter(|kind| self.left[site][*kind] > 0);
        let alone = alone.filter_map(|kind| self.share.alone[kind].get(self.next[kind]).copied());
        alone.chain(household).min().unwrap_or(usize::MAX)
    }
}

fn decode(
    problem: &Problem<'_>,
    district: usize,
    share: &Share,
    cars: &[usize],
    rule: Rule,
    noise: Option<&mut Random>,
) -> Decoded {
    let sites = &problem.sites[district];
    let factors: Vec<u64> = match noise {
        Some(random) => sites.iter().map(|_| 700 + random.below(600)).collect(),
        None => vec![1000; sites.len()],
    };
    let mut rest = Rest::new(problem, share);
    let mut clocks: Vec<(usize, Clock, u32)> = cars.iter().map(|c| (*c, problem.cars[*c].hours.start(), 0)).collect();
    let mut trips = Vec::new();
    let (mut waited, mut wheel) = ([0u64; 2], 0u64);
    while !rest.nothing_left() {
        // Of the vehicles free first, the one with the most seats.
        let first = (0..clocks.len()).min_by_key(|k| {
            let (car, clock, not_before) = &clocks[*k];
            (clock.free.max(*not_before), std::cmp::Reverse(problem.cars[*car].seats), *car)
        });
        let Some(at) = first else { break };
        let (c, clock, not_before) = clocks[at];
        let car = &problem.cars[c];
        let mut ranked: Vec<([u64; 3], std::cmp::Reverse<usize>, Times, Clock)> = Vec::new();
        for (site, place) in sites.iter().enumerate() {
            let (moderate, all) = rest.finds(site, car.seats);
            if all == 0 {
                continue;
            }
            let Some(way) = way(problem, car, district, place.facility, not_before) else { continue };
            let Some((times, after)) = car.hours.run(&clock, &way) else { continue };
            let minutes = u64::from(times.back - times.depart).max(1);
            let lane = u64::from(way.legs.last().copied().unwrap_or(0));
            let by_minute = |people: u64| people * 1000 * factors[site] / minutes;
            let score = match rule {
                Rule::Dense => [u64::from(moderate > 0), by_minute(all), moderate],
                Rule::Longest => [u64::from(moderate > 0), lane * factors[site], all],
                Rule::First => [u64::MAX - rest.first_for(site) as u64, by_minute(all), 0],
                Rule::Weighted => [by_minute(all + 3 * moderate), all, 0],
            };
            ranked.push((score, std::cmp::Reverse(site), times, after));
        }
        ranked.sort_by_key(|r| std::cmp::Reverse((r.0, r.1)));
        let mut done = false;
        let mut loading = u32::MAX;
        for (_, std::cmp::Reverse(site), times, after) in ranked {
            let at_stop = times.stops.first().copied().unwrap_or(times.depart);
            loading = loading.min(at_stop);
            let on_board = rest.fill(site, car.seats, at_stop);
            if on_board.is_empty() {
                continue;
            }
            for g in &on_board {
                let classes = problem.people.groups[*g].classes();
                waited = [0, 1].map(|c| waited[c] + u64::from(times.arrive) * classes[c]);
            }
            wheel += u64::from(times.wheel);
            trips.push((c, Trip { stops: vec![(district, on_board)], facility: sites[site].facility }));
            clocks[at] = (c, after, not_before);
            done = true;
            break;
        }
        if !done {
            match rest.next_ready(loading.max(not_before)).filter(|_| loading < u32::MAX) {
                Some(later) => clocks[at].2 = later,
                None => {
                    clocks.swap_remove(at);
                }
            }
        }
    }
    let alone = [0, 1].map(|c| (c..KINDS).step_by(2).map(|kind| rest.alone[kind]).sum::<u64>());
    let left = rest.households.iter().fold(alone, |sum, h| [sum[0] + h[0], sum[1] + h[1]]);
    Decoded { trips, objective: [left[1], left[0], waited[1], waited[0], wheel] }
}
