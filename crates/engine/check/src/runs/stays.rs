//! Who stays: on which decided ground, or why they still wait and what would mend it.

use crate::runs::facts::{Facts, Usable};
use crate::runs::people::{Fate, Folk, rank};
use crate::runs::places::Places;
use crate::runs::rides::could;
use crate::runs::violation::RunViolation;
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::runs::{Cut, CutCause, RunPlan, RunRemedy, StayCause, VehicleId};
use levee_model::plan::{CareClass, CareNeed};
use levee_model::quantity::Persons;
use levee_model::subject::Pseudonym;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn check(
    plan: &RunPlan,
    facts: &Facts<'_>,
    folk: &Folk<'_>,
    places: &Places<'_>,
    found: &mut Vec<RunViolation>,
) {
    exempt(plan, folk, found);
    let busy: BTreeSet<&VehicleId> = plan.runs.iter().map(|run| &run.vehicle).collect();
    let idle = facts.usable.values().filter(|v| !busy.contains(&v.row.id)).collect();
    let mut judge = Judge { facts, folk, places, idle, told: BTreeMap::new() };
    let mut seen: BTreeSet<Pseudonym> = BTreeSet::new();
    for one in &plan.waiting {
        let mut wrong = |what| found.push(RunViolation::Person { person: one.person, what });
        let Some(listed) = folk.all.get(&one.person) else {
            wrong("is not listed as waiting by anybody");
            continue;
        };
        if !seen.insert(one.person) {
            wrong("waits twice");
        }
        if one.district != listed.row.district || one.class != listed.row.class {
            wrong("waits, but not there or not that ill");
        }
        if one.minutes != minutes_at_midnight(plan, listed.row) {
            wrong("has waited another time");
        }
        let (cause, mends) = match listed.fate {
            Fate::Held(cause) => (cause, held(cause)),
            Fate::Goes => judge.group(listed.group),
            Fate::Stays | Fate::Now | Fate::WithChild => {
                wrong("listed as waiting although not");
                continue;
            }
        };
        if cause == StayCause::VehicleTime && judge.stands_idle(listed.group) {
            wrong("waits although a vehicle of their district stands idle all day");
        }
        if one.cause != cause {
            wrong("waits for another cause");
        }
        if one.mends != mends {
            wrong("would be helped by something else");
        }
        if one.meant.is_none() && needs_ride(cause) && cause == one.cause {
            wrong("is said to lack a ride without a place");
        }
    }
    for (person, one) in &folk.all {
        let rides = places.of.contains_key(person) && !seen.contains(person);
        let waits = seen.contains(person);
        let lost = match one.fate {
            Fate::Goes => !rides && !waits,
            Fate::Held(_) => !waits,
            Fate::Stays | Fate::Now | Fate::WithChild => rides,
        };
        if lost {
            found.push(RunViolation::Person { person: *person, what: "neither travels nor waits" });
        }
    }
    let ranks = plan.waiting.iter().map(|one| folk.all.get(&one.person).map(|l| rank(l.row)));
    let ranks: Vec<_> = ranks.collect();
    if ranks.windows(2).any(|pair| pair[0] < pair[1]) {
        found.push(RunViolation::Unordered { list: "waiting people" });
    }
    cuts(plan, folk, found);
}

fn needs_ride(cause: StayCause) -> bool {
    use StayCause::{NoLane, NoSeatsTogether, NoVehicle, VehicleTime, VehiclesUnknown, WayTooLong};
    matches!(cause, NoLane | NoSeatsTogether | NoVehicle | VehicleTime | VehiclesUnknown | WayTooLong)
}

fn minutes_at_midnight(plan: &RunPlan, row: &levee_model::plan::runs::WaitingPerson) -> Option<u64> {
    // Whole minutes of the finding; what is left of its minute counts as waited.
    let found = row.since.date().at(row.since.hour(), row.since.minute(), 0, 0);
    let midnight = plan.day.tomorrow().ok()?.at(0, 0, 0, 0);
    let seconds = midnight.duration_since(found).as_secs();
    u64::try_from(seconds / 60).ok().filter(|_| seconds >= 0)
}

