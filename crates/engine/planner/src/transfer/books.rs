//! The plan's books while it is made: who moves where, what room and which coach trips are left.
//!
//! A flow counts seats; a coach makes whole trips. Where the trips of a district's day do not suffice for the emptiest
//! of them, those people stay, and whoever can be placed otherwise within all limits is placed, nearest first.

use crate::transfer::problem::{Coaches, MOST_ILL_FIRST, Problem, index};
use std::collections::BTreeMap;

/// People of one class who go from one district to one facility's level on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Move {
    pub(crate) day: usize,
    pub(crate) district: usize,
    pub(crate) class: usize,
    pub(crate) bed: usize,
}

/// Moves and what follows from them.
pub(crate) struct Books<'p> {
    problem: &'p Problem,
    moves: BTreeMap<Move, u64>,
    /// `[bed][day]`: people in beds of the plan at the end of the day.
    held: Vec<Vec<u64>>,
    /// `[district][class][day]`: people without a bed at the end of the day.
    waiting: Vec<[Vec<u64>; 4]>,
}

impl<'p> Books<'p> {
    pub(crate) fn new(problem: &'p Problem, moves: BTreeMap<Move, u64>) -> Self {
        let days = problem.days();
        let waiting = (0..problem.districts.len())
            .map(|district| {
                std::array::from_fn(|class| {
                    (0..days)
                        .scan(0u64, |sum, day| {
                            *sum = sum.saturating_add(problem.need(district, class, day));
                            Some(*sum)
                        })
                        .collect()
                })
            })
            .collect();
        let held = vec![vec![0; days]; problem.beds.len()];
        let mut books = Self { problem, moves: BTreeMap::new(), held, waiting };
        for (key, people) in moves {
            books.add(key, people);
        }
        books
    }

    pub(crate) fn moves(&self) -> &BTreeMap<Move, u64> {
        &self.moves
    }
    pub(crate) fn waiting(&self, district: usize, class: usize, day: usize) -> u64 {
        self.waiting[district][class][day]
    }
    pub(crate) fn held(&self, bed: usize, day: usize) -> u64 {
        self.held[bed][day]
    }

    fn add(&mut self, key: Move, people: u64) {
        if people == 0 {
            return;
        }
        *self.moves.entry(key).or_insert(0) += people;
        for day in key.day..self.problem.days() {
            self.held[key.bed][day] += people;
            let left = &mut self.waiting[key.district][key.class][day];
            *left = left.saturating_sub(people);
        }
    }

    fn take_back(&mut self, key: Move, people: u64) {
        let Some(moved) = self.moves.get_mut(&key) else { return };
        let people = people.min(*moved);
        *moved -= people;
        if *moved == 0 {
            self.moves.remove(&key);
        }
        for day in key.day..self.problem.days() {
            self.held[key.bed][day] -= people;
            self.waiting[key.district][key.class][day] += people;
        }
    }

    /// Beds that somebody who comes on `day` can have and keep.
    pub(crate) fn room(&self, bed: usize, day: usize) -> u64 {
        let row = &self.problem.beds[bed];
        if !row.admits(day) {
            return 0;
        }
        (day..self.problem.days())
            .map(|t| row.free(t).unwrap_or(0).saturating_sub(self.held[bed][t]))
            .min()
            .unwrap_or(0)
    }

    /// Mild and moderate people of a district's day by the facility they go to: they share its coaches.
    fn by_site(&self, district: usize, day: usize) -> BTreeMap<usize, [u64; 2]> {
        let mut sites: BTreeMap<usize, [u64; 2]> = BTreeMap::new();
        for class in 0..2 {
            for (bed, people) in self.of(district, class, day) {
                sites.entry(self.problem.beds[bed].site).or_default()[class] += people;
            }
        }
        sites
    }

    /// Coach trips that the moves of a district's day take.
    fn trips(&self, district: usize, day: usize, seats: u64) -> u64 {
        self.by_site(district, day).values().map(|people| people.iter().sum::<u64>().div_ceil(seats.max(1))).sum()
    }

