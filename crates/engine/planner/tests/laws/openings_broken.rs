//! Every field of a plan of openings, broken on purpose, is caught.

use crate::breaks::Breaker;
use crate::broken::{kind, pool};
use crate::city::{beds, day, fleet, inputs, lane, need};
use crate::openings::{any_openings, count, open, shut, team};
use levee_check::openings::{check, check_with_transfers};
use levee_model::facility::Level;
use levee_model::plan::*;
use levee_model::quantity::{Beds, Rooms};
use levee_model::report::VehicleKind;
use levee_planner::openings::{OpeningLimits, propose, propose_with_openings};
use proptest::strategy::{Strategy, ValueTree};
use serde_json::Value;
use std::collections::BTreeSet;

/// Four days; people wait for beds and rooms; sites of every kind, and one for every reason to leave it as it is.
pub(crate) fn a_city_that_must_open_sites() -> OpeningsInputs {
    let needs = vec![
        need("D1", 0, CareClass::Mild, 60, 0.0),
        need("D1", 1, CareClass::Mild, 0, 40.0),
        need("D2", 0, CareClass::Moderate, 9, 0.0),
        need("D2", 1, CareClass::Severe, 3, 0.0),
    ];
    let mut capacity = vec![
        beds("F1", Level::Makeshift, 20, 6),
        beds("F2", Level::General, 4, 1),
        beds("F2", Level::Severe, 1, 0),
        beds("F3", Level::Isolation, 8, 2),
        beds("F4", Level::Makeshift, 5, 5),
        beds("F5", Level::Makeshift, 30, 0),
        beds("F15", Level::Makeshift, 3, 1),
    ];
    capacity[4].discharges = vec![Beds::new(1); 4];
    let ways = ["D1", "D2"].into_iter().flat_map(|d| (1..17).map(move |f| lane(d, &format!("F{f}"), 5 + f)));
    let coaches = ["D1", "D2"].map(|d| fleet(d, VehicleKind::Coach, 3, 20, 2));
    let mut city = inputs(needs, capacity, ways.collect(), coaches.to_vec());
    city.limits.days = 4;
    let mut sites = vec![
        open("F4", "D1", 6, -20),
        open("F5", "D1", 4, -20),
        open("F1", "D1", 4, 1),
        open("F15", "D2", 8, -20),
        shut("F6", "D2", Level::Makeshift, 50, 9, 1),
        shut("F7", "D2", Level::Severe, 3, 5, 2),
        shut("F8", "D1", Level::Makeshift, 90, 40, 1),
        shut("F9", "D1", Level::Makeshift, 40, 3, 1),
        shut("F10", "D1", Level::Isolation, 20, 2, 1),
        shut("F11", "D1", Level::Makeshift, 40, 3, 9),
        shut("F12", "D1", Level::Critical, 4, 1, 1),
        shut("F13", "D1", Level::Makeshift, 0, 1, 1),
        shut("F14", "D1", Level::Makeshift, 30, 1, 1),
        shut("F2", "D1", Level::Makeshift, 30, 1, 1),
    ];
    sites[2].minimum_days_open = 9;
    sites[5].run_by = Some(vec![count(StaffKind::IntensiveCare, 2)]);
    sites[5].lead_days = Some(1);
    sites[7].acceptance_until = Some(day(2));
    sites[12].lead_days = None;
    let mut late = team("T3", StaffKind::IntensiveCare, 2);
    late.outside = true;
    late.from = day(2);
    let mut silent = team("T4", StaffKind::Nurse, 9);
    silent.people = None;
    let mut twice = [team("T5", StaffKind::Nurse, 9), team("T5", StaffKind::Nurse, 8)].to_vec();
    let mut staff = vec![team("T1", StaffKind::Nurse, 4), team("T2", StaffKind::Support, 8), late, silent];
    staff.append(&mut twice);
    let rooms = [("D1", 0, 30), ("D1", 9, 5)].map(|(d, on, rooms)| RoomsNeed {
        district: d.parse().unwrap(),
        day: day(on),
        rooms: Rooms::new(rooms),
        origin: levee_model::provenance::Origin::Reported,
    });
    OpeningsInputs { city, rooms: rooms.to_vec(), sites, staff }
}

