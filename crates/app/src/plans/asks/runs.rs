//! What the planner of runs is asked: the people of tomorrow's orders, each district's vehicles one by one, and their hours.
//!
//! The city counts people; it does not name them. So the people of an order stand here as numbers 1, 2, 3 … in the order of
//! districts, and nothing is known of their households, guardians and exemptions: whoever dispatches asks before a run leaves.

use super::parameter;
use crate::day::Why;
use crate::day::known::KnownCity;
use crate::plans::counted::CountedRuns;
use jiff::civil::{Date, Time};
use levee_model::area::{Area, PlaceCode};
use levee_model::plan::runs::{Crew, Guardianship, Hop, RunInputs, RunLimits, RunVehicle, WaitingPerson};
use levee_model::plan::{CareClass, CareNeed, Fleet, Plan, PlanInputs};
use levee_model::provenance::Origin;
use levee_model::report::VehicleKind;
use levee_model::subject::Pseudonym;
use levee_planner::runs::RunSearch;
use levee_planner::{LaneMaker, great_circle_metres};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Districts nearby that a vehicle may help; the planner asks no more of them.
const NEAREST: usize = 6;

/// Vehicles of one district and kind that are told apart at most.
const FLEET_AT_MOST: u64 = 5_000;

/// People of one day who are told apart at most.
const PEOPLE_AT_MOST: u64 = 500_000;

/// When crews work. A vehicle with two crews changes them once; one crew alone works as long as its rest allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shifts {
    /// The first shift begins.
    pub from: Time,
    /// The only crew of a vehicle is back.
    pub alone_until: Time,
    /// The second crew takes over.
    pub change: Time,
    /// The second crew is back.
    pub until: Time,
    /// Minutes at the wheel in the days before, for the limit of seven days; `None` = not known, and no vehicle makes a run.
    pub driven_7d_minutes: Option<u32>,
    /// What it rests on.
    pub origin: Origin,
}

/// What is asked beside the orders, ways and fleets of the transfers of the same plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsAsked {
    /// The day.
    pub day: Date,
    /// When crews work.
    pub shifts: Shifts,
    /// Ways between neighbouring districts.
    pub hops: Vec<Hop>,
    /// Limits.
    pub limits: RunLimits,
}

/// What it is asked; or why it cannot be.
fn asked(known: &KnownCity, city: &PlanInputs, plan: &Plan) -> Result<RunsAsked, Why> {
    let day = city.start;
    let people = counted(plan, day).iter().map(|group| group.people).fold(0u64, u64::saturating_add);
    if people > PEOPLE_AT_MOST {
        let en = format!("{people} people on one day are more than runs can be made for ({PEOPLE_AT_MOST})");
        return Err(Why::new(format!("单日{people}人，超出可编排车次的上限{PEOPLE_AT_MOST}人"), en));
    }
    let value = |id: &str| parameter(known, id, day);
    let limits = RunLimits {
        from: city.limits.coach_from,
        until: city.limits.coach_until,
        curfew_from: hour(value("coach.curfew_from_hour")?),
        curfew_until: hour(value("coach.curfew_until_hour")?),
        drive_24h_minutes: minutes(value("driver.hours_per_24h")? * 60.0),
        drive_7d_minutes: minutes(value("driver.hours_per_7d")? * 60.0),
        continuous_minutes: minutes(value("driver.continuous_hours_day")? * 60.0),
        continuous_night_minutes: minutes(value("driver.continuous_hours_night")? * 60.0),
        break_minutes: minutes(value("driver.stop_minutes")?),
        load_minutes: minutes(value("transfer.load_minutes")?),
        ..RunLimits::default()
    };
    let rest = value("staff.rest_hours")?;
    let from = city.limits.coach_from;
    let driven = known.parameters.in_force("driver.driven_before_7d_hours", day).ok();
    let shifts = Shifts {
        from,
        // A day's work and its rest make a day.
        alone_until: later(from, (24.0 - rest).clamp(1.0, 16.0)),
        change: later(from, 8.0),
        until: later(from, 17.0),
        driven_7d_minutes: driven.map(|(_, hours)| minutes(hours * 60.0)),
        origin: driven.map_or(Origin::Reported, |(row, _)| row.origin),
    };
    Ok(RunsAsked { day, shifts, hops: hops(known, value("speed.coach_km_per_hour")?), limits })
}

