//! The forecaster of weekly feeds, whose newest weeks are still being completed.
//!
//! Order of steps: `revision` completes what is known, as far as the vintages teach it; `steady` finds from how many weeks a
//! place's level is read; each place at each past week becomes a row; ridges learn where the count goes and how far it
//! strays, one for each number of weeks ahead; the variance of what is still to come is added to that of where it goes. A
//! place that is late is forecast from its own newest week with the ridge of the longer step.

use crate::pooled::answer::{PlaceForecast, PooledFlag, PooledForecast, PooledStanding, WeekForecast};
use crate::pooled::linear::{Linear, Ridge, Table};
use crate::pooled::member::{FEWEST_ROWS, NORMAL, RESPONSE_CLIP, weighted_quantiles};
use crate::pooled::panel::{Panel, PanelRefusal, TargetWeek};
use crate::pooled::revision::{Completion, completions};
use crate::pooled::steady;
use crate::quantile::LEVELS;
use std::collections::BTreeMap;

/// Added to weekly counts before their logarithm: how small a count still says something about growth.
const OFFSET: f64 = 5.0;
/// Weeks of the past that rows are made of, and that a row needs before it.
const PAST_WEEKS: usize = 260;
const NEEDS_WEEKS: usize = 12;
/// Gaps of fewer missing weeks are bridged in a straight line on the log scale; longer ones stay open.
const LONGEST_BRIDGE: usize = 2;
/// Growths are clipped here: a factor of seven in a week is a change of counting. Those that enter the common growth tighter.
const GROWTH_CLIP: f64 = 2.0;
const COMMON_CLIP: f64 = 1.5;
/// Forecast means stay within a factor of twelve.
const MEAN_CLIP: f64 = 2.5;
/// Weeks of the recent and of the longer mean level that the newest week is held against.
const RECENT_WEEKS: usize = 8;
const LONG_WEEKS: usize = 52;
/// Second differences in the measure of noise.
const NOISE_TERMS: usize = 7;
/// Weeks ahead, counted from a place's own newest week, that have models of their own; beyond it the last one's, wider.
const LONGEST_STEP: i64 = 16;
/// A place's own share in the size of its errors: its past rows over these and its own, weights halving as rows age.
const OWN_SPREAD_ROWS: f64 = 8.0;
/// Fewer weeks of reports than this borrow from other places.
const FEW_WEEKS: usize = 4;
/// Limits of the spread, log scale; spread by judgement after one week, growing with the square root of weeks.
const SPREAD_LIMITS: (f64, f64) = (0.02, 3.0);
const JUDGED_SPREAD: f64 = 0.5;
/// Spread of a place that never reported, around the median place's level: from a sixtieth to sixty times of it.
const UNKNOWN_SPREAD: f64 = 2.0;
/// Added to residuals' size before its logarithm; power of the level in the weights of their shape.
const SIZE_FLOOR: f64 = 0.01;
/// No count is forecast beyond this logarithm (about 10^13): far beyond mankind, well within arithmetic.
const LARGEST_LOG: f64 = 30.0;
const SHAPE_POWER: f64 = 0.5;
const SPREAD_PENALTY: f64 = 0.02;
const HUBER_ROUNDS: usize = 4;

/// One thing that a member may look at. All but the last are differences of logarithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeeklyFeature {
    /// Growth from week k+1 to week k before the newest.
    Growth(usize),
    /// Mean newest growth of all places.
    Common,
    /// Mean of the last eight weeks over the newest.
    Recent,
    /// Mean of the last year over the newest.
    Year,
    /// ln of the newest level.
    Level,
}

/// A pooled ridge for weekly feeds.
#[derive(Clone, Debug, PartialEq)]
pub struct WeeklyMember {
    /// What it looks at.
    pub features: Vec<WeeklyFeature>,
    /// Weeks after which a row weighs half.
    pub half_life_weeks: f64,
    /// Power of the level by which larger places weigh more in the mean.
    pub size_power: f64,
    /// Penalty as a share of the sum of weights.
    pub penalty: f64,
}

