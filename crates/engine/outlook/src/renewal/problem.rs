//! The model written out for one calendar: knots of log R, weekdays, places with what they observed, who infects whom.
//!
//! Parameters. Shared: log R of the city at each knot, six weekday contrasts, then a shock for each day (with three places or
//! more). Of a place: height and weekly slope of its
//! log infections before day 0, then its deviation of log R at each knot. Knots lie a week apart and end on the origin;
//! between them log R is linear (Deviation: the design note has steps by week; lines leave no kinks in what is reported).

use super::input::{Input, Priors};
use super::parameters::REACH;

/// Days of infections before day 0.
pub(crate) const BEFORE: usize = REACH;
/// Days between knots.
pub(crate) const WEEK: usize = 7;
/// Parameters of a place before its deviations: height and slope.
pub(crate) const START: usize = 2;
/// Weekday contrasts.
pub(crate) const CONTRASTS: usize = 6;
/// Infections a day that come from nowhere known, in each place: keeps a place without cases open to its first one. Judgement:
/// one in three years.
pub(crate) const FROM_NOWHERE: f64 = 1e-3;
/// Spread of a place's height before day 0 about the mean of its first counts.
const HEIGHT_SD: f64 = 1.5;
/// Spread of its slope a week.
const SLOPE_SD: f64 = 1.0;

/// What a fit needs and never changes.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) days: usize,
    pub(crate) knots: usize,
    /// For each day the knot at or before it and how far it lies towards the next, 0 to 1.
    pub(crate) between: Vec<(usize, f64)>,
    pub(crate) first_weekday: usize,
    pub(crate) generation: [f64; REACH],
    pub(crate) delay: [f64; REACH],
    pub(crate) places: Vec<Place>,
    pub(crate) mixing: Mixing,
    pub(crate) priors: Priors,
    /// Spread of what moves all places on one day alike (screening rounds, late bulletins), log units.
    pub(crate) day_sd: f64,
    /// Where the search for the city's log R begins, by knot.
    pub(crate) city_start: Vec<f64>,
}

/// One fitted place.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its number in the input.
    pub(crate) number: usize,
    /// (day, count, share reported by now), days that are known and believed.
    pub(crate) seen: Vec<(usize, f64, f64)>,
    /// Infectiousness left by isolation, by day of infection from `BEFORE` days before day 0.
    pub(crate) free: Vec<f64>,
    pub(crate) population: Option<f64>,
    /// Prior mean of its log infections just before day 0.
    pub(crate) height: f64,
    /// Size of its counts over the shared size.
    pub(crate) size_factor: f64,
}

/// Who infects whom, by number among the fitted places.
#[derive(Clone, Debug)]
pub(crate) enum Mixing {
    /// A share goes away and is spread by size.
    Spread { away: f64, shares: Vec<f64> },
    /// `table[from][to]`.
    Table(Vec<Vec<f64>>),
}

impl Problem {
    pub(crate) fn locals(&self) -> usize {
        START + self.knots
    }

    pub(crate) fn shared(&self) -> usize {
        self.knots + CONTRASTS + self.shocks()
    }

    /// Shocks among the shared parameters: one a day, or none.
    pub(crate) fn shocks(&self) -> usize {
        if self.day_sd > 0.0 { self.days } else { 0 }
    }

    /// Contrast values of a day's weekday: columns of a Helmert basis, so that weekday effects add up to 0 and are alike
    /// beforehand.
    pub(crate) fn contrasts(&self, day: usize) -> [f64; CONTRASTS] {
        contrasts((self.first_weekday + day) % 7)
    }

    /// Log effect of a day's weekday.
    pub(crate) fn weekday(&self, shared: &[f64], day: usize) -> f64 {
        self.contrasts(day).iter().zip(&shared[self.knots..]).map(|(c, e)| c * e).sum()
    }

    /// Log effect of a day on all places: weekday and shock.
    pub(crate) fn day_effect(&self, contrasts: &[f64; CONTRASTS], shared: &[f64], day: usize) -> f64 {
        let weekday: f64 = contrasts.iter().zip(&shared[self.knots..]).map(|(c, e)| c * e).sum();
        weekday + shared.get(self.knots + CONTRASTS + day).unwrap_or(&0.0)
    }

    /// Sum of what all places cause by day, where imports are spread by size.
    pub(crate) fn total_force(&self, force: &[Vec<f64>]) -> Option<Vec<f64>> {
        let Mixing::Spread { .. } = self.mixing else { return None };
        let mut total = vec![0.0; self.days];
        for one in force {
            for (sum, caused) in total.iter_mut().zip(one) {
                *sum += caused;
            }
        }
        Some(total)
    }

