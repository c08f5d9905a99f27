//! Small made-up days: rows for stories, random days for properties.

use jiff::civil::{Date, DateTime, date, time};
use levee_model::facility::Level;
use levee_model::plan::runs::*;
use levee_model::plan::{CareClass, Lane, LaneMethod};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_model::report::VehicleKind;
use levee_model::subject::Pseudonym;

pub(crate) const DAY: Date = date(2022, 11, 23);

pub(crate) fn pseudonym(n: u64) -> Pseudonym {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    Pseudonym::from_random(bytes)
}

/// Waits since so many hours before the day.
pub(crate) fn person(n: u64, district: &str, class: CareClass, hours: i64) -> WaitingPerson {
    WaitingPerson {
        person: pseudonym(n),
        district: district.parse().unwrap(),
        class,
        care: None,
        vulnerable: false,
        since: at_hours(-hours),
        household: None,
        parting_agreed: None,
        guardianship: Guardianship::NotNeeded,
        exemption: None,
        origin: Origin::Reported,
    }
}

pub(crate) fn at_hours(hours: i64) -> DateTime {
    DAY.at(0, 0, 0, 0).checked_add(jiff::Span::new().hours(hours)).unwrap()
}

pub(crate) fn quota(from: &str, facility: &str, level: Level, class: CareClass, people: u64) -> Quota {
    Quota {
        from: from.parse().unwrap(),
        facility: facility.parse().unwrap(),
        level,
        class,
        care: None,
        people: Persons::new(people),
        over_capacity: false,
        origin: Origin::Reported,
    }
}

pub(crate) fn lane(from: &str, to: &str, minutes: u32) -> Lane {
    Lane {
        from: from.parse().unwrap(),
        facility: to.parse().unwrap(),
        metres: u64::from(minutes) * 500,
        coach_minutes: minutes,
        ambulance_minutes: minutes,
        method: LaneMethod::RoadTable,
        origin: Origin::Reported,
    }
}

pub(crate) fn hop(from: &str, to: &str, minutes: u32) -> Hop {
    Hop { from: from.parse().unwrap(), to: to.parse().unwrap(), minutes, origin: Origin::Reported }
}

pub(crate) fn vehicle(id: &str, kind: VehicleKind, base: &str, seats: u64) -> RunVehicle {
    RunVehicle {
        id: id.parse().unwrap(),
        kind,
        base: base.parse().unwrap(),
        seats: Some(seats),
        crew: Some(crew(6, 22)),
        origin: Origin::Reported,
    }
}

pub(crate) fn crew(from: i8, until: i8) -> Crew {
    Crew {
        from: time(from, 0, 0, 0),
        until: time(until, 0, 0, 0),
        driven_24h_minutes: Some(0),
        driven_7d_minutes: Some(0),
        limit_minutes: None,
    }
}

pub(crate) fn inputs(
    people: Vec<WaitingPerson>,
    quotas: Vec<Quota>,
    lanes: Vec<Lane>,
    vehicles: Vec<RunVehicle>,
) -> RunInputs {
    RunInputs { day: DAY, people, quotas, lanes, hops: Vec::new(), vehicles, limits: RunLimits::default() }
}
