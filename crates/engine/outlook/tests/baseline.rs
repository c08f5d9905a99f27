//! The baseline is what its name says.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;
use common::{known, place, series, vintage};
use levee_outlook::baseline::{Spread, same_weekday_persistence};
use levee_outlook::{LEVELS, MEDIAN};

#[test]
fn the_median_is_the_same_weekday_of_the_last_week() {
    let week = [10, 20, 30, 40, 50, 60, 0];
    let counts: Vec<u64> = week.iter().copied().cycle().take(42).collect();
    let rows = same_weekday_persistence(&vintage(vec![series("city", &known(counts))]), 28, Spread::Pooled).unwrap();
    let city = &rows[&place("city")];
    for (h, row) in city.iter().enumerate() {
        assert!((row[MEDIAN] - week[h % 7] as f64).abs() < 1e-9, "{h} {row:?}");
    }
}

#[test]
fn the_spread_is_that_of_past_weeks_with_both_signs() {
    // Doubling every week: the change is ln 2 (nearly, on ln(1 + count)) both ways.
    let counts: Vec<u64> = (0..42).map(|t| 1000 << (t / 7)).collect();
    let rows = same_weekday_persistence(&vintage(vec![series("city", &known(counts))]), 14, Spread::Own).unwrap();
    let first = rows[&place("city")][0];
    assert!((first[LEVELS - 1] / 32_000.0 - 2.0).abs() < 0.01 && (first[0] / 32_000.0 - 0.5).abs() < 0.01, "{first:?}");
    let second = rows[&place("city")][13];
    assert!((second[LEVELS - 1] / 32_000.0 - 4.0).abs() < 0.01, "{second:?}");
}

#[test]
fn a_place_without_history_has_no_baseline() {
    let rows = same_weekday_persistence(&vintage(vec![series("city", &known([3, 4]))]), 7, Spread::Own).unwrap();
    assert!(rows.is_empty());
}