fn exempt(plan: &RunPlan, folk: &Folk<'_>, found: &mut Vec<RunViolation>) {
    let mut listed = plan.exempt.iter();
    for (person, one) in folk.all.iter().filter(|(_, one)| one.fate == Fate::Stays) {
        let decided = one.row.exemption.as_ref().map(|e| (e.ground, e.decided_by.as_ref()));
        let says = listed.next().map(|e| (e.person, Some((e.ground, Some(&e.decided_by)))));
        if says != Some((*person, decided)) {
            found.push(RunViolation::Person { person: *person, what: "not listed as exempt as they are" });
            return;
        }
    }
    if let Some(more) = listed.next() {
        found.push(RunViolation::Person { person: more.person, what: "listed as exempt although not" });
    }
}

fn held(cause: StayCause) -> Vec<RunRemedy> {
    use StayCause as S;
    match cause {
        S::GuardianUnknown | S::GuardianDoesNotTravel => vec![RunRemedy::NameGuardian],
        S::ExemptionUndecided => vec![RunRemedy::DecideExemption],
        S::HouseholdHeld => vec![RunRemedy::AskHousehold],
        S::Contradiction => vec![RunRemedy::Reconcile],
        S::NotYet => vec![RunRemedy::NextDay],
        _ => Vec::new(),
    }
}

/// District, facility (none = no place), ready minute, people by need and how many of them may go up.
type Case<'a> = (&'a PlaceCode, Option<&'a FacilityId>, u32, BTreeMap<(CareClass, Option<CareNeed>), (u64, u64)>);

struct Judge<'a, 'b> {
    facts: &'b Facts<'a>,
    folk: &'b Folk<'a>,
    places: &'b Places<'a>,
    /// Vehicles that make no run.
    idle: Vec<&'b Usable<'a>>,
    told: BTreeMap<Case<'b>, (StayCause, Vec<RunRemedy>)>,
}

impl<'a, 'b> Judge<'a, 'b> {
    /// Why a group that is to travel waits, and what would mend it.
    fn group(&mut self, group: Pseudonym) -> (StayCause, Vec<RunRemedy>) {
        let (folk, places) = (self.folk, self.places);
        let members = folk.groups.get(&group).into_iter().flatten().filter_map(|m| folk.all.get(m));
        let mut needs: BTreeMap<(CareClass, Option<CareNeed>), (u64, u64)> = BTreeMap::new();
        let mut district = None;
        for one in members {
            let count = needs.entry((one.row.class, one.row.care)).or_default();
            count.0 += 1;
            count.1 += u64::from(folk.may_go_up(one.row.person));
            district = Some(&one.row.district);
        }
        let Some(district) = district else { return (StayCause::NoPlace, Vec::new()) };
        let case = (district, places.of.get(&group).map(|has| has.facility), folk.ready(group), needs);
        if let Some(told) = self.told.get(&case) {
            return told.clone();
        }
        let told = match case.1 {
            Some(facility) => self.no_ride(district, facility, case.2, case.3.values().map(|n| n.0).sum()),
            None => self.no_place(district, &case.3),
        };
        self.told.insert(case, told.clone());
        told
    }

    /// Whether a vehicle of the group's own district makes no run and could fetch it. Asked of groups that are there all day.
    fn stands_idle(&self, group: Pseudonym) -> bool {
        let members = self.folk.groups.get(&group).map_or(0, Vec::len) as u64;
        let (Some(one), Some(has)) = (self.folk.all.get(&group), self.places.of.get(&group)) else { return false };
        let district = &one.row.district;
        let mut own = self.idle.iter().filter(|v| v.row.base == *district && v.seats >= members);
        self.folk.ready(group) == 0 && own.any(|v| could(v, self.facts, district, has.facility, 0))
    }

