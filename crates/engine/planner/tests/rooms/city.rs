//! Small made-up cities and their isolation sites.

use jiff::civil::{Date, date};
use levee_model::plan::rooms::*;
use levee_model::provenance::Origin;
use levee_model::quantity::Rooms;
use proptest::prelude::*;

pub(crate) const START: Date = date(2022, 11, 23);

pub(crate) fn day(n: i64) -> Date {
    START.checked_add(jiff::Span::new().days(n)).unwrap()
}

pub(crate) fn open(site: &str, district: &str, serves: Serves, rooms: u64) -> RoomSite {
    RoomSite {
        site: site.parse().unwrap(),
        district: district.parse().unwrap(),
        serves,
        physical: Some(Rooms::new(rooms)),
        certified: Some(Rooms::new(rooms)),
        staffed: Some(Rooms::new(rooms)),
        occupied: Some(Rooms::ZERO),
        leaving: Vec::new(),
        acceptance_until: Some(day(60)),
        closes_on: None,
        opening: Opening::Open { from: None },
        origin: Origin::Reported,
    }
}

pub(crate) fn closed(site: &str, district: &str, serves: Serves, rooms: u64, lead: u16) -> RoomSite {
    RoomSite {
        staffed: None,
        occupied: None,
        opening: Opening::Possible { lead_days: Some(lead), staff: Some(rooms / 10 + 1), price: 1 },
        ..open(site, district, serves, rooms)
    }
}

pub(crate) fn lane(from: &str, site: &str, km: u64) -> RoomLane {
    RoomLane { from: from.parse().unwrap(), site: site.parse().unwrap(), metres: km * 1000, origin: Origin::Reported }
}

pub(crate) fn known(district: &str, on: i64, rooms: u64) -> KnownRooms {
    KnownRooms { district: district.parse().unwrap(), day: day(on), rooms: Rooms::new(rooms), origin: Origin::Reported }
}

/// Draws by a rule: (draw, district, day) -> rooms.
pub(crate) fn draws(
    names: &[&str],
    days: usize,
    draws: usize,
    rule: impl Fn(usize, usize, usize) -> u32,
) -> RoomDemand {
    let mut rooms = Vec::new();
    for k in 0..draws {
        for d in 0..names.len() {
            rooms.extend((0..days).map(|t| rule(k, d, t)));
        }
    }
    let districts = names.iter().map(|n| n.parse().unwrap()).collect();
    RoomDemand::new(RoomMeasure::InUse, districts, days, rooms, Origin::Derived).unwrap()
}

pub(crate) fn inputs(demand: Option<RoomDemand>, known: Vec<KnownRooms>, sites: Vec<RoomSite>) -> RoomInputs {
    RoomInputs {
        start: START,
        days: 7,
        demand,
        known,
        sites,
        lanes: Vec::new(),
        staff_free: vec![1_000],
        promises: Vec::new(),
        policy: RoomPolicy { overflow_probability: 0.05, tail_room_days: 1_000_000 },
    }
}

fn perhaps<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop_oneof![24 => value.prop_map(Some), 1 => Just(None)]
}

const NAMES: [&str; 4] = ["D1", "D2", "D3", "D4"];

fn serves() -> impl Strategy<Value = Serves> {
    prop_oneof![
        4 => Just(Serves::Own),
        3 => Just(Serves::City),
        2 => prop::sample::subsequence(NAMES.to_vec(), 0..=4)
            .prop_map(|some| Serves::Districts(some.iter().map(|d| d.parse().unwrap()).collect())),
    ]
}

