//! What the orders add up to: who is moved, who waits, who holds which bed.

use crate::transfer::facts::{Facts, Group, Ward, ward_of};
use crate::transfer::violation::Violation;
use levee_model::plan::Plan;
use std::collections::BTreeMap;

pub(crate) struct Flows<'a> {
    /// By group: people, and known ones, moved by the end of each day.
    moved: BTreeMap<Group<'a>, Vec<(u64, u64)>>,
    /// By ward: people of the plan in its beds at the end of each day.
    held: BTreeMap<Ward<'a>, Vec<u64>>,
}

impl<'a> Flows<'a> {
    pub(crate) fn of(plan: &'a Plan, facts: &Facts<'_>) -> Self {
        let mut moved: BTreeMap<Group<'a>, Vec<(u64, u64)>> = BTreeMap::new();
        let mut held: BTreeMap<Ward<'a>, Vec<u64>> = BTreeMap::new();
        for order in &plan.orders {
            let Some(day) = facts.day(order.day) else { continue };
            let moved = moved.entry((&order.from, order.class)).or_insert_with(|| vec![(0, 0); facts.days.len()]);
            let held = held.entry(ward_of(order)).or_insert_with(|| vec![0; facts.days.len()]);
            for later in day..facts.days.len() {
                moved[later].0 = moved[later].0.saturating_add(order.people.get());
                moved[later].1 = moved[later].1.saturating_add(order.known.get());
                held[later] = held[later].saturating_add(order.people.get());
            }
        }
        Self { moved, held }
    }

    pub(crate) fn held(&self, ward: Ward<'_>, day: usize) -> u64 {
        self.held.get(&ward).map_or(0, |h| h[day])
    }

    pub(crate) fn moved(&self, group: Group<'_>, day: usize) -> u64 {
        self.moved.get(&group).map_or(0, |m| m[day].0)
    }

    /// People of a group without a bed at the end of a day; zero if more were moved than needed it.
    pub(crate) fn waiting(&self, facts: &Facts<'_>, group: Group<'_>, day: usize) -> u64 {
        needed(facts, group, day).0.saturating_sub(self.moved(group, day))
    }

    /// Beds that those who were there before leave to the plan by the end of a day; `None` = not known.
    pub(crate) fn free(facts: &Facts<'_>, ward: Ward<'_>, day: usize) -> Option<u64> {
        let (usable, occupied) = facts.beds(ward)?;
        let gone: u64 = facts.leaving(ward).iter().take(day + 1).sum();
        Some(usable.saturating_sub(occupied - gone))
    }

    /// Beds that somebody who comes on a day could have and keep.
    pub(crate) fn room(&self, facts: &Facts<'_>, ward: Ward<'_>, day: usize) -> u64 {
        if !facts.admits(ward, facts.days[day]) {
            return 0;
        }
        (day..facts.days.len())
            .filter_map(|t| Self::free(facts, ward, t).map(|free| free.saturating_sub(self.held(ward, t))))
            .min()
            .unwrap_or(0)
    }

    pub(crate) fn check(&self, facts: &Facts<'_>, found: &mut Vec<Violation>) {
        for (&group, moved) in &self.moved {
            for (day, &(people, known)) in moved.iter().enumerate() {
                let (needed, needed_known) = needed(facts, group, day);
                let (district, class, day) = (group.0.clone(), group.1, facts.days[day]);
                if people > needed {
                    found.push(Violation::NotNeeded { district, class, day, moved: people, needed });
                } else if known > needed_known {
                    found.push(Violation::NotKnown { district, class, day });
                }
            }
        }
        for (&ward, held) in &self.held {
            for (day, &planned) in held.iter().enumerate() {
                // Beds that are not known are caught order by order.
                let Some(free) = Self::free(facts, ward, day) else { continue };
                if planned > free {
                    let (facility, level, day) = (ward.0.clone(), ward.1, facts.days[day]);
                    found.push(Violation::OverCapacity { facility, level, day, planned, free });
                }
            }
        }
    }
}

/// People, and known ones, who needed a bed by the end of a day.
pub(crate) fn needed(facts: &Facts<'_>, group: Group<'_>, day: usize) -> (u64, u64) {
    facts.new.get(&group).map_or((0, 0), |new| new[..=day].iter().fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1)))
}
