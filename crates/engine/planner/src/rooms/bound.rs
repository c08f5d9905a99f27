//! What any choice must cost at least that is as safe as the best one known: covers.
//!
//! If the promise to a set of people may lack so many rooms only, the rooms that serve them number at least an order statistic of
//! their sum less those. The cheapest way to that many rooms, with the last site taken in part, costs no more than any whole choice. Two kinds of
//! sets are used: the whole city, and each district by itself; districts that no group serves add up.

use super::balance::{suffices, tail};
use super::search::{Cost, caps};
use super::world::{Place, World};

/// Rooms that must serve the city, and each district, by day.
#[derive(Clone, Debug, Default)]
pub(super) struct Cover {
    city: Vec<u64>,
    districts: Vec<Vec<u64>>,
    /// What the city needs, by day and draw.
    sums: Vec<Vec<u64>>,
}

impl Cover {
    /// For choices no less safe than one of this cost.
    pub(super) fn of(world: &World<'_>, cost: &Cost) -> Self {
        let [known, promise, tail_excess, ..] = *cost;
        let mut cover = Self::default();
        let borne = world.inputs.policy.tail_room_days.saturating_mul(world.worst as u64).saturating_add(tail_excess);
        for t in 0..world.days() {
            let mut sums = vec![0u64; world.draws];
            for row in &world.needed[t] {
                sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
            }
            let waiting: u64 = world.known[t].iter().flatten().sum();
            let enough = suffices(sums.clone(), world.allowed).unwrap_or(0).saturating_sub(promise);
            cover.city.push(enough.max(waiting.saturating_sub(known)).max(least_for_tail(
                sums.clone(),
                world.worst,
                borne,
            )));
            let one = |d: usize| {
                let enough = suffices(world.needed[t][d].clone(), world.allowed).unwrap_or(0).saturating_sub(promise);
                enough.max(world.known[t][d].iter().sum::<u64>().saturating_sub(known))
            };
            cover.districts.push((0..world.districts.len()).map(one).collect());
            cover.sums.push(sums);
        }
        cover
    }

    /// The least price of a choice between `first` and `last` that covers.
    pub(super) fn price(&self, world: &World<'_>, first: &[usize], last: &[usize]) -> u64 {
        let never = world.days();
        let decided = |i: usize| if last[i] < never { world.candidates[i].price } else { 0 };
        let paid = (0..last.len()).fold(0u64, |sum, i| sum.saturating_add(decided(i)));
        let sure = caps(world, last);
        let (mut city, mut one, mut alone) = (0u64, 0u64, vec![0u64; world.districts.len()]);
        for t in 0..never {
            let lacking = self.city.get(t).copied().unwrap_or(0).saturating_sub(sure.total(t));
            city = city.max(self.cheapest(world, (first, last), t, lacking, &|_| true));
            for (d, mask) in world.masks.iter().enumerate() {
                let groups = (0..world.groups).filter(|g| mask >> g & 1 == 1).map(|g| sure.group[t][g]);
                let serving = groups.fold(sure.own[t][d], u64::saturating_add);
                let needed = self.districts.get(t).and_then(|row| row.get(d)).copied().unwrap_or(0);
                let serves = |place: Place| match place {
                    Place::Own(own) => own == d,
                    Place::Group(g) => mask >> g & 1 == 1,
                };
                let price = self.cheapest(world, (first, last), t, needed.saturating_sub(serving), &serves);
                if *mask == 0 {
                    alone[d] = alone[d].max(price);
                } else {
                    one = one.max(price);
                }
            }
        }
        let alone = alone.into_iter().fold(0u64, u64::saturating_add);
        paid.saturating_add(city.max(one).max(alone))
    }

    /// Least further price of so many rooms on a day, sites taken in part.
    fn cheapest(
        &self,
        world: &World<'_>,
        (first, last): (&[usize], &[usize]),
        t: usize,
        lacking: u64,
        serves: &dyn Fn(Place) -> bool,
    ) -> u64 {
        if lacking == 0 {
            return 0;
        }
        let may_open = |i: &usize| first[*i] <= t && last[*i] > t && serves(world.candidates[*i].place);
        let mut items: Vec<(u64, u64)> = (0..first.len())
            .filter(may_open)
            .map(|i| {
                let candidate = &world.candidates[i];
                let price = if last[i] < world.days() { 0 } else { candidate.price };
                (price, candidate.by_day[t])
            })
            .filter(|(_, rooms)| *rooms > 0)
            .collect();
        items.sort_by(|a, b| (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1))));
        let (mut left, mut sum) = (lacking, 0u64);
        for (price, rooms) in items {
            if rooms >= left {
                let part = (u128::from(price) * u128::from(left)).div_ceil(u128::from(rooms));
                return sum.saturating_add(u64::try_from(part).unwrap_or(u64::MAX));
            }
            left -= rooms;
            sum = sum.saturating_add(price);
        }
        sum
    }

    /// What safety comes to at least when staff limit how many sites can be open at once: the city as if it were one place, with
    /// as many rooms as the staff can run, the last site taken in part.
    pub(super) fn safety_with_staff(&self, world: &World<'_>, first: &[usize], last: &[usize]) -> [u64; 3] {
        let Some(free) = &world.staff_free else { return [0; 3] };
        let sure = caps(world, last);
        let (mut known, mut promise) = (0u64, 0u64);
        let mut by_draw = vec![0u64; world.draws];
        for (t, free) in free.iter().enumerate() {
            let staff = |i: usize| world.candidates[i].staff.unwrap_or(0);
            let busy = (0..last.len()).filter(|i| last[*i] <= t).fold(0u64, |sum, i| sum.saturating_add(staff(i)));
            let mut left = free.saturating_sub(busy);
            let mut items: Vec<(u64, u64)> = (0..first.len())
                .filter(|i| first[*i] <= t && last[*i] > t)
                .map(|i| (staff(i), world.candidates[i].by_day[t]))
                .collect();
            items.sort_by(|a, b| (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1))));
            let mut rooms = sure.total(t);
            for (staff, brings) in items {
                if staff <= left {
                    left -= staff;
                    rooms = rooms.saturating_add(brings);
                } else {
                    let part = (u128::from(brings) * u128::from(left)).div_ceil(u128::from(staff.max(1)));
                    rooms = rooms.saturating_add(u64::try_from(part).unwrap_or(u64::MAX));
                    break;
                }
            }
            known += world.known[t].iter().flatten().sum::<u64>().saturating_sub(rooms);
            let mut short = Vec::with_capacity(world.draws);
            for (sum, needed) in by_draw.iter_mut().zip(self.sums.get(t).into_iter().flatten()) {
                let lacks = needed.saturating_sub(rooms);
                short.push(lacks);
                *sum += lacks;
            }
            promise += suffices(short, world.allowed).unwrap_or(0);
        }
        [known, promise, tail(world, by_draw)]
    }
}

/// The fewest rooms with which the worst draws of a day together lack no more than what is borne.
fn least_for_tail(mut sums: Vec<u64>, worst: usize, borne: u64) -> u64 {
    sums.sort_unstable_by(|a, b| b.cmp(a));
    sums.truncate(worst);
    let lacking = |rooms: u64| sums.iter().fold(0u64, |sum, n| sum.saturating_add(n.saturating_sub(rooms)));
    let (mut low, mut high) = (0u64, sums.first().copied().unwrap_or(0));
    while low < high {
        let middle = low + (high - low) / 2;
        if lacking(middle) <= borne { high = middle } else { low = middle + 1 }
    }
    low
}
