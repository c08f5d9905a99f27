//! Means over many forecasts.

use super::calibration::{PIT_BINS, bias, pit, pit_bin};
use super::wis::{Interval, Wis, wis, wis_log1p};
use crate::quantile::{LEVELS, MEDIAN};

/// A forecast, what came, and what else is needed to judge it.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The 23 quantiles, persons.
    pub quantiles: &'a [f64; LEVELS],
    /// What came, persons.
    pub observed: f64,
    /// The baseline's quantiles for the same place and day, if it has any.
    pub baseline: Option<&'a [f64; LEVELS]>,
    /// A number in [0, 1) for the randomised transform: see [`super::pit_numbers`].
    pub uniform: f64,
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
    /// What `wis` is made of; `parts.total` is `wis`.
    pub parts: Wis,
    /// What `wis_log1p` is made of.
    pub parts_log1p: Wis,
    /// Mean bias, -1 (too low) to 1 (too high).
    pub bias: f64,
    /// How many transforms fell in each tenth. Of forecasts judged one by one; all zero of [`Summary::of`].
    pub pit: [u32; PIT_BINS],
    /// Forecasts that a baseline forecast stands beside; only these are compared.
    pub compared: u32,
    /// Mean weighted interval scores on these, ours: natural and log scale.
    pub compared_wis: (f64, f64),
    /// … and the baseline's.
    pub baseline_wis: (f64, f64),
}

impl Summary {
    /// Averages over (forecast, observation) pairs; all zero of none.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a [f64; LEVELS], f64)>) -> Self {
        let mut sum = Self::default();
        for (quantiles, observed) in pairs {
            sum.add(quantiles, observed);
        }
        sum.averaged()
    }

    /// Averages over judged forecasts, with the comparison to their baseline; all zero of none.
    pub fn of_judged<'a>(judged: impl IntoIterator<Item = Judged<'a>>) -> Self {
        let mut sum = Self::default();
        for one in judged {
            let (natural, log) = sum.add(one.quantiles, one.observed);
            if let Some(bin) = sum.pit.get_mut(pit_bin(pit(one.quantiles, one.observed, one.uniform))) {
                *bin += 1;
            }
            if let Some(baseline) = one.baseline {
                sum.compared += 1;
                sum.compared_wis.0 += natural;
                sum.compared_wis.1 += log;
                sum.baseline_wis.0 += wis(baseline, one.observed).total;
                sum.baseline_wis.1 += wis_log1p(baseline, one.observed).total;
            }
        }
        sum.averaged()
    }

    /// Adds one forecast; gives its scores on both scales.
    fn add(&mut self, quantiles: &[f64; LEVELS], observed: f64) -> (f64, f64) {
        let yes = |b: bool| f64::from(u8::from(b));
        let (natural, log) = (wis(quantiles, observed), wis_log1p(quantiles, observed));
        self.forecasts += 1;
        for (sum, one) in [(&mut self.parts, natural), (&mut self.parts_log1p, log)] {
            sum.total += one.total;
            sum.dispersion += one.dispersion;
            sum.overprediction += one.overprediction;
            sum.underprediction += one.underprediction;
        }
        self.median_error += (quantiles[MEDIAN] - observed).abs();
        self.bias += bias(quantiles, observed);
        self.coverage50 += yes(Interval::P50.covers(quantiles, observed));
        self.coverage80 += yes(Interval::P80.covers(quantiles, observed));
        self.coverage95 += yes(Interval::P95.covers(quantiles, observed));
        (natural.total, log.total)
    }

    fn averaged(mut self) -> Self {
        let n = f64::from(self.forecasts.max(1));
        for sum in [&mut self.parts, &mut self.parts_log1p] {
            sum.total /= n;
            sum.dispersion /= n;
            sum.overprediction /= n;
            sum.underprediction /= n;
        }
        for part in
            [&mut self.median_error, &mut self.bias, &mut self.coverage50, &mut self.coverage80, &mut self.coverage95]
        {
            *part /= n;
        }
        (self.wis, self.wis_log1p) = (self.parts.total, self.parts_log1p.total);
        let compared = f64::from(self.compared.max(1));
        for both in [&mut self.compared_wis, &mut self.baseline_wis] {
            both.0 /= compared;
            both.1 /= compared;
        }
        self
    }

    /// Mean WIS over the baseline's on the same forecasts: (natural scale, log scale). `None` while the baseline has no error
    /// or the two did not score the same number of forecasts.
    pub fn relative_to(&self, baseline: &Self) -> Option<(f64, f64)> {
        let fair = self.forecasts == baseline.forecasts && baseline.wis > 0.0 && baseline.wis_log1p > 0.0;
        fair.then(|| (self.wis / baseline.wis, self.wis_log1p / baseline.wis_log1p))
    }

    /// Mean WIS over that of the baselines that the forecasts were judged beside: (natural scale, log scale). `None` while
    /// none stood beside any, or the baseline has no error.
    pub fn relative(&self) -> Option<(f64, f64)> {
        let fair = self.compared > 0 && self.baseline_wis.0 > 0.0 && self.baseline_wis.1 > 0.0;
        fair.then(|| (self.compared_wis.0 / self.baseline_wis.0, self.compared_wis.1 / self.baseline_wis.1))
    }
}
