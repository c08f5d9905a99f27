//! Every field of a plan, broken on purpose, is caught.
//!
//! The plan is taken as JSON; each leaf is changed in several ways, each list loses or doubles each of its entries. What still reads
//! as a plan must be caught by the checker, but for the fields named here with the reason why.

use crate::breaks::Breaker;
use crate::city::{duty, inputs, laboratory, lane, prevalence, site, span, team};
use levee_check::testing::check;
use levee_model::plan::testing::*;
use levee_model::provenance::Origin;
use levee_model::quantity::{Persons, Tubes};
use levee_planner::testing::propose;
use serde_json::Value;
use std::collections::BTreeSet;

/// Two districts with teams and laboratories too few, tubes from before, and a laboratory that nobody knows.
fn a_troubled_city() -> TestingInputs {
    let mut round = duty("round", "D1", TestClass::Screening, 900, span(8, 14), 12);
    round.resolved = Persons::new(25);
    round.origin = Origin::Synthetic;
    let mut far = duty("door", "D2", TestClass::Contact, 30, span(8, 12), 9);
    far.at_door = true;
    let waiting = |at: &str, hour: i32, tubes: u64, received: bool| WaitingTubes {
        at: at.parse().unwrap(),
        district: "D1".parse().unwrap(),
        class: TestClass::Institution,
        sampled_hour: hour,
        promise_minutes: 720,
        tubes: Tubes::new(tubes),
        people_per_tube: 5,
        received,
        origin: Origin::Reported,
    };
    let mut slow = laboratory("L2", "D2", 12, span(9, 20), 200);
    slow.batch = 8;
    slow.outages = vec![span(14, 15)];
    let mut unknown = laboratory("L3", "D2", 12, span(9, 20), 200);
    unknown.per_day = None;
    let mut door = team("T3", "D2", span(8, 12), 6);
    door.at_door = true;
    let limits = TestingLimits {
        sampling_hours: 24,
        laboratory_hours: 30,
        outside: Some(OutsideHelp { minutes: 60, turnaround_minutes: 120, from_hour: 10 }),
        ..TestingLimits::default()
    };
    TestingInputs {
        duties: vec![
            duty("contacts", "D1", TestClass::Contact, 90, span(8, 12), 6),
            duty("urgent", "D2", TestClass::Urgent, 12, span(9, 10), 3),
            round,
            far,
            duty("posts", "D2", TestClass::KeyPost, 70, span(6, 7), 24),
        ],
        sites: vec![site("S1", "D1", 2), site("S2", "D2", 3)],
        teams: vec![
            Team { count: 3, ..team("T1", "D1", span(8, 16), 40) },
            team("T2", "D1", span(10, 16), 80),
            door,
            team("T6", "D1", span(18, 24), 10),
            team("T4", "D2", span(9, 17), 40),
            team("T5", "D9", span(9, 17), 40),
        ],
        laboratories: vec![laboratory("L1", "D1", 14, span(0, 30), 120), slow, unknown],
        lanes: vec![lane("S1", "L1", 20), lane("S1", "L2", 50), lane("S2", "L2", 15), lane("S2", "L1", 45)],
        prevalence: vec![prevalence("D1", 0.01)],
        waiting: vec![waiting("L1", -4, 6, true), waiting("S1", -20, 3, false), waiting("S9", -2, 2, false)],
        issued: vec![IssuedTubes {
            site: "S1".parse().unwrap(),
            duty: "contacts".parse().unwrap(),
            laboratory: "L1".parse().unwrap(),
        }],
        limits,
        ..inputs()
    }
}

fn kind(value: &Value) -> &'static str {
    match value.as_str().map(|s| (s, s.as_bytes())) {
        None => "null",
        Some((s, _)) if s.starts_with("20") => "date",
        Some((_, [b'D', b'0'..=b'9', ..])) => "district",
        Some((_, [b'S' | b'L', b'0'..=b'9', ..])) => "facility",
        Some((_, [b'T', b'0'..=b'9', ..])) => "team",
        Some(_) => "word",
    }
}

/// What stands in a plan, and what could: strings to put in the place of others.
fn words() -> Vec<Value> {
    let mut words = vec![Value::Null];
    for word in [
        "D1",
        "D2",
        "S1",
        "S2",
        "S9",
        "L1",
        "L2",
        "L3",
        "T1",
        "T2",
        "T9",
        "2022-11-24",
        "contacts",
        "round",
        "nobody",
        "urgent",
        "recheck",
        "contact",
        "key_post",
        "screening",
        "single",
        "no_rule",
        "prevalence_unknown",
        "lost",
        "pending",
        "no_site",
        "no_team",
        "no_lane",
        "no_laboratory",
        "promise_too_short",
        "teams",
        "laboratories",
        "lane",
        "laboratory_hours",
        "safety",
        "distance",
        "reported",
        "derived",
        "synthetic",
        "clustering",
        "dilution",
        "",
    ] {
        words.push(Value::from(word));
    }
    words
}

/// Fields that the checker lets pass, and why.
const LEFT_OPEN: [(&str, &str); 9] = [
    (
        "/ask/by_hour/*/*",
        "in which free hour an outside laboratory loads is its own business; sums and ends are judged",
    ),
    ("/solver/iterations", "the solver's own record"),
    ("/solver/solves", "the solver's own record"),
    ("/solver/name", "any back end may have made it"),
    ("/solver/fell_back", "the solver's own record"),
    ("/engine_version", "any version may have made it"),
    ("/seed", "kept for the record; nothing is drawn"),
    ("/tiers/*/bound", "a bound below the value cannot be refuted without solving"),
    ("/ask/with/*", "what outside help would bring is not judged"),
];

#[test]
fn every_field_of_a_plan_matters() {
    let city = a_troubled_city();
    let plan = propose(&city, 0);
    assert_eq!(check(&plan, &city), []);
    assert!(plan.proof.is_some() && plan.ask.is_some() && !plan.reserves.is_empty() && !plan.waves.is_empty());
    assert!(plan.totals.lost.get() > 0 && plan.totals.pending.get() > 0 && plan.totals.helped.get() > 0);
    let whole = serde_json::to_value(&plan).unwrap();
    let (mut tried, mut passed) = (0, BTreeSet::new());
    let breaker = Breaker { words: &words(), like: |a, b| kind(a) == kind(b), ordered: false };
    for (path, broken) in breaker.breaks(&whole) {
        let Ok(broken) = serde_json::from_value::<TestingPlan>(broken) else { continue };
        if broken == plan {
            continue;
        }
        tried += 1;
        if check(&broken, &city).is_empty() && !LEFT_OPEN.iter().any(|(open, _)| *open == path) {
            passed.insert(path);
        }
    }
    assert!(tried > 2000, "only {tried} breaks");
    assert_eq!(passed, BTreeSet::new(), "of {tried}");
}