/// One place at one moment.
struct Row {
    place: usize,
    /// Weeks before the panel's newest.
    age: usize,
    /// ln(level + offset).
    level: f64,
    growths: [f64; 3],
    common: f64,
    recent: f64,
    year: f64,
    noise: f64,
}

impl Row {
    fn feature(&self, feature: WeeklyFeature) -> f64 {
        match feature {
            WeeklyFeature::Growth(k) => self.growths.get(k).copied().unwrap_or(0.0),
            WeeklyFeature::Common => self.common,
            WeeklyFeature::Recent => self.recent,
            WeeklyFeature::Year => self.year,
            WeeklyFeature::Level => self.level,
        }
    }

    /// What the spread depends on.
    fn spread_features(&self) -> [f64; 3] {
        [self.level, self.noise, self.growths[0].abs()]
    }
}

/// How far the level of a place that fell silent is doubted, log scale.
///
/// Either the zeros are true or the place stopped reporting and stands where it stood over the year; nothing in the feed
/// tells. Both are given even chances: the middle moves half-way and the spread takes the variance between the two.
#[derive(Clone, Copy, Debug, Default)]
struct Doubt {
    shift: f64,
    variance: f64,
}

/// All that is known, completed, on one calendar: index 0 = the oldest week of any place, the last = the panel's newest.
struct Past {
    counts: Vec<Vec<Option<f64>>>,
    completions: Vec<Completion>,
    rows: Vec<Row>,
    /// For each place what its silence makes doubtful.
    doubts: Vec<Doubt>,
    /// For each place its newest row, if it has one.
    newest: Vec<Option<usize>>,
    weeks: usize,
}

/// Forecasts a weekly panel.
pub(crate) fn forecast(
    panel: &Panel,
    weeks: &[TargetWeek],
    members: &[WeeklyMember],
) -> Result<PooledForecast, PanelRefusal> {
    let leads = weeks.iter().map(|week| panel.lead(*week)).collect::<Result<Vec<i64>, _>>()?;
    let past = Past::new(panel);
    let mut lessons: BTreeMap<i64, Lesson> = BTreeMap::new();
    let mut places = Vec::with_capacity(panel.places.len());
    for (nth, place) in panel.places.iter().enumerate() {
        let mut taught_by = usize::MAX;
        let mut answers = Vec::with_capacity(weeks.len());
        for (week, lead) in weeks.iter().zip(&leads) {
            let (quantiles, rows) = past.quantiles(nth, *lead, members, &mut lessons);
            taught_by = taught_by.min(rows);
            answers.push(WeekForecast { horizon: week.horizon, ends: week.ends, quantiles });
        }
        let (standing, flags) = past.standing(nth, taught_by);
        places.push(PlaceForecast { place: place.place.clone(), standing, flags, weeks: answers });
    }
    Ok(PooledForecast { places })
}

/// What is forecast some weeks ahead of each place's own newest week.
struct Lesson {
    /// By place; `None` without a row.
    quantiles: Vec<Option<[f64; LEVELS]>>,
    /// Past rows that taught it.
    rows: usize,
}

impl Past {
    fn new(panel: &Panel) -> Self {
        let completions = completions(panel, OFFSET);
        let weeks = panel.places.iter().map(|p| p.values.len()).max().unwrap_or(0);
        let counts = panel.places.iter().zip(&completions).map(|(place, completion)| {
            let missing = weeks - place.values.len();
            let newest = place.values.iter().rposition(Option::is_some).unwrap_or(0);
            let known = place.values.iter().enumerate().map(|(at, value)| {
                let count = value.filter(|v| *v >= 0.0)?;
                Some(newest.checked_sub(at).map_or(count, |age| completion.completed(count, age, OFFSET)))
            });
            std::iter::repeat_n(None, missing).chain(known).collect()
        });
        let counts: Vec<Vec<Option<f64>>> = counts.collect();
        let (newest, doubts) = (vec![None; counts.len()], vec![Doubt::default(); counts.len()]);
        let mut out = Self { counts, completions, rows: vec![], doubts, newest, weeks };
        out.describe(panel);
        out
    }

