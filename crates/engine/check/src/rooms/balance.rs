//! Draws against rooms, day by day: who is short in each draw, what suffices, what sharing saves.

use super::facts::Facts;
use super::flow::Rooms;
use super::violation::RoomViolation;
use jiff::civil::Date;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::{RoomDay, RoomPlan};
use std::collections::BTreeMap;

/// One day.
pub(crate) struct Balance {
    pub(crate) rooms: Rooms,
    /// Rooms needed, by district and draw.
    pub(crate) needed: Vec<Vec<u64>>,
    /// Rooms that known people need, by district.
    pub(crate) known: Vec<u64>,
    /// Rooms short, by draw; and by district and draw, that district's people coming last.
    pub(crate) city: Vec<u64>,
    pub(crate) districts: Vec<Vec<u64>>,
    /// The same for known people.
    pub(crate) known_city: u64,
    pub(crate) known_districts: Vec<u64>,
}

pub(crate) struct Balances {
    pub(crate) days: Vec<Balance>,
    pub(crate) allowed: usize,
}

/// The smallest number that no more than `allowed` of the sample exceed.
pub(crate) fn enough(sample: &[u64], allowed: usize) -> Option<u64> {
    let mut sorted = sample.to_vec();
    sorted.sort_unstable();
    let rank = sorted.len().checked_sub(allowed + 1);
    if sample.is_empty() { None } else { Some(rank.map_or(0, |rank| sorted[rank])) }
}

/// One draw's column of a matrix by district and draw.
fn draw(needed: &[Vec<u64>], k: usize) -> Vec<u64> {
    needed.iter().map(|row| row[k]).collect()
}

impl Balance {
    fn of(facts: &Facts<'_>, opens: &BTreeMap<&FacilityId, Date>, t: usize) -> Self {
        let rooms = Rooms::on(facts, opens, t);
        let all = 0..facts.districts.len();
        let needed: Vec<Vec<u64>> = all.clone().map(|d| facts.needed(d, t)).collect();
        let known: Vec<u64> = all.clone().map(|d| facts.known(d, t)).collect();
        let mut districts = vec![vec![0u64; facts.draws]; facts.districts.len()];
        let mut city = Vec::with_capacity(facts.draws);
        for k in 0..facts.draws {
            let people = draw(&needed, k);
            let short = rooms.short(&people, None).0;
            city.push(short);
            if short > 0 {
                for (d, row) in districts.iter_mut().enumerate().filter(|(d, _)| people[*d] > 0) {
                    row[k] = rooms.short(&people, Some(d)).1;
                }
            }
        }
        let known_districts = all.map(|d| rooms.short(&known, Some(d)).1).collect();
        Self { known_city: rooms.short(&known, None).0, rooms, needed, known, city, districts, known_districts }
    }

    fn sums(&self, draws: usize) -> Vec<u64> {
        (0..draws).map(|k| draw(&self.needed, k).iter().sum()).collect()
    }

    /// People short in the city with one room more there: by draw, and known ones.
    pub(crate) fn with_one_more(
        &self,
        facts: &Facts<'_>,
        opens: &BTreeMap<&FacilityId, Date>,
        t: usize,
        serves: &std::collections::BTreeSet<usize>,
    ) -> (Vec<u64>, u64) {
        let rooms = Rooms::on(facts, opens, t).one_more(serves);
        let city = (0..facts.draws).map(|k| rooms.short(&draw(&self.needed, k), None).0).collect();
        (city, rooms.short(&self.known, None).0)
    }
}

impl Balances {
    pub(crate) fn of(facts: &Facts<'_>, opens: &BTreeMap<&FacilityId, Date>) -> Self {
        let days = (0..facts.dates.len()).map(|t| Balance::of(facts, opens, t)).collect();
        Self { days, allowed: facts.allowed.unwrap_or(0) }
    }

