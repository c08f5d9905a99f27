//! The twelve weeks that a forecast is made from, at one moment of one place.

use crate::pooled::clean::{self, WINDOW_DAYS};
use crate::pooled::panel::Step;

/// Weeks of a window.
pub(crate) const WEEKS: usize = 12;

/// What a place looked like at one moment. A week before its first report takes the count of the first week that followed:
/// no growth is made of an appearance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Window {
    /// Counts by week, the newest first, cleaned.
    pub(crate) weeks: [f64; WEEKS],
    /// Weeks since the first report, at most [`WEEKS`].
    pub(crate) known: usize,
    /// ln of the last three days over the same days a week before, with `TAIL_OFFSET` added to both; 0 of weekly figures.
    pub(crate) tail: f64,
    /// Periods at the newest end that say nothing.
    pub(crate) silent: usize,
    /// Of these, filled in.
    pub(crate) filled: usize,
}

/// Added to both sides of the ratio of the last days, so that small counts give small growth.
const TAIL_OFFSET: f64 = 3.0;

/// The window that ends `age` weeks before the newest period.
pub(crate) fn window(values: &[Option<f64>], step: Step, age: usize) -> Window {
    let end = values.len().saturating_sub(age * step.per_week());
    let first = values.iter().position(Option::is_some).unwrap_or(values.len());
    let mut out = match step {
        Step::Day => daily(&values[..end]),
        Step::Week => weekly(&values[..end]),
    };
    out.known = (end.saturating_sub(first) / step.per_week()).min(WEEKS);
    for k in out.known.max(1)..WEEKS {
        out.weeks[k] = out.weeks[k - 1];
    }
    out
}

fn daily(values: &[Option<f64>]) -> Window {
    let mut padded = [None; WINDOW_DAYS];
    let n = values.len().min(WINDOW_DAYS);
    padded[WINDOW_DAYS - n..].copy_from_slice(&values[values.len() - n..]);
    let cleaned = clean::clean(&padded);
    let mut weeks = [0.0; WEEKS];
    for (week, days) in weeks.iter_mut().zip(cleaned.days.rchunks(7)) {
        *week = days.iter().sum();
    }
    let sum = |from: usize| cleaned.days[WINDOW_DAYS - from - 3..WINDOW_DAYS - from].iter().sum::<f64>();
    let tail = ((sum(0) + TAIL_OFFSET) / (sum(7) + TAIL_OFFSET)).ln();
    Window { weeks, known: 0, tail, silent: cleaned.silent_newest, filled: cleaned.filled_newest }
}

fn weekly(values: &[Option<f64>]) -> Window {
    let mut weeks = [None; WEEKS];
    for (week, value) in weeks.iter_mut().zip(values.iter().rev()) {
        *week = value.filter(|v| *v >= 0.0);
    }
    let silent = weeks.iter().take_while(|w| w.is_none()).count();
    // A missing week takes the next newer one that is known; before any of these, the newest known.
    let mut last = weeks.iter().flatten().next().copied().unwrap_or(0.0);
    let weeks = weeks.map(|week| {
        last = week.unwrap_or(last);
        last
    });
    Window { weeks, known: 0, tail: 0.0, silent, filled: 0 }
}

/// The raw count of the week that ends `lead` periods after the moment `age` weeks before the newest period; `None` when it is
/// not over in this feed or was not reported at all.
pub(crate) fn week_ahead(values: &[Option<f64>], step: Step, age: usize, lead: i64) -> Option<f64> {
    let last_known = i64::try_from(values.iter().rposition(Option::is_some)?).ok()?;
    let moment = i64::try_from(values.len()).ok()? - 1 - i64::try_from(age * step.per_week()).ok()?;
    let ends = moment + lead;
    let begins = ends + 1 - i64::try_from(step.per_week()).ok()?;
    if begins < 0 || ends > last_known {
        return None;
    }
    let week = values.get(usize::try_from(begins).ok()?..=usize::try_from(ends).ok()?)?;
    week.iter().any(Option::is_some).then(|| week.iter().flatten().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_run_from_new_to_old() {
        let days: Vec<Option<f64>> = (0..84).map(|t| Some(f64::from(t / 7))).collect();
        let seen = window(&days, Step::Day, 0);
        assert_eq!(seen.weeks[..3].to_vec(), [77.0, 70.0, 63.0]);
        assert_eq!(seen.known, 12);
        assert_eq!(window(&days, Step::Day, 1).weeks[..2].to_vec(), [70.0, 63.0]);
        let weeks: Vec<Option<f64>> = (0..20).map(|t| (t != 18).then_some(f64::from(t))).collect();
        assert_eq!(window(&weeks, Step::Week, 0).weeks[..4].to_vec(), [19.0, 19.0, 17.0, 16.0]);
    }

    #[test]
    fn a_late_place_has_no_growth_before_its_first_report() {
        let mut days = vec![None; 60];
        days.extend([Some(20.0); 24]);
        let seen = window(&days, Step::Day, 0);
        assert_eq!(seen.known, 3);
        assert_eq!(seen.weeks.to_vec(), vec![140.0; WEEKS]);
        assert_eq!(window(&days, Step::Day, 4).known, 0);
        assert_eq!(window(&[], Step::Week, 3).weeks.to_vec(), vec![0.0; WEEKS]);
    }

    #[test]
    fn a_week_ahead_is_raw_and_only_of_the_past() {
        let mut days: Vec<Option<f64>> = (0..28).map(|t| Some(f64::from(t))).collect();
        days[27] = Some(-5.0);
        // A week earlier the newest day was 20: the week that began on it ended on day 26.
        assert_eq!(week_ahead(&days, Step::Day, 1, 6), Some((20..27).sum::<i32>().into()));
        assert_eq!(week_ahead(&days, Step::Day, 1, 7), Some(f64::from((21..27).sum::<i32>()) - 5.0));
        assert_eq!(week_ahead(&days, Step::Day, 1, 8), None);
        days[27] = None;
        assert_eq!(week_ahead(&days, Step::Day, 1, 7), None);
        assert_eq!(week_ahead(&days, Step::Day, 3, -1), None);
    }
}
