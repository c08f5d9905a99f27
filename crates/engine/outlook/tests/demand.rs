//! Demand: what the coming infections will need.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "helpers of tests may stop a test"
)]

mod common;

use common::{day, growing, known, place, series, until, vintage};
use levee_model::parameter::{Parameter, Parameters};
use levee_model::plan::CareClass;
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use levee_outlook::demand::{Assumptions, Demand, InCare, Kind, Present, Role, Unusable, demand};
use levee_outlook::{Config, Outlook, Vintage, outlook};
use proptest::prelude::*;
use std::fmt::Write as _;

const TABLE: &[(&str, f64)] = &[
    ("class_share.makeshift", 0.90),
    ("class_share.general", 0.08),
    ("class_share.severe", 0.015),
    ("class_share.critical", 0.005),
    ("class_share.concentration_persons", 1000.0),
    ("stay.makeshift_days", 7.0),
    ("stay.general_days", 9.0),
    ("stay.severe_days", 14.0),
    ("stay.critical_days", 18.0),
    ("stay.makeshift_sd_days", 2.5),
    ("stay.general_sd_days", 4.0),
    ("stay.severe_sd_days", 7.0),
    ("stay.critical_sd_days", 9.0),
    ("stay.isolation_days", 5.0),
    ("isolation.contacts_per_infection", 3.0),
    ("isolation.contacts_size", 0.5),
    ("testing.round_every_days", 2.0),
    ("testing.round_share", 0.9),
    ("testing.persons_per_tube", 10.0),
    ("testing.contact_tests_per_day", 1.0),
    ("oxygen.makeshift_litres_per_minute", 0.0),
    ("oxygen.general_litres_per_minute", 0.5),
    ("oxygen.severe_litres_per_minute", 10.0),
    ("oxygen.critical_litres_per_minute", 30.0),
    ("staff.doctors_per_100_makeshift_beds", 1.0),
    ("staff.doctors_per_100_general_beds", 4.0),
    ("staff.doctors_per_100_severe_beds", 10.0),
    ("staff.doctors_per_100_critical_beds", 20.0),
    ("staff.nurses_per_100_makeshift_beds", 3.0),
    ("staff.nurses_per_100_general_beds", 10.0),
    ("staff.nurses_per_100_severe_beds", 30.0),
    ("staff.nurses_per_100_critical_beds", 60.0),
    ("staff.stewards_per_100_rooms", 5.0),
    ("staff.swabs_per_sampler_shift", 500.0),
    ("staff.contacts_per_tracer_shift", 15.0),
    ("staff.care_shifts_per_day", 4.0),
    ("staff.field_shifts_per_day", 2.0),
];

/// The table with some rows replaced (`Some`) or taken out (`None`).
fn assumptions(changes: &[(&str, Option<f64>)]) -> Assumptions {
    let mut table: std::collections::BTreeMap<&str, f64> = TABLE.iter().copied().collect();
    for (id, value) in changes {
        match value {
            Some(value) => table.insert(id, *value),
            None => table.remove(id),
        };
    }
    let rows = table.into_iter().map(|(id, value)| Parameter {
        id: id.parse().unwrap(),
        version: 1,
        value: Some(value),
        low: None,
        high: None,
        unit: "as its name says".into(),
        effective_from: None,
        source: "test".into(),
        origin: Origin::Synthetic,
    });
    Assumptions::read(&Parameters::new(rows.collect()), day(0))
}

/// Two districts that report daily and one that borrows from the city.
fn city() -> (Vintage, Outlook) {
    let (a, b) = (growing(0.05, 120.0, 40), growing(0.02, 60.0, 40));
    let mut c = series("c", &[]);
    let sum = |extra: u64| a.iter().zip(&b).map(|(a, b)| Some(a.unwrap() + b.unwrap() + extra)).collect::<Vec<_>>();
    c.observations.push(until(1, 12, 8));
    let mut all = vec![series("city", &sum(20)), series("a", &a), series("b", &b), c];
    for one in &mut all {
        one.population = Some(Persons::new(500_000));
    }
    all[0].observations.push(until(1, 12, 90));
    all[1].observations.push(until(1, 12, 55));
    all[2].observations.push(until(1, 12, 27));
    let vintage = vintage(all);
    let config = Config { paths: 400, seed: 3, ..Config::default() };
    let outlook = outlook(&vintage, &config).unwrap();
    (vintage, outlook)
}

