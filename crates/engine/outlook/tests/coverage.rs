//! Intervals hold what they promise when the truth is known: simulated outbreaks whose growth wanders.
#![allow(clippy::unwrap_used, reason = "helpers of tests may stop a test")]

mod common;
use common::{place, series, vintage};
use levee_outlook::score::Summary;
use levee_outlook::{Config, LEVELS, outlook};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// Sum of twelve uniforms less six: near enough to a normal for a simulated outbreak.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| f64::from(rng.next_u32()) / f64::from(u32::MAX)).sum::<f64>() - 6.0
}

/// 60 days known and 14 to come: growth drawn back to 0 (0.95 a day) with steps of 0.03, noise of a tenth a day.
fn outbreak(rng: &mut ChaCha8Rng) -> Vec<u64> {
    let (mut log, mut growth) = (6.0, 0.05);
    (0..74)
        .map(|_| {
            growth = 0.95 * growth + 0.03 * normal(rng);
            log += growth;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, far below 2^64")]
            let count = (log + 0.1 * normal(rng)).exp().round() as u64;
            count
        })
        .collect()
}

#[test]
fn intervals_cover_what_they_promise_on_simulated_outbreaks() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_221_127);
    let mut pairs: [Vec<([f64; LEVELS], f64)>; 2] = [Vec::new(), Vec::new()];
    for seed in 0..150 {
        let counts = outbreak(&mut rng);
        let (past, future) = counts.split_at(60);
        let config = Config { seed, paths: 400, horizon_days: 14, ..Config::default() };
        let answer = outlook(&vintage(vec![series("city", &common::known(past.to_vec()))]), &config).unwrap();
        let rows = &answer.of(&place("city")).unwrap().quantiles;
        for (h, (row, came)) in rows.iter().zip(future).enumerate() {
            pairs[h / 7].push((*row, *came as f64));
        }
    }
    // Days of one outbreak hang together, so 150 outbreaks leave about 3 points of noise on each share.
    for (week, pairs) in pairs.iter().enumerate() {
        let summary = Summary::of(pairs.iter().map(|(row, came)| (row, *came)));
        println!("week {}: {summary:?}", week + 1);
        assert!((0.74..=0.97).contains(&summary.coverage80), "week {}: {summary:?}", week + 1);
        assert!(summary.coverage95 >= 0.90, "week {}: {summary:?}", week + 1);
    }
}