    /// Makes the rows.
    fn describe(&mut self, panel: &Panel) {
        let weeks = self.weeks;
        let logs: Vec<Vec<Option<f64>>> = self.counts.iter().map(|counts| bridged(counts)).collect();
        let windows: Vec<usize> = self.counts.iter().map(|counts| steady::window(counts, OFFSET)).collect();
        let levels = logs.iter().zip(&windows).map(|(logs, window)| {
            let window = *window;
            if window == 1 {
                return logs.clone();
            }
            let bridged: Vec<Option<f64>> = logs.iter().map(|log| log.map(|l| l.exp() - OFFSET)).collect();
            let level = |at: usize| {
                logs.get(at).copied().flatten()?;
                steady::mean(&bridged, at, window).map(|mean| (mean + OFFSET).ln())
            };
            (0..weeks).map(level).collect()
        });
        let levels: Vec<Vec<Option<f64>>> = levels.collect();
        let common: Vec<f64> = (0..weeks).map(|at| common(&levels, at)).collect();
        for (place, ((counts, logs), levels)) in self.counts.iter().zip(&logs).zip(&levels).enumerate() {
            let first = counts.iter().position(Option::is_some).unwrap_or(weeks);
            let from = weeks.saturating_sub(PAST_WEEKS + 1).max(NEEDS_WEEKS.min(weeks / 4)).max(first);
            for at in from..weeks {
                if counts.get(at).copied().flatten().is_none() {
                    continue;
                }
                let Some(level) = value(levels, at, 0) else { continue };
                let growth = |k: usize| match (value(levels, at, k), value(levels, at, k + 1)) {
                    (Some(new), Some(old)) => (new - old).clamp(-GROWTH_CLIP, GROWTH_CLIP),
                    _ => 0.0,
                };
                let second = |k: usize| match (value(logs, at, k), value(logs, at, k + 1), value(logs, at, k + 2)) {
                    (Some(a), Some(b), Some(c)) => (a - 2.0 * b + c).clamp(-GROWTH_CLIP, GROWTH_CLIP).abs(),
                    _ => 0.0,
                };
                let age = weeks - 1 - at;
                self.rows.push(Row {
                    place,
                    age,
                    level,
                    growths: [growth(0), growth(1), growth(2)],
                    common: common.get(at).copied().unwrap_or(0.0),
                    recent: mean_of(levels, at, RECENT_WEEKS) - level,
                    year: mean_of(logs, at, LONG_WEEKS) - level,
                    noise: (0.03 + (0..NOISE_TERMS).map(second).sum::<f64>() / NOISE_TERMS as f64).ln(),
                });
                if let Some(newest) = self.newest.get_mut(place) {
                    *newest = Some(self.rows.len() - 1);
                }
            }
        }
        for (place, (counts, window)) in self.counts.iter().zip(&windows).enumerate() {
            let Some(row) = self.newest.get(place).copied().flatten().and_then(|row| self.rows.get(row)) else {
                continue;
            };
            let year = steady::mean(counts, weeks - 1, LONG_WEEKS).map_or(row.level, |mean| (mean + OFFSET).ln());
            // As reported: a completed zero is no longer one.
            let reported = panel.places.get(place).map_or(&[][..], |p| &p.values);
            if steady::silent(reported, *window) && year > row.level {
                let half = (year - row.level) / 2.0;
                if let Some(doubt) = self.doubts.get_mut(place) {
                    *doubt = Doubt { shift: half, variance: half * half };
                }
            }
        }
    }

    /// Weeks by which a place's newest row is behind the panel.
    fn lag(&self, place: usize) -> Option<usize> {
        self.newest.get(place).copied().flatten().and_then(|row| self.rows.get(row)).map(|row| row.age)
    }

