//! One ridge: where the count goes, and how far it strays from that.

use crate::pooled::linear::{Linear, Ridge, Table};
use crate::pooled::recipe::RidgeMember;
use crate::pooled::rows::{Feature, Row, Rows};
use crate::quantile::{LEVELS, QUANTILE_LEVELS};

/// Rows of the past that have an answer, for one lead.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lesson {
    /// Rows, by their number in [`Rows::past`].
    pub(crate) rows: Vec<usize>,
    /// ln of what came over the base, clipped at [`RESPONSE_CLIP`].
    pub(crate) response: Vec<f64>,
    /// How many weeks ahead, not below one: a scale for judgement.
    pub(crate) weeks_ahead: f64,
}

/// Beyond a factor of twenty a change is one of counting.
pub(crate) const RESPONSE_CLIP: f64 = 3.0;
/// Forecast means stay within a factor of twelve.
const MEAN_CLIP: f64 = 2.5;
/// Half-life of the weights of residuals, weeks.
const SPREAD_HALF_LIFE: f64 = 52.0;
/// Power of the level in the weights of residual quantiles: the shape of large places' errors counts more.
const SHAPE_POWER: f64 = 0.5;
/// Added to residuals' size before its logarithm.
const SIZE_FLOOR: f64 = 0.01;
/// Limits of the spread, log scale.
const SPREAD_LIMITS: (f64, f64) = (0.02, 3.0);
/// Fewer rows than this teach nothing: judgement.
pub(crate) const FEWEST_ROWS: usize = 20;
/// Rows that the normal shape weighs among the residuals. Judgement: it gives tails to a short past and is nothing beside a
/// panel of a thousand rows.
const SHAPE_ROWS: f64 = 10.0;
/// Spread by judgement after one week, log scale; it grows with the square root of weeks. About that of persistence on
/// the euro-covid development pack, and half as much again.
const JUDGED_SPREAD: f64 = 0.5;
/// Standard deviation of a standard normal residual over exp(mean ln |residual|): exp((gamma + ln 2) / 2).
const NORMAL_OVER_GEOMETRIC: f64 = 1.887;
/// How the spread is fitted and the mean.
const SPREAD_PENALTY: f64 = 0.02;
const HUBER_ROUNDS: usize = 4;

/// Standard normal quantiles at the hub levels (Wichura 1988, AS 241, to six figures).
pub(crate) const NORMAL: [f64; LEVELS] = [
    -2.326_348, -1.959_964, -1.644_854, -1.281_552, -1.036_433, -0.841_621, -0.674_490, -0.524_401, -0.385_320,
    -0.253_347, -0.125_661, 0.0, 0.125_661, 0.253_347, 0.385_320, 0.524_401, 0.674_490, 0.841_621, 1.036_433,
    1.281_552, 1.644_854, 1.959_964, 2.326_348,
];

const SPREAD_FEATURES: [Feature; 3] = [Feature::Level, Feature::Noise, Feature::Jolt];

/// How much a row of this age weighs.
pub(crate) fn decay(age: usize, half_life_weeks: f64) -> f64 {
    (-(age as f64) / half_life_weeks).exp2()
}

/// The chosen features of rows.
pub(crate) fn table(rows: &[Row], features: &[Feature]) -> Table {
    let cells = rows.iter().flat_map(|row| features.iter().map(|f| row.feature(*f))).collect();
    Table { cells, columns: features.len() }
}

