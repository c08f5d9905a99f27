//! What the outlook refuses, and what it says then.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;
use common::{full, known, series, vintage};
use levee_model::time::Period;
use levee_outlook::{Config, Vintage, outlook};

fn refused(vintage: &Vintage, config: &Config) -> String {
    let refusal = outlook(vintage, config).unwrap_err();
    format!("refused: {refusal}\nhint: {}", refusal.hint())
}

#[test]
fn nothing_known_is_refused() {
    let expected = "refused: no count is known up to 2022-11-20, so nothing can be forecast from it\n\
        hint: import full-day counts of the city or its districts known by that day, or choose a later origin";
    assert_eq!(refused(&vintage(vec![]), &Config::default()), expected);
    assert_eq!(refused(&vintage(vec![series("city", &[])]), &Config::default()), expected);
}

#[test]
fn the_future_is_refused() {
    let mut city = series("city", &known(vec![5; 30]));
    city.observations.push(levee_outlook::Observation {
        period: Period::full_day_of("2022-11-21".parse().unwrap()).unwrap(),
        ..full(0, 7)
    });
    insta::assert_snapshot!(refused(&vintage(vec![city]), &Config::default()), @r"
    refused: `city` has a count for 2022-11-21, which ends after the origin day 2022-11-20
    hint: keep only periods that end by 24:00 on 2022-11-20, or choose a later origin
    ");
}

#[test]
fn one_place_has_one_series() {
    let twice = vintage(vec![series("d1", &known([1])), series("d1", &known([1]))]);
    insta::assert_snapshot!(refused(&twice, &Config::default()), @r"
    refused: `d1` has two series
    hint: join the two lists; of two figures for one day keep the newest known
    ");
}

#[test]
fn settings_outside_their_range_are_refused() {
    let city = vintage(vec![series("city", &known(vec![5; 30]))]);
    insta::assert_snapshot!(refused(&city, &Config { paths: 10, ..Config::default() }), @r"
    refused: setting `paths` is 10, which is outside 100 to 20000
    hint: choose a value in 100 to 20000
    ");
    let not_a_number = Config { narrowing: f64::NAN, ..Config::default() };
    assert!(refused(&city, &not_a_number).starts_with("refused: setting `narrowing` is NaN"));
    assert!(outlook(&city, &Config { horizon_days: 0, ..Config::default() }).is_err());
}

#[test]
fn the_end_of_the_calendar_is_refused() {
    let mut end = vintage(vec![series("city", &known(vec![5; 30]))]);
    end.origin = jiff::civil::Date::MAX;
    assert!(refused(&end, &Config::default()).starts_with("refused: 28 days after 9999-12-31 is no day"));
}
