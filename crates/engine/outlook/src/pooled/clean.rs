//! Daily counts made fit to be looked at: spikes spread or capped, silent days filled in.
//!
//! Only what a forecast starts from is cleaned. What is to be forecast stays raw, or intervals would not hold the batches
//! and gaps that are to come. Each window is cleaned on its own, as if its last day were today, so that a row of the past looks like
//! a live one. The limits are those of the forecasting notes that this recipe was first measured with (euro-covid development pack).

/// Days of a window.
pub(crate) const WINDOW_DAYS: usize = 84;
/// Silent days at the newest end that are filled in; more of them are believed.
const FILLED_AT_MOST: usize = 5;
/// Silent days before a spike that it may be the sum of.
const LONGEST_RUN: usize = 21;
/// Below this many cases a day a silence cannot be told from chance.
const SILENCE_NEEDS: f64 = 8.0;
/// Share of the expected count below which a day is silent.
const SILENT_SHARE: f64 = 0.15;

/// A window after cleaning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cleaned {
    /// One count for each day of the window.
    pub(crate) days: Vec<f64>,
    /// Silent or missing days at the newest end.
    pub(crate) silent_newest: usize,
    /// Of these, filled in.
    pub(crate) filled_newest: usize,
}

/// Cleans a window, old to new.
pub(crate) fn clean(window: &[Option<f64>]) -> Cleaned {
    let n = window.len();
    let raw: Vec<Option<f64>> = window.iter().map(|x| x.filter(|x| *x >= 0.0)).collect();
    let at = |t: usize, shift: isize| t.checked_add_signed(shift).and_then(|i| raw.get(i).copied().flatten());
    let expected: Vec<f64> = (0..n)
        .map(|t| {
            // Six at most, kept in order as they come: a list and a sort for each day of each window would be most of the cost.
            let (mut sorted, mut n) = ([0.0_f64; 6], 0);
            for x in [-21, -14, -7, 7, 14, 21].iter().filter_map(|&s| at(t, s)) {
                let mut place = n;
                while place > 0 && sorted[place - 1] > x {
                    sorted[place] = sorted[place - 1];
                    place -= 1;
                }
                sorted[place] = x;
                n += 1;
            }
            if n == 0 { 0.0 } else { 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]) }
        })
        .collect();
    // Running sums: the mean over the fortnight around a day.
    let mut sums = vec![(0.0, 0usize); n + 1];
    for t in 0..n {
        let (sum, known) = sums[t];
        sums[t + 1] = raw[t].map_or((sum, known), |x| (sum + x, known + 1));
    }
    let high: Vec<f64> = (0..n)
        .map(|t| {
            let near = at(t, -7).unwrap_or(0.0).max(at(t, 7).unwrap_or(0.0));
            let (from, to) = (sums[t.saturating_sub(7)], sums[(t + 8).min(n)]);
            let mean = if to.1 > from.1 { (to.0 - from.0) / (to.1 - from.1) as f64 } else { 0.0 };
            expected[t].max(near).max(mean / 2.0)
        })
        .collect();
    let silent: Vec<bool> =
        (0..n).map(|t| expected[t] >= SILENCE_NEEDS && raw[t].unwrap_or(0.0) < SILENT_SHARE * expected[t]).collect();
    let mut out = raw.clone();
    for t in 0..n {
        let Some(x) = raw[t] else { continue };
        if x <= 2.5 * high[t] + 4.0 * high[t].sqrt() + 15.0 {
            continue;
        }
        let run = silent[..t].iter().rev().take_while(|s| **s).count();
        let weight: f64 = expected[t - run..=t].iter().sum();
        if (1..=LONGEST_RUN).contains(&run) && weight > 0.0 {
            let total: f64 = raw[t - run..=t].iter().flatten().sum();
            for day in t - run..=t {
                out[day] = Some(total * expected[day] / weight);
            }
        } else {
            out[t] = Some(1.5 * high[t]);
        }
    }
    let newest = |quiet: &dyn Fn(usize) -> bool| (0..n).rev().take_while(|t| quiet(*t)).count();
    let silent_newest = newest(&|t| silent[t] || raw[t].is_none());
    let trailing = newest(&|t| silent[t]);
    let filled_newest = if trailing <= FILLED_AT_MOST { trailing } else { 0 };
    out[n - filled_newest..].fill(None);
    let days = out.iter().zip(&expected).map(|(x, e)| x.unwrap_or(*e)).collect();
    Cleaned { days, silent_newest, filled_newest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(count: f64) -> Vec<Option<f64>> {
        vec![Some(count); WINDOW_DAYS]
    }

    #[test]
    fn steady_counts_stay_as_they_are() {
        assert_eq!(clean(&steady(100.0)).days, vec![100.0; WINDOW_DAYS]);
        assert_eq!(clean(&steady(0.0)).days, vec![0.0; WINDOW_DAYS]);
        assert_eq!(clean(&[]).days, Vec::<f64>::new());
    }

    #[test]
    fn a_lone_spike_is_capped_and_a_batch_after_silence_is_spread() {
        let mut spiky = steady(100.0);
        spiky[40] = Some(5_000.0);
        let days = clean(&spiky).days;
        // The fortnight's mean holds the spike itself: half of it is the cap's base.
        assert!(days[40] < 350.0 && (days[39] - 100.0).abs() < 1e-9, "{}", days[40]);
        let mut batch = steady(100.0);
        for day in &mut batch[30..36] {
            *day = Some(0.0);
        }
        batch[36] = Some(700.0);
        assert_eq!(clean(&batch).days, vec![100.0; WINDOW_DAYS]);
    }

    #[test]
    fn a_short_silence_at_the_end_is_filled_in_and_a_long_one_believed() {
        for (quiet, newest) in [(5, 100.0), (6, 0.0)] {
            let mut days = steady(100.0);
            days[WINDOW_DAYS - quiet..].fill(Some(0.0));
            let cleaned = clean(&days);
            assert!((cleaned.days[WINDOW_DAYS - 1] - newest).abs() < 1e-9, "{quiet}");
            assert_eq!(cleaned.silent_newest, quiet);
        }
    }

    #[test]
    fn weekends_without_reports_are_no_silence() {
        let days: Vec<Option<f64>> = (0..WINDOW_DAYS).map(|t| Some(if t % 7 > 4 { 0.0 } else { 140.0 })).collect();
        let cleaned = clean(&days);
        assert!((cleaned.days.iter().sum::<f64>() - 140.0 * 60.0).abs() < 1e-6);
        assert_eq!(cleaned.silent_newest, 0);
    }

    #[test]
    fn corrections_are_no_counts() {
        let mut days = steady(100.0);
        days[40] = Some(-349_116.0);
        assert_eq!(clean(&days).days, vec![100.0; WINDOW_DAYS]);
    }
}