    /// Quantiles of the count of a week, and how many rows taught them.
    fn quantiles(
        &self,
        place: usize,
        lead: i64,
        members: &[WeeklyMember],
        lessons: &mut BTreeMap<i64, Lesson>,
    ) -> ([f64; LEVELS], usize) {
        let Some(lag) = self.lag(place) else {
            return (around(self.usual_level(), UNKNOWN_SPREAD), 0);
        };
        let step = lead + i64::try_from(lag).unwrap_or(i64::MAX / 2);
        if step <= 0 {
            return (self.known(place, lag, lead), usize::MAX);
        }
        let taught = lessons.entry(step.min(LONGEST_STEP)).or_insert_with_key(|step| self.lesson(*step, members));
        let Some(quantiles) = taught.quantiles.get(place).copied().flatten() else {
            return (around(self.usual_level(), UNKNOWN_SPREAD), 0);
        };
        // Beyond the longest step, what is not known grows on as a random walk.
        let factor = (step.max(LONGEST_STEP) as f64 / LONGEST_STEP as f64).sqrt();
        let middle = (quantiles[LEVELS / 2] + OFFSET).ln();
        let wider =
            |q: f64| if factor > 1.0 { (middle + factor * ((q + OFFSET).ln() - middle)).exp() - OFFSET } else { q };
        (quantiles.map(|q| wider(q).max(0.0)), taught.rows)
    }

    /// A week that has been reported already: what it will be when completed.
    fn known(&self, place: usize, lag: usize, lead: i64) -> [f64; LEVELS] {
        let age = usize::try_from(-lead).unwrap_or(0);
        let counts = self.counts.get(place).map_or(&[][..], |c| c);
        let from = counts.len().saturating_sub(age);
        let count = counts.get(..from).and_then(|c| c.iter().rev().find_map(|c| *c)).unwrap_or(0.0);
        let variance = self.completions.get(place).map_or(0.0, |c| c.variance(age.saturating_sub(lag)));
        around((count + OFFSET).ln(), variance.sqrt().max(SPREAD_LIMITS.0))
    }

    /// ln(level + offset) of the median place.
    fn usual_level(&self) -> f64 {
        let rows = self.newest.iter().flatten().filter_map(|row| self.rows.get(*row));
        let mut levels: Vec<f64> = rows.map(|row| row.level).collect();
        crate::quantile::median(&mut levels).unwrap_or(OFFSET.ln())
    }

    /// Fits all members for one number of weeks ahead.
    fn lesson(&self, step: i64, members: &[WeeklyMember]) -> Lesson {
        let (mut rows, mut response) = (Vec::new(), Vec::new());
        for (nth, row) in self.rows.iter().enumerate() {
            let ahead = usize::try_from(step).unwrap_or(0);
            let Some(at) = row.age.checked_sub(ahead).map(|age| self.weeks - 1 - age) else { continue };
            let came = self.counts.get(row.place).and_then(|counts| counts.get(at).copied().flatten());
            let Some(came) = came else { continue };
            rows.push(nth);
            response.push(((came + OFFSET).ln() - row.level).clamp(-RESPONSE_CLIP, RESPONSE_CLIP));
        }
        let forecast = |member: &WeeklyMember| self.member(member, &rows, &response, step);
        let all: Vec<Vec<[f64; LEVELS]>> = members.iter().map(forecast).collect();
        let each = self.newest.iter().enumerate().map(|(place, row)| {
            (*row)?;
            let mut out = [0.0; LEVELS];
            for logs in all.iter().filter_map(|member| member.get(place)) {
                for (sum, log) in out.iter_mut().zip(logs) {
                    *sum += (log.exp() - OFFSET).max(0.0).ln_1p() / all.len() as f64;
                }
            }
            let mut out = out.map(|log| log.exp_m1().max(0.0));
            out.sort_unstable_by(f64::total_cmp);
            Some(out)
        });
        Lesson { quantiles: each.collect(), rows: rows.len() }
    }