/// A city with two districts that report daily, and one whose lists leave people over that no district accounts for.
fn that_adds_up() -> [(Vintage, Outlook); 2] {
    // Enough that on every path somebody is found whom no list ascribes to a district.
    let (a, b) = (growing(0.05, 1_200.0, 40), growing(-0.03, 600.0, 40));
    let sum: Vec<_> = a.iter().zip(&b).map(|(a, b)| Some(a.unwrap() + b.unwrap())).collect();
    let own = vintage(vec![series("city", &sum), series("a", &a), series("b", &b)]);
    let mut borrow = vintage(vec![series("city", &sum), series("a", &[]), series("b", &[])]);
    borrow.series[0].observations.push(until(1, 12, 90));
    borrow.series[1].observations.push(until(1, 12, 40));
    borrow.series[2].observations.push(until(1, 12, 20));
    [own, borrow].map(|vintage| {
        let outlook = outlook(&vintage, &Config { paths: 300, seed: 3, ..Config::default() }).unwrap();
        (vintage, outlook)
    })
}

fn run(assumed: &Assumptions) -> (Outlook, Demand) {
    let (vintage, outlook) = city();
    let demand = demand(&vintage, &outlook, &InCare::default(), assumed, 3).unwrap();
    (outlook, demand)
}

fn drawn(demand: &Demand, code: &str, kind: Kind, ahead: usize) -> Vec<f64> {
    demand.draws(&place(code), kind, ahead).unwrap().unwrap()
}

