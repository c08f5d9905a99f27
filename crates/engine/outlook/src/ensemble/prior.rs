//! What other places' outbreaks taught: starting points of all members' coefficients, spreads and shapes.
//!
//! Learnt by [`Prior::learn`], printed as source by `examples/prior.rs`. The built-in table ([`Prior::built_in`]) says in its head
//! what it was learnt from.

use super::features::{FEATURES, SPREADS};
use super::table;
use crate::quantile::LEVELS;

/// Terms of the mean: 1 and the features.
pub(crate) const TERMS: usize = FEATURES + 1;
/// Terms of the logarithm of the spread: 1 and its features.
pub(crate) const SPREAD_TERMS: usize = SPREADS + 1;
/// Days ahead for which coefficients are kept; between them they are interpolated.
pub(crate) const KNOTS: [usize; 10] = [1, 2, 3, 4, 5, 7, 10, 14, 21, 28];
/// The same for places with hardly a case.
pub(crate) const LOW_KNOTS: [usize; 5] = [1, 4, 7, 14, 28];
/// Classes of places with hardly a case, by cases of the newest seven days: none, 1 to 3, 4 to 11; each with the number that
/// stands for it.
pub(crate) const LOW_CLASSES: [(f64, f64, f64); 3] = [(0.0, 0.5, 0.0), (0.5, 4.0, 2.0), (4.0, 12.0, 7.0)];

/// Coefficients of the pooled ridge for one number of days ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    /// Change of ln(count + 2) from the newest week, by standardised feature.
    pub mean: [f64; TERMS],
    /// Logarithm of the spread, by standardised feature.
    pub scale: [f64; SPREAD_TERMS],
    /// Quantiles of error over spread.
    pub shape: [f64; LEVELS],
}

/// The same for the local line, whose mean has no coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendKnot {
    /// Logarithm of the spread, by standardised feature.
    pub scale: [f64; SPREAD_TERMS],
    /// Quantiles of error over spread.
    pub shape: [f64; LEVELS],
}

/// What is believed before the city itself has shown anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// Mean and standard deviation of each feature of the mean.
    pub features: [(f64, f64); FEATURES],
    /// The same of the spread's features.
    pub spreads: [(f64, f64); SPREADS],
    /// Mean product of the standardised features: how much a date of rows knows.
    pub gram: [[f64; TERMS]; TERMS],
    /// The ridge, by days ahead (1, 2, 3, 4, 5, 7, 10, 14, 21, 28).
    pub pooled: [Knot; KNOTS.len()],
    /// The local line, likewise.
    pub trend: [TrendKnot; KNOTS.len()],
    /// Quantiles of the change of ln(count + 2) in places with hardly a case: class, days ahead (1, 4, 7, 14, 28), level.
    pub low: [[[f64; LEVELS]; LOW_KNOTS.len()]; LOW_CLASSES.len()],
}

impl Prior {
    /// The table that the engine was built with.
    pub fn built_in() -> &'static Self {
        &table::BUILT_IN
    }

    /// Standardised terms of the mean.
    pub(crate) fn terms(&self, features: &[f64; FEATURES]) -> [f64; TERMS] {
        let mut terms = [1.0; TERMS];
        for ((t, x), (mean, sd)) in terms.iter_mut().skip(1).zip(features).zip(&self.features) {
            *t = standard(*x, *mean, *sd);
        }
        terms
    }

    /// Standardised terms of the spread.
    pub(crate) fn spread_terms(&self, features: &[f64; SPREADS]) -> [f64; SPREAD_TERMS] {
        let mut terms = [1.0; SPREAD_TERMS];
        for ((t, x), (mean, sd)) in terms.iter_mut().skip(1).zip(features).zip(&self.spreads) {
            *t = standard(*x, *mean, *sd);
        }
        terms
    }
}

/// Beyond 2.5 standard deviations a feature says no more than there: lines do not reach beyond what was seen.
fn standard(x: f64, mean: f64, sd: f64) -> f64 {
    ((x - mean) / sd.max(1e-6)).clamp(-2.5, 2.5)
}

/// Where `day` lies among knots: the two neighbours and the share of the second. Beyond the last it is the last.
pub(crate) fn between(knots: &[usize], day: usize) -> (usize, usize, f64) {
    let above = knots.partition_point(|k| *k < day);
    let last = knots.len() - 1;
    if above == 0 || above > last {
        return (above.min(last), above.min(last), 0.0);
    }
    let (low, high) = (knots[above - 1], knots[above]);
    (above - 1, above, (day - low) as f64 / (high - low) as f64)
}
