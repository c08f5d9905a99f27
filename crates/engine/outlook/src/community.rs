//! When community spread ends: the share of new infections found in the community, carried forward on each path.
//!
//! The share's log-odds get a damped local slope and a random walk whose steps are as large as they were. It is said only
//! when the community count of each of the last seven days is known: anything less would invent the days it sums. Its dates
//! came too late where they were tried, so they are withheld unless asked for as unproven.

use crate::answer::{CommunityEnd, CommunityUnknown};
use crate::config::Config;
use crate::daily::Daily;
use crate::growth::damped_days;
use crate::random::{Purpose, Stream};
use jiff::ToSpan;
use jiff::civil::Date;

/// Days of the sum, and days that must be known.
const WINDOW: usize = 7;
/// Days that the share's slope is taken from.
const SLOPE_WINDOW: usize = 14;
/// What is left of the share's slope after one more day. Judgement: a share under control falls, but no trend is for ever.
const DAMPING: f64 = 0.9;
/// Steepest slope of the log-odds per day.
const STEEPEST: f64 = 0.3;
/// Smallest daily step (standard deviation) of the log-odds: counting alone hides smaller ones.
const SMALLEST_STEP: f64 = 0.1;
/// The probability from which the end is announced.
const SURE: f64 = 0.9;

/// The end for one place. `paths` are its joint futures, `place` its number.
pub(crate) fn end<'a>(
    daily: &Daily,
    origin: Date,
    paths: impl Iterator<Item = &'a [u64]>,
    place: u16,
    config: &Config,
) -> Result<CommunityEnd, CommunityUnknown> {
    let threshold = config.community_threshold.ok_or(CommunityUnknown::NotAsked)?.get() as f64;
    let days = daily.counts.len();
    let recent: Vec<f64> = daily.community.iter().skip(days.saturating_sub(WINDOW)).flatten().copied().collect();
    let known = u32::try_from(recent.len()).unwrap_or(0);
    let all_days = daily.counts.iter().skip(days.saturating_sub(WINDOW)).flatten().count() == WINDOW;
    if recent.len() < WINDOW || !all_days {
        return Err(CommunityUnknown::ShareNotKnown { known });
    }
    if !config.unproven_community_end {
        return Err(CommunityUnknown::Unproven);
    }
    let trend = Trend::of(daily);
    let horizon = config.horizon_days as usize;
    let (mut below, mut first_days) = (vec![0u32; horizon], Vec::new());
    let mut n = 0u32;
    for (k, path) in (0u32..).zip(paths) {
        n += 1;
        let mut stream = Stream::new(config.seed, Purpose::Community, k, place);
        let mut last: Vec<f64> = recent.clone();
        let (mut walk, mut first) = (0.0, None);
        for (h, count) in path.iter().enumerate() {
            walk += trend.step * stream.normal();
            let odds = trend.level + trend.slope * damped_days(h + 1, DAMPING) + walk;
            let mean = *count as f64 / (1.0 + (-odds).exp());
            // Counting noise; the fraction is rounded up as often as it says.
            let noisy = (mean + mean.sqrt() * stream.normal()).max(0.0);
            last.push((noisy + stream.uniform()).floor().min(*count as f64));
            let sum: f64 = last.iter().rev().take(WINDOW).sum();
            if sum <= threshold {
                if let Some(b) = below.get_mut(h) {
                    *b += 1;
                }
                first = first.or(Some(h));
            }
        }
        first_days.push(first.unwrap_or(usize::MAX));
    }
    first_days.sort_unstable();
    let date = |h: usize| i64::try_from(h).ok().and_then(|h| origin.checked_add((h + 1).days()).ok());
    let at = |tenths: usize| {
        let i = (first_days.len() * tenths).div_ceil(10).saturating_sub(1);
        first_days.get(i).filter(|h| **h < horizon).and_then(|h| date(*h))
    };
    let reached = first_days.iter().filter(|h| **h < horizon).count();
    let share = 1.0 / (1.0 + (-trend.level).exp());
    Ok(CommunityEnd {
        first_day_90: below.iter().position(|b| f64::from(*b) >= SURE * f64::from(n)).and_then(date),
        median: at(5),
        low80: at(1),
        high80: at(9),
        probability_within_horizon: reached as f64 / f64::from(n.max(1)),
        share_now: share,
    })
}

/// The share's log-odds: where they stand, where they go, how much they jump.
struct Trend {
    level: f64,
    slope: f64,
    step: f64,
}

impl Trend {
    fn of(daily: &Daily) -> Self {
        let days = daily.counts.len();
        // (days before the origin, log-odds, weight); half a case on either side keeps 0 and all finite.
        let mut points = Vec::new();
        for back in 0..SLOPE_WINDOW.min(days) {
            let at = days - 1 - back;
            let (count, found) = (daily.counts.get(at).copied().flatten(), daily.community.get(at).copied().flatten());
            if let (Some(count), Some(found)) = (count, found) {
                let (yes, no) = (found + 0.5, (count - found).max(0.0) + 0.5);
                let weight = 1.0 / (1.0 / yes + 1.0 / no + SMALLEST_STEP * SMALLEST_STEP);
                points.push((-(back as f64), (yes / no).ln(), weight * (-(back as f64) / 4.0).exp2()));
            }
        }
        let sum = |f: &dyn Fn(&(f64, f64, f64)) -> f64| points.iter().map(f).sum::<f64>();
        let weight = sum(&|p| p.2).max(1e-9);
        let (mx, my) = (sum(&|p| p.2 * p.0) / weight, sum(&|p| p.2 * p.1) / weight);
        let spread = sum(&|p| p.2 * (p.0 - mx).powi(2));
        let slope = if spread > 0.0 { sum(&|p| p.2 * (p.0 - mx) * (p.1 - my)) / spread } else { 0.0 };
        let slope = slope.clamp(-STEEPEST, STEEPEST);
        let level = my - slope * mx;
        let off: f64 = sum(&|p| p.2 * (p.1 - level - slope * p.0).powi(2)) / weight;
        // Errors about a line are a walk's steps and counting noise together: taken as steps, they err on the wide side.
        Self { level, slope, step: off.sqrt().clamp(SMALLEST_STEP, 1.0) }
    }
}
