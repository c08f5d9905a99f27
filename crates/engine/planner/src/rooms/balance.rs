//! Who is left without a room when draws meet rooms, by the theorem of Hall.
//!
//! What a district's own rooms do not hold goes to the groups that serve it. Of the rest `r` of all districts so many are left
//! over, however cleverly they are placed: the largest, over all sets `Q` of groups, of (the `r` of districts whose groups
//! all lie in `Q`) less (the rooms of `Q`). With the city's group alone: what exceeds it, or nothing.

use super::world::{Caps, World};

/// The draws (or the known people, as one draw) of one day, and who can go where.
pub(super) struct Balance<'w> {
    needed: &'w [Vec<u64>],
    masks: &'w [usize],
    groups: usize,
    draws: usize,
}

/// What one day comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Short {
    /// Rooms short, by draw.
    pub(super) city: Vec<u64>,
    /// Rooms short if everybody else's people are placed first, by district and draw; empty rows when nothing is short.
    pub(super) districts: Vec<Vec<u64>>,
}

impl<'w> Balance<'w> {
    pub(super) fn of_draws(world: &'w World<'_>, day: usize) -> Self {
        Self { needed: &world.needed[day], masks: &world.masks, groups: world.groups, draws: world.draws }
    }

    pub(super) fn of_known(world: &'w World<'_>, day: usize) -> Self {
        Self { needed: &world.known[day], masks: &world.masks, groups: world.groups, draws: 1 }
    }

    /// What own rooms do not hold, by set of groups (as bits) and draw.
    fn rests(&self, own: &[u64]) -> Vec<Vec<u64>> {
        let mut rests = vec![Vec::new(); 1 << self.groups];
        for ((needed, mask), own) in self.needed.iter().zip(self.masks).zip(own) {
            let row = &mut rests[*mask];
            row.resize(self.draws, 0);
            row.iter_mut().zip(needed).for_each(|(sum, n)| *sum += n.saturating_sub(*own));
        }
        rests
    }

    /// Rooms of each set of groups.
    fn rooms(&self, group: &[u64]) -> Vec<u64> {
        let of =
            |set: usize| (0..self.groups).filter(|g| set >> g & 1 == 1).fold(0u64, |s, g| s.saturating_add(group[g]));
        (0..1usize << self.groups).map(of).collect()
    }

    /// Rooms short in the city, by draw.
    pub(super) fn city(&self, own: &[u64], group: &[u64]) -> Vec<u64> {
        let rests = self.rests(own);
        let mut short = vec![0u64; self.draws];
        let mut inside = vec![0u64; self.draws];
        for (set, rooms) in self.rooms(group).into_iter().enumerate() {
            inside.fill(0);
            for (_, rest) in rests.iter().enumerate().filter(|(mask, rest)| mask & !set == 0 && !rest.is_empty()) {
                inside.iter_mut().zip(rest).for_each(|(sum, n)| *sum += n);
            }
            short.iter_mut().zip(&inside).for_each(|(short, n)| *short = (*short).max(n.saturating_sub(rooms)));
        }
        short
    }

    /// What own rooms do not hold in all, by draw.
    pub(super) fn beside_own(&self, own: &[u64]) -> Vec<u64> {
        let mut sum = vec![0u64; self.draws];
        for rest in self.rests(own).iter().filter(|rest| !rest.is_empty()) {
            sum.iter_mut().zip(rest).for_each(|(sum, n)| *sum += n);
        }
        sum
    }

    /// Calls `each(draw, district, rooms short)` for every district that is short when everybody else is placed first.
    pub(super) fn districts(&self, own: &[u64], group: &[u64], city: &[u64], each: &mut dyn FnMut(usize, usize, u64)) {
        let rooms = self.rooms(group);
        let mut inside = vec![0u64; rooms.len()];
        for (k, short) in city.iter().enumerate().filter(|(_, short)| **short > 0) {
            inside.fill(0);
            for ((needed, mask), own) in self.needed.iter().zip(self.masks).zip(own) {
                inside[*mask] += needed[k].saturating_sub(*own);
            }
            // Sums over all subsets of each set.
            for bit in 0..self.groups {
                for set in (0..inside.len()).filter(|set| set >> bit & 1 == 1) {
                    inside[set] += inside[set & !(1 << bit)];
                }
            }
            for (d, ((needed, mask), own)) in self.needed.iter().zip(self.masks).zip(own).enumerate() {
                let rest = needed[k].saturating_sub(*own);
                if rest == 0 {
                    continue;
                }
                let without = |set: usize| {
                    let less = if mask & !set == 0 { rest } else { 0 };
                    (inside[set] - less).saturating_sub(rooms[set])
                };
                let others = (0..rooms.len()).map(without).max().unwrap_or(0);
                if *short > others {
                    each(k, d, short - others);
                }
            }
        }
    }