    /// Quantiles of ln(count + offset) by place; those of places without a row mean nothing.
    fn member(&self, how: &WeeklyMember, rows: &[usize], response: &[f64], step: i64) -> Vec<[f64; LEVELS]> {
        let newest = || self.newest.iter().map(|row| row.and_then(|row| Some((row, self.rows.get(row)?))));
        let doubt = |place: usize| self.doubts.get(place).copied().unwrap_or_default();
        let to_come =
            |place: usize| self.completions.get(place).map_or(0.0, Completion::newest_variance) + doubt(place).variance;
        if rows.len() < FEWEST_ROWS {
            let sigma = |place| (JUDGED_SPREAD * JUDGED_SPREAD * step as f64 + to_come(place)).sqrt();
            let judged = |(place, row): (usize, Option<(usize, &Row)>)| {
                NORMAL.map(|z| row.map_or(0.0, |(_, row)| row.level) + doubt(place).shift + sigma(place) * z)
            };
            return newest().enumerate().map(judged).collect();
        }
        let chosen = || rows.iter().filter_map(|row| self.rows.get(*row));
        let decay: Vec<f64> = chosen().map(|row| (-(row.age as f64) / how.half_life_weeks).exp2()).collect();
        let weights: Vec<f64> =
            chosen().zip(&decay).map(|(row, decay)| decay * (row.level * how.size_power).exp()).collect();
        let cells = self.rows.iter().flat_map(|row| how.features.iter().map(|f| row.feature(*f))).collect();
        let table = Table { cells, columns: how.features.len() };
        let ridge = Ridge { penalty: how.penalty, huber_rounds: HUBER_ROUNDS };
        let line = Linear::fit(&table, rows, response, &weights, ridge);
        let mean = |row: usize| line.at(table.row(row)).clamp(-MEAN_CLIP, MEAN_CLIP);
        let residual: Vec<f64> = rows.iter().zip(response).map(|(row, z)| z - mean(*row)).collect();

        let sizes: Vec<f64> = residual.iter().map(|r| (r.abs() + SIZE_FLOOR).ln()).collect();
        let cells = self.rows.iter().flat_map(Row::spread_features).collect();
        let spread_table = Table { cells, columns: 3 };
        let plain = Ridge { penalty: SPREAD_PENALTY, huber_rounds: 0 };
        let spread = Linear::fit(&spread_table, rows, &sizes, &decay, plain);
        // A place whose errors were larger than such places' will have larger ones.
        let mut own = vec![(0.0, 0.0); self.newest.len()];
        for ((row, size), (nth, decay)) in chosen().zip(&sizes).zip(rows.iter().zip(&decay)) {
            if let Some((weights, sum)) = own.get_mut(row.place) {
                *weights += decay;
                *sum += decay * (size - spread.at(spread_table.row(*nth)));
            }
        }
        let sigma = |row: usize, place: usize| {
            let own = own.get(place).map_or(0.0, |(weights, sum)| sum / (weights + OWN_SPREAD_ROWS));
            (spread.at(spread_table.row(row)) + own).exp()
        };
        let mut shape = Vec::with_capacity(rows.len());
        let (mut squares, mut total) = (0.0, 0.0);
        for ((row, r), (nth, decay)) in chosen().zip(&residual).zip(rows.iter().zip(&decay)) {
            let weight = decay * (row.level * SHAPE_POWER).exp();
            let u = r / sigma(*nth, row.place);
            squares += weight * u * u;
            total += weight;
            shape.push((u, weight));
        }
        // Standard deviation of the shape: turns variance into units of sigma.
        let unit = if total > 0.0 && squares > 0.0 { squares / total } else { 1.0 };
        let shape = weighted_quantiles(&mut shape);
        let each = newest().enumerate().map(|(place, row)| {
            let Some((nth, row)) = row else { return [0.0; LEVELS] };
            let middle = row.level + mean(nth) + doubt(place).shift;
            let sigma = sigma(nth, place).clamp(SPREAD_LIMITS.0, SPREAD_LIMITS.1);
            let sigma = (sigma * sigma + to_come(place) / unit).sqrt();
            shape.map(|q| (middle + sigma * q).min(LARGEST_LOG))
        });
        each.collect()
    }

