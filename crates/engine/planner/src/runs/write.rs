//! Runs, causes, cuts and figures, as people read them.

use crate::runs::aid::times;
use crate::runs::clock::Times;
use crate::runs::people::{Fate, KINDS, Kinds, key, kind_of, may_go_up, whose};
use crate::runs::problem::{Problem, Site};
use crate::runs::schedule::{Roster, Trip};
use crate::runs::stay;
use crate::runs::turns::Meant as MeantPlaces;
use crate::runs::urgent::urgent;
use jiff::civil::{Date, DateTime, Time};
use levee_model::facility::Level;
use levee_model::plan::CareClass;
use levee_model::plan::runs::{
    Cut, Exempt, Meant, Passenger, PickUp, Run, RunFigures, RunInputs, RunPlan, Spread, StayCause, StillWaiting,
};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn write(
    inputs: &RunInputs,
    problem: &Problem<'_>,
    roster: &Roster,
    meant: &MeantPlaces,
    iterations: u64,
    seed: u64,
) -> RunPlan {
    let mut desk = Desk::new(problem);
    desk.seat(roster, meant);
    let runs = runs(problem, roster, &desk);
    let urgent = urgent(inputs, problem);
    let exempt = problem.people.rows.iter().filter(|l| l.fate == Fate::Exempt).filter_map(|l| {
        let exemption = l.row.exemption.as_ref()?;
        let decided_by = exemption.decided_by.clone()?;
        Some(Exempt { person: l.row.person, ground: exemption.ground, decided_by })
    });
    let exempt: Vec<Exempt> = exempt.collect();
    let waiting = waiting(inputs.day, problem, &desk, meant);
    let cuts = cuts(inputs.day, problem, &waiting);
    let figures = figures(inputs, problem, &runs, &waiting, &desk);
    RunPlan {
        day: inputs.day,
        urgent,
        runs,
        exempt,
        waiting,
        cuts,
        gaps: problem.gaps.iter().cloned().collect(),
        figures,
        origin: origin(inputs),
        iterations,
        engine_version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
    }
}

/// The place of each person: on a run, or meant for them.
struct Desk<'a, 'b> {
    problem: &'a Problem<'b>,
    /// `[district][site][kind]`: places not yet given, by level.
    left: Vec<Vec<[BTreeMap<Level, u64>; KINDS]>>,
    /// Person -> level and class of the place.
    place: BTreeMap<usize, (Level, CareClass)>,
}

impl<'a, 'b> Desk<'a, 'b> {
    fn new(problem: &'a Problem<'b>) -> Self {
        let left = problem.sites.iter().map(|sites| sites.iter().map(|s| s.levels.clone()).collect()).collect();
        Self { problem, left, place: BTreeMap::new() }
    }

    /// First everybody who needs a place of their own class, then those who may go up: only where their own is used up.
    fn seat(&mut self, roster: &Roster, meant: &MeantPlaces) {
        let riding = roster.trips.iter().flatten().flat_map(|trip| {
            let stops = trip.stops.iter();
            stops.flat_map(move |(d, groups)| groups.iter().map(move |g| (*d, trip.facility, *g)))
        });
        let mut all: Vec<(usize, usize, usize)> = riding
            .filter_map(|(d, f, g)| self.problem.sites[d].iter().position(|s| s.facility == f).map(|site| (g, d, site)))
            .collect();
        for (district, groups) in self.problem.groups.iter().enumerate() {
            all.extend(groups.iter().filter_map(|g| meant.site.get(g).map(|site| (*g, district, *site))));
        }
        all.sort_unstable();
        for up in [false, true] {
            for &(g, district, site) in &all {
                let group = &self.problem.people.groups[g];
                for &k in &group.members {
                    if may_go_up(&self.problem.people, group, k) == up {
                        self.take(district, site, k, up);
                    }
                }
            }
        }
    }

    fn take(&mut self, district: usize, site: usize, k: usize, up: bool) {
        let row = self.problem.people.row(k);
        let Some(own) = kind_of(row.class, row.care) else { return };
        for kind in own..=own + usize::from(up) {
            let free = self.left[district][site][kind].iter_mut().find(|(_, left)| **left > 0);
            if let Some((level, left)) = free {
                *left -= 1;
                self.place.insert(k, (*level, whose(kind).0));
                return;
            }
        }
    }

    /// Places of a district that nobody takes.
    fn unused(&self, district: usize) -> Kinds {
        let of = |kind: usize| self.left[district].iter().flat_map(move |site| site[kind].values());
        std::array::from_fn(|kind| of(kind).fold(0u64, |sum, n| sum.saturating_add(*n)))
    }
}

