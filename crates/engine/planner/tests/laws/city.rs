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

/// Two of the care needs: of all five, too few people would share one.
fn care() -> impl Strategy<Value = CareNeed> {
    prop_oneof![Just(CareNeed::Dialysis), Just(CareNeed::Paediatrics)]
}

fn care_or_none() -> impl Strategy<Value = Option<CareNeed>> {
    proptest::option::weighted(0.25, care())
}

fn a_need() -> impl Strategy<Value = Need> {
    let failed = proptest::bool::weighted(0.05);
    let people = (0..30u64, perhaps((0..30u32, 50..99u32)), failed);
    (0..4u8, -1..8i64, class(), care_or_none(), people, origin()).prop_map(
        |(d, on, class, care, (known, forecast, forecast_failed), origin)| Need {
            district: format!("D{d}").parse().unwrap(),
            day: day(on),
            class,
            care,
            known: Persons::new(known),
            forecast: forecast.map(|(people, quantile)| Forecast {
                people: ExpectedPersons::new(f64::from(people) * 0.7).unwrap(),
                // Hundredths, as outlooks state them; JSON keeps those to the bit.
                quantile: f64::from(quantile) / 100.0,
            }),
            forecast_failed,
            origin,
        },
    )
}

fn some_beds() -> impl Strategy<Value = Capacity> {
    let levels = [Level::Makeshift, Level::General, Level::Severe, Level::Critical, Level::Isolation];
    (
        (0..4u8, proptest::sample::select(levels.to_vec()), 0..60u64),
        (perhaps(0..60u64), perhaps(0..60u64), perhaps(0..60u64)),
        (proptest::collection::vec(0..6u64, 0..8), proptest::collection::vec((care(), perhaps(0..9u64)), 0..3)),
        (perhaps(-1..20i64), proptest::option::weighted(0.2, 0..8i64), proptest::option::weighted(0.2, 0..8i64)),
        origin(),
    )
        .prop_map(
            |(
                (f, level, physical),
                (staffed, equipped, occupied),
                (gone, services),
                (until, opens, closes),
                origin,
            )| {
                Capacity {
                    facility: format!("F{f}").parse().unwrap(),
                    level,
                    district: "D1".parse().unwrap(),
                    physical: Some(Beds::new(physical)),
                    staffed: staffed.map(Beds::new),
                    equipped: equipped.map(Beds::new),
                    occupied: occupied.map(|o| Beds::new(o / 2)),
                    discharges: gone.into_iter().map(Beds::new).collect(),
                    services: services
                        .into_iter()
                        .map(|(care, slots)| ServiceSlots { care, slots: slots.map(Beds::new) })
                        .collect(),
                    acceptance_until: until.map(day),
                    opens_on: opens.map(day),
                    closes_on: closes.map(day),
                    origin,
                }
            },
        )
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

const LEVELS: [Level; 4] = [Level::Makeshift, Level::General, Level::Severe, Level::Critical];

fn a_step_down() -> impl Strategy<Value = StepDown> {
    let level = || proptest::sample::select(LEVELS.to_vec());
    let down = prop_oneof![(2..4usize, 0..2usize).prop_map(|(a, b)| (LEVELS[a], LEVELS[b])), (level(), level()),];
    (0..4u8, down, proptest::collection::vec(0..5u64, 0..9), origin()).prop_map(|(f, (level, to), eligible, origin)| {
        StepDown {
            facility: format!("F{f}").parse().unwrap(),
            level,
            to,
            eligible: eligible.into_iter().map(Persons::new).collect(),
            origin,
        }
    })
}

fn a_standing_order() -> impl Strategy<Value = StandingOrder> {
    let level = prop_oneof![6 => Just(0usize), 2 => Just(1), 1 => 0..4usize];
    (-1..7i64, 0..4u8, class(), care_or_none(), 0..4u8, level, 0..9u64).prop_map(
        |(on, d, class, care, f, up, people)| {
            let needed = LEVELS.iter().position(|level| *level == class.level_needed()).unwrap();
            StandingOrder {
                day: day(on),
                from: format!("D{d}").parse().unwrap(),
                class,
                care,
                facility: format!("F{f}").parse().unwrap(),
                level: LEVELS[(needed + up) % 4],
                people: Persons::new(people),
            }
        },
    )
}

fn a_pin() -> impl Strategy<Value = Pin> {
    let place = || (0..4u8).prop_map(|d| format!("D{d}").parse().unwrap());
    let facility = || (0..5u8).prop_map(|f| format!("F{f}").parse().unwrap());
    prop_oneof![
        2 => (place(), facility(), proptest::option::of(class())).prop_map(|(from, facility, class)| {
            Pin::Forbid { from, facility, class }
        }),
        2 => (facility(), proptest::sample::select(LEVELS.to_vec()), 0..50u64).prop_map(|(facility, level, beds)| {
            Pin::Cap { facility, level, beds: Beds::new(beds) }
        }),
        4 => (a_standing_order(), any::<bool>()).prop_map(|(order, exactly)| Pin::Assign { order, exactly }),
        2 => (place(), class(), care_or_none()).prop_map(|(district, class, care)| {
            Pin::Priority { district, class, care }
        }),
    ]
}

/// Most orders speak of people and beds that are there: who and where are taken from the city, by number.
fn fit(order: &mut StandingOrder, city: &PlanInputs, (who, to, how): (usize, usize, u8)) {
    if how == 0 || city.needs.is_empty() {
        return;
    }
    let need = &city.needs[who % city.needs.len()];
    (order.from, order.class, order.care) = (need.district.clone(), need.class, need.care);
    order.day = need.day.max(city.start).saturating_add(jiff::Span::new().days(i64::from(how % 2)));
    let needed = LEVELS.iter().position(|level| *level == need.class.level_needed()).unwrap();
    order.level = LEVELS[(needed + usize::from(how == 3)).min(3)];
    let offers = |row: &&Capacity| need.care.is_none_or(|c| row.services.iter().any(|s| s.care == c)) || how == 5;
    let fit: Vec<_> = city.capacity.iter().filter(|row| row.level == order.level).filter(offers).collect();
    if !fit.is_empty() {
        order.facility = fit[to % fit.len()].facility.clone();
    }
    if how > 5 {
        order.people = Persons::new(1 + order.people.get() % 3);
    }
}

fn fitted(mut city: PlanInputs, seeds: &[(usize, usize, u8)]) -> PlanInputs {
    let mut revision = std::mem::take(&mut city.revision);
    let mut seeds = seeds.iter().copied().cycle();
    for order in revision.frozen.iter_mut().chain(&mut revision.issued) {
        fit(order, &city, seeds.next().unwrap());
    }
    for pin in &mut revision.pins {
        let seed = seeds.next().unwrap();
        match pin {
            Pin::Assign { order, .. } => fit(order, &city, seed),
            Pin::Forbid { from, facility, .. } if seed.2 > 1 && !city.lanes.is_empty() => {
                let lane = &city.lanes[seed.0 % city.lanes.len()];
                (*from, *facility) = (lane.from.clone(), lane.facility.clone());
            }
            Pin::Cap { facility, level, .. } if seed.2 > 1 && !city.capacity.is_empty() => {
                let row = &city.capacity[seed.0 % city.capacity.len()];
                (*facility, *level) = (row.facility.clone(), row.level);
            }
            _ => {}
        }
    }
    // An assignment on a forbidden way, now and then.
    let assigned = revision.pins.iter().find_map(|pin| match pin {
        Pin::Assign { order, .. } => Some((order.from.clone(), order.facility.clone())),
        _ => None,
    });
    if let (Some((a, b)), Some((_, _, 6..))) = (assigned, seeds.next()) {
        for pin in &mut revision.pins {
            if let Pin::Forbid { from, facility, .. } = pin {
                (*from, *facility) = (a.clone(), b.clone());
            }
        }
    }
    PlanInputs { revision, ..city }
}

fn decisions() -> impl Strategy<Value = Revision> {
    let orders = || proptest::collection::vec(a_standing_order(), 0..6);
    let some = (proptest::collection::vec(a_pin(), 0..12), orders(), orders());
    prop_oneof![
        1 => Just(Revision::default()),
        3 => some.prop_map(|(pins, frozen, issued)| Revision { pins, frozen, issued }),
    ]
}

/// Any city, contradictions and gaps included.
pub(crate) fn any_city() -> impl Strategy<Value = PlanInputs> {
    let wards = pairs()
        .into_iter()
        .map(|(f, l)| {
            some_beds().prop_map(move |row| Capacity {
                facility: format!("F{f}").parse().unwrap(),
                level: LEVELS[usize::from(l)],
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
        (
            proptest::collection::vec(a_step_down(), 0..8),
            decisions(),
            proptest::collection::vec((0..99usize, 0..99usize, 0..10u8), 23),
        ),
    )
        .prop_map(|(needs, capacity, lanes, fleets, (days, upgrade_levels), (step_downs, revision, seeds))| {
            let city = PlanInputs {
                start: START,
                needs,
                capacity,
                lanes,
                fleets,
                step_downs,
                revision,
                limits: PlanLimits { days, upgrade_levels, ..PlanLimits::default() },
            };
            fitted(city, &seeds)
        })
}
