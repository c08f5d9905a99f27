//! Small made-up cities: a fixed one for stories, random ones for properties.

use jiff::civil::{Date, date};
use levee_model::facility::Level;
use levee_model::plan::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, ExpectedPersons, Persons, Vehicles};
use levee_model::report::VehicleKind;
use proptest::prelude::*;

pub(crate) const START: Date = date(2022, 11, 23);

pub(crate) fn day(n: i64) -> Date {
    START.checked_add(jiff::Span::new().days(n)).unwrap()
}

pub(crate) fn need(district: &str, on: i64, class: CareClass, known: u64, forecast: f64) -> Need {
    Need {
        district: district.parse().unwrap(),
        day: day(on),
        class,
        care: None,
        known: Persons::new(known),
        forecast: (forecast > 0.0).then(|| Forecast { people: ExpectedPersons::new(forecast).unwrap(), quantile: 0.9 }),
        forecast_failed: false,
        origin: Origin::Reported,
    }
}

pub(crate) fn beds(facility: &str, level: Level, beds: u64, occupied: u64) -> Capacity {
    Capacity {
        facility: facility.parse().unwrap(),
        level,
        district: "D1".parse().unwrap(),
        physical: Some(Beds::new(beds)),
        staffed: Some(Beds::new(beds)),
        equipped: Some(Beds::new(beds)),
        occupied: Some(Beds::new(occupied)),
        discharges: Vec::new(),
        services: Vec::new(),
        acceptance_until: Some(day(60)),
        opens_on: None,
        closes_on: None,
        origin: Origin::Reported,
    }
}

pub(crate) fn lane(from: &str, to: &str, km: u64) -> Lane {
    Lane {
        from: from.parse().unwrap(),
        facility: to.parse().unwrap(),
        metres: km * 1000,
        coach_minutes: u32::try_from(km * 2).unwrap(),
        ambulance_minutes: u32::try_from(km).unwrap(),
        method: LaneMethod::RoadTable,
        origin: Origin::Reported,
    }
}

pub(crate) fn fleet(district: &str, kind: VehicleKind, vehicles: u64, seats: u64, trips: u64) -> Fleet {
    Fleet {
        district: district.parse().unwrap(),
        kind,
        vehicles: Some(Vehicles::new(vehicles)),
        crews: Some(vehicles),
        seats: Some(seats),
        trips_per_day: Some(trips),
        origin: Origin::Reported,
    }
}

pub(crate) fn inputs(needs: Vec<Need>, capacity: Vec<Capacity>, lanes: Vec<Lane>, fleets: Vec<Fleet>) -> PlanInputs {
    PlanInputs {
        start: START,
        needs,
        capacity,
        lanes,
        fleets,
        step_downs: Vec::new(),
        revision: Revision::default(),
        limits: PlanLimits::default(),
    }
}

fn perhaps<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop_oneof![24 => value.prop_map(Some), 1 => Just(None)]
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![8 => Just(Origin::Reported), 1 => Just(Origin::Derived), 1 => Just(Origin::Synthetic)]
}

fn class() -> impl Strategy<Value = CareClass> {
    proptest::sample::select(&CareClass::ALL[..])
}

fn a_need() -> impl Strategy<Value = Need> {
    (0..4u8, -1..8i64, class(), 0..30u64, perhaps((0..30u32, 50..99u32)), origin()).prop_map(
        |(d, on, class, known, forecast, origin)| Need {
            district: format!("D{d}").parse().unwrap(),
            day: day(on),
            class,
            care: None,
            known: Persons::new(known),
            forecast: forecast.map(|(people, quantile)| Forecast {
                people: ExpectedPersons::new(f64::from(people) * 0.7).unwrap(),
                // Hundredths, as outlooks state them; JSON keeps those to the bit.
                quantile: f64::from(quantile) / 100.0,
            }),
            forecast_failed: false,
            origin,
        },
    )
}

fn some_beds() -> impl Strategy<Value = Capacity> {
    let levels = [Level::Makeshift, Level::General, Level::Severe, Level::Critical, Level::Isolation];
    (
        (0..4u8, proptest::sample::select(levels.to_vec()), 0..60u64),
        (perhaps(0..60u64), perhaps(0..60u64), perhaps(0..60u64)),
        proptest::collection::vec(0..6u64, 0..8),
        (perhaps(-1..20i64), proptest::option::weighted(0.2, 0..8i64), proptest::option::weighted(0.2, 0..8i64)),
        origin(),
    )
        .prop_map(|((f, level, physical), (staffed, equipped, occupied), gone, (until, opens, closes), origin)| {
            Capacity {
                facility: format!("F{f}").parse().unwrap(),
                level,
                district: "D1".parse().unwrap(),
                physical: Some(Beds::new(physical)),
                staffed: staffed.map(Beds::new),
                equipped: equipped.map(Beds::new),
                occupied: occupied.map(|o| Beds::new(o / 2)),
                discharges: gone.into_iter().map(Beds::new).collect(),
                services: Vec::new(),
                acceptance_until: until.map(day),
                opens_on: opens.map(day),
                closes_on: closes.map(day),
                origin,
            }
        })
}