fn clock_time(minute: u32) -> Time {
    let part = |n: u32| i8::try_from(n).unwrap_or(0);
    Time::new(part(minute / 60 % 24), part(minute % 60), 0, 0).unwrap_or(Time::MIN)
}

fn runs(problem: &Problem<'_>, roster: &Roster, desk: &Desk<'_, '_>) -> Vec<Run> {
    let mut runs = Vec::new();
    for (car, trips) in roster.trips.iter().enumerate() {
        let Some((times, _)) = times(problem, car, trips) else { continue };
        runs.extend(trips.iter().zip(&times).map(|(trip, time)| run(problem, desk, car, trip, time)));
    }
    runs.sort_by(|a, b| (a.depart, &a.vehicle).cmp(&(b.depart, &b.vehicle)));
    runs
}

fn run(problem: &Problem<'_>, desk: &Desk<'_, '_>, car: usize, trip: &Trip, time: &Times) -> Run {
    let car = &problem.cars[car];
    let mut origin = car.row.origin;
    let mut at = car.base;
    let mut pick_ups = Vec::with_capacity(trip.stops.len());
    for ((district, groups), arrive) in trip.stops.iter().zip(&time.stops) {
        origin = origin.and(problem.hop_origin(at, *district));
        at = *district;
        let site = problem.sites[at].iter().find(|s| s.facility == trip.facility);
        origin = origin.and(site.map_or(Origin::Reported, |s| s.origin));
        let mut members: Vec<usize> =
            groups.iter().flat_map(|g| problem.people.groups[*g].members.iter().copied()).collect();
        members.sort_unstable();
        let people = members.iter().filter_map(|k| {
            origin = origin.and(problem.people.row(*k).origin);
            let (level, place_of) = *desk.place.get(k)?;
            Some(Passenger { person: problem.people.row(*k).person, level, place_of })
        });
        let people = people.collect();
        pick_ups.push(PickUp {
            district: problem.districts[at].clone(),
            arrive: clock_time(*arrive),
            depart: clock_time(arrive + problem.limits.load_minutes),
            people,
        });
    }
    origin = origin.and(problem.lane_origin(at, trip.facility)).and(problem.lane_origin(car.base, trip.facility));
    Run {
        vehicle: car.row.id.clone(),
        kind: car.row.kind,
        base: problem.districts[car.base].clone(),
        depart: clock_time(time.depart),
        pick_ups,
        facility: problem.facilities[trip.facility].clone(),
        arrive: clock_time(time.arrive),
        leave: clock_time(time.leave),
        back: clock_time(time.back),
        drive_minutes: time.wheel,
        seats: car.seats,
        origin,
    }
}

/// Minutes from `since` to a minute of the day; `None` when it lies after it.
fn minutes_since(since: DateTime, day: Date, minute: u32) -> Option<u64> {
    let days = since.date().until(day).ok()?.get_days();
    let time = since.time();
    // A part of a minute counts as waited.
    let of_day = i64::from(time.hour()) * 60 + i64::from(time.minute());
    u64::try_from(i64::from(days) * 24 * 60 + i64::from(minute) - of_day).ok()
}

fn waiting(day: Date, problem: &Problem<'_>, desk: &Desk<'_, '_>, meant: &MeantPlaces) -> Vec<StillWaiting> {
    let mut all = Vec::new();
    let mut add = |k: usize, cause: StayCause, place: Option<Meant>, mends: Vec<levee_model::plan::runs::RunRemedy>| {
        let row = problem.people.row(k);
        all.push(StillWaiting {
            person: row.person,
            district: row.district.clone(),
            class: row.class,
            cause,
            meant: place,
            mends,
            minutes: minutes_since(row.since, day, 24 * 60),
        });
    };
    for (k, one) in problem.people.rows.iter().enumerate() {
        if let Fate::Held(cause) = one.fate {
            add(k, cause, None, stay::held(cause));
        }
    }
    for (district, groups) in problem.groups.iter().enumerate() {
        let unused = desk.unused(district);
        for g in groups {
            let group = &problem.people.groups[*g];
            match meant.site.get(g) {
                Some(site) => {
                    let facility = problem.sites[district][*site].facility;
                    let (cause, mends) = stay::no_run(problem, district, facility, group);
                    for k in &group.members {
                        let place = desk.place.get(k).map(|(level, place_of)| Meant {
                            facility: problem.facilities[facility].clone(),
                            level: *level,
                            place_of: *place_of,
                        });
                        add(*k, cause, place, mends.clone());
                    }
                }
                // Somebody on a run has a place as well.
                None if group.members.iter().all(|k| desk.place.contains_key(k)) => {}
                None => {
                    let (cause, mends) = stay::no_place(problem, district, group, &unused);
                    for k in &group.members {
                        add(*k, cause, None, mends.clone());
                    }
                }
            }
        }
    }
    let order: BTreeMap<_, _> = problem.people.rows.iter().map(|l| (l.row.person, key(l.row))).collect();
    all.sort_by_key(|w| order.get(&w.person).copied());
    all
}

