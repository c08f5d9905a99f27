//! Which share of a place's cases is found in managed groups, by day, and where that share goes.
//!
//! Log-odds of the share: a weekly random walk over the knots of log R, fitted to community counts by quasi-likelihood (binomial
//! variance inflated as a beta-binomial's is), the strength of the beta by moments.

use super::input::PlaceInput;
use super::matrix;
use super::problem::{BEFORE, WEEK, knots};
use crate::random::Stream;

/// Weekly step of the log-odds. Judgement: Shanghai's share went from about a half to 0.99 within five weeks of April 2022.
const STEP: f64 = 0.5;
/// Spread of the log-odds at the first knot about those of all days together.
const FIRST_SD: f64 = 1.5;
/// Days with a split that a place needs.
const NEED: usize = 7;
/// Strength of the beta: least and most.
const STRENGTH: (f64, f64) = (2.0, 1e4);
/// Rounds of Newton; each costs next to nothing, and the objective is concave.
const ROUNDS: usize = 30;

/// The managed share of one place.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    /// Log-odds at the knots: mode, and Cholesky factor of their information.
    mode: Vec<f64>,
    factor: Vec<f64>,
    /// a + b of the beta-binomial.
    pub(crate) strength: f64,
    between: Vec<(usize, f64)>,
}

impl Split {
    /// `None` with too few days that know their split, or if the fit does not converge.
    pub(crate) fn of(place: &PlaceInput, days: usize) -> Option<Self> {
        let (n, between) = knots(days);
        let seen: Vec<(usize, f64, f64)> = (0..days)
            .filter_map(|t| {
                let (all, community) = (place.counts.get(t).copied()??, place.community.get(t).copied()??);
                (all > 0.0).then_some((t, all, (all - community).max(0.0)))
            })
            .collect();
        if seen.len() < NEED {
            return None;
        }
        let (managed, all) = seen.iter().fold((0.5, 1.0), |(m, a), s| (m + s.2, a + s.1));
        let first = (managed / (all - managed)).ln();
        let mut this = Self { mode: vec![first; n], factor: Vec::new(), strength: 30.0, between };
        for _ in 0..3 {
            this.climb(&seen, first)?;
            this.strength = this.moments(&seen);
        }
        this.climb(&seen, first)?;
        Some(this)
    }

    fn climb(&mut self, seen: &[(usize, f64, f64)], first: f64) -> Option<()> {
        let n = self.mode.len();
        for _ in 0..ROUNDS {
            let (mut g, mut h) = (vec![0.0; n], vec![0.0; n * n]);
            let precision = 1.0 / (STEP * STEP);
            g[0] = -(self.mode[0] - first) / (FIRST_SD * FIRST_SD);
            h[0] = 1.0 / (FIRST_SD * FIRST_SD);
            for i in 1..n {
                let off = (self.mode[i] - self.mode[i - 1]) * precision;
                g[i] -= off;
                g[i - 1] += off;
                h[i * n + i] += precision;
                h[(i - 1) * n + i - 1] += precision;
                h[i * n + i - 1] -= precision;
            }
            for (day, all, managed) in seen {
                let (knot, part) = self.between[*day];
                let p = share(self.mode[knot] * (1.0 - part) + self.mode[knot + 1] * part);
                let inflated = 1.0 + (all - 1.0).max(0.0) / (self.strength + 1.0);
                let slope = (managed - all * p) / inflated;
                let weight = all * p * (1.0 - p) / inflated;
                let b = [1.0 - part, part];
                for i in 0..2 {
                    g[knot + i] += b[i] * slope;
                    for j in 0..=i {
                        h[(knot + i) * n + knot + j] += weight * b[i] * b[j];
                    }
                }
            }
            matrix::cholesky(&mut h, n)?;
            matrix::solve_lower(&h, n, &mut g, 1);
            let decrement: f64 = g.iter().map(|x| x * x).sum();
            matrix::solve_upper(&h, n, &mut g);
            let largest = g.iter().fold(1.0f64, |m, s| m.max(s.abs()));
            for (x, s) in self.mode.iter_mut().zip(&g) {
                *x += s / largest;
            }
            self.factor = h;
            if decrement < 1e-8 {
                return Some(());
            }
        }
        None
    }