fn a_lane() -> impl Strategy<Value = Lane> {
    (0..4u8, 0..4u8, 1..500u64, any::<bool>(), origin()).prop_map(|(d, f, km, table, origin)| Lane {
        from: format!("D{d}").parse().unwrap(),
        facility: format!("F{f}").parse().unwrap(),
        metres: km * 1000,
        coach_minutes: u32::try_from(km * 3).unwrap(),
        ambulance_minutes: u32::try_from(km).unwrap(),
        method: if table { LaneMethod::RoadTable } else { LaneMethod::GreatCircle },
        origin,
    })
}

fn a_fleet() -> impl Strategy<Value = Fleet> {
    let kinds = [
        VehicleKind::Coach,
        VehicleKind::Coach,
        VehicleKind::Ambulance,
        VehicleKind::NegativePressureAmbulance,
        VehicleKind::Taxi,
    ];
    (
        (0..4u8, proptest::sample::select(kinds.to_vec())),
        (perhaps(0..4u64), perhaps(1..4u64), perhaps(0..10u64), perhaps(1..3u64)),
        origin(),
    )
        .prop_map(|((d, kind), (vehicles, crews, seats, trips), origin)| Fleet {
            district: format!("D{d}").parse().unwrap(),
            kind,
            vehicles: vehicles.map(Vehicles::new),
            crews,
            seats,
            trips_per_day: trips,
            origin,
        })
}

/// Most of `rows` of every pair of a district (or facility) and something else, each seldom missing, and a few at random
/// besides: contradictions.
fn most<T: std::fmt::Debug + Clone>(
    every: Vec<impl Strategy<Value = T>>,
    share: f64,
    any: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<T>> {
    let every: Vec<_> = every.into_iter().map(|one| proptest::option::weighted(share, one)).collect();
    (every, prop_oneof![3 => Just(0usize), 1 => 1..3usize], proptest::collection::vec(any, 2))
        .prop_map(|(every, extra, any)| every.into_iter().flatten().chain(any.into_iter().take(extra)).collect())
}

fn pairs() -> Vec<(u8, u8)> {
    (0..4).flat_map(|a| (0..4).map(move |b| (a, b))).collect()
}

/// Any city, contradictions and gaps included.
pub(crate) fn any_city() -> impl Strategy<Value = PlanInputs> {
    let levels = [Level::Makeshift, Level::General, Level::Severe, Level::Critical];
    let wards = pairs()
        .into_iter()
        .map(|(f, l)| {
            some_beds().prop_map(move |row| Capacity {
                facility: format!("F{f}").parse().unwrap(),
                level: levels[usize::from(l)],
                ..row
            })
        })
        .collect();
    let ways = pairs()
        .into_iter()
        .map(|(d, f)| {
            a_lane().prop_map(move |row| Lane {
                from: format!("D{d}").parse().unwrap(),
                facility: format!("F{f}").parse().unwrap(),
                ..row
            })
        })
        .collect();
    let kinds = [VehicleKind::Coach, VehicleKind::Ambulance, VehicleKind::NegativePressureAmbulance];
    let vehicles = (0..4u8)
        .flat_map(|d| kinds.map(|kind| (d, kind)))
        .map(|(d, kind)| {
            a_fleet().prop_map(move |row| Fleet { district: format!("D{d}").parse().unwrap(), kind, ..row })
        })
        .collect();
    (
        proptest::collection::vec(a_need(), 0..40),
        most(wards, 0.4, some_beds()),
        most(ways, 0.8, a_lane()),
        most(vehicles, 0.6, a_fleet()),
        (1..9u8, 0..4u8),
    )
        .prop_map(|(needs, capacity, lanes, fleets, (days, upgrade_levels))| PlanInputs {
            start: START,
            needs,
            capacity,
            lanes,
            fleets,
            step_downs: Vec::new(),
            revision: Revision::default(),
            limits: PlanLimits { days, upgrade_levels, ..PlanLimits::default() },
        })
}
