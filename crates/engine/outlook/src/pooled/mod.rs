//! Series at many places, forecast together: weekly counts one to some weeks ahead.
//!
//! Where a count goes next is learnt from all places and all past weeks at once: a place alone has too few turning points
//! to learn from. In goes a [`Panel`] (one target, everything as known on one day); out come 23 quantiles for each place
//! and week asked for ([`forecast`]). Works with three series or three thousand, daily or weekly figures.
//!
//! Order of steps: `clean` and `window` make the last twelve weeks of every place fit to be looked at, once for now and once for every
//! week of the past, as they would have looked then; `rows` describes each by its growths, level and noise; `member` fits
//! where it went and how far it strayed; [`forecast`] averages the members on the log scale. Weekly panels, whose newest weeks are
//! still being completed, go through `weekly` instead: `revision` learns from earlier vintages what is still to come,
//! `steady` from how many weeks a place's level is read.

mod answer;
mod boost;
mod clean;
mod correction;
mod linear;
mod member;
mod panel;
mod recipe;
mod revision;
mod rows;
mod steady;
mod weekly;
mod window;

pub use answer::{PlaceForecast, PooledFlag, PooledForecast, PooledStanding, WeekForecast};
pub use boost::Boosting;
pub use panel::{EarlierVintage, Panel, PanelPlace, PanelRefusal, Step, TargetWeek};
pub use recipe::{Correction, Recipe, RidgeMember};
pub use rows::Feature;
pub use weekly::{WeeklyFeature, WeeklyMember};

use crate::quantile::LEVELS;
use member::Lesson;
use rows::{Live, ROW_NEEDS_WEEKS, Rows};
use std::collections::BTreeMap;

/// Weeks by which a weekly place may lag and still be forecast from its own last week with models of the longer step.
const LONGEST_LAG: usize = 4;

/// Forecasts a panel.
///
/// ```
/// use jiff::civil::date;
/// use levee_outlook::pooled::{Panel, PanelPlace, Step, TargetWeek, forecast};
///
/// // Thirty weeks at five places, each growing by a tenth a week.
/// let place = |n: i32| PanelPlace {
///     place: format!("place {n}"),
///     residents: Some(1e6),
///     values: (0..30).map(|week| Some((100.0 * 1.1_f64.powi(week + n)).round())).collect(),
///     companion: vec![],
/// };
/// let panel = Panel { newest: date(2021, 3, 7), step: Step::Week, places: (0..5).map(place).collect(), earlier: vec![] };
/// let next = TargetWeek { horizon: 1, ends: date(2021, 3, 14) };
/// let answer = forecast(&panel, &[next]).unwrap();
/// let quantiles = answer.places[0].weeks[0].quantiles;
/// let expected = 100.0 * 1.1_f64.powi(30);
/// assert!(quantiles[0] < expected && expected < quantiles[22]);
/// ```
pub fn forecast(panel: &Panel, weeks: &[TargetWeek]) -> Result<PooledForecast, PanelRefusal> {
    if panel.step == Step::Week {
        return forecast_weekly_with(panel, weeks, &weekly::members());
    }
    let has_companion = panel.places.iter().any(|p| p.companion.iter().any(Option::is_some));
    forecast_with(panel, weeks, &Recipe::new(has_companion))
}

/// Forecasts a panel with another recipe than the one that was measured best.
pub fn forecast_with(panel: &Panel, weeks: &[TargetWeek], recipe: &Recipe) -> Result<PooledForecast, PanelRefusal> {
    panel.check()?;
    panel::in_order_of_names(panel, |panel| of_panel(panel, weeks, recipe))
}

fn of_panel(panel: &Panel, weeks: &[TargetWeek], recipe: &Recipe) -> Result<PooledForecast, PanelRefusal> {
    let leads = weeks.iter().map(|week| panel.lead(*week)).collect::<Result<Vec<i64>, _>>()?;
    let lags: Vec<usize> = panel.places.iter().map(|place| lag(panel.step, &place.values)).collect();
    let seen = panel.places.iter().zip(&lags);
    let live =
        seen.map(|(place, lag)| Live { window: window::window(&place.values, panel.step, *lag), extra_variance: 0.0 });
    let rows = rows::rows(panel, recipe.offset, &live.collect::<Vec<_>>());

    // Every lead that any place needs, once.
    let mut lessons: BTreeMap<i64, Lesson> = BTreeMap::new();
    for lead in leads.iter().flat_map(|lead| lags.iter().map(move |lag| lead + *lag as i64)) {
        lessons.entry(lead).or_insert_with(|| lesson(panel, &rows, lead));
    }
    let taught_by = lessons.values().map(|lesson| lesson.rows.len()).min().unwrap_or(0);
    let wanted = combined(&rows, &lessons, recipe);
    let places = panel.places.iter().zip(&lags).enumerate().map(|(nth, (place, lag))| {
        let (standing, flags) = standing(panel, nth, &rows, *lag, taught_by);
        let weeks = weeks.iter().zip(&leads).map(|(week, lead)| {
            let quantiles = wanted.get(&(lead + *lag as i64)).and_then(|q| q.get(nth)).copied();
            WeekForecast { horizon: week.horizon, ends: week.ends, quantiles: quantiles.unwrap_or([0.0; LEVELS]) }
        });
        PlaceForecast { place: place.place.clone(), standing, flags, weeks: weeks.collect() }
    });
    Ok(PooledForecast { places: places.collect() })
}

