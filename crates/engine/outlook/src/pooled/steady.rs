//! From how many weeks a place's level is read.
//!
//! Some places book the counts of a month in one week and none in the others. Their newest week says nothing; the mean of the last
//! weeks does. The window is found for each place from its own past: the one that would have forecast the next four weeks best,
//! the newest week alone unless another was clearly better.

use std::ops::RangeInclusive;

/// Windows tried, weeks.
const WINDOWS: [usize; 5] = [1, 2, 3, 5, 8];
/// A longer window must have a mean squared log error below this share of the newest week's. Ordinary places stay
/// above it (measured on respicast-hosp: .75 and .85 select the same places).
const CLEARLY_BETTER: f64 = 0.75;
/// Weeks looked back, and weeks ahead that are compared.
const LOOK_BACK: usize = 104;
const AHEAD: RangeInclusive<usize> = 1..=4;
/// Fewer comparisons than this decide nothing.
const FEWEST: usize = 15;

/// The window of a place, from its counts by week, old to new.
pub(crate) fn window(counts: &[Option<f64>], offset: f64) -> usize {
    let mut best = (1, f64::INFINITY);
    for window in WINDOWS {
        let Some(error) = error(counts, offset, window) else { continue };
        let limit = if window == 1 { f64::INFINITY } else { best.1 };
        if error < limit {
            best = (window, if window == 1 { CLEARLY_BETTER * error } else { error });
        }
    }
    best.0
}

/// Mean squared log error of the mean of `window` weeks as a forecast of the next four.
fn error(counts: &[Option<f64>], offset: f64, window: usize) -> Option<f64> {
    let from = counts.len().saturating_sub(LOOK_BACK).max(window - 1);
    let (mut sum, mut times) = (0.0, 0usize);
    for at in from..counts.len() {
        if counts.get(at).copied().flatten().is_none() {
            continue;
        }
        let Some(level) = mean(counts, at, window) else { continue };
        let came = AHEAD.filter_map(|step| counts.get(at + step).copied().flatten());
        let (mut squares, mut weeks) = (0.0, 0usize);
        for count in came {
            squares += ((count.max(0.0) + offset) / (level + offset)).ln().powi(2);
            weeks += 1;
        }
        if weeks > 0 {
            sum += squares / weeks as f64;
            times += 1;
        }
    }
    (times >= FEWEST).then(|| sum / times as f64)
}

/// Weeks in which a silence shows, and how many of them must be zero.
const SILENCE_WEEKS: usize = 8;
const SILENT_AT_LEAST: usize = 4;

/// Whether a place that books irregularly has fallen silent: half of its last weeks are reported as zero. An even place is
/// believed: its zeros are the end of an outbreak.
pub(crate) fn silent(counts: &[Option<f64>], window: usize) -> bool {
    let zeros = counts.iter().rev().flatten().take(SILENCE_WEEKS).filter(|c| **c <= 0.0).count();
    window > 1 && zeros >= SILENT_AT_LEAST
}

/// Mean count of the `window` weeks that end at a position; weeks without a count are left out.
pub(crate) fn mean(counts: &[Option<f64>], at: usize, window: usize) -> Option<f64> {
    let weeks = counts.get((at + 1).saturating_sub(window)..=at)?;
    let known = weeks.iter().flatten().count();
    (known > 0).then(|| weeks.iter().flatten().map(|c| c.max(0.0)).sum::<f64>() / known as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(count: impl Fn(usize) -> f64) -> Vec<Option<f64>> {
        (0..80).map(|at| Some(count(at))).collect()
    }

    #[test]
    fn a_wave_is_read_from_its_newest_week_and_monthly_bookings_from_a_month() {
        assert_eq!(window(&weeks(|at| 100.0 + 90.0 * (at as f64 / 8.0).sin()), 5.0), 1);
        assert!(window(&weeks(|at| [0.0, 0.0, 30.0, 90.0][at % 4]), 5.0) >= 3);
        assert_eq!(window(&weeks(|_| 7.0), 5.0), 1);
        assert_eq!(window(&[None; 80], 5.0), 1);
        assert_eq!(window(&[], 5.0), 1);
    }

    #[test]
    fn only_an_irregular_place_is_doubted_when_it_falls_silent() {
        let ended = weeks(|at| if at > 70 { 0.0 } else { 50.0 });
        assert!(!silent(&ended, 1));
        assert!(silent(&ended, 5));
        assert!(!silent(&weeks(|_| 3.0), 5));
    }

    #[test]
    fn missing_weeks_are_left_out_of_a_mean() {
        assert_eq!(mean(&[Some(4.0), None, Some(8.0)], 2, 3), Some(6.0));
        assert_eq!(mean(&[None], 0, 3), None);
        assert_eq!(mean(&[], 0, 3), None);
    }
}
