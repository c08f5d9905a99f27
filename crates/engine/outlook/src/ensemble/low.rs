//! Places with hardly a case: what came after such weeks elsewhere, as it was counted.
//!
//! A line through logarithms says nothing when most days are zero, so below five cases a week only this is used, and
//! none of it from twenty on.

use super::prior::{LOW_CLASSES, LOW_KNOTS, Prior, between};
use crate::quantile::LEVELS;

/// Cases of a week up to which only this counts, and from which it counts no more.
const LOW: f64 = 5.0;
const HIGH: f64 = 20.0;

/// Weight of the members, 0 to 1, for a place with so many cases in its newest week.
pub(crate) fn weight_of_members(cases_of_week: f64) -> f64 {
    ((cases_of_week - LOW) / (HIGH - LOW)).clamp(0.0, 1.0)
}

/// Quantiles of the change of ln(count + 2) from the newest week's mean.
pub(crate) fn changes(prior: &Prior, cases_of_week: f64, days: usize) -> [f64; LEVELS] {
    let at = cases_of_week.ln_1p();
    let mids = LOW_CLASSES.map(|(_, _, mid)| mid.ln_1p());
    let above = mids.partition_point(|m| *m < at).clamp(1, mids.len() - 1);
    let share = ((at - mids[above - 1]) / (mids[above] - mids[above - 1])).clamp(0.0, 1.0);
    let (i, j, f) = between(&LOW_KNOTS, days);
    std::array::from_fn(|l| {
        let of = |class: usize| prior.low[class][i][l] * (1.0 - f) + prior.low[class][j][l] * f;
        of(above - 1) * (1.0 - share) + of(above) * share
    })
}