#[test]
fn what_a_reader_gets() {
    let (_, demand) = run(&assumptions(&[]));
    let mut table = String::new();
    for kind in Kind::all() {
        let at = |ahead| demand.quantiles(&place("city"), kind, ahead, &[0.1, 0.5, 0.9]).unwrap().unwrap();
        let row = |q: Vec<f64>| format!("{:.0} ({:.0} to {:.0})", q[1], q[0], q[2]);
        writeln!(table, "{kind:?}: {}; {}", row(at(0)), row(at(13))).unwrap();
    }
    insta::assert_snapshot!(table, @"
Found(Mild): 170 (130 to 220); 90 (29 to 411)
Found(Moderate): 15 (9 to 21); 8 (2 to 39)
Found(Severe): 3 (1 to 5); 1 (0 to 7)
Found(Critical): 1 (0 to 2); 0 (0 to 3)
Transfers: 188 (145 to 239); 99 (32 to 456)
ContactTransfers: 560 (410 to 765); 280 (90 to 1477)
Beds(Mild): 1146 (1100 to 1198); 854 (393 to 2289)
Beds(Moderate): 124 (103 to 147); 104 (53 to 261)
Beds(Severe): 32 (21 to 46); 33 (17 to 67)
Beds(Critical): 12 (5 to 23); 14 (5 to 31)
Rooms: 2830 (2607 to 3078); 1842 (714 to 5982)
Swabs: 227830 (227607 to 228078); 226842 (225714 to 230982)
Tubes: 25330 (25107 to 25578); 24342 (23214 to 28482)
Oxygen: 777 (512 to 1125); 797 (438 to 1634)
OnDuty(Doctor): 22 (20 to 25); 19 (10 to 44)
OnDuty(Nurse): 64 (58 to 72); 54 (29 to 127)
OnDuty(Steward): 142 (130 to 154); 92 (36 to 299)
OnDuty(Sampler): 228 (228 to 228); 227 (226 to 231)
OnDuty(Tracer): 19 (14 to 26); 9 (3 to 49)
");
}

#[test]
fn everybody_found_has_one_class_and_the_city_is_the_sum_of_its_districts_on_every_path() {
    let (outlook, demand) = run(&assumptions(&[]));
    for code in ["a", "b", "c"] {
        for (k, path) in outlook.draws.of(&place(code)).unwrap().iter().enumerate().step_by(37) {
            for (ahead, found) in path.iter().enumerate() {
                let classes: f64 = CareClass::ALL.iter().map(|c| drawn(&demand, code, Kind::Found(*c), ahead)[k]).sum();
                assert_eq!(classes.round() as u64, *found);
            }
        }
    }
    for (nth, (vintage, outlook)) in that_adds_up().iter().enumerate() {
        let demand = levee_outlook::demand::demand(vintage, outlook, &InCare::default(), &assumptions(&[]), 3).unwrap();
        for kind in [Kind::Beds(CareClass::Mild), Kind::Rooms, Kind::Transfers, Kind::ContactTransfers] {
            let city = drawn(&demand, "city", kind, 9);
            let parts = ["a", "b"].map(|code| drawn(&demand, code, kind, 9));
            for k in 0..demand.paths() {
                let sum: f64 = parts.iter().map(|p| p[k]).sum();
                // What no list ascribes to a district is the city's alone.
                assert!(
                    if nth == 0 { sum.total_cmp(&city[k]).is_eq() } else { sum < city[k] },
                    "{nth} {kind:?} {sum} {}",
                    city[k]
                );
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_draws_and_a_path_keeps_its_own() {
    let (vintage, outlook) = city();
    let assumed = assumptions(&[]);
    let again = |seed| demand(&vintage, &outlook, &InCare::default(), &assumed, seed).unwrap();
    assert_eq!(again(3), again(3));
    assert_ne!(again(3), again(4));
}

#[test]
fn beds_hold_who_was_found_as_long_as_they_stay() {
    // Everybody stays exactly 3 days and has one class: beds are sums of three days' counts, past days included.
    let sure = [
        ("class_share.makeshift", Some(1.0)),
        ("class_share.general", Some(0.0)),
        ("class_share.severe", Some(0.0)),
        ("class_share.critical", Some(0.0)),
        ("stay.makeshift_days", Some(3.0)),
        ("stay.makeshift_sd_days", Some(0.0)),
    ];
    let (outlook, demand) = run(&assumptions(&sure));
    let past = [growing(0.05, 120.0, 40)[38].unwrap(), growing(0.05, 120.0, 40)[39].unwrap()];
    let beds: Vec<Vec<f64>> = (0..28).map(|d| drawn(&demand, "a", Kind::Beds(CareClass::Mild), d)).collect();
    for (k, path) in outlook.draws.of(&place("a")).unwrap().iter().enumerate() {
        let all: Vec<u64> = past.iter().chain(path).copied().collect();
        for (ahead, beds) in beds.iter().enumerate() {
            assert_eq!(beds[k].round() as u64, all[ahead..ahead + 3].iter().sum::<u64>());
        }
    }
}

#[test]
fn whoever_worsens_lies_a_level_lower_first() {
    let base = [
        ("class_share.makeshift", Some(0.0)),
        ("class_share.general", Some(0.0)),
        ("class_share.severe", Some(0.0)),
        ("class_share.critical", Some(1.0)),
    ];
    let slow =
        [base.as_slice(), &[("progress.to_severe_days", Some(4.0)), ("progress.to_critical_days", Some(3.0))]].concat();
    let (outlook, at_once) = run(&assumptions(&base));
    let (_, slowly) = run(&assumptions(&slow));
    let beds = |d: &Demand, class| drawn(d, "a", Kind::Beds(class), 10);
    assert!(beds(&at_once, CareClass::Moderate).iter().all(|n| *n == 0.0));
    // Those found in the last four days wait in a general ward, those of the three days before are severe.
    for (k, path) in outlook.draws.of(&place("a")).unwrap().iter().enumerate() {
        assert_eq!(beds(&slowly, CareClass::Moderate)[k].round() as u64, path[7..=10].iter().sum::<u64>());
        assert_eq!(beds(&slowly, CareClass::Severe)[k].round() as u64, path[4..=6].iter().sum::<u64>());
        // Moves on this day: first beds, to severe, to critical.
        let moved = path[10] + path[6] + path[3];
        assert_eq!(drawn(&slowly, "a", Kind::Transfers, 10)[k].round() as u64, moved);
    }
}

#[test]
fn people_reported_in_care_are_there_and_leave() {
    let (vintage, outlook) = city();
    let assumed = assumptions(&[]);
    let reported = InCare { by_level: [Some(4_000), Some(300), Some(60), Some(20)], total: None };
    let with = demand(&vintage, &outlook, &reported, &assumed, 3).unwrap();
    assert_eq!(with.present(&place("city")), Some(&Present::Reported { by_level: true }));
    // On the first day those there and those who come are in beds, less those who leave: about one in ten.
    let first = with.quantiles(&place("city"), Kind::Beds(CareClass::Mild), 0, &[0.5]).unwrap().unwrap()[0];
    let last = with.quantiles(&place("city"), Kind::Beds(CareClass::Mild), 27, &[0.5]).unwrap().unwrap()[0];
    let fewer = demand(&vintage, &outlook, &InCare { by_level: [Some(0); 4], total: None }, &assumed, 3).unwrap();
    let never_there = fewer.quantiles(&place("city"), Kind::Beds(CareClass::Mild), 27, &[0.5]).unwrap().unwrap()[0];
    assert!((3_200.0..4_400.0).contains(&first), "{first}");
    assert!((last - never_there).abs() <= 2.0, "after four weeks all of them have left: {last} {never_there}");
    // All of them, and how many of these are critical: the others are divided as stays have it.
    let total = InCare { by_level: [None, None, None, Some(400)], total: Some(2_000) };
    let total = demand(&vintage, &outlook, &total, &assumed, 3).unwrap();
    assert_eq!(total.present(&place("a")), Some(&Present::Reported { by_level: false }));
    let all: f64 = CareClass::ALL.iter().map(|c| drawn(&total, "city", Kind::Beds(*c), 0)[0]).sum();
    let critical = drawn(&total, "city", Kind::Beds(CareClass::Critical), 0)[0];
    assert!((1_700.0..2_300.0).contains(&all) && (340.0..403.0).contains(&critical), "{all} {critical}");
    // Of two levels only, the others are not known: the counts say who is there.
    let partial = InCare { by_level: [None, None, Some(9), Some(9)], total: None };
    let partial = demand(&vintage, &outlook, &partial, &assumed, 3).unwrap();
    assert!(matches!(partial.present(&place("city")), Some(Present::FromCounts { .. })));
}

#[test]
fn what_the_table_lacks_is_missing_and_nothing_else() {
    let (_, demand) = run(&assumptions(&[
        ("stay.severe_sd_days", None),
        ("isolation.contacts_size", None),
        ("testing.round_share", Some(-1.0)),
    ]));
    let city = place("city");
    let refused: Vec<String> =
        Kind::all().filter_map(|kind| Some(format!("{kind:?}: {}", demand.draws(&city, kind, 0)?.err()?))).collect();
    insta::assert_snapshot!(refused.join("\n"), @"
    ContactTransfers: parameter `isolation.contacts_size` has no value; add a row with its source to parameters.csv
    Beds(Severe): parameter `stay.severe_sd_days` has no value; add a row with its source to parameters.csv
    Rooms: parameter `isolation.contacts_size` has no value; add a row with its source to parameters.csv
    Swabs: parameter `testing.round_share` is -1 or has a range that reaches below 0; correct its row in parameters.csv
    Tubes: parameter `testing.round_share` is -1 or has a range that reaches below 0; correct its row in parameters.csv
    Oxygen: parameter `stay.severe_sd_days` has no value; add a row with its source to parameters.csv
    OnDuty(Doctor): parameter `stay.severe_sd_days` has no value; add a row with its source to parameters.csv
    OnDuty(Nurse): parameter `stay.severe_sd_days` has no value; add a row with its source to parameters.csv
    OnDuty(Steward): parameter `isolation.contacts_size` has no value; add a row with its source to parameters.csv
    OnDuty(Sampler): parameter `testing.round_share` is -1 or has a range that reaches below 0; correct its row in parameters.csv
    OnDuty(Tracer): parameter `isolation.contacts_size` has no value; add a row with its source to parameters.csv
    ");
    assert_eq!(demand.draws(&place("nowhere"), Kind::Rooms, 0), None);
    assert_eq!(demand.draws(&city, Kind::Transfers, 28), None);
    let missing: Vec<&str> = demand.assumptions().missing().map(|m| m.id.as_str()).collect();
    assert_eq!(missing, ["stay.severe_sd_days", "isolation.contacts_size"]);
}

#[test]
fn shares_that_do_not_add_up_are_refused() {
    let (vintage, outlook) = city();
    let refused = |changes: &[(&str, Option<f64>)]| {
        demand(&vintage, &outlook, &InCare::default(), &assumptions(changes), 1).unwrap_err().to_string()
    };
    insta::assert_snapshot!(refused(&[("class_share.severe", Some(0.5))]), @"the class shares of parameters.csv add up to 1.4850, not to 1; correct them");
    insta::assert_snapshot!(refused(&[("class_share.critical", None)]), @"parameter `class_share.critical` has no value; add a row with its source to parameters.csv");
    insta::assert_snapshot!(refused(&[("class_share.critical", Some(f64::NAN))]), @"parameter `class_share.critical` is NaN or has a range that reaches below 0; correct its row in parameters.csv");
}

#[test]
fn a_place_whose_past_is_not_known_has_no_beds_but_transfers() {
    // Its newest count is nine days old: who is there now, nobody knows.
    let mut counts = growing(0.0, 50.0, 30);
    counts.iter_mut().rev().take(9).for_each(|c| *c = None);
    let vintage = vintage(vec![series("city", &known([40; 30])), series("a", &counts)]);
    let outlook = outlook(&vintage, &Config { paths: 200, ..Config::default() }).unwrap();
    let demand = demand(&vintage, &outlook, &InCare::default(), &assumptions(&[]), 1).unwrap();
    assert_eq!(demand.present(&place("a")), Some(&Present::Unknown));
    assert_eq!(demand.draws(&place("a"), Kind::Beds(CareClass::Mild), 0), Some(Err(Unusable::Present)));
    assert!(demand.draws(&place("a"), Kind::Transfers, 0).unwrap().is_ok());
    assert_eq!(demand.draws(&place("a"), Kind::Swabs, 0), Some(Err(Unusable::Residents)));
    assert!(demand.draws(&place("city"), Kind::Beds(CareClass::Mild), 0).unwrap().is_ok());
}

#[test]
fn the_planner_gets_the_policys_quantile_of_the_city_and_not_of_each_district() {
    let (_, demand) = run(&assumptions(&[]));
    let rows = demand.to_place(CareClass::Critical, demand.first_day(), 7, 0.5);
    let city: f64 = rows.iter().flat_map(|row| row.values()).sum();
    let mut sums = vec![0.0; demand.paths()];
    for ahead in 0..7 {
        for code in ["a", "b", "c"] {
            sums.iter_mut()
                .zip(drawn(&demand, code, Kind::Found(CareClass::Critical), ahead))
                .for_each(|(s, n)| *s += n);
        }
    }
    sums.sort_by(f64::total_cmp);
    let median = 0.5 * (sums[199] + sums[200]);
    assert!((city - median).abs() < 1e-9 && median > 0.0, "{city} {median}");
    // A later start: who was found before it waits on it.
    let late = demand.to_place(CareClass::Mild, demand.first_day().tomorrow().unwrap(), 1, 0.9);
    let two_days = demand.to_place(CareClass::Mild, demand.first_day(), 2, 0.9);
    let sum = |rows: &[std::collections::BTreeMap<_, f64>]| rows.iter().flat_map(|r| r.values()).sum::<f64>();
    assert!((sum(&late) - sum(&two_days)).abs() < 1e-6);
}

#[test]
fn absurd_counts_give_finite_figures() {
    let vintage = vintage(vec![series("city", &known([1_000_000_000; 30])), series("a", &known([0; 30]))]);
    let outlook = outlook(&vintage, &Config { paths: 100, ..Config::default() }).unwrap();
    let demand = demand(&vintage, &outlook, &InCare::default(), &assumptions(&[]), 1).unwrap();
    for kind in Kind::all() {
        for code in ["city", "a"] {
            for ahead in [0, 27] {
                if let Some(Ok(q)) = demand.quantiles(&place(code), kind, ahead, &[0.01, 0.5, 0.99]) {
                    assert!(q.iter().all(|v| v.is_finite() && *v >= 0.0) && q[0] <= q[1] && q[1] <= q[2]);
                }
            }
        }
    }
    let beds = demand.quantiles(&place("city"), Kind::Beds(CareClass::Mild), 0, &[0.5]).unwrap().unwrap()[0];
    assert!(beds > 1e9, "{beds}");
    assert!(drawn(&demand, "city", Kind::OnDuty(Role::Nurse), 3).iter().all(|n| n.is_finite()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever the counts and stays: people in beds never exceed those found within the longest past and since, nobody is
    /// negative, and classes never hold more than were found.
    #[test]
    fn beds_never_hold_more_than_were_found(
        counts in prop::collection::vec(prop::option::weighted(0.9, 0u64..400), 30..60),
        stay in 0.5f64..25.0,
        sd in 0.0f64..12.0,
        worsening in prop::option::of(0.5f64..10.0),
    ) {
        let vintage = vintage(vec![series("city", &counts)]);
        let config = Config { paths: 100, seed: 5, ..Config::default() };
        if let Ok(outlook) = outlook(&vintage, &config) {
            let assumed = assumptions(&[
                ("stay.makeshift_days", Some(stay)),
                ("stay.severe_sd_days", Some(sd)),
                ("progress.to_severe_days", worsening),
            ]);
            let demand = demand(&vintage, &outlook, &InCare::default(), &assumed, 5).unwrap();
            let past = counts.iter().rev().take(60).flatten().max().copied().unwrap_or(0) * 60;
            if let Some(draws) = outlook.draws.of(&place("city")) {
                for (k, path) in draws.iter().enumerate().step_by(20) {
                    let found = past + path.iter().sum::<u64>();
                    for ahead in [0, 13, 27] {
                        let beds = CareClass::ALL.map(|class| demand.draws(&place("city"), Kind::Beds(class), ahead));
                        let all: f64 = beds.into_iter().map(|b| b.and_then(Result::ok).map_or(0.0, |b| b[k])).sum();
                        prop_assert!(all <= found as f64);
                    }
                }
            }
        }
    }
}