/// What it is asked, and the runs.
pub(crate) fn planned(
    known: &KnownCity,
    city: &PlanInputs,
    plan: &Plan,
    seed: u64,
) -> Result<(RunsAsked, CountedRuns), Why> {
    let asked = asked(known, city, plan)?;
    let runs = levee_planner::runs::propose(&asked.inputs(city, plan), RunSearch::default(), seed);
    match CountedRuns::of(&runs) {
        Some(runs) => Ok((asked, runs)),
        None => Err(Why::new("车次无法按人数归并", "the runs speak of people who are not among those counted")),
    }
}

fn hour(value: f64) -> Time {
    later(Time::midnight(), value)
}

/// So many hours later on the same day, at 23:59 at the latest.
fn later(from: Time, hours: f64) -> Time {
    let all =
        (u32::from(from.hour().unsigned_abs()) * 60 + u32::from(from.minute().unsigned_abs()) + minutes(hours * 60.0))
            .min(23 * 60 + 59);
    let part = |n: u32| i8::try_from(n).unwrap_or(0);
    Time::new(part(all / 60), part(all % 60), 0, 0).unwrap_or(from)
}

fn minutes(value: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to less than a year")]
    let whole = if value.is_finite() { value.ceil().clamp(0.0, 500_000.0) as u32 } else { 0 };
    whole
}

/// Ways between each district and those nearest to it.
fn hops(known: &KnownCity, km_per_hour: f64) -> Vec<Hop> {
    let districts: Vec<&Area> = known.places.districts().collect();
    let mut pairs: BTreeMap<(&PlaceCode, &PlaceCode), u32> = BTreeMap::new();
    for one in &districts {
        let Some(a) = one.point else { continue };
        let mut near: Vec<(f64, &Area)> = districts
            .iter()
            .filter(|other| other.code != one.code)
            .filter_map(|other| Some((great_circle_metres(a, other.point?), *other)))
            .collect();
        near.sort_by(|x, y| x.0.total_cmp(&y.0).then_with(|| x.1.code.cmp(&y.1.code)));
        for (metres, other) in near.into_iter().take(NEAREST) {
            let way = minutes(metres * LaneMaker::DETOUR / 1_000.0 / km_per_hour * 60.0);
            pairs.insert(if one.code < other.code { (&one.code, &other.code) } else { (&other.code, &one.code) }, way);
        }
    }
    let hop = |((from, to), minutes): ((&PlaceCode, &PlaceCode), u32)| Hop {
        from: from.clone(),
        to: to.clone(),
        minutes,
        origin: Origin::Derived,
    };
    pairs.into_iter().map(hop).collect()
}

/// Counted people of one district, class and need beside the bed.
struct Group<'a> {
    district: &'a PlaceCode,
    class: CareClass,
    care: Option<CareNeed>,
    people: u64,
    origin: Origin,
}

/// The people of a day's orders and of life-saving care beyond the beds; by district, the most ill first.
fn counted(plan: &Plan, day: Date) -> Vec<Group<'_>> {
    type Key<'a> = (&'a PlaceCode, Reverse<CareClass>, Option<CareNeed>);
    let mut all: BTreeMap<Key<'_>, (u64, Origin)> = BTreeMap::new();
    let orders = plan.orders.iter().filter(|order| order.day == day);
    let orders = orders.map(|o| ((&o.from, Reverse(o.class), o.care), o.people.get(), o.origin));
    let surge = plan.surge.iter().filter(|surge| surge.day == day);
    let surge = surge.map(|s| ((&s.from, Reverse(s.class), s.care), s.people.get(), s.origin));
    for (key, people, origin) in orders.chain(surge) {
        let sum = all.entry(key).or_insert((0, Origin::Reported));
        *sum = (sum.0.saturating_add(people), sum.1.and(origin));
    }
    all.into_iter()
        .map(|((district, class, care), (people, origin))| Group { district, class: class.0, care, people, origin })
        .collect()
}

