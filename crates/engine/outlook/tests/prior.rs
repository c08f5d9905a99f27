//! What other places taught reaches the forecast, and the built-in table is what its maker made.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;
use common::{growing, place, series, vintage};
use levee_outlook::ensemble::Prior;
use levee_outlook::{Config, MEDIAN, outlook};
use std::sync::Arc;

/// Outbreaks that rise by a tenth a day for so many days and then fall by a tenth.
fn outbreaks(rise: i32) -> Vec<Vec<Option<f64>>> {
    let count = |t: i32, size: f64| {
        let log = 0.1 * f64::from(t.min(rise)) - 0.1 * f64::from((t - rise).max(0));
        // A ripple that no feature explains.
        (size * (log + 0.1 * f64::from(t * 37 % 11) / 11.0).exp()).round()
    };
    (1..20).map(|i| (0..100).map(|t| Some(count(t, f64::from(i)))).collect()).collect()
}

#[test]
fn a_city_that_has_only_risen_is_told_of_turns_by_others() {
    let config = Config::default();
    let median = |prior: Option<Prior>| {
        let config = Config { prior: prior.map(Arc::new), ..Config::default() };
        let answer = outlook(&vintage(vec![series("city", &growing(0.1, 400.0, 35))]), &config).unwrap();
        answer.of(&place("city")).unwrap().quantiles[13][MEDIAN]
    };
    let (turned, rose) = (Prior::learn(&outbreaks(36), &config), Prior::learn(&outbreaks(100), &config));
    let (turned, rose) = (median(turned), median(rose));
    assert!(rose > 2.0 * turned, "after others turned {turned}, after others rose on {rose}");
    assert!(median(None) < rose);
}

#[test]
fn too_little_teaches_nothing() {
    assert_eq!(Prior::learn(&[], &Config::default()), None);
    assert_eq!(Prior::learn(&[vec![Some(500.0); 100]], &Config::default()), None);
    assert_eq!(Prior::learn(&vec![vec![Some(0.0); 300]; 30], &Config::default()), None);
}

#[test]
fn the_built_in_table_never_crosses() {
    let prior = Prior::built_in();
    let rises = |row: &[f64]| row.windows(2).all(|w| w[0] <= w[1]);
    assert!(prior.pooled.iter().all(|k| rises(&k.shape)) && prior.trend.iter().all(|k| rises(&k.shape)));
    assert!(prior.low.iter().flatten().all(|row| rises(row)));
    // Errors grow with the days ahead: the first coefficient is the average place's log spread.
    assert!(prior.pooled.windows(2).all(|w| w[0].scale[0] < w[1].scale[0] + 0.02));
}

#[test]
fn the_weights_of_the_members_add_up_to_one() {
    let answer = outlook(&vintage(vec![series("city", &growing(0.1, 400.0, 35))]), &Config::default()).unwrap();
    assert!((answer.members.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-12);
}
