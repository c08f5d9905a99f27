//! Members fitted to a city, and the quantiles they give together.
//!
//! Everything is re-fitted at each origin from the days known then. Rows are (place, day) pairs; each date weighs one,
//! however many places it has, because places err together.

use super::features::{OFFSET, Signals};
use super::linear::{Row, dot, ridge};
use super::low;
use super::prior::{KNOTS, Prior, SPREAD_TERMS, TERMS, between};
use crate::config::Config;
use crate::growth::Fit;
use crate::quantile::{LEVELS, MEDIAN};

/// Rows need a week of so many cases (twice seven offsets included): below, logarithms are counting noise.
pub(crate) const SMALLEST_ROW: f64 = 30.0;
/// Added to an error before its logarithm: errors next to none are chance, not skill.
pub(crate) const LEAST_ERROR: f64 = 0.1;
/// A change beyond e^4 either way is a change of counting.
pub(crate) const LARGEST_CHANGE: f64 = 4.0;
/// Weight of a row grows with size to this power: large places are heard more, but not alone.
pub(crate) const SIZE_POWER: f64 = 0.25;
/// Spread (log scale) is kept within what was ever seen.
const SPREAD: (f64, f64) = (0.08, 1.5);
/// No single error moves the learnt spread by more than this (log scale).
const LARGEST_SURPRISE: f64 = 1.5;
/// Keeps the prior's gram matrix positive definite.
const RIDGE: f64 = 1e-3;
const ROUNDS: usize = 3;
/// Where no change erred by this share of what the members erred, both are believed alike. Below one: members are there
/// because no change is mostly worse. Judgement, as are the next two; none was chosen by a score.
const STEADY_RATIO: f64 = 0.6;
/// How sharply belief changes hands around it.
const STEADY_POWER: i32 = 4;
/// As if so many dates had said nothing about it.
const STEADY_DATES: f64 = 5.0;

/// Spread from terms and coefficients.
pub(crate) fn spread(terms: &[f64; SPREAD_TERMS], scale: &[f64; SPREAD_TERMS]) -> f64 {
    dot(terms, scale).exp().clamp(SPREAD.0, SPREAD.1)
}

/// ln(count + 2) of the local line so many days ahead.
pub(crate) fn on_line(fit: &Fit, days: usize, config: &Config) -> f64 {
    (fit.ahead(days, config.damping(fit.slope)).max(0.0).exp_m1() + OFFSET).ln()
}

/// Coefficients for one knot: the two ridges and by how much each member's spread differs from the prior's (log scale).
#[derive(Clone, Copy, Debug)]
struct KnotFit {
    pooled: ([f64; TERMS], f64),
    learning: ([f64; TERMS], f64),
    trend: f64,
    /// How far the median is drawn to no change, 0 to 1; see [`steadiness`].
    steady: f64,
}

/// The members, fitted.
#[derive(Clone, Debug)]
pub(crate) struct Fitted<'a> {
    prior: &'a Prior,
    config: &'a Config,
    knots: Vec<KnotFit>,
}

impl<'a> Fitted<'a> {
    /// Fits all members to the places of one panel, up to the last day of their calendar.
    pub(crate) fn new(panel: &[&Signals], prior: &'a Prior, config: &'a Config) -> Self {
        let days = panel.iter().map(|s| s.base.len()).max().unwrap_or(0);
        let candidates = Candidate::all(panel, prior);
        let knots = KNOTS.iter().enumerate().map(|(i, h)| knot(panel, &candidates, (i, *h), days, prior, config));
        Self { prior, config, knots: knots.collect() }
    }

    /// Quantiles of ln(count + 2) of a place, so many days after `day`; `None` where its week is not known.
    pub(crate) fn quantiles(&self, place: &Signals, day: usize, ahead: usize) -> Option<[f64; LEVELS]> {
        let base = place.base.get(day).copied().flatten()?;
        let (features, spreads) = (place.mean[day]?, place.spread[day]?);
        let (terms, wide) = (self.prior.terms(&features), self.prior.spread_terms(&spreads));
        let (i, j, f) = between(&KNOTS, ahead);
        // Beyond the last knot nothing was learnt: the mean stays, the spread grows like a random walk's.
        let later = 0.5 * (ahead.max(28) as f64 / 28.0).ln();
        let mix = |of: &dyn Fn(usize) -> f64| (1.0 - f) * of(i) + f * of(j);
        let ridge = |of: &dyn Fn(&KnotFit) -> ([f64; TERMS], f64)| {
            let mean = base + mix(&|k| dot(&terms, &of(&self.knots[k]).0));
            let log_spread = mix(&|k| spread(&wide, &self.prior.pooled[k].scale).ln() + of(&self.knots[k]).1);
            (mean, (log_spread + later).exp())
        };
        let (pooled, learning) = (ridge(&|k| k.pooled), ridge(&|k| k.learning));
        let line = place.trend[day]?;
        let trend_spread = mix(&|k| spread(&wide, &self.prior.trend[k].scale).ln() + self.knots[k].trend) + later;
        let trend = (on_line(&line, ahead, self.config), trend_spread.exp());
        let share = self.config.trend_share;
        let each = 0.5 * (1.0 - share);
        let all: [f64; LEVELS] = std::array::from_fn(|l| {
            let shape = mix(&|k| self.prior.pooled[k].shape[l]);
            let ridges = each * (pooled.0 + pooled.1 * shape) + each * (learning.0 + learning.1 * shape);
            ridges + share * (trend.0 + trend.1 * mix(&|k| self.prior.trend[k].shape[l]))
        });
        // Chosen on 14 days, so it holds for 14 days; by the 28th nothing is narrowed.
        let chosen = 1.0 - (ahead.clamp(14, 28) - 14) as f64 / 14.0;
        let factor = 1.0 + chosen * (self.config.narrowing - 1.0);
        let centre = all[MEDIAN] + mix(&|k| self.knots[k].steady) * (base - all[MEDIAN]);
        let narrowed = all.map(|q| centre + factor * (q - all[MEDIAN]));
        let cases = 7.0 * place.week.get(day).copied().flatten()?;
        let weight = low::weight_of_members(cases);
        if weight >= 1.0 {
            return Some(narrowed);
        }
        let low = low::changes(self.prior, cases, ahead);
        Some(std::array::from_fn(|l| weight * narrowed[l] + (1.0 - weight) * (base + low[l])))
    }
}