/// Quantiles of ln(count + offset) for each live row.
pub(crate) fn forecast(rows: &Rows, lesson: &Lesson, means: &(Vec<f64>, Vec<f64>)) -> Vec<[f64; LEVELS]> {
    if lesson.rows.len() < FEWEST_ROWS {
        return rows.live.iter().map(|row| judged(row, lesson.weeks_ahead)).collect();
    }
    let past = lesson.rows.iter().filter_map(|&r| rows.past.get(r));
    let (means, live_means) = means;
    let residual: Vec<f64> = lesson.response.iter().zip(means).map(|(z, mean)| z - mean).collect();

    let age_weights: Vec<f64> = past.clone().map(|row| decay(row.age, SPREAD_HALF_LIFE)).collect();
    let sizes: Vec<f64> = residual.iter().map(|r| (r.abs() + SIZE_FLOOR).ln()).collect();
    let spread_features = table(&rows.past, &SPREAD_FEATURES);
    let plain = Ridge { penalty: SPREAD_PENALTY, huber_rounds: 0 };
    let spread = Linear::fit(&spread_features, &lesson.rows, &sizes, &age_weights, plain);
    let sigma = |row: &[f64]| spread.at(row).exp();

    let mut shape: Vec<(f64, f64)> = Vec::with_capacity(residual.len() + LEVELS);
    for ((row, r), (nth, age)) in past.zip(&residual).zip(lesson.rows.iter().zip(&age_weights)) {
        shape.push((r / sigma(spread_features.row(*nth)), age * row.base.powf(SHAPE_POWER)));
    }
    let total: f64 = shape.iter().map(|s| s.1).sum();
    let each = total / shape.len() as f64 * SHAPE_ROWS / LEVELS as f64;
    shape.extend(NORMAL.map(|z| (NORMAL_OVER_GEOMETRIC * z, each)));
    let shape = weighted_quantiles(&mut shape);

    let live_spread = table(&rows.live, &SPREAD_FEATURES);
    let each = rows.live.iter().enumerate().map(|(nth, row)| {
        let mean = row.base.ln() + live_means.get(nth).copied().unwrap_or(0.0);
        let sigma = sigma(live_spread.row(nth)).clamp(SPREAD_LIMITS.0, SPREAD_LIMITS.1);
        let sigma = (sigma * sigma + row.extra_variance).sqrt();
        shape.map(|q| mean + sigma * q)
    });
    each.collect()
}

/// Fitted means of the lesson's rows and of the live rows.
pub(crate) fn means(rows: &Rows, lesson: &Lesson, how: &RidgeMember) -> (Vec<f64>, Vec<f64>) {
    let past = lesson.rows.iter().filter_map(|&r| rows.past.get(r));
    let weights: Vec<f64> =
        past.map(|row| decay(row.age, how.half_life_weeks) * row.base.powf(how.size_power)).collect();
    let features = table(&rows.past, &how.features);
    let ridge = Ridge { penalty: how.penalty, huber_rounds: HUBER_ROUNDS };
    let line = Linear::fit(&features, &lesson.rows, &lesson.response, &weights, ridge);
    let mean = |row: &[f64]| line.at(row).clamp(-MEAN_CLIP, MEAN_CLIP);
    let live = table(&rows.live, &how.features);
    let of_past = lesson.rows.iter().map(|&r| mean(features.row(r))).collect();
    (of_past, (0..rows.live.len()).map(|nth| mean(live.row(nth))).collect())
}

/// A wide forecast around the newest level, for want of a past.
fn judged(row: &Row, weeks_ahead: f64) -> [f64; LEVELS] {
    let sigma = (JUDGED_SPREAD * JUDGED_SPREAD * weeks_ahead + row.extra_variance).sqrt();
    NORMAL.map(|z| row.base.ln() + sigma * z)
}

/// Quantiles at the hub levels of (value, weight) pairs, which are sorted: each value stands at the middle of its weight.
pub(crate) fn weighted_quantiles(pairs: &mut [(f64, f64)]) -> [f64; LEVELS] {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let total: f64 = pairs.iter().map(|p| p.1).sum();
    let mut out = [0.0; LEVELS];
    if total <= 0.0 {
        return out;
    }
    let (mut next, mut sum) = (0, 0.0);
    let mut before: Option<(f64, f64)> = None;
    for (value, weight) in pairs.iter() {
        let at = (sum + weight / 2.0) / total;
        sum += weight;
        while next < LEVELS && QUANTILE_LEVELS[next] <= at {
            out[next] = match before {
                Some((v, a)) if at > a => v + (value - v) * (QUANTILE_LEVELS[next] - a) / (at - a),
                _ => *value,
            };
            next += 1;
        }
        before = Some((*value, at));
    }
    let last = before.map_or(0.0, |b| b.0);
    out[next..].fill(last);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighted_quantiles_agree_with_repeated_values() {
        let mut once: Vec<(f64, f64)> = (0..200).map(|i| (f64::from(i), 1.0)).collect();
        let got = weighted_quantiles(&mut once);
        for (q, level) in got.iter().zip(QUANTILE_LEVELS) {
            assert!((q - (200.0 * level - 0.5)).abs() < 1e-9, "{level}: {q}");
        }
        assert_eq!(weighted_quantiles(&mut [(3.0, 0.5)]).to_vec(), vec![3.0; LEVELS]);
        assert_eq!(weighted_quantiles(&mut []).to_vec(), vec![0.0; LEVELS]);
    }

    #[test]
    fn an_old_row_weighs_less() {
        assert!((decay(52, 52.0) - 0.5).abs() < 1e-12);
    }
}
