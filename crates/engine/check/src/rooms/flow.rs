//! Who is left without a room, by placing people one district after another and making way where that helps.
//!
//! A district's people take its own rooms, then rooms of any group that serves it. Where those are taken by people who could also be
//! elsewhere, these move: augmenting paths, so that as many as can be are placed.

use super::facts::Facts;
use jiff::civil::Date;
use levee_model::ids::FacilityId;
use std::collections::{BTreeMap, BTreeSet};

/// Rooms that can be used on one day.
pub(crate) struct Rooms {
    /// Of each district's own.
    pub(crate) own: Vec<u64>,
    /// Of each group: whom it serves, and how many.
    pub(crate) groups: Vec<(BTreeSet<usize>, u64)>,
}

impl Rooms {
    /// With sites opening on these days.
    pub(crate) fn on(facts: &Facts<'_>, opens: &BTreeMap<&FacilityId, Date>, t: usize) -> Self {
        let mut own = vec![0u64; facts.districts.len()];
        let mut groups: BTreeMap<BTreeSet<usize>, u64> = BTreeMap::new();
        for (site, view) in facts.sites.iter().filter(|(_, view)| view.usable().is_some()) {
            let rooms = facts.offered(view, opens.get(*site).copied(), t);
            let cell = match view.serves.iter().next() {
                Some(one) if view.serves.len() == 1 => &mut own[*one],
                _ => groups.entry(view.serves.clone()).or_default(),
            };
            *cell = cell.saturating_add(rooms);
        }
        Self { own, groups: groups.into_iter().collect() }
    }

    /// All of them.
    pub(crate) fn total(&self) -> u64 {
        self.own.iter().chain(self.groups.iter().map(|(_, rooms)| rooms)).fold(0, |sum, n| sum.saturating_add(*n))
    }

    /// One room more where a site with these people has its rooms.
    pub(crate) fn one_more(mut self, serves: &BTreeSet<usize>) -> Self {
        let one = serves.iter().next().filter(|_| serves.len() == 1);
        let group = self.groups.iter_mut().find(|(group, _)| group == serves).map(|(_, rooms)| rooms);
        if let Some(cell) = one.and_then(|d| self.own.get_mut(*d)).or(group) {
            *cell = cell.saturating_add(1);
        }
        self
    }

    /// People without a room when each district needs so many and `last` comes after all others: in all, and of that one.
    pub(crate) fn short(&self, needed: &[u64], last: Option<usize>) -> (u64, u64) {
        let rest: Vec<u64> = needed.iter().zip(&self.own).map(|(need, own)| need.saturating_sub(*own)).collect();
        let mut taken = vec![vec![0u64; rest.len()]; self.groups.len()];
        let mut free: Vec<u64> = self.groups.iter().map(|(_, rooms)| *rooms).collect();
        let others = (0..rest.len()).filter(|d| Some(*d) != last);
        let mut short = 0;
        let mut of_last = 0;
        for d in others.chain(last) {
            let mut left = rest[d];
            while left > 0 {
                let placed = self.place(d, left, &mut taken, &mut free);
                if placed == 0 {
                    break;
                }
                left -= placed;
            }
            short += left;
            if Some(d) == last {
                of_last = left;
            }
        }
        (short, of_last)
    }

    /// Places up to `wanted` people of a district along one path of moves; how many.
    fn place(&self, d: usize, wanted: u64, taken: &mut [Vec<u64>], free: &mut [u64]) -> u64 {
        // Which group was reached, from which group, by moving whose people.
        let mut reached: Vec<Option<(Option<usize>, usize)>> = vec![None; self.groups.len()];
        let mut queue: Vec<usize> = Vec::new();
        for (g, (serves, _)) in self.groups.iter().enumerate() {
            if serves.contains(&d) {
                reached[g] = Some((None, d));
                queue.push(g);
            }
        }
        let mut next = 0;
        while let Some(&g) = queue.get(next) {
            next += 1;
            if free[g] > 0 {
                // Back along the path: the fewest that can move at each step.
                let (mut most, mut at) = (wanted.min(free[g]), g);
                while let Some((Some(from), who)) = reached[at] {
                    most = most.min(taken[from][who]);
                    at = from;
                }
                free[g] -= most;
                let mut at = g;
                while let Some((from, who)) = reached[at] {
                    taken[at][who] += most;
                    let Some(from) = from else { break };
                    taken[from][who] -= most;
                    at = from;
                }
                return most;
            }
            for who in (0..taken[g].len()).filter(|who| taken[g][*who] > 0) {
                for (to, (serves, _)) in self.groups.iter().enumerate() {
                    if reached[to].is_none() && serves.contains(&who) {
                        reached[to] = Some((Some(g), who));
                        queue.push(to);
                    }
                }
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_make_way_for_those_who_can_go_nowhere_else() {
        // The first comes first and could be in either group; the second only in the first one.
        let groups = vec![(BTreeSet::from([0, 1]), 5), (BTreeSet::from([0, 2]), 5)];
        let rooms = Rooms { own: vec![1, 0, 0], groups };
        assert_eq!(rooms.short(&[6, 5, 0], None), (0, 0));
        assert_eq!(rooms.short(&[6, 5, 2], None), (2, 0));
        assert_eq!(rooms.short(&[6, 5, 2], Some(1)), (2, 2));
        assert_eq!(rooms.short(&[6, 1, 4], Some(2)), (0, 0));
    }
}
