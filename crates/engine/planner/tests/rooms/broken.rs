//! Every field of a plan of rooms, broken on purpose, is caught.
//!
//! The plan is taken as JSON; each leaf is changed in several ways, each list loses or doubles each of its entries.

use crate::breaks::Breaker;
use crate::city::{closed, day, draws, inputs, known, lane, open};
use levee_check::rooms::check;
use levee_model::plan::room_plan::RoomPlan;
use levee_model::plan::rooms::*;
use levee_model::provenance::Origin;
use levee_model::quantity::Rooms;
use levee_planner::rooms::{NODES, propose};
use serde_json::Value;
use std::collections::BTreeSet;

/// Four districts, ten sites, and one of every kind of trouble.
fn a_troubled_city() -> RoomInputs {
    let neighbours = || Serves::Districts(vec!["D1".parse().unwrap(), "D2".parse().unwrap()]);
    let mut sites = vec![
        open("S1", "D1", Serves::Own, 12),
        open("S2", "D2", neighbours(), 20),
        open("S3", "D3", Serves::City, 15),
        closed("S4", "D1", Serves::Own, 8, 2),
        closed("S5", "D2", neighbours(), 10, 3),
        closed("S6", "D3", Serves::City, 30, 1),
        closed("S7", "D3", Serves::Own, 9, 9),
        open("S8", "D4", Serves::Own, 20),
        open("S9", "D4", Serves::Own, 20),
        closed("S10", "D2", Serves::City, 25, 1),
        closed("S11", "D1", Serves::Own, 25, 3),
    ];
    sites[1].staffed = Some(Rooms::new(14));
    sites[5].origin = Origin::Synthetic;
    sites[7].certified = None;
    sites[8].acceptance_until = Some(day(0));
    sites[9].opening = Opening::Possible { lead_days: Some(1), staff: Some(60), price: 2 };
    let demand = draws(&["D1", "D2", "D3", "D4"], 3, 12, |k, d, t| {
        u32::try_from((k * (d + 3)) % 23 + 5 * t + if k == 7 { 60 } else { 4 * d }).unwrap()
    });
    let stated: Vec<KnownRooms> = (0..3).flat_map(|t| [known("D1", t, 9), known("D4", t, 80)]).collect();
    let mut city = inputs(Some(demand), stated, sites);
    city.days = 3;
    city.staff_free = vec![9, 10];
    city.policy = RoomPolicy { overflow_probability: 0.2, tail_room_days: 40 };
    city.lanes = vec![lane("D1", "S4", 3), lane("D1", "S5", 7), lane("D2", "S5", 5), lane("D3", "S6", 9)];
    let promise = |rooms: u64, came: Option<u64>, city: bool| RoomPromise {
        made_on: day(-9),
        day: day(-5),
        district: (!city).then(|| "D1".parse().unwrap()),
        rooms: Rooms::new(rooms),
        overflow_probability: 0.1,
        came: came.map(Rooms::new),
    };
    city.promises = vec![promise(5, Some(6), true), promise(5, None, true), promise(3, Some(2), false)];
    city
}

/// A date, a district, a site or a word: only like, or nothing, is put in the place of like.
fn like(a: &Value, b: &Value) -> bool {
    let kind =
        |v: &Value| v.as_str().map(|s| s.bytes().next().filter(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    a.is_null() || b.is_null() || kind(a) == kind(b)
}

#[test]
fn whatever_is_broken_is_caught() {
    let city = a_troubled_city();
    let plan = propose(&city, NODES);
    assert_eq!(check(&plan, &city), []);
    let whole = serde_json::to_value(&plan).unwrap();
    let pool: Vec<Value> = [
        "D1",
        "D3",
        "D9",
        "S1",
        "S3",
        "S4",
        "S6",
        "S9",
        "2022-11-21",
        "2022-11-23",
        "2022-11-25",
        "2022-12-30",
        "own",
        "city",
        "known",
        "promise",
        "tail",
        "not_proved",
        "no_site",
        "unknown",
        "not_accepted",
        "lead_time",
        "staff",
        "rooms",
        "price",
        "distance",
        "reported",
        "synthetic",
        "report",
        "acceptance",
        "open_earlier",
        "staff_to_open",
        "no_outlook",
        "staff_unknown",
        "site_contradicts",
    ]
    .into_iter()
    .map(Value::from)
    .chain([Value::Null])
    .collect();
    let (mut tried, mut survivors) = (0, BTreeSet::new());
    let breaker = Breaker { words: &pool, like, ordered: false };
    for (path, broken) in breaker.breaks(&whole) {
        let Ok(broken) = serde_json::from_value::<RoomPlan>(broken) else { continue };
        if broken == plan {
            continue;
        }
        tried += 1;
        if check(&broken, &city).is_empty() {
            survivors.insert(path);
        }
    }
    assert!(tried > 1_000, "only {tried} ways of breaking the plan were tried");
    // What the checker does not judge, by its own first page: whether all remedies are named, how low a bound is, and the record of
    // the solver.
    // A site named in a remedy may be any of which the remedy is true.
    insta::assert_snapshot!(survivors.into_iter().collect::<Vec<_>>().join("\n"), @"
    /shortfalls/*/mends/* lost
    /shortfalls/*/mends/*/site
    /solver/fell_back
    /solver/iterations
    /solver/name
    /solver/solves
    /tiers/*/bound
    ");
}

/// The plan above holds one of everything, so that breaking it tries everything.
#[test]
fn the_troubled_city_has_every_kind_of_trouble() {
    let text = serde_json::to_string(&propose(&a_troubled_city(), NODES)).unwrap();
    for word in [
        "\"opens_on\"",
        "\"districts\":[\"D1\",\"D2\"]",
        "\"serves\":\"city\"",
        "\"code\":\"promise\"",
        "\"of\":\"known\"",
        "\"of\":\"promise\"",
        "lead_time",
        "\"cause\":\"unknown\"",
        "one_room",
        "open_earlier",
        "staff_rooms",
        "\"remedy\":\"report\"",
        "\"remedy\":\"acceptance\"",
        "staff_to_open",
        "rooms_from_outside",
        "known_missing",
        "rooms_unknown",
        "no_lane",
        "synthetic",
        "\"broken\":1",
    ] {
        assert!(text.contains(word), "{word} is missing from {text}");
    }
}
