//! Who has which place: no more than were planned, the right ones, households together, who comes first first.

use crate::runs::facts::{Facts, Place, minute, serves};
use crate::runs::people::{Fate, Folk, Rank, rank};
use crate::runs::violation::RunViolation;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::runs::RunPlan;
use levee_model::plan::{CareClass, CareNeed};
use levee_model::subject::Pseudonym;
use std::collections::{BTreeMap, BTreeSet};

/// A place that somebody has, on a run or without one.
#[derive(Clone, Copy)]
pub(crate) struct Has<'a> {
    pub(crate) facility: &'a FacilityId,
    level: Level,
    place_of: CareClass,
    /// Run, stop and minute of loading; `None` = the ride is lacking.
    ride: Option<(usize, usize, u32)>,
}

/// What the plan gives out.
pub(crate) struct Places<'a> {
    pub(crate) of: BTreeMap<Pseudonym, Has<'a>>,
    /// `[place]`: so many are left.
    pub(crate) left: BTreeMap<Place<'a>, u64>,
}

pub(crate) fn check<'a>(
    plan: &'a RunPlan,
    facts: &Facts<'a>,
    folk: &Folk<'a>,
    found: &mut Vec<RunViolation>,
) -> Places<'a> {
    let mut places = Places { of: BTreeMap::new(), left: facts.places.clone() };
    let person = |person: Pseudonym, what: &'static str| RunViolation::Person { person, what };
    for (r, run) in plan.runs.iter().enumerate() {
        for (s, stop) in run.pick_ups.iter().enumerate() {
            if stop.people.windows(2).any(|pair| pair[0].person >= pair[1].person) {
                found.push(RunViolation::Unordered { list: "people of a stop" });
            }
            for one in &stop.people {
                let has = Has {
                    facility: &run.facility,
                    level: one.level,
                    place_of: one.place_of,
                    ride: Some((r, s, minute(stop.arrive))),
                };
                if places.of.insert(one.person, has).is_some() {
                    found.push(person(one.person, "on two runs"));
                }
            }
        }
    }
    for one in &plan.waiting {
        let Some(meant) = &one.meant else { continue };
        let has = Has { facility: &meant.facility, level: meant.level, place_of: meant.place_of, ride: None };
        if places.of.insert(one.person, has).is_some() {
            found.push(person(one.person, "with two places"));
        }
    }
    let mut given: BTreeMap<Place<'a>, u64> = BTreeMap::new();
    for (who, has) in &places.of {
        let Some(one) = folk.all.get(who).filter(|one| one.fate == Fate::Goes) else {
            found.push(person(*who, "has a place although not travelling today"));
            continue;
        };
        let up = has.place_of == CareClass::Moderate && folk.may_go_up(*who);
        if !(has.place_of == one.row.class || up) || !serves(has.level, one.row.class) {
            found.push(person(*who, "has a place that is not for them"));
        }
        *given.entry((&one.row.district, has.facility, has.level, has.place_of, one.row.care)).or_default() += 1;
    }
    for (place, people) in given {
        let planned = facts.places.get(&place).copied().unwrap_or(0);
        if people > planned {
            found.push(RunViolation::Places {
                district: place.0.clone(),
                facility: place.1.clone(),
                level: place.2,
                class: place.3,
                care: place.4,
                given: people,
                planned,
            });
        }
        if let Some(left) = places.left.get_mut(&place) {
            *left = left.saturating_sub(people);
        }
    }
    lowest(&places, folk, found);
    together(&places, folk, found);
    in_turn(&places, folk, found);
    places
}

/// Nobody is placed higher than needed while a lower place of the same facility is left.
fn lowest(places: &Places<'_>, folk: &Folk<'_>, found: &mut Vec<RunViolation>) {
    type Key<'a> = (&'a PlaceCode, &'a FacilityId, CareClass, Option<CareNeed>);
    let mut lowest: BTreeMap<Key<'_>, Level> = BTreeMap::new();
    for ((district, facility, level, class, care), left) in &places.left {
        if *left > 0 {
            let held = lowest.entry((district, facility, *class, *care)).or_insert(*level);
            *held = (*held).min(*level);
        }
    }
    for (who, has) in &places.of {
        let Some(one) = folk.all.get(who) else { continue };
        let free = |class: CareClass| lowest.get(&(&one.row.district, has.facility, class, one.row.care));
        let above = free(has.place_of).is_some_and(|level| *level < has.level);
        let up = has.place_of != one.row.class && free(one.row.class).is_some();
        if above || up {
            found.push(RunViolation::Person { person: *who, what: "placed higher than needed" });
        }
    }
}

/// Households, children and guardians: all in one vehicle from one stop to one facility, or all without a ride.
fn together(places: &Places<'_>, folk: &Folk<'_>, found: &mut Vec<RunViolation>) {
    for members in folk.groups.values().filter(|members| members.len() > 1) {
        let ways: BTreeSet<_> = members.iter().map(|m| places.of.get(m).map(|has| (has.facility, has.ride))).collect();
        if let (Some(first), 2..) = (members.first(), ways.len()) {
            found.push(RunViolation::Person { person: *first, what: "parted from their household" });
        }
    }
}

/// What makes two groups equal but for their turn: district, and who they are by need, and who may go up.
type Profile<'a> = (&'a PlaceCode, BTreeMap<(CareClass, Option<CareNeed>, bool), u64>);

/// Of groups that could take one another's turns and are there all day, who comes first has the earlier turn.
fn in_turn(places: &Places<'_>, folk: &Folk<'_>, found: &mut Vec<RunViolation>) {
    let mut equal: BTreeMap<Profile<'_>, Vec<(Rank, u32, Pseudonym)>> = BTreeMap::new();
    for (group, members) in &folk.groups {
        if folk.ready(*group) > 0 {
            continue;
        }
        let rows = || members.iter().filter_map(|m| folk.all.get(m)).map(|one| one.row);
        let (Some(first), Some(best)) = (rows().next(), rows().map(rank).max()) else { continue };
        let mut needs = BTreeMap::new();
        for row in rows() {
            *needs.entry((row.class, row.care, folk.may_go_up(row.person))).or_default() += 1;
        }
        let turn = match places.of.get(group) {
            Some(Has { ride: Some((_, _, loading)), .. }) => *loading,
            Some(_) => 24 * 60,
            None => u32::MAX,
        };
        equal.entry((&first.district, needs)).or_default().push((best, turn, *group));
    }
    for groups in equal.values_mut() {
        groups.sort_by_key(|(rank, ..)| std::cmp::Reverse(*rank));
        for pair in groups.windows(2) {
            if pair[0].1 > pair[1].1 {
                found.push(RunViolation::Person { person: pair[0].2, what: "comes first and goes later" });
            }
        }
    }
}
