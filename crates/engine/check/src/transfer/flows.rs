//! What the orders add up to: who is moved, who waits, who holds which bed.

use crate::transfer::facts::{Facts, Group, Ward, group_of, ward_of};
use crate::transfer::violation::Violation;
use levee_model::plan::{CareNeed, Plan};
use std::collections::BTreeMap;

pub(crate) struct Flows<'a> {
    /// By group: people, and known ones, moved by the end of each day.
    moved: BTreeMap<Group<'a>, Vec<(u64, u64)>>,
    /// By ward: people of the plan in its beds at the end of each day.
    held: BTreeMap<Ward<'a>, Vec<u64>>,
    /// By ward: people of before who have moved to a lower level by the end of each day.
    stepped_out: BTreeMap<Ward<'a>, Vec<u64>>,
    /// By ward and service: people of the plan who have it.
    served: BTreeMap<(Ward<'a>, CareNeed), u64>,
}

impl<'a> Flows<'a> {
    pub(crate) fn of(plan: &'a Plan, facts: &Facts<'_>) -> Self {
        let mut moved: BTreeMap<Group<'a>, Vec<(u64, u64)>> = BTreeMap::new();
        let mut held: BTreeMap<Ward<'a>, Vec<u64>> = BTreeMap::new();
        let mut served: BTreeMap<(Ward<'a>, CareNeed), u64> = BTreeMap::new();
        let mut stepped_out: BTreeMap<Ward<'a>, Vec<u64>> = BTreeMap::new();
        for order in &plan.step_downs {
            let Some(day) = facts.day(order.day) else { continue };
            let beds = [(&mut stepped_out, order.level), (&mut held, order.to)];
            for (sums, level) in beds {
                let sums = sums.entry((&order.facility, level)).or_insert_with(|| vec![0; facts.days.len()]);
                for sum in sums.iter_mut().skip(day) {
                    *sum = sum.saturating_add(order.people.get());
                }
            }
        }
        for order in &plan.orders {
            let Some(day) = facts.day(order.day) else { continue };
            let moved = moved.entry(group_of(order)).or_insert_with(|| vec![(0, 0); facts.days.len()]);
            let held = held.entry(ward_of(order)).or_insert_with(|| vec![0; facts.days.len()]);
            if let Some(care) = order.care {
                let sum = served.entry((ward_of(order), care)).or_default();
                *sum = sum.saturating_add(order.people.get());
            }
            for later in day..facts.days.len() {
                moved[later].0 = moved[later].0.saturating_add(order.people.get());
                moved[later].1 = moved[later].1.saturating_add(order.known.get());
                held[later] = held[later].saturating_add(order.people.get());
            }
        }
        Self { moved, held, stepped_out, served }
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

    /// Beds that those who were there before leave to the plan by the end of a day when no more than `cap` may be in use
    /// and nobody moves down; `None` = not known.
    pub(crate) fn free_within(facts: &Facts<'_>, ward: Ward<'_>, day: usize, cap: Option<u64>) -> Option<u64> {
        let (usable, _) = facts.beds(ward)?;
        Some(cap.map_or(usable, |cap| cap.min(usable)).saturating_sub(facts.staying(ward, day)?))
    }

    /// Beds that those who were there before leave to the plan by the end of a day, moves down included.
    pub(crate) fn free(&self, facts: &Facts<'_>, ward: Ward<'_>, day: usize) -> Option<u64> {
        let (usable, _) = facts.beds(ward)?;
        let limit = facts.cap(ward).map_or(usable, |cap| cap.min(usable));
        Some(limit.saturating_sub(facts.staying(ward, day)?.saturating_sub(self.stepped_out(ward, day))))
    }

    pub(crate) fn stepped_out(&self, ward: Ward<'_>, day: usize) -> u64 {
        self.stepped_out.get(&ward).map_or(0, |h| h[day])
    }

    /// Slots left of what a group needs beside the bed; without such a need, more than anybody can take.
    pub(crate) fn slots_left(&self, facts: &Facts<'_>, ward: Ward<'_>, group: Group<'_>) -> u64 {
        let Some(care) = group.2 else { return u64::MAX };
        let used = self.served.get(&(ward, care)).copied().unwrap_or(0);
        facts.service(ward, care).flatten().unwrap_or(0).saturating_sub(used)
    }

    /// Whether nobody of a group could have a bed and what they need beside it at the end of a day.
    pub(crate) fn is_full(&self, facts: &Facts<'_>, ward: Ward<'_>, group: Group<'_>, day: usize) -> bool {
        self.free(facts, ward, day).is_some_and(|free| free <= self.held(ward, day))
            || self.slots_left(facts, ward, group) == 0
    }

    /// Beds that somebody of a group who comes on a day could have and keep.
    pub(crate) fn room(&self, facts: &Facts<'_>, ward: Ward<'_>, group: Group<'_>, day: usize) -> u64 {
        if !facts.takes(group, ward, facts.days[day]) {
            return 0;
        }
        (day..facts.days.len())
            .filter_map(|t| self.free(facts, ward, t).map(|free| free.saturating_sub(self.held(ward, t))))
            .min()
            .unwrap_or(0)
            .min(self.slots_left(facts, ward, group))
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
        for (&(ward, care), &served) in &self.served {
            if facts.service(ward, care).flatten().is_none_or(|slots| served > slots) {
                found.push(Violation::Slots { facility: ward.0.clone(), level: ward.1, care, served });
            }
        }
        for (&ward, held) in &self.held {
            for (day, &planned) in held.iter().enumerate() {
                // Beds that are not known are caught order by order.
                let Some(free) = self.free(facts, ward, day) else { continue };
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
