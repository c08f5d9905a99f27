//! What both members got wrong in the weeks before the origin, by place and date, so that one date's errors can be drawn
//! for all places at once.
//!
//! For each past day `s` each rule is applied to the days up to `s` alone, and its errors on the seven days after it are
//! kept, together with how far the refitted line lay from where the rule had put it a week later.

use crate::config::Config;
use crate::daily::Daily;
use crate::growth::Fit;
use crate::quantile;

/// Days of a block of errors: one week, so that weekday patterns stay whole.
pub(crate) const WEEK: usize = 7;

/// Standard deviations of the invented errors that stand in while few are known: the level after a week, the change of
/// slope in a week, one day's own noise, all on the log scale. Root mean squares of the same errors of Shanghai's 16
/// districts, dates with at least 20 cases, vintage of 15 May 2022 (698 errors): level 0.82, slope 0.063, first day 0.60, of
/// which the level explains 0.31, which leaves 0.51.
pub(crate) const PRIOR: Prior = Prior { level: 0.8, slope: 0.065, day: 0.5 };

/// See [`PRIOR`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prior {
    pub(crate) level: f64,
    pub(crate) slope: f64,
    pub(crate) day: f64,
}

/// No error of a week counts for more than this (log scale; e^3 is twentyfold): beyond it counting changed, not spread.
const LARGEST_ERROR: f64 = 3.0;
/// The same for a change of slope in a week, per day.
const LARGEST_TURN: f64 = 0.5;
/// Own errors from which a place's own shift is taken; below, all places' together.
const FEWEST_FOR_SHIFT: usize = 14;
/// Largest shift in a week. Judgement: at a deviation of 0.77 a week, factors are not normal any more and half the variance
/// takes off too much.
const LARGEST_SHIFT: f64 = 0.3;
/// Points that a past fit needs before its errors mean anything.
const FEWEST_POINTS: usize = 5;
/// Days of a block that must be known.
const FEWEST_DAYS: usize = 4;

/// Errors of one place in the week after one date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Errors {
    /// Growth: observed minus forecast on days 1 to 7.
    pub(crate) growth: [f64; WEEK],
    /// Growth: refitted level after the week minus the one forecast.
    pub(crate) level: f64,
    /// Growth: refitted slope after the week minus the damped one.
    pub(crate) slope: f64,
    /// Persistence: change from the same weekday a week before, days 1 to 7; 0 where a day is not known.
    pub(crate) change: [f64; WEEK],
}

/// Past errors of all places.
#[derive(Clone, Debug)]
pub(crate) struct History {
    /// Cumulated weights of the dates, then of the invented errors; the last is the total.
    cumulated: Vec<f64>,
    /// `[date][place]`.
    errors: Vec<Vec<Option<Errors>>>,
    /// By place: how many dates have its own errors.
    pub(crate) own_dates: Vec<u32>,
    /// By place: variance of its own one-day errors.
    pub(crate) day_variance: Vec<f64>,
    /// By place: what is taken off the log level each week so that even errors of a factor do not raise the expected count.
    pub(crate) weekly_shift: Vec<f64>,
}

impl History {
    /// From the series and their fits (`[place][day]`, `None` where a place is not forecast from itself).
    pub(crate) fn new(series: &[(&Daily, &[Option<Fit>])], days: usize, config: &Config) -> Self {
        let (mut errors, mut cumulated, mut total) = (Vec::new(), Vec::new(), 0.0);
        for s in 0..days.saturating_sub(WEEK) {
            let row: Vec<Option<Errors>> =
                series.iter().map(|(daily, fits)| errors_after(s, daily, fits, config)).collect();
            if row.iter().any(Option::is_some) {
                let age = (days - 1 - WEEK - s) as f64;
                total += (-age / config.error_half_life_days).exp2() * likeness(series, s, days, config);
                cumulated.push(total);
                errors.push(row);
            }
        }
        // The invented errors weigh as much as `prior_dates` of the newest dates.
        cumulated.push(total + config.prior_dates);
        let own = |p: usize| errors.iter().filter_map(move |row| row.get(p).copied().flatten());
        let own_dates = (0..series.len()).map(|p| u32::try_from(own(p).count()).unwrap_or(u32::MAX)).collect();
        let day_variance = (0..series.len())
            .map(|p| own(p).map(|e| e.growth[0] * e.growth[0]).sum::<f64>() / own(p).count().max(1) as f64)
            .collect();
        let weekly_shift =
            (0..series.len()).map(|p| weekly_shift(own(p), errors.iter().flatten().flatten().copied())).collect();
        Self { weekly_shift, cumulated, own_dates, day_variance, errors }
    }

