//! Scores against Python `scoringrules`; see `golden/README.md` for who computed them and how.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

use levee_outlook::LEVELS;
use levee_outlook::score::{Interval, Summary, Wis, interval_score, relative, sample, wis, wis_log1p};
use serde_json::Value;
use std::collections::BTreeMap;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/wis.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|q| q.as_f64().unwrap()).collect()
}

#[track_caller]
fn near(ours: f64, theirs: f64, what: &str) {
    assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0), "{what}: {ours} and {theirs}");
}

#[test]
fn scores_of_quantiles_agree_with_scoringrules_to_1e_12() {
    let golden = golden();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 40);
    for case in cases {
        let quantiles: [f64; LEVELS] = numbers(&case["quantiles"]).try_into().unwrap();
        let observed = case["observed"].as_f64().unwrap();
        let theirs = |field: &str| case[field].as_f64().unwrap();
        let (natural, log) = (wis(&quantiles, observed), wis_log1p(&quantiles, observed));
        near(natural.total, theirs("wis_by_levels"), "by levels");
        near(natural.total, theirs("wis_by_intervals"), "by intervals");
        near(log.total, theirs("wis_log1p"), "log scale");
        for (ours, field) in [(natural, "parts"), (log, "parts_log1p")] {
            let Wis { dispersion, overprediction, underprediction, .. } = ours;
            for (ours, theirs) in [dispersion, overprediction, underprediction].into_iter().zip(numbers(&case[field])) {
                near(ours, theirs, field);
            }
        }
        for (interval, alpha, field) in [
            (Interval::P50, 0.5, "interval_score_50"),
            (Interval::P80, 0.2, "interval_score_80"),
            (Interval::P95, 0.05, "interval_score_95"),
        ] {
            let (low, high) = interval.of(&quantiles);
            near(interval_score(low, high, alpha, observed), theirs(field), field);
        }
    }
}

#[test]
fn scores_of_draws_agree_with_scoringrules_to_1e_12() {
    let golden = golden();
    let samples = golden["samples"].as_array().unwrap();
    assert_eq!(samples.len(), 20);
    for one in samples {
        let (draws, observed) = (numbers(&one["draws"]), one["observed"].as_f64().unwrap());
        near(sample::crps(&draws, observed).unwrap(), one["crps"].as_f64().unwrap(), "crps");
        near(sample::crps_log1p(&draws, observed).unwrap(), one["crps_log1p"].as_f64().unwrap(), "crps, log scale");
    }
    assert_eq!(sample::crps(&[], 1.0), None);
}

#[test]
fn pairwise_relative_skill_agrees_with_its_formula_to_1e_12() {
    let golden = golden();
    let scores: BTreeMap<usize, BTreeMap<usize, f64>> = golden["skills"]["scores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap().iter().map(Value::as_f64).enumerate())
        .map(|row| row.filter_map(|(forecast, score)| Some((forecast, score?))).collect())
        .enumerate()
        .collect();
    let ours = relative::skill(&scores, &3);
    assert_eq!(ours.len(), 4);
    for (ours, theirs) in ours.values().zip(numbers(&golden["skills"]["relative_to_last"])) {
        near(*ours, theirs, "relative skill");
    }
}

#[test]
fn the_parts_of_a_score_say_which_way_it_erred() {
    let sure: [f64; LEVELS] = [20.0; LEVELS];
    assert_eq!(wis(&sure, 20.0).total.to_bits(), 0f64.to_bits());
    let high = wis(&sure, 10.0);
    assert!((high.overprediction - 10.0).abs() < 1e-12 && high.underprediction + high.dispersion < 1e-12);
}

#[test]
fn a_summary_counts_what_lay_inside() {
    let row: [f64; LEVELS] = std::array::from_fn(|i| i as f64);
    let summary = Summary::of([(&row, 11.0), (&row, 4.0), (&row, 1.0), (&row, 30.0)]);
    assert_eq!(summary.forecasts, 4);
    assert!((summary.coverage50 - 0.25).abs() < 1e-12);
    assert!((summary.coverage80 - 0.5).abs() < 1e-12);
    assert!((summary.coverage95 - 0.75).abs() < 1e-12);
    assert_eq!(summary.relative_to(&Summary::default()), None);
    assert_eq!(summary.relative_to(&summary), Some((1.0, 1.0)));
}