    /// Infections that others cause in `to`, by day, from what each place causes (`force[from][day]`) and its sum.
    pub(crate) fn imports(&self, force: &[Vec<f64>], total: Option<&[f64]>, to: usize) -> Vec<f64> {
        let mut out = vec![FROM_NOWHERE; self.days];
        if let (Mixing::Spread { away, shares }, Some(total)) = (&self.mixing, total) {
            for ((sum, all), own) in out.iter_mut().zip(total).zip(&force[to]) {
                *sum += away * shares[to] * (all - own).max(0.0);
            }
            return out;
        }
        for (from, caused) in force.iter().enumerate().filter(|(from, _)| *from != to) {
            let share = self.mixing.share(from, to);
            for (sum, one) in out.iter_mut().zip(caused) {
                *sum += share * one;
            }
        }
        out
    }

    /// One day's infections that others cause in each place, from what each causes on that day.
    pub(crate) fn imports_of_day(&self, force: &[f64], out: &mut [f64]) {
        match &self.mixing {
            Mixing::Spread { away, shares } => {
                let total: f64 = force.iter().sum();
                for ((out, own), share) in out.iter_mut().zip(force).zip(shares) {
                    *out = FROM_NOWHERE + away * share * (total - own).max(0.0);
                }
            }
            Mixing::Table(table) => {
                for (to, out) in out.iter_mut().enumerate() {
                    let others = table.iter().zip(force).enumerate().filter(|(from, _)| *from != to);
                    *out = FROM_NOWHERE + others.map(|(_, (row, f))| row.get(to).unwrap_or(&0.0) * f).sum::<f64>();
                }
            }
        }
    }
}

impl Mixing {
    pub(crate) fn of(input: &Input, priors: &Priors, fitted: &[usize]) -> Self {
        match &input.mixing {
            Some(table) => Self::Table(fitted.iter().map(|e| fitted.iter().map(|d| table[*e][*d]).collect()).collect()),
            None => Self::Spread { away: priors.mixing_away, shares: sizes(input, fitted) },
        }
    }

    /// Share of the infections caused by `from` that happen in `to`.
    pub(crate) fn share(&self, from: usize, to: usize) -> f64 {
        match self {
            Self::Spread { away, shares } => away * shares[to] + if from == to { 1.0 - away } else { 0.0 },
            Self::Table(table) => table[from][to],
        }
    }
}

/// Shares of the residents where all are known, else of the cases (and one more in each place).
fn sizes(input: &Input, places: &[usize]) -> Vec<f64> {
    let residents: Option<Vec<f64>> = places.iter().map(|p| input.places[*p].population).collect();
    let cases = || places.iter().map(|p| 1.0 + input.places[*p].counts.iter().flatten().sum::<f64>()).collect();
    let sizes: Vec<f64> = residents.filter(|r| r.iter().all(|n| *n > 0.0)).unwrap_or_else(cases);
    let total: f64 = sizes.iter().sum();
    sizes.into_iter().map(|s| s / total).collect()
}

pub(crate) fn contrasts(weekday: usize) -> [f64; CONTRASTS] {
    let mut out = [0.0; CONTRASTS];
    for (j, value) in (1..=CONTRASTS).zip(&mut out) {
        let norm = ((j * (j + 1)) as f64).sqrt();
        *value = match weekday.cmp(&j) {
            std::cmp::Ordering::Less => 1.0 / norm,
            std::cmp::Ordering::Equal => -(j as f64) / norm,
            std::cmp::Ordering::Greater => 0.0,
        };
    }
    out
}

/// Number of knots of a calendar and where each day lies between them.
pub(crate) fn knots(days: usize) -> (usize, Vec<(usize, f64)>) {
    let steps = (days - 1).div_ceil(WEEK).max(1);
    // Days from the first knot to day 0.
    let early = steps * WEEK - (days - 1);
    let between = (0..days)
        .map(|t| {
            let at = t + early;
            let knot = (at / WEEK).min(steps - 1);
            (knot, (at - knot * WEEK) as f64 / WEEK as f64)
        })
        .collect();
    (steps + 1, between)
}

/// Spreads of the priors of a place's first parameters.
pub(crate) fn start_sd() -> [f64; START] {
    [HEIGHT_SD, SLOPE_SD]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knots_end_on_the_origin_and_reach_back_to_day_0() {
        for days in 14..40 {
            let (n, between) = knots(days);
            assert_eq!(between.last(), Some(&(n - 2, 1.0)), "{days}");
            assert!(between[0].0 == 0 && between[0].1 < 1.0, "{days}");
            assert!(between.iter().all(|(k, f)| k + 1 < n && (0.0..=1.0).contains(f)));
        }
    }

    #[test]
    fn weekday_contrasts_are_orthonormal_and_add_up_to_0() {
        for i in 0..CONTRASTS {
            let column: Vec<f64> = (0..7).map(|d| contrasts(d)[i]).collect();
            assert!(column.iter().sum::<f64>().abs() < 1e-12);
            for j in 0..CONTRASTS {
                let product: f64 = (0..7).map(|d| contrasts(d)[i] * contrasts(d)[j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
    }
}