    /// Both.
    pub(super) fn short(&self, own: &[u64], group: &[u64]) -> Short {
        let city = self.city(own, group);
        let mut districts = vec![Vec::new(); self.needed.len()];
        self.districts(own, group, &city, &mut |k, d, rooms| {
            let row: &mut Vec<u64> = &mut districts[d];
            row.resize(self.draws, 0);
            row[k] = rooms;
        });
        Short { city, districts }
    }
}

/// What the three tiers of safety come to with these rooms: room-days that known people lack, room-days that the promise lacks
/// for the city and each district, room-days of the tail beyond what is borne.
pub(super) fn safety(world: &World<'_>, caps: &Caps) -> [u64; 3] {
    let (mut known, mut promise) = (0u64, 0u64);
    let mut by_draw = vec![0u64; world.draws];
    for t in 0..world.days() {
        let (own, group) = (&caps.own[t], &caps.group[t]);
        known += Balance::of_known(world, t).city(own, group).iter().sum::<u64>();
        let balance = Balance::of_draws(world, t);
        let city = balance.city(own, group);
        by_draw.iter_mut().zip(&city).for_each(|(sum, n)| *sum += n);
        // A district is short only where the city is: within the promise of the city every district's holds too.
        if city.iter().filter(|n| **n > 0).count() > world.allowed {
            let mut districts = vec![Vec::new(); world.districts.len()];
            balance.districts(own, group, &city, &mut |_, d, rooms| districts[d].push(rooms));
            let lacking = districts.into_iter().chain([city]).filter_map(|sample| suffices(sample, world.allowed));
            promise += lacking.sum::<u64>();
        }
    }
    [known, promise, tail(world, by_draw)]
}

/// Room-days short in the worst draws together beyond what the policy bears.
pub(super) fn tail(world: &World<'_>, mut by_draw: Vec<u64>) -> u64 {
    by_draw.sort_unstable_by(|a, b| b.cmp(a));
    let worst = by_draw.iter().take(world.worst).fold(0u64, |sum, n| sum.saturating_add(*n));
    worst.saturating_sub(world.inputs.policy.tail_room_days.saturating_mul(world.worst as u64))
}

/// Rooms that suffice in all draws but those allowed; draws that need none may be left out. `None` without a draw.
pub(super) fn suffices(mut sample: Vec<u64>, allowed: usize) -> Option<u64> {
    if allowed >= sample.len() {
        return (!sample.is_empty()).then_some(0);
    }
    let (_, nth, _) = sample.select_nth_unstable_by(allowed, |a, b| b.cmp(a));
    Some(*nth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_two_helps_only_its_own() {
        // Three districts; the first two share 4 rooms, nobody serves the third but itself.
        let needed = vec![vec![5], vec![3], vec![2]];
        let balance = Balance { needed: &needed, masks: &[1, 1, 0], groups: 1, draws: 1 };
        assert_eq!(balance.city(&[1, 1, 1], &[4]), [2 + 1]);
        let short = balance.short(&[1, 1, 1], &[4]);
        // Of the six that the group is asked for, two stay out: whichever of the two districts comes last.
        assert_eq!(short.districts, [vec![2], vec![2], vec![1]]);
    }

    #[test]
    fn groups_that_overlap_are_filled_cleverly() {
        // A may use g0, B may use both, C may use g1: five rooms each.
        let needed = vec![vec![5], vec![2], vec![3]];
        let balance = Balance { needed: &needed, masks: &[1, 3, 2], groups: 2, draws: 1 };
        assert_eq!(balance.city(&[0, 0, 0], &[5, 5]), [0]);
        assert_eq!(balance.city(&[0, 0, 0], &[5, 4]), [1]);
        assert_eq!(balance.city(&[0, 0, 0], &[4, 9]), [1]);
    }

    #[test]
    fn what_suffices_is_an_order_statistic() {
        assert_eq!(suffices((1..=100).collect(), 4), Some(96));
        assert_eq!(suffices(vec![7, 3], 2), Some(0));
        assert_eq!(suffices(vec![], 0), None);
    }
}