    fn standing(&self, place: usize, taught_by: usize) -> (PooledStanding, Vec<PooledFlag>) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut flags = Vec::new();
        let counts = self.counts.get(place).map_or(&[][..], |c| c);
        let known = counts.iter().flatten().count();
        if known == 0 {
            flags.push(PooledFlag::NeverReported);
        } else {
            if known < FEW_WEEKS {
                flags.push(PooledFlag::ShortHistory { weeks: count(known) });
            }
            if counts.iter().flatten().all(|c| *c == 0.0) {
                flags.push(PooledFlag::AllZero);
            }
            let lag = counts.iter().rev().take_while(|c| c.is_none()).count();
            if lag > 0 {
                flags.push(PooledFlag::NewestFilled { periods: count(lag) });
            }
        }
        if taught_by < 5 * FEWEST_ROWS {
            flags.push(PooledFlag::FewRows { rows: count(taught_by) });
        }
        let standing = if taught_by < FEWEST_ROWS {
            PooledStanding::Judgement
        } else if known < FEW_WEEKS {
            PooledStanding::Borrowed
        } else {
            PooledStanding::Own
        };
        (standing, flags)
    }
}

/// Quantiles of a count around ln(level + offset).
fn around(level: f64, sigma: f64) -> [f64; LEVELS] {
    NORMAL.map(|z| ((level + sigma * z).exp() - OFFSET).max(0.0))
}

/// The value `back` weeks before a position.
fn value(values: &[Option<f64>], at: usize, back: usize) -> Option<f64> {
    values.get(at.checked_sub(back)?).copied().flatten()
}

/// Mean of the known values of the last weeks.
fn mean_of(values: &[Option<f64>], at: usize, weeks: usize) -> f64 {
    let known = (0..weeks).filter_map(|k| value(values, at, k));
    let (sum, count) = known.fold((0.0, 0usize), |(sum, count), v| (sum + v, count + 1));
    sum / count.max(1) as f64
}

/// ln(count + offset) by week; short gaps are bridged in a straight line.
fn bridged(counts: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut out: Vec<Option<f64>> = counts.iter().map(|c| c.map(|c| (c.max(0.0) + OFFSET).ln())).collect();
    let known: Vec<(usize, f64)> = out.iter().enumerate().filter_map(|(at, log)| Some((at, (*log)?))).collect();
    for ((from, old), (to, new)) in known.iter().zip(known.iter().skip(1)) {
        let gap = to - from;
        if gap > LONGEST_BRIDGE + 1 {
            continue;
        }
        for at in from + 1..*to {
            if let Some(log) = out.get_mut(at) {
                *log = Some(old + (new - old) * (at - from) as f64 / gap as f64);
            }
        }
    }
    out
}

/// Mean growth of all places in a week, larger places weighing more.
fn common(levels: &[Vec<Option<f64>>], at: usize) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for place in levels {
        if let (Some(new), Some(old)) = (value(place, at, 0), value(place, at, 1)) {
            let weight = (new / 2.0).exp();
            sum += weight * (new - old).clamp(-COMMON_CLIP, COMMON_CLIP);
            weights += weight;
        }
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// The members that were measured best on the first 16 origins of the respicast-hosp development pack; see
/// `bench/results/outlook-weekly.md`. One forgets in half a year and knows no year before it; the other remembers longer and
/// holds the newest week against the last year.
pub(crate) fn members() -> Vec<WeeklyMember> {
    use WeeklyFeature::{Common, Growth, Level, Recent, Year};
    let features = vec![Growth(0), Growth(1), Growth(2), Common, Recent, Level];
    let longer = features.iter().copied().chain([Year]).collect();
    let member = |features, half_life_weeks| WeeklyMember { features, half_life_weeks, size_power: 0.0, penalty: 0.02 };
    vec![member(features, 26.0), member(longer, 52.0)]
}
