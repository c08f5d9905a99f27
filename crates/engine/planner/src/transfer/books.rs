//! The plan's books while it is made: who moves where, what room, slots and coach trips are left.
//!
//! A flow counts seats; a coach makes whole trips. Where the trips of a district's day do not suffice for the emptiest
//! of them, those people stay, and whoever can be placed otherwise within all limits is placed, nearest first.

use crate::transfer::network::{Moves, VULNERABLE, tier_of};
use crate::transfer::problem::{Coaches, MOST_ILL_FIRST, Problem};
use levee_model::plan::CareNeed;
use std::collections::BTreeMap;

/// People of one group who go to one facility's level on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Move {
    pub(crate) day: usize,
    pub(crate) group: usize,
    pub(crate) bed: usize,
}

/// Moves and what follows from them.
pub(crate) struct Books<'p> {
    problem: &'p Problem,
    moves: BTreeMap<Move, u64>,
    /// `[step][day]`: people who move to a lower bed.
    steps: Vec<Vec<u64>>,
    /// `[bed][day]`: people in beds of the plan at the end of the day, those who came from a higher level included.
    held: Vec<Vec<u64>>,
    /// `[bed][day]`: people of before who have left for a lower level by the end of the day.
    stepped_out: Vec<Vec<u64>>,
    /// By bed and service: people who have it at the plan's end.
    in_service: BTreeMap<(usize, CareNeed), u64>,
    /// `[group][day]`: people without a bed at the end of the day.
    waiting: Vec<Vec<u64>>,
}

impl<'p> Books<'p> {
    /// What people have fixed, and nobody else.
    pub(crate) fn new(problem: &'p Problem) -> Self {
        let days = problem.days();
        let waiting = (0..problem.groups.len())
            .map(|group| {
                (0..days)
                    .scan(0u64, |sum, day| {
                        *sum = sum.saturating_add(problem.need(group, day));
                        Some(*sum)
                    })
                    .collect()
            })
            .collect();
        let mut books = Self {
            problem,
            moves: BTreeMap::new(),
            steps: vec![vec![0; days]; problem.steps.len()],
            held: vec![vec![0; days]; problem.beds.len()],
            stepped_out: vec![vec![0; days]; problem.beds.len()],
            in_service: BTreeMap::new(),
            waiting,
        };
        for (key, fixed) in &problem.kept.fixed {
            books.add(*key, fixed.people());
        }
        books
    }

    /// What people have fixed and what was solved.
    pub(crate) fn of(problem: &'p Problem, solved: Moves) -> Self {
        let mut books = Self::new(problem);
        for (key, people) in solved.moves {
            books.add(key, people);
        }
        for (number, days) in solved.steps.iter().enumerate() {
            for (day, &people) in days.iter().enumerate() {
                books.step(number, day, people);
            }
        }
        books
    }

    pub(crate) fn moves(&self) -> &BTreeMap<Move, u64> {
        &self.moves
    }
    pub(crate) fn steps(&self) -> &[Vec<u64>] {
        &self.steps
    }
    pub(crate) fn waiting(&self, group: usize, day: usize) -> u64 {
        self.waiting[group][day]
    }
    pub(crate) fn held(&self, bed: usize, day: usize) -> u64 {
        self.held[bed][day]
    }
    pub(crate) fn stepped_out(&self, bed: usize, day: usize) -> u64 {
        self.stepped_out[bed][day]
    }

    fn step(&mut self, number: usize, day: usize, people: u64) {
        let step = &self.problem.steps[number];
        self.steps[number][day] += people;
        for later in day..self.problem.days() {
            self.stepped_out[step.upper][later] += people;
            self.held[step.lower][later] += people;
        }
    }

    fn add(&mut self, key: Move, people: u64) {
        if people == 0 {
            return;
        }
        *self.moves.entry(key).or_insert(0) += people;
        if let Some(care) = self.problem.groups[key.group].care {
            *self.in_service.entry((key.bed, care)).or_default() += people;
        }
        for day in key.day..self.problem.days() {
            self.held[key.bed][day] += people;
            let left = &mut self.waiting[key.group][day];
            *left = left.saturating_sub(people);
        }
    }