/// Weeks at the newest end of a weekly place that have no report. A daily place has none: its silences are filled in.
fn lag(step: Step, values: &[Option<f64>]) -> usize {
    if step == Step::Day {
        return 0;
    }
    let missing = values.iter().rev().take_while(|v| v.is_none()).count();
    if missing >= values.len() { 0 } else { missing.min(LONGEST_LAG) }
}

/// What followed each row of the past.
fn lesson(panel: &Panel, rows: &Rows, lead: i64) -> Lesson {
    let days = lead * panel.step.days();
    let mut out = Lesson { weeks_ahead: (days as f64 / 7.0).max(1.0), ..Lesson::default() };
    for (nth, row) in rows.past.iter().enumerate() {
        let values = panel.places.get(row.place).map_or(&[][..], |place| &place.values);
        let Some(came) = window::week_ahead(values, panel.step, row.age, lead) else { continue };
        // A week below zero is a correction of others; from nothing to nothing there is nothing to learn.
        if came < 0.0 || row.base - rows.offset + came < 1.0 {
            continue;
        }
        out.rows.push(nth);
        let response = ((came + rows.offset) / row.base).ln();
        out.response.push(response.clamp(-member::RESPONSE_CLIP, member::RESPONSE_CLIP));
    }
    out
}

/// Quantiles of counts by lead for each live row: members averaged on the scale ln(1 + count).
fn combined(rows: &Rows, lessons: &BTreeMap<i64, Lesson>, recipe: &Recipe) -> BTreeMap<i64, Vec<[f64; LEVELS]>> {
    let means = |how: &RidgeMember| match &how.correction {
        Some(correction) => correction::corrected(rows, lessons, how, correction),
        None => lessons.iter().map(|(lead, lesson)| (*lead, member::means(rows, lesson, how))).collect(),
    };
    let ridges: Vec<correction::Means> = recipe.ridges.iter().map(means).collect();
    let mut out = BTreeMap::new();
    for (lead, lesson) in lessons {
        let mut sums = vec![[0.0; LEVELS]; rows.live.len()];
        let mut total = 0.0;
        let mut add = |logs: &[[f64; LEVELS]], weight: f64| {
            total += weight;
            for (sums, logs) in sums.iter_mut().zip(logs) {
                for (sum, log) in sums.iter_mut().zip(logs) {
                    *sum += weight * (log.exp() - rows.offset).max(0.0).ln_1p();
                }
            }
        };
        for (means, how) in ridges.iter().zip(&recipe.ridges) {
            if let Some(means) = means.get(lead) {
                add(&member::forecast(rows, lesson, means), how.weight);
            }
        }
        let counts = sums.into_iter().map(|sum| {
            let mut quantiles = sum.map(|s| (s / total.max(f64::MIN_POSITIVE)).exp_m1().max(0.0));
            quantiles.sort_unstable_by(f64::total_cmp);
            quantiles
        });
        out.insert(*lead, counts.collect());
    }
    out
}

fn standing(panel: &Panel, nth: usize, rows: &Rows, lag: usize, taught_by: usize) -> (PooledStanding, Vec<PooledFlag>) {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let values = panel.places.get(nth).map_or(&[][..], |place| &place.values);
    let mut flags = Vec::new();
    let Some(window) = rows.windows.get(nth) else { return (PooledStanding::Judgement, flags) };
    if values.iter().all(Option::is_none) {
        flags.push(PooledFlag::NeverReported);
    } else {
        if window.known < ROW_NEEDS_WEEKS {
            flags.push(PooledFlag::ShortHistory { weeks: count(window.known) });
        }
        if values.iter().flatten().all(|v| *v == 0.0) {
            flags.push(PooledFlag::AllZero);
        }
        if window.filled > 0 || lag > 0 {
            flags.push(PooledFlag::NewestFilled { periods: count(window.filled.max(lag)) });
        } else if window.silent > 0 {
            flags.push(PooledFlag::Silent { periods: count(window.silent) });
        }
    }
    if taught_by < 5 * member::FEWEST_ROWS {
        flags.push(PooledFlag::FewRows { rows: count(taught_by) });
    }
    let standing = if taught_by < member::FEWEST_ROWS {
        PooledStanding::Judgement
    } else if window.known < ROW_NEEDS_WEEKS {
        PooledStanding::Borrowed
    } else {
        PooledStanding::Own
    };
    (standing, flags)
}

/// Forecasts a weekly panel with other members than those that were measured best.
pub fn forecast_weekly_with(
    panel: &Panel,
    weeks: &[TargetWeek],
    members: &[WeeklyMember],
) -> Result<PooledForecast, PanelRefusal> {
    panel.check()?;
    panel::in_order_of_names(panel, |panel| weekly::forecast(panel, weeks, members))
}
