//! Scores of a quantile forecast against what came: the weighted interval score, coverage, the error of the median.
//!
//! Bracher et al. 2021, doi 10.1371/journal.pcbi.1008618, over the 23 hub levels (11 central intervals and the median).
//! Checked against Python `scoringrules` in `tests/golden`.

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

/// Scores of many forecasts, averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Forecasts scored.
    pub forecasts: u32,
    /// Mean weighted interval score, persons.
    pub wis: f64,
    /// Mean weighted interval score of ln(1 + count).
    pub wis_log1p: f64,
    /// Mean absolute error of the median, persons.
    pub median_error: f64,
    /// Share of observations within the 50 % interval.
    pub coverage50: f64,
    /// … the 80 % interval.
    pub coverage80: f64,
    /// … the 95 % interval.
    pub coverage95: f64,
}

impl Summary {
    /// Averages over (forecast, observation) pairs; all zero of none.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a [f64; LEVELS], f64)>) -> Self {
        let mut sum = Self::default();
        let yes = |b: bool| f64::from(u8::from(b));
        for (quantiles, observed) in pairs {
            sum.forecasts += 1;
            sum.wis += wis(quantiles, observed).total;
            sum.wis_log1p += wis_log1p(quantiles, observed).total;
            sum.median_error += (quantiles[MEDIAN] - observed).abs();
            sum.coverage50 += yes(Interval::P50.covers(quantiles, observed));
            sum.coverage80 += yes(Interval::P80.covers(quantiles, observed));
            sum.coverage95 += yes(Interval::P95.covers(quantiles, observed));
        }
        let n = f64::from(sum.forecasts.max(1));
        for part in [
            &mut sum.wis,
            &mut sum.wis_log1p,
            &mut sum.median_error,
            &mut sum.coverage50,
            &mut sum.coverage80,
            &mut sum.coverage95,
        ] {
            *part /= n;
        }
        sum
    }

    /// Mean WIS over the baseline's on the same forecasts: (natural scale, log scale). `None` while the baseline has no error
    /// or the two did not score the same number of forecasts.
    pub fn relative_to(&self, baseline: &Self) -> Option<(f64, f64)> {
        let fair = self.forecasts == baseline.forecasts && baseline.wis > 0.0 && baseline.wis_log1p > 0.0;
        fair.then(|| (self.wis / baseline.wis, self.wis_log1p / baseline.wis_log1p))
    }
}
