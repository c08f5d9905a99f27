//! How the prior is learnt from other places' series.

use super::features::{FEATURES, SPREADS, Signals};
use super::fit::{LARGEST_CHANGE, LEAST_ERROR, SIZE_POWER, SMALLEST_ROW, on_line, spread};
use super::linear::{Row, dot, ridge, weighted_quantiles};
use super::prior::{KNOTS, Knot, LOW_CLASSES, LOW_KNOTS, Prior, SPREAD_TERMS, TERMS, TrendKnot};
use crate::config::Config;
use crate::quantile::{self, LEVELS};
use std::fmt::Write as _;

/// Share of the rows' weight that draws each coefficient to nothing.
const SHRINKAGE: f64 = 0.05;
/// Rows below which nothing is learnt.
const FEWEST_ROWS: usize = 200;
const ROUNDS: usize = 4;

struct Sample<'a> {
    signals: &'a Signals,
    day: usize,
    mean: [f64; FEATURES],
    spread: [f64; SPREADS],
    base: f64,
}

impl Prior {
    /// Learns from daily series of other places (`None` = not known), each up to its last day. `None` with fewer than 200 rows.
    pub fn learn(series: &[Vec<Option<f64>>], config: &Config) -> Option<Self> {
        let signals: Vec<Signals> = series.iter().map(|s| Signals::of(s, config.trend_half_life_days, None)).collect();
        let mut samples = Vec::new();
        for signals in &signals {
            for day in 0..signals.base.len() {
                if let (Some(base), Some(mean), Some(spread)) =
                    (signals.base[day], signals.mean[day], signals.spread[day])
                    && 7.0 * base.exp() >= SMALLEST_ROW
                {
                    samples.push(Sample { signals, day, mean, spread, base });
                }
            }
        }
        if samples.len() < FEWEST_ROWS {
            return None;
        }
        let moments = |of: &dyn Fn(&Sample<'_>) -> f64| {
            let n = samples.len() as f64;
            let mean = samples.iter().map(of).sum::<f64>() / n;
            (mean, (samples.iter().map(|s| (of(s) - mean).powi(2)).sum::<f64>() / n).sqrt())
        };
        let empty = Knot { mean: [0.0; TERMS], scale: [0.0; SPREAD_TERMS], shape: [0.0; LEVELS] };
        let mut prior = Self {
            features: std::array::from_fn(|j| moments(&|s| s.mean[j])),
            spreads: std::array::from_fn(|j| moments(&|s| s.spread[j])),
            gram: [[0.0; TERMS]; TERMS],
            pooled: [empty; KNOTS.len()],
            trend: [TrendKnot { scale: empty.scale, shape: empty.shape }; KNOTS.len()],
            low: [[[0.0; LEVELS]; LOW_KNOTS.len()]; LOW_CLASSES.len()],
        };
        for (i, ahead) in KNOTS.iter().enumerate() {
            let (rows, wide, lines) = rows(&samples, &prior, *ahead, config);
            let b = ridge(&rows, &shrinkage(&rows), &[0.0; TERMS], ROUNDS);
            let errors: Vec<f64> = rows.iter().map(|r| r.came - dot(&r.terms, &b)).collect();
            let weights: Vec<f64> = rows.iter().map(|r| r.weight).collect();
            let (scale, shape) = spread_of(&errors, &weights, &wide);
            prior.pooled[i] = Knot { mean: b, scale, shape };
            let (scale, shape) = spread_of(&lines, &weights, &wide);
            prior.trend[i] = TrendKnot { scale, shape };
            if *ahead == 7 {
                let total: f64 = weights.iter().sum();
                for row in &rows {
                    for (g, a) in prior.gram.iter_mut().zip(&row.terms) {
                        for (g, b) in g.iter_mut().zip(&row.terms) {
                            *g += row.weight * a * b / total;
                        }
                    }
                }
            }
        }
        for (table, (from, to, _)) in prior.low.iter_mut().zip(LOW_CLASSES) {
            for (row, ahead) in table.iter_mut().zip(LOW_KNOTS) {
                *row = changes_of(&signals, from..to, ahead);
            }
        }
        Some(prior)
    }