impl RunsAsked {
    /// The whole question, with the transfers that the runs carry out.
    pub fn inputs(&self, city: &PlanInputs, plan: &Plan) -> RunInputs {
        let quotas = levee_planner::runs::quotas(plan, self.day);
        let to: BTreeSet<_> = quotas.iter().map(|quota| &quota.facility).collect();
        let lanes = city.lanes.iter().filter(|lane| to.contains(&lane.facility)).cloned().collect();
        RunInputs {
            day: self.day,
            people: self.people(plan),
            lanes,
            hops: self.hops.clone(),
            vehicles: city.fleets.iter().flat_map(|fleet| self.vehicles(fleet)).collect(),
            limits: self.limits,
            quotas,
        }
    }

    /// The people of the day, numbered from 1; all of them wait when it begins, since no report says when they will be found.
    fn people(&self, plan: &Plan) -> Vec<WaitingPerson> {
        let mut number = 0;
        let mut all = Vec::new();
        for group in counted(plan, self.day) {
            for _ in 0..group.people.min(PEOPLE_AT_MOST.saturating_sub(number)) {
                number += 1;
                all.push(WaitingPerson {
                    person: Pseudonym::of_counted(number),
                    district: group.district.clone(),
                    class: group.class,
                    care: group.care,
                    vulnerable: false,
                    since: self.day.at(0, 0, 0, 0),
                    household: None,
                    parting_agreed: None,
                    guardianship: Guardianship::NotNeeded,
                    exemption: None,
                    origin: group.origin,
                });
            }
        }
        all
    }

    /// A fleet one by one. One whose vehicles, crews or seats nobody reported stands as one vehicle of which that is not known.
    fn vehicles(&self, fleet: &Fleet) -> Vec<RunVehicle> {
        let kind = match fleet.kind {
            VehicleKind::Ambulance => "ambulance",
            VehicleKind::NegativePressureAmbulance => "negative-pressure",
            VehicleKind::Coach => "coach",
            VehicleKind::Taxi => "taxi",
        };
        let vehicle = |number: u64, shift: &str, crew: Option<Crew>| {
            let id = format!("{}.{kind}-{number:04}{shift}", fleet.district).parse().ok()?;
            let (base, seats) = (fleet.district.clone(), fleet.seats);
            Some(RunVehicle { id, kind: fleet.kind, base, seats, crew, origin: fleet.origin.and(self.shifts.origin) })
        };
        let (Some(vehicles), Some(crews)) = (fleet.vehicles, fleet.crews) else {
            return vehicle(0, "", None).into_iter().collect();
        };
        let vehicles = vehicles.get().min(FLEET_AT_MOST);
        let crew = |from: Time, until: Time| {
            let driven_7d_minutes = self.shifts.driven_7d_minutes;
            // Crews keep their shift from day to day, so none of the day before lies within 24 hours of its end.
            let driven_24h_minutes = driven_7d_minutes.map(|_| 0);
            Some(Crew { from, until, driven_24h_minutes, driven_7d_minutes, limit_minutes: None })
        };
        let shifts = &self.shifts;
        let two = crews.saturating_sub(vehicles);
        (1..=vehicles.min(crews))
            .flat_map(|number| {
                if number <= two {
                    let early = vehicle(number, "-early", crew(shifts.from, shifts.change));
                    [early, vehicle(number, "-late", crew(shifts.change, shifts.until))]
                } else {
                    [vehicle(number, "", crew(shifts.from, shifts.alone_until)), None]
                }
            })
            .flatten()
            .collect()
    }
}
