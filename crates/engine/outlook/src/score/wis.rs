//! The weighted interval score, and the central intervals that people read.
//!
//! Bracher et al. 2021, doi 10.1371/journal.pcbi.1008618, over the 23 hub levels (11 central intervals and the median).

use crate::quantile::{LEVELS, MEDIAN, QUANTILE_LEVELS};

/// The weighted interval score and what it is made of; persons (or log units), lower is better.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wis {
    /// Sum of the three parts.
    pub total: f64,
    /// Width of the forecast.
    pub dispersion: f64,
    /// Penalty for a forecast that lies too high.
    pub overprediction: f64,
    /// Penalty for a forecast that lies too low.
    pub underprediction: f64,
}

/// Weighted interval score of one forecast.
pub fn wis(quantiles: &[f64; LEVELS], observed: f64) -> Wis {
    let median = quantiles[MEDIAN];
    let mut score = Wis {
        dispersion: 0.0,
        overprediction: 0.5 * (median - observed).max(0.0),
        underprediction: 0.5 * (observed - median).max(0.0),
        total: 0.0,
    };
    for i in 0..MEDIAN {
        let (low, high, alpha) = (quantiles[i], quantiles[LEVELS - 1 - i], 2.0 * QUANTILE_LEVELS[i]);
        // Weight alpha/2; the penalties' 2/alpha cancels it.
        score.dispersion += 0.5 * alpha * (high - low);
        score.overprediction += (low - observed).max(0.0);
        score.underprediction += (observed - high).max(0.0);
    }
    let scale = MEDIAN as f64 + 0.5;
    score.dispersion /= scale;
    score.overprediction /= scale;
    score.underprediction /= scale;
    score.total = score.dispersion + score.overprediction + score.underprediction;
    score
}

/// Weighted interval score on the scale ln(1 + count), where a factor counts the same at every size (Bosse et al. 2023,
/// doi 10.1371/journal.pcbi.1011393).
pub fn wis_log1p(quantiles: &[f64; LEVELS], observed: f64) -> Wis {
    wis(&quantiles.map(f64::ln_1p), observed.ln_1p())
}

/// Interval score of one central interval that should hold 1 - `alpha` (Gneiting and Raftery 2007).
pub fn interval_score(low: f64, high: f64, alpha: f64, observed: f64) -> f64 {
    (high - low) + 2.0 / alpha * ((low - observed).max(0.0) + (observed - high).max(0.0))
}

/// A central interval whose ends are among the 23 levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interval {
    /// From 0.25 to 0.75.
    P50,
    /// From 0.10 to 0.90.
    P80,
    /// From 0.025 to 0.975.
    P95,
}

impl Interval {
    /// Its ends in a row of quantiles.
    pub fn of(self, quantiles: &[f64; LEVELS]) -> (f64, f64) {
        let i = match self {
            Self::P50 => 6,
            Self::P80 => 3,
            Self::P95 => 1,
        };
        (quantiles[i], quantiles[LEVELS - 1 - i])
    }
    /// Whether it holds the observation; the ends belong to it.
    pub fn covers(self, quantiles: &[f64; LEVELS], observed: f64) -> bool {
        let (low, high) = self.of(quantiles);
        (low..=high).contains(&observed)
    }
}
