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

/// Counts of which ln(count + 5) grows by `steps[w]` in week w, evenly within it.
fn stepped(steps: &[f64]) -> Vec<u64> {
    let mut log = 8.0;
    let mut counts = Vec::new();
    for step in steps {
        log += step;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
        counts.extend([(f64::exp(log) - 5.0).round() as u64; 7]);
    }
    counts
}

#[test]
fn the_spread_is_that_of_past_weeks_less_their_median() {
    // Week-on-week changes of 0.1, 0.4 and 0.7: around their median they are -0.3, 0 and 0.3.
    let series = series("city", &known(stepped(&[0.0, 0.1, 0.4, 0.7])));
    let row = same_weekday_persistence(&vintage(vec![series.clone()]), 7, Spread::Own).unwrap()[&place("city")][0];
    let last = f64::exp(9.2);
    assert!((row[MEDIAN] / last - 1.0).abs() < 0.01, "{row:?}");
    assert!((row[LEVELS - 1] / last / f64::exp(0.3) - 1.0).abs() < 0.01, "{row:?}");
    assert!((row[0] / last / f64::exp(-0.3) - 1.0).abs() < 0.01, "{row:?}");
    // Drifting keeps the median, and the newest change above all.
    let row = same_weekday_persistence(&vintage(vec![series]), 7, Spread::Drifting).unwrap()[&place("city")][0];
    assert!((row[MEDIAN] / last / f64::exp(0.7) - 1.0).abs() < 0.01, "{row:?}");
}

#[test]
fn a_place_without_history_has_no_baseline() {
    let rows = same_weekday_persistence(&vintage(vec![series("city", &known([3, 4]))]), 7, Spread::Own).unwrap();
    assert!(rows.is_empty());
}
