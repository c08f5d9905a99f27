//! What the members read of a place on a day: its week, its growth, how long it has lasted. Nothing after that day.

use crate::growth::{self, Fit};

/// Added to counts before logarithms: a change from none to two is then a doubling, not an explosion. Of 1, 2 and 5, 2 was
/// taken as the middle; the score hardly moved.
pub(crate) const OFFSET: f64 = 2.0;
/// Features of the mean.
pub(crate) const FEATURES: usize = 6;
/// Features of the spread.
pub(crate) const SPREADS: usize = 6;
/// Growth of a week is not read beyond these factors (e^2 is sevenfold): further off, counting changed.
const STEEPEST_WEEK: f64 = 2.0;
/// The newest three days against their week; the newest day against these three.
const STEEPEST_DAYS: f64 = 1.2;
const STEEPEST_DAY: f64 = 1.0;
/// An outbreak lasts while a week has this many cases.
const OUTBREAK: f64 = 20.0;
/// Longest age of an outbreak that is told apart, days.
const OLDEST: f64 = 60.0;
/// Days over which the noise from day to day is averaged, and what stands for it while hardly a day is known.
const NOISE_DAYS: usize = 14;
const NOISE_UNKNOWN: f64 = 0.3;

/// Everything read of one place, by day of the calendar.
#[derive(Clone, Debug)]
pub(crate) struct Signals {
    /// ln(count + 2).
    pub(crate) log: Vec<Option<f64>>,
    /// Mean of the week that ends on the day; four of its days must be known.
    pub(crate) week: Vec<Option<f64>>,
    /// ln(week + 2): what all members start from.
    pub(crate) base: Vec<Option<f64>>,
    /// Growth of the week, growth of the week before, newest three days against the week, newest day against these, size,
    /// age of the outbreak.
    pub(crate) mean: Vec<Option<[f64; FEATURES]>>,
    /// Size, noise from day to day, size of the newest turn, size of the growth, age of the outbreak, growth: what falls is
    /// surer than what rises.
    pub(crate) spread: Vec<Option<[f64; SPREADS]>>,
    /// Local line.
    pub(crate) trend: Vec<Option<Fit>>,
}

/// Which of the mean's features are drawn to the city's: growth and age say the same of all districts, size does not.
const SHARED: [usize; 4] = [0, 1, 2, 5];

impl Signals {
    /// Reads a place's counts; `city` is what its growth is drawn to.
    pub(crate) fn of(counts: &[Option<f64>], half_life_days: f64, city: Option<(&Self, Pull)>) -> Self {
        let days = counts.len();
        let log: Vec<Option<f64>> = counts.iter().map(|c| c.map(|c| (c + OFFSET).ln())).collect();
        let log1p: Vec<Option<f64>> = counts.iter().map(|c| c.map(f64::ln_1p)).collect();
        let week: Vec<Option<f64>> = (0..days).map(|t| mean_of_last(counts, t, 7, 4)).collect();
        let base: Vec<Option<f64>> = week.iter().map(|w| w.map(|w| (w + OFFSET).ln())).collect();
        let mut this = Self { mean: Vec::new(), spread: Vec::new(), trend: Vec::new(), log, week, base };
        let mut lasted = 0.0f64;
        for t in 0..days {
            if let Some(week) = this.week[t] {
                lasted = if 7.0 * week >= OUTBREAK { lasted + 1.0 } else { 0.0 };
            }
            let (mean, spread) = this.read(counts, t, lasted).unzip();
            this.mean.push(mean);
            this.spread.push(spread);
            let fit = growth::fit(&log1p, t, half_life_days);
            let pool = city.and_then(|(c, _)| c.trend.get(t).copied().flatten());
            this.trend.push(fit.map(|f| f.shrunk_to(pool, city.map_or(1.0, |(_, pull)| pull.growth_sd))));
        }
        if let Some((city, pull)) = city {
            for (own, city) in this.mean.iter_mut().zip(&city.mean) {
                if let (Some(own), Some(city)) = (own, city) {
                    for j in SHARED {
                        own[j] += pull.share * (city[j] - own[j]);
                    }
                }
            }
        }
        this
    }

    fn read(&self, counts: &[Option<f64>], t: usize, lasted: f64) -> Option<([f64; FEATURES], [f64; SPREADS])> {
        let base = self.base[t]?;
        let back = |days: usize| t.checked_sub(days).and_then(|s| self.base[s]);
        // A week that nobody knows is taken to have grown as the week after it did; without any, as not at all.
        let growth = back(7).map_or(0.0, |b| limit(base - b, STEEPEST_WEEK));
        let before = back(7).zip(back(14)).map_or(growth, |(b, c)| limit(b - c, STEEPEST_WEEK));
        let three = mean_of_last(counts, t, 3, 2).map_or(base, |m| (m + OFFSET).ln());
        let turn = limit(three - base, STEEPEST_DAYS);
        let last = self.log[t].map_or(0.0, |l| limit(l - three, STEEPEST_DAY));
        let age = lasted.min(OLDEST).ln_1p();
        let steps: Vec<f64> = (t.saturating_sub(NOISE_DAYS - 1)..=t)
            .filter_map(|s| Some((self.log[s]? - self.log[s.checked_sub(1)?]?).abs().min(2.0)))
            .collect();
        let noise =
            if 2 * steps.len() >= NOISE_DAYS { steps.iter().sum::<f64>() / steps.len() as f64 } else { NOISE_UNKNOWN };
        Some((
            [growth, before, turn, last, base, age],
            [base, (0.05 + noise).ln(), turn.abs(), growth.abs(), age, growth],
        ))
    }
}

/// How far districts are drawn to their city.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pull {
    /// Share of the way, 0 to 1, for the ridge's features.
    pub(crate) share: f64,
    /// Standard deviation of districts' slopes about the city's, per day, for the local line.
    pub(crate) growth_sd: f64,
}

fn limit(x: f64, most: f64) -> f64 {
    x.clamp(-most, most)
}

/// Mean of the known days among the last `window`, if at least `need` are known.
fn mean_of_last(counts: &[Option<f64>], t: usize, window: usize, need: usize) -> Option<f64> {
    let from = (t + 1).saturating_sub(window);
    let (mut sum, mut known) = (0.0, 0usize);
    for count in counts.get(from..=t)?.iter().flatten() {
        sum += count;
        known += 1;
    }
    (known >= need).then(|| sum / known as f64)
}