/// A (place, day) pair that may become a row.
struct Candidate {
    place: usize,
    day: usize,
    terms: [f64; TERMS],
    wide: [f64; SPREAD_TERMS],
    base: f64,
    size: f64,
}

impl Candidate {
    fn all(panel: &[&Signals], prior: &Prior) -> Vec<Self> {
        let mut out = Vec::new();
        for (place, signals) in panel.iter().enumerate() {
            for (day, base) in signals.base.iter().enumerate() {
                let (Some(base), Some(mean), Some(spread)) = (*base, signals.mean[day], signals.spread[day]) else {
                    continue;
                };
                if 7.0 * base.exp() >= SMALLEST_ROW {
                    let (terms, wide) = (prior.terms(&mean), prior.spread_terms(&spread));
                    out.push(Self { place, day, terms, wide, base, size: (SIZE_POWER * base).exp() });
                }
            }
        }
        out
    }
}

fn knot(
    panel: &[&Signals],
    candidates: &[Candidate],
    (i, ahead): (usize, usize),
    days: usize,
    prior: &Prior,
    config: &Config,
) -> KnotFit {
    let came = |c: &Candidate| panel[c.place].log.get(c.day + ahead).copied().flatten();
    let known: Vec<(&Candidate, f64)> = candidates.iter().filter_map(|c| Some((c, came(c)?))).collect();
    let mut sizes = vec![0.0; days];
    for (c, _) in &known {
        sizes[c.day] += c.size;
    }
    let half_life = config.learning_half_life_days;
    let weight = |c: &Candidate| {
        let age = (days - 1 - ahead - c.day) as f64;
        c.size / sizes[c.day] * (-age / half_life).exp2()
    };
    let rows: Vec<Row<TERMS>> = known
        .iter()
        .map(|(c, y)| Row {
            terms: c.terms,
            came: (y - c.base).clamp(-LARGEST_CHANGE, LARGEST_CHANGE),
            weight: weight(c),
        })
        .collect();
    let learnt = &prior.pooled[i];
    let wider = |errors: &mut dyn Iterator<Item = (usize, f64)>, scale: &[f64; SPREAD_TERMS]| {
        let (mut sum, mut total) = (0.0, config.spread_dates);
        for (n, error) in errors {
            let (w, expected) = (rows[n].weight, spread(&known[n].0.wide, scale).ln());
            sum += w * ((error.abs() + LEAST_ERROR).ln() - expected).clamp(-LARGEST_SURPRISE, LARGEST_SURPRISE);
            total += w;
        }
        sum / total
    };
    let ridge_with = |dates: f64| {
        let mut penalty = prior.gram.map(|row| row.map(|g| g * dates));
        for (t, row) in penalty.iter_mut().enumerate() {
            row[t] += RIDGE * dates;
        }
        let b = ridge(&rows, &penalty, &learnt.mean, ROUNDS);
        let errors = &mut rows.iter().enumerate().map(|(n, row)| (n, row.came - dot(&row.terms, &b)));
        (b, wider(errors, &learnt.scale))
    };
    let line = |c: &Candidate| panel[c.place].trend[c.day].map(|fit| on_line(&fit, ahead, config));
    let off = &mut known
        .iter()
        .enumerate()
        .filter_map(|(n, (c, y))| Some((n, (y - line(c)?).clamp(-LARGEST_CHANGE, LARGEST_CHANGE))));
    let trend = wider(off, &prior.trend[i].scale);
    let (pooled, learning) = (ridge_with(config.pooled_dates), ridge_with(config.learning_dates));
    let erred = rows.iter().zip(&known).filter_map(|(row, (c, _))| {
        let ridges = 0.5 * (dot(&row.terms, &pooled.0) + dot(&row.terms, &learning.0));
        let said = ridges + config.trend_share * (line(c)? - c.base - ridges);
        Some((row.weight, (row.came - said).abs(), row.came.abs()))
    });
    KnotFit { pooled, learning, trend, steady: steadiness(erred) }
}

/// How far a city that stays as it is is believed to go on so: from weights, errors of the members and errors of "no change".
///
/// Other places' outbreaks rose and fell, so members that start from them expect a turn. A city that has stayed level while
/// they said that it would fall has shown that it is not one of them.
fn steadiness(erred: impl Iterator<Item = (f64, f64, f64)>) -> f64 {
    let (mut dates, mut members, mut no_change) = (0.0, 0.0, 0.0);
    for (weight, member, none) in erred {
        dates += weight;
        members += weight * member;
        no_change += weight * none;
    }
    if dates <= 0.0 {
        return 0.0;
    }
    let ratio = (no_change / dates + LEAST_ERROR) / (members / dates + LEAST_ERROR);
    dates / (dates + STEADY_DATES) / (1.0 + (ratio / STEADY_RATIO).powi(STEADY_POWER))
}