    /// How many dates have errors.
    pub(crate) fn dates(&self) -> usize {
        self.errors.len()
    }

    /// The date that a uniform number picks; `None` = invented errors.
    pub(crate) fn pick(&self, uniform: f64) -> Option<&[Option<Errors>]> {
        let target = uniform * self.cumulated.last().copied().unwrap_or(0.0);
        let at = self.cumulated.partition_point(|c| *c <= target);
        self.errors.get(at).map(Vec::as_slice)
    }
}

/// Half the variance of a week's level errors: errors of e^x and e^-x, equally likely, raise the mean by about x^2 / 2.
/// Without it, sums over districts climb by themselves, because the districts that went up outweigh those that went down.
fn weekly_shift(own: impl Iterator<Item = Errors>, all: impl Iterator<Item = Errors>) -> f64 {
    let mut sizes: Vec<f64> = own.map(|e| e.level.abs()).collect();
    if sizes.len() < FEWEST_FOR_SHIFT {
        sizes = all.map(|e| e.level.abs()).collect();
    }
    // Robust, since a single change of counting is no variance; the invented errors' own when nothing is known.
    let deviation = quantile::median(&mut sizes).map_or(PRIOR.level, |m| 1.4826 * m);
    (0.5 * deviation * deviation).min(LARGEST_SHIFT)
}

/// How much the errors made at day `s` say about now, 0 to 1: less when there were far fewer cases then.
///
/// Small counts move by factors that large ones never do (clusters, imported cases, a laboratory's backlog), so errors made
/// at tens of cases must not be drawn as they are at thousands. The largest place decides; more cases than now take
/// nothing away.
fn likeness(series: &[(&Daily, &[Option<Fit>])], s: usize, days: usize, config: &Config) -> f64 {
    let largest = |day: usize| {
        let levels = series.iter().filter_map(|(_, fits)| fits.get(..=day)?.iter().rev().find_map(|fit| *fit));
        levels.map(|fit| fit.level).fold(0.0, f64::max)
    };
    (config.small_count_power * (largest(s) - largest(days.saturating_sub(1)))).exp().min(1.0)
}

fn errors_after(s: usize, daily: &Daily, fits: &[Option<Fit>], config: &Config) -> Option<Errors> {
    let fit = fits.get(s).copied().flatten().filter(|f| f.points >= FEWEST_POINTS)?;
    let after = fits.get(s + WEEK).copied().flatten()?;
    let damping = config.damping(fit.slope);
    let seen = |day: usize| daily.logs.get(day).copied().flatten();
    let at = |j: usize| Some(seen(s + j)? - fit.ahead(j, damping));
    if (1..=WEEK).filter(|j| seen(s + j).is_some()).count() < FEWEST_DAYS {
        return None;
    }
    let limit = |e: f64| e.clamp(-LARGEST_ERROR, LARGEST_ERROR);
    let (mut growth, mut change) = ([0.0; WEEK], [0.0; WEEK]);
    for j in 1..=WEEK {
        // A day not known takes the error of the nearest known day.
        let nearest = (0..WEEK)
            .find_map(|d| at(j + d).filter(|_| j + d <= WEEK).or_else(|| at(j.checked_sub(d).filter(|k| *k > 0)?)));
        growth[j - 1] = limit(nearest.unwrap_or(0.0));
        let before = (s + j).checked_sub(WEEK).and_then(seen);
        change[j - 1] = limit(seen(s + j).zip(before).map_or(0.0, |(now, then)| now - then));
    }
    let damped = fit.slope * damping.powi(7);
    Some(Errors {
        growth,
        level: limit(after.level - fit.ahead(WEEK, damping)),
        slope: (after.slope - damped).clamp(-LARGEST_TURN, LARGEST_TURN),
        change,
    })
}
