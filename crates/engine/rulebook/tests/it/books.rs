//! The three books of the repository as data.

use crate::common::{CHINA, GENERIC, MEASLES, book, books};
use jiff::civil::date;
use levee_rulebook::{FactPath, RuleId, Value};

#[test]
fn the_books_hold_what_their_readme_counts() {
    let counts = books().map(|book| {
        let null = book.parameters().filter(|(_, _, value)| value.is_none()).count();
        let gates = book.obligations().filter(|(_, obligation)| obligation.gate).count();
        (book.rules().count(), book.parameters().count(), null, book.obligations().count(), gates)
    });
    insta::assert_debug_snapshot!(counts, @"
    [
        (
            67,
            113,
            18,
            70,
            27,
        ),
        (
            13,
            8,
            5,
            10,
            7,
        ),
        (
            9,
            11,
            0,
            4,
            2,
        ),
    ]
    ");
}

#[test]
fn the_version_in_force_is_picked_by_the_day() {
    let china = book(CHINA);
    let release = |day| {
        let rules = china.in_force(day);
        let ids: Vec<&str> =
            rules.iter().map(|r| r.id.as_str()).filter(|id| id.starts_with("cn.zone.high.release")).collect();
        ids.join(" ")
    };
    assert_eq!(release(date(2022, 6, 27)), "");
    assert_eq!(release(date(2022, 11, 10)), "cn.zone.high.release.v9");
    assert_eq!(release(date(2022, 11, 11)), "cn.zone.high.release");
    assert_eq!(china.in_force(date(1999, 12, 31)).len(), 0);
}

#[test]
fn a_number_that_nobody_found_is_none_and_others_keep_their_source() {
    let china = book(CHINA);
    let rule = china.rule(&"cn.case.transfer".parse::<RuleId>().unwrap()).unwrap();
    assert_eq!(rule.params["hours"], None);
    let rule = china.rule(&"cn.zone.high.release".parse::<RuleId>().unwrap()).unwrap();
    assert_eq!(rule.params["clear_days"], Some(Value::Number(5.0)));
    assert_eq!(rule.params["final_round_required_from"], Some(Value::Date(date(2022, 11, 21))));
    assert!(rule.source.iter().all(|clause| china.sources().contains_key(&clause.source)));
}

#[test]
fn the_vocabulary_names_every_fact_that_a_book_asks_for() {
    for (text, path) in [
        (CHINA, "school.schools_with_cases"),    // the other side of a comparison
        (CHINA, "outbreak.extensive_community"), // in an exemption
        (GENERIC, "health.over_capacity"),       // in a condition
        (MEASLES, "measure.days_after_rash"),
    ] {
        let (book, path) = (book(text), path.parse::<FactPath>().unwrap());
        assert!(book.vocabulary().contains(&path), "{path}");
    }
    // Facts of a case that no rule reads: they inform people.
    assert!(!book(CHINA).vocabulary().contains(&"area.residents".parse::<FactPath>().unwrap()));
}
