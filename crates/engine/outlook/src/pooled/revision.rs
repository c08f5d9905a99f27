//! How weekly figures are completed after they were first reported, learnt from earlier vintages.
//!
//! A chain ladder on the log scale (Mack 1993, on which the idea rests, works on the natural one). A step of it is one further
//! report of a place: its newest week then is followed until the place has reported a newer one. Ages count from the
//! place's own newest week, not from the calendar: a place that is a month late has a newest week that is as incomplete as
//! ever (seen in Italy's, Poland's and Portugal's admissions of 2024/25, European hub RespiCast).
//!
//! The steps of a place are shrunk to the median place's. What remains to come at an age is the sum of the steps from it on; so
//! is its variance, which makes the forecast wider where a place's reports are changed much or unevenly.

use crate::pooled::panel::Panel;

/// Ages followed, in reports. Beyond these, figures are taken as they stand.
const AGES: usize = 14;
/// Steps of the median place that stand beside a place's own. Chosen on the first 16 origins of respicast-hosp (of .5, 1, 2, 4).
const MEAN_SHARE: f64 = 1.0;
/// Steps of the pool's variance that stand beside a place's own.
const VARIANCE_SHARE: f64 = 2.0;
/// The pool's variance of a step counts at most this much: one place whose reporting broke down must not widen all.
const POOLED_VARIANCE_AT_MOST: f64 = 0.3;
/// Half-life of a step's weight, weeks.
const HALF_LIFE: f64 = 10.0;
/// Beyond a factor of twenty a change is one of counting.
const STEP_CLIP: f64 = 3.0;
/// A report that changes at least [`BACKFILL_WEEKS`] older weeks by more than this (log scale) at once is a backfill: a
/// missing year delivered, a definition changed. It says nothing about how the next report will be completed, and as every
/// week of it stands at another age, the sum over ages would count it many times.
const BACKFILL_CHANGE: f64 = 0.4;
const BACKFILL_WEEKS: usize = 4;
/// Weeks at least this old, in reports, tell a backfill from a late report.
const BACKFILL_FROM_AGE: usize = 3;

/// What is still to come for one place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Completion {
    /// By age: mean of ln((final + offset) / (as reported + offset)).
    mean: [f64; AGES],
    /// By age: its variance.
    variance: [f64; AGES],
}

impl Completion {
    /// A count as it will stand when completed. A count to which nothing is expected to be added stays as it is, bit for bit.
    pub(crate) fn completed(&self, reported: f64, age: usize, offset: f64) -> f64 {
        match self.mean.get(age) {
            Some(mean) if *mean != 0.0 && reported >= 0.0 => ((reported + offset) * mean.exp() - offset).max(0.0),
            _ => reported,
        }
    }

    /// Variance of ln(final + offset) of a week of this age, in reports.
    pub(crate) fn variance(&self, age: usize) -> f64 {
        self.variance.get(age).copied().unwrap_or(0.0)
    }

    /// The same of the newest week.
    pub(crate) fn newest_variance(&self) -> f64 {
        self.variance(0)
    }
}

/// One report later: what became of a week.
struct Development {
    place: usize,
    change: f64,
    weight: f64,
}

/// What is still to come, for each place of a weekly panel. All zero where there are no earlier vintages.
pub(crate) fn completions(panel: &Panel, offset: f64) -> Vec<Completion> {
    let places = panel.places.len();
    let mut by_age: Vec<Vec<Development>> = (0..AGES).map(|_| vec![]).collect();
    for place in 0..places {
        develop(panel, place, offset, &mut by_age);
    }
    let mut out = vec![Completion::default(); places];
    // From the oldest age to the newest: what is to come at an age is its own step and all later ones.
    let mut to_come = vec![(0.0, 0.0); places];
    for (age, seen) in by_age.iter().enumerate().rev() {
        let steps = shrunk(seen, places);
        for ((sum, step), completion) in to_come.iter_mut().zip(steps).zip(&mut out) {
            *sum = (sum.0 + step.0, sum.1 + step.1);
            completion.mean[age] = sum.0;
            completion.variance[age] = sum.1;
        }
    }
    out
}

/// Collects the steps of one place.
fn develop(panel: &Panel, place: usize, offset: f64, by_age: &mut [Vec<Development>]) {
    let now = panel.places.get(place).map_or(&[][..], |p| &p.values);
    let earlier =
        panel.earlier.iter().map(|v| (weeks_back(panel, v.newest), v.values.get(place).map_or(&[][..], |v| v)));
    let mut before: Option<(usize, usize, &[Option<f64>])> = None;
    for (back, values) in earlier.chain([(0, now)]) {
        let Some(missing) = values.iter().rev().position(Option::is_some) else { continue };
        // Weeks between the panel's newest week and this vintage's newest one of the place.
        let newest = back + missing;
        let Some((then, then_back, reported)) = before else {
            before = Some((newest, back, values));
            continue;
        };
        if newest >= then {
            continue;
        }
        let mut changes = Vec::new();
        for age in 0..AGES {
            let old = week(reported, then_back, then + age);
            let new = week(values, back, then + age);
            if let (Some(old), Some(new)) = (old, new) {
                let change = ((new.max(0.0) + offset) / (old.max(0.0) + offset)).ln();
                changes.push((age, change.clamp(-STEP_CLIP, STEP_CLIP)));
            }
        }
        let backfilled =
            changes.iter().filter(|(age, c)| *age >= BACKFILL_FROM_AGE && c.abs() > BACKFILL_CHANGE).count();
        if backfilled < BACKFILL_WEEKS {
            let weight = (-(back as f64) / HALF_LIFE).exp2();
            for (age, change) in changes {
                if let Some(seen) = by_age.get_mut(age) {
                    seen.push(Development { place, change, weight });
                }
            }
        }
        before = Some((newest, back, values));
    }
}