    /// Strength that explains how far days lie from their expected share.
    fn moments(&self, seen: &[(usize, f64, f64)]) -> f64 {
        // Σ (r² - 1) over Σ (n - 1) estimates 1 / (strength + 1); a prior of one day's worth about a strength of 30.
        let (mut over, mut weight) = (1.0, 31.0);
        for (day, all, managed) in seen {
            let (knot, part) = self.between[*day];
            let p = share(self.mode[knot] * (1.0 - part) + self.mode[knot + 1] * part);
            let variance = all * p * (1.0 - p);
            if variance > 0.5 {
                over += (managed - all * p).powi(2) / variance - 1.0;
                weight += all - 1.0;
            }
        }
        (weight / over.max(1e-9) - 1.0).clamp(STRENGTH.0, STRENGTH.1)
    }

    /// Share of the infections of each day that will be managed, from `BEFORE` days before day 0; `delay` = days to report.
    pub(crate) fn by_infection(&self, delay: usize) -> Vec<f64> {
        let days = self.between.len();
        (0..BEFORE + days)
            .map(|i| {
                let (knot, part) = self.between[(i + delay).saturating_sub(BEFORE).min(days - 1)];
                share(self.mode[knot] * (1.0 - part) + self.mode[knot + 1] * part)
            })
            .collect()
    }

    /// A draw of the managed share on each of the days after the origin; what is left of the slope after a week is `keeps`.
    pub(crate) fn ahead(&self, horizon: usize, keeps: f64, stream: &mut Stream) -> Vec<f64> {
        let n = self.mode.len();
        let mut x: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        matrix::solve_upper(&self.factor, n, &mut x);
        for (x, m) in x.iter_mut().zip(&self.mode) {
            *x += m;
        }
        let (mut from, mut slope) = (x[n - 1], x[n - 1] - x[n - 2]);
        let mut out = Vec::with_capacity(horizon);
        while out.len() < horizon {
            slope *= keeps;
            let to = from + slope + STEP * stream.normal();
            for day in 1..=WEEK.min(horizon - out.len()) {
                out.push(share(from + (to - from) * day as f64 / WEEK as f64));
            }
            from = to;
        }
        out
    }
}

/// From log-odds, kept off 0 and 1.
fn share(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds.clamp(-12.0, 12.0)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;

    fn place(managed: impl Fn(usize) -> f64) -> PlaceInput {
        PlaceInput {
            counts: vec![Some(200.0); 42],
            community: (0..42).map(|t| Some((200.0 * (1.0 - managed(t))).round())).collect(),
            ..PlaceInput::default()
        }
    }

    #[test]
    fn a_rising_managed_share_is_found_and_goes_on() {
        let split = Split::of(&place(|t| 1.0 / (1.0 + (-(t as f64) / 14.0).exp())), 42).unwrap();
        let by_day = split.by_infection(0);
        assert!((by_day[BEFORE + 21] - 0.818).abs() < 0.01, "{}", by_day[BEFORE + 21]);
        let mut stream = Stream::new(1, Purpose::RenewalSplit, 0, 0);
        let mean: f64 = (0..400).map(|_| split.ahead(7, 0.8, &mut stream)[6]).sum::<f64>() / 400.0;
        assert!(mean > 0.95 && mean < 0.975, "{mean}");
    }

    #[test]
    fn a_place_that_hardly_ever_splits_has_no_share() {
        let mut few = place(|_| 0.5);
        for day in 3..42 {
            few.community[day] = None;
        }
        assert!(Split::of(&few, 42).is_none());
    }

    #[test]
    fn all_managed_and_none_managed_are_no_trouble() {
        for all in [0.0, 1.0] {
            let split = Split::of(&place(|_| all), 42).unwrap();
            assert!(split.by_infection(3).iter().all(|q| (q - all).abs() < 0.05));
        }
    }
}