prop_compose! {
    fn any_site()(
        (district, serves) in (prop_oneof![12 => 0..4usize, 1 => Just(4usize)], serves()),
        (physical, certified, staffed) in (perhaps(0u64..50), perhaps(0u64..50), perhaps(0u64..50)),
        (occupied, leaving) in (perhaps(0u64..20), prop::collection::vec(0u64..5, 0..4)),
        (acceptance, closes) in (perhaps(prop_oneof![6 => Just(9i64), 1 => -1i64..5]), prop_oneof![8 => Just(None), 1 => (0i64..5).prop_map(Some)]),
        opening in prop_oneof![
            2 => (-1i64..4).prop_map(|n| Opening::Open { from: (n > 0).then(|| day(n)) }),
            3 => (perhaps(0u16..6), perhaps(0u64..8), 0u64..4)
                .prop_map(|(lead_days, staff, price)| Opening::Possible { lead_days, staff, price }),
        ],
        origin in prop_oneof![8 => Just(Origin::Reported), 1 => Just(Origin::Synthetic)],
    ) -> RoomSite {
        let district = if district == 4 { "D9" } else { NAMES[district] };
        RoomSite {
            physical: physical.map(Rooms::new),
            certified: certified.map(Rooms::new),
            staffed: staffed.map(Rooms::new),
            occupied: occupied.map(Rooms::new),
            leaving: leaving.into_iter().map(Rooms::new).collect(),
            acceptance_until: acceptance.map(day),
            closes_on: closes.map(day),
            opening,
            origin,
            ..open("S0", district, serves, 0)
        }
    }
}

prop_compose! {
    pub(crate) fn any_city()(
        (districts, days, size, seed) in (1..=4usize, 1..=4usize, 1..=40usize, any::<u64>()),
        (scale, asked, none, additional, flagged) in (1..25u64, 1..=6u8, 0..12u8, any::<bool>(), 0..9u8),
        known in prop::collection::vec((0..4usize, -1i64..5, 0u64..15), 0..5),
        sites in prop::collection::vec((any_site(), 0..40usize), 0..9),
        lanes in prop::collection::vec((0..4usize, 0..7usize, 1u64..60), 0..12),
        staff_free in prop_oneof![2 => prop::collection::vec(0u64..20, 0..3), 2 => Just(vec![99u64])],
        (overflow_probability, tail_room_days) in (prop_oneof![3 => 0.02..0.6f64, 2 => Just(0.3), 1 => Just(f64::NAN)], prop_oneof![0u64..10, Just(1_000u64)]),
        promises in prop::collection::vec((0u64..9, perhaps(0u64..9), any::<bool>()), 0..4),
    ) -> RoomInputs {
        // A wave that all districts share, and what each has of its own.
        let mut state = seed;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 40
        };
        let mut rooms = Vec::new();
        for _ in 0..size {
            // Now and then a wave far higher than the others.
            let wave = if next() % 6 == 0 { 30 + next() % 40 } else { next() % scale };
            for _ in 0..districts {
                let own = next() % (scale / 2 + 1);
                rooms.extend((0..days as u64).map(|t| u32::try_from((wave + own) * (t + 2) / 4).unwrap()));
            }
        }
        let measure = if additional { RoomMeasure::Additional } else { RoomMeasure::InUse };
        let names = NAMES[..districts].iter().map(|n| n.parse().unwrap()).collect();
        let demand = RoomDemand::new(measure, names, days, rooms, Origin::Derived).unwrap();
        let demand = if flagged == 0 { demand.flagged() } else { demand };
        RoomInputs {
            start: START,
            days: asked,
            demand: (none > 0).then_some(demand),
            known: known.into_iter().map(|(d, t, n)| super::city::known(NAMES[d], t, n)).collect(),
            // Now and then two rows speak of one site.
            sites: sites
                .into_iter()
                .enumerate()
                .map(|(nth, (site, other))| {
                    let number = if other < 6 { other } else { nth };
                    RoomSite { site: format!("S{number}").parse().unwrap(), ..site }
                })
                .collect(),
            lanes: lanes.into_iter().map(|(d, s, km)| lane(NAMES[d], &format!("S{s}"), km)).collect(),
            staff_free,
            promises: promises
                .into_iter()
                .map(|(rooms, came, city)| RoomPromise {
                    made_on: START,
                    day: day(1),
                    district: (!city).then(|| "D1".parse().unwrap()),
                    rooms: Rooms::new(rooms),
                    overflow_probability: 0.1,
                    came: came.map(Rooms::new),
                })
                .collect(),
            policy: RoomPolicy { overflow_probability, tail_room_days },
        }
    }
}