    /// Whether a district's coaches make no further trip on a day; never so when they are not known.
    pub(crate) fn coaches_are_spent(&self, district: usize, day: usize) -> bool {
        match self.problem.coaches[district] {
            Coaches::Known { trips, seats } => self.trips(district, day, seats) >= trips,
            Coaches::Unknown => false,
        }
    }

    /// Coach trips from a district to one facility on a day.
    pub(crate) fn trips_to(&self, site: usize, district: usize, day: usize, seats: u64) -> u64 {
        let riding = self.by_site(district, day).get(&site).map_or(0, |people| people.iter().sum());
        riding.div_ceil(seats.max(1))
    }

    /// Moves of one class from one district on one day.
    pub(crate) fn of(&self, district: usize, class: usize, day: usize) -> impl Iterator<Item = (usize, u64)> + '_ {
        let from = Move { day, district, class, bed: 0 };
        let to = Move { day, district, class, bed: usize::MAX };
        self.moves.range(from..=to).map(|(key, &people)| (key.bed, people))
    }

    /// Coach seats left towards a bed: those empty in trips that go to its facility anyway, and those of trips left.
    fn seats_left(&self, key: Move) -> u64 {
        let Coaches::Known { trips, seats } = self.problem.coaches[key.district] else { return u64::MAX };
        if key.class > 1 {
            return u64::MAX;
        }
        let sites = self.by_site(key.district, key.day);
        let riding = sites.get(&self.problem.beds[key.bed].site).map_or(0, |people| people.iter().sum());
        let in_last = riding.div_ceil(seats.max(1)).saturating_mul(seats).saturating_sub(riding);
        let spare = trips.saturating_sub(self.trips(key.district, key.day, seats));
        spare.saturating_mul(seats).saturating_add(in_last)
    }

    /// Keeps whole trips: takes back the emptiest last trips where there are more than the district can make.
    /// Answers how many people it took back.
    pub(crate) fn keep_whole_trips(&mut self) -> u64 {
        let mut taken = 0;
        for day in 0..self.problem.days() {
            for district in 0..self.problem.districts.len() {
                let Coaches::Known { trips, seats } = self.problem.coaches[district] else { continue };
                while self.trips(district, day, seats) > trips {
                    // The trip with the fewest moderate people, then the emptiest, then the later facility in order.
                    let emptiest = self.by_site(district, day).into_iter().map(|(site, [mild, moderate])| {
                        let last = (mild + moderate - 1) % seats.max(1) + 1;
                        (last.saturating_sub(mild), last, std::cmp::Reverse(site))
                    });
                    let Some((_, people, std::cmp::Reverse(site))) = emptiest.min() else { break };
                    self.leave_behind(site, district, day, people);
                    taken += people;
                }
            }
        }
        taken
    }

    /// Takes `people` back from what rides to a facility, mild ones first.
    fn leave_behind(&mut self, site: usize, district: usize, day: usize, mut people: u64) {
        for class in 0..2 {
            let beds = &self.problem.beds;
            let riding: Vec<_> = self.of(district, class, day).filter(|(bed, _)| beds[*bed].site == site).collect();
            for (bed, moved) in riding {
                let back = people.min(moved);
                self.take_back(Move { day, district, class, bed }, back);
                people -= back;
            }
        }
    }

    /// Places whoever waits to the end and can be placed within all limits: by day, the most ill first, nearest first.
    pub(crate) fn place_waiting(&mut self) {
        for day in 0..self.problem.days() {
            for class in MOST_ILL_FIRST.map(index) {
                for district in 0..self.problem.districts.len() {
                    self.place(district, class, day);
                }
            }
        }
    }

    fn place(&mut self, district: usize, class: usize, day: usize) {
        let problem = self.problem;
        // Only who is without a bed on every later day too; the others already have one coming.
        let mut left = self.waiting[district][class][day..].iter().copied().min().unwrap_or(0);
        // Without an upgrade first: the higher beds are for those who need them.
        let mut ways: Vec<_> = problem.ways[district][class].iter().collect();
        ways.sort_by_key(|w| w.upgrade);
        for way in ways {
            if left == 0 {
                return;
            }
            let key = Move { day, district, class, bed: way.bed };
            let people = left.min(self.room(way.bed, day)).min(self.seats_left(key));
            self.add(key, people);
            left -= people;
        }
    }
}