fn cuts(day: Date, problem: &Problem<'_>, waiting: &[StillWaiting]) -> Vec<Cut> {
    let needs: BTreeMap<_, _> = problem.people.rows.iter().map(|l| (l.row.person, l.row.care)).collect();
    let mut all: BTreeMap<Cut, u64> = BTreeMap::new();
    for one in waiting {
        if let (Some(place), Some(cause)) = (&one.meant, stay::cut_of(one.cause)) {
            let cut = Cut {
                day,
                district: one.district.clone(),
                facility: place.facility.clone(),
                level: place.level,
                class: place.place_of,
                care: needs.get(&one.person).copied().flatten(),
                people: Persons::ZERO,
                cause,
            };
            *all.entry(cut).or_default() += 1;
        }
    }
    all.into_iter().map(|(cut, people)| Cut { people: Persons::new(people), ..cut }).collect()
}

fn spread(mut minutes: Vec<u64>) -> Option<Spread> {
    minutes.sort_unstable();
    // Nearest rank: the smallest that so many tenths of all do not exceed.
    let rank = |tenths: usize| minutes.get((minutes.len() * tenths).div_ceil(10).saturating_sub(1)).copied();
    Some(Spread { median_minutes: rank(5)?, p90_minutes: rank(9)?, oldest_minutes: rank(10)? })
}

fn figures(
    inputs: &RunInputs,
    problem: &Problem<'_>,
    runs: &[Run],
    waiting: &[StillWaiting],
    desk: &Desk<'_, '_>,
) -> RunFigures {
    let index = |class: CareClass| CareClass::ALL.iter().position(|c| *c == class).unwrap_or(0);
    let count = |of: &dyn Fn(usize) -> bool| {
        let mut sums = [0u64; 4];
        for (k, one) in problem.people.rows.iter().enumerate() {
            sums[index(one.row.class)] += u64::from(of(k));
        }
        sums.map(Persons::new)
    };
    let fate = |k: usize| problem.people.rows[k].fate;
    let still: BTreeSet<_> = waiting.iter().map(|w| w.person).collect();
    let at: BTreeMap<_, _> = problem.people.rows.iter().map(|l| (l.row.person, l.row)).collect();
    let mut beds = Vec::new();
    for run in runs {
        let received = u32::from(run.arrive.hour().unsigned_abs()) * 60
            + u32::from(run.arrive.minute().unsigned_abs())
            + problem.limits.unload_minutes;
        let people = run.pick_ups.iter().flat_map(|p| &p.people);
        beds.extend(people.filter_map(|p| minutes_since(at.get(&p.person)?.since, inputs.day, received)));
    }
    let mut by_cause: BTreeMap<StayCause, u64> = BTreeMap::new();
    for one in waiting {
        *by_cause.entry(one.cause).or_default() += 1;
    }
    let together = |g: &&crate::runs::people::Group| {
        g.members.len() > 1
            && g.members.iter().all(|k| desk.place.contains_key(k) && !still.contains(&problem.people.row(*k).person))
    };
    RunFigures {
        all: count(&|_| true),
        urgent: count(&|k| fate(k) == Fate::Urgent),
        along: count(&|k| fate(k) == Fate::Along),
        on_runs: count(&|k| fate(k) == Fate::Travels && !still.contains(&problem.people.row(k).person)),
        exempt: count(&|k| fate(k) == Fate::Exempt),
        waiting: count(&|k| still.contains(&problem.people.row(k).person)),
        positive_to_bed: spread(beds),
        waiting_at_midnight: spread(waiting.iter().filter_map(|w| w.minutes).collect()),
        waiting_by_cause: by_cause.into_iter().map(|(cause, people)| (cause, Persons::new(people))).collect(),
        households_together: problem.people.groups.iter().filter(together).count() as u64,
        places: problem.sites.iter().flatten().flat_map(Site::places).map(Persons::new).sum(),
        drive_minutes: runs.iter().map(|r| u64::from(r.drive_minutes)).sum(),
        seats: runs.iter().map(|r| r.seats).sum(),
    }
}

fn origin(inputs: &RunInputs) -> Origin {
    let people = inputs.people.iter().map(|p| p.origin);
    let quotas = inputs.quotas.iter().map(|q| q.origin);
    let ways = inputs.lanes.iter().map(|l| l.origin).chain(inputs.hops.iter().map(|h| h.origin));
    let all = people.chain(quotas).chain(ways).chain(inputs.vehicles.iter().map(|v| v.origin));
    all.fold(Origin::Reported, Origin::and)
}