    /// The tiers of safety: known people, the promise, the tail.
    pub(crate) fn safety(&self, facts: &Facts<'_>) -> [u64; 3] {
        let known = self.days.iter().map(|day| day.known_city).sum();
        let lacking = |sample: &Vec<u64>| enough(sample, self.allowed).unwrap_or(0);
        let promise =
            self.days.iter().map(|day| lacking(&day.city) + day.districts.iter().map(lacking).sum::<u64>()).sum();
        let mut by_draw: Vec<u64> = (0..facts.draws).map(|k| self.days.iter().map(|day| day.city[k]).sum()).collect();
        by_draw.sort_unstable();
        let worst = (self.allowed + 1).min(facts.draws);
        let borne = facts.inputs.policy.tail_room_days.saturating_mul(worst as u64);
        let tail: u64 = by_draw.iter().rev().take(worst).fold(0, |sum, n| sum.saturating_add(*n));
        [known, promise, tail.saturating_sub(borne)]
    }

    pub(crate) fn check(&self, plan: &RoomPlan, facts: &Facts<'_>, found: &mut Vec<RoomViolation>) {
        let days_of = |days: &[RoomDay]| days.iter().map(|d| d.day).eq(facts.dates.iter().copied());
        let names = plan.districts.iter().map(|row| &row.district).eq(facts.districts.iter().copied());
        if !names || !days_of(&plan.city) || !plan.districts.iter().all(|row| days_of(&row.days)) {
            found.push(RoomViolation::Rows);
            return;
        }
        for (t, day) in self.days.iter().enumerate() {
            let date = facts.dates[t];
            let sums = day.sums(facts.draws);
            let known = (day.known.iter().sum(), day.known_city);
            if !self.is_so(&plan.city[t], day.rooms.total(), known, &sums, &day.city) {
                found.push(RoomViolation::Balance { district: None, day: date });
            }
            for (d, row) in plan.districts.iter().enumerate() {
                let known = (day.known[d], day.known_districts[d]);
                if !self.is_so(&row.days[t], day.rooms.own[d], known, &day.needed[d], &day.districts[d]) {
                    found.push(RoomViolation::Balance { district: Some(row.district.clone()), day: date });
                }
            }
        }
        self.sharing(plan, facts, found);
    }

    fn is_so(&self, said: &RoomDay, usable: u64, known: (u64, u64), needed: &[u64], short: &[u64]) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "rooms are counted far below 2^53")]
        let mean = (!needed.is_empty()).then(|| needed.iter().sum::<u64>() as f64 / needed.len() as f64);
        said.usable.get() == usable
            && (said.known.get(), said.known_short.get()) == known
            && said.expected.map(f64::to_bits) == mean.map(f64::to_bits)
            && said.need.map(|n| n.get()) == enough(needed, self.allowed)
            && said.uncovered.map(|n| n.get()) == enough(short, self.allowed)
            && said.overflow_draws as usize == short.iter().filter(|n| **n > 0).count()
            && said.short_sum == short.iter().sum::<u64>()
    }

    fn sharing(&self, plan: &RoomPlan, facts: &Facts<'_>, found: &mut Vec<RoomViolation>) {
        let dates = if facts.draws == 0 { &[][..] } else { &facts.dates };
        if !plan.sharing.iter().map(|row| row.day).eq(dates.iter().copied()) {
            found.push(RoomViolation::Rows);
            return;
        }
        for (said, day) in plan.sharing.iter().zip(&self.days) {
            let own_lacks = |k: usize| {
                day.needed.iter().zip(&day.rooms.own).map(|(row, own)| row[k].saturating_sub(*own)).sum::<u64>()
            };
            let beside: Vec<u64> = (0..facts.draws).map(own_lacks).collect();
            let separate: u64 = day.needed.iter().filter_map(|row| enough(row, self.allowed)).sum();
            let held = day.rooms.groups.iter().fold(0u64, |sum, (_, rooms)| sum.saturating_add(*rooms));
            if said.separate.get() != separate
                || Some(said.together.get()) != enough(&day.sums(facts.draws), self.allowed)
                || Some(said.beside_own.get()) != enough(&beside, self.allowed)
                || said.held.get() != held
            {
                found.push(RoomViolation::Sharing { day: said.day });
            }
        }
    }
}
