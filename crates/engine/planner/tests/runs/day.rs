//! Small made-up days: rows for stories, random days for properties.

use jiff::civil::{Date, DateTime, date, time};
use levee_model::facility::Level;
use levee_model::plan::runs::*;
use levee_model::plan::{CareClass, CareNeed, Lane, LaneMethod};
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

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n.max(1)
    }
    fn small(&mut self, n: u64) -> i8 {
        i8::try_from(self.below(n)).unwrap()
    }
    fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()].clone()
    }
}

/// A random small day with every kind of trouble: contradictions, gaps, claims, children, families, night hours, unknown vehicles.
pub(crate) fn any_day(seed: u64) -> RunInputs {
    let r = &mut Random(seed);
    let origins = [Origin::Reported, Origin::Reported, Origin::Derived, Origin::Synthetic];
    let (districts, facilities) = (["D1", "D2", "D3"], ["F1", "F2", "F3"]);
    let cares = [None, None, None, None, Some(CareNeed::Dialysis), Some(CareNeed::Paediatrics)];
    let classes = [CareClass::Mild, CareClass::Mild, CareClass::Mild, CareClass::Moderate, CareClass::Moderate];
    let mut people = Vec::new();
    let home_of = |n: u64| (n / 3) % 3;
    for n in 0..r.below(26) {
        let mut one = person(
            n,
            districts[usize::try_from(home_of(n)).unwrap()],
            r.of(&classes),
            1 + i64::try_from(r.below(60)).unwrap(),
        );
        if r.once_in(25) {
            one.class = r.of(&[CareClass::Severe, CareClass::Critical]);
        }
        if r.once_in(50) {
            one.district = r.of(&districts).parse().unwrap();
        }
        if r.once_in(20) {
            one.since = at_hours(i64::try_from(r.below(27)).unwrap())
                .checked_add(jiff::Span::new().seconds(i64::try_from(r.below(4000)).unwrap()))
                .unwrap();
        }
        one.vulnerable = r.once_in(4);
        one.care = if r.once_in(4) { r.of(&cares) } else { None };
        if !r.once_in(3) {
            one.household = Some(pseudonym(1000 + n / 3));
        }
        if r.once_in(10) {
            one.parting_agreed = Some("lead-1".parse().unwrap());
        }
        one.guardianship = match r.below(30) {
            0 => Guardianship::Unknown,
            1..=9 => Guardianship::By { person: pseudonym(if r.once_in(12) { r.below(30) } else { n / 3 * 3 }) },
            _ => Guardianship::NotNeeded,
        };
        if r.once_in(25) {
            let ground = r.of(&[ExemptionGround::Carer, ExemptionGround::Refusal, ExemptionGround::Clinical]);
            let decided_by = (!r.once_in(3)).then(|| "lead-2".parse().unwrap());
            one.exemption = Some(Exemption { ground, decided_by });
        }
        one.origin = r.of(&origins);
        people.push(one.clone());
        if r.once_in(60) {
            if r.once_in(2) {
                one.class = r.of(&CareClass::ALL);
            }
            people.push(one);
        }
    }
    let mut quotas = Vec::new();
    for _ in 0..r.below(18) {
        let class = if r.once_in(8) { r.of(&CareClass::ALL) } else { r.of(&classes) };
        let levels = [
            class.level_needed(),
            class.level_needed(),
            class.level_needed(),
            class.level_needed(),
            Level::Severe,
            Level::Isolation,
            Level::General,
        ];
        let mut row = quota(r.of(&districts), r.of(&facilities), r.of(&levels), class, r.below(8));
        row.care = if r.once_in(4) { r.of(&cares) } else { None };
        row.over_capacity = r.once_in(10);
        row.origin = r.of(&origins);
        quotas.push(row);
    }
    let mut lanes = Vec::new();
    for d in districts {
        for f in facilities {
            if !r.once_in(8) {
                let longest = if r.once_in(4) { 300 } else { 90 };
                let mut row = lane(d, f, u32::try_from(1 + r.below(longest)).unwrap());
                row.origin = r.of(&origins);
                lanes.push(row);
            }
        }
    }
    if r.once_in(8) {
        lanes.push(lane(r.of(&districts), r.of(&facilities), 77));
    }
    let mut hops = Vec::new();
    for _ in 0..r.below(5) {
        let mut row = hop(r.of(&districts), r.of(&districts), u32::try_from(r.below(60)).unwrap());
        row.origin = r.of(&origins);
        hops.push(row);
    }
    let kinds = [VehicleKind::Coach, VehicleKind::Coach, VehicleKind::Taxi];
    let mut vehicles = Vec::new();
    for n in 0..r.below(7) {
        let mut kind = r.of(&kinds);
        if r.once_in(4) {
            kind = r.of(&[VehicleKind::Ambulance, VehicleKind::NegativePressureAmbulance]);
        }
        let mut row = vehicle(&format!("V{n}"), kind, r.of(&districts), r.below(9));
        let (from, until) = (r.small(12), 12 + r.small(12));
        let mut crew = crew(from, if r.once_in(8) { from } else { until });
        crew.driven_24h_minutes =
            (!r.once_in(12)).then(|| u32::try_from(r.below(400)).unwrap() * u32::from(r.once_in(3)));
        crew.driven_7d_minutes = (!r.once_in(12)).then(|| if r.once_in(4) { 2500 } else { 0 });
        crew.limit_minutes = r.once_in(6).then_some(180);
        row.crew = (!r.once_in(12)).then_some(crew);
        if r.once_in(12) {
            row.seats = None;
        }
        row.origin = r.of(&origins);
        vehicles.push(row.clone());
        if r.once_in(20) {
            row.base = r.of(&districts).parse().unwrap();
            vehicles.push(row);
        }
    }
    let mut limits = RunLimits::default();
    if r.once_in(3) {
        limits.from = time(r.small(8), r.small(60), 0, 0);
        limits.until = time(16 + r.small(8), 0, 0, 0);
        limits.continuous_minutes = u32::try_from(30 + r.below(200)).unwrap();
        limits.turnround_minutes = u32::try_from(r.below(40)).unwrap();
        limits.curfew_from = time(r.small(24), 0, 0, 0);
        limits.curfew_until = time(r.small(24), 0, 0, 0);
    }
    RunInputs { day: DAY, people, quotas, lanes, hops, vehicles, limits }
}