    /// The table as Rust source: a constant `BUILT_IN`.
    pub fn as_source(&self, head: &str) -> String {
        let mut out = format!(
            "{head}\n\nuse super::prior::{{Knot, Prior, TrendKnot}};\n\n/// The table.\n#[expect(clippy::approx_constant, reason = \"learnt figures, some of which are ln 2: from two to four\")]\n"
        );
        // Six places are far beyond what any of these figures is known to; Debug prints the shortest form of each.
        let round = |x: f64| format!("{:?}", (x * 1e5).round() / 1e5 + 0.0);
        let list = |xs: &[f64]| format!("[{}]", xs.iter().map(|x| round(*x)).collect::<Vec<_>>().join(", "));
        let pairs = |xs: &[(f64, f64)]| {
            xs.iter().map(|(a, b)| format!("({}, {})", round(*a), round(*b))).collect::<Vec<_>>().join(", ")
        };
        let _ = write!(
            out,
            "pub(crate) const BUILT_IN: Prior = Prior {{\nfeatures: [{}],\nspreads: [{}],\ngram: [{}],\npooled: [",
            pairs(&self.features),
            pairs(&self.spreads),
            self.gram.iter().map(|r| list(r)).collect::<Vec<_>>().join(", ")
        );
        for k in &self.pooled {
            let _ = write!(
                out,
                "Knot {{ mean: {}, scale: {}, shape: {} }}, ",
                list(&k.mean),
                list(&k.scale),
                list(&k.shape)
            );
        }
        out.push_str("],\ntrend: [");
        for k in &self.trend {
            let _ = write!(out, "TrendKnot {{ scale: {}, shape: {} }}, ", list(&k.scale), list(&k.shape));
        }
        out.push_str("],\nlow: [");
        for class in &self.low {
            let _ = write!(out, "[{}], ", class.iter().map(|r| list(r)).collect::<Vec<_>>().join(", "));
        }
        out.push_str("],\n};\n");
        out
    }
}

type Rows = (Vec<Row<TERMS>>, Vec<[f64; SPREAD_TERMS]>, Vec<f64>);

/// Rows for one number of days ahead, their terms of the spread, and the local line's errors.
fn rows(samples: &[Sample<'_>], prior: &Prior, ahead: usize, config: &Config) -> Rows {
    let (mut rows, mut wide, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for s in samples {
        let (Some(came), Some(line)) = (s.signals.log.get(s.day + ahead).copied().flatten(), s.signals.trend[s.day])
        else {
            continue;
        };
        let limit = |x: f64| x.clamp(-LARGEST_CHANGE, LARGEST_CHANGE);
        rows.push(Row { terms: prior.terms(&s.mean), came: limit(came - s.base), weight: (SIZE_POWER * s.base).exp() });
        wide.push(prior.spread_terms(&s.spread));
        lines.push(limit(came - on_line(&line, ahead, config)));
    }
    (rows, wide, lines)
}

/// Draws all coefficients but the first to nothing.
fn shrinkage<const N: usize>(rows: &[Row<N>]) -> [[f64; N]; N] {
    let total: f64 = rows.iter().map(|r| r.weight).sum();
    let mut penalty = [[0.0; N]; N];
    for (i, row) in penalty.iter_mut().enumerate().skip(1) {
        row[i] = SHRINKAGE * total;
    }
    penalty
}

/// Coefficients of the logarithm of the spread, and the quantiles of error over spread.
fn spread_of(errors: &[f64], weights: &[f64], wide: &[[f64; SPREAD_TERMS]]) -> ([f64; SPREAD_TERMS], [f64; LEVELS]) {
    let rows: Vec<Row<SPREAD_TERMS>> = errors
        .iter()
        .zip(weights)
        .zip(wide)
        .map(|((e, w), terms)| Row { terms: *terms, came: (e.abs() + LEAST_ERROR).ln(), weight: *w })
        .collect();
    let scale = ridge(&rows, &shrinkage(&rows), &[0.0; SPREAD_TERMS], 1);
    let shape = errors.iter().zip(weights).zip(wide).map(|((e, w), t)| (e / spread(t, &scale), *w)).collect();
    (scale, weighted_quantiles(shape))
}

/// Quantiles of the change of ln(count + 2) after weeks with so many cases.
fn changes_of(signals: &[Signals], cases: std::ops::Range<f64>, ahead: usize) -> [f64; LEVELS] {
    let mut changes = Vec::new();
    for s in signals {
        for (day, (week, base)) in s.week.iter().zip(&s.base).enumerate() {
            if let (Some(week), Some(base), Some(came)) = (week, base, s.log.get(day + ahead).copied().flatten())
                && cases.contains(&(7.0 * week))
            {
                changes.push((came - base).clamp(-LARGEST_CHANGE, LARGEST_CHANGE));
            }
        }
    }
    quantile::all(&mut changes)
}
