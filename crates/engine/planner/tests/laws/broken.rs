//! Every field of a plan, broken on purpose, is caught.
//!
//! The plan is taken as JSON; each leaf is changed in several ways, each list loses or doubles each of its entries. What
//! still reads as a plan must be caught by the checker, but for the fields named here with the reason why.

use crate::city::{beds, day, fleet, inputs, lane, need};
use levee_check::check;
use levee_model::facility::Level;
use levee_model::plan::{CareClass, LaneMethod, Plan, PlanInputs};
use levee_model::provenance::Origin;
use levee_model::quantity::Beds;
use levee_model::report::VehicleKind;
use levee_planner::propose;
use serde_json::Value;
use std::collections::BTreeSet;

/// Four districts, six facilities, and one of every kind of trouble.
fn a_troubled_city() -> PlanInputs {
    let mut needs = vec![
        need("D1", 0, CareClass::Mild, 30, 0.0),
        need("D1", 1, CareClass::Mild, 0, 12.4),
        need("D1", 0, CareClass::Moderate, 4, 2.0),
        need("D1", 0, CareClass::Severe, 4, 0.0),
        need("D1", 1, CareClass::Critical, 2, 0.0),
        need("D2", 0, CareClass::Mild, 9, 2.5),
        need("D2", 2, CareClass::Critical, 0, 1.0),
        need("D3", 0, CareClass::Mild, 3, 0.0),
        need("D4", 0, CareClass::Mild, 6, 0.0),
        need("D1", 40, CareClass::Mild, 5, 0.0),
    ];
    needs[5].origin = Origin::Synthetic;
    let mut capacity = vec![
        beds("F1", Level::Makeshift, 12, 2),
        beds("F2", Level::Makeshift, 40, 10),
        beds("F2", Level::General, 6, 3),
        beds("F3", Level::Severe, 3, 1),
        beds("F3", Level::Critical, 2, 1),
        beds("F4", Level::Makeshift, 90, 0),
        beds("F5", Level::Makeshift, 90, 0),
        beds("F6", Level::Makeshift, 90, 0),
    ];
    capacity[1].staffed = Some(Beds::new(30));
    capacity[1].discharges = vec![Beds::new(2); 3];
    capacity[5].occupied = None;
    capacity[6].acceptance_until = None;
    let mut lanes = vec![
        lane("D1", "F1", 5),
        lane("D1", "F2", 20),
        lane("D1", "F3", 10),
        lane("D1", "F4", 3),
        lane("D1", "F5", 15),
        lane("D2", "F1", 8),
        lane("D2", "F2", 9),
        lane("D2", "F3", 30),
        lane("D4", "F6", 12),
    ];
    lanes[1].method = LaneMethod::GreatCircle;
    let fleets = vec![
        fleet("D1", VehicleKind::Coach, 1, 10, 2),
        fleet("D1", VehicleKind::Ambulance, 1, 1, 1),
        fleet("D4", VehicleKind::Coach, 1, 2, 1),
        fleet("D2", VehicleKind::NegativePressureAmbulance, 1, 1, 1),
    ];
    let mut city = inputs(needs, capacity, lanes, fleets);
    city.limits.days = 3;
    city
}

/// Every way of breaking `value` at or below it, with the path to the break.
fn breaks(value: &Value, path: &str, pool: &[Value]) -> Vec<(String, Value)> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, inner)| {
                breaks(inner, &format!("{path}/{name}"), pool).into_iter().map(|(path, broken)| {
                    let mut copy = fields.clone();
                    copy.insert(name.clone(), broken);
                    (path, Value::Object(copy))
                })
            })
            .collect(),
        Value::Array(items) => {
            let mut all = Vec::new();
            for (k, inner) in items.iter().enumerate() {
                for (path, broken) in breaks(inner, &format!("{path}/*"), pool) {
                    let mut copy = items.clone();
                    copy[k] = broken;
                    all.push((path, Value::Array(copy)));
                }
                let mut without = items.clone();
                without.remove(k);
                all.push((format!("{path}/* lost"), Value::Array(without)));
                let mut twice = items.clone();
                twice.insert(k, inner.clone());
                all.push((format!("{path}/* twice"), Value::Array(twice)));
            }
            all
        }
        Value::Number(n) => {
            let mut all = vec![];
            if let Some(n) = n.as_i64() {
                all.extend([n + 1, n - 1, n + 1_000_000].map(Value::from));
            } else if let Some(x) = n.as_f64() {
                all.push(Value::from(x / 2.0));
            }
            all.into_iter().map(|v| (path.to_owned(), v)).collect()
        }
        Value::String(_) | Value::Null => pool
            .iter()
            .filter(|v| *v != value && (kind(v) == kind(value) || v.is_null() || value.is_null()))
            .map(|v| (path.to_owned(), v.clone()))
            .collect(),
        Value::Bool(b) => vec![(path.to_owned(), Value::Bool(!b))],
    }
}

