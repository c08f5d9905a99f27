//! Scores against Python `scoringrules`; see `golden/README.md` for who computed them and how.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

use levee_outlook::LEVELS;
use levee_outlook::score::{Interval, Summary, interval_score, wis, wis_log1p};

fn cases() -> Vec<serde_json::Value> {
    let file: serde_json::Value = serde_json::from_str(include_str!("golden/wis.json")).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn forecast(case: &serde_json::Value) -> ([f64; LEVELS], f64) {
    let quantiles: Vec<f64> = case["quantiles"].as_array().unwrap().iter().map(|q| q.as_f64().unwrap()).collect();
    (quantiles.try_into().unwrap(), case["observed"].as_f64().unwrap())
}

#[test]
fn scores_agree_with_scoringrules_to_1e_12() {
    let cases = cases();
    assert_eq!(cases.len(), 40);
    for case in &cases {
        let (quantiles, observed) = forecast(case);
        let near = |ours: f64, field: &str| {
            let theirs = case[field].as_f64().unwrap();
            assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0), "{field}: {ours} and {theirs}");
        };
        let score = wis(&quantiles, observed);
        near(score.total, "wis_by_levels");
        near(score.total, "wis_by_intervals");
        near(wis_log1p(&quantiles, observed).total, "wis_log1p");
        let (low, high) = Interval::P80.of(&quantiles);
        near(interval_score(low, high, 0.2, observed), "interval_score_80");
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
