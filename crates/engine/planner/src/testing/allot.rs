//! Who may use a site's hours: in people, while laboratories count tubes.
//!
//! People share teams, tubes share laboratories, and pools turn one into the other at different rates, so the two together are no
//! flow. The hours of the teams are therefore shared out first, safely: every task gets tubes spread evenly over its window
//! in the order of importance; what is left is shared among those who could use it, so that the flow may still move them. What the
//! sharing costs is seen from the bound, in which every task has all teams for itself.

use crate::testing::problem::Problem;

/// A choice of site and hour for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) task: usize,
    pub(crate) spot: usize,
    pub(crate) hour: u16,
    /// Tubes given to the task there by the even spread.
    pub(crate) given: u64,
    /// Tubes that it may have there at most.
    pub(crate) cap: u64,
}

/// Slots by task, then spot, then hour; those without a place are left out.
pub(crate) fn slots(problem: &Problem<'_>, possible: &[Vec<[u64; 2]>]) -> Vec<Slot> {
    let mut free = possible.to_vec();
    let mut slots = Vec::new();
    // `problem.tasks` stand in the order of importance.
    for (k, task) in problem.tasks.iter().enumerate() {
        let pool = u64::from(task.pool);
        let first = slots.len();
        let mut sum = 0u128;
        for spot in problem.spots_of(task) {
            for hour in task.window.from..task.window.until {
                let tubes = possible[spot][usize::from(hour)][usize::from(task.at_door)] / pool;
                if tubes > 0 {
                    let room = free[spot][usize::from(hour)][usize::from(task.at_door)] / pool;
                    sum += u128::from(room);
                    slots.push(Slot { task: k, spot, hour, given: 0, cap: room });
                }
            }
        }
        let all = u128::from(task.tubes());
        let mut before = 0u128;
        for slot in &mut slots[first..] {
            // `cap` holds the room for now.
            let given = if all >= sum {
                slot.cap
            } else {
                let after = before + u128::from(slot.cap);
                let share = all * after / sum - all * before / sum;
                before = after;
                u64::try_from(share).unwrap_or(slot.cap).min(slot.cap)
            };
            slot.given = given;
            free[slot.spot][usize::from(slot.hour)][usize::from(task.at_door)] -= given * pool;
        }
    }
    share_the_rest(problem, &free, &mut slots);
    slots
}

/// Gives what is left of each site's hour to its tasks, by their people.
fn share_the_rest(problem: &Problem<'_>, free: &[Vec<[u64; 2]>], slots: &mut [Slot]) {
    let mut weights = vec![vec![[0u128; 2]; usize::from(problem.sampling.until)]; problem.spots.len()];
    for slot in slots.iter() {
        let task = &problem.tasks[slot.task];
        weights[slot.spot][usize::from(slot.hour)][usize::from(task.at_door)] += u128::from(task.people());
    }
    for slot in slots.iter_mut() {
        let task = &problem.tasks[slot.task];
        let (hour, door) = (usize::from(slot.hour), usize::from(task.at_door));
        let (rest, sum) = (free[slot.spot][hour][door], weights[slot.spot][hour][door]);
        let share = (u128::from(rest) * u128::from(task.people())).checked_div(sum).unwrap_or(0);
        let more = u64::try_from(share).unwrap_or(0) / u64::from(task.pool);
        slot.cap = (slot.given + more).min(task.tubes());
    }
}

/// Every task with all teams of every site's hour for itself: more than is possible, hence a bound.
pub(crate) fn all_for_each(problem: &Problem<'_>, possible: &[Vec<[u64; 2]>]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (k, task) in problem.tasks.iter().enumerate() {
        for spot in problem.spots_of(task) {
            for hour in task.window.from..task.window.until {
                let places = possible[spot][usize::from(hour)][usize::from(task.at_door)];
                let cap = (places / u64::from(task.pool)).min(task.tubes());
                if cap > 0 {
                    slots.push(Slot { task: k, spot, hour, given: 0, cap });
                }
            }
        }
    }
    slots
}
