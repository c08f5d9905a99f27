//! Laws of the scores, and what calibration says of forecasts that are right and of those that are not.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

use levee_outlook::score::{
    Judged, PIT_BINS, Summary, bias, pit, pit_bin, pit_numbers, relative, sample, wis, wis_log1p,
};
use levee_outlook::{LEVELS, QUANTILE_LEVELS};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn row() -> impl Strategy<Value = [f64; LEVELS]> {
    prop::collection::vec(prop_oneof![Just(0.0), 0.0..10.0, 0.0..1e6f64], LEVELS).prop_map(|mut values| {
        values.sort_unstable_by(f64::total_cmp);
        values.try_into().unwrap()
    })
}

proptest! {
    /// A score is the sum of its parts, never negative, never NaN, and one side at most is punished.
    #[test]
    fn a_score_is_the_sum_of_its_parts(row in row(), observed in 0u32..2_000_000) {
        let observed = f64::from(observed);
        for score in [wis(&row, observed), wis_log1p(&row, observed)] {
            let parts = [score.dispersion, score.overprediction, score.underprediction];
            prop_assert!(parts.iter().all(|part| part.is_finite() && *part >= 0.0));
            prop_assert!((score.total - parts.iter().sum::<f64>()).abs() <= 1e-9 * score.total.max(1.0));
            prop_assert!(score.overprediction.min(score.underprediction) == 0.0);
        }
        prop_assert!((-1.0..=1.0).contains(&bias(&row, observed)));
        for uniform in [0.0, 0.5, 0.999] {
            prop_assert!((0.0..=1.0).contains(&pit(&row, observed, uniform)));
        }
    }

    /// One draw is scored by its distance; of two, one of which met the outcome, a quarter of it.
    #[test]
    fn crps_of_one_draw_is_its_distance(x in 0.0..1e6f64, y in 0.0..1e6f64) {
        prop_assert_eq!(sample::crps(&[x], y), Some((x - y).abs()));
        let spread = sample::crps(&[x, y], y).unwrap();
        prop_assert!((spread - (x - y).abs() / 4.0).abs() <= 1e-9 * spread.max(1.0));
    }

    /// Whoever is twice as bad on every forecast has twice the relative skill figure, whoever else took part.
    #[test]
    fn relative_skill_of_full_tables_is_the_ratio_of_means(scores in prop::collection::vec(0.1..50.0f64, 3..20)) {
        let of = |factor: f64| scores.iter().map(|s| s * factor).enumerate().collect::<BTreeMap<_, _>>();
        let all = BTreeMap::from([("half", of(0.5)), ("twice", of(2.0)), ("baseline", of(1.0))]);
        let skill = relative::skill(&all, &"baseline");
        prop_assert!((skill["half"] - 0.5).abs() < 1e-9 && (skill["twice"] - 2.0).abs() < 1e-9);
        prop_assert_eq!(relative::skill(&all, &"nobody"), BTreeMap::new());
    }
}

/// Outcomes drawn from the forecast itself: 4,000 from a distribution on 0..1, by inverting its quantiles.
fn outcomes() -> Vec<f64> {
    pit_numbers(11, 0, 0).take(4000).collect()
}

#[test]
fn outcomes_from_the_forecast_itself_fill_the_histogram_evenly() {
    // The quantiles of a uniform outcome are the levels themselves.
    let summary = Summary::of_judged(outcomes().iter().zip(pit_numbers(5, 1, 2)).map(|(y, uniform)| Judged {
        quantiles: &QUANTILE_LEVELS,
        observed: *y,
        baseline: None,
        uniform,
    }));
    assert_eq!(summary.pit.iter().sum::<u32>(), 4000);
    // 400 expected, standard deviation 19: four of them.
    assert!(summary.pit.iter().all(|n| (324..=476).contains(n)), "{:?}", summary.pit);
    assert!((summary.coverage80 - 0.8).abs() < 0.026 && summary.bias.abs() < 0.05, "{summary:?}");
    assert_eq!((summary.compared, summary.relative()), (0, None));
}

#[test]
fn counts_with_many_equal_quantiles_still_fill_it_evenly() {
    // Nine of ten outcomes are 0, the rest 5: quantiles up to 0.90 are 0.
    let quantiles = QUANTILE_LEVELS.map(|level| if level <= 0.9 { 0.0 } else { 5.0 });
    let mut bins = [0u32; PIT_BINS];
    for (y, uniform) in outcomes().iter().zip(pit_numbers(5, 1, 2)) {
        let y = if *y < 0.9 { 0.0 } else { 5.0 };
        bins[pit_bin(pit(&quantiles, y, uniform))] += 1;
    }
    // An outcome of 0 may lie anywhere up to 0.95, the next level: the last tenth shares its mass with the one before.
    assert!(bins[..9].iter().all(|n| (310..=490).contains(n)), "{bins:?}");
}

#[test]
fn forecasts_that_lie_too_high_show_it() {
    let high = QUANTILE_LEVELS.map(|level| level + 0.5);
    let summary = Summary::of_judged(outcomes().iter().zip(pit_numbers(5, 1, 2)).map(|(y, uniform)| Judged {
        quantiles: &high,
        observed: *y,
        baseline: Some(&QUANTILE_LEVELS),
        uniform,
    }));
    assert!(summary.bias > 0.5 && summary.pit[0] > 1900, "{summary:?}");
    assert!(summary.parts.overprediction > 5.0 * summary.parts.underprediction);
    let (natural, log) = summary.relative().unwrap();
    assert!(natural > 1.5 && log > 1.3 && summary.compared == 4000);
}

#[test]
fn random_numbers_of_a_transform_belong_to_their_forecast_and_place() {
    let three =
        |seed, forecast, place| pit_numbers(seed, forecast, place).take(3).map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(three(1, 2, 3), three(1, 2, 3));
    assert!(three(1, 2, 3) != three(1, 2, 4) && three(1, 2, 3) != three(1, 3, 3) && three(1, 2, 3) != three(2, 2, 3));
}

#[test]
fn a_transform_of_draws_lies_between_the_shares_below_and_at_the_outcome() {
    let draws = [0.0, 0.0, 1.0, 4.0];
    assert_eq!(sample::pit(&draws, 0.0, 0.5), Some(0.25));
    assert_eq!(sample::pit(&draws, 4.0, 0.0), Some(0.75));
    assert_eq!((sample::bias(&draws, 0.0), sample::bias(&draws, 9.0)), (Some(0.5), Some(-1.0)));
    assert_eq!((sample::pit(&[], 1.0, 0.5), sample::bias(&[], 1.0)), (None, None));
}
