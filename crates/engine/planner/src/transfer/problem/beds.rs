//! What each facility can take at each level, and on which days.

use super::rank;
use jiff::civil::Date;
use levee_model::facility::{Binding, Level};
use levee_model::ids::FacilityId;
use levee_model::plan::{Capacity, CareNeed, Gap, PEOPLE_AT_MOST};
use levee_model::provenance::Origin;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a facility may take people on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    NotAccepted,
    NotOpen,
}

/// What is known of the beds.
#[derive(Clone, Debug)]
pub(crate) enum BedState {
    Known {
        usable: u64,
        /// Which of the three limits equal `usable`.
        limits: Vec<Binding>,
        occupied: u64,
        /// People there now who leave on each day, never more in sum than are there.
        leaving: Vec<u64>,
        /// Of those there now, people still there at the end of each day.
        staying: Vec<u64>,
    },
    Unknown,
}

/// The beds of one facility at one level.
#[derive(Clone, Debug)]
pub(crate) struct Bed {
    pub(crate) facility: FacilityId,
    /// Index of the facility: beds at two levels of one facility share it, and the coaches that go there.
    pub(crate) site: usize,
    pub(crate) level: Level,
    pub(crate) rank: usize,
    pub(crate) state: BedState,
    /// Services that come with these beds, and how many more people can have them; `None` = not known.
    pub(crate) slots: BTreeMap<CareNeed, Option<u64>>,
    pub(crate) door: Vec<Door>,
    pub(crate) origin: Origin,
}

impl Bed {
    /// Free beds by the end of the day before the plan's own people, when no more than `cap` may be in use; never falls
    /// from one day to the next. `None` = not known.
    pub(crate) fn free(&self, day: usize, cap: Option<u64>) -> Option<u64> {
        match &self.state {
            BedState::Known { usable, staying, .. } => {
                let limit = cap.map_or(*usable, |cap| cap.min(*usable));
                // Beds beyond all people on Earth change nothing; the bound keeps sums small.
                staying.get(day).map(|staying| limit.saturating_sub(*staying).min(PEOPLE_AT_MOST))
            }
            BedState::Unknown => None,
        }
    }
    /// Whether somebody may be planned in on that day, if a bed is left.
    pub(crate) fn admits(&self, day: usize) -> bool {
        self.door[day] == Door::Open && matches!(self.state, BedState::Known { .. })
    }
}

pub(crate) fn read(capacity: &[Capacity], dates: &[Date], gaps: &mut BTreeSet<Gap>) -> Vec<Bed> {
    let mut rows: BTreeMap<(&FacilityId, Level), Vec<&Capacity>> = BTreeMap::new();
    for row in capacity {
        rows.entry((&row.facility, row.level)).or_default().push(row);
    }
    let mut beds: Vec<Bed> = Vec::new();
    for ((facility, level), same) in rows {
        let (Some(rank), Some(&row)) = (rank(level), same.first()) else { continue };
        let contradicts = same.iter().any(|other| *other != row);
        let door = dates.iter().map(|&day| door(row, day)).collect::<Vec<_>>();
        let state = if contradicts {
            gaps.insert(Gap::CapacityContradicts { facility: facility.clone(), level });
            BedState::Unknown
        } else {
            state(row, dates.len(), gaps)
        };
        if !contradicts {
            say_why_shut(row, dates, gaps);
        }
        // Rows that disagree: nothing of them may depend on the order in which they came.
        let origin = same.iter().fold(Origin::Reported, |worst, r| worst.and(r.origin));
        let slots = if contradicts { BTreeMap::new() } else { slots(row, gaps) };
        let door = if contradicts { vec![Door::NotOpen; dates.len()] } else { door };
        let site = beds.last().map_or(0, |last| last.site + usize::from(last.facility != *facility));
        beds.push(Bed { facility: facility.clone(), site, level, rank, state, slots, door, origin });
    }
    beds
}

fn slots(row: &Capacity, gaps: &mut BTreeSet<Gap>) -> BTreeMap<CareNeed, Option<u64>> {
    let mut slots = BTreeMap::new();
    for service in &row.services {
        let given = service.slots.map(|s| s.get().min(PEOPLE_AT_MOST));
        slots
            .entry(service.care)
            .and_modify(|held| {
                if *held != given {
                    *held = None;
                }
            })
            .or_insert(given);
    }
    for (&care, _) in slots.iter().filter(|(_, slots)| slots.is_none()) {
        gaps.insert(Gap::ServiceUnknown { facility: row.facility.clone(), level: row.level, care });
    }
    slots
}

fn door(row: &Capacity, day: Date) -> Door {
    if row.opens_on.is_some_and(|opens| day < opens) || row.closes_on.is_some_and(|closes| day >= closes) {
        Door::NotOpen
    } else if row.acceptance_until.is_none_or(|until| day > until) {
        Door::NotAccepted
    } else {
        Door::Open
    }
}

fn say_why_shut(row: &Capacity, dates: &[Date], gaps: &mut BTreeSet<Gap>) {
    let facility = row.facility.clone();
    if matches!((row.opens_on, row.closes_on), (Some(opens), Some(closes)) if closes <= opens) {
        gaps.insert(Gap::NeverOpen { facility });
    } else if row.acceptance_until.is_none_or(|until| dates.iter().all(|&day| day > until)) {
        gaps.insert(Gap::NotAccepted { facility });
    }
}

fn state(row: &Capacity, days: usize, gaps: &mut BTreeSet<Gap>) -> BedState {
    let columns =
        [("physical", row.physical), ("staffed", row.staffed), ("equipped", row.equipped), ("occupied", row.occupied)];
    let (Some(physical), Some(staffed), Some(equipped), Some(occupied)) =
        (row.physical, row.staffed, row.equipped, row.occupied)
    else {
        let missing = columns.iter().filter(|(_, v)| v.is_none()).map(|(name, _)| (*name).to_owned()).collect();
        gaps.insert(Gap::CapacityUnknown { facility: row.facility.clone(), level: row.level, missing });
        return BedState::Unknown;
    };
    let three = [(physical, Binding::Physical), (staffed, Binding::Staffed), (equipped, Binding::Equipped)];
    let usable = physical.min(staffed).min(equipped);
    let limits = three.iter().filter(|(beds, _)| *beds == usable).map(|(_, binding)| *binding).collect();
    let mut left = occupied.get();
    let mut leaving = Vec::with_capacity(days);
    let mut staying = Vec::with_capacity(days);
    for day in 0..days {
        let gone = row.discharges.get(day).map_or(0, |beds| beds.get()).min(left);
        left -= gone;
        leaving.push(gone);
        staying.push(left);
    }
    BedState::Known { usable: usable.get(), limits, occupied: occupied.get(), leaving, staying }
}