/// The count of the week that lies `age` weeks before the panel's newest, in a list that ends `back` weeks before it.
fn week(values: &[Option<f64>], back: usize, age: usize) -> Option<f64> {
    let from_end = age.checked_sub(back)? + 1;
    values.len().checked_sub(from_end).and_then(|at| values.get(at).copied().flatten())
}

fn weeks_back(panel: &Panel, newest: jiff::civil::Date) -> usize {
    panel.newest.since(newest).map_or(0, |span| usize::try_from(span.get_days() / 7).unwrap_or(0))
}

/// Mean and variance of a step for each place, shrunk to the pool.
fn shrunk(seen: &[Development], places: usize) -> Vec<(f64, f64)> {
    let mut own = vec![(0.0, 0.0, 0.0); places];
    for step in seen {
        if let Some((weights, sum, _)) = own.get_mut(step.place) {
            *weights += step.weight;
            *sum += step.weight * step.change;
        }
    }
    let mut means: Vec<f64> = own.iter().filter(|o| o.0 > 0.0).map(|o| o.1 / o.0).collect();
    let Some(usual) = crate::quantile::median(&mut means) else { return vec![(0.0, 0.0); places] };
    let mean = |weights: f64, sum: f64| (sum + MEAN_SHARE * usual) / (weights + MEAN_SHARE);
    let (mut squares, mut total) = (0.0, 0.0);
    for step in seen {
        squares += step.weight * (step.change - usual).powi(2);
        total += step.weight;
        if let Some((weights, sum, own)) = own.get_mut(step.place) {
            *own += step.weight * (step.change - mean(*weights, *sum)).powi(2);
        }
    }
    let pooled = if total > 0.0 { (squares / total).min(POOLED_VARIANCE_AT_MOST) } else { 0.0 };
    own.iter()
        .map(|(weights, sum, own)| (mean(*weights, *sum), (own + VARIANCE_SHARE * pooled) / (weights + VARIANCE_SHARE)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pooled::panel::{EarlierVintage, PanelPlace, Step};
    use jiff::ToSpan as _;
    use jiff::civil::{Date, date};

    const OFFSET: f64 = 5.0;

    /// Weeks of 100 at each of three places. The last place first reports `first` of each, the rest a report later, and it
    /// reports `late` weeks after the others.
    fn panel(first: f64, late: usize) -> Panel {
        let newest = date(2025, 3, 2);
        let known = |weeks: usize, share: f64| {
            let mut counts = vec![Some(100.0); weeks];
            if let Some(last) = counts.last_mut() {
                *last = Some(100.0 * share);
            }
            counts
        };
        let vintage = |back: usize| {
            let mut slow = known(60 - back - late, first);
            slow.extend(vec![None; late]);
            vec![known(60 - back, 1.0), known(60 - back, 1.0), slow]
        };
        let earlier = (1..=8).rev().map(|back| {
            let ends: Date = newest - i64::try_from(7 * back).unwrap().days();
            EarlierVintage { newest: ends, values: vintage(back) }
        });
        let place = |(nth, values)| PanelPlace { place: format!("{nth}"), residents: None, values, companion: vec![] };
        let places = vintage(0).into_iter().enumerate().map(place).collect();
        Panel { newest, step: Step::Week, places, earlier: earlier.collect() }
    }

    #[test]
    fn a_newest_week_that_is_always_a_tenth_is_completed_whatever_the_calendar_says() {
        for late in [0, 4] {
            let learnt = completions(&panel(0.1, late), OFFSET);
            let complete = learnt[2].completed(10.0, 0, OFFSET);
            // One step of the median place (none to come) stands beside about six of its own.
            assert!((60.0..100.0).contains(&complete), "{late}: {complete}");
            assert!(learnt[2].newest_variance() > learnt[0].newest_variance());
            assert_eq!(learnt[2].completed(100.0, 1, OFFSET).to_bits(), 100.0_f64.to_bits());
            assert_eq!(learnt[0].completed(37.0, 0, OFFSET).to_bits(), 37.0_f64.to_bits());
        }
    }

    #[test]
    fn a_feed_that_is_never_revised_is_left_alone_bit_for_bit() {
        let mut never = panel(1.0, 0);
        assert!(completions(&never, OFFSET).iter().all(|c| *c == Completion::default()));
        never.earlier.clear();
        assert!(completions(&never, OFFSET).iter().all(|c| *c == Completion::default()));
    }

    #[test]
    fn a_backfill_of_many_weeks_is_no_rule_for_the_next_report() {
        let mut panel = panel(1.0, 0);
        for values in panel.earlier.iter_mut().take(4).map(|v| &mut v.values[2]) {
            values.iter_mut().flatten().for_each(|count| *count = 3.0);
        }
        let learnt = completions(&panel, OFFSET);
        assert_eq!(learnt[2].completed(50.0, 0, OFFSET).to_bits(), 50.0_f64.to_bits());
    }
}