    fn take_back(&mut self, key: Move, people: u64) {
        let Some(moved) = self.moves.get_mut(&key) else { return };
        *moved -= people;
        if *moved == 0 {
            self.moves.remove(&key);
        }
        if let Some(care) = self.problem.groups[key.group].care {
            *self.in_service.entry((key.bed, care)).or_default() -= people;
        }
        for day in key.day..self.problem.days() {
            self.held[key.bed][day] -= people;
            self.waiting[key.group][day] += people;
        }
    }

    /// Beds that nobody holds at the end of a day.
    pub(crate) fn empty(&self, bed: usize, day: usize) -> u64 {
        let free = self.problem.free(bed, day).unwrap_or(0).saturating_add(self.stepped_out[bed][day]);
        free.saturating_sub(self.held[bed][day])
    }

    /// Slots left of what a group needs beside the bed.
    pub(crate) fn slots_left(&self, bed: usize, care: Option<CareNeed>) -> u64 {
        let used = care.and_then(|care| self.in_service.get(&(bed, care)).copied()).unwrap_or(0);
        self.problem.slots(bed, care).saturating_sub(used)
    }

    /// Beds that somebody of a group who comes on `day` can have and keep.
    pub(crate) fn room(&self, bed: usize, group: usize, day: usize) -> u64 {
        if !self.problem.beds[bed].admits(day) {
            return 0;
        }
        let beds = (day..self.problem.days()).map(|t| self.empty(bed, t)).min().unwrap_or(0);
        beds.min(self.slots_left(bed, self.problem.groups[group].care))
    }

    /// People of a district's day by coach, by the facility they go to: those of the tier of waiting, and the others.
    fn by_site(&self, district: usize, day: usize) -> BTreeMap<usize, [u64; 2]> {
        let mut sites: BTreeMap<usize, [u64; 2]> = BTreeMap::new();
        for group in self.problem.riders(district) {
            let first = usize::from(tier_of(self.problem, group) <= VULNERABLE);
            for (bed, people) in self.of_group(group, day) {
                sites.entry(self.problem.beds[bed].site).or_default()[first] += people;
            }
        }
        sites
    }

    /// Coach trips that the moves of a district's day take.
    pub(crate) fn trips(&self, district: usize, day: usize, seats: u64) -> u64 {
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

    /// Moves of one group on one day.
    pub(crate) fn of_group(&self, group: usize, day: usize) -> impl Iterator<Item = (usize, u64)> + '_ {
        let from = Move { day, group, bed: 0 };
        let to = Move { day, group, bed: usize::MAX };
        self.moves.range(from..=to).map(|(key, &people)| (key.bed, people))
    }

    /// Coach seats left towards a bed: those empty in trips that go to its facility anyway, and those of trips left.
    fn seats_left(&self, key: Move) -> u64 {
        let group = self.problem.groups[key.group];
        let Coaches::Known { trips, seats } = self.problem.coaches[group.district] else { return u64::MAX };
        if group.is_life_saving() {
            return u64::MAX;
        }
        let sites = self.by_site(group.district, key.day);
        let riding = sites.get(&self.problem.beds[key.bed].site).map_or(0, |people| people.iter().sum());
        let in_last = riding.div_ceil(seats.max(1)).saturating_mul(seats).saturating_sub(riding);
        let spare = trips.saturating_sub(self.trips(group.district, key.day, seats));
        spare.saturating_mul(seats).saturating_add(in_last)
    }

    /// Keeps whole trips: takes back the emptiest last trips where there are more than the district can make. Answers how
    /// many people it took back. What people have fixed stays: its own trips were found possible.
    pub(crate) fn keep_whole_trips(&mut self) -> u64 {
        let mut taken = 0;
        for day in 0..self.problem.days() {
            for district in 0..self.problem.districts.len() {
                let Coaches::Known { trips, seats } = self.problem.coaches[district] else { continue };
                let seats = seats.max(1);
                if self.trips(district, day, seats) <= trips {
                    continue;
                }
                let fixed = fixed_by_site(self.problem, district, day);
                while self.trips(district, day, seats) > trips {
                    // The trip with the fewest people of the higher tiers, then the emptiest, then the later facility.
                    let emptiest = self.by_site(district, day).into_iter().filter_map(|(site, [waiting, first])| {
                        let riding = waiting + first;
                        let fixed = fixed.get(&site).copied().unwrap_or(0);
                        let last = (riding.checked_sub(1)?) % seats + 1;
                        (riding.div_ceil(seats) > fixed.div_ceil(seats)).then_some((
                            last.saturating_sub(waiting),
                            last,
                            std::cmp::Reverse(site),
                        ))
                    });
                    let Some((_, people, std::cmp::Reverse(site))) = emptiest.min() else { break };
                    self.leave_behind(site, district, day, people);
                    taken += people;
                }
            }
        }
        taken
    }

