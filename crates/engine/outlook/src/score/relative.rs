//! Skill relative to others that did not all forecast the same.

use std::collections::{BTreeMap, BTreeSet};

/// Pairwise relative skill of each model, and of the baseline itself (1): the geometric mean, over all models, of the ratio of mean
/// scores on the forecasts that both made, over that of the baseline. Below 1 is better than the baseline.
///
/// Cramer et al. 2022, doi 10.1073/pnas.2113561119 ("relative WIS"). A model that shares no forecast with some other leaves that pair out;
/// one with a mean score of 0 on one side only has no ratio, and that pair is left out too (two means of 0 are equal). Empty if the
/// baseline made no forecast.
pub fn skill<M: Ord + Clone, F: Ord>(scores: &BTreeMap<M, BTreeMap<F, f64>>, baseline: &M) -> BTreeMap<M, f64> {
    let geometric: BTreeMap<&M, f64> = scores.iter().map(|(m, own)| (m, against_all(own, scores))).collect();
    let Some(base) = geometric.get(baseline).filter(|_| scores.get(baseline).is_some_and(|s| !s.is_empty())) else {
        return BTreeMap::new();
    };
    let made: BTreeSet<&M> = scores.iter().filter(|(_, s)| !s.is_empty()).map(|(m, _)| m).collect();
    geometric.iter().filter(|(m, _)| made.contains(*m)).map(|(m, log)| ((*m).clone(), (log - base).exp())).collect()
}

/// Mean over all models of the logarithm of the ratio to each.
fn against_all<M: Ord, F: Ord>(own: &BTreeMap<F, f64>, all: &BTreeMap<M, BTreeMap<F, f64>>) -> f64 {
    let ratios: Vec<f64> = all.values().filter_map(|other| ratio(own, other)).map(f64::ln).collect();
    if ratios.is_empty() { 0.0 } else { ratios.iter().sum::<f64>() / ratios.len() as f64 }
}

/// Ratio of the mean scores on the forecasts that both made.
pub fn ratio<F: Ord>(own: &BTreeMap<F, f64>, other: &BTreeMap<F, f64>) -> Option<f64> {
    let (mut ours, mut theirs, mut n) = (0.0, 0.0, 0u32);
    for (forecast, score) in own {
        if let Some(other) = other.get(forecast) {
            ours += score;
            theirs += other;
            n += 1;
        }
    }
    match (n, ours > 0.0, theirs > 0.0) {
        (0, ..) | (_, true, false) | (_, false, true) => None,
        (_, false, false) => Some(1.0),
        (_, true, true) => Some(ours / theirs),
    }
}
