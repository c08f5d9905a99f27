//! What is no flow, held so that a flow keeps it: shared coach seats, slots of a service, people able to move down.

use crate::transfer::network::{Moves, tier_of};
use crate::transfer::problem::Problem;
use levee_model::plan::CareNeed;
use std::collections::{BTreeMap, BTreeSet};

/// Passes after which everything that was solved is held. Two suffice when only mild and moderate people share seats;
/// each further rank or service that is broken later takes one more.
const PASSES: usize = 6;

/// Bounds of single arcs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// `[group][day]`: seats that the group may use; `None` = no limit is known.
    pub(crate) seats: Vec<Vec<Option<u64>>>,
    /// By bed and service, by day: people who may come for it.
    pub(crate) slots: BTreeMap<(usize, CareNeed), Vec<u64>>,
    /// `[step][day]`: people who may move down.
    pub(crate) steps: Vec<Vec<u64>>,
}

impl Limits {
    /// Each group, each day alone: more than is possible together, hence a bound.
    pub(crate) fn each_alone(problem: &Problem) -> Self {
        let mut seats = vec![vec![None; problem.days()]; problem.groups.len()];
        for district in 0..problem.districts.len() {
            for day in 0..problem.days() {
                let left = seats_left(problem, district, day);
                for group in problem.riders(district) {
                    if let Some(seats) = seats[group].get_mut(day) {
                        *seats = left;
                    }
                }
            }
        }
        let mut slots = BTreeMap::new();
        for (group, ways) in problem.ways.iter().enumerate() {
            let Some(care) = problem.groups[group].care else { continue };
            for way in ways.iter().filter(|way| !way.service_unknown) {
                let left = slots_left(problem, way.bed, care);
                slots.entry((way.bed, care)).or_insert_with(|| vec![left; problem.days()]);
            }
        }
        Self { seats, slots, steps: problem.steps.iter().map(|step| problem.able(step)).collect() }
    }

    /// What `moves` breaks together, held: of slots and of people able to move down what comes first in time, of seats
    /// those of the groups that come first, rank by rank. `None` when nothing is broken.
    ///
    /// Holding is safe: what is held was possible, and whoever comes first gains nothing by having less. `pass` counts
    /// from 1: so many ranks of seats are held; after [`PASSES`] everything is.
    pub(crate) fn held(&self, problem: &Problem, moves: &Moves, pass: usize) -> Option<Self> {
        let mut next = self.clone();
        let last = pass >= PASSES;
        let mut broken = false;
        for (key, used) in &moves.slots {
            let left = slots_left(problem, key.0, key.1);
            let over = used.iter().sum::<u64>() > left;
            broken |= over;
            if over || last {
                next.slots.insert(*key, first_come(used, &vec![left; problem.days()]));
            }
        }
        for (number, used) in moves.steps.iter().enumerate() {
            let able = problem.able(&problem.steps[number]);
            let sums = used.iter().scan(0u64, |sum, n| {
                *sum += n;
                Some(*sum)
            });
            let over = sums.zip(&able).any(|(sum, able)| sum > *able);
            broken |= over;
            if over || last {
                next.steps[number] = first_come(used, &able);
            }
        }
        let overbooked = self.seats_are_overbooked(problem, moves);
        if overbooked {
            next.hold_seats(problem, moves, if last { usize::MAX } else { pass });
        }
        (broken || overbooked).then_some(next)
    }

    fn seats_are_overbooked(&self, problem: &Problem, moves: &Moves) -> bool {
        (0..problem.districts.len()).any(|district| {
            (0..problem.days()).any(|day| {
                let riding: u64 = problem.riders(district).map(|group| leaving(moves, group, day)).sum();
                seats_left(problem, district, day).is_some_and(|seats| riding > seats)
            })
        })
    }

    /// The first `held` ranks keep what they have; the others share what is left, each alone.
    fn hold_seats(&mut self, problem: &Problem, moves: &Moves, held: usize) {
        let rank = |group: usize| {
            (
                tier_of(problem, group),
                problem.groups[group].care.is_none(),
                problem.groups[group].class,
                problem.groups[group].care,
            )
        };
        let ranks: BTreeSet<_> =
            (0..problem.groups.len()).filter(|g| !problem.groups[*g].is_life_saving()).map(rank).collect();
        let first: BTreeSet<_> = ranks.into_iter().take(held).collect();
        for district in 0..problem.districts.len() {
            for day in 0..problem.days() {
                let Some(mut left) = seats_left(problem, district, day) else { continue };
                let (mut first, rest): (Vec<usize>, Vec<usize>) =
                    problem.riders(district).partition(|group| first.contains(&rank(*group)));
                first.sort_by_key(|group| rank(*group));
                for group in first {
                    let keeps = leaving(moves, group, day).min(left);
                    self.seats[group][day] = Some(keeps);
                    left -= keeps;
                }
                for group in rest {
                    self.seats[group][day] = Some(left);
                }
            }
        }
    }
}

/// Bounds by day such that their sums keep `sums`: what was used, as far as it goes, and what is left on the last day.
fn first_come(used: &[u64], sums: &[u64]) -> Vec<u64> {
    let mut given = 0;
    let mut bounds: Vec<u64> = used
        .iter()
        .zip(sums)
        .map(|(used, sum)| {
            let today = (*used).min(sum.saturating_sub(given));
            given += today;
            today
        })
        .collect();
    if let (Some(last), Some(all)) = (bounds.last_mut(), sums.last()) {
        *last += all.saturating_sub(given);
    }
    bounds
}

/// People of a group who leave on a day, fixed ones aside.
fn leaving(moves: &Moves, group: usize, day: usize) -> u64 {
    use crate::transfer::books::Move;
    let from = Move { day, group, bed: 0 };
    let to = Move { day, group, bed: usize::MAX };
    moves.moves.range(from..=to).map(|(_, people)| people).sum()
}

/// Coach seats of a district's day beside those of people who are not the planner's to place; `None` = not known.
pub(crate) fn seats_left(problem: &Problem, district: usize, day: usize) -> Option<u64> {
    let fixed = problem.kept.fixed.iter().filter(|(key, _)| {
        let group = problem.groups[key.group];
        key.day == day && group.district == district && !group.is_life_saving()
    });
    let riding: u64 = fixed.map(|(_, fixed)| fixed.people()).sum();
    problem.coaches[district].people().map(|seats| seats.saturating_sub(riding))
}

/// Slots of a service beside those of people who are not the planner's to place.
pub(crate) fn slots_left(problem: &Problem, bed: usize, care: CareNeed) -> u64 {
    let fixed =
        problem.kept.fixed.iter().filter(|(key, _)| key.bed == bed && problem.groups[key.group].care == Some(care));
    problem.slots(bed, Some(care)).saturating_sub(fixed.map(|(_, fixed)| fixed.people()).sum())
}