    fn no_place(
        &self,
        district: &PlaceCode,
        needs: &BTreeMap<(CareClass, Option<CareNeed>), (u64, u64)>,
    ) -> (StayCause, Vec<RunRemedy>) {
        let left = |class, care| -> u64 {
            let here = self.places.left.iter().filter(|(p, _)| p.0 == district && p.3 == class && p.4 == care);
            here.fold(0, |sum, (_, n)| sum.saturating_add(*n))
        };
        // Everybody in a place of their own, those who may go up in what is left above.
        let enough = needs.iter().all(|(&(class, care), &(people, may_go_up))| {
            let own = left(class, care);
            let fixed = people - may_go_up;
            if class == CareClass::Moderate {
                let from_below = needs.get(&(CareClass::Mild, care)).map_or(0, |&(people, up)| {
                    let spare = left(CareClass::Mild, care).saturating_sub(people - up);
                    up.saturating_sub(spare)
                });
                return own >= people + from_below;
            }
            let above = needs.get(&(CareClass::Moderate, care)).map_or(0, |n| n.0);
            let spare_above = left(CareClass::Moderate, care).saturating_sub(above);
            own >= fixed && may_go_up <= (own - fixed).saturating_add(spare_above)
        });
        let people = needs.iter().map(|((class, care), (count, _))| (*class, *care, *count)).collect();
        let places = RunRemedy::Places { district: district.clone(), people };
        match enough {
            true => (StayCause::NoPlaceTogether, vec![places, RunRemedy::AskHousehold]),
            false => (StayCause::NoPlace, vec![places]),
        }
    }

    fn no_ride(
        &self,
        district: &PlaceCode,
        facility: &FacilityId,
        ready: u32,
        people: u64,
    ) -> (StayCause, Vec<RunRemedy>) {
        let facts = self.facts;
        let Some((minutes, _, _)) = facts.lane(district, facility) else {
            return (StayCause::NoLane, vec![RunRemedy::Lanes { district: district.clone() }]);
        };
        let both_ways = minutes.saturating_add(minutes);
        let minutes = both_ways.saturating_add(facts.limits.load_minutes).saturating_add(facts.limits.unload_minutes);
        let more = RunRemedy::OneRun { district: district.clone(), facility: facility.clone(), seats: people, minutes };
        let near: Vec<&Usable<'_>> =
            facts.usable.values().filter(|v| facts.hop(&v.row.base, district).is_some()).collect();
        if near.is_empty() {
            if facts.unknown_bases.iter().any(|base| facts.hop(base, district).is_some()) {
                return (StayCause::VehiclesUnknown, vec![RunRemedy::ReportVehicles { district: district.clone() }]);
            }
            return (StayCause::NoVehicle, vec![more]);
        }
        // Vehicles alike in all that matters are asked once.
        let alike = |v: &&Usable<'_>| (v.row.base.clone(), v.row.kind, v.from, v.until, v.wheel);
        let large: BTreeMap<_, &Usable<'_>> =
            near.into_iter().filter(|v| v.seats >= people).map(|v| (alike(&v), v)).collect();
        if large.is_empty() {
            let mut mends = vec![RunRemedy::LargerVehicle { district: district.clone(), seats: people }];
            if people > 1 {
                mends.push(RunRemedy::AskHousehold);
            }
            return (StayCause::NoSeatsTogether, mends);
        }
        let any = |ready| large.values().any(|v| could(v, facts, district, facility, ready));
        if any(ready) {
            (StayCause::VehicleTime, vec![more, RunRemedy::NextDay])
        } else if ready > 0 && any(0) {
            (StayCause::WayTooLong, vec![RunRemedy::NextDay])
        } else {
            let relay = RunRemedy::Relay { district: district.clone(), facility: facility.clone() };
            (StayCause::WayTooLong, vec![relay])
        }
    }
}

/// Cuts are what the places of those without a ride sum to.
fn cuts(plan: &RunPlan, folk: &Folk<'_>, found: &mut Vec<RunViolation>) {
    let mut sums: BTreeMap<_, u64> = BTreeMap::new();
    for one in &plan.waiting {
        let (Some(meant), Some(listed)) = (&one.meant, folk.all.get(&one.person)) else { continue };
        let cause = match one.cause {
            StayCause::NoVehicle | StayCause::VehiclesUnknown => CutCause::Vehicles,
            StayCause::NoSeatsTogether => CutCause::Seats,
            StayCause::WayTooLong => CutCause::WayTooLong,
            StayCause::VehicleTime => CutCause::VehicleTime,
            _ => continue,
        };
        let place = (&one.district, &meant.facility, meant.level, meant.place_of, listed.row.care, cause);
        *sums.entry(place).or_default() += 1;
    }
    let expected: Vec<Cut> = sums
        .into_iter()
        .map(|((district, facility, level, class, care, cause), people)| Cut {
            day: plan.day,
            district: district.clone(),
            facility: facility.clone(),
            level,
            class,
            care,
            people: Persons::new(people),
            cause,
        })
        .collect();
    if plan.cuts != expected {
        found.push(RunViolation::Cuts);
    }
}