#[test]
fn whatever_is_broken_is_caught() {
    let city = a_city_that_must_open_sites();
    let plan = propose(&city, 1);
    assert_eq!(check(&plan, &city), []);
    let mut words = pool();
    for word in
        ["physician", "nurse", "intensive_care", "support", "severe", "F6", "F9", "F4", "nothing_to_save", "not_tried"]
    {
        words.push(Value::from(word));
    }
    let whole = serde_json::to_value(&plan).unwrap();
    let (mut tried, mut survivors) = (0, BTreeSet::new());
    let breaker = Breaker { words: &words, like: |a, b| kind(a) == kind(b), ordered: false };
    for (path, broken) in breaker.breaks(&whole) {
        let Ok(broken) = serde_json::from_value::<OpeningsPlan>(broken) else { continue };
        if broken == plan {
            continue;
        }
        tried += 1;
        if check(&broken, &city).is_empty() {
            survivors.insert(path);
        }
    }
    assert!(tried > 1_000, "only {tried} ways of breaking the plan were tried");
    let survivors: Vec<String> = survivors.into_iter().collect();
    // What the checker does not judge, by its own first page: what decisions save, how good the plan is, the record of the solver.
    insta::assert_snapshot!(survivors.join("\n"), @r#"
    /closings/*/reasons/*/person_days/*
    /engine_version
    /left/*/because/code
    /left/*/because/saves_person_days/*
    /one_more_bed/* lost
    /one_more_bed/*/saves_person_days/*
    /openings/*/reasons/* lost
    /openings/*/reasons/*/class
    /openings/*/reasons/*/person_days
    /openings/*/reasons/*/person_days/*
    /seed
    /solver/fell_back
    /solver/flows
    /solver/iterations
    /solver/name
    /solver/nodes
    /tiers/*/bound
    /tiers/*/unchanged
    "#);
}

/// The plan above holds one of everything, so that breaking it tries everything; and people can read it.
#[test]
fn a_city_that_must_open_sites_says_why() {
    let city = a_city_that_must_open_sites();
    let all = propose_with_openings(&city, OpeningLimits::default(), 1);
    assert_eq!(check_with_transfers(&all.openings, &all.transfers, &city), []);
    let plan = all.openings;
    let mut said = Vec::new();
    for o in &plan.openings {
        said.push(format!("{} opens on {}: {:?}", o.facility, o.opens_on, o.reasons));
    }
    for c in &plan.closings {
        said.push(format!("{} closes on {}, {:?} move: {:?}", c.facility, c.closes_on, c.moved_out, c.reasons));
    }
    for l in &plan.left {
        said.push(format!("{} stays: {:?}", l.facility, l.because));
    }
    for b in &plan.one_more_bed {
        said.push(format!("one more bed: {} {:?} {:?}", b.facility, b.level, b.saves_person_days));
    }
    for t in &plan.tiers {
        said.push(format!("{:?}: {} (bound {:?}, unchanged {})", t.tier, t.value, t.bound, t.unchanged));
    }
    said.extend(plan.gaps.iter().map(|gap| format!("{gap:?}")));
    insta::assert_snapshot!(said.join("\n"), @r#"
    F10 opens on 2022-11-24: [Saves { person_days: [0, 0, 0, 60], staff_days: -11 }, Need { class: None, person_days: 60 }, AsEarlyAsLeadTimeLets { lead_days: 1 }]
    F12 opens on 2022-11-24: [Saves { person_days: [2, 8, 0, 0], staff_days: -8 }, Need { class: Some(Moderate), person_days: 8 }, AsEarlyAsLeadTimeLets { lead_days: 1 }]
    F6 opens on 2022-11-24: [Saves { person_days: [0, 0, 150, 0], staff_days: -32 }, Need { class: Some(Mild), person_days: 150 }, AsEarlyAsLeadTimeLets { lead_days: 1 }]
    F7 opens on 2022-11-25: [Saves { person_days: [0, 6, 0, 0], staff_days: -6 }, Need { class: Some(Moderate), person_days: 6 }, NoEarlierDayBetter]
    F15 closes on 2022-11-24, [(Makeshift, Persons(1))] move: [Saves { person_days: [0, 0, -11, 0], staff_days: 27 }, FreesStaff { staff: [StaffCount { kind: Nurse, people: 8 }, StaffCount { kind: Support, people: 1 }] }]
    F1 stays: MinimumDaysOpen
    F11 stays: LeadTimeTooLong { lead_days: 9 }
    F13 stays: NoBeds
    F14 stays: Unknown { missing: ["lead_days"] }
    F2 stays: Contradicts
    F4 stays: StillNeeded { saves_person_days: [0, 0, 26, 0] }
    F5 stays: StillNeeded { saves_person_days: [0, 0, 120, 0] }
    F8 stays: StaffShort { short: StaffCount { kind: Nurse, people: 40 }, saves_person_days: [0, 0, 12, 0] }
    F9 stays: NotAccepted { inspect_by: 2022-11-24, saves_person_days: Some([0, 0, 12, 0]) }
    one more bed: F2 General [0, 4, 0, 0]
    one more bed: F2 Severe [0, 4, 0, 0]
    one more bed: F7 Severe [0, 2, 0, 0]
    one more bed: F1 Makeshift [0, 0, 4, 0]
    one more bed: F4 Makeshift [0, 0, 4, 0]
    LifeSaving: 0 (bound Some(0), unchanged 6)
    Vulnerable: 14 (bound Some(14), unchanged 24)
    Waiting: 27 (bound Some(27), unchanged 166)
    Isolation: 36 (bound Some(36), unchanged 96)
    StaffDays: 114 (bound Some(114), unchanged 84)
    TeamUnknown { team: TeamId("T4"), kind: Nurse }
    TeamContradicts { team: TeamId("T5"), kind: Nurse }
    RoomsNeedUnusable { district: PlaceCode("D1"), day: 2022-12-02 }
    "#);
}

/// The properties mean something only if the random cities make sites open and close.
#[test]
fn the_random_sites_are_worth_deciding_about() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..400 {
        let inputs = any_openings().new_tree(&mut runner).unwrap().current();
        let plan = propose(&inputs, 0);
        let text = serde_json::to_string(&plan).unwrap();
        let mut count = |what: &'static str, so: bool| *seen.entry(what).or_insert(0u32) += u32::from(so);
        count("opens", !plan.openings.is_empty());

        count("opens isolation", plan.openings.iter().any(|o| o.beds.iter().any(|b| b.0 == Level::Isolation)));
        for word in ["staff_short", "not_accepted", "still_needed", "nothing_to_save", "minimum_days_open", "unknown"] {
            count(word, text.contains(word));
        }
        count("one more bed", !plan.one_more_bed.is_empty());
        count("an earlier tier decides", plan.tiers[0].value < plan.tiers[0].unchanged);
    }
    for (what, times) in &seen {
        assert!(*times >= 5, "{what}: only in {times} of 400 cities; all: {seen:?}");
    }
    println!("{seen:?}");
}
