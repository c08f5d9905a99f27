//! Joint futures of the places that are forecast from themselves.
//!
//! A path runs week by week. For each week it draws one date, one sign, and takes that date's errors in every place.
//! Signs are even: errors made while an outbreak rose say how far things move, not which way they move next.

use crate::config::Config;
use crate::daily::Daily;
use crate::growth::{Fit, damped_days};
use crate::history::{Errors, History, PRIOR, WEEK};
use crate::random::{Purpose, Stream};

/// Largest log count that a path may reach (10^12): only there to keep numbers finite when nothing else caps a path.
const LARGEST_LOG: f64 = 27.6;

/// A place that is forecast from itself.
pub(crate) struct Own<'a> {
    /// Its number in the vintage.
    pub(crate) place: u16,
    pub(crate) daily: &'a Daily,
    pub(crate) newest: usize,
    pub(crate) fit: Fit,
    /// The fit without the newest day, for a series that jumped.
    pub(crate) fit_before: Fit,
}

/// What all paths share.
pub(crate) struct Simulation<'a> {
    pub(crate) own: &'a [Own<'a>],
    pub(crate) history: &'a History,
    pub(crate) config: &'a Config,
    /// Days of the calendar.
    pub(crate) days: usize,
}

/// The draws of one week that all places share.
struct Week<'a> {
    date: Option<&'a [Option<Errors>]>,
    sign: f64,
    invented: (f64, f64),
}

impl Simulation<'_> {
    /// How many of the paths persistence makes.
    pub(crate) fn persistent_paths(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of at most 20,000 paths")]
        let paths = (self.config.persistence_share * f64::from(self.config.paths)).round() as u32;
        paths
    }

    /// Path `k` of every place, counts by day after the origin, and whether residents ran out in one.
    pub(crate) fn path(&self, k: u32, out: &mut [Vec<u64>]) -> Vec<bool> {
        let horizon = self.config.horizon_days as usize;
        let oldest = self.own.iter().map(|o| self.days - 1 - o.newest).max().unwrap_or(0);
        let mut common = Stream::new(self.config.seed, Purpose::Errors, k, 0);
        let weeks: Vec<Week<'_>> = (0..(oldest + horizon).div_ceil(WEEK))
            .map(|_| Week {
                date: self.history.pick(common.uniform()),
                sign: if common.uniform() < 0.5 { -1.0 } else { 1.0 },
                invented: (common.normal(), common.normal()),
            })
            .collect();
        let persistent = k < self.persistent_paths();
        let mut capped = Vec::with_capacity(self.own.len());
        for ((p, own), out) in self.own.iter().enumerate().zip(out) {
            let mut stream = Stream::new(self.config.seed, Purpose::Counts, k, own.place);
            let logs = self.logs_of(p, own, &weeks, persistent, k % 2 == 1, &mut stream);
            let skip = self.days - 1 - own.newest;
            let noise = if self.history.own_dates.get(p).copied().unwrap_or(0) == 0 {
                0.0
            } else {
                self.history.day_variance.get(p).copied().unwrap_or(0.0)
            };
            capped.push(counts(logs.iter().skip(skip).take(horizon), noise, own.daily.population, &mut stream, out));
        }
        capped
    }

    fn logs_of(
        &self,
        p: usize,
        own: &Own<'_>,
        weeks: &[Week<'_>],
        persistent: bool,
        odd: bool,
        stream: &mut Stream,
    ) -> Vec<f64> {
        let shift = self.history.weekly_shift.get(p).copied().unwrap_or(0.0);
        let last = own.daily.logs.get(own.newest).copied().flatten();
        let disbelieve = own.daily.jumped && odd;
        let (mut level, mut slope) = match last {
            Some(last) if own.daily.jumped && !odd => (last, own.fit_before.slope),
            _ if disbelieve => (own.fit_before.level, own.fit_before.slope),
            _ => (own.fit.level, own.fit.slope),
        };
        let mut base: Vec<f64> = (1..=WEEK)
            .map(|j| {
                let day = (own.newest + j).checked_sub(WEEK).filter(|d| !(disbelieve && *d == own.newest));
                day.and_then(|d| own.daily.logs.get(d).copied().flatten()).unwrap_or(level)
            })
            .collect();
        let mut logs = Vec::with_capacity(weeks.len() * WEEK);
        for week in weeks {
            let errors = self.errors_of(p, week, stream);
            if persistent {
                for (day, change) in base.iter_mut().zip(errors.change) {
                    *day = (*day + week.sign * change - shift).clamp(0.0, LARGEST_LOG);
                }
                logs.extend_from_slice(&base);
            } else {
                let damping = self.config.damping(slope);
                for j in 1..=WEEK {
                    logs.push(level + slope * damped_days(j, damping) + week.sign * errors.growth[j - 1]);
                }
                level = (level + slope * damped_days(WEEK, damping) + week.sign * errors.level - shift)
                    .clamp(0.0, LARGEST_LOG);
                slope = slope * damping.powi(7) + week.sign * errors.slope;
            }
        }
        logs
    }

    /// The place's own errors of that date; else those of another place on it; else invented ones, mostly shared.
    fn errors_of(&self, p: usize, week: &Week<'_>, stream: &mut Stream) -> Errors {
        if let Some(date) = week.date {
            if let Some(own) = date.get(p).copied().flatten() {
                return own;
            }
            let known = date.iter().flatten().count();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number of places")]
            let at = (stream.uniform() * known as f64) as usize;
            if let Some(other) = date.iter().flatten().nth(at) {
                return *other;
            }
        }
        // Of the variance, half is the city's and half the place's own: judgement, no better figure before data.
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let level = PRIOR.level * half * (week.invented.0 + stream.normal());
        let slope = PRIOR.slope * half * (week.invented.1 + stream.normal());
        let (mut growth, mut change) = ([0.0; WEEK], [0.0; WEEK]);
        for j in 0..WEEK {
            let noise = PRIOR.day * stream.normal();
            growth[j] = level * ((j + 1) as f64 / WEEK as f64).sqrt() + noise;
            change[j] = level + noise;
        }
        Errors { growth, level, slope, change }
    }
}

/// Turns logs into whole persons: never steadier than counting allows, never more than the residents who are left.
/// Returns whether residents ran short.
fn counts<'a>(
    logs: impl Iterator<Item = &'a f64>,
    variance_in_errors: f64,
    population: Option<f64>,
    stream: &mut Stream,
    out: &mut Vec<u64>,
) -> bool {
    let (mut used, mut short) = (0.0, false);
    for log in logs {
        let mean = log.clamp(0.0, LARGEST_LOG).exp_m1();
        let counting = mean / ((1.0 + mean) * (1.0 + mean));
        let missing = (counting - variance_in_errors).max(0.0);
        let mut value = if missing > 0.0 {
            (log + missing.sqrt() * stream.normal()).clamp(0.0, LARGEST_LOG).exp_m1()
        } else {
            mean
        };
        if let Some(population) = population {
            // Fewer are left to infect as a path goes on; without this, paths explode.
            let left = (population - used).max(0.0);
            let share_left = if population > 0.0 { left / population } else { 0.0 };
            short |= share_left < 0.5;
            value = (value * share_left).min(left.floor());
        }
        // Rounded up as often as the fraction says, so that small expectations are kept.
        let mut whole = (value + stream.uniform()).floor();
        if let Some(population) = population {
            whole = whole.min((population - used).max(0.0).floor());
        }
        used += whole;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10^12")]
        out.push(whole as u64);
    }
    short
}