/// A date, an hour, a district, a facility or a word: only like is put in the place of like.
fn kind(value: &Value) -> &'static str {
    match value.as_str().map(|s| (s, s.as_bytes())) {
        None => "null",
        Some((s, _)) if s.starts_with("20") => "date",
        Some((s, _)) if s.contains(':') => "hour",
        Some((_, [b'D', ..])) => "district",
        Some((_, [b'F', ..])) => "facility",
        Some(_) => "word",
    }
}

/// Strings to put in the place of others: ids, days, hours, and words of every enumeration of a plan.
fn pool() -> Vec<Value> {
    let mut words = vec![Value::Null];
    for word in [
        "D1",
        "D2",
        "D9",
        "F1",
        "F2",
        "F3",
        "F4",
        "F9",
        "2022-11-22",
        "2022-11-23",
        "2022-11-24",
        "2022-12-30",
        "01:00:00",
        "03:30:00",
        "07:00:00",
        "23:30:00",
        "mild",
        "moderate",
        "severe",
        "critical",
        "makeshift",
        "general",
        "isolation",
        "reported",
        "derived",
        "synthetic",
        "beds",
        "staff",
        "equipment",
        "vehicles",
        "no_lane",
        "no_facility",
        "unknown_capacity",
        "not_accepted",
        "not_open",
        "physical",
        "staffed",
        "equipped",
        "coach",
        "ambulance",
        "negative_pressure_ambulance",
        "taxi",
        "dispatch",
        "nearest",
        "nearest_with_room",
        "nearer_full",
        "nearer_not_open",
        "lane_estimated",
        "life_saving",
        "waiting",
        "changes",
    ] {
        words.push(Value::from(word));
    }
    words
}

#[test]
fn whatever_is_broken_is_caught() {
    let city = a_troubled_city();
    let plan = propose(&city, 1);
    assert_eq!(check(&plan, &city), []);
    let whole = serde_json::to_value(&plan).unwrap();
    let (mut tried, mut survivors) = (0, BTreeSet::new());
    for (path, broken) in breaks(&whole, "", &pool()) {
        let Ok(broken) = serde_json::from_value::<Plan>(broken) else { continue };
        if broken == plan {
            continue;
        }
        tried += 1;
        if check(&broken, &city).is_empty() {
            survivors.insert(path);
        }
    }
    assert!(tried > 2_500, "only {tried} ways of breaking the plan were tried");
    let survivors: Vec<String> = survivors.into_iter().collect();
    // What the checker does not judge, by its own first page: the solver's record and what a remedy would save.
    insta::assert_snapshot!(survivors.join("\n"), @"
    /engine_version
    /seed
    /shortfalls/*/mends/* lost
    /shortfalls/*/mends/*/saves_person_days/*
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
    let text = serde_json::to_string(&propose(&a_troubled_city(), 1)).unwrap();
    for word in [
        "\"by\":\"fleet\"",
        "\"by\":\"unconfirmed\"",
        "\"by\":\"dispatch\"",
        "need_known",
        "need_forecast",
        "waited",
        "\"nearest\"",
        "nearer_full",
        "nearer_unknown",
        "nearer_not_accepted",
        "upgraded",
        "lane_estimated",
        "one_bed",
        "one_coach_seat",
        "\"cause\":\"vehicles\"",
        "\"cause\":\"no_lane\"",
        "need_outside_plan",
        "capacity_unknown",
        "not_accepted",
        "fleet_unknown",
        "no_lanes",
        "in_surge",
        "synthetic",
    ] {
        assert!(text.contains(word), "{word} is missing from {text}");
    }
    assert!(day(0) < day(1));
}