    /// Takes `people` back from what rides to a facility, those of the last tier first.
    fn leave_behind(&mut self, site: usize, district: usize, day: usize, mut people: u64) {
        let problem = self.problem;
        let mut groups: Vec<usize> = problem.riders(district).collect();
        groups
            .sort_by_key(|group| (std::cmp::Reverse(tier_of(problem, *group)), problem.groups[*group].care.is_some()));
        for group in groups {
            let riding: Vec<_> = self.of_group(group, day).filter(|(bed, _)| problem.beds[*bed].site == site).collect();
            for (bed, moved) in riding {
                let key = Move { day, group, bed };
                let back = people.min(moved.saturating_sub(problem.kept.fixed(key).people()));
                self.take_back(key, back);
                people -= back;
            }
        }
    }

    /// Places whoever waits to the end and can be placed within all limits: by day, the most ill first, nearest first.
    pub(crate) fn place_waiting(&mut self) {
        let problem = self.problem;
        for day in 0..problem.days() {
            for class in MOST_ILL_FIRST {
                let mut groups: Vec<usize> = problem.of_class(class).collect();
                groups.sort_by_key(|group| (tier_of(problem, *group), *group));
                for group in groups {
                    self.place(group, day);
                }
            }
        }
    }

    fn place(&mut self, group: usize, day: usize) {
        let problem = self.problem;
        // Only who is without a bed on every later day too; the others already have one coming.
        let mut left = self.waiting[group][day..].iter().copied().min().unwrap_or(0);
        // Without an upgrade first: the higher beds are for those who need them.
        let mut ways: Vec<_> = problem.ways[group].iter().filter(|way| problem.is_usable(group, way, day)).collect();
        ways.sort_by_key(|w| w.upgrade);
        for way in ways {
            if left == 0 {
                return;
            }
            let key = Move { day, group, bed: way.bed };
            if problem.kept.exact.contains(&key) {
                continue;
            }
            let people = left.min(self.room(way.bed, group, day)).min(self.seats_left(key));
            self.add(key, people);
            left -= people;
        }
    }

    /// Nobody is asked to move to a lower bed for nothing: takes back moves whose bed nobody needs in the end.
    pub(crate) fn drop_idle_steps(&mut self) {
        let problem = self.problem;
        // The higher first: what comes down from there takes beds that the lower one would have to free.
        let mut from_above: Vec<usize> = (0..problem.steps.len()).collect();
        from_above.sort_by_key(|number| std::cmp::Reverse(problem.beds[problem.steps[*number].upper].rank));
        for number in from_above {
            let step = &problem.steps[number];
            for day in (0..problem.days()).rev() {
                let spare = (day..problem.days()).map(|t| self.empty(step.upper, t)).min().unwrap_or(0);
                let back = spare.min(self.steps[number][day]);
                self.steps[number][day] -= back;
                for later in day..problem.days() {
                    self.stepped_out[step.upper][later] -= back;
                    self.held[step.lower][later] -= back;
                }
            }
        }
    }
}

/// People of a district's day by coach who are not the planner's to place, by facility.
pub(crate) fn fixed_by_site(problem: &Problem, district: usize, day: usize) -> BTreeMap<usize, u64> {
    let mut sites: BTreeMap<usize, u64> = BTreeMap::new();
    for (key, fixed) in problem.kept.fixed.iter().filter(|(key, _)| key.day == day) {
        let group = problem.groups[key.group];
        if group.district == district && !group.is_life_saving() {
            *sites.entry(problem.beds[key.bed].site).or_default() += fixed.people();
        }
    }
    sites
}
